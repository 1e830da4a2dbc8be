"""A page of these docs in, the same page with what its commands really print out; `--check` only compares.

The page is played from its top in an empty folder. A fenced block behind a line that ends in "`some/path`:" is that
file, or a change to it if the block is a `diff`. In a `console` block each line that starts with `$ ` is run, and what
stands below it is what it prints. Times in the output are left out of the comparison.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGES = ("tutorial.md",)
_BLOCK = re.compile(r"(?:`(?P<path>[\w./-]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_ENVIRONMENT = {
    "COLUMNS": "96",
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": str(HERE.parent),
}


def main(arguments: list[str]) -> int:
    """Bring all pages up to date, or with `--check` say which are not; 1 if one was not."""
    code = 0
    for page in (HERE / name for name in PAGES):
        before = page.read_text(encoding="utf-8")
        after = replay_page(before)
        if _TIME.sub("", before) != _TIME.sub("", after):
            sys.stdout.write(f"{page.name} does not show what its commands print\n")
            code = 1
            if "--check" not in arguments:
                page.write_text(after, encoding="utf-8")
    return code


def replay_page(text: str) -> str:
    """Return the page as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        return _BLOCK.sub(lambda block: _replay_block(block, Path(folder)), text)


def _replay_block(block: re.Match[str], folder: Path) -> str:
    """Do what a block says, and return it as it should be."""
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
        raise SystemExit(f"this is not one place in the file:\n{old}")
    return text.replace(old, new)


def _replay_commands(body: str, folder: Path) -> str:
    """Run the commands of a console block, and return them with what they print."""
    commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
    # Printing a command must not change the `$?` that it may ask for.
    script = "\n".join(f"code=$?; printf '$ %s\\n' {shlex.quote(line)}; (exit $code); {line}" for line in commands)
    # The page says `spec2bdd`, and the one that these docs belong to is meant.
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
    return done.stdout.decode("utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
