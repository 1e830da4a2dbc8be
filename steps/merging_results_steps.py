"""Steps for specs/1.9-merging-results.md: records of several runs."""

import json
import subprocess
import sys

from behave import given, then
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


@given('plain Behave wrote the report "{path}"')
def plain_behave_wrote_the_report(context: Context, path: str) -> None:
    """Run Behave itself, with its JSON."""
    command = [sys.executable, "-m", "behave", "-f", "json", "-o", path, "features"]
    subprocess.run(command, cwd=context.folder, capture_output=True, check=False)
    assert (context.folder / path).stat().st_size


@then('the reason of "{text}" begins with "{start}"')
def the_reason_begins(context: Context, text: str, start: str) -> None:
    """Read the JSON report."""
    reason = context.answer.find_criterion(text)["reason"]
    assert reason.startswith(start), reason
