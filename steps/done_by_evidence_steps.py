"""Steps for specs/1.10-done-by-evidence.md: items of the definition of done, and what proves them."""

import json
import os
import sys

from behave import given, then, when
from behave.api.pending_step import StepNotImplementedError
from behave.runner import Context
from lamp_project import SPEC, add_item, edit_file, read_text, run_command, write_file, write_project, write_spec

CODE, REPORT = "src/lamp.py", "coverage.xml"
EARLY, LATE = 1_700_000_000, 1_700_000_100


def configure(context: Context, entry: str) -> None:
    """Say in the configuration what the item is proved by."""
    text = read_text(context.folder, "pyproject.toml")
    if "[tool.spec2bdd.done]" not in text:
        text += 'sources = ["src/*.py"]\n\n[tool.spec2bdd.done]\n'
    write_file(context.folder, "pyproject.toml", f"{text}{json.dumps(context.item)} = {{ {entry} }}\n")
    write_dated(context, CODE, "LIGHT = 1\n", time=EARLY)


def write_dated(context: Context, path: str, text: str, *, time: int) -> None:
    """Write a file as if it had been written at some time."""
    write_file(context.folder, path, text)
    os.utime(context.folder / path, (time, time))


@given('the done item "{text}"')
def the_done_item(context: Context, text: str) -> None:
    """Add an item with an empty box."""
    context.item = text
    add_item(context.folder, "Definition of Done", f"- [ ] {text}")


@given('the ticked done item "{text}"')
def the_ticked_done_item(context: Context, text: str) -> None:
    """Add an item that is ticked."""
    context.item = text
    add_item(context.folder, "Definition of Done", f"- [x] {text}")


@given("a coverage report of {percent:d} percent for it")
def a_coverage_report(context: Context, percent: int) -> None:
    """Write a report that is newer than the code."""
    configure(context, f'coverage = "{REPORT}"')
    report = f'<?xml version="1.0"?>\n<coverage lines-valid="100" lines-covered="{percent}"/>\n'
    write_dated(context, REPORT, report, time=LATE)


@given("a coverage report that declares entities for it")
def a_hostile_report(context: Context) -> None:
    """Write a report that would grow, and read a file of the machine."""
    configure(context, f'coverage = "{REPORT}"')
    entities = '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">'
    report = f'<!DOCTYPE c [{entities}]><coverage lines-valid="1" lines-covered="1">&b;&c;</coverage>'
    write_dated(context, REPORT, report, time=LATE)


@given("a coverage report for it that does not exist")
def a_missing_report(context: Context) -> None:
    """Only name the report."""
    configure(context, f'coverage = "{REPORT}"')


@given("test reports for it, one with a test that fails")
def test_reports(context: Context) -> None:
    """Write two reports, of which only one is all right."""
    configure(context, 'junit = ["reports/*.xml"]')
    for name, inner in (("a", ""), ("b", "<failure/>")):
        text = f'<testsuite name="{name}" tests="1"><testcase name="lights">{inner}</testcase></testsuite>'
        write_dated(context, f"reports/{name}.xml", text, time=LATE)


@given("the must criteria as evidence for it")
def the_must_haves_as_evidence(context: Context) -> None:
    """Have the criteria prove the item."""
    configure(context, 'criteria = "must"')


@given("a command as evidence for it")
def a_command_as_evidence(context: Context) -> None:
    """Have a command prove the item that creates a file."""
    words = [sys.executable, "-c", "open('ran', 'w').close(); print('all is well')"]
    configure(context, f"command = {json.dumps(words)}")


@given('the project calls a complete spec "{name}"')
def the_project_calls_a_complete_spec(context: Context, name: str) -> None:
    """Give the status a name."""
    write_project(context.folder)
    text = read_text(context.folder, "pyproject.toml")
    write_file(context.folder, "pyproject.toml", f'{text}statuses = {{ complete = "{name}" }}\n')


@given("the spec waits for another one that is a draft, and may be held by it")
def the_spec_waits(context: Context) -> None:
    """Write the other spec, and name it in this one."""
    write_spec(context.folder, "specs/1.2-bulb.md", feature_id="1.2", name="Bulb")
    text = read_text(context.folder, "pyproject.toml")
    write_file(context.folder, "pyproject.toml", f'{text}upstream = "hold"\n')
    edit_file(
        context.folder,
        SPEC,
        "## Quality Assurance\n",
        "- **Upstream Dependencies**: 1.2 Bulb\n\n## Quality Assurance\n",
    )


@given("an entry of the configuration with three mistakes")
def an_entry_with_mistakes(context: Context) -> None:
    """Misspell a kind, forget what goes with another, and write a number that cannot be."""
    write_project(context.folder)
    text = read_text(context.folder, "pyproject.toml")
    entry = '{ coverge = "c.xml", file = "a.md", timeout = 0 }'
    write_file(context.folder, "pyproject.toml", f'{text}[tool.spec2bdd.done]\n"Documented" = {entry}\n')


@when("the code changes after its report was written")
def the_code_changes(context: Context) -> None:
    """Write the code a second later than the report."""
    write_dated(context, CODE, "LIGHT = 2\n", time=LATE + 1)


@then('the command has run, and it says "{words}"')
def the_command_has_run(context: Context, words: str) -> None:
    """Look for what it left, and for its last line."""
    assert (context.folder / "ran").exists(), context.answer
    assert words in context.answer.out, context.answer


@then("the command has not run")
def the_command_has_not_run(context: Context) -> None:
    """Look for what it would have left."""
    assert not (context.folder / "ran").exists(), context.answer


@then("a second mark writes nothing")
def a_second_mark_writes_nothing(context: Context) -> None:
    """Mark again, and compare the spec."""
    before = read_text(context.folder, SPEC)
    run_command(context, "mark")
    assert read_text(context.folder, SPEC) == before, context.answer


@then("Evidence may say in a field of the spec from which commit on its documentation has to change")
def evidence_may_say_in_a_field_of_the_spec_from_which_commit_on(context: Context) -> None:
    """Could: Evidence may say in a field of the spec from which commit on its documentation has to change."""
    raise StepNotImplementedError(
        "Evidence may say in a field of the spec from which commit on its documentation has to change"
    )
