"""Steps for specs/1.9-merging-results.md: records of several runs."""

import json

from behave import given, then
from behave.api.pending_step import StepNotImplementedError
from behave.runner import Context
from lamp_project import write_file

RECORDS = ".spec2bdd/records.ndjson"
COMMIT = {"commit": "c" * 40, "dirty": False}


@given('records of the same commit say that "{text}" failed')
def records_of_the_same_commit(context: Context, text: str) -> None:
    """Let the records be of a commit, and write a copy of them in which the step failed."""
    header, *rest = map(json.loads, (context.folder / RECORDS).read_text().splitlines())
    steps = [event for event in rest if event.get("text") == text]
    assert [step["status"] for step in steps] == ["passed"], steps
    write_records(context, "records", [{**header, "git": COMMIT}, *rest])
    steps[0]["status"] = "failed"
    write_records(context, "again", [{**header, "git": COMMIT, "id": "again"}, *rest])


def write_records(context: Context, name: str, events: list[dict[str, object]]) -> None:
    """Write a record file."""
    write_file(context.folder, f".spec2bdd/{name}.ndjson", "".join(f"{json.dumps(event)}\n" for event in events))


@then('the reason of "{text}" begins with "{start}"')
def the_reason_begins(context: Context, text: str, start: str) -> None:
    """Read the JSON report."""
    reason = context.answer.find_criterion(text)["reason"]
    assert reason.startswith(start), reason


@then("Reports of other tools can be marked by, with weaker guarantees")
def reports_of_other_tools_can_be_marked_by_with_weaker(context: Context) -> None:
    """Could: Reports of other tools can be marked by, with weaker guarantees."""
    raise StepNotImplementedError("Reports of other tools can be marked by, with weaker guarantees")
