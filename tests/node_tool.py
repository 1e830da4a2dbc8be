"""Tools of npm that tests run: `make node-tools` installs them, and `.ci/run` does so where there is Node.js."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

BIN = Path(__file__).parents[1] / "build/node/node_modules/.bin"


def is_installed(name: str) -> bool:
    """Whether a tool is installed."""
    return (BIN / name).exists()


def run_node_tool(root: Path, name: str, arguments: Sequence[str]) -> tuple[int, str]:
    """Run a tool in a folder; return its exit code and what it printed. Its telemetry is off."""
    done = subprocess.run(
        [BIN / name, *arguments],
        cwd=root,
        env={**os.environ, "OPENSPEC_TELEMETRY": "0", "DO_NOT_TRACK": "1", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
