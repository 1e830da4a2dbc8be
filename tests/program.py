"""Call the command line in this process: a new one takes longer to start than most commands to answer.

Tests of what is printed, written and returned call this. Those of the process itself, its signals, its streams and what
it imports, start one: `test_cli.py`, `test_streams.py`, `test_killed.py` and others.
"""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

from click.testing import CliRunner

from spec2bdd.cli.main import main


def call(root: Path, *arguments: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """Run a command in `root`, without a terminal, and with these variables; one that is `None` is unset."""
    with contextlib.chdir(root):
        result = CliRunner().invoke(main, arguments, prog_name="spec2bdd", env=variables)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)
