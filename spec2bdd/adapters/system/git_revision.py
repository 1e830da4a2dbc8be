"""A folder in, the git commit that it stands at out, and whether anything differs from it; asked while others work."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

# Neither the index nor a watcher is touched: looking leaves no trace.
_QUESTION = ["--no-optional-locks", "-c", "core.fsmonitor=false", "status", "--porcelain=v2", "--branch"]
_MOST_SECONDS = 5.0


def ask_revision(root: Path) -> subprocess.Popen[bytes] | None:
    """Start to ask git about a folder; there may be no git."""
    git = shutil.which("git")
    if git is None:
        return None
    null = subprocess.DEVNULL
    try:
        return subprocess.Popen([git, *_QUESTION], cwd=root, stdin=null, stdout=subprocess.PIPE, stderr=null)
    except OSError:
        return None


def read_revision(asked: subprocess.Popen[bytes] | None) -> dict[str, str | bool] | None:
    """Return the commit and whether something was changed since, or nothing where git has no answer in time."""
    if asked is None:
        return None
    try:
        answer = asked.communicate(timeout=_MOST_SECONDS)[0]
    except subprocess.TimeoutExpired:
        asked.kill()
        asked.communicate()
        return None
    return parse_revision(answer.decode("utf-8", "replace")) if asked.returncode == 0 else None


def parse_revision(answer: str) -> dict[str, str | bool] | None:
    """Return what git's answer says; before the first commit there is none to name."""
    lines = answer.splitlines()
    heads = [line.removeprefix("# branch.oid ") for line in lines if line.startswith("# branch.oid ")]
    if not heads or heads[0] == "(initial)":
        return None
    return {"commit": heads[0], "dirty": any(not line.startswith("#") for line in lines)}
