"""The `trace` command: chains from documents to results, both ways, and the gaps in them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from small_project import SPEC, SPEC_PATH, STEPS_PATH, read_all, write_basket, write_files

from spec2bdd.cli.main import main

EXAMPLE = Path(__file__).parents[1] / "examples" / "chat"
PRD = """\
# Requirements

## 1 Introduction

## 2 Chat

### 2.1 Talking in rooms

### 2.2 Finding and following

## 3 Billing
"""
PLAN = """\
# Plan

## Phase 1.1: Rooms

## Phase 1.2: Search
"""
DOCUMENTS = (
    '[tool.spec2bdd]\nprd = "docs/prd.md"\nplan = ["docs/plan*.md"]\nheadings = {leave-out = ["Introduction"]}\n'
)


def invoke(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["trace", *arguments], prog_name="spec2bdd", env={"COLUMNS": "100"})


def load(*names: str) -> dict[str, Any]:
    """Return the document of a trace."""
    document: dict[str, Any] = json.loads(invoke(*names, "--format", "json").stdout)
    return document


@pytest.fixture(scope="module")
def verified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Verify a copy of the chat example with a PRD and a plan."""
    root = tmp_path_factory.mktemp("trace") / "chat"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("features", "__pycache__", ".spec2bdd"))
    settings = (root / "pyproject.toml").read_text(encoding="utf-8").replace("[tool.spec2bdd]\n", DOCUMENTS)
    write_files(root, {"docs/prd.md": PRD, "docs/plan-a.md": PLAN, "pyproject.toml": settings})
    CliRunner().invoke(main, ["verify", "-q", "--config", str(root / "pyproject.toml")])
    return root


