"""Outlines and rules in the whole loop: each row and each example has to pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import generate, mark, run, write_files

SPEC = """---
feature_id: 1.1
name: Fines
status: Draft
---

## Acceptance Criteria

- [ ] Fines grow by the day
  - Then <days> days cost <cents> cents
  - Examples:
    | days | cents |
    |------|-------|
    | 1    | 20    |
    | 3    | 60    |
- [ ] Nobody pays twice
  - Given 0 days, when it is paid, then 0 days cost 0 cents
  - Given 1 days, when it is paid, then 1 days cost 20 cents
"""
STEPS = """from behave import given, then, when


@given("{days:d} days")
def days_go_by(context, days):
    context.days = days


@when("it is paid")
def it_is_paid(context):
    context.paid = True


@then("{days:d} days cost {cents:d} cents")
def days_cost(context, days, cents):
    assert cents == FINE(days)
"""


@pytest.mark.parametrize(
    ("fine", "marks"),
    [
        ("lambda days: days * 20", ["x", "x"]),
        ("lambda days: 20", [" ", " "]),
        ("lambda days: min(days, 2) * 20", [" ", "x"]),
        ("lambda days: max(days, 1) * 20", ["x", " "]),
    ],
)
def test_a_criterion_is_ticked_if_every_row_and_every_example_passed(
    tmp_path: Path, fine: str, marks: list[str]
) -> None:
    steps = STEPS.replace("FINE", f"({fine})")
    write_files(tmp_path, {"specs/1.md": SPEC, "steps/fines_steps.py": steps})
    assert tuple(diagnostic for diagnostic in generate(tmp_path).diagnostics) == ()
    assert (tmp_path / "steps" / "fines_steps.py").read_text(encoding="utf-8") == steps
    run(tmp_path)
    mark(tmp_path)
    text = (tmp_path / "specs" / "1.md").read_text(encoding="utf-8")
    assert marks == [line[3] for line in text.splitlines() if line.startswith("- [")]


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("code", "p"), ("watts", "var"), ("i", "q"), ("img", "div")])
def test_a_column_with_the_name_of_an_html_tag_is_a_placeholder(tmp_path: Path, one: str, other: str) -> None:
    spec = f"""---
feature_id: 1.1
name: Lamps
status: Draft
---

## Acceptance Criteria

- [ ] A lamp of <{one}> is <b>as bright</b> as <{other}>
  - Then a lamp of <{one}> is as bright as <{other}>
  - Examples:
    | {one} | {other} |
    |---|---|
    | 1 | 2 |
"""
    report = generate(write_files(tmp_path, {"specs/1.md": spec}))
    assert (report.exit_code, report.diagnostics) == (0, ())
    lines = (tmp_path / "features/1_1_lamps.feature").read_text(encoding="utf-8").splitlines()
    outline = [line.strip() for line in lines if "lamp of" in line or "|" in line]
    columns = [f"| {one} | {other} |", f"| {'1':<{len(one)}} | {'2':<{len(other)}} |"]
    sentence = f"lamp of <{one}> is as bright as <{other}>"
    assert outline == [f"Scenario Outline: A {sentence}", f"Then a {sentence}", *columns]
