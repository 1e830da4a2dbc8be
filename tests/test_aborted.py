"""A run that a step or hook aborts did not finish: its exit code is 2, with the reason and the place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import program
import pytest
from small_project import generate, list_verdicts, mark, run, verify, write_files

from spec2bdd.commands.explain import explain
from spec2bdd.commands.status import status
from spec2bdd.config import read_config
from spec2bdd.domain.verdicts.rules import RULES
from spec2bdd.model import Report, RuleId, RunOptions, Verdict
from spec2bdd.reporters.text.explanation import render_explanation
from spec2bdd.reporters.text.overview import render_overview
from spec2bdd.reporters.text.report import render_text

SPEC = """\
---
feature_id: 1.1
name: Basket
status: Draft
---

## Acceptance Criteria

- [ ] An item can be added {#add}
- [ ] An item can be removed {#remove}
"""
STEPS = """\
from behave import then


@then("an item can be added")
def an_item_can_be_added(context):
    context.abort(reason="no database")
    assert ["apple"] == [context.scenario.name and "apple"]


@then("an item can be removed")
def an_item_can_be_removed(context):
    assert ["apple"] == [context.scenario.name and "apple"]
"""
WORKING = STEPS.replace('    context.abort(reason="no database")\n', "")


def write_project(root: Path, steps: str = WORKING, hooks: str = "") -> Path:
    """Write a project of two criteria."""
    write_files(root, {"specs/1.md": SPEC, "steps/own_steps.py": steps, "environment.py": hooks})
    generate(root)
    return root


def list_aborts(report: Report) -> list[tuple[str, int, str]]:
    """List the errors about aborts with their places."""
    found = [diagnostic for diagnostic in report.diagnostics if diagnostic.code == "run-aborted"]
    return [(diagnostic.path, diagnostic.line, diagnostic.message) for diagnostic in found]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_step_that_aborts_the_run_makes_it_an_error(tmp_path: Path, jobs: int) -> None:
    report = verify(write_project(tmp_path, STEPS), plan=RunOptions(jobs=jobs))
    message = "the run was aborted: no database; the rest was not run"
    assert (report.exit_code, list_aborts(report)) == (2, [("steps/own_steps.py", 6, message)])


def test_what_passed_before_the_abort_counts_and_the_rest_was_not_run(tmp_path: Path) -> None:
    report = verify(write_project(tmp_path, STEPS))
    assert list_verdicts(report) == {"An item can be added": "passed", "An item can be removed": "not run"}


HOOKS = {
    "before_all": "def before_all(context):\n    context.abort()\n",
    "before_feature": "def before_feature(context, feature):\n    context.abort()\n",
    "after_scenario": "def after_scenario(context, scenario):\n    context.abort()\n",
    "a clean-up": "def before_all(context):\n    context.add_cleanup(context.abort)\n",
    "the runner's own method": "def before_all(context):\n    context._runner.abort()\n",
}


@pytest.mark.parametrize("name", HOOKS)
def test_so_does_a_hook_such_as(name: str, tmp_path: Path) -> None:
    report = run(write_project(tmp_path, hooks=HOOKS[name]))
    message = "the run was aborted; the rest was not run"
    place = ("", 0) if name == "a clean-up" else ("environment.py", 2)
    assert (report.exit_code, list_aborts(report)) == (2, [(*place, message)])


def test_mark_says_it_of_the_records_as_well(tmp_path: Path) -> None:
    run(write_project(tmp_path, STEPS))
    report = mark(tmp_path)
    assert (report.exit_code, len(list_aborts(report))) == (2, 1)


def test_a_run_without_an_abort_is_no_error(tmp_path: Path) -> None:
    assert verify(write_project(tmp_path)).exit_code == 0


FAILING = """\
def connect():
    raise OSError("no database")


def {hook}(context{arguments}):
    connect()
"""


@pytest.mark.parametrize("hook", ["before_all", "after_all"])
def test_a_hook_around_the_run_that_fails_is_one_error_with_its_calls(tmp_path: Path, hook: str) -> None:
    report = verify(write_project(tmp_path, hooks=FAILING.format(hook=hook, arguments="")))
    shown = render_text(report, width=80, color=False).splitlines(keepends=True)
    # Python 3.13 also marks the part of a line that it calls.
    text = "".join(line for line in shown if line.strip(" ~^\n") != "┊")
    assert (report.exit_code, report.diagnostics) == (2, ())
    assert (
        f"""\
✗ errors outside the scenarios
  the whole run
  │ {hook}: OSError: no database
  (environment.py:2)
    ┊   File "environment.py", line 6, in {hook}
    ┊     connect()
    ┊   File "environment.py", line 2, in connect
    ┊     raise OSError("no database")
"""
        in text
    )
    assert text.count("no database") == 2
    assert text.endswith("next: fix the error in environment.py:2, then `spec2bdd verify`\n")


def test_after_an_error_at_the_end_every_answer_says_that_the_run_failed(tmp_path: Path) -> None:
    root = write_project(tmp_path, hooks=FAILING.format(hook="after_all", arguments=""))
    report = verify(root)
    assert "not run (run failed)" in render_text(report, width=200, color=False).splitlines()[-2]
    (spec,) = report.specs
    passed = next(verdict for verdict in spec.verdicts if verdict.rule is RuleId.BROKEN_RUN)
    explanation = explain(read_config(root), passed.id)
    shown = " ".join(render_explanation(explanation, width=200, color=False).split())
    error = "error outside the scenarios, so no pass counts: after_all: OSError: no database"
    assert f"verdict not run (run failed): {error}" in shown
    assert f"rule {RULES[RuleId.BROKEN_RUN].sentence}" in shown
    for text in (shown, render_overview(status(read_config(root)), width=200, color=False)):
        assert "which ended with an error outside the scenarios" in text
        assert "next: fix the error in environment.py:2, then `spec2bdd verify`" in text


@pytest.mark.parametrize(
    ("hook", "arguments"),
    [("before_feature", ", feature"), ("before_scenario", ", scenario"), ("before_tag", ", tag")],
)
def test_a_hook_around_scenarios_that_fails_has_its_calls_in_the_report(
    tmp_path: Path, hook: str, arguments: str
) -> None:
    report = verify(write_project(tmp_path, hooks=FAILING.format(hook=hook, arguments=arguments)))
    text = render_text(report, width=80, color=False)
    assert "(environment.py:2)\n" in text
    assert f'┊   File "environment.py", line 6, in {hook}\n' in text
    assert text.endswith("next: fix the error in environment.py:2, then `spec2bdd verify`\n")


def test_a_criterion_that_an_abort_left_out_names_its_place(tmp_path: Path) -> None:
    root = write_project(tmp_path, STEPS)
    (verdict,) = (one for one in verify(root).specs[0].verdicts if one.verdict is Verdict.NOT_RUN)
    assert verdict.reason == "the run was aborted before it (steps/own_steps.py:6)"
    for name in ("1.1#2", "1.1"):
        shown = render_explanation(explain(read_config(root), name), width=200, color=False)
        assert f"not run: {verdict.reason}\n" in shown
        assert shown.endswith("next: fix the error in steps/own_steps.py:6\n")
    overview = render_overview(status(read_config(root)), width=200, color=False)
    assert overview.endswith("next: fix the error in steps/own_steps.py:6\n")


def test_an_abort_before_anything_ran_is_the_reason_of_all(tmp_path: Path) -> None:
    leaving = "def before_feature(context, feature):\n    context.abort()\n"
    report = run(write_project(tmp_path, hooks=leaving))
    reasons = {verdict.reason for spec in report.specs for verdict in spec.verdicts}
    assert reasons == {"the run was aborted before it (environment.py:2)"}


BROKEN = {
    "a feature file": ("features/own.feature", "Feature: own\n\n  Scenario: one\n    Then it is red\n  x\n", 5),
    "a step file": ("steps/more.py", "def x(:\n", 1),
    "an abort": ("steps/own_steps.py", STEPS, 6),
}
READERS: list[tuple[str, ...]] = [
    ("status",),
    ("status", "1.1"),
    ("explain", "1.1"),
    ("explain", "1.1#2"),
    ("history", "1.1"),
    ("report", "--format", "json"),
    ("trace",),
    ("mark",),
]


@pytest.mark.parametrize("name", BROKEN)
def test_what_the_last_run_could_not_use_is_an_error_until_it_is_edited(name: str, tmp_path: Path) -> None:
    root = write_project(tmp_path)
    path, text, line = BROKEN[name]
    write_files(root, {path: text})
    ran = program.call(root, "run", "--quiet")
    error = ran.stderr.splitlines()[0]
    assert (ran.returncode, error.startswith(f"{path}:{line}:")) == (2, True)
    for command in READERS:
        read = program.call(root, *command)
        assert (read.returncode, read.stderr.splitlines()[0]) == (2, error)
    for command in READERS[:3]:
        assert program.call(root, *command).stdout.endswith(f"next: fix the error in {path}:{line}\n")
    # What has been edited may be right by now.
    write_files(root, {path: f"{text}\n# edited\n"})
    # `trace` loads the step files and finds those that are still broken.
    assert 2 not in {program.call(root, *command).returncode for command in READERS if command != ("trace",)}


def list_refusals(root: Path) -> list[bool]:
    """List whether each command that judges by records says that something could not be done."""
    # `mark` says with 1 that a status claims what nothing of today proves.
    return [program.call(root, *command).returncode == 2 for command in READERS]


ALL, NONE = [True] * len(READERS), [False] * len(READERS)


@pytest.mark.parametrize("hook", ["before_all", "after_all"])
def test_a_hook_around_the_run_that_failed_is_an_error_for_every_reader_until_it_is_edited(
    tmp_path: Path, hook: str
) -> None:
    hooks = FAILING.format(hook=hook, arguments="")
    root = write_project(tmp_path, hooks=hooks)
    program.call(root, "run", "--quiet")
    error = f"environment.py:2:1: error: {hook}: OSError: no database [hook-failed]"
    # `mark` shows it with its calls, as `run` does.
    assert [program.call(root, *command).stderr.splitlines()[:1] for command in READERS[:-1]] == [[error]] * 7
    assert list_refusals(root) == ALL
    write_files(root, {"environment.py": f"{hooks}# edited\n"})
    assert list_refusals(root) == NONE
    assert program.call(root, "run", "--failed", "--quiet").stderr == ""


NEXT: list[tuple[str, ...]] = [("status",), ("explain", "1.1"), ("explain", "add"), ("mark", "--check")]


@pytest.mark.parametrize("hook", ["before_all", "after_all", "before_feature", "after_feature"])
def test_a_hook_that_failed_is_the_next_step_until_it_is_edited(tmp_path: Path, hook: str) -> None:
    root = write_project(tmp_path)
    hooks = f"def {hook}(*args):\n    raise OSError('no database')\n"
    write_files(root, {"environment.py": hooks})
    program.call(root, "run", "--quiet")
    steps = [program.call(root, *command).stdout.splitlines()[-1] for command in NEXT]
    assert {step.partition(",")[0] for step in steps} == {"next: fix the error in environment.py:2"}
    write_files(root, {"environment.py": f"{hooks}# edited\n"})
    steps = [program.call(root, *command).stdout.splitlines()[-1] for command in NEXT]
    assert {*steps} == {"next: run `spec2bdd verify` again: the results are stale"}


def test_a_syntax_error_counts_while_its_file_is_the_same_whatever_else_is_edited(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    write_files(root, {"steps/more.py": "def x(:\n"})
    program.call(root, "run", "--quiet")
    write_files(root, {"steps/own_steps.py": f"{WORKING}# edited\n"})
    assert list_refusals(root) == ALL


def test_a_missing_module_may_be_there_once_another_file_is_edited(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    write_files(root, {"steps/more.py": "import shop_of_ours\n"})
    program.call(root, "run", "--quiet")
    assert list_refusals(root) == ALL
    write_files(root, {"steps/shop_of_ours.py": "OPEN = True\n"})
    assert list_refusals(root) == NONE


def test_an_error_of_an_earlier_run_is_a_warning_that_says_to_run_again(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    write_files(root, {"steps/more.py": "def x(:\n"})
    program.call(root, "run", "--quiet")
    (root / "steps/more.py").unlink()
    for command in (("explain", "1.1"), ("mark",)):
        first, *_, hint = program.call(root, *command).stderr.splitlines()[:2]
        assert first.startswith("steps/more.py:1:7: warning: cannot be loaded: SyntaxError")
        assert hint == "    hint: run again: this is of an earlier run, and files have changed since"


LOADING = {
    "a syntax error": {"steps/more.py": "def x(:\n"},
    "a missing module": {"steps/more.py": "import shop_of_ours\n"},
    "a step that is defined twice": {"steps/more.py": WORKING},
    "an error of the hooks": {"environment.py": "def x(:\n"},
}


@pytest.mark.parametrize("files", LOADING.values(), ids=LOADING)
def test_an_error_in_a_file_that_a_later_run_of_a_part_has_loaded_is_no_warning(
    tmp_path: Path, files: dict[str, str]
) -> None:
    root = write_project(tmp_path)
    write_files(root, files)
    assert program.call(root, "verify", "--quiet").returncode == 2
    write_files(root, dict.fromkeys(files, "# all is well\n"))
    assert program.call(root, "verify", "--quiet", "add").stderr == ""
    for command in (("status", "1.1"), ("explain", "1.1"), ("explain", "remove"), ("status",), ("mark",)):
        assert program.call(root, *command).stderr == ""


def test_an_error_in_a_file_stays_a_warning_after_a_later_run_that_reports_it_too(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    for text in ("def x(:\n", "def y(:\n"):
        write_files(root, {"steps/more.py": text})
        program.call(root, "run", "--quiet", "add")
    (root / "steps/more.py").unlink()
    warnings = program.call(root, "explain", "1.1").stderr.splitlines()[::2]
    assert [line.partition(": ")[0] for line in warnings] == ["steps/more.py:1:7"] * len(warnings)
    assert warnings


def test_a_feature_file_that_cannot_be_parsed_counts_also_after_a_run_of_another_one(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    write_files(root, {"features/own.feature": "Feature: own\n\n  Scenario: one\n    Then it is red\n  x\n"})
    program.call(root, "run", "--quiet")
    program.call(root, "run", "--quiet", "1.1")
    assert list_refusals(root) == ALL
    (root / "features/own.feature").unlink()
    assert list_refusals(root) == NONE


FLAKY_HOOK = (
    "import os\n\n\ndef after_all(context):\n    if os.environ.get('STOP'):\n        raise OSError('no database')\n"
)
OTHER = SPEC.replace("1.1", "1.2").replace("Basket", "List").replace("#add", "#put").replace("#remove", "#take")


def test_a_hook_that_failed_counts_until_newer_runs_have_the_results_whatever_older_ones_have(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    write_files(root, {"steps/own_steps.py": WORKING, "environment.py": FLAKY_HOOK, "specs/1.2.md": OTHER})
    program.call(root, "generate", "--quiet")
    program.call(root, "run", "--quiet")
    program.call(root, "run", "--quiet", "1.1", STOP="1")
    assert list_refusals(root) == ALL
    program.call(root, "run", "--quiet", "1.2")
    assert list_refusals(root) == ALL
    steps = [program.call(root, *command).stdout.splitlines()[-1] for command in (("status",), ("mark", "--check"))]
    assert {step.partition(",")[0] for step in steps} == {"next: fix the error in environment.py:6"}
    program.call(root, "run", "--quiet", "1.1")
    assert list_refusals(root) == NONE


def test_of_an_abort_nothing_is_said_once_a_run_of_the_same_files_has_the_results(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    aborting = STEPS.replace("context.abort(", "__import__('os').environ.get('STOP') and context.abort(")
    write_files(root, {"steps/own_steps.py": aborting})
    assert program.call(root, "run", "--quiet", STOP="1").returncode == 2
    assert list_refusals(root) == ALL
    program.call(root, "run", "--quiet", "--failed")
    assert list_refusals(root) == NONE
    answers = [program.call(root, *command) for command in READERS]
    assert not [answer for answer in answers if "was aborted" in answer.stderr + answer.stdout]


CONFLICT = "<<<<<<< ours\n    Then it is red\n=======\n    Then it is green\n>>>>>>> theirs\n"


def test_a_conflict_in_a_feature_counts_while_its_file_is_the_same_whatever_else_is_edited(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    feature = f"Feature: own\n\n  Scenario: one\n{CONFLICT}"
    write_files(root, {"features/own.feature": feature})
    program.call(root, "run", "--quiet")
    write_files(root, {"steps/own_steps.py": f"{WORKING}# edited\n"})
    assert list_refusals(root) == ALL
    (root / "features/own.feature").unlink()
    assert list_refusals(root) == NONE


@pytest.mark.parametrize("path", ["features/own.feature", "steps/more.py"])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("nowhere")], ids=["pipe", "link"])
def test_what_is_no_file_is_an_error_until_it_is_removed(
    tmp_path: Path, make: Callable[[Path], None], path: str
) -> None:
    root = write_project(tmp_path)
    make(root / path)
    assert program.call(root, "run", "--quiet").returncode == 2
    write_files(root, {"steps/own_steps.py": f"{WORKING}# edited\n"})
    assert list_refusals(root) == ALL
    (root / path).unlink()
    assert list_refusals(root) == NONE


def test_a_run_that_did_not_finish_is_an_error_for_every_reader(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    program.call(root, "run", "--quiet")
    records = root / ".spec2bdd/records.ndjson"
    records.write_text("".join(records.read_text().splitlines(keepends=True)[:-1]))
    message = ".spec2bdd/records.ndjson: error: the run did not finish; only the results up to there were used"
    answers = [program.call(root, *command) for command in READERS]
    assert {(answer.returncode, answer.stderr.splitlines()[0]) for answer in answers} == {
        (2, f"{message} [run-unfinished]")
    }


def test_without_results_or_after_a_run_without_errors_nothing_is_an_error(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    # `mark` has nothing to do without results.
    assert list_refusals(root) == [*NONE[:-1], True]
    program.call(root, "run", "--quiet")
    assert list_refusals(root) == NONE


PAST = "run `spec2bdd verify` again: the results are stale"


def list_next_steps(root: Path) -> list[str]:
    """List what the commands that judge by the last run suggest."""
    commands = (["status"], ["explain", "1.1"], ["explain", "1.1#1"], ["status", "1.1"], ["mark", "--check"])
    outputs = [program.call(root, *command, COLUMNS="200").stdout for command in commands]
    return [output.splitlines()[-1].removeprefix("next: ") for output in outputs]


@pytest.mark.parametrize("hook", ["before_all", "after_all", "before_feature"])
@pytest.mark.parametrize("repair", ["edited", "deleted", "another file edited"])
def test_the_next_step_after_a_failed_hook_was_repaired_is_another_run(tmp_path: Path, hook: str, repair: str) -> None:
    root = write_project(tmp_path, hooks=FAILING.format(hook=hook, arguments=", f" if hook == "before_feature" else ""))
    program.call(root, "run", "--quiet")
    # Of a feature whose hook failed, only its criteria failed.
    again = "verify" if hook == "before_feature" else "run"
    assert list_next_steps(root) == [
        *["fix the error in environment.py:2, then `spec2bdd verify`"] * 4,
        f"fix the error in environment.py:2, then `spec2bdd {again}`",
    ]
    if repair == "deleted":
        (root / "environment.py").unlink()
    else:
        write_files(root, {"environment.py" if repair == "edited" else "shop.py": "OPEN = True\n"})
    assert list_next_steps(root) == [PAST] * 5


def test_a_failed_hook_that_was_repaired_is_shown_as_one_of_an_earlier_run(tmp_path: Path) -> None:
    root = write_project(tmp_path, hooks=FAILING.format(hook="before_all", arguments=""))
    program.call(root, "run", "--quiet")
    write_files(root, {"environment.py": "OPEN = True\n"})
    assert program.call(root, "mark").stdout.splitlines()[:4] == [
        "✗ errors outside the scenarios of an earlier run",
        "  the whole run",
        "  │ before_all: OSError: no database",
        "",
    ]
    # Its records are kept together with those of the earlier run, which no longer make an error of it.
    again = program.call(root, "run", "--failed")
    assert (again.returncode, "\nPassed: " in again.stdout) == (0, True)


def test_the_next_step_after_files_changed_since_an_aborted_run_is_another_run(tmp_path: Path) -> None:
    root = write_project(tmp_path, STEPS)
    program.call(root, "run", "--quiet")
    write_files(root, {"steps/own_steps.py": WORKING})
    assert list_next_steps(root) == [PAST] * 5
    # Also by the cache.
    assert list_next_steps(root)[0] == PAST


def test_a_report_for_cucumber_leaves_out_a_failed_hook_that_was_repaired(tmp_path: Path) -> None:
    root = write_project(tmp_path, hooks=FAILING.format(hook="after_all", arguments=""))
    program.call(root, "run", "--quiet")

    def find_message() -> object:
        last = program.call(root, "report", "--format", "cucumber-messages").stdout.splitlines()[-1]
        return json.loads(last)["testRunFinished"].get("message")

    assert find_message() == "after_all: OSError: no database"
    write_files(root, {"environment.py": "OPEN = True\n"})
    assert find_message() is None
