"""What the shell completes: commands, options, and the values of options."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CASES = [
    ("spec2bdd st", ["status"]),
    ("spec2bdd status --ti", ["--tier"]),
    ("spec2bdd status --tier ", ["must", "should", "could"]),
    ("spec2bdd verify --gate no", ["no-regression"]),
    ("spec2bdd status --format m", ["markdown"]),
    ("spec2bdd verify --gate nothing", []),
]
SHELLS = re.findall(r"_SPEC2BDD_COMPLETE=(\w+)_source", (ROOT / "docs" / "installing.md").read_text(encoding="utf-8"))


def ask(**variables: str) -> str:
    """Return what spec2bdd prints for a shell."""
    code = "import sys; sys.argv = ['spec2bdd']; from spec2bdd.cli.main import main; main(prog_name='spec2bdd')"
    environment = {**os.environ, **variables}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(("typed", "expected"), CASES, ids=[typed for typed, _ in CASES])
def test_the_shell_gets_what_may_follow(typed: str, expected: list[str]) -> None:
    count = str(len(typed.split(" ")) - 1)
    lines = ask(_SPEC2BDD_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=count).splitlines()
    assert [line.partition(",")[2] for line in lines if line] == expected


def test_the_path_of_a_file_is_completed_by_the_shell() -> None:
    typed = "spec2bdd status --config spec"
    assert ask(_SPEC2BDD_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD="3") == "file,spec\n"


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_script_for_a_shell_names_spec2bdd(shell: str) -> None:
    assert shell in SHELLS
    assert f"{shell}_complete" in ask(_SPEC2BDD_COMPLETE=f"{shell}_source")


def test_a_bash_with_the_line_of_the_page_completes_commands(tmp_path: Path) -> None:
    assert "bash" in SHELLS
    (tmp_path / "spec2bdd").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "import sys; sys.argv[0] = \'spec2bdd\'; '
        'from spec2bdd.cli.main import main; main(prog_name=\'spec2bdd\')" "$@"\n'
    )
    (tmp_path / "spec2bdd").chmod(0o755)
    line = 'eval "$(_SPEC2BDD_COMPLETE=bash_source spec2bdd)"'
    script = (
        f'{line}\nCOMP_WORDS=(spec2bdd stat)\nCOMP_CWORD=1\n_spec2bdd_completion spec2bdd\necho "${{COMPREPLY[@]}}"'
    )
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("status\n", "")
