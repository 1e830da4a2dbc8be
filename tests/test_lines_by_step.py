"""In which steps a criterion runs lines of the product: recorded, kept, and shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shop_project import copy_shop, edit, write_before_run
from small_project import generate, verify
from tree_repository import run_git

from spec2bdd.adapters.results.run_lines import parse_run_lines, render_run_lines
from spec2bdd.commands.explain import explain
from spec2bdd.commands.reporting.report import report
from spec2bdd.commands.tracing.trace import trace
from spec2bdd.config import read_config
from spec2bdd.domain.changes.lines import merge_processes
from spec2bdd.model import CriterionExplanation, ProcessLines, RunLines, ScenarioLines
from spec2bdd.model.explanation import CriterionLines
from spec2bdd.model.trace import Trace
from spec2bdd.reporters.html.data import build_spec, gather_facts
from spec2bdd.reporters.json.explanation import render_explanation_json
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions
from spec2bdd.reporters.text.explanation import render_explanation
from spec2bdd.reporters.trace.code_lines import list_ranges

FILES = {
    "spec2bdd.toml": "record-lines = true\n",
    ".gitignore": "__pycache__/\n",
    "specs/1.1-till.md": """\
---
feature_id: 1.1
name: Till
status: Draft
---

# Till

## Acceptance Criteria

