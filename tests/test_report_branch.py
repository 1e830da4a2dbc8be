"""`report --since`: what a branch newly proves, loses, leaves unproved and removes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from branch_repository import (
    BRANCH,
    CLAIMED,
    MAIN,
    NEW,
    OLD,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    make_branch,
    make_main,
)
from click.testing import CliRunner, Result
from grouped import in_one_test
from jsonschema import Draft202012Validator
from small_project import verify
from tree_repository import run_git, write_files

from spec2bdd.cli.main import main
from spec2bdd.model import BaseComparison, BaseOutcome, CriterionStrength, RuleId, Strength, Tier, Verdict
from spec2bdd.model.history import BranchReport, Transition, TransitionKind
from spec2bdd.reporters.branch_counts import describe_now, find_next_of_branch
from spec2bdd.reporters.json.schemas import DOCUMENTS
from spec2bdd.reporters.markdown.branch import MARKER, render_branch_markdown
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions
from spec2bdd.reporters.terminal.theme import GLYPHS
from spec2bdd.reporters.text import render as render_text

TEXTS = [text for _, text in json.loads((Path(__file__).parent / "hostile_texts.json").read_text()).items()]
TILL_STEPS = """\
from behave import given, then

import till


@given("a till")
def a_till(context):
    context.total = till.add_up([1, 2])


@then("it adds up")
@then("it is open")
def it_adds_up(context):
    assert context.total == 3
"""
COMMIT = "79f30c3aa"
LOST = Transition(TransitionKind.LOST, "ac_1", "specs/1.md", 7, Tier.MUST, "It works", verdict=Verdict.FAILED)
PROVED = replace(LOST, kind=TransitionKind.PROVED, verdict=Verdict.PASSED)


def report(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["report", *arguments], prog_name="spec2bdd")


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A branch that proves one criterion, and whose product breaks another; its records are those of today."""
    root = make_branch(tmp_path_factory.mktemp("branch"), {"till.py": BRANCH["till.py"].replace("sum(", "max(")})
    verify(root)
    return root


