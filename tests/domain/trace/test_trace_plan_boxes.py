"""The boxes of a plan: which belong to a section, when they are ticked, and that not another byte changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.domain.trace.plan_boxes import choose_section_mark, find_boxes, mark_plan
from spec2bdd.domain.trace.sections import find_section, parse_sections
from spec2bdd.model import Box, Criterion, CriterionVerdict, Spec, SpecReport, Tier, Verdict
from spec2bdd.model.trace import SectionKind

PLAN = """\
---
title: Plan
---
# Plan

- [ ] before all

## 1 Rooms
- [ ] store
  - [x] nested
  - no box
    1. [ ] deep
- [~] set aside
* [X] done

```
- [ ] code
```

> - [ ] quoted

<!--
- [ ] comment
-->

### 1.1 Doors

- [ ] door

## 2 Search

+ [ ] index
| - [ ] cell |
"""


def mark(text: str, **marks: str) -> str:
    """Mark the sections with these numbers, in which an underscore is a dot."""
    sections = parse_sections(SectionKind.PLAN, "plan.md", text)
    named = {find_section(name.strip("n").replace("_", "."), sections): value for name, value in marks.items()}
    return mark_plan("plan.md", text, {section: value for section, value in named.items() if section})[0]


def list_lines(text: str, after: str) -> list[str]:
    """List the lines that changed, as they are now."""
    return [new for old, new in zip(text.splitlines(), after.splitlines(), strict=True) if old != new]


def test_the_boxes_of_a_section_and_of_those_below_it_are_ticked() -> None:
    after = mark(PLAN, n1="x")
    assert list_lines(PLAN, after) == ["- [x] store", "    1. [x] deep", "- [x] door"]


def test_boxes_are_unticked_and_a_large_x_counts_as_one() -> None:
    assert list_lines(PLAN, mark(PLAN, n1=" ")) == ["  - [ ] nested", "* [ ] done"]


def test_a_box_belongs_to_the_innermost_section_that_is_named() -> None:
    assert list_lines(PLAN, mark(PLAN, n1="x", n1_1="")) == ["- [x] store", "    1. [x] deep"]
    assert list_lines(PLAN, mark(PLAN, n1="", n1_1="x", n2="x")) == ["- [x] door", "+ [x] index"]


def test_the_opposite_mark_undoes_a_mark() -> None:
    plain = PLAN.replace("[x]", "[ ]").replace("[X]", "[ ]")
    assert mark(mark(plain, n1="x", n2="x"), n1=" ", n2=" ") == plain


def test_what_is_marked_already_stays() -> None:
    once = mark(PLAN, n1="x")
    assert mark(once, n1="x") == once


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_stay(start: str, end: str) -> None:
    text = start + PLAN.replace("\n", end)
    after = mark(text, n2="x")
    assert after == start + PLAN.replace("+ [ ] index", "+ [x] index").replace("\n", end)


LINES = st.sampled_from(
    [
        "# 1 A",
        "## 1.1 B",
        "# 2 C",
        "- [ ] a",
        "  - [x] b",
        "* [~] c",
        "1. [X] d",
        "```",
        "> - [ ] q",
        "",
        "text",
        "\t- [ ] e",
    ]
)


@given(st.lists(LINES, max_size=20), st.sampled_from(["\n", "\r\n"]))
def test_of_any_document_only_boxes_of_named_sections_change(lines: list[str], end: str) -> None:
    text = end.join(["# 1 A", *lines])
    after = mark(text, n1="x", n2=" ")
    changed = [place for place in range(len(text)) if text[place] != after[place]]
    assert len(after) == len(text)
    assert {text[place] for place in changed} <= {" ", "x", "X"}
    assert {text[place - 1] + text[place + 1] for place in changed} <= {"[]"}
    assert [box.offset for _, box in find_boxes("a", after)] == [box.offset for _, box in find_boxes("a", text)]


# --- when -------------------------------------------------------------------------------------------------------------


def report(*verdicts: Verdict, tier: Tier = Tier.MUST) -> SpecReport:
    """Build the report of a spec whose criteria have these verdicts."""
    criterion = Criterion(tier, "a", Box(" ", 0), 1, 1)
    return SpecReport(Spec("a.md", b""), tuple(CriterionVerdict(criterion, "a", verdict) for verdict in verdicts))


MARKS = {
    "all passed": ("x", [report(Verdict.PASSED, Verdict.WAIVED)]),
    "one failed": (" ", [report(Verdict.PASSED, Verdict.FAILED)]),
    "one pending": (" ", [report(Verdict.PENDING)]),
    "one not run": ("", [report(Verdict.PASSED, Verdict.NOT_RUN)]),
    "one stale": ("", [report(Verdict.STALE)]),
    "one unverified": ("", [report(Verdict.UNVERIFIED)]),
    "a manual one without a tick": ("", [report(Verdict.MANUAL)]),
    "no criterion in the gate": ("", [report(Verdict.PASSED, tier=Tier.COULD)]),
    "two specs, both proved": ("x", [report(Verdict.PASSED), report(Verdict.PASSED)]),
    "two specs, one of them failing": (" ", [report(Verdict.PASSED), report(Verdict.FAILED)]),
    "two specs, one of them not run": ("", [report(Verdict.PASSED), report(Verdict.NOT_RUN)]),
}


@pytest.mark.parametrize(("expected", "reports"), MARKS.values(), ids=MARKS)
def test_a_section_is_ticked_if_all_its_specs_are_proved_and_unticked_if_one_is_not(
    expected: str, reports: list[SpecReport]
) -> None:
    assert choose_section_mark(reports) == expected
