"""Headings that name a priority, as a level or in words, and those that only look like it."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.headings.priorities import Priority, choose_tier, find_priority, find_scale_start
from spec2bdd.model import Tier

ALONE = {
    "P0": 0,
    "P1": 1,
    "P4": 4,
    "Priority 2": 2,
    "Priority P3": 3,
    "P0 requirements": 0,
    "P1 criteria": 1,
    "priority 4 items": 4,
    "P0 - Critical": 0,
    "P1: Important, high": 1,
    "P2 (nice to have)": 2,
    "P1 (see the list) ": 1,
}
ADDED = {
    "US-1: Log in (P1)": 1,
    "US-1: Log in [P0]": 0,
    "Log in (Priority: P2)": 2,
    "Log in (P3 - later)": 3,
    "Log in (P2: with reason, and more) *": 2,
}
WORDS = {"High Priority": Tier.MUST, "Medium priority": Tier.SHOULD, "Low priority (some day)": Tier.COULD}
NONE = [
    "P5",
    "P0 clean-up",
    "P0 (urgent) clean-up",
    "Priorities",
    "Log in (P1) first",
    "Log in (P5)",
    "Log in (P1",
    "High priority work",
    "",
    "(P1) of 3",
    "Log in (P1 (a))",
]


@pytest.mark.parametrize(("heading", "level"), ALONE.items())
def test_a_heading_may_be_a_level_alone(heading: str, level: int) -> None:
    assert Priority(level=level, alone=True) == find_priority(heading)


@pytest.mark.parametrize(("heading", "level"), ADDED.items())
def test_a_level_may_be_added_to_a_heading(heading: str, level: int) -> None:
    assert Priority(level=level) == find_priority(heading)


@pytest.mark.parametrize(("heading", "tier"), WORDS.items())
def test_words_may_mean_a_tier(heading: str, tier: Tier) -> None:
    assert Priority(tier=tier, alone=True) == find_priority(heading)


@pytest.mark.parametrize("heading", NONE)
def test_other_headings_name_no_priority(heading: str) -> None:
    assert find_priority(heading) is None


@pytest.mark.parametrize(
    ("level", "first", "tier"),
    [
        (0, 0, Tier.MUST),
        (1, 0, Tier.SHOULD),
        (2, 0, Tier.COULD),
        (4, 0, Tier.COULD),
        (1, 1, Tier.MUST),
        (2, 1, Tier.SHOULD),
        (3, 1, Tier.COULD),
        (0, 1, Tier.MUST),
    ],
)
def test_the_scale_of_a_file_begins_at_its_first_level(level: int, first: int, tier: Tier) -> None:
    assert choose_tier(Priority(level=level), scale_start=first) is tier


def test_words_need_no_scale() -> None:
    assert choose_tier(Priority(tier=Tier.COULD), scale_start=0) is Tier.COULD


@pytest.mark.parametrize(
    ("priorities", "first"),
    [
        ([], 1),
        ([None, Priority(level=1)], 1),
        ([Priority(level=2), Priority(level=0)], 0),
        ([Priority(tier=Tier.MUST)], 1),
    ],
)
def test_a_scale_begins_at_zero_only_where_there_is_a_zero(priorities: list[Priority | None], first: int) -> None:
    assert find_scale_start(priorities) == first
