"""Which step definitions are vacuous, and which are not: see the README of the data folder."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import io
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave_project import Project, find_record
from grouped import in_one_test
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.adapters.behave.vacuity.definitions import find_vacuity
from spec2bdd.adapters.behave.vacuity.sources import SourceCache

DATA = Path(__file__).parent / "data/vacuous"


def read_cases(name: str) -> dict[str, str]:
    """Read the modules of a file of cases by their titles."""
    cases = (DATA / name).read_text(encoding="utf-8").split("===== ")[1:]
    return {title: source for title, _, source in (case.partition("\n") for case in cases)}


VACUOUS, NOT_VACUOUS = read_cases("vacuous.txt"), read_cases("not_vacuous.txt")


def load(source: str, name: str = "steps/judged_steps.py") -> tuple[Any, SourceCache]:
    """Run a module as Behave does, and return the function of the step `judged`, and the sources."""
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, name, "exec", dont_inherit=True), names)
    sources = SourceCache()
    sources.add_file(name, source.encode())
    return names["judged"], sources


def judge(source: str) -> str:
    """Find why the step `judged` of a module, decorated by Behave, is vacuous; empty if it is not."""
    from behave.step_registry import StepRegistry

    judged, sources = load(source)
    registry = StepRegistry()
    # Only what Behave can look a place up for can be registered as it is; it makes no difference for the others.
    with contextlib.suppress(AttributeError, TypeError):
        judged = registry.make_decorator("then")("it is judged")(judged)
    return find_vacuity(judged, sources).reason


@in_one_test("source", VACUOUS.values(), ids=VACUOUS)
def test_a_definition_in_which_nothing_can_fail_is_vacuous(source: str) -> None:
    assert judge(source)


@in_one_test("source", NOT_VACUOUS.values(), ids=NOT_VACUOUS)
def test_a_definition_that_can_fail_or_is_unknown_is_not_vacuous(source: str) -> None:
    assert not judge(source)


CLASS = """
class Page:
    def __init__(self):
        self.ok = None
        self.outcomes = []


