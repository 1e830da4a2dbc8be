"""Bold lines that act as a heading, priorities that mean a tier, and lines that do neither."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Tier

# The lines above a list with one box, and the tier of that box.
READ = [
    ("**Must Have:**", Tier.MUST),
    ("**Must Have**:", Tier.MUST),
    ("**Must Have**", Tier.MUST),
    ("__Should Have__", Tier.SHOULD),
    ("🔴 **Must Have**", Tier.MUST),
    ("**Must-Have (P0)** ✅ ALL ACHIEVED:", Tier.MUST),
    ("**Should Have** (P1):", Tier.SHOULD),
    ("**Nice to have** - DEFERRED", Tier.COULD),
    ("**Acceptance Criteria** (the first half) ✅", Tier.MUST),
    ("**Acceptance Criteria**: all of these hold:", Tier.MUST),
    ("**As a** reader\n**I want** books\n**Acceptance Criteria**:", Tier.MUST),
    ("**Must have:**\nA word on them.", Tier.MUST),
    ("**Won't have (this phase)**", Tier.WONT),
    ("## Should Have\n**Acceptance Criteria:**", Tier.SHOULD),
    ("## Should Have\n### Security", Tier.SHOULD),
    ("## Should Have\n**Security**:", Tier.SHOULD),
    ("## Story (P2)\n**Acceptance Criteria:**", Tier.SHOULD),
    ("## P0\n- a\n## Story (P2)\n**Acceptance Criteria:**", Tier.SHOULD),
    ("## Story (Priority: P3 - LOW)\n### Acceptance Criteria", Tier.COULD),
    ("## Acceptance Criteria\n### Story [P1]", Tier.MUST),
    ("### P0", Tier.MUST),
    ("### P0 - Critical", Tier.MUST),
    ("### P1 (Должно быть)", Tier.MUST),
    ("### Priority 2", Tier.SHOULD),
    ("### P2 Requirements:", Tier.SHOULD),
    ("## Requirements\n### High Priority", Tier.MUST),
    ("## Acceptance Criteria\n### Medium Priority", Tier.SHOULD),
    ("## Anforderungen\n### 🟢 Low Priority:", Tier.COULD),
    ("### High Priority (Must Have)", Tier.MUST),
    ("## Tasks\n### Acceptance Criteria", Tier.MUST),
    ("- **Should Have:**\n  - a\n", Tier.SHOULD),
]

LEFT_ALONE = [
    "",
    "**Must Have** books are these",
    "The **Must Have**",
    "**Must Have**\n**Tasks:**",
    "**Must Have**\n## Phase 1",
    "**Must Have**\n**Tasks:** in this order:",
    "**Note** on **Must Have**",
    "`**Must Have**`",
    "> **Must Have**",
    "- **Must Have**: a few words",
    "- **Must Have**\n- b",
    "### P0: Start at once",
    "## P1 — Parallel tasks",
    "### P95",
    "### P0 (urgent) clean-up",
    "### High Priority",
    "## Tasks\n### High Priority",
    "## Tasks\n### P0",
    "## Tasks\n### Must Have",
    "## Story (P1)",
    "## Acceptance Criteria\n### Open Questions",
    "## Must Have\n**Out of Scope:**",
    "## Phase 1",
    "## Review Checklist",
]


def find_tiers(above: str) -> list[Tier]:
    """Parse one box under some lines, and return its tier, if it is a criterion."""
    # Under a list item, the box is nested in it, without a blank line between them.
    box = "  - [ ] Box\n" if above.startswith("- ") and above.endswith("\n") else "\n\n- [ ] Box\n"
    return [criterion.tier for criterion in parse_spec("specs/a.md", f"{above}{box}".encode()).criteria]


@pytest.mark.parametrize(("above", "tier"), READ)
def test_a_box_has_the_tier_of_the_lines_above_it(above: str, tier: Tier) -> None:
    assert find_tiers(above) == [tier]


@pytest.mark.parametrize("above", LEFT_ALONE)
def test_a_box_below_anything_else_is_no_criterion(above: str) -> None:
    assert find_tiers(above) == []


def test_a_scale_that_has_a_p0_anywhere_starts_there() -> None:
    spec = parse_spec("specs/a.md", b"## Acceptance Criteria\n- [ ] a (P0)\n- [ ] b (P1)\n- [ ] c (P2)\n- [ ] d (P4)\n")
    assert [criterion.tier for criterion in spec.criteria] == [Tier.MUST, Tier.SHOULD, Tier.COULD, Tier.COULD]


def test_the_story_of_each_block_is_its_group() -> None:
    text = "# T\n" + "".join(f"## Story {n} (P1)\n**Acceptance Criteria:**\n- [ ] a {n}\n" for n in (1, 2))
    spec = parse_spec("specs/a.md", text.encode())
    assert [criterion.group for criterion in spec.criteria] == ["Story 1 (P1)", "Story 2 (P1)"]


def test_blocks_that_only_the_names_of_their_criteria_set_apart_are_grouped_by_those() -> None:
    text = "# T\n" + "".join(f"## Tier {n} Success Criteria\n**Must achieve:**\n- [ ] a {n}\n" for n in (1, 2))
    spec = parse_spec("specs/a.md", text.encode())
    assert [criterion.group for criterion in spec.criteria] == ["Tier 1 Success Criteria", "Tier 2 Success Criteria"]


def test_the_name_of_the_criteria_groups_nothing_next_to_a_story_or_by_itself() -> None:
    stories = "".join(
        f"## Story {n}\n### {name} Criteria\n**Must**\n- [ ] a\n" for n, name in ((1, "Acceptance"), (2, "Success"))
    )
    alone = "## Story 3\n- [ ] b (P1)\n## Acceptance Criteria\n### Must\n- [ ] c\n### Should\n- [ ] d\n"
    assert [criterion.group for criterion in parse_spec("specs/a.md", stories.encode()).criteria] == [
        "Story 1",
        "Story 2",
    ]
    assert [criterion.group for criterion in parse_spec("specs/a.md", alone.encode()).criteria] == ["", ""]
