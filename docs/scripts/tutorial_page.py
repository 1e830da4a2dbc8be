"""Render a tutorial with the real output of its commands.

The page is run from top to bottom in an empty folder. A fenced block after a line that ends in "`some/path`:" is that
file, or a change of it if the block is a `diff`. In a `console` block, each line that starts with `$ ` is run, and the
lines under it are replaced by its output.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"(?:`(?P<path>[\w./-]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
# A point in time, or a duration such as `0.12s`.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|\b\d+(?:\.\d+)? ?m?s\b")
_ENVIRONMENT = {
    "COLUMNS": "96",
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Which expressions a traceback marks with carets depends on the version of Python, so no expression is marked.
    "PYTHONNODEBUGRANGES": "1",
    "PYTHONPATH": str(ROOT),
}


def remove_times(page: str) -> str:
    """Remove times and durations, which differ from run to run."""
    return _TIME.sub("", page)


def render_page(page: str) -> str:
    """Run the page, and return it with the present output."""
    with tempfile.TemporaryDirectory() as folder:
        return _BLOCK.sub(lambda block: _replay_block(block, Path(folder)), page)


def _replay_block(block: re.Match[str], folder: Path) -> str:
    """Write the file or run the commands of a block, and return the block with the present output."""
    if block["kind"] == "console":
        return f"```console\n{_replay_commands(block['body'], folder)}```"
    if block["path"]:
        path = folder / block["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        change = _apply_diff(path.read_text(), block["body"]) if block["kind"] == "diff" else block["body"]
        path.write_text(change, encoding="utf-8")
    return block[0]


def _apply_diff(text: str, diff: str) -> str:
    """Return the text with the one change that a short diff shows."""
    old = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in " -")
    new = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in " +")
    if text.count(old) != 1:
        raise SystemExit(f"expected these lines once in the file:\n{old}")
    return text.replace(old, new)


def _replay_commands(body: str, folder: Path) -> str:
    """Run the commands of a console block, and return them with their output."""
    commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
    # Printing a command must not change the `$?` that it may use.
    script = "\n".join(f"code=$?; printf '$ %s\\n' {shlex.quote(line)}; (exit $code); {line}" for line in commands)
    # On the page, `spec2bdd` is the one of this repository, whichever is installed.
    script = f'spec2bdd() {{ "{sys.executable}" -m spec2bdd "$@"; }}\n{script}'
    environment = {**os.environ, **_ENVIRONMENT}
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607 - whichever bash there is
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    output = done.stdout.decode("utf-8")
    if "internal error" in output:
        raise SystemExit(f"a command of the page ended with an internal error:\n{output}")
    return output