page = Page()
"""
# What a module holds besides the step, the step, and how the reason ends.
KEPT_OUTSIDE = [
    (CLASS, "page.ok = context.total == 5", "nothing reads `ok`, which holds `context.total == 5`"),
    (
        CLASS,
        "page.outcomes.append(context.total == 5)",
        "nothing reads `outcomes`, to which `context.total == 5` is added",
    ),
    (
        "outcomes = []",
        "outcomes.append(context.total == 5)",
        "nothing reads `outcomes`, to which `context.total == 5` is added",
    ),
    (
        "found = False",
        "global found\n    found = context.total == 5",
        "nothing reads `found`, which holds `context.total == 5`",
    ),
]
# They read what the steps above keep.
READERS = [
    (CLASS, "page.ok = context.total == 5", "assert page.ok"),
    (CLASS, "page.outcomes.append(context.total == 5)", "assert all(page.outcomes)"),
    ("outcomes = []", "outcomes.append(context.total == 5)", "assert outcomes == [True]"),
    ("found = False", "global found\n    found = context.total == 5", "if not found: raise AssertionError"),
    ("found = False", "global found\n    found = context.total == 5", "assert globals()['found']"),
]


@in_one_test("module, body, reason", KEPT_OUTSIDE)
def test_an_outcome_outside_of_the_context_that_nothing_reads_is_no_check(
    module: str, body: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert judge(f"{module}\n\n\ndef judged(context):\n    {body}\n").endswith(f": {reason}")


@in_one_test("module, body, reader", READERS)
def test_an_outcome_outside_of_the_context_that_something_reads_may_be_one(
    module: str, body: str, reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not judge(f"{module}\n\n\ndef judged(context):\n    {body}\n\n\ndef other(context):\n    {reader}\n")


def describe_cases() -> str:
    """Describe each case that has a reason, or questions that only a run answers, in a line.

    After the questions comes the reason where each of them is answered with yes.
    """
    lines = []
    for title, source in sorted({**VACUOUS, **NOT_VACUOUS}.items()):
        judged, sources = load(source)
        vacuity = find_vacuity(judged, sources)
        questions = "; ".join(filter(None, (" ".join(question).strip() for question in vacuity.questions)))
        if vacuity.reason or questions:
            answered = find_vacuity(judged, sources, frozenset(vacuity.questions)).reason or "-"
            if_so = f"; if so ({questions}): {answered}" if questions else ""
            lines.append(f"{title}: {vacuity.reason or '-'}{if_so}\n")
    return "".join(lines)


def test_each_case_has_its_reason_and_its_questions() -> None:
    golden = DATA / "reasons.txt"
    actual = describe_cases()
    if os.environ.get("SPEC2BDD_UPDATE_GOLDEN"):
        golden.write_text(actual, encoding="utf-8")
    assert actual.splitlines() == golden.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "# -*- coding: utf-8 -*-\n", '"""Umlaute: äöü"""\n\n'])
def test_line_ends_and_marks_of_order_hide_nothing(end: str, start: str) -> None:
    source = (start + "def judged(context):\n    pass\n").replace("\n", end)
    judged, _ = load(source.removeprefix("\ufeff"))
    sources = SourceCache()
    sources.add_file("steps/judged_steps.py", source.encode())
    assert find_vacuity(judged, sources).reason


@pytest.mark.parametrize(
    "other",
    [
        "",
        "def (:\n",
        "\n\ndef judged(context):\n    pass\n",
        "def renamed(context):\n    pass\n",
        "def judged(ctx):\n    pass\n",
        "\0",
    ],
)
def test_a_source_that_is_not_the_one_that_ran_says_nothing(other: str) -> None:
    judged, _ = load("def judged(context):\n    pass\n")
    sources = SourceCache()
    sources.add_file("steps/judged_steps.py", other.encode())
    assert not find_vacuity(judged, sources).reason


def test_a_function_of_an_imported_module_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "shared.py"
    path.write_text("def judged(context):\n    pass\n")
    judged, _ = load(path.read_text(), str(path))
    assert find_vacuity(judged, SourceCache()).reason
    path.unlink()
    assert not find_vacuity(judged, SourceCache()).reason


# --- whatever is called vacuous never fails ---------------------------------------------------------------------------

VALUES = st.sampled_from(
    ["5", "None", "'a'", "total", "context", "-1", "[total]", "found", "context.total", "1 / total"]
)
SIMPLE = st.one_of(
    st.sampled_from(["pass", "...", "global TOTAL", "return", "raise KeyError", "assert total", "del total", "yield"]),
    st.sampled_from(["total == 5", "assert total == total", "found = 5", "assert found == 5", "found += 1"]),
    st.sampled_from(["assert context.found == 5", "context.found = found", "assert not total", "assert len('a') >= 0"]),
    VALUES.map("return {}".format),
    VALUES.map("found = {}".format),
    VALUES.map("context.found = {}".format),
    VALUES.map("total.found = {}".format),
    VALUES.map("print({})".format),
    VALUES.map("assert {}".format),
    VALUES.map("assert ({}, 'message')".format),
    VALUES.map("check({})".format),
)


def indent(lines: list[str]) -> list[str]:
    """Return the lines one level deeper."""
    return [f"    {line}" for line in lines]


BLOCKS = st.recursive(
    st.lists(SIMPLE, min_size=1, max_size=3),
    lambda inner: (
        st.builds(lambda test, yes, no: [f"if {test}:", *indent(yes), "else:", *indent(no)], VALUES, inner, inner)
        | st.builds(lambda body: ["try:", *indent(body), "except Exception:", "    pass"], inner)
        | st.builds(lambda body: ["for found in [5, 6]:", *indent(body)], inner)
    ),
    max_leaves=4,
)
BODIES = st.lists(BLOCKS, min_size=1, max_size=3).map(
    lambda blocks: indent([line for block in blocks for line in block])
)


@given(BODIES, st.sampled_from([0, 5, "", "x", None]), st.booleans())
def test_no_check_of_a_definition_that_is_called_vacuous_ever_fails(
    body: list[str], total: object, coroutine: bool
) -> None:
    source = "\n".join([f"{'async ' * coroutine}def judged(context, total):", *body, ""])
    try:
        reason = judge(source)
    except SyntaxError:
        return
    if not reason:
        return
    judged, _ = load(source)
    # Where there is a check that cannot fail, the code around it may still trip over something.
    tolerated: type[Exception] = Exception if reason.startswith("line ") else StopIteration
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = judged(SimpleNamespace(), total)
            if inspect.iscoroutine(result):
                asyncio.run(result)
        except AssertionError:
            pytest.fail(f"a check failed in a definition that is called vacuous ({reason}):\n{source}")
        except tolerated:
            pass


REASONS = {
    'assert (context.total == 5, "wrong")': "line 2: the assertion always passes: a non-empty tuple is always true",
    "assert context.total == context.total": (
        "line 2: the assertion always passes: `context.total` is compared with itself"
    ),
    "context.total == 5": "line 2: the result of `context.total == 5` is not used: `assert` is missing",
    "return context.total == 5": (
        "line 2: the result of `context.total == 5` is returned, which Behave ignores: `assert` is missing"
    ),
    "context.mail.called_once_with(5)": (
        "line 2: `called_once_with` is not an assertion of a mock: the name lacks `assert_`"
    ),
    "for item in []:\n        assert item": "line 3: the assertion is never reached",
    "pass": "it checks nothing",
}


@pytest.mark.parametrize("body", REASONS)
def test_the_reason_names_the_line_and_what_is_wrong_there(body: str) -> None:
    assert judge(f"def judged(context):\n    {body}\n") == REASONS[body]


# --- in a run ---------------------------------------------------------------------------------------------------------

FEATURE = """
Feature: Proofs
  Scenario: steps
    Given a user
    When a coroutine waits
    Then nothing is checked
    And something is checked
    And a mark vouches
    But it is checked elsewhere
    Then it runs a step
    Then it is checked with 5
