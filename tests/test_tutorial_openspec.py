"""The tutorial on OpenSpec, played with the tool itself: its files and commands lead to what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from node_tool import BIN, is_installed

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/tutorial-openspec.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:`(?P<path>[\w./-]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.skipif(
    not is_installed("openspec"), reason="OpenSpec is not installed: `make node-tools` installs it, given Node.js"
)


class Played(NamedTuple):
    """A command of the page, its exit code, and the text of the files after it, by path."""

    command: str
    exit_code: int
    files: dict[str, str]


def run(root: Path, command: str) -> Played:
    """Run a command of the page with the `spec2bdd` of this environment."""
    path = f"{BIN}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", f'spec2bdd() {{ "{sys.executable}" -m spec2bdd "$@"; }}\n{command}'],
        cwd=root,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "OPENSPEC_TELEMETRY": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    names = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    ignored = {".spec2bdd", "__pycache__"}
    shown = [name for name in names if ignored.isdisjoint(name.parts)]
    return Played(command, done.returncode, {name.as_posix(): (root / name).read_text() for name in shown})


@cache
def play_page() -> tuple[Played, ...]:
    """Play the page from top to bottom; its tools are installed already."""
    played: list[Played] = []
    with TemporaryDirectory() as folder:
        for block in BLOCK.finditer(PAGE):
            if block["path"]:
                path = Path(folder) / block["path"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block["body"], encoding="utf-8")
            elif block["kind"] in ("sh", "console") and "install" not in block["body"]:
                starts = "$ " if block["kind"] == "console" else ""
                lines = [line.removeprefix(starts) for line in block["body"].splitlines() if line.startswith(starts)]
                played += [run(Path(folder), line) for line in lines if line != "echo $?"]
    return tuple(played)


def test_every_command_of_the_page_succeeds() -> None:
    assert [(played.command, played.exit_code) for played in play_page()] == [
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
    assert sorted(play_page()[1].files) == listed.split()


def test_after_the_archive_the_scenarios_are_in_another_file_with_the_ids_of_the_change() -> None:
    before, after = play_page()[5].files, play_page()[-1].files
    find_ids = re.compile(r"@ac_\w+").findall
    assert find_ids(after["features/timer.feature"]) == find_ids(before["features/add_timer_timer.feature"])
    assert "features/add_timer_timer.feature" not in after
    steps = "steps/timer_change_add_timer_steps.py"
    assert after[steps] == before[steps]
