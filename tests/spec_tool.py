"""The tools that tests run on files of ours: `make node-tools` and `make python-tools` install them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_BUILD = Path(__file__).parents[1] / "build"
NODE_MODULES = _BUILD / "node/node_modules"
_PLACES = (NODE_MODULES / ".bin", _BUILD / "python-tools/bin")
# Their telemetry is off.
ENVIRONMENT = {**os.environ, "OPENSPEC_TELEMETRY": "0", "DO_NOT_TRACK": "1", "NO_COLOR": "1"}


def find_tool(name: str) -> Path | None:
    """Find the program of a tool; `None` if it is not installed."""
    return next((place / name for place in _PLACES if (place / name).exists()), None)


def is_installed(name: str) -> bool:
    """Whether a tool is installed."""
    return find_tool(name) is not None


def run_tool(root: Path, name: str, arguments: Sequence[str]) -> tuple[int, str]:
    """Run a tool in a folder; return its exit code and what it printed."""
    done = subprocess.run(
        [str(find_tool(name)), *arguments],
        cwd=root,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
