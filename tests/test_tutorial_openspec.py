"""The tutorial on OpenSpec, played with the tool itself: its files and commands lead to what the page says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from played_tutorial import Played, play_page, play_workflow, read_page
from spec_tool import is_installed

PAGE = read_page("tutorial-openspec.md")

pytestmark = pytest.mark.skipif(
    not is_installed("openspec"), reason="OpenSpec is not installed: `make node-tools` installs it, given Node.js"
)


@cache
def play() -> tuple[tuple[Played, ...], tuple[Played, ...]]:
    """Play the page, and then its workflow in a clone."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "tea"
        root.mkdir()
        return play_page(PAGE, root, "openspec"), play_workflow(PAGE, root, "openspec")


def test_every_command_of_the_page_succeeds() -> None:
    assert [(played.command, played.exit_code) for played in play()[0]] == [
        ("openspec init --tools none", 0),
        ("openspec new change add-timer", 0),
        ("openspec validate add-timer --strict --no-interactive", 0),
        ("spec2bdd generate", 0),
        ("cat features/add_timer_timer.feature", 0),
        ("spec2bdd verify", 0),
        ("openspec archive add-timer --yes", 0),
        ("spec2bdd verify", 0),
    ]


def test_openspec_makes_the_files_that_the_page_lists() -> None:
    (listed,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert sorted(play()[0][1].files) == listed.split()


def test_after_the_archive_the_scenarios_are_in_another_file_with_the_ids_of_the_change() -> None:
    before, after = play()[0][5].files, play()[0][-1].files
    find_ids = re.compile(r"@ac_\w+").findall
    assert find_ids(after["features/timer.feature"]) == find_ids(before["features/add_timer_timer.feature"])
    assert "features/add_timer_timer.feature" not in after
    steps = "steps/timer_change_add_timer_steps.py"
    assert after[steps] == before[steps]


def test_its_workflow_passes_in_a_clone() -> None:
    assert [(played.command, played.exit_code) for played in play()[1]] == [
        ("openspec validate --all --strict --no-interactive", 0),
        ("spec2bdd verify --check", 0),
    ]
