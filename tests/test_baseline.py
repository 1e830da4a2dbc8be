"""The gate for projects that start red: what `spec2bdd.lock` calls proved stays proved; nothing else is required."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import program
import pytest
from small_project import (
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    copy_project,
    generate,
    read_all,
    run,
    verify,
    write_basket,
    write_files,
)

from spec2bdd.cli.options import build_judge_options
from spec2bdd.commands.mark import mark
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import read_config
from spec2bdd.domain.verdicts.baseline import BASELINE, parse_baseline, render_baseline
from spec2bdd.errors import BaselineError, UsageError
from spec2bdd.model import JudgeOptions, Report, Selection
from spec2bdd.reporters.next_step.after_command import find_next

GATE = JudgeOptions(gate_baseline=True)
UPDATE = JudgeOptions(gate_baseline=True, update_baseline=True)
BROKEN = STEPS.replace('basket == ["apple"]', "basket == []")
FIXED = STEPS.replace('"pear" in basket', '"apple" in basket')
Command = Callable[..., Report]
CLAIMS = SPEC.replace("status: Draft", "status: Review")


@pytest.fixture(scope="module")
def verified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with a criterion that passes, one that fails and two without steps, and a baseline of it."""
    root = write_basket(tmp_path_factory.mktemp("basket"), spec=CLAIMS)
    report = verify(root, judge_options=UPDATE)
    assert report.exit_code == 0
    return root


@pytest.fixture
def project(verified: Path, tmp_path: Path) -> Path:
    """Return a copy of that project."""
    return copy_project(verified, tmp_path)


def read_ids(root: Path) -> list[str]:
    """Return the ids in the baseline."""
    return [line for line in (root / BASELINE).read_text().splitlines() if not line.startswith("#")]


