"""The definition of done by evidence, from the configuration to the boxes, on real files and in a real repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import SPEC, SPEC_PATH, mark, read_all, run, verify, write_basket, write_files

from spec2bdd.commands.lint import lint
from spec2bdd.config import read_config
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.verdicts.status.blockers import list_holds
from spec2bdd.domain.verdicts.status.status import StatusPolicy
from spec2bdd.model import Cause, CauseKind, DoneItemVerdict, Report, RunOptions
from spec2bdd.project.assessment import find_unmatched_requirements

DATA = Path(__file__).parent / "adapters" / "evidence" / "data"
OLD, NEW, NEWEST = 1_700_000_000, 1_700_000_100, 1_700_000_200
ITEM = "- [ ] All functional requirements implemented\n"


def write_project(root: Path, table: str, *items: str) -> Path:
    """Write the basket with a table `done` and these done items, each with its box."""
    spec = SPEC.replace(ITEM, "".join(f"- {item}\n" for item in items))
    write_basket(root, spec=spec)
    config = f'[tool.spec2bdd]\nsources = ["src/*.py"]\n[tool.spec2bdd.done]\n{table}\n'
    write_files(root, {"pyproject.toml": config, "src/shop.py": "a = 1\n"})
    os.utime(root / "src/shop.py", (NEW, NEW))
    return root


def write_report(root: Path, name: str, sample: str, *, time: int = NEWEST) -> None:
    """Write a sample of a report as of that time."""
    write_files(root, {name: (DATA / sample).read_bytes()})
    os.utime(root / name, (time, time))


def mend_steps(root: Path) -> None:
    """Let everything pass."""
    steps = (root / "steps/shop_basket_steps.py").read_text(encoding="utf-8").replace('"pear" in', '"pear" not in')
    write_files(root, {"steps/shop_basket_steps.py": steps})


def find_done(report: Report) -> DoneItemVerdict:
    """Return the judgement of the first done item."""
    return report.specs[0].done[0]


def read_boxes(root: Path) -> str:
    """Return the characters in the boxes of the definition of done."""
    text = (root / SPEC_PATH).read_text(encoding="utf-8").split("### Definition of Done\n")[1].split("\n\n")[0]
    return "".join(line[3] for line in text.splitlines())


def git(root: Path, *arguments: str) -> None:
    """Run git with a name and without anything of this machine."""
    names = ["-c", "user.name=ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *names, *arguments], cwd=root, check=True, capture_output=True)


COVERED = '"Code coverage > 80%" = { coverage = "coverage.xml" }'


@pytest.mark.parametrize("sample", ["coverage_py.xml", "coverage_py.json", "coverage_py.lcov"])
def test_a_coverage_report_ticks_one_box_and_changes_nothing_else(tmp_path: Path, sample: str) -> None:
    write_project(tmp_path, COVERED, "[ ] Code coverage > 80%", "[ ] Tested", "[x] Loved")
    write_report(tmp_path, "coverage.xml", sample)
    before = (tmp_path / SPEC_PATH).read_text(encoding="utf-8")
    assert find_done(mark(tmp_path)).reason == "line coverage is 83.33%, required: > 80% (`coverage.xml`)"
    expected = before.replace("[ ] Code coverage", "[x] Code coverage")
    expected = expected.replace("updated: 2026-05-04T09:00:00-04:00", "updated: 2026-11-23T14:30:15-04:00")
    assert (tmp_path / SPEC_PATH).read_text(encoding="utf-8") == expected


def test_a_report_that_speaks_against_an_item_unticks_it_and_the_answer_is_no(tmp_path: Path) -> None:
    write_project(tmp_path, COVERED.replace("80", "90"), "[x] Code coverage > 90%", "[x] Loved")
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    (spec,) = mark(tmp_path).specs
    assert read_boxes(tmp_path) == " x"
    assert any("line coverage is 83.33%, required: > 90%" in str(reason) for reason in spec.reasons)


def test_a_second_mark_writes_nothing(tmp_path: Path) -> None:
    write_project(tmp_path, COVERED, "[ ] Code coverage > 80%")
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    mark(tmp_path)
    assert mark(tmp_path).changes == ()


def test_a_check_says_what_would_be_ticked_and_writes_nothing(tmp_path: Path) -> None:
    write_project(tmp_path, COVERED, "[ ] Code coverage > 80%")
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    before = read_all(tmp_path)
    assert [change.path for change in mark(tmp_path, check=True).changes] == [SPEC_PATH]
    assert read_all(tmp_path) == before


# The time of the report, its content, and a part of what is told.
REFUSED = {
    "missing": (None, b"", "`coverage.xml`: file not found"),
    "empty": (NEWEST, b" \n", "`coverage.xml`: the file is empty"),
    "cut off": (NEWEST, (DATA / "coverage_py.xml").read_bytes()[:300], "`coverage.xml`: invalid or truncated XML"),
    "of another kind": (NEWEST, b"<html/>", "`coverage.xml`: not a Cobertura report"),
    "old": (OLD, (DATA / "coverage_py.xml").read_bytes(), "`coverage.xml` (2023-11-14"),
}


@pytest.mark.parametrize(("time", "content", "told"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("box", [" ", "x"])
def test_evidence_that_is_no_evidence_keeps_the_box_and_is_told(
    tmp_path: Path, time: int | None, content: bytes, told: str, box: str
) -> None:
    write_project(tmp_path, COVERED, f"[{box}] Code coverage > 80%")
    if time:
        write_files(tmp_path, {"coverage.xml": content})
        os.utime(tmp_path / "coverage.xml", (time, time))
    diagnostics = [diagnostic for diagnostic in mark(tmp_path).diagnostics if diagnostic.code == "missing-evidence"]
    assert read_boxes(tmp_path) == box
    assert [(diagnostic.path, diagnostic.line) for diagnostic in diagnostics] == [(SPEC_PATH, 23)]
    assert told in diagnostics[0].message
    assert "the box is unchanged" in diagnostics[0].message


def test_the_reason_names_both_times_of_old_evidence(tmp_path: Path) -> None:
    write_project(tmp_path, COVERED, "[ ] Code coverage > 80%")
    write_report(tmp_path, "coverage.xml", "coverage_py.xml", time=OLD)
    found = find_done(mark(tmp_path))
    assert found.verdict == "stale"
    assert "is older than `src/shop.py` (2023-11-14" in found.reason


def test_evidence_as_old_as_the_code_is_not_old(tmp_path: Path) -> None:
    write_project(tmp_path, COVERED, "[ ] Code coverage > 80%")
    write_report(tmp_path, "coverage.xml", "coverage_py.xml", time=NEW)
    assert find_done(mark(tmp_path)).verdict == "passed"


def test_sources_of_an_entry_hold_for_it_alone(tmp_path: Path) -> None:
    write_project(tmp_path, COVERED.replace(" }", ', sources = ["web/*.js"] }'), "[ ] Code coverage > 80%")
    write_files(tmp_path, {"web/shop.js": "1"})
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    found = find_done(mark(tmp_path))
    assert found.verdict == "stale"
    assert "is older than `web/shop.js`" in found.reason


def test_without_sources_what_git_tracks_besides_specs_and_features_counts(tmp_path: Path) -> None:
    write_project(tmp_path, COVERED, "[ ] Code coverage > 80%")
    config = (tmp_path / "pyproject.toml").read_text(encoding="utf-8").replace('sources = ["src/*.py"]\n', "")
    write_files(tmp_path, {"pyproject.toml": config})
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    assert "no source files found" in find_done(mark(tmp_path, check=True)).reason
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "src", "specs")
    assert find_done(mark(tmp_path, check=True)).verdict == "passed"
    git(tmp_path, "add", "steps")
    assert "is older than `steps/shop_basket_steps.py`" in find_done(mark(tmp_path, check=True)).reason


@pytest.mark.parametrize(
    ("key", "item"),
    [
        ("Code coverage > 80%", "[ ] code  coverage > 80%."),
        ("Code coverage > 80%", "[ ] **Code coverage** > 80%"),
        ("/coverage/", "[ ] Code Coverage > 80%"),
        ("/^code .* > \\\\d+%$/", "[ ] Code coverage > 80%"),
    ],
)
def test_an_item_is_found_by_its_words_or_a_pattern(tmp_path: Path, key: str, item: str) -> None:
    write_project(tmp_path, f'"{key}" = {{ coverage = "coverage.xml" }}', item)
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    mark(tmp_path)
    assert read_boxes(tmp_path) == "x"


@pytest.mark.parametrize("key", ["Code coverage", "Code coverage > 8%", "/^coverage/", "Code coverage >= 80%"])
def test_an_item_of_other_words_is_a_persons_and_the_entry_is_told(tmp_path: Path, key: str) -> None:
    write_project(tmp_path, f'"{key}" = {{ coverage = "coverage.xml" }}', "[ ] Code coverage > 80%")
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    report = mark(tmp_path)
    assert read_boxes(tmp_path) == " "
    assert report.notes == (f"no definition-of-done item of any spec matches `{key}` in `[tool.spec2bdd.done]`",)
    advice = [one for one in lint(read_config(tmp_path)).diagnostics if one.code == "unused-evidence"]
    assert [one.severity for one in advice] == ["suggestion"]


def test_no_entry_is_unmatched_while_a_spec_has_an_error(tmp_path: Path) -> None:
    write_project(tmp_path, '"Code coverage" = { coverage = "coverage.xml" }', "[ ] Code coverage > 80%")
    spec = next((tmp_path / "specs").glob("*.md"))
    spec.with_name("zz-copy.md").write_bytes(spec.read_bytes())
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    report = mark(tmp_path)
    assert ("duplicate-id" in [one.code for one in report.diagnostics], report.notes) == (True, ())


def test_an_entry_may_speak_of_some_specs_only(tmp_path: Path) -> None:
    write_project(tmp_path, COVERED.replace(" }", ', specs = ["specs/4.*"] }'), "[ ] Code coverage > 80%")
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    mark(tmp_path)
    assert read_boxes(tmp_path) == " "


TESTED = '"Tested" = { junit = ["reports/*.xml"] }'


def test_all_reports_of_a_pattern_count(tmp_path: Path) -> None:
    write_project(tmp_path, TESTED, "[ ] Tested")
    write_report(tmp_path, "reports/a.xml", "junit_passed.xml")
    write_report(tmp_path, "reports/b.xml", "junit_nested.xml")
    assert find_done(mark(tmp_path)).reason == "5 tests passed, 2 skipped in `reports/*.xml`"
    write_report(tmp_path, "reports/c.xml", "junit_failed.xml")
    assert "3 of 13 tests failed" in find_done(mark(tmp_path)).reason
    assert read_boxes(tmp_path) == " "


def test_one_old_report_of_several_is_enough_to_know_nothing(tmp_path: Path) -> None:
    write_project(tmp_path, TESTED, "[ ] Tested")
    write_report(tmp_path, "reports/a.xml", "junit_passed.xml")
    write_report(tmp_path, "reports/b.xml", "junit_nested.xml", time=OLD)
    assert "`reports/b.xml` (" in find_done(mark(tmp_path)).reason


def test_a_benchmark_of_this_commit_is_of_today_whatever_its_time(tmp_path: Path) -> None:
    write_project(tmp_path, '"/mean/" = { benchmark = "b.json" }', "[ ] The mean is below 1 ms")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "a")
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tmp_path, capture_output=True, text=True, check=True)
    sample = (DATA / "benchmark.json").read_text(encoding="utf-8")
    write_files(tmp_path, {"b.json": sample.replace("1f0c0ffee" * 4 + "1f0c", head.stdout.strip())})
    os.utime(tmp_path / "b.json", (OLD, OLD))
    assert find_done(mark(tmp_path, check=True)).verdict == "passed"
    write_files(tmp_path, {"src/shop.py": "a = 2\n"})
    assert find_done(mark(tmp_path, check=True)).verdict == "stale"


DOCUMENTED = '"Documented" = { file = "docs/api.md", since = "main" }'


def write_repository(root: Path) -> None:
    """Write a project with a page of documentation, all of it on the branch main."""
    write_project(root, DOCUMENTED, "[ ] Documented", "[x] Documented")
    write_files(root, {"docs/api.md": "# API\n"})
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "a")


def test_a_page_that_did_not_change_is_no_evidence_either_way(tmp_path: Path) -> None:
    write_repository(tmp_path)
    assert find_done(mark(tmp_path)).reason == "`docs/api.md` has not changed since `main`"
    assert read_boxes(tmp_path) == " x"


def test_a_page_that_changed_on_this_branch_ticks(tmp_path: Path) -> None:
    write_repository(tmp_path)
    git(tmp_path, "checkout", "-qb", "feature")
    write_files(tmp_path, {"docs/api.md": "# API\nMore.\n"})
    git(tmp_path, "commit", "-qam", "b")
    mark(tmp_path)
    assert read_boxes(tmp_path) == "xx"


def test_a_page_that_changed_on_the_other_branch_does_not_tick(tmp_path: Path) -> None:
    write_repository(tmp_path)
    git(tmp_path, "branch", "feature")
    write_files(tmp_path, {"docs/api.md": "# API\nMore.\n"})
    git(tmp_path, "commit", "-qam", "b")
    git(tmp_path, "checkout", "-q", "feature")
    mark(tmp_path)
    assert read_boxes(tmp_path) == " x"


@pytest.mark.parametrize("content", [None, b"", b"  \n"])
def test_a_page_that_is_gone_or_empty_unticks(tmp_path: Path, content: bytes | None) -> None:
    write_repository(tmp_path)
    (tmp_path / "docs/api.md").unlink()
    write_files(tmp_path, {} if content is None else {"docs/api.md": content})
    mark(tmp_path)
    assert read_boxes(tmp_path) == "  "


def test_a_revision_that_git_does_not_know_is_told(tmp_path: Path) -> None:
    write_project(tmp_path, DOCUMENTED, "[x] Documented")
    report = mark(tmp_path)
    assert read_boxes(tmp_path) == "x"
    assert [find_done(report).reason] == ["cannot compare with `main`: no git repository"]


def write_command(root: Path, code: str, *, more: str = "") -> None:
    """Write a project whose item is judged by a line of Python."""
    write_project(root, f"Audited = {{ command = ['{sys.executable}', '-c', '{code}']{more} }}", "[ ] Audited")


def test_a_command_runs_only_where_it_is_allowed(tmp_path: Path) -> None:
    write_command(tmp_path, 'open("ran", "a").write("x"); print("all is well"); print()')
    found = find_done(mark(tmp_path))
    assert "runs only with `--allow-commands`" in found.reason
    assert not (tmp_path / "ran").exists()
    assert find_done(mark(tmp_path, commands=True)).reason.endswith("exited with 0: all is well")
    assert read_boxes(tmp_path) == "x"
    assert (tmp_path / "ran").read_text() == "x"


def test_a_command_that_fails_unticks(tmp_path: Path) -> None:
    write_command(tmp_path, "import sys; sys.exit(3)")
    spec = (tmp_path / SPEC_PATH).read_text(encoding="utf-8").replace("[ ] Audited", "[x] Audited")
    write_files(tmp_path, {SPEC_PATH: spec})
    mark(tmp_path, commands=True)
    assert read_boxes(tmp_path) == " "


def test_a_command_that_is_not_installed_is_named_with_what_to_do(tmp_path: Path) -> None:
    write_project(tmp_path, 'Audited = { command = ["no-such-tool", "-v"] }', "[x] Audited")
    report = mark(tmp_path, commands=True)
    assert find_done(report).reason == "command not found: `no-such-tool`"
    hints = [diagnostic.hint for diagnostic in report.diagnostics if diagnostic.code == "missing-evidence"]
    assert hints == ["install it, or correct `command` in its entry"]


def test_a_command_is_no_shell(tmp_path: Path) -> None:
    write_project(tmp_path, 'Audited = { command = ["echo $HOME; touch ran"] }', "[ ] Audited")
    assert "command not found" in find_done(mark(tmp_path, commands=True)).reason
    assert not (tmp_path / "ran").exists()


def test_a_command_that_takes_too_long_is_stopped_and_says_nothing(tmp_path: Path) -> None:
    write_command(tmp_path, "import time; time.sleep(60)", more=", timeout = 0.2")
    assert "timed out after 0.2 s" in find_done(mark(tmp_path, commands=True)).reason


def test_the_criteria_and_a_report_complete_a_spec_in_one_go(tmp_path: Path) -> None:
    table = '"/implemented/" = { criteria = "must" }\n' + COVERED
    write_project(tmp_path, table, "[ ] All functional requirements implemented", "[ ] Code coverage > 80%")
    mend_steps(tmp_path)
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    (spec,) = verify(tmp_path).specs
    assert (spec.status_before, spec.status_after, spec.why) == ("Draft", "Complete", ())
    assert read_boxes(tmp_path) == "xx"
    assert verify(tmp_path).changes == ()
    write_report(tmp_path, "coverage.xml", "cobertura_without_sums.xml")
    (spec,) = mark(tmp_path).specs
    assert (spec.status_before, spec.status_after) == ("Complete", "Review")
    assert spec.why == (Cause(CauseKind.DEMOTED, "definition-of-done item not ticked (line 24): Code coverage > 80%"),)


def test_an_item_that_a_person_ticked_does_not_complete_a_spec_where_its_report_is_missing(tmp_path: Path) -> None:
    write_project(tmp_path, COVERED, "[x] Code coverage > 80%")
    mend_steps(tmp_path)
    (spec,) = verify(tmp_path).specs
    assert (spec.status_after, read_boxes(tmp_path)) == ("Review", "x")
    held = list_holds(spec, StatusPolicy())[-1].holds
    reason = "Code coverage > 80% (`coverage.xml`: file not found)"
    assert held == (f"definition-of-done item ticked without evidence (line 23): {reason}",)
    write_report(tmp_path, "coverage.xml", "coverage_py.xml")
    assert verify(tmp_path).specs[0].status_after == "Complete"


def test_the_table_in_the_docs_can_be_pasted_and_speaks_of_every_item_of_the_template(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "evidence.md").read_text(encoding="utf-8")
    template = (Path(__file__).parent / "domain" / "specs" / "cases" / "template.md").read_text(encoding="utf-8")
    write_files(tmp_path, {"pyproject.toml": page.split("```toml\n")[1].split("```")[0]})
    config = read_config(tmp_path)
    spec = parse_spec("specs/a.md", template.encode())
    assert [item.text for item in spec.done_items] == [demand.key for demand in config.done]
    assert find_unmatched_requirements(config.done, [spec]) == ()


TAGGED = """\
@spec_3_10
Feature: Own
  @fast @first
  Scenario: One
    Then an item can be added

  @fast
  Scenario: Two
    Then removing an item that is not there is refused with "a"
"""


def test_scenarios_with_a_tag_prove_an_item_only_in_a_run_of_all_of_them(tmp_path: Path) -> None:
    write_project(tmp_path, 'Fast = { tags = "fast" }', "[ ] Fast")
    write_files(tmp_path, {"features/own.feature": TAGGED})
    part = find_done(run(tmp_path, plan=RunOptions(only=frozenset({"first"}))))
    assert part.verdict == "not run"
    whole = find_done(run(tmp_path))
    assert (whole.verdict, whole.reason) == ("failed", "`features/own.feature:8` is failed: no a")
