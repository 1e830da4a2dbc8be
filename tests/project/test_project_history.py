"""What is ticked, and never was seen failing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from verdict_values import make_judgement

from spec2bdd.config import read_config
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.model import BaseComparison, BaseOutcome, Spec, SpecReport, Verdict
from spec2bdd.project.history import find_never_failed
from spec2bdd.project.loader import Project


@pytest.mark.parametrize("outcome", [None, *BaseOutcome])
def test_a_criterion_that_failed_at_the_merge_base_was_seen_failing(
    tmp_path: Path, outcome: BaseOutcome | None
) -> None:
    project = Project(read_config(tmp_path), (), FeatureIndex(), {}, {}, ())
    comparison = BaseComparison(outcome) if outcome else None
    verdict = replace(make_judgement(Verdict.PASSED), comparison=comparison)
    found = find_never_failed(project, [SpecReport(Spec("specs/1.md", b"", ()), (verdict,))])
    assert (verdict in found) == (outcome is not BaseOutcome.RED)