def list_reasons(report: Report) -> list[str]:
    """Return why specs fail the gate."""
    return [str(reason) for spec in report.specs for reason in spec.reasons]


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `spec2bdd verify` in a folder."""
    return program.call(root, "verify", *arguments, COLUMNS="120", NO_COLOR="1")


def test_the_baseline_has_what_passes_and_nothing_else(project: Path) -> None:
    (id_,) = read_ids(project)
    passed = [verdict.id for spec in verify(project).specs for verdict in spec.verdicts if verdict.verdict == "passed"]
    assert passed == [id_]


def test_what_was_never_proved_fails_nothing(project: Path) -> None:
    report = verify(project, judge_options=GATE)
    assert (report.exit_code, list_reasons(report)) == (0, [])
    assert verify(project).exit_code == 1


@pytest.mark.parametrize("command", ["verify", "run"])
def test_the_summary_says_of_what_is_not_proved_that_it_is_not_in_the_baseline(project: Path, command: str) -> None:
    shown = program.call(project, command, "--gate", "no-regression", COLUMNS="160").stdout
    assert "musts proved, 1 failed · " in shown
    missing = STEPS.replace('"pear" in basket', "True is False").replace('"an item can be added"', '"an item is added"')
    write_files(project, {STEPS_PATH: missing, BASELINE: ""})
    shown = program.call(project, command, "--gate", "no-regression", COLUMNS="160").stdout
    assert f"1 failed, 1 not in `{BASELINE}` · " in shown


def test_what_was_proved_and_fails_now_is_a_no_with_the_next_step(project: Path) -> None:
    write_files(project, {STEPS_PATH: BROKEN})
    report = verify(project, judge_options=GATE)
    assert (report.exit_code, list_reasons(report)) == (1, [f"criterion of `{BASELINE}` is failed (line 28)"])
    assert find_next(report).startswith("make the step in features/3_10_shop_basket.feature:")


def test_the_next_step_is_about_the_baseline_before_other_failures(project: Path) -> None:
    # The second criterion fails, and was never proved; the first one was, and lost its step.
    missing = STEPS.replace('"an item can be added"', '"something else"')
    write_files(project, {STEPS_PATH: missing})
    done = call(project, "--gate", "no-regression")
    assert done.returncode == 1
    assert f"criterion of `{BASELINE}` is pending" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("next: write the steps in `steps/")


def test_a_baseline_is_not_updated_to_less(project: Path) -> None:
    before = read_ids(project)
    write_files(project, {STEPS_PATH: BROKEN})
    assert verify(project, judge_options=UPDATE).exit_code == 1
    assert read_ids(project) == before


def test_a_criterion_that_newly_passes_is_suggested_and_then_added(project: Path) -> None:
    write_files(project, {STEPS_PATH: FIXED})
    note = f"1 criterion passes and is not in `{BASELINE}`; add with `spec2bdd verify --update-baseline`"
    report = verify(project, judge_options=GATE)
    assert (report.exit_code, note in report.notes) == (0, True)
    verify(project, judge_options=UPDATE)
    assert len(read_ids(project)) == 2
    assert verify(project, judge_options=GATE).notes == ()


def test_an_update_without_news_writes_nothing(project: Path) -> None:
    stamp = (project / BASELINE).stat().st_mtime_ns
    verify(project, judge_options=UPDATE)
    assert (project / BASELINE).stat().st_mtime_ns == stamp


def test_a_baseline_with_crlf_is_the_same(project: Path) -> None:
    content = (project / BASELINE).read_bytes().replace(b"\n", b"\r\n")
    write_files(project, {BASELINE: content})
    assert verify(project, judge_options=UPDATE).exit_code == 0
    assert (project / BASELINE).read_bytes() == content


def test_a_check_of_an_update_says_that_the_file_is_out_of_date(project: Path) -> None:
    before = (project / BASELINE).read_bytes()
    write_files(project, {STEPS_PATH: FIXED})
    verify(project)
    report = verify(project, judge_options=UPDATE, mode=WriteMode.CHECK)
    assert (report.exit_code, [change.path for change in report.changes]) == (1, [BASELINE])
    assert (project / BASELINE).read_bytes() == before


def test_a_check_without_an_update_leaves_suggestions_out_of_the_answer(project: Path) -> None:
    write_files(project, {STEPS_PATH: FIXED})
    verify(project)
    assert verify(project, judge_options=GATE, mode=WriteMode.CHECK).exit_code == 0


def test_a_part_of_the_project_leaves_the_rest_of_the_baseline(project: Path) -> None:
    write_files(project, {"specs/1.1-lamp.md": SPEC.replace("3.10", "1.1").replace("An item", "A lamp")})
    done = call(project, "1.1", "--gate", "no-regression")
    assert done.returncode == 0, done.stdout + done.stderr
    before = read_ids(project)
    done = call(project, "1.1", "--update-baseline")
    assert (done.returncode, read_ids(project)) == (0, before)


WAIVED = [("- [x] An item can be added (waived: no basket)", 0), ("- [ ] An item can be added (manual)", 1)]


@pytest.mark.parametrize(("line", "exit_code"), WAIVED)
def test_what_its_author_waived_is_no_regression(project: Path, line: str, exit_code: int) -> None:
    text = (project / SPEC_PATH).read_text().replace("- [x] An item can be added", line)
    write_files(project, {SPEC_PATH: text})
    assert verify(project, judge_options=GATE).exit_code == exit_code
    verify(project, judge_options=UPDATE)
    assert read_ids(project) == []


def test_without_a_baseline_the_gate_says_how_to_write_one_and_runs_nothing(tmp_path: Path) -> None:
    write_basket(tmp_path)
    before = read_all(tmp_path)
    done = call(tmp_path, "--gate", "no-regression")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"{BASELINE}: error: there is no baseline [baseline]",
        "    hint: run `spec2bdd verify --update-baseline` and commit the file",
    ]
    assert read_all(tmp_path) == before


def test_all_bad_lines_are_located_before_anything_is_run(project: Path) -> None:
    content = (project / BASELINE).read_text() + "<<<<<<< HEAD\nac_1\n=======\n  ac 2!\n>>>>>>> other\n"
    write_files(project, {BASELINE: content})
    done = call(project, "--gate", "no-regression")
    places = [line.split(" error: ")[0] for line in done.stderr.splitlines() if " error: " in line]
    assert (done.returncode, done.stdout) == (2, "")
    assert places == [f"{BASELINE}:4:1:", f"{BASELINE}:6:1:", f"{BASELINE}:7:3:", f"{BASELINE}:8:1:"]


@pytest.mark.parametrize("content", [b"\xff\n", b"ac_1\x00\n"])
def test_a_file_that_is_no_baseline_is_an_error(project: Path, content: bytes) -> None:
    write_files(project, {BASELINE: content})
    with pytest.raises(BaselineError):
        verify(project, judge_options=GATE)


def test_an_id_that_no_criterion_has_is_located_and_goes_with_an_update(project: Path) -> None:
    known = read_ids(project)
    write_files(project, {BASELINE: (project / BASELINE).read_text() + "ac_9_9_ffffff\n"})
    report = verify(project, judge_options=GATE)
    (error,) = report.diagnostics
    assert (report.exit_code, error.path, error.line, error.code) == (2, BASELINE, 4 if known else 3, "baseline")
    assert verify(project, judge_options=UPDATE).exit_code == 0
    assert read_ids(project) == known


def test_the_ids_of_a_spec_that_cannot_be_read_stay(project: Path) -> None:
    before = read_ids(project)
    write_files(project, {SPEC_PATH: b"\xff", "specs/1.1-lamp.md": SPEC.replace("3.10", "1.1").replace("An", "The")})
    report = verify(project, judge_options=UPDATE)
    assert report.exit_code == 2
    assert set(before) <= set(read_ids(project))


def test_records_that_were_kept_are_judged_by_the_same_gate(project: Path) -> None:
    write_files(project, {STEPS_PATH: BROKEN})
    generate(project)
    run(project)
    report = mark(read_config(project), judge_options=GATE, mode=WriteMode.CHECK)
    assert list_reasons(report) == [f"criterion of `{BASELINE}` is failed (line 28)"]


@pytest.mark.parametrize("gate", ["all", "claimed"])
def test_an_update_does_not_go_together_with_another_gate_than_its_own(gate: str) -> None:
    with pytest.raises(UsageError) as caught:
        build_judge_options(gate, update_baseline=True)
    expected = (f"`--update-baseline` cannot be combined with `--gate {gate}`", f"remove `--gate {gate}`")
    assert (caught.value.message, caught.value.hint) == expected
    assert build_judge_options(None, update_baseline=True) == build_judge_options("no-regression", update_baseline=True)


def test_the_text_of_a_baseline_depends_on_its_ids_alone() -> None:
    text = render_baseline(["ac_2", "ac_1", "ac_2"])
    assert render_baseline(["ac_1", "ac_2"]) == text
    assert list(parse_baseline(text)) == ["ac_1", "ac_2"]
    assert text.splitlines()[-2:] == ["ac_1", "ac_2"]


def test_branches_that_each_add_criteria_merge_with_the_union_driver(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        names = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *names, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    write_files(tmp_path, {".gitattributes": f"{BASELINE} merge=union\n", BASELINE: render_baseline(["ac_5"])})
    git("add", "-A")
    git("commit", "-qm", "one")
    git("switch", "-qc", "other")
    write_files(tmp_path, {BASELINE: render_baseline(["ac_5", "ac_6"])})
    git("commit", "-qam", "two")
    git("switch", "-q", "main")
    write_files(tmp_path, {BASELINE: render_baseline(["ac_5", "ac_7"])})
    git("commit", "-qam", "three")
    git("merge", "-q", "other")
    assert sorted(parse_baseline((tmp_path / BASELINE).read_text())) == ["ac_5", "ac_6", "ac_7"]


@pytest.mark.parametrize("command", [verify, run])
def test_what_did_not_fail_last_time_but_changed_since_is_no_yes_of_the_baseline(
    project: Path, command: Command
) -> None:
    write_files(project, {STEPS_PATH: FIXED, SPEC_PATH: SPEC[: SPEC.index("### Should Have")]})
    verify(project, judge_options=UPDATE)
    write_files(project, {STEPS_PATH: BROKEN})
    report = command(project, choice=Selection(failed=True), judge_options=GATE)
    assert "nothing failed last time: nothing was run" in report.notes
    reasons = [f"criterion of `{BASELINE}` is stale (line {line})" for line in (28, 29)]
    assert (report.exit_code, list_reasons(report)) == (1, reasons)


def test_a_repair_that_breaks_what_the_baseline_has_is_a_no_of_what_failed_before(project: Path) -> None:
    write_files(project, {STEPS_PATH: FIXED.replace('basket == ["apple"]', "basket == []")})
    # The criterion of the baseline was the only one of the two that passed.
    report = verify(project, choice=Selection(failed=True), judge_options=GATE)
    assert (report.exit_code, list_reasons(report)) == (1, [f"criterion of `{BASELINE}` is stale (line 28)"])


def test_what_a_name_leaves_out_is_no_reason_of_the_baseline(project: Path) -> None:
    write_files(project, {STEPS_PATH: BROKEN.replace('"pear" in basket', '"apple" in basket')})
    report = verify(project, choice=Selection(("3.10#2",)), judge_options=GATE)
    assert (report.exit_code, list_reasons(report)) == (0, [])
