"""Which project a command is about."""

from __future__ import annotations

from pathlib import Path

import pytest

import spec2bdd
from spec2bdd.errors import ConfigError

COMMANDS = ["generate", "lint", "mark", "report", "run", "status", "verify"]


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_project_a_command_is_about_that_of_the_current_folder(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        getattr(spec2bdd, command)()
    assert caught.value.message == f"no specs found in `{tmp_path}`: no folder `specs/`"
