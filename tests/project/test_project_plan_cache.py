"""A plan that is kept is the one that would be made again, and none where anything of it has changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from spec2bdd.config import read_config
from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.gherkin.manifest.index import index_features
from spec2bdd.domain.planning.conflicts import Former
from spec2bdd.domain.planning.spec_plan import PlanInputs, SpecPlan, plan_specs
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Diagnostic, Severity
from spec2bdd.project.cache.plan_cache import PlanCache

SPEC = b"---\nfeature_id: 1\nname: Lamp\n---\n### Must Have\n- [ ] Lamp lights up\n- [x] When it is off, it is dark\n"


def test_a_plan_is_kept_with_its_warnings_until_its_feature_files_change(tmp_path: Path) -> None:
    (tmp_path / ".spec2bdd").mkdir()
    config = read_config(tmp_path)
    spec = replace(parse_spec("specs/1.md", SPEC), content=b"")
    plan = plan_specs([spec], index_features({}), folder="features", paths=frozenset({spec.path}))[0][0]
    assert plan.feature
    text = render_feature(plan.feature)
    index = index_features({plan.feature.path: text})
    inputs = PlanInputs(plan.feature.path, plan.feature.name, (), Former.UNKNOWN, "features", "en", False, False)
    (known,), _ = plan_specs([spec], index, folder="features", paths=frozenset({spec.path}), scenarios=False)
    warning = Diagnostic(spec.path, 1, 1, Severity.WARNING, "unread-steps", "so it is")
    warned = replace(known, diagnostics=(warning,))
    twice = replace(known, diagnostics=(replace(warning, code="generated-twice"),))
    digests, contents = {spec.path: "d"}, {plan.feature.path: text.encode()}

    def keep(given: SpecPlan) -> SpecPlan | None:
        """Keep a plan in an empty cache, and find it in the file of the cache."""
        (tmp_path / ".spec2bdd" / "plans.json").unlink(missing_ok=True)
        cache = PlanCache(config, digests, contents)
        cache.keep(given, inputs)
        cache.store({spec.path})
        return PlanCache(config, digests, contents).find(spec, inputs, index)

    assert [keep(known), keep(warned), keep(twice)] == [known, warned, None]
    # A file by hand with the tag of a criterion proves it instead.
    keep(known)
    tag = known.tracked[0].id
    own = index_features({plan.feature.path: text, "features/own.feature": f"Feature: o\n\n  @{tag}\n  Scenario: o\n"})
    assert PlanCache(config, digests, contents).find(spec, inputs, own) is None
    assert PlanCache(config, digests, {plan.feature.path: b"other"}).find(spec, inputs, index) is None