"""

STEPS = """
import os
from behave import given, then, when
from checks import check_elsewhere

@given("a user")
def a_user(context):
    context.user = "ana"

@when("a coroutine waits")
async def a_coroutine_waits(context):
    ...

@then("nothing is checked")
def nothing_is_checked(context):
    os.chdir("features") if False else None

@then("something is checked")
def something_is_checked(context):
    assert context.user == "ana"

@then("a mark vouches")
def a_mark_vouches(context):  # spec2bdd: proves
    pass

then("it is checked elsewhere")(check_elsewhere)

@then("it runs a step")
def it_runs_a_step(context):
    context.execute_steps("Then nothing is checked")

use_step_matcher("re")

@then("it is checked with (\\d+)")
def it_is_checked_with(context, number):
    print(number)
"""


def test_the_records_say_which_definitions_cannot_fail(project: Project) -> None:
    project.write(features__proofs_feature=FEATURE, steps__proofs_steps_py=STEPS)
    project.write(steps__checks_py="def check_elsewhere(context):\n    pass\n")
    project.write(environment_py="import os\ndef before_scenario(context, scenario):\n    os.chdir('features')\n")
    record = find_record(project.run(), "steps")
    assert [step.text for step in record.steps if step.vacuous] == [
        "a user",
        "a coroutine waits",
        "it is checked elsewhere",
        "it is checked with 5",
    ]
    assert {step.status for step in record.steps} == {"passed"}


LIVE = """
from unittest import mock
from behave import given, then

class Page:
    title = "Home"
    slow = classmethod(lambda cls: True)
    def __init__(self):
        self.own = lambda: False
        self.inner = self
        self.loaded = False
    def is_open(self):
        return False
    @property
    def is_ready(self):
        raise SystemExit("a property was run")
    def __getattr__(self, name):
        if name.startswith("made"):
            return True
        raise SystemExit(f"code was run for {name}")

class Free:
    def __getattribute__(self, name):
        return True
    def is_open(self):
        return False

def check(context):
    assert context.page.is_open

@given("a page")
def a_page(context):
    context.page, context.free, context.ok = Page(), Free(), True
    context.function, context.mailer = check, mock.Mock(sent=True, count=0)
    context.mailer.send(5)
    context.answers = mock.MagicMock()
