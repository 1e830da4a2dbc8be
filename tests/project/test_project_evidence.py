"""The evidence that a project asks for, as it is collected."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec2bdd.config import read_config
from spec2bdd.model import EvidenceKind, EvidenceRequirement, EvidenceResult
from spec2bdd.project.evidence import collect_evidence


@pytest.mark.parametrize("commands", [False, True])
def test_a_command_runs_only_where_that_is_allowed_and_is_else_no_news(tmp_path: Path, commands: bool) -> None:
    requirement = EvidenceRequirement("Tested", command=("touch", "seen"))
    found = collect_evidence(read_config(tmp_path), [requirement], commands=commands)[requirement, EvidenceKind.COMMAND]
    assert (tmp_path / "seen").exists() == commands
    if not commands:
        assert found == EvidenceResult(refusal="`touch seen` runs only with `--allow-commands`", quiet=True)
