"""The tutorial on Spec Kit, played with the tool itself: its files and commands lead to what the page says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from played_tutorial import Played, play_page, play_workflow, read_page
from spec_tool import is_installed

PAGE = read_page("tutorial-spec-kit.md")
SPEC, TEMPLATE = "specs/001-kettle/spec.md", ".specify/templates/spec-template.md"

pytestmark = pytest.mark.skipif(
    not is_installed("specify"), reason="Spec Kit is not installed: `make python-tools` installs it"
)


@cache
def play() -> tuple[tuple[Played, ...], tuple[Played, ...]]:
    """Play the page, and then its workflow in a clone."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "tea"
        root.mkdir()
        return play_page(PAGE, root, "specify"), play_workflow(PAGE, root, "specify")


def test_every_command_of_the_page_succeeds() -> None:
    assert [(played.command.split(" --")[0], played.exit_code) for played in play()[0]] == [
        ("specify init", 0),
        (".specify/scripts/bash/create-new-feature.sh", 0),
        ("spec2bdd lint", 0),
        ("spec2bdd generate", 0),
        ("cat features/kettle.feature", 0),
        ("spec2bdd verify", 0),
        (f"grep Status {SPEC}", 0),
        ("git init", 0),
        ("echo __pycache__ > .gitignore", 0),
        ("git add", 0),
        ("git commit", 0),
    ]


def test_spec_kit_makes_the_files_that_the_page_lists() -> None:
    (listed,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    files = play()[0][1].files
    assert listed.split() == [TEMPLATE, SPEC]
    assert files[SPEC] == files[TEMPLATE]


def test_the_specification_of_the_page_has_the_headings_of_the_template() -> None:
    find_headings = re.compile(r"^##+ (?!\W*User Story).+$", re.MULTILINE).findall
    files = play()[0][-1].files
    assert find_headings(files[SPEC]) == [
        heading
        for heading in find_headings(files[TEMPLATE])
        # A kettle has no data.
        if not heading.startswith("### Key Entities")
    ]


def test_only_the_status_of_the_specification_changes() -> None:
    before, after = play()[0][4].files, play()[0][-1].files
    assert after[SPEC] == before[SPEC].replace("**Status**: Draft", "**Status**: Review")


def test_its_workflow_passes_in_a_clone() -> None:
    assert [(played.command, played.exit_code) for played in play()[1]] == [("spec2bdd verify --check", 0)]
