"""Each case of the kit, run again: spec2bdd, and for some kinds plain Behave, report what docs/traps.md says."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import program
import pytest

import traps
from kit.case import ACTIONS, GIT, KINDS, Case, Outcome, Project, read_cases, write_project
from kit.judge import GREEN, REFUSED, RESULTS, SILENT, TRUTH, join_outcomes, judge, run_case
from kit.reports import read_json_report, read_junit_report
from kit.run import find_adapters, main
from spec2bdd.adapters.system.process_tree import adopt_orphans, kill_processes, list_descendants, release_orphans

ROOT = Path(__file__).parents[1]
CASES = read_cases()
ADAPTERS = find_adapters()
PAGE_RESULTS = traps.read_rows((ROOT / "docs" / "traps.md").read_text(encoding="utf-8"))
PROGRAMS = Path(sys.executable).parent
CALL = Project.call
# What plain Behave does with a wrong product or an old result is always the same, and needs no run each time.
BEHAVE_KINDS = {"structure", "exit", "errors", "hooks", "settings"}


def call_here(project: Project, name: str, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Do what `call` of a project does, but call spec2bdd in this process."""
    if name != "spec2bdd":
        return CALL(project, name, *arguments, timeout=timeout)
    others = set(list_descendants(os.getpid()))
    adopt_orphans()
    try:
        return program.call(project.root, *arguments, **GIT, **project.case.variables)
    finally:
        left = set(list_descendants(os.getpid())) - others
        kill_processes(left)
        for process in left:
            with suppress(ChildProcessError):
                os.waitpid(process, 0)
        release_orphans()


def test_the_program_itself_reports_of_honest_steps_what_the_page_says() -> None:
    assert run_case(CASES["honest"], ADAPTERS["spec2bdd"], PROGRAMS) == PAGE_RESULTS[CASES["honest"].title]["spec2bdd"]


@pytest.mark.parametrize("name", CASES)
def test_spec2bdd_reports_of_a_case_what_the_page_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Project, "call", call_here)
    assert run_case(CASES[name], ADAPTERS["spec2bdd"], PROGRAMS) == PAGE_RESULTS[CASES[name].title]["spec2bdd"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.kind in BEHAVE_KINDS])
def test_plain_behave_reports_of_a_case_what_the_page_says(name: str) -> None:
    assert run_case(CASES[name], ADAPTERS["behave"], PROGRAMS) == PAGE_RESULTS[CASES[name].title]["behave"]


def test_spec2bdd_reports_the_truth_of_all_cases_but_those_that_are_listed() -> None:
    untrue = {name for name, case in CASES.items() if PAGE_RESULTS[case.title]["spec2bdd"] != TRUTH}
    assert untrue == set(traps.MISSED)


def test_most_cases_are_ones_that_plain_behave_reports_as_green() -> None:
    assert sum(results["behave"] == GREEN for results in PAGE_RESULTS.values()) > len(PAGE_RESULTS) / 2


def test_the_page_has_every_case_and_judges_five_tools_by_it() -> None:
    assert list(PAGE_RESULTS) == [case.title for case in CASES.values()]
    assert len(PAGE_RESULTS) >= 60
    assert {tuple(row) for row in PAGE_RESULTS.values()} == {tuple(ADAPTERS)}
    assert list(ADAPTERS) == ["behave", "behave-pool", "behavex", "pytest-bdd", "spec2bdd"]
    assert [row for row in PAGE_RESULTS.values() if not set(RESULTS).issuperset(row.values())] == []


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_a_kind_steps_and_a_verdict_that_is_wrong_or_is_honest(name: str) -> None:
    case = CASES[name]
    assert case.kind in KINDS
    assert {step.do for step in case.steps} <= set(ACTIONS)
    assert case.steps[-1].do in ("verify", "run", "mark")
    assert (case.kind == "honest") == (set(case.criteria.values()) == {True})
    assert case.kind == "honest" or case.criteria["trap"] is False


def case_of(**criteria: bool | None) -> Case:
    return Case("case", Path(), "a case", "exit", "", criteria, ())


@pytest.mark.parametrize(
    ("exit_code", "passed", "result"),
    [
        (0, {"control": True, "trap": True}, GREEN),
        (0, {"control": True, "trap": False}, GREEN),
        (1, {"control": True, "trap": False}, TRUTH),
        (1, {"control": True, "trap": True}, SILENT),
        (1, {"control": True}, SILENT),
        (1, {"control": False, "trap": False}, SILENT),
        (1, {"trap": False}, SILENT),
    ],
)
def test_a_trap_is_reported_truly_only_by_name_and_with_its_control(
    exit_code: int, passed: dict[str, bool], result: str
) -> None:
    assert judge(case_of(control=True, trap=False), Outcome(exit_code, passed)) == result


