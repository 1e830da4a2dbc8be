"""With `require-red = "base"`, what a branch newly claims has to fail with the product of its merge base."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from branch_repository import (
    BRANCH,
    CLAIMED,
    CONFIG,
    NEW,
    NEW_PRODUCT,
    NEW_STEPS,
    OLD,
    PRODUCT,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    find_comparisons,
    list_reasons,
    list_worktrees,
    make_branch,
    make_main,
    read_box,
)
from small_project import generate, run, verify
from tree_repository import clone, commit_all, run_git, write_files

from spec2bdd.commands.explain import explain
from spec2bdd.commands.mark import mark
from spec2bdd.commands.reporting.report import report as document
from spec2bdd.commands.status import status
from spec2bdd.config import read_config
from spec2bdd.model import BaseOutcome, JudgeOptions, Report, RunOptions
from spec2bdd.project.cache.overview_cache import compute_overview_key
from spec2bdd.reporters.json.explanation import render_explanation_json
from spec2bdd.reporters.json.report import render_json
from spec2bdd.reporters.text.explanation import render_explanation

GREEN = "pending: passed, but passes at `main` as well"


def find_codes(report: Report) -> list[str]:
    """Find the codes of the diagnostics of a report."""
    return [diagnostic.code for diagnostic in report.diagnostics]


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no worktree of another test be counted."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


def test_what_fails_at_the_base_is_ticked(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    report = verify(root)
    assert list_reasons(report) == {OLD: "passed", CLAIMED: "passed"}
    assert find_comparisons(report) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}
    assert read_box(root) == "x"
    # It was seen failing, so that it is not among those that no run has seen failing.
    assert report.notes == ("newly claimed since `main`: 1 red there and green here",)


def test_what_passes_at_the_base_as_well_is_pending_and_is_not_ticked(tmp_path: Path) -> None:
    weak = NEW_STEPS.replace("till.take_off(10, 2) == 8", "till.add_up([10, -2]) == 8")
    root = make_branch(tmp_path / "project", {STEPS_PATH: STEPS + weak})
    assert list_reasons(verify(root)) == {OLD: "passed", CLAIMED: GREEN}
    assert read_box(root) == " "


def test_a_tick_that_passes_at_the_base_as_well_is_removed(tmp_path: Path) -> None:
    weak = NEW_STEPS.replace("till.take_off(10, 2) == 8", "till.add_up([10, -2]) == 8")
    root = make_branch(tmp_path / "project", {STEPS_PATH: STEPS + weak})
    generate(root)
    write_files(root, {SPEC_PATH: SPEC + NEW.replace("[ ]", "[x]")})
    assert list_reasons(verify(root)) == {OLD: "passed", CLAIMED: GREEN}
    assert read_box(root) == " "


def test_a_branch_that_changes_no_product_proves_nothing_new_and_runs_nothing(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project", {"till.py": NEW_PRODUCT}, main={"till.py": NEW_PRODUCT})
    events: list[Any] = []
    report = verify(root, on_event=events.append)
    assert list_reasons(report) == {OLD: "passed", CLAIMED: GREEN}
    assert [event for event in events if event["event"] == "comparison"] == []


@pytest.mark.parametrize("place", ["spec", "feature"])
def test_a_tag_says_that_a_criterion_documents_what_is_there(tmp_path: Path, place: str) -> None:
    tagged = NEW.replace("off\n", "off <!-- tags: existing -->\n") if place == "spec" else NEW
    root = make_branch(tmp_path / "project", {SPEC_PATH: SPEC + tagged}, main={"till.py": NEW_PRODUCT})
    if place == "feature":
        generate(root)
        feature = root / "features/1_1_till.feature"
        tag = next(line for line in feature.read_text("utf-8").splitlines() if "ac_1_1_" in line and "@must" in line)
        own = "Feature: Own\n\n  @existing TAG\n  Scenario: Own\n    Then a till takes a discount off\n"
        ids = [word for line in feature.read_text("utf-8").splitlines() for word in line.split() if "@ac_" in word]
        assert tag
        (root / "features/own.feature").write_text(own.replace("TAG", ids[-1]), encoding="utf-8")
    report = verify(root)
    assert list_reasons(report) == {OLD: "passed", CLAIMED: "passed"}
    assert find_comparisons(report)[CLAIMED] is BaseOutcome.EXISTING
    assert read_box(root) == "x"


def test_a_criterion_that_was_ticked_at_the_base_is_not_compared(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project", {"till.py": PRODUCT + "\n# A note.\n", SPEC_PATH: SPEC, STEPS_PATH: STEPS})
    report = verify(root)
    assert find_comparisons(report) == {OLD: BaseOutcome.CLAIMED}


def test_a_criterion_that_was_reworded_is_newly_claimed(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project", {SPEC_PATH: SPEC, STEPS_PATH: STEPS})
    for path in (SPEC_PATH, STEPS_PATH):
        text = (root / path).read_text("utf-8")
        text = text.replace("A till adds up prices", "A till adds up all prices").replace(
            "a till adds up", "a till adds up all"
        )
        write_files(root, {path: text})
    from spec2bdd.commands.decisions.accept import accept

    report = verify(root)
    accept(read_config(root), report.specs[0].verdicts[0].id)
    report = verify(root)
    assert list_reasons(report) == {"A till adds up all prices": GREEN}


def test_another_typography_is_the_same_claim(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project", {SPEC_PATH: SPEC.replace("prices", "**prices**.")})
    assert set(find_comparisons(verify(root)).values()) == {BaseOutcome.CLAIMED}


def test_a_spec_that_is_new_is_claimed_by_the_branch(tmp_path: Path) -> None:
    new = SPEC.replace("1.1", "1.2").replace("Till", "Discounts").replace("- [x] A till adds up prices\n", NEW)
    root = make_branch(tmp_path / "project", {SPEC_PATH: SPEC, "specs/1.2-discounts.md": new})
    report = verify(root)
    assert find_comparisons(report) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


def test_a_spec_that_was_moved_keeps_its_claims(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    (root / SPEC_PATH).rename(root / "specs/1.1-register.md")
    assert find_comparisons(verify(root)) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


def test_commits_of_the_branch_change_nothing(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    generate(root)
    commit_all(root)
    run_git(root, "switch", "--quiet", "main")
    write_files(root, {"other.py": "X = 1\n"})
    commit_all(root)
    run_git(root, "switch", "--quiet", "discount")
    assert find_comparisons(verify(root)) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


def test_a_step_module_that_the_base_cannot_load_is_red(tmp_path: Path) -> None:
    steps = NEW_STEPS.replace("\n\n", "from till import take_off\n\n\n", 1).replace("till.take_off(", "take_off(")
    header = "from behave import then\n\n"
    root = make_branch(tmp_path / "project", {STEPS_PATH: STEPS, "steps/discount_steps.py": header + steps})
    report = verify(root)
    assert find_comparisons(report) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}
    summary = explain(read_config(root), "1.1", "#2").entries[0].judgement
    assert summary
    assert summary.comparison
    assert "take_off" in summary.comparison.summary


HOOKS = "def before_all(context):\n    import till\n\n    till.take_off\n"


def test_a_hook_around_everything_that_fails_at_the_base_says_nothing(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project", {"environment.py": HOOKS})
    report = verify(root)
    reason = list_reasons(report)[CLAIMED]
    assert reason.startswith("pending: passed, but could not be run at `main`: ")
    assert "take_off" in reason
    assert (read_box(root), find_codes(report)) == (" ", ["not-compared"])


def test_before_anything_is_claimed_such_a_hook_is_red(tmp_path: Path) -> None:
    root = make_branch(
        tmp_path / "project",
        {"environment.py": HOOKS, SPEC_PATH: SPEC.replace("[x]", "[ ]") + NEW},
        main={SPEC_PATH: SPEC.replace("[x]", "[ ]")},
    )
    assert set(find_comparisons(verify(root)).values()) == {BaseOutcome.RED}


def test_what_only_a_new_checkout_lacks_is_not_red(tmp_path: Path) -> None:
    steps = STEPS + NEW_STEPS.replace("assert till", "assert open('ignored.txt').read()\n    assert till")
    root = make_branch(tmp_path / "project", {STEPS_PATH: steps, ".gitignore": "ignored.txt\n__pycache__/\n"})
    write_files(root, {"ignored.txt": "1"})
    reason = list_reasons(verify(root))[CLAIMED]
    assert "it does not pass in a new checkout of today's files either" in reason
    assert read_box(root) == " "


def test_a_ticked_box_stays_where_nothing_is_known_of_the_base(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project", {"environment.py": HOOKS})
    generate(root)
    write_files(root, {SPEC_PATH: SPEC + NEW.replace("[ ]", "[x]")})
    assert list_reasons(verify(root))[CLAIMED].startswith("unverified: passed, but could not be run at `main`")
    assert read_box(root) == "x"


def test_hooks_that_the_base_cannot_load_say_nothing(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project", {"environment.py": "import till\n\ntill.take_off\n"})
    reason = list_reasons(verify(root))[CLAIMED]
    assert reason.startswith("pending: passed, but could not be run at `main`: ")
    assert "take_off" in reason


def test_what_fails_at_the_base_now_and_then_is_not_red(tmp_path: Path) -> None:
    flaky = NEW_STEPS.replace(
        "assert till.take_off(10, 2) == 8",
        "from pathlib import Path\n\n    seen = Path(MARK)\n    known = seen.exists()\n"
        "    seen.touch()\n    assert known\n"
        "    assert till.add_up([10, -2]) == 8",
    ).replace("MARK", repr(str(tmp_path / "seen")))
    root = make_branch(tmp_path / "project", {STEPS_PATH: STEPS + flaky})
    (tmp_path / "seen").touch()
    events: list[Any] = []

    def forget(event: Any) -> None:
        """Let the first try at the base fail."""
        events.append(event)
        if event["event"] == "comparison":
            (tmp_path / "seen").unlink()

    assert list_reasons(verify(root, on_event=forget))[CLAIMED] == GREEN


def test_on_the_base_itself_a_change_that_is_not_committed_is_compared_with_the_commit(tmp_path: Path) -> None:
    root = make_main(tmp_path / "project")
    write_files(root, BRANCH)
    assert find_comparisons(verify(root)) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


@pytest.mark.parametrize(("base", "detached"), [("", False), ("", True), ("origin/main", False)])
def test_on_the_base_itself_after_the_commit_it_is_compared_with_the_commit_before(
    tmp_path: Path, base: str, detached: bool
) -> None:
    root = make_main(tmp_path / "project", {"spec2bdd.toml": CONFIG + (f'base = "{base}"\n' if base else "")})
    write_files(root, BRANCH)
    generate(root)
    commit_all(root)
    if detached:
        run_git(root, "switch", "--quiet", "--detach")
    if base:
        run_git(root, "update-ref", f"refs/remotes/{base}", "HEAD")
    report = verify(root)
    assert find_comparisons(report) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}
    if not detached and not base:
        # With the tick, it is a claim of the base.
        commit_all(root)
        assert find_comparisons(verify(root)) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.CLAIMED}


def test_on_the_base_itself_what_passed_before_the_commit_as_well_is_pending(tmp_path: Path) -> None:
    root = make_main(tmp_path / "project", {"till.py": NEW_PRODUCT})
    write_files(root, {**BRANCH, "till.py": NEW_PRODUCT + "\n\nOPEN = True\n"})
    generate(root)
    commit_all(root)
    assert list_reasons(verify(root))[CLAIMED] == "pending: passed, but passes at `main~1` as well"


def test_a_detached_head_is_compared_with_where_it_left_the_base(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    generate(root)
    commit_all(root)
    run_git(root, "switch", "--quiet", "--detach")
    run_git(root, "branch", "--quiet", "--delete", "--force", "discount")
    assert find_comparisons(verify(root)) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


def test_in_a_clone_without_a_local_base_that_of_the_remote_counts(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    generate(root)
    commit_all(root)
    copy = clone(root, tmp_path / "copy")
    run_git(copy, "fetch", "--quiet", "origin", "main:refs/remotes/origin/main")
    run_git(copy, "switch", "--quiet", "--detach")
    run_git(copy, "branch", "--quiet", "--delete", "--force", "discount")
    assert find_comparisons(verify(copy)) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


def test_a_local_base_that_is_older_than_that_of_the_remote_does_not_count(tmp_path: Path) -> None:
    root = make_main(tmp_path / "project")
    copy = clone(root, tmp_path / "copy")
    write_files(root, {"till.py": NEW_PRODUCT})
    commit_all(root)
    run_git(copy, "fetch", "--quiet", "origin")
    run_git(copy, "switch", "--quiet", "--no-track", "--create", "discount", "origin/main")
    write_files(copy, {**BRANCH, "till.py": NEW_PRODUCT + "\n\nOPEN = True\n"})
    assert list_reasons(verify(copy))[CLAIMED] == GREEN


def test_on_a_local_base_that_is_ahead_of_the_remote_its_commits_count(tmp_path: Path) -> None:
    copy = clone(make_main(tmp_path / "project"), tmp_path / "copy")
    for files in ({"till.py": NEW_PRODUCT}, {path: BRANCH[path] for path in (SPEC_PATH, STEPS_PATH)}, {"b.py": ""}):
        write_files(copy, files)
        commit_all(copy)
    assert find_comparisons(verify(copy)) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


@pytest.mark.parametrize(("name", "config"), [("master", CONFIG), ("trunk", CONFIG + 'base = "trunk"\n')])
def test_the_base_may_have_another_name(tmp_path: Path, name: str, config: str) -> None:
    root = make_branch(tmp_path / "project", main={"spec2bdd.toml": config})
    run_git(root, "branch", "--quiet", "--move", "main", name)
    report = verify(root)
    assert find_comparisons(report) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}
    judged = report.specs[0].verdicts[1]
    assert judged.comparison
    assert judged.comparison.base == name


def test_the_base_may_be_a_commit(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    commit = run_git(root, "rev-parse", "HEAD").strip()
    write_files(root, {"spec2bdd.toml": CONFIG + f'base = "{commit}"\n'})
    assert find_comparisons(verify(root)) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


def break_nothing_to_compare(root: Path, case: str) -> Path:
    """Take away what a comparison needs."""
    if case == "no repository":
        shutil.rmtree(root / ".git")
    elif case == "no commit":
        shutil.rmtree(root / ".git")
        run_git(root, "init", "--quiet", "--initial-branch=main")
    elif case == "no such branch":
        write_files(root, {"spec2bdd.toml": CONFIG + 'base = "develop"\n'})
    elif case == "no common commit":
        commit_all(root)
        run_git(root, "switch", "--quiet", "--orphan", "other")
        run_git(root, "checkout", "--quiet", "discount", "--", ".")
        commit_all(root)
    elif case == "shallow":
        commit_all(root)
        return clone(root, root.parent / "copy", "--depth=1", "--branch=discount", "--single-branch")
    return root


MISSING = {
    "no repository": "no git repository",
    "no commit": "the repository has no commit",
    "no such branch": "there is no branch, tag or commit `develop`",
    "no common commit": "this branch has no commit in common with `main`",
    "shallow": "there is no branch `main` or `master`",
}


@pytest.mark.parametrize("case", MISSING)
def test_without_a_merge_base_nothing_is_ticked_or_unticked_and_it_is_said_why(tmp_path: Path, case: str) -> None:
    root = break_nothing_to_compare(make_branch(tmp_path / "project"), case)
    report = verify(root)
    base = "develop" if case == "no such branch" else "main"
    reason = f"passed, but cannot be compared with `{base}`: {MISSING[case]}"
    assert [text.startswith(reason) for text in list_plain_reasons(report)] == [True, True]
    assert (report.exit_code, find_codes(report)) == (2, ["no-base"])
    assert [read_box(root, OLD), read_box(root)] == ["x", " "]
    hint = report.diagnostics[0].hint
    assert ("shallow" in hint) == (case == "shallow")


def list_plain_reasons(report: Report) -> list[str]:
    """List the reasons of all verdicts."""
    return [judged.reason for spec in report.specs for judged in spec.verdicts]


@pytest.mark.parametrize(
    ("base", "hint"),
    [
        ("mian", "did you mean `main`?"),
        ("origin/develop", "check the name, or fetch it with `git fetch origin develop`"),
    ],
)
def test_a_base_that_does_not_exist_is_an_error_of_its_key_in_every_command(
    tmp_path: Path, base: str, hint: str
) -> None:
    root = make_branch(tmp_path / "project")
    write_files(root, {"spec2bdd.toml": CONFIG + f'base = "{base}"\n'})
    message = f'invalid `base = "{base}"`: there is no branch, tag or commit `{base}`'
    expected = (("spec2bdd.toml", 2, 1), message, hint)
    assert [describe_error(report) for report in (verify(root), mark(root), status(root), document(root))] == [
        expected
    ] * 4
    assert describe_error(explain(root, CLAIMED)) == expected


def describe_error(answer: Any) -> tuple[tuple[str, int, int], str, str]:
    """Describe the only error of an answer."""
    (error,) = (diagnostic for diagnostic in answer.diagnostics if diagnostic.code == "no-base")
    return (error.path, error.line, error.column), error.message, error.hint


@pytest.mark.parametrize("command", ["verify", "mark"])
@pytest.mark.parametrize("case", MISSING)
def test_without_a_merge_base_not_even_strict_unticks(tmp_path: Path, case: str, command: str) -> None:
    root = make_branch(tmp_path / "project")
    verify(root)
    assert [read_box(root, OLD), read_box(root)] == ["x", "x"]
    root = break_nothing_to_compare(root, case)
    verify(root, judge_options=JudgeOptions(strict=True))
    if command == "mark":
        mark(root, judge_options=JudgeOptions(strict=True))
    assert [read_box(root, OLD), read_box(root)] == ["x", "x"]


def test_without_git_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_branch(tmp_path / "project")
    shutil.rmtree(root / ".git")
    generate(root)
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    report = verify(root)
    assert list_plain_reasons(report)[1] == "passed, but cannot be compared with `main`: git is not installed"
    assert read_box(root) == " "


def test_a_shallow_clone_of_the_base_with_nothing_new_needs_no_history(tmp_path: Path) -> None:
    root = make_main(tmp_path / "project")
    copy = clone(root, tmp_path / "copy", "--depth=1")
    report = verify(copy)
    assert (find_comparisons(report), report.exit_code) == ({OLD: BaseOutcome.CLAIMED}, 0)


def test_the_files_the_index_the_branches_and_the_hooks_of_the_user_are_left_alone(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    generate(root)
    run_git(root, "add", "till.py")
    hook = write_files(root, {".git/hooks/post-checkout": "#!/bin/sh\ntouch hooked\n"}) / ".git/hooks/post-checkout"
    hook.chmod(0o755)
    write_files(root, {"notes.txt": "not tracked\n"})
    verify(root)

    def look() -> tuple[str, ...]:
        questions = (["status", "--short"], ["branch", "--all", "--verbose"], ["stash", "list"], ["diff", "--cached"])
        return (*(run_git(root, *question) for question in questions), str((root / "hooked").exists()))

    before = look()
    (root / ".spec2bdd/merge-base.json").unlink()
    assert find_comparisons(verify(root))[CLAIMED] is BaseOutcome.RED
    assert look() == before
    assert len(list_worktrees(root)) == 1


def count_comparisons(root: Path, **wishes: Any) -> int:
    """Count the criteria that a `verify` runs at the base."""
    events: list[Any] = []
    verify(root, on_event=events.append, **wishes)
    return sum(event["criteria"] for event in events if event["event"] == "comparison")


def test_results_are_remembered_until_the_checks_or_the_base_change(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    counts = [count_comparisons(root), count_comparisons(root)]
    write_files(root, {"till.py": NEW_PRODUCT + "\n\nOPEN = True\n"})
    counts.append(count_comparisons(root))
    commit_all(root)
    counts.append(count_comparisons(root))
    with (root / STEPS_PATH).open("a", encoding="utf-8") as stream:
        stream.write("# Another state of the steps.\n")
    counts.append(count_comparisons(root))
    assert counts == [1, 0, 0, 0, 1]


@pytest.mark.parametrize("content", ["", "[]", '{"version": 2, "digest": "", "content": {"a": {"b": ["red", ""]}}}'])
def test_memory_that_is_damaged_counts_as_empty(tmp_path: Path, content: str) -> None:
    root = make_branch(tmp_path / "project")
    verify(root)
    (root / ".spec2bdd/merge-base.json").write_text(content, encoding="ascii")
    assert count_comparisons(root) == 1


def test_a_check_writes_nothing_and_says_the_same(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    generate(root)
    report = verify(root, check=True)
    assert find_comparisons(report)[CLAIMED] is BaseOutcome.RED
    assert not (root / ".spec2bdd/merge-base.json").exists()
    assert count_comparisons(root) == 1


def test_a_run_and_explain_use_what_is_remembered(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    generate(root)
    waits = "pending: passed, but not compared since the last change; run `spec2bdd verify`"
    assert list_reasons(run(root)) == {OLD: "passed", CLAIMED: waits}
    verify(root)
    assert find_comparisons(run(root))[CLAIMED] is BaseOutcome.RED
    entry = explain(read_config(root), "1.1", "#2").entries[0]
    assert entry.judgement
    assert entry.judgement.comparison
    assert entry.judgement.comparison.outcome is BaseOutcome.RED


def test_memory_that_a_branch_brings_along_does_not_count(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    verify(root)
    run_git(root, "add", "--force", ".spec2bdd/merge-base.json")
    assert count_comparisons(root) == 1


def test_a_scenario_that_waits_in_vain_at_the_base_is_red(tmp_path: Path) -> None:
    waits = "import time\n\n    while not hasattr(till, 'take_off'):\n        time.sleep(0.05)\n    assert till"
    root = make_branch(tmp_path / "project", {STEPS_PATH: STEPS + NEW_STEPS.replace("assert till", waits)})
    report = verify(root, plan=RunOptions(timeout=1.0))
    assert find_comparisons(report) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


def test_values_for_behave_are_passed_on_and_what_selects_scenarios_is_not(tmp_path: Path) -> None:
    needs = "assert context.config.userdata['shop'] == 'open'\n    assert till"
    root = make_branch(tmp_path / "project", {STEPS_PATH: STEPS + NEW_STEPS.replace("assert till", needs)})
    report = verify(root, plan=RunOptions(arguments=("-D", "shop=open", "--name=discount")))
    assert find_comparisons(report)[CLAIMED] is BaseOutcome.RED


def test_the_outcome_is_in_the_answers(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    report = verify(root)
    expected = {"outcome": "red", "name": "main", "commit": run_git(root, "rev-parse", "main").strip()}
    document = json.loads(render_json(report))
    explanation = explain(read_config(root), "1.1", "#2")
    explained = json.loads(render_explanation_json(explanation))
    for criterion in (document["specs"][0]["criteria"][1], explained["criteria"][0]):
        assert {key: criterion["base"][key] for key in expected} == expected
    text = render_explanation(explanation, width=100, color=False)
    assert f"base      red at main ({expected['commit'][:7]}), green here: " in text


def test_an_overview_that_depends_on_the_base_is_not_kept(tmp_path: Path) -> None:
    root = make_branch(tmp_path / "project")
    verify(root)
    assert compute_overview_key(read_config(root)) is None
