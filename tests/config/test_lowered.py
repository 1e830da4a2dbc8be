"""A change of the configuration by which a project asks for less is named; any other change is not."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from spec2bdd.config import Config
from spec2bdd.config.lowered import find_lowered
from spec2bdd.model import EvidenceRequirement, Status, Tier
from spec2bdd.model.history import SettingTransition

LAX = Config(Path("/shop"))
BOTH, MUST = (Tier.MUST, Tier.SHOULD), (Tier.MUST,)
DONE = EvidenceRequirement("Coverage > 85%", coverage="coverage.xml", minimum=85)
STRICT = replace(
    LAX,
    gate=BOTH,
    specs=("specs", "docs"),
    exclude=("drafts",),
    boxless=True,
    requirements=True,
    unverified="untick",
    require_red="history",
    challenge="require",
    step_helpers=("support",),
    upstream="hold",
    done=(DONE,),
    lint={"vague-word": "error"},
)
LOWERED: dict[str, tuple[Any, str, str]] = {
    "gate": (MUST, '["must", "should"]', '["must"]'),
    "specs": (("specs",), '["specs", "docs"]', '["specs"]'),
    "exclude": (("drafts", "specs/2.md"), '["drafts"]', '["drafts", "specs/2.md"]'),
    "boxless": (False, "true", "false"),
    "requirements": (False, "true", "false"),
    "flaky": ("pass", '"fail"', '"pass"'),
    "vacuous": ("pass", '"pending"', '"pass"'),
    "unlinked": ("report", '"fail"', '"report"'),
    "unverified": ("keep", '"untick"', '"keep"'),
    "require-red": ("off", '"history"', '"off"'),
    "challenge": ("warn", '"require"', '"warn"'),
    "step-helpers": (("support", "shop"), '["support"]', '["support", "shop"]'),
    "without-done": ("complete", '"review"', '"complete"'),
    "upstream": ("show", '"hold"', '"show"'),
    "done": ((replace(DONE, minimum=50),), '["Coverage > 85%"]', '["Coverage > 85%"]'),
    "headings": ({"criteria": ("Promises",)}, "{}", '{"criteria": ["Promises"]}'),
    "dialect": ({"docs/*.md": "bmad"}, "{}", '{"docs/*.md": "bmad"}'),
    "statuses": ({Status.IN_PROGRESS: "Doing"}, "{}", '{"in-progress": "Doing"}'),
}
# A verdict, and whether it is required, depends on none of these. `lint` and `base` have tests of their own.
NEUTRAL = (
    *("root", "file", "features", "steps", "template", "prd", "plan", "plan_boxes", "marks", "matcher", "language"),
    *("behave_language", "line_length", "record_lines", "sources", "jobs", "timeout", "retries"),
)


def change(config: Config, key: str, value: Any) -> Config:
    """Change one key."""
    return replace(config, **{key.replace("-", "_"): value})


@pytest.mark.parametrize("key", LOWERED)
def test_it_is_named_if_less_is_asked_for_by(key: str) -> None:
    value, before, after = LOWERED[key]
    lowered = change(STRICT, key, value)
    assert [*find_lowered(STRICT, lowered)] == [SettingTransition(key, before, after)]
    # Of these, no value asks for more than another one.
    expected = [SettingTransition(key, after, before)] if key in ("done", "headings", "dialect", "statuses") else []
    assert [*find_lowered(lowered, STRICT)] == expected


def test_another_level_of_a_diagnostic_is_named_where_it_is_lower_also_than_the_default() -> None:
    off = replace(STRICT, lint={"vague-word": "off"})
    assert [*find_lowered(STRICT, off)] == [SettingTransition("lint.vague-word", '"error"', '"off"')]
    assert [each.key for each in find_lowered(LAX, replace(LAX, lint=off.lint))] == ["lint.vague-word"]
    assert [*find_lowered(off, STRICT)] == []


def test_another_base_is_named_where_a_failure_is_demanded_there() -> None:
    base = replace(LAX, require_red="base")
    assert [*find_lowered(base, replace(base, base="HEAD"))] == [SettingTransition("base", '""', '"HEAD"')]
    assert [*find_lowered(LAX, replace(LAX, base="HEAD"))] == []


def test_each_key_is_one_that_can_ask_for_less_or_one_that_cannot() -> None:
    names = {key.replace("-", "_") for key in LOWERED} | {"lint", "base"}
    assert {field.name for field in fields(Config)} == names | {*NEUTRAL}
    assert names.isdisjoint(NEUTRAL)


def test_what_does_not_weaken_a_proof_is_not_named() -> None:
    other = replace(
        STRICT, jobs=4, timeout=9.0, line_length=100, matcher="re", features="tests/features", prd=("a.md",)
    )
    assert [*find_lowered(STRICT, other)] == []
