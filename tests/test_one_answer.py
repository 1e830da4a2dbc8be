"""One tree, one answer: `verify` of a part, `mark` and `verify` of everything judge by the same results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from small_project import (
    SPEC,
    SPEC_PATH,
    STEPS_PATH,
    generate,
    list_verdicts,
    mark,
    read_all,
    run,
    verify,
    write_basket,
    write_files,
)

from spec2bdd.config import read_config
from spec2bdd.errors import RecordError
from spec2bdd.model import Report, RunOptions, Selection
from spec2bdd.reporters.next_step.after_command import find_next

# What the steps look at is outside of the project, as a service would be: it changes, and the project does not.
STEPS = """\
from pathlib import Path
from xml.etree import ElementTree

from behave import then

SHOP = Path({shop!r})


@then("an item can be added")
def can_be_added(context):
    assert "added" in SHOP.read_text()


@then('removing an item that is not there is refused with "{{text}}"')
def is_refused(context, text):
    assert "refused" in SHOP.read_text(), text
"""
PASSING, FAILING = "added refused", "added"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a project of which one must fails until the shop is repaired."""
    shop = tmp_path / "shop.txt"
    shop.write_text(FAILING)
    return write_basket(
        tmp_path / "project", spec=SPEC.replace("Draft", "In Progress"), steps=STEPS.format(shop=str(shop))
    )


def repair(project: Path) -> None:
    """Repair what fails."""
    (project.parent / "shop.txt").write_text(PASSING)


def read_spec(project: Path) -> str:
    """Return the text of the spec."""
    return (project / SPEC_PATH).read_text()


@pytest.mark.parametrize(
    "selection",
    [Selection(failed=True), Selection(("3.10#2",)), Selection(("removing an item",), failed=True)],
    ids=["what failed", "a name", "both"],
)
def test_what_was_repaired_and_run_again_moves_the_box_and_the_status(project: Path, selection: Selection) -> None:
    assert verify(project).exit_code == 1
    assert "status: In Progress" in read_spec(project)
    repair(project)
    report = verify(project, choice=selection)
    assert ("- [x] Removing" in read_spec(project), "status: Review" in read_spec(project)) == (True, True)
    assert (report.exit_code, list(list_verdicts(report).values())) == (0, ["passed", "passed", "pending", "pending"])
    marked = read_all(project)
    assert mark(project, check=True).exit_code == 0
    assert verify(project, check=True).exit_code == 0
    verify(project)
    assert read_all(project) == marked


def test_a_run_of_what_failed_is_judged_by_all_kept_records(project: Path) -> None:
    verify(project)
    repair(project)
    report = run(project, choice=Selection(failed=True))
    assert (report.exit_code, list(list_verdicts(report).values())) == (0, ["passed", "passed", "pending", "pending"])
    assert any(note.endswith("; all others are judged by earlier runs") for note in report.notes)


def test_u1_after_a_repair_in_the_project_a_whole_verify_completes_what_failed_started(project: Path) -> None:
    verify(project)
    # The step file is repaired, which the kept results of the others do not come from.
    path = project / STEPS_PATH
    path.write_text(path.read_text().replace('"refused" in', '"added" in'))
    report = verify(project, choice=Selection(failed=True))
    assert list(list_verdicts(report).values()) == ["stale", "passed", "pending", "pending"]
    assert ("- [x] Removing" in read_spec(project), "status: In Progress" in read_spec(project)) == (True, True)
    assert find_next(report) == "run `spec2bdd verify` again: the results are stale"
    assert verify(project).exit_code == 0
    assert "status: Review" in read_spec(project)
    assert verify(project, check=True).exit_code == 0
    assert verify(project, choice=Selection(failed=True), check=True).exit_code == 0


@pytest.mark.parametrize("command", [verify, run])
def test_where_nothing_failed_and_a_file_has_changed_since_the_claim_of_the_status_is_a_no(
    project: Path, command: Callable[..., Report]
) -> None:
    repair(project)
    write_files(project, {SPEC_PATH: SPEC[: SPEC.index("### Should Have")]})
    verify(project)
    write_files(project, {STEPS_PATH: (project / STEPS_PATH).read_text() + "# changed\n"})
    report = command(project, choice=Selection(failed=True))
    assert "nothing failed last time: nothing was run" in report.notes
    assert (report.exit_code, mark(project, check=True).exit_code) == (1, 1)


def test_a_part_does_not_answer_for_what_it_left_out_and_mark_does(project: Path) -> None:
    repair(project)
    write_files(project, {SPEC_PATH: SPEC[: SPEC.index("### Should Have")]})
    verify(project)
    write_files(project, {STEPS_PATH: (project / STEPS_PATH).read_text() + "# changed\n"})
    report = verify(project, choice=Selection(("3.10#2",)))
    assert list(list_verdicts(report).values()) == ["stale", "passed"]
    assert (report.exit_code, report.partial, mark(project, check=True).exit_code) == (0, True, 1)
    report = verify(project, choice=Selection(failed=True))
    assert (report.exit_code, report.partial) == (1, False)