"""
METHODS = (
    "assert context.page.is_open",
    "assert context.page.inner.inner.is_open",
    "assert context.page.is_open, 'closed'",
    "assert context.page.is_open and context.page.is_open",
    "assert context.page.is_open is not None",
    "assert context.page.own",
    "assert context.page.slow",
    "assert context.page.title.startswith",
    "assert context.function",
    "page = context.page; assert page.is_open",
    "page = context.page; is_open = page.is_open; assert is_open",
    "check(context)",
    "assert context.mailer.received",
    "assert context.answers",
    "assert context.answers.first.ok",
)
VALUES_OF_CONTEXT = (
    "assert context.ok",
    "assert context.mailer.sent",
    "assert context.mailer.send.called",
    "assert context.mailer.send.call_args",
    "assert context.page.title",
    "assert context.page.made_up",
    "assert not context.page.loaded",
    "assert context.page.title == 'Home'",
    "assert context.free.is_open",
    "assert context.page.is_open or context.ok; assert context.ok",
    "page = context.page; page = context.free; assert page.is_open",
)


def run_steps(project: Project, bodies: Sequence[str]) -> list[str]:
    """Run one step for each of the bodies on a page, and return the bodies of those that are vacuous."""
    steps = [
        f'@then("it does {number}")\ndef it_does_{number}(context):\n    {body}\n' for number, body in enumerate(bodies)
    ]
    lines = "".join(f"    Then it does {number}\n" for number in range(len(bodies)))
    project.write(steps__pages_steps_py="\n".join([LIVE, *steps]))
    project.write(features__pages_feature=f"Feature: Pages\n  Scenario: steps\n    Given a page\n{lines}")
    record = find_record(project.run(), "steps")
    assert {step.status for step in record.steps} == {"passed"}
    return [body for body, step in zip(bodies, record.steps[1:], strict=True) if step.vacuous]


def test_an_assertion_of_a_method_of_the_context_that_is_not_called_is_vacuous(project: Project) -> None:
    assert run_steps(project, METHODS) == list(METHODS)


def test_an_assertion_of_any_other_attribute_of_the_context_is_not_vacuous_and_no_code_runs(project: Project) -> None:
    assert run_steps(project, VALUES_OF_CONTEXT) == []


def test_the_context_is_looked_at_again_in_each_run_of_a_step(project: Project) -> None:
    steps = (
        LIVE
        + "\n@given('another page')\ndef another_page(context):\n    context.page = type('P', (), {'is_open': 1})()\n"
    )
    steps += "\n@then('it is open')\ndef it_is_open(context):\n    assert context.page.is_open\n"
    scenarios = "\n".join(
        f"  Scenario: {name}\n    Given {name}\n    Then it is open" for name in ("a page", "another page")
    )
    project.write(steps__pages_steps_py=steps, features__pages_feature=f"Feature: Pages\n{scenarios}\n")
    run = project.run()
    reasons = [find_record(run, name).steps[1].vacuous for name in ("a page", "another page")]
    assert reasons == [True, False]


# --- what a step runs with --------------------------------------------------------------------------------------------

ARGUMENTS = """
from behave import register_type, then

class Stock:
    def __init__(self, text):
        self.text = text
    def __gt__(self, number):
        return len(self.text) > number

register_type(Stock=Stock, Padded=lambda text: text + "!")

@then("{total:d} pieces")
def pieces(context, total):
    assert total > 0

@then("the name {name}")
def the_name(context, name):
    assert name, "no name"

@then("the weight {weight:g}")
def the_weight(context, weight):
    assert 0 < weight < 100

@then("the {color} box")
def the_box(context, color):
    color = context.colors[color]
    assert color == "red"

@then("the stock {stock:Stock}")
def the_stock(context, stock):
    assert stock > 0

@then("the padded {word:Padded}")
def the_padded(context, word):
    assert word

@then("{total:d} of all")
def of_all(context, total):
    assert total == context.all

@then("{total:d} checked elsewhere")
def checked_elsewhere(context, total):
    assert total > 0
    context.check()
"""
ARGUMENTS_FEATURE = """
Feature: Arguments
  Scenario: steps
    Then 5 pieces
    And the name ana
    And the weight 5.50
    And the x box
    And the stock ana
    And the padded ana
    And 5 of all
    And 5 checked elsewhere
"""


def test_an_assertion_about_nothing_but_the_text_of_its_step_is_vacuous(project: Project) -> None:
    hooks = "def before_all(context):\n    context.colors, context.all, context.check = {'x': 'red'}, 5, lambda: None\n"
    project.write(steps__a_steps_py=ARGUMENTS, features__a_feature=ARGUMENTS_FEATURE, environment_py=hooks)
    record = find_record(project.run(), "steps")
    assert {step.status for step in record.steps} == {"passed"}
    assert [step.text for step in record.steps if step.vacuous] == ["5 pieces", "the name ana", "the weight 5.50"]


SUBSTEPS = """
from behave import then

@then("it idles")
def it_idles(context):
    pass

