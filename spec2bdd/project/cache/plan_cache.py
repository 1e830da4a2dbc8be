"""Keep the plans of specs whose feature files are up to date, by the contents that they were made of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from spec2bdd.config import Config
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.planning.spec_plan import PlanInputs, SpecPlan
from spec2bdd.model import Feature, ProofSource, Spec, TrackedCriterion
from spec2bdd.project.cache.row_cache import RowCache
from spec2bdd.project.cache.spec_rows import (
    criterion_from_row,
    criterion_to_row,
    diagnostic_from_row,
    diagnostic_to_row,
)

_NAME = "plans.json"
_VERSION = 1
_PROOFS: dict[str, ProofSource] = {proof.value: proof for proof in ProofSource}


class PlanCache:
    """The plans of one project, without the scenarios of their features.

    `digests` are those of the specs, `features` the contents of the feature files.
    """

    def __init__(self, config: Config, digests: Mapping[str, str], features: Mapping[str, bytes]) -> None:
        self._rows = RowCache(config, _NAME, version=_VERSION)
        self._specs = digests
        self._features = features

    def find(self, spec: Spec, inputs: PlanInputs, feature_index: FeatureIndex) -> SpecPlan | None:
        """Find the plan that would be made of a spec now, if nothing needs its scenarios."""
        if inputs.scenarios:
            return None
        digest = self._compute_digest(spec, inputs)
        plan = self._rows.find(spec.path, digest, lambda row: _plan_from_row(row, spec)) if digest else None
        # Any feature file may have the tag of a criterion, and a copy of the feature file the name of the spec.
        if plan is None or any(file != inputs.known_path for file in feature_index.find_generated(spec.path)):
            return None
        return plan if all(_is_proof_same(tracked, feature_index) for tracked in plan.tracked) else None

    def keep(self, plan: SpecPlan, inputs: PlanInputs) -> None:
        """Keep a plan if it follows from the spec, its feature file and the files with the tags of its criteria.

        The id of a new criterion depends on the ids of all others, and a hand edit or a merged file is not settled.
        """
        spec = plan.spec
        digest = self._compute_digest(spec, inputs)
        is_settled = plan.feature and not plan.hand_edits and all(tracked.known for tracked in plan.tracked)
        # Without scenarios, the plan has most likely come from here before; with them, it is made each time.
        if not digest or not is_settled or self._rows.has(spec.path, digest):
            return
        if not any(item.code == "generated-twice" for item in plan.diagnostics):
            self._rows.keep(spec.path, digest, plan, _plan_to_row)

    def store(self, paths: Set[str]) -> None:
        """Store what was kept, with the other rows of these specs only."""
        self._rows.store(names=paths)

    def _compute_digest(self, spec: Spec, inputs: PlanInputs) -> str:
        """Compute the digest of what a plan is made of; empty where it is also made of other files."""
        content = self._features.get(inputs.known_path)
        if content is None or inputs.merged or spec.renamed_in or spec.path not in self._specs:
            return ""
        # The scenarios are left out of what is kept.
        inputs = replace(inputs, scenarios=False)
        texts = (self._specs[spec.path], hashlib.sha256(content).hexdigest(), spec.path, spec.derived_id)
        return hashlib.sha256(repr((texts, inputs)).encode()).hexdigest()


def _is_proof_same(tracked: TrackedCriterion, feature_index: FeatureIndex) -> bool:
    """Whether the feature files with the tag of a criterion are those of its plan, and prove it in the same way."""
    if feature_index.find_files(tracked.id) != tracked.files:
        return False
    is_hand_written = any(file not in feature_index.manifests for file in tracked.files)
    return tracked.proof is not (ProofSource.GENERATED if is_hand_written else ProofSource.HAND_WRITTEN)


def _plan_to_row(plan: SpecPlan) -> list[Any]:
    """Turn a plan without hand edits into a row; criteria that are those of its spec are left out."""
    feature, tracked = plan.feature, []
    for item, criterion in zip(plan.tracked, plan.spec.criteria, strict=True):
        own = None if item.criterion == criterion else criterion_to_row(item.criterion)
        facts = [item.id, item.proof, item.known, item.current, item.unverified]
        tracked.append([own, *facts, item.files, item.reworded, item.revalued])
    head = feature and [feature.path, feature.name, feature.description, feature.tags, feature.language]
    diagnostics = [diagnostic_to_row(diagnostic) for diagnostic in plan.diagnostics]
    return [tracked, head, bool(feature and feature.names_language), diagnostics]


def _plan_from_row(row: list[Any], spec: Spec) -> SpecPlan:
    """Turn a row back into the plan of a spec.

    Raises:
        ValueError, TypeError, KeyError: it is not that of a plan.
    """
    rows, (path, name, description, tags, language), names_language, diagnostics = row
    tracked = [
        TrackedCriterion(
            criterion if own is None else criterion_from_row(own),
            *(id_, _PROOFS[proof], known, current, unverified, tuple(files), reworded, revalued),
        )
        for (own, id_, proof, known, current, unverified, files, reworded, revalued), criterion in zip(
            rows, spec.criteria, strict=True
        )
    ]
    head = (path, spec.path, name, description, tuple(tags))
    feature = Feature(*head, (), language=language, names_language=names_language)
    return SpecPlan(spec, tuple(tracked), feature, tuple([diagnostic_from_row(item) for item in diagnostics]))