### Must Have
- [ ] A till adds up {#adds}
- [ ] A till greets {#greets}
- [ ] A till has terms {#terms}
""",
    "features/till.feature": """\
Feature: Till
  Background:
    Given a till

  @ac_1_1_adds
  Scenario: A till adds up
    When 2 and 3 are rung up
    Then it shows 5
    And it is open

  @ac_1_1_greets
  Scenario: A till greets
    When it is greeted
    Then it says hello

  @ac_1_1_terms
  Scenario: A till has terms
    Then the terms name the till
""",
    "till.py": """\
def check(amount):
    return amount


class Till:
    def __init__(self):
        self.total = 0

    def ring_up(self, amount):
        self.total += check(amount)

    def show(self):
        return check(self.total)


def warm_up():
    return 1


def close():
    return 2
""",
    "docs/terms.md": "The till.\n",
    "environment.py": """\
import till


def before_scenario(context, scenario):
    till.warm_up()
""",
    "steps/till_steps.py": """\
from pathlib import Path
from threading import Event, Thread

from behave import given, then, when

import till
from till import Till


@given("a till")
def a_till(context):
    context.till = Till()
    context.asked = Event()
    context.thread = Thread(target=lambda: (context.asked.wait(), till.close()), daemon=True)
    if "adds up" in context.scenario.name:
        context.thread.start()


@when("{amount:d} and {more:d} are rung up")
def are_rung_up(context, amount, more):
    context.asked.set()
    context.thread.join()
    context.till.ring_up(amount)
    context.execute_steps(f"Given {more} is there")


@given("{amount:d} is there")
def is_there(context, amount):
    context.till.ring_up(amount)


@then("it shows {amount:d}")
def it_shows(context, amount):
    assert context.till.show() == amount


@then("it is open")
def it_is_open(context):
    assert context.till.total


@when("it is greeted")
def it_is_greeted(context):
    context.word = "hello"


@then("it says hello")
def it_says_hello(context):
    assert context.word == "hello"


@then("the terms name the till")
def the_terms(context):
    assert "till" in Path("docs/terms.md").read_text()
""",
}


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Verify the project once; all that it ran is committed."""
    root = write_before_run(tmp_path_factory.mktemp("till"), FILES)
    run_git(root, "init", "-q", "-b", "main")
    generate(root)
    run_git(root, "add", "-A")
    verify(root)
    return root


def find_lines(root: Path, criterion: str) -> CriterionLines:
    """Find the lines that a criterion runs."""
    return explain_one(root, criterion).lines


def explain_one(root: Path, criterion: str) -> CriterionExplanation:
    """Explain one criterion."""
    (entry,) = explain(read_config(root), criterion).entries
    return entry


def trace_line(root: Path, text: str) -> Trace:
    """Trace the line of the product with a text."""
    lines = (root / "till.py").read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if text in line)
    return trace(read_config(root), names=[f"till.py:{number}"])


def render(name: str, traced: Trace) -> str:
    """Render a trace in one format."""
    return REPORTERS[name].render(Answer("trace", traced), RenderOptions())


# --- recorded and kept ------------------------------------------------------------------------------------------------


def test_lines_are_recorded_by_the_keyword_of_the_step_and_the_background_counts(till: Path) -> None:
    # `And` counts as the step before, a sub-step as the one that runs it, a thread as the step meanwhile; hooks do not.
    steps = {"given": {"till.py": "7"}, "when": {"till.py": "2,10,21"}, "then": {"till.py": "2,13"}}
    lines = CriterionLines({"till.py": "2,7,10,13,17,21"}, steps, runs_product=True)
    assert lines == find_lines(till, "adds up")


def test_lines_of_the_steps_themselves_are_kept_without_their_keyword(till: Path) -> None:
    facts = json.loads((till / ".spec2bdd/records.lines.json").read_text(encoding="ascii"))
    used = {
        facts["parts"][number][0]
        for *_, process in facts["scenarios"]
        for numbers in process["steps"].values()
        for number in numbers
    }
    assert {"till.py"} == used


PROCESS = ProcessLines(
    {"till.py": frozenset({1, 2}), "steps/own.py": frozenset({3})},
    frozenset({"data.json"}),
    ("starts a process",),
    {"given": {"till.py": frozenset({1})}, "then": {"till.py": frozenset({1, 2})}},
)


@pytest.mark.parametrize("steps", [PROCESS.steps, {}, None], ids=["some", "none", "not recorded"])
def test_what_is_kept_is_read_as_it_was(steps: dict[str, dict[str, frozenset[int]]] | None) -> None:
    process = ProcessLines(PROCESS.lines, PROCESS.read, PROCESS.doubts, steps)
    run = RunLines("1", "p", PROCESS, scenarios=(ScenarioLines("f.feature", 3, "s", process),) * 2)
    assert run == parse_run_lines(render_run_lines(run))


def test_lines_that_several_have_in_common_are_kept_once() -> None:
    scenarios = tuple(ScenarioLines("f.feature", number, "s", PROCESS) for number in range(50))
    parts = json.loads(render_run_lines(RunLines("1", scenarios=scenarios)))["parts"]
    # The steps have one of their own.
    assert parts == [["steps/own.py", "3"], ["till.py", "1-2"], ["till.py", "1"]]


def test_records_of_earlier_versions_say_nothing_of_steps(till: Path, tmp_path: Path) -> None:
    root = copy_shop(till, tmp_path / "till")
    path = root / ".spec2bdd/records.lines.json"
    facts = json.loads(path.read_text(encoding="ascii"))
    for *_, process in facts["scenarios"]:
        del process["steps"]
    path.write_text(json.dumps(facts), encoding="ascii")
    assert CriterionLines({"till.py": "2,7,10,13,17,21"}) == find_lines(root, "adds up")
    traced = trace_line(root, "self.total +=")
    assert [use.steps for line in traced.lines for use in line.uses] == [None]
    assert " in When" not in render("text", traced)


def test_the_steps_of_several_scenarios_are_known_if_those_of_each_are() -> None:
    other = ProcessLines({"till.py": frozenset({5})}, steps={"when": {"till.py": frozenset({5})}})
    merged = merge_processes([PROCESS, other])
    assert frozenset({1, 2, 5}) == merged.lines["till.py"]
    assert [(keyword, set(lines["till.py"])) for keyword, lines in (merged.steps or {}).items()] == [
        ("given", {1}),
        ("when", {5}),
        ("then", {1, 2}),
    ]
    assert merge_processes([PROCESS, ProcessLines()]).steps is None


# --- what runs nothing ------------------------------------------------------------------------------------------------


def test_a_criterion_whose_when_and_then_steps_run_nothing_of_the_product_is_named(till: Path) -> None:
    assert find_lines(till, "greets").runs_product is False
    shown = render_explanation(explain(read_config(till), "greets"), width=100, color=False)
    note = "its When and Then steps run no line of the product"
    assert f"  lines     till.py:7, 17  (Given 7)\n            {note}\n" in shown
    documentation = report(read_config(till))
    shared = gather_facts(documentation)
    entries = [entry for spec in documentation.specs for entry in build_spec(shared, spec)["criteria"]]
    assert [entry["idle"] for entry in entries] == [False, True, False]


def test_where_a_step_reads_a_file_it_is_not_said_that_nothing_is_run(till: Path) -> None:
    assert find_lines(till, "terms").runs_product is None


def test_where_a_file_has_changed_it_is_not_said_that_nothing_is_run(till: Path, tmp_path: Path) -> None:
    root = copy_shop(till, tmp_path / "till")
    edit(root, "till.py", "return amount", "return +amount")
    assert CriterionLines() == find_lines(root, "greets")


# --- shown ------------------------------------------------------------------------------------------------------------


def test_trace_says_in_which_steps_a_criterion_runs_a_line(till: Path) -> None:
    traced = trace_line(till, "return amount")
    (line,) = json.loads(render("json", traced))["lines"]
    assert [use["steps"] for use in line["criteria"]] == [["when", "then"]]
    assert "in When and Then, not challenged\n" in render("text", traced)
    assert "| A till adds up | in When and Then | not challenged |" in render("markdown", traced)


def test_trace_says_that_only_hooks_run_a_line(till: Path) -> None:
    traced = trace_line(till, "return 1")
    assert [use.steps for line in traced.lines for use in line.uses] == [()] * 3
    assert render("text", traced).count("outside of its steps, not challenged\n") == 3


def test_the_document_of_a_criterion_has_the_lines_of_its_steps(till: Path) -> None:
    (entry,) = json.loads(render_explanation_json(explain(read_config(till), "adds up")))["criteria"]
    assert entry["lines_of_steps"] == {
        "given": {"till.py": "7"},
        "when": {"till.py": "2,10,21"},
        "then": {"till.py": "2,13"},
    }
    assert (entry["runs_product"], entry["lines"]) == (True, {"till.py": "2,7,10,13,17,21"})


def test_lines_that_steps_of_one_keyword_run_are_not_repeated() -> None:
    steps = {"given": {"a.py": "1-3,5"}, "then": {"b.py": "2", "c.py": "1"}}
    lines = CriterionLines({"a.py": "1-3,5", "b.py": "1-2", "c.py": "1", "d.py": "4"}, steps)
    expected = [("a.py", "1-3, 5", "(Given)"), ("b.py", "1-2", "(Then 2)"), ("c.py", "1", "(Then)"), ("d.py", "4", "")]
    assert list_ranges(lines) == expected