@then("it is checked")
def it_is_checked(context):
    assert context.config is not None and context.text is None

@then("it runs {steps}")
def it_runs(context, steps):
    context.execute_steps("\\n".join(f"Then {step}" for step in steps.split(" and ")))

@then("nothing is run")
def nothing_is_run(context):
    context.execute_steps("")

@then("one is run and it is checked")
def one_is_run(context):
    context.execute_steps("Then it idles")
    assert context.text is None
"""
SUBSTEPS_FEATURE = """
Feature: Sub-steps
  Scenario: steps
    Then it runs it idles
    And it runs it idles and it is checked
    And it runs it is checked
    And it runs it runs it idles
    And nothing is run
    And one is run and it is checked
"""


def test_a_step_is_vacuous_if_none_of_its_sub_steps_can_fail(project: Project) -> None:
    project.write(steps__a_steps_py=SUBSTEPS, features__a_feature=SUBSTEPS_FEATURE)
    record = find_record(project.run(), "steps")
    assert [step.text for step in record.steps if step.vacuous] == [
        "it runs it idles",
        "it runs it runs it idles",
        "nothing is run",
    ]


def test_a_hook_that_runs_sub_steps_changes_nothing_for_a_step(project: Project) -> None:
    # Behave calls the hook for sub-steps too.
    hooks = "def after_step(context, step):\n    'runs' in step.name and context.execute_steps('Then it is checked')\n"
    project.write(steps__a_steps_py=SUBSTEPS, environment_py=hooks)
    project.write(features__a_feature="Feature: Sub-steps\n  Scenario: steps\n    Then it runs it idles\n")
    assert [step.vacuous for step in find_record(project.run(), "steps").steps] == [True]


# --- steps with and without a table -----------------------------------------------------------------------------------

OPTIONAL = """
from behave import then

@then("it loops")
def it_loops(context):
    for row in context.table or []:
        assert row["total"] == "5"

@then("it asks and loops")
def it_asks_and_loops(context):
    print("checking")
    if context.table:
        for row in context.table:
            assert row["total"] == "5"

@then("it asks for a text")
def it_asks_for_a_text(context):
    if context.text is not None:
        assert "5" in context.text

@then("it also checks something else")
def it_also_checks_something_else(context):
    for row in context.table or []:
        assert row["total"] == "5"
    assert context.scenario.name == "steps"

@then("it has none")
def it_has_none(context):
    assert context.table is None
"""
OPTIONAL_FEATURE = """
Feature: Tables
  Scenario: steps
    Then it loops
    And it asks and loops
    And it asks for a text
    And it also checks something else
    And it has none
    And it loops
      | total |
      | 5     |
    And it asks and loops
      | total |
      | 5     |
    And it asks for a text
      \"\"\"
      5
      \"\"\"
"""


def test_a_step_that_checks_only_its_table_is_vacuous_where_it_has_none(project: Project) -> None:
    project.write(steps__a_steps_py=OPTIONAL, features__a_feature=OPTIONAL_FEATURE)
    record = find_record(project.run(), "steps")
    assert {step.status for step in record.steps} == {"passed"}
    assert [(step.text, step.vacuity.rpartition(": ")[2]) for step in record.steps if step.vacuous] == [
        ("it loops", "the assertion is never reached; the step has no table"),
        ("it asks and loops", "the assertion is never reached; the step has no table"),
        ("it asks for a text", "the assertion is never reached; the step has no text"),
    ]


# --- the documentation ------------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[3] / "docs/vacuous-steps.md"
PROJECT = """
import os
import re
import subprocess

import pytest
from unittest import mock

def check(context):
    assert context.total == 5

def same(left, right):
    return left == right

def judged(context):
    {body}
"""


def read_bodies(heading: str) -> list[str]:
    """Read the first column of the table under a heading of the page."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")
    rows = [line.split(" | ")[0] for line in section.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    return [row.removeprefix("| ").strip("`") for row in rows]


@pytest.mark.parametrize("body", read_bodies("What is noticed"))
def test_what_the_page_says_is_noticed_is(body: str) -> None:
    assert judge(PROJECT.format(body=body))


@pytest.mark.parametrize("body", read_bodies("What is not noticed"))
def test_what_the_page_says_is_not_noticed_is_not(body: str) -> None:
    assert not judge(PROJECT.format(body=body))
