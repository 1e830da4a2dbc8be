"""Play a tutorial of the documentation with the tool that it is about, from an empty folder to its workflow for CI."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from spec_tool import ENVIRONMENT, find_tool

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(?:`(?P<path>[\w./-]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
# A step of a workflow; without the version, the installed tool is run.
_STEP = re.compile(r"^ +- run: (?:npx --yes @[\w-]+/(?=\w+@))?(.+?)(?: +#.*)?$", re.MULTILINE)
_GIT = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")


class Played(NamedTuple):
    """A command of the page, its exit code, and the text of the files after it, by path."""

    command: str
    exit_code: int
    files: dict[str, str]


def read_page(name: str) -> str:
    """Read a page of the documentation."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def play_page(page: str, folder: Path, tool: str) -> tuple[Played, ...]:
    """Play the page from top to bottom; `tool` and spec2bdd are installed already."""
    played: list[Played] = []
    for block in _BLOCK.finditer(page):
        if block["path"]:
            path = folder / block["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["body"], encoding="utf-8")
        elif block["kind"] in ("sh", "console") and "install" not in block["body"]:
            starts = "$ " if block["kind"] == "console" else ""
            lines = [line.removeprefix(starts) for line in block["body"].splitlines() if line.startswith(starts)]
            played += [_run(folder, line, tool) for line in lines if line != "echo $?"]
    return tuple(played)


def play_workflow(page: str, folder: Path, tool: str) -> tuple[Played, ...]:
    """Commit what is in the folder, and play the workflow of the page in a clone; what it installs is there already."""
    (workflow,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    clone = folder.with_name(f"{folder.name}-clone")
    commit = "git add --all && git commit --quiet --allow-empty --message All"
    setup = f"git init --quiet && {commit} && git clone --quiet . '{clone}'"
    assert _run(folder, setup, tool).exit_code == 0
    steps = (re.sub(rf"^{tool}@\S+", tool, step) for step in _STEP.findall(workflow))
    return tuple(_run(clone, step, tool) for step in steps if "install" not in step)


def _run(root: Path, command: str, tool: str) -> Played:
    """Run a command of the page with the `spec2bdd` of this environment."""
    programs = {"spec2bdd": f'"{sys.executable}" -m spec2bdd', tool: f'"{find_tool(tool)}"'}
    functions = "".join(f'{name}() {{ {program} "$@"; }}\n' for name, program in programs.items())
    identity = dict.fromkeys(_GIT, "tea@example.org")
    done = subprocess.run(
        ["bash", "-c", functions + command],
        cwd=root,
        env={**ENVIRONMENT, **identity, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    names = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    ignored = {".git", ".spec2bdd", "__pycache__"}
    shown = [name for name in names if ignored.isdisjoint(name.parts)]
    return Played(command, done.returncode, {name.as_posix(): (root / name).read_text() for name in shown})