@pytest.fixture
def here(branch: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to the branch."""
    monkeypatch.chdir(branch)
    return branch


@pytest.mark.usefixtures("here")
def test_what_is_lost_and_what_is_newly_proved_is_listed_and_the_check_fails() -> None:
    done = report("--since", "main", "--format", "json")
    document = json.loads(done.stdout)
    found = [(each["kind"], each["text"], each["verdict"], each["fails"]) for each in document["transitions"]]
    assert found == [("lost", OLD, "failed", True), ("newly_proved", CLAIMED, "passed", False)]
    assert (document["proved"], document["open"], document["base"]["name"]) == (0, 0, "main")
    assert done.exit_code == document["exit_code"] == 1
    assert [each["base"] and each["base"]["outcome"] for each in document["transitions"]] == [None, "red"]


def test_a_stale_criterion_is_called_stale_once() -> None:
    stale = replace(LOST, kind=TransitionKind.STALE, verdict=Verdict.STALE, reason="`till.py` has changed")
    assert (describe_now(stale), describe_now(LOST)) == ("`till.py` has changed", "failed")


STALE = replace(LOST, kind=TransitionKind.STALE, verdict=Verdict.STALE)
REWORDED = replace(STALE, id="ac_2", rule=RuleId.REWORDED)
NEXT_STEPS = {
    "outdated": ([STALE], "run `spec2bdd verify`, then this again"),
    "reworded": ([REWORDED], "check that the steps prove the new wording, then `spec2bdd accept ac_2`"),
    "both": ([STALE, REWORDED], "check that the steps prove the new wording, then `spec2bdd accept ac_2`"),
    "not-generated": (
        [replace(STALE, rule=RuleId.REWORDED_NOT_GENERATED)],
        "run `spec2bdd generate` for the new wording",
    ),
    "lost": ([LOST], "run `spec2bdd explain ac_1`"),
    "proved": ([PROVED], ""),
}


@pytest.mark.parametrize(("transitions", "expected"), NEXT_STEPS.values(), ids=NEXT_STEPS)
def test_the_next_step_is_what_helps(transitions: list[Transition], expected: str) -> None:
    assert find_next_of_branch(BranchReport("main", COMMIT, tuple(transitions), exit_code=1)) == expected


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", ["text", "markdown", "github"])
def test_what_is_newly_proved_was_seen_to_fail_at_the_merge_base(name: str) -> None:
    shown = " ".join(report("--since", "main", "--format", name).stdout.split())
    assert re.search(r"red at main \(\w{7}\), green here: \w+Error: ", shown)
    assert name == "github" or "1 newly proved (1 red at the merge base)" in shown


def test_without_records_of_a_run_nothing_is_called_lost_and_the_command_to_run_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_main(tmp_path))
    done = report("--since", "main")
    assert done.exit_code == 2
    assert "error: no results yet [record]\n    hint: run `spec2bdd verify` first" in done.stderr
    head, step = done.stdout.splitlines()
    assert re.fullmatch(r"Error: no results yet, compared with main \(\w{7}\)", head)
    assert step == "next: run `spec2bdd verify`, then this again"
    markdown = report("--since", "main", "--format", "markdown").stdout
    assert ("**Error**: no results yet, compared" in markdown, "- no results yet\n" in markdown) == (True, True)
    assert json.loads(report("--since", "main", "--format", "json").stdout)["transitions"] == []


def test_without_records_of_a_run_what_was_removed_is_still_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_main(tmp_path)
    spec = (root / SPEC_PATH).read_text(encoding="utf-8")
    line = next(line for line in spec.splitlines() if OLD in line)
    write_files(
        root, {SPEC_PATH: spec.replace(line, f"- [x] Something else\n{line.replace(OLD, 'It is another one')}")}
    )
    monkeypatch.chdir(root)
    done = report("--since", "main")
    assert "Error: no results yet; 1 removed, compared with main" in done.stdout


def test_the_annotations_are_on_the_lines_of_the_spec(here: Path) -> None:
    lines = (here / SPEC_PATH).read_text(encoding="utf-8").splitlines()
    done = report("--since", "main", "--format", "github")
    places = [next(number for number, line in enumerate(lines, 1) if text in line) for text in (OLD, CLAIMED)]
    expected = [
        f"::{word} file={SPEC_PATH},line={place},col=1,title=criterion-changed::{kind}: must criterion `{text}`"
        for word, place, kind, text in zip(
            ("error", "notice"), places, ("lost", "newly proved"), (OLD, CLAIMED), strict=True
        )
    ]
    assert [line[: len(start)] for line, start in zip(done.stdout.splitlines(), expected, strict=True)] == expected


@pytest.mark.usefixtures("here")
def test_the_comment_begins_with_the_marker_and_has_a_row_for_each_criterion() -> None:
    lines = report("--since", "main", "--format", "markdown").stdout.splitlines()
    assert lines[0] == MARKER
    rows = [line for line in lines if line.startswith("| ")][1:]
    assert [row.split(" | ")[0] for row in rows] == ["| **lost**", "| newly proved"]


def test_nothing_is_written(here: Path) -> None:
    before = run_git(here, "status", "--porcelain")
    report("--since", "main")
    assert run_git(here, "status", "--porcelain") == before


def test_without_results_nothing_is_lost_and_a_spec_that_is_gone_takes_its_criteria_along(
    branch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "copy"
    run_git(tmp_path, "clone", "--quiet", str(branch), str(root))
    run_git(root, "fetch", "--quiet", "origin", "main:main")
    monkeypatch.chdir(root)
    write_files(root, {SPEC_PATH: (SPEC + NEW).replace(f"- [x] {OLD}\n", "")})
    done = report("--since", "main", "--format", "json")
    found = [(each["kind"], each["text"]) for each in json.loads(done.stdout)["transitions"]]
    assert found == [("not_proved", CLAIMED), ("removed", OLD)]
    assert done.exit_code == 0
    write_files(root, {SPEC_PATH: SPEC, STEPS_PATH: "# nothing\n"})
    # A clone has no results, so that nothing is lost.
    document = json.loads(report("--since", "main", "--format", "json").stdout)
    assert (document["transitions"], document["exit_code"]) == ([], 2)


def exclude(root: Path, *, prune: bool = False) -> None:
    """Exclude a spec, and delete its feature file."""
    write_files(root, {"spec2bdd.toml": 'exclude = ["specs/2.1-till.md"]\n'})
    if prune:
        (root / "features/2_1_till.feature").unlink()


GONE: dict[str, Callable[[Path], object]] = {
    "deleted": lambda root: (root / "specs/2.1-till.md").unlink(),
    "excluded": exclude,
    "excluded, without its feature file": partial(exclude, prune=True),
}


@pytest.mark.parametrize("change", GONE.values(), ids=GONE)
def test_the_criteria_of_a_spec_that_is_gone_are_removed_though_no_other_spec_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]
) -> None:
    other = SPEC.replace("1.1", "2.1").replace("adds up", "adds down")
    root = make_main(tmp_path, {"specs/2.1-till.md": other})
    run_git(root, "switch", "--quiet", "--create", "discount")
    monkeypatch.chdir(root)
    change(root)
    found = json.loads(report("--since", "main", "--format", "json").stdout)["transitions"]
    assert [(each["kind"], each["text"]) for each in found if each["path"] == "specs/2.1-till.md"] == [
        ("removed", "A till adds down prices")
    ]


def test_a_criterion_that_other_steps_prove_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = "  - Given a till\n  - Then {}\n"
    root = make_main(tmp_path, {SPEC_PATH: SPEC + steps.format("it adds up"), STEPS_PATH: TILL_STEPS})
    run_git(root, "switch", "--quiet", "--create", "discount")
    monkeypatch.chdir(write_files(root, {SPEC_PATH: SPEC + steps.format("it is open")}))
    verify(root)
    document = json.loads(report("--since", "main", "--format", "json").stdout)
    assert [(each["kind"], each["text"], each["fails"]) for each in document["transitions"]] == [
        ("other_steps", OLD, False)
    ]
    assert "Passed: 1 with other steps; 0 stayed proved" in " ".join(report("--since", "main").stdout.split())
    assert (document["proved"], document["exit_code"]) == (0, 0)


HELPER = "def check(total):\n    assert total == 3\n"
CALLING = STEPS.replace("    assert till.add_up([1, 2]) == 3\n", "    check(till.add_up([1, 2]))\n")
CALLING_OWN = CALLING.replace("import till\n", f"import till\n\n\n{HELPER}")
CALLING_OTHER = CALLING.replace("import till\n", "import till\nfrom tests.checks import check\n")
GUTTED = {
    "an-assertion-that-is-removed": (
        {STEPS_PATH: STEPS},
        {STEPS_PATH: STEPS.replace("assert till.add_up([1, 2]) == 3", "till.add_up([1, 2]).bit_length()")},
        "`a till adds up prices` at steps/till_steps.py:7 was changed on this branch",
    ),
    "an-assertion-that-is-replaced": (
        {STEPS_PATH: STEPS},
        {STEPS_PATH: STEPS.replace("== 3", "> 0")},
        "`a till adds up prices` at steps/till_steps.py:7 was changed on this branch",
    ),
    "in-a-file-with-another-name": (
        {STEPS_PATH: STEPS},
        {STEPS_PATH: None, "steps/cash_steps.py": STEPS.replace("== 3", "> 0").replace("adds_up(", "sums(")},
        "`a till adds up prices` at steps/cash_steps.py:7 was changed on this branch",
    ),
    "in-a-helper-of-its-file": (
        {STEPS_PATH: CALLING_OWN},
        {STEPS_PATH: CALLING_OWN.replace("== 3", "> 0")},
        "`a till adds up prices` calls `check` at steps/till_steps.py:6, which was changed on this branch",
    ),
    "in-a-helper-of-another-file": (
        {STEPS_PATH: CALLING_OTHER, "tests/__init__.py": "", "tests/checks.py": HELPER},
        {"tests/checks.py": HELPER.replace("== 3", "> 0")},
        "`a till adds up prices` calls `check` at tests/checks.py:1, which was changed on this branch",
    ),
}


def change_steps(root: Path, before: dict[str, str], after: dict[str, str | None]) -> Path:
    """Make a repository with some files on `main`, and change them on a branch that was verified."""
    make_main(root, before)
    run_git(root, "switch", "--quiet", "--create", "discount")
    for path in (path for path, text in after.items() if text is None):
        (root / path).unlink()
    write_files(root, {path: text for path, text in after.items() if text is not None})
    verify(root)
    return root


@pytest.mark.parametrize(("before", "after", "expected"), GUTTED.values(), ids=GUTTED)
def test_a_criterion_whose_step_has_other_code_is_listed_and_fails_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: dict[str, str],
    after: dict[str, str | None],
    expected: str,
) -> None:
    monkeypatch.chdir(change_steps(tmp_path, before, after))
    document = json.loads(report("--since", "main", "--format", "json").stdout)
    found = [(each["kind"], each["text"], each["reason"], each["fails"]) for each in document["transitions"]]
    assert found == [("changed_step_code", OLD, f"its step {expected}", False)]
    assert (document["proved"], document["exit_code"]) == (0, 0)
    shown = " ".join(report("--since", "main").stdout.split())
    assert f" must changed step code: passed: its step {expected}" in shown
    assert "Passed: 1 with changed step code; 0 stayed proved" in shown
    assert "**Passed**: 1 with changed step code; 0" in report("--since", "main", "--format", "markdown").stdout


HARMLESS = {
    "a-comment": STEPS.replace("    assert", "    # A comment.\n    assert"),
    "a-docstring": STEPS.replace("    assert", '    """Check it."""\n    assert'),
    "another-name": STEPS.replace("adds_up(context)", "sums(context)"),
    "another-step": f"{STEPS}\n\n@then('it is open')\ndef it_is_open(context):\n    assert till\n",
    "another-place": STEPS.replace("import till\n", "import till\n\nPRICES = [1, 2]\n"),
}


@pytest.mark.parametrize("steps", HARMLESS.values(), ids=HARMLESS)
def test_a_step_file_in_which_the_code_of_a_step_is_the_same_is_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: str
) -> None:
    monkeypatch.chdir(change_steps(tmp_path, {STEPS_PATH: STEPS}, {STEPS_PATH: steps}))
    document = json.loads(report("--since", "main", "--format", "json").stdout)
    assert (document["transitions"], document["proved"]) == ([], 1)


def test_a_project_that_was_moved_is_compared_with_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_main(tmp_path)
    moved = root / "app"
    parts = [path for path in root.iterdir() if path.name != ".git"]
    moved.mkdir()
    for path in parts:
        path.rename(moved / path.name)
    run_git(root, "add", "--all")
    monkeypatch.chdir(write_files(moved, {SPEC_PATH: SPEC.replace(f"- [x] {OLD}\n", "- [ ] A till opens\n")}))
    found = json.loads(report("--since", "main", "--format", "json").stdout)["transitions"]
    assert ("removed", OLD) in [(each["kind"], each["text"]) for each in found]


def test_the_base_is_read_with_its_own_configuration_and_what_asks_for_less_now_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = SPEC.replace("Acceptance Criteria", "Promises").replace("### Must Have\n", "")
    config = 'challenge = "warn"\nheadings = { criteria = ["Promises"] }\n'
    root = make_main(tmp_path, {SPEC_PATH: spec, "spec2bdd.toml": config})
    run_git(root, "switch", "--quiet", "--create", "discount")
    marked = {
        STEPS_PATH: f"{(root / STEPS_PATH).read_text()}# spec2bdd: proves\n",
        "features/own.feature": "Feature: own\n  @wip @no_challenge\n  Scenario: own\n",
    }
    monkeypatch.chdir(
        write_files(root, {"spec2bdd.toml": "", SPEC_PATH: f"{SPEC}- [ ] A till opens\n".replace(OLD, ""), **marked})
    )
    document = json.loads(report("--since", "main", "--format", "json").stdout)
    assert ("removed", OLD) in [(each["kind"], each["text"]) for each in document["transitions"]]
    assert document["settings"] == [
        {"key": "challenge", "before": '"warn"', "after": '"off"', "path": ""},
        {"key": "headings", "before": '{"criteria": ["Promises"]}', "after": "{}", "path": ""},
        {"key": "# spec2bdd: proves", "before": "0", "after": "1", "path": STEPS_PATH},
        {"key": "@no_challenge", "before": "0", "after": "1", "path": "features/own.feature"},
    ]
    Draft202012Validator(DOCUMENTS["branch"].build()).validate(document)
    assert 'spec2bdd.toml  challenge: "warn" → "off", which asks for less' in report("--since", "main").stdout
    assert '- `challenge`: `"warn"` → `"off"`' in report("--since", "main", "--format", "markdown").stdout
    notice = "file=spec2bdd.toml,title=setting-lowered::`challenge` asks for less than at `main`"
    assert notice in report("--since", "main", "--format", "github").stdout


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("gate = 1\n", "spec2bdd.toml:1: "),
        ("specs = [\n", "spec2bdd.toml:1: invalid TOML"),
        ("unknown-key = 1\n", "spec2bdd.toml:1: "),
    ],
)
def test_an_invalid_configuration_of_the_base_is_named_in_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, reason: str
) -> None:
    root = make_main(tmp_path)
    write_files(root, {"spec2bdd.toml": config})
    run_git(root, "commit", "--quiet", "--all", "--message", "break")
    run_git(root, "switch", "--quiet", "--create", "discount")
    monkeypatch.chdir(write_files(root, {"spec2bdd.toml": MAIN["spec2bdd.toml"]}))
    verify(root)
    (note,) = json.loads(report("--since", "main", "--format", "json").stdout)["notes"]
    commit = run_git(root, "rev-parse", "main")[:7]
    assert note.startswith(f"the configuration at main ({commit}) is invalid: {reason}")
    assert note.endswith("; its specs were read with that of today")
    shown = [" ".join(report("--since", "main", "--format", name).stdout.split()) for name in ("text", "markdown")]
    assert ["read with that of today" in text for text in shown] == [True, True]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "error", "hint"),
    [
        (
            ["--since", "no-such"],
            "cannot compare with `no-such`: there is no branch, tag or commit `no-such`",
            "check the name, or fetch it with `git fetch origin no-such`",
        ),
        (["--since", "main", "--serve"], "`--serve` cannot be combined with `--since`", "leave out one of them"),
    ],
)
def test_what_cannot_be_compared_is_an_error(arguments: list[str], error: str, hint: str) -> None:
    done = report(*arguments)
    assert (done.exit_code, done.stderr) == (2, f"error: {error} [usage]\n    hint: {hint}\n")


def test_without_a_repository_there_is_nothing_to_compare_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_files(tmp_path, {"spec2bdd.toml": "", SPEC_PATH: SPEC}))
    error = "error: cannot compare with `main`: no git repository [usage]\n"
    assert report("--since", "main").stderr == f"{error}    hint: run it in a git repository\n"


@pytest.mark.usefixtures("here")
def test_a_page_of_a_branch_is_refused() -> None:
    assert "`report --since` has no format `html`" in report("--since", "main", "--format", "html:x.html").stderr


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_criteria_of_one_kind_are_in_the_order_of_the_files(name: str) -> None:
    places = [("specs/2.md", 25), ("specs/2.md", 26), ("specs/3.md", 16)]
    proved = [replace(PROVED, path=path, line=line) for path, line in places]
    lost = [replace(LOST, path=path, line=line) for path, line in places]
    shown = REPORTERS[name].render(Answer("branch", BranchReport("main", COMMIT, (*lost, *proved))), RenderOptions())
    expected = [f"{path}:{line}" for path, line in places]
    assert re.findall(r"specs/\d\.md:\d+", shown) == expected * 2


DRAFT = (
    SPEC.replace("1.1", "3.1").replace("In Progress", "Draft").replace("- [x] A till adds up", "- [ ] A till counts")
)
STATUSES = {
    "new": ("specs/3.1-count.md", DRAFT, "new: Draft", {"before": "", "after": "Draft", "new": True}),
    "without a status before": (
        "specs/2.1-plain.md",
        DRAFT.replace("3.1", "2.1"),
        "no status → Draft",
        {"before": "", "after": "Draft", "new": False},
    ),
    "changed": (
        SPEC_PATH,
        SPEC.replace("In Progress", "Draft"),
        "In Progress → Draft",
        {"before": "In Progress", "after": "Draft", "new": False},
    ),
    "without a status now": (
        SPEC_PATH,
        SPEC.replace("status: In Progress\n", ""),
        "In Progress → no status",
        {"before": "In Progress", "after": "", "new": False},
    ),
    "renamed": (
        "specs/1.1-cash.md",
        SPEC.replace("In Progress", "Draft"),
        "In Progress → Draft",
        {"before": "In Progress", "after": "Draft", "new": False},
    ),
}


@pytest.mark.parametrize(("path", "text", "words", "expected"), STATUSES.values(), ids=STATUSES)
def test_the_status_of_a_spec_that_is_new_is_called_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, text: str, words: str, expected: dict[str, object]
) -> None:
    plain = DRAFT.replace("3.1", "2.1").replace("status: Draft\n", "")
    root = make_main(tmp_path, {"specs/2.1-plain.md": plain})
    run_git(root, "switch", "--quiet", "--create", "discount")
    if path == "specs/1.1-cash.md":
        (root / SPEC_PATH).unlink()
    monkeypatch.chdir(write_files(root, {path: text}))
    document = json.loads(report("--since", "main", "--format", "json").stdout)
    Draft202012Validator(DOCUMENTS["branch"].build()).validate(document)
    assert document["statuses"] == [{"path": path, **expected}]
    assert f"{path}  {words}\n" in report("--since", "main").stdout
    assert f"- `{path}`: {words}\n" in report("--since", "main", "--format", "markdown").stdout


def test_each_change_has_a_sign_of_its_own_and_one_of_a_verdict_is_that_of_the_verdict() -> None:
    transitions = tuple(replace(LOST, kind=kind) for kind in TransitionKind)
    text = REPORTERS["text"].render(Answer("branch", BranchReport("main", COMMIT, transitions)), RenderOptions())
    signs = re.findall(r"^(\S) It works$", text, re.MULTILINE)
    assert len(set(signs)) == len(TransitionKind)
    page = (Path(__file__).resolve().parents[1] / "docs" / "report.md").read_text(encoding="utf-8")
    assert signs == [
        re.findall(rf"^\| `(\S)` \| {kind} \|", page, re.MULTILINE)[0] for kind in reversed(TransitionKind)
    ]
    of_verdicts = {TransitionKind.LOST: Verdict.FAILED, TransitionKind.STALE: Verdict.STALE}
    by_kind = dict(zip(reversed(TransitionKind), signs, strict=True))
    assert {kind: by_kind[kind] for kind in of_verdicts} == {kind: GLYPHS[each] for kind, each in of_verdicts.items()}


WEAK = CriterionStrength("ac_1", Strength.WEAKER, "its checks no longer notice `x -> y`")
PROOFS = {
    "not run there": (PROVED, "passed: not run at the merge base"),
    "documents what is there": (
        replace(PROVED, comparison=BaseComparison(BaseOutcome.EXISTING, "main", reason="it has the tag `@existing`")),
        "passed: not compared with main: it has the tag `@existing`",
    ),
    "notices": (
        replace(PROVED, strength=CriterionStrength("ac_1", Strength.NOTICES, "noticed 1 of 3 faults")),
        "passed: not run at the merge base; its checks noticed 1 of 3 faults",
    ),
    "weaker": (replace(PROVED, kind=TransitionKind.WEAKER, strength=WEAK), f"passed: {WEAK.reason}"),
    "weaker, and therefore pending": (
        replace(LOST, verdict=Verdict.PENDING, reason=f"passed, but {WEAK.reason}", strength=WEAK),
        f"pending: passed, but {WEAK.reason}",
    ),
}


@pytest.mark.parametrize(("transition", "expected"), PROOFS.values(), ids=PROOFS)
def test_the_proof_of_a_criterion_is_described(transition: Transition, expected: str) -> None:
    assert describe_now(transition) == expected


def test_every_format_has_what_is_weaker() -> None:
    weaker = replace(PROVED, kind=TransitionKind.WEAKER, strength=WEAK)
    answer = Answer("branch", BranchReport("main", COMMIT, (weaker,)))
    shown = {name: REPORTERS[name].render(answer, RenderOptions()) for name in ("text", "markdown", "json", "github")}
    assert [name for name, text in shown.items() if "weaker" not in text or "x -> y" not in text] == []
    (found,) = json.loads(shown["json"])["transitions"]
    assert {"strength": "weaker", "reason": WEAK.reason, "tried": 0, "noticed": 0} == found["strength"]
    Draft202012Validator(DOCUMENTS["branch"].build()).validate(json.loads(shown["json"]))


@in_one_test("text", TEXTS)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    hostile = replace(LOST, text=text, before=text, reason=text, path=f"specs/{text}.md")
    value = BranchReport(f"main{text}", COMMIT, (hostile,), exit_code=1)
    markdown = render_branch_markdown(value)
    assert markdown.count("\n| ") == 2
    assert not re.search(r"(?<!\\)<script", re.sub(r"`[^`\n]*`", "", markdown))
    assert "\x1b" not in markdown
    shown = render_text(Answer("branch", value), RenderOptions(color=False))
    assert not [char for char in shown if ord(char) < 32 and char != "\n"]


def test_a_comment_is_never_longer_than_the_service_takes() -> None:
    many = tuple(replace(LOST, text="long " * 400, line=number) for number in range(1000))
    markdown = render_branch_markdown(BranchReport("main", COMMIT, many, exit_code=1))
    assert len(markdown) <= 65_536
    shown = markdown.count("\n| **lost**")
    assert 10 < shown < 1000
    assert f"… and {1000 - shown} more\n" in markdown


@pytest.mark.usefixtures("here")
def test_the_document_is_as_its_schema_says() -> None:
    document = json.loads(report("--since", "main", "--format", "json").stdout)
    Draft202012Validator(DOCUMENTS["branch"].build()).validate(document)


def test_the_page_of_ci_finds_the_comment_by_the_marker() -> None:
    page = (Path(__file__).parents[1] / "docs" / "ci.md").read_text(encoding="utf-8")
    assert f'startswith("{MARKER}")' in page