def test_check_of_a_part_gives_the_answer_that_writing_it_would_give(project: Path) -> None:
    verify(project)
    repair(project)
    before = read_all(project)
    planned = verify(project, choice=Selection(failed=True), check=True)
    assert read_all(project) == before
    assert [change.path for change in planned.changes] == [SPEC_PATH]
    written = verify(project, choice=Selection(failed=True))
    assert [change.after for change in written.changes] == [change.after for change in planned.changes]


def test_a_part_that_passes_does_not_hide_what_failed_before(project: Path) -> None:
    verify(project)
    report = verify(project, choice=Selection(("3.10#1",)))
    assert list_verdicts(report)['Removing an item that is not there is refused with "no such item"'] == "failed"
    assert (report.exit_code, mark(project).exit_code) == (1, 1)


def test_where_nothing_failed_verify_marks_what_a_run_before_it_proved(project: Path) -> None:
    repair(project)
    generate(project)
    write_files(project, {SPEC_PATH: SPEC[: SPEC.index("### Should Have")]})
    generate(project)
    run(project)
    assert "- [x] Removing" not in read_spec(project)
    report = verify(project, choice=Selection(failed=True))
    assert "nothing failed last time: nothing was run" in report.notes
    assert ("- [x] Removing" in read_spec(project), "status: Review" in read_spec(project)) == (True, True)
    assert mark(project, check=True).exit_code == 0


def test_the_first_part_is_judged_by_itself(project: Path) -> None:
    report = verify(project, choice=Selection(("3.10#1",)))
    assert list(list_verdicts(report).values()) == ["passed", "skipped", "skipped", "skipped"]
    assert report.exit_code == 0


# --- a whole run ends the partial runs before it --------------------------------------------------------------------


def cut_records(project: Path, *, events: int) -> None:
    """Cut the records of a whole run down to its first events, as if it had died then."""
    records = read_config(project).records
    records.write_text("".join(records.read_text().splitlines(keepends=True)[:events]))


@pytest.mark.parametrize("events", [1, 2])
def test_a_whole_run_that_died_ends_the_parts_before_it(project: Path, events: int) -> None:
    generate(project)
    run(project, choice=Selection(("3.10#1",)))
    (part,) = (project / ".spec2bdd").glob("*.ndjson")
    kept = part.read_bytes()
    run(project)
    cut_records(project, events=events)
    # A whole run that ended has removed the parts; one that died has not.
    part.write_bytes(kept)
    report = mark(project)
    assert (report.exit_code, "- [x]" in read_spec(project)) == (2, False)
    assert "passed" not in list_verdicts(report).values()


def test_a_whole_run_that_died_without_a_readable_line_ends_them_too(project: Path) -> None:
    generate(project)
    run(project, choice=Selection(("3.10#1",)))
    read_config(project).records.write_text('{"event": "ru')
    with pytest.raises(RecordError, match="not a spec2bdd record file"):
        mark(project)
    assert "- [x]" not in read_spec(project)


def test_parts_after_a_whole_run_that_died_count(project: Path) -> None:
    generate(project)
    run(project)
    cut_records(project, events=1)
    run(project, choice=Selection(("3.10#1",)))
    assert next(iter(list_verdicts(mark(project)).values())) == "passed"


# --- formatters of the project's own settings -----------------------------------------------------------------------

FORMATS = {
    "one without a file": "format = progress\n",
    "one with a file": "format = progress\noutfiles = progress.txt\n",
    "two": "format = pretty\n  progress\noutfiles = pretty.txt\n  progress.txt\n",
}


def list_files(project: Path) -> set[str]:
    """List the files of a project, but for Python's and spec2bdd's own."""
    paths = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    return {path for path in paths if not path.startswith(".spec2bdd/") and "__pycache__" not in path}


@pytest.mark.parametrize("settings", FORMATS.values(), ids=FORMATS)
def test_a_check_leaves_no_output_of_other_formatters_and_judges_as_ever(project: Path, settings: str) -> None:
    generate(project)
    write_files(project, {"behave.ini": f"[behave]\n{settings}"})
    before = list_files(project)
    report = verify(project, check=True)
    assert list(list_verdicts(report).values()) == ["passed", "failed", "pending", "pending"]
    assert list_files(project) == before
    assert list(list_verdicts(verify(project)).values()) == ["passed", "failed", "pending", "pending"]


def test_u5_a_stub_is_an_error_in_the_report_of_behave_and_pending_in_ours(project: Path) -> None:
    repair(project)
    generate(project)
    report = run(project, plan=RunOptions(arguments=("--junit", "--junit-directory", str(project / "reports"))))
    (path,) = (project / "reports").glob("*.xml")
    suite = ElementTree.parse(path).getroot()
    assert (suite.get("tests"), suite.get("errors"), suite.get("failures")) == ("4", "2", "0")
    assert list(list_verdicts(report).values()) == ["passed", "passed", "pending", "pending"]
    assert report.exit_code == run(project).exit_code