@pytest.fixture
def chat(verified: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to the chat example."""
    monkeypatch.chdir(verified)
    return verified


@pytest.fixture
def basket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a project with generated features, and go there."""
    write_basket(tmp_path)
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(main, ["generate", "-q"])
    return tmp_path


# --- the chat example -------------------------------------------------------------------------------------------------


def test_every_chain_of_the_example_is_traced_to_its_last_result(chat: Path) -> None:
    trace = load()
    assert trace["summary"] == {
        "sections": 9,
        "specs": 3,
        "criteria": 22,
        "scenarios": 19,
        "step_definitions": 31,
        "gaps": 4,
    }
    (criterion,) = [item for item in trace["criteria"] if item["text"].startswith("A message of 500 characters")]
    (scenario,) = [item for item in trace["scenarios"] if item["id"] in criterion["scenarios"]]
    (definition,) = [
        item for item in trace["step_definitions"] if item["id"] == scenario["steps"][0]["step_definition"]
    ]
    (spec,) = [item for item in trace["specs"] if criterion["id"] in item["criteria"]]
    sections = [item for item in trace["sections"] if item["id"] in spec["sections"]]
    assert [(item["id"], item["path"], item["line"]) for item in sections] == [
        ("prd:2.1", "docs/prd.md", 7),
        ("plan:1.1", "docs/plan-a.md", 3),
    ]
    assert (criterion["verdict"], scenario["result"]["verdict"]) == ("failed", "failed")
    assert "500" in scenario["result"]["reason"] or scenario["result"]["reason"]
    assert definition["path"] == "steps/rooms_and_messages_steps.py"
    source = (chat / definition["path"]).read_text(encoding="utf-8").splitlines()
    assert source[definition["line"] - 1].startswith("@then(")


def test_links_of_the_example_go_both_ways(chat: Path) -> None:
    trace = load()
    down = {(item["id"], id_) for item in trace["criteria"] for id_ in item["scenarios"]}
    up = {(id_, item["id"]) for item in trace["scenarios"] for id_ in item["criteria"]}
    assert down == up
    uses = {(step["step_definition"], item["id"]) for item in trace["scenarios"] for step in item["steps"]}
    assert {pair for pair in uses if pair[0]} == {
        (item["id"], id_) for item in trace["step_definitions"] for id_ in item["scenarios"]
    }
    named = {(id_, item["path"]) for item in trace["specs"] for id_ in item["sections"]}
    assert named == {(item["id"], path) for item in trace["sections"] for path in item["specs"]}


def test_gaps_of_the_example_are_named_with_their_places(chat: Path) -> None:
    gaps = [(gap["kind"], gap["path"], gap["text"]) for gap in load("--gaps")["gaps"]]
    assert gaps == [
        ("section-without-spec", "docs/prd.md", "PRD 3 Billing"),
        ("unknown-section", "specs/1.3-keeping-and-exporting.md", "PRD 2.3 Keeping what matters"),
        ("unknown-section", "specs/1.3-keeping-and-exporting.md", "plan 1.3"),
        (
            "criterion-without-scenario",
            "specs/1.2-unread-and-search.md",
            "A search forgives a single spelling mistake",
        ),
    ]


def test_gaps_fail_only_a_check(chat: Path) -> None:
    assert (invoke().exit_code, invoke("--check").exit_code, invoke("--gaps").exit_code) == (0, 1, 0)
    assert invoke("1.1#1", "--check").exit_code == 0


def test_sections_that_no_document_has_are_reported_where_specs_name_them(chat: Path) -> None:
    errors = invoke("1.3").stderr.splitlines()
    assert errors == [
        (
            "specs/1.3-keeping-and-exporting.md:9:1: warning: "
            "`docs/prd.md` has no section `2.3 (Keeping what matters)` [unknown-section]"
        ),
        "    hint: did you mean `2.1` (Talking in rooms) or `2.2` (Finding and following)?",
        "specs/1.3-keeping-and-exporting.md:10:1: warning: `docs/plan-a.md` has no section `1.3` [unknown-section]",
        "    hint: did you mean `1.1` (Rooms) or `1.2` (Search)?",
    ]
    assert invoke("1.1").stderr == ""
    linted = CliRunner().invoke(main, ["lint", "specs/1.3-keeping-and-exporting.md"])
    assert linted.stdout.count("[unknown-section]") == 2


# What each name leads to: the numbers of specs, criteria, scenarios and step definitions.
NAMES = {
    "1.1": (1, 7, 7, 12),
    "1.1#2": (1, 1, 1, 1),
    "PRD-2.1": (1, 7, 7, 12),
    "PRD-2": (2, 14, 13, 21),
    "prd: Talking in rooms": (1, 7, 7, 12),
    "plan-1.2": (1, 7, 6, 9),
    "@must": (3, 14, 14, 20),
    "features/1_2_unread_and_search.feature": (1, 6, 6, 9),
    "features/1_1_rooms_and_messages.feature:17": (1, 1, 1, 1),
    "steps/rooms_and_messages_steps.py": (1, 6, 6, 11),
    "steps/rooms_and_messages_steps.py:30": (1, 1, 1, 1),
    "rooms_and_messages_steps.py:30": (1, 1, 1, 1),
    "PRD-3": (0, 0, 0, 0),
}


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_name_leads_up_and_down(chat: Path, name: str) -> None:
    summary = load(name)["summary"]
    assert tuple(summary[key] for key in ("specs", "criteria", "scenarios", "step_definitions")) == NAMES[name]


def test_several_names_are_traced_together(chat: Path) -> None:
    assert load("1.1#1", "1.2#1")["summary"]["criteria"] == 2


def test_the_text_shows_a_chain_from_the_section_to_the_step_definition(chat: Path) -> None:
    lines = invoke("1.1#2").stdout.splitlines()
    assert [" ".join(line.split()) for line in lines[:6]] == [
        "1.1 Rooms and messages In Progress specs/1.1-rooms-and-messages.md",
        "from PRD 2.1 Talking in rooms docs/prd.md:7",
        "from plan 1.1 Rooms docs/plan-a.md:3",
        "✗ must A message of 500 characters is accepted in every language :126",
        "✗ A message of 500 characters is accepted in every… features/1_1_rooms_and_messages.feature:15",
        "Then a message of 500 characters is accepted in every… steps/rooms_and_messages_steps.py:28",
    ]


def test_the_steps_of_a_whole_project_are_listed_on_request(chat: Path) -> None:
    brief, whole = invoke().stdout, invoke("-v").stdout
    assert ("steps/rooms_and_messages_steps.py:28" in brief, "steps/rooms_and_messages_steps.py:28" in whole) == (
        False,
        True,
    )


def test_nothing_is_written(chat: Path) -> None:
    before = read_all(chat)
    invoke("--format", "json")
    assert read_all(chat) == before


# --- names that match nothing -----------------------------------------------------------------------------------------

ERRORS = {
    "nope": ("no spec or criterion matches `nope`", ""),
    "PRD-2.9": ("no section of the PRD matches `2.9`", "did you mean `PRD-2.1` (Talking in rooms)"),
    "plan-9": ("no section of the plan matches `9`", ""),
    "@mst": ("no scenario has the tag `@mst`", "did you mean `@must`?"),
    "steps/rooms_and_messages_steps.py:3": (
        "no step definition at `steps/rooms_and_messages_steps.py:3`",
        "the definitions of `steps/rooms_and_messages_steps.py` begin at lines 20, 28,",
    ),
    "steps/rooms_and_mesages_steps.py:3": (
        "no step file with definitions matches `steps/rooms_and_mesages_steps.py`",
        "did you mean `steps/rooms_and_messages_steps.py`",
    ),
    "chatstore/store.py:94": (
        "no scenario is known to run `chatstore/store.py:94`: the last run recorded no lines",
        "set `record-lines = true` in the configuration, then run `spec2bdd run`",
    ),
    "chatstore/store.py:9999": ("`chatstore/store.py` has no line 9999", "its last line is "),
    "chatstore/store.py:0": ("`chatstore/store.py` has no line 0", "its last line is "),
    "steps/rooms_and_messages_steps.py:9999": ("`steps/rooms_and_messages_steps.py` has no line 9999", "its last line"),
    "features/1_1_rooms_and_messages.feature:9999": (
        "`features/1_1_rooms_and_messages.feature` has no line 9999",
        "its last line is ",
    ),
    "chatstore/store.py": (
        "`chatstore/store.py` has no step definitions",
        "name a line of it, such as `chatstore/store.py:",
    ),
    "store.py": ("`chatstore/store.py` has no step definitions", "name a line of it, such as `chatstore/store.py:"),
    "./chatstore/store.py": (
        "`chatstore/store.py` has no step definitions",
        "name a line of it, such as `chatstore/store.py:",
    ),
    # Not of the product.
    "environment.py": ("no step file with definitions matches `environment.py`", "use the path of a step file"),
    "chatstore/stor.py:94": ("no step file with definitions matches `chatstore/stor.py`", ""),
    "features/1_1_rooms_and_messages.feature:1": (
        "no scenario at `features/1_1_rooms_and_messages.feature:1`",
        "the scenarios of `features/1_1_rooms_and_messages.feature` begin at lines 10, 15,",
    ),
    "features/none.feature": ("no feature file matches `features/none.feature`", ""),
    "1.1#90": ("no spec or criterion matches `1.1#90`", "`1.1` has 7 criteria: `#1` to `#7`"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_name_that_matches_nothing_is_an_error_of_two_lines(chat: Path, name: str) -> None:
    message, hint = ERRORS[name]
    result = invoke(name)
    lines = result.stderr.splitlines()
    assert (result.exit_code, result.stdout, len(lines)) == (2, "", 2)
    assert lines[0] == f"error: {message} [not-found]"
    assert lines[1].startswith(f"    hint: {hint}")


def test_without_a_document_the_hint_says_how_to_set_it(basket: Path) -> None:
    error = "error: no section of the plan matches `99`: `plan` is not configured [not-found]\n"
    hint = '    hint: set `plan = "docs/plan.md"` under `[tool.spec2bdd]`\n'
    assert invoke("plan-99").stderr == error + hint


# --- what is written by hand ------------------------------------------------------------------------------------------

HAND_WRITTEN = """\
Feature: Checkout

  Background:
    Given a basket

  @smoke
  Scenario Outline: Pay <sum>
    Then an item can be added
    And <sum> is paid

    Examples:
      | sum |
      | 1   |
      | 2   |

  Scenario: Alone
    Then nothing is known of this
"""
STEPS = """\
from behave import given, step, then


@given("a basket")
def a_basket(context):
    context.basket = ["apple"]


@step("{sum:d} is paid")
@then("{sum:d} is settled")
def is_paid(context, sum):
    def inner():
        assert context.basket

    inner()
"""


def test_outlines_backgrounds_and_several_decorators_are_traced(basket: Path) -> None:
    write_files(basket, {"features/checkout.feature": HAND_WRITTEN, "steps/checkout_steps.py": STEPS})
    trace = load("steps/checkout_steps.py:14")
    assert [(item["id"], item["kind"], item["pattern"]) for item in trace["step_definitions"]] == [
        ("steps/checkout_steps.py:9", "step", "{sum:d} is paid"),
        ("steps/checkout_steps.py:9#2", "then", "{sum:d} is settled"),
    ]
    (scenario,) = trace["scenarios"]
    assert (scenario["line"], scenario["name"], scenario["tags"]) == (7, "Pay <sum>", ["smoke"])
    assert [step["text"] for step in scenario["steps"]] == ["1 is paid", "2 is paid"]
    (whole,) = load("@smoke")["scenarios"]
    assert [step["text"] for step in whole["steps"]] == ["a basket", "an item can be added", "1 is paid", "2 is paid"]
    gaps = {(gap["kind"], gap["text"]) for gap in load("--gaps")["gaps"]}
    assert ("scenario-without-criterion", "Alone") in gaps
    assert ("step-without-definition", "then nothing is known of this") in gaps
    assert ("step-definition-without-use", "then {sum:d} is settled") in gaps
    assert ("step-definition-without-use", "step {sum:d} is paid") not in gaps


SUB_STEPS = """\
from behave import given, then, when


@given("a full basket of {count:d}")
def a_full_basket(context, count):
    \'\'\'Given this is a docstring\'\'\'
    context.execute_steps(f"Given a basket of {count}")
    context.execute_steps("Given a lid of %s" % count)
    fill(context)


def fill(context):
    context.execute_steps("When it is filled")


@given("a basket of {count:d}")
@given("this is a docstring")
def a_basket(context, count=0):
    context.execute_steps("Given a lid of {}".format(count))


@given("a lid of {count:d}")
def a_lid(context, count):
    pass


@when("it is filled")
def it_is_filled(context):
    pass
"""


def test_steps_that_functions_run_lead_to_the_scenarios_of_these_functions(basket: Path) -> None:
    feature = "Feature: a\n  Scenario: s\n    Given a full basket of 3\n"
    write_files(basket, {"features/sub.feature": feature, "steps/sub_steps.py": SUB_STEPS})
    trace = load("steps/sub_steps.py")
    definitions = {item["pattern"]: (item["callers"], item["scenarios"]) for item in trace["step_definitions"]}
    scenario = "features/sub.feature:2"
    assert definitions == {
        "a full basket of {count:d}": ([], [scenario]),
        "a basket of {count:d}": (["steps/sub_steps.py:4"], [scenario]),
        "this is a docstring": ([], []),
        "a lid of {count:d}": (["steps/sub_steps.py:4", "steps/sub_steps.py:16"], [scenario]),
        "it is filled": (["steps/sub_steps.py:12"], []),
    }
    unused = [gap["text"] for gap in trace["gaps"] if gap["kind"] == "step-definition-without-use"]
    assert unused == ["given this is a docstring"]
    # Down from the scenario, and up from the definition at the end.
    assert load(scenario)["summary"]["step_definitions"] == 3
    assert [item["id"] for item in load("steps/sub_steps.py:23")["scenarios"]] == [scenario]


def test_results_of_other_files_are_outdated(basket: Path) -> None:
    CliRunner().invoke(main, ["run", "-q"])
    assert {item["result"]["outdated"] for item in load()["scenarios"]} == {""}
    steps = basket / STEPS_PATH
    steps.write_text(steps.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    reasons = {item["result"]["outdated"] for item in load()["scenarios"]}
    assert reasons == {f"`{STEPS_PATH}` has changed since these results were recorded"}
    assert {item["result"]["verdict"] for item in load("3.10#1")["scenarios"]} == {"passed"}
    assert "✓ outdated: An item can be added" in invoke("3.10#1").stdout


BROKEN = {
    "a step file that cannot be imported": ("steps/broken_steps.py", "import nothing_like_this\n"),
    "a feature file that cannot be parsed": (
        "features/broken.feature",
        "Feature: a\n  Scenario: b\n    Given c\n    Gvien d\n",
    ),
    "a spec that cannot be read": ("specs/broken.md", b"\xff\xfe"),
}


@pytest.mark.parametrize(("path", "content"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_an_error_and_hides_nothing_else(basket: Path, path: str, content: str | bytes) -> None:
    write_files(basket, {path: content})
    result = invoke("--format", "json")
    trace = json.loads(result.stdout)
    assert result.exit_code == trace["exit_code"] == 2
    assert path in {item["path"] for item in trace["diagnostics"] if item["severity"] == "error"}
    assert trace["summary"]["criteria"] == 4


def test_steps_are_without_a_definition_only_where_all_step_files_are_loaded(basket: Path) -> None:
    (basket / STEPS_PATH).unlink()
    assert ("no definition" in invoke("-v").stdout, "| none |" in invoke("--format", "markdown").stdout) == (True, True)
    write_files(basket, {STEPS_PATH: "import nothing_like_this\n"})
    for shown in (invoke("-v").stdout, invoke("--format", "markdown").stdout):
        assert ("not loaded" in shown, "no definition" in shown, "| none |" in shown) == (True, False, False)


def test_a_step_file_that_ends_python_is_an_error(basket: Path) -> None:
    write_files(basket, {"steps/ending_steps.py": "import os\nos._exit(3)\n"})
    result = invoke()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "steps/ending_steps.py: error: Python exited with code 3" in result.stderr


def test_a_document_that_does_not_exist_is_a_warning_and_its_sections_are_not_compared(basket: Path) -> None:
    write_files(basket, {"spec2bdd.toml": 'prd = "docs/none.md"\nplan = "docs/bad.md"\n', "docs/bad.md": b"\xff"})
    result = invoke("--gaps")
    assert result.stderr.splitlines() == [
        "warning: `prd` names `docs/none.md`, which matches no file [missing-document]",
        "    hint: correct the path in the configuration",
        "docs/bad.md: warning: `plan` names this document, which cannot be read: not UTF-8 [missing-document]",
        "    hint: correct the path in the configuration",
    ]
    assert "section" not in "".join(result.stdout.splitlines()[:-1])


def list_texts(value: Any) -> Iterator[str]:
    """Yield all texts in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from list_texts(item)


def test_hostile_text_cannot_reach_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = 'Shop \x1b[31m red \u202e =1+1 | <b> "a" `c`'
    write_basket(tmp_path, spec=SPEC.replace("An item can be added", f"An item {hostile}"))
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(main, ["generate", "-q"])
    for arguments in ([], ["--format", "json"], ["3.10#1"]):
        output = invoke(*arguments).stdout
        assert ("\x1b[31m" in output, "\u202e" in output) == (False, False)
    assert SPEC_PATH in list_texts(load())