def test_a_tool_that_refuses_everything_loses_at_honest_cases() -> None:
    honest = case_of(one=True, other=True)
    assert judge(honest, Outcome(1, {})) == REFUSED
    assert judge(honest, Outcome(1, {"one": True, "other": True})) == REFUSED
    assert judge(honest, Outcome(0, {"one": True})) == REFUSED
    assert judge(honest, Outcome(0, {"one": True, "other": True})) == TRUTH


def test_a_report_that_is_missing_is_true_where_nothing_passes() -> None:
    assert judge(case_of(one=False, other=False), Outcome(1, {})) == TRUTH
    assert judge(case_of(one=False, other=False), Outcome(1, {"one": True})) == SILENT


def test_a_criterion_with_any_verdict_decides_nothing() -> None:
    for control in (True, False):
        assert judge(case_of(control=None, trap=False), Outcome(1, {"control": control, "trap": False})) == TRUTH


def test_reports_of_several_runs_are_read_together() -> None:
    runs = [Outcome(1, {"one": False, "other": True}), Outcome(0, {"one": True})]
    assert join_outcomes(runs) == Outcome(1, {"one": True, "other": True})


def test_scenarios_of_one_name_must_all_pass(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(
        '[{"elements": [{"name": "a -- @1.1 x", "status": "passed"}, {"name": "a -- @1.2 x", "status": "failed"},'
        ' {"name": "b", "type": "background"}, {"name": "c", "status": "passed"}]}]'
    )
    assert read_json_report(report) == {"a": False, "c": True}
    assert read_json_report(tmp_path / "missing.json") == {}


def test_skipped_and_failed_tests_of_pytest_did_not_pass(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text(
        '<testsuites><testsuite><testcase name="test_a[1]"/><testcase name="test_a[2]"><failure/></testcase>'
        '<testcase name="test_b"/><testcase name="test_c"><skipped/></testcase></testsuite></testsuites>'
    )
    assert read_junit_report(report) == {"a": False, "b": True, "c": False}
    assert read_junit_report(tmp_path / "missing.xml") == {}


def test_a_tool_gets_only_the_files_of_its_own_folder(tmp_path: Path) -> None:
    for tool in ("spec2bdd", "pytest-bdd", "behave"):
        write_project(CASES["or-true"], tmp_path / tool, tool)
    own = {path.name for tool in ("spec2bdd", "pytest-bdd") for path in (CASES["or-true"].folder / tool).iterdir()}
    assert own == {"spec2bdd.toml", "conftest.py", "test_innocent.py", "test_trap.py"}
    assert [path.name for path in (tmp_path / "spec2bdd").iterdir() if path.name in own] == ["spec2bdd.toml"]
    assert {path.name for path in (tmp_path / "pytest-bdd").iterdir()} & own == own - {"spec2bdd.toml"}
    assert [path.name for path in (tmp_path / "behave").iterdir() if path.name in own] == []


def test_what_a_tool_leaves_running_is_ended(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open('child', 'w').write(str(child.pid))\n"
        "print('done')\n"
        "raise SystemExit(3)\n"
    )
    result = Project(tmp_path, CASES["honest"], PROGRAMS).call("python", "tool.py")
    assert (result.returncode, result.stdout) == (3, "done\n")
    # A process is killed some time after the signal was sent.
    for _ in range(1000):
        if not is_running((tmp_path / "child").read_text()):
            break
        time.sleep(0.02)
    assert not is_running((tmp_path / "child").read_text())


def is_running(pid: str) -> bool:
    """Whether a process exists and is no zombie, which waits for its parent."""
    try:
        return Path("/proc", pid, "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_the_readme_of_the_kit_lists_all_results_and_all_that_a_step_can_do() -> None:
    lines = (ROOT / "kit" / "README.md").read_text(encoding="utf-8").splitlines()
    words = [line.split(" | ")[0].strip("| `") for line in lines if line.startswith("| ")]
    tables = [words[words.index(head) + 1 :] for head in ("result", "do")]
    assert tables[0][: len(RESULTS)] == list(RESULTS)
    assert tables[1] == list(ACTIONS)


def test_the_kit_prints_how_often_a_tool_has_each_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = tmp_path / "results.json"
    assert main(["no-steps", "ini-dry-run", "--tool", "behave", "--json", str(results)]) == 0
    assert capsys.readouterr().out == "behave: 2 green\n"
    assert results.read_text() == (
        '{\n  "no-steps": {\n    "behave": "green"\n  },\n  "ini-dry-run": {\n    "behave": "green"\n  }\n}\n'
    )


def test_an_unknown_case_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["nowhere"])
    assert "unknown cases: nowhere" in capsys.readouterr().err
