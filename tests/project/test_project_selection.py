"""What is run of a project: by name, by the last results, by what has changed since; and what becomes of the rest."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from small_project import (
    FEATURE_PATH,
    NOW,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    generate,
    list_verdicts,
    mark,
    run,
    write_basket,
    write_files,
)

from spec2bdd.cli.main import main
from spec2bdd.commands.run import run as run_command
from spec2bdd.commands.verify import verify
from spec2bdd.config import read_config
from spec2bdd.errors import UsageError
from spec2bdd.model import DEFAULT_RUN, Report, RunOptions, Selection
from spec2bdd.project.loader import load_project
from spec2bdd.project.selection import select_run

TEXTS = (
    "An item can be added",
    'Removing an item that is not there is refused with "no such item"',
    "The basket survives a restart",
    "Baskets can be shared",
)
OTHER_PATH = "specs/4.2-till.md"
OTHER = (
    SPEC.replace("3.10 # the tenth, not 3.1", "4.2")
    .replace("Shop basket", "Till")
    .replace("### Could Have\n- [ ] Baskets can be shared\n", "### Could Have\n- [ ] The till opens by hand (manual)\n")
)


def run_chosen(root: Path, choice: Selection, plan: RunOptions = DEFAULT_RUN) -> Report:
    """Run what was chosen."""
    return run_command(read_config(root), selection=choice, run_options=plan)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of two specs, with its features, in a repository that knows all of it."""
    root = write_basket(tmp_path_factory.mktemp("chosen"))
    write_files(root, {OTHER_PATH: OTHER.replace("item", "coin"), "README.md": "A shop.\n", "app.py": "basket = []\n"})
    write_files(root, {".gitignore": ".spec2bdd/\n__pycache__/\n", "steps/data.txt": "x"})
    generate(root)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root


def find_texts(root: Path, plan: RunOptions) -> list[str]:
    """Return the texts of the criteria whose scenarios a plan runs."""
    return [
        item.criterion.text
        for draft in load_project(read_config(root)).plans
        for item in draft.tracked
        if item.files
        and (plan.only is None or item.id in plan.only)
        and (plan.features is None or plan.features & set(item.files))
    ]


def choose(root: Path, choice: Selection, plan: RunOptions = DEFAULT_RUN) -> list[str]:
    """Return the texts of the criteria that are chosen."""
    return find_texts(root, select_run(load_project(read_config(root)), choice, plan).plan)


NAMES: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "a number": (["3.10#2"], TEXTS[1:2]),
    "a part of a text": (["survives a restart"], ()),
    "a text": (["baskets can be SHARED"], TEXTS[3:]),
    "the id of a spec": (["3.10"], TEXTS),
    "the path of a spec": ([SPEC_PATH], TEXTS),
    "the path of a feature": ([FEATURE_PATH], TEXTS),
    "the path of a feature from here": (["./" + FEATURE_PATH], TEXTS),
    "the name of a spec": (["shop basket"], TEXTS),
    "two of them": (["3.10#1", "3.10#4"], (TEXTS[0], TEXTS[3])),
    "a feature file without its folder": (["3_10_shop_basket.feature"], TEXTS),
    "a feature file and a criterion": ([FEATURE_PATH, "3.10#1"], TEXTS),
    "one of them twice": (["3.10#1", TEXTS[0]], TEXTS[:1]),
}


@pytest.mark.parametrize(("typed", "texts"), [case for case in NAMES.values() if case[1]])
def test_what_is_named_is_run_and_nothing_else(generated: Path, typed: Sequence[str], texts: Sequence[str]) -> None:
    assert list(texts) == choose(generated, Selection(tuple(typed)))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("survives a restart", "matches 2 criteria"),
        ("nothing of the kind", "no spec or criterion matches"),
        ("the till opens by hand", "`The till opens by hand` is manual, so there is nothing to run"),
        ("9.9#1", "no spec or criterion matches"),
        ("", "the name is empty"),
        ("features/3_10_shop_baskt.feature", "no feature file matches `features/3_10_shop_baskt.feature`"),
        (".feature", "no feature file matches"),
        ("features/3_10_shop_basket.feature:3", "names a line, but only whole feature files can be run"),
    ],
)
def test_a_name_that_means_nothing_or_too_much_is_refused(generated: Path, typed: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        choose(generated, Selection((typed,)))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("nope.feature", "the feature files are `features/3_10_shop_basket.feature`, `features/4_2_till.feature`"),
        ("shop_basket.feature", "did you mean `features/3_10_shop_basket.feature`?"),
        ("4_2_til.feature", "did you mean `features/4_2_till.feature`?"),
        ("features/4_2_til.feature", "did you mean `features/4_2_till.feature`?"),
    ],
)
def test_the_name_of_no_feature_file_is_answered_with_those_that_there_are(
    generated: Path, typed: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        choose(generated, Selection((typed,)))
    assert caught.value.hint == hint


def test_only_a_feature_file_that_is_missing_is_to_be_generated(tmp_path: Path) -> None:
    write_basket(tmp_path)
    with pytest.raises(UsageError) as none:
        choose(tmp_path, Selection(("nope.feature",)))
    generate(tmp_path)
    write_files(tmp_path, {OTHER_PATH: OTHER})
    hints = []
    for typed in ("features/4_2_till.feature", "4_2_till.feature", "nope.feature", "4.2"):
        with pytest.raises(UsageError) as caught:
            choose(tmp_path, Selection((typed,)))
        hints.append(caught.value.hint)
    generate_first = "run `spec2bdd generate` first"
    assert none.value.hint == generate_first
    assert hints == [
        generate_first,
        generate_first,
        f"the only feature file is `{FEATURE_PATH}`",
        "run `spec2bdd generate`",
    ]


def test_of_many_feature_files_the_folder_is_named(tmp_path: Path) -> None:
    write_basket(tmp_path)
    own = "Feature: own\n  Scenario: mine\n    Then an item can be added\n"
    write_files(tmp_path, {f"features/{name * 9}.feature": own for name in "abcd"})
    with pytest.raises(UsageError) as caught:
        choose(tmp_path, Selection(("nope.feature",)))
    assert caught.value.hint == "the feature files are in `features/`"


# The lines of the first criterion that nothing has to prove, why it has no scenario, and how the hint begins.
EXEMPT = {
    "set aside": (
        f"- [~] {TEXTS[0]}",
        "set aside with `[~]`",
        f"empty the box in {SPEC_PATH}:28, or `spec2bdd waive ac_",
    ),
    "waived": (f"- [~] {TEXTS[0]} (waived: later)", 'waived: "later"', "run `spec2bdd unwaive ac_"),
    "manual": (f"- [ ] {TEXTS[0]} (manual)", "manual", "check it by hand, then `spec2bdd tick ac_"),
    "won't-have": (f"### Won't Have\n- [ ] {TEXTS[0]}", "a won't-have", "move it to another tier if it is required"),
    # Nobody could tick it.
    "manual won't-have": (f"### Won't Have\n- [ ] {TEXTS[0]} (manual)", "a won't-have", "move it to another tier"),
}


@pytest.mark.parametrize("name", EXEMPT)
def test_a_criterion_that_nothing_has_to_prove_has_no_scenario_to_generate(tmp_path: Path, name: str) -> None:
    line, why, hint = EXEMPT[name]
    write_basket(tmp_path, spec=SPEC.replace(f"- [ ] {TEXTS[0]}", line))
    generate(tmp_path)
    with pytest.raises(UsageError) as caught:
        choose(tmp_path, Selection((TEXTS[0],)))
    assert caught.value.message == f"`{TEXTS[0]}` is {why}, so there is nothing to run"
    assert caught.value.hint.startswith(hint)


def test_a_spec_of_which_nothing_can_have_a_scenario_is_not_to_be_generated(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace("- [ ] ", "- [~] "))
    generate(tmp_path)
    with pytest.raises(UsageError, match=r"no criterion in `3\.10` has a scenario") as caught:
        choose(tmp_path, Selection(("3.10",)))
    assert caught.value.hint == "criteria that are waived, manual, set aside or won't-haves have none"


def test_a_feature_file_alone_is_run_with_the_scenarios_that_are_linked_to_no_criterion(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"features/own.feature": "Feature: own\n  Scenario: mine\n    Then an item can be added\n"})
    generate(tmp_path)
    report = run_chosen(tmp_path, Selection(("features/own.feature",)))
    assert report.run is not None
    assert [result.name for result in report.run.results if result.status == "passed"] == ["mine"]


def test_a_feature_file_of_no_criterion_cannot_be_combined_with_criteria(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"features/own.feature": "Feature: own\n  Scenario: mine\n    Then an item can be added\n"})
    generate(tmp_path)
    with pytest.raises(UsageError, match=r"no scenario in `features/own\.feature` has the tag of a criterion"):
        choose(tmp_path, Selection(("features/own.feature", "3.10")))


def test_of_a_spec_without_criteria_there_is_nothing_to_generate_yet(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {OTHER_PATH: "---\nfeature_id: 4.2\n---\n# Till\n"})
    generate(tmp_path)
    with pytest.raises(UsageError, match=r"`4\.2` has no criteria yet") as caught:
        choose(tmp_path, Selection(("4.2",)))
    assert caught.value.hint == f"write them in `{OTHER_PATH}`, then `spec2bdd generate`"


def test_a_name_in_the_words_of_an_error_is_a_name(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace("Shop basket", "What could be exported"))
    generate(tmp_path)
    assert list(TEXTS) == choose(tmp_path, Selection(("could be exported",)))
    with pytest.raises(UsageError, match="no spec or criterion matches `could be imported`"):
        choose(tmp_path, Selection(("could be imported",)))


def test_choices_leave_what_all_of_them_name(generated: Path) -> None:
    plan = RunOptions(only=frozenset(), shard=(1, 2))
    chosen = select_run(load_project(read_config(generated)), Selection(("3.10",)), plan)
    assert (frozenset(), (1, 2), True) == (chosen.plan.only, chosen.plan.shard, chosen.nothing)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (DEFAULT_RUN, False),
        (RunOptions(jobs=4, retries=2, timeout=1.0), False),
        (RunOptions(arguments=("-D", "browser=firefox", "-Dx=1", "--define=y", "--define", "z")), False),
        (RunOptions(shard=(1, 2)), True),
        (RunOptions(only=frozenset()), True),
        (RunOptions(features=frozenset()), True),
        (RunOptions(arguments=("--tags", "@smoke")), True),
        (RunOptions(arguments=("-D", "x=1", "--stop")), True),
    ],
)
def test_a_partial_run_does_not_replace_the_whole_one(plan: RunOptions, expected: bool) -> None:
    assert plan.may_be_partial == expected


# --- since ------------------------------------------------------------------------------------------------------------

# A file that has changed since, and whether all is run, the one spec, or nothing.
CHANGED = {
    SPEC_PATH: "spec",
    FEATURE_PATH: "spec",
    STEPS_PATH: "all",
    "steps/new_steps.py": "all",
    "steps/data.txt": "all",
    "environment.py": "all",
    "app.py": "all",
    "pyproject.toml": "all",
    "requirements.txt": "all",
    "pages/index.html": "all",
    "spec2bdd.lock": "nothing",
    "README.md": "nothing",
    "docs/new.md": "nothing",
    "specs/new.md": "nothing",
}


@pytest.mark.parametrize(("path", "what"), CHANGED.items())
@pytest.mark.parametrize("staged", [False, True], ids=["in the working tree", "staged"])
def test_what_a_change_can_affect_is_run(generated: Path, path: str, what: str, staged: bool) -> None:
    before = (generated / path).read_bytes() if (generated / path).exists() else None
    try:
        write_files(generated, {path: (before or b"") + b"\n"})
        subprocess.run(["git", "add", *(["."] if staged else ["--dry-run", "."])], cwd=generated, check=True)
        chosen = select_run(load_project(read_config(generated)), Selection(since="HEAD"), DEFAULT_RUN)
    finally:
        subprocess.run(["git", "reset", "-q"], cwd=generated, check=True)
        (generated / path).unlink()
        if before is not None:
            write_files(generated, {path: before})
    assert (what == "nothing") == chosen.nothing
    if what != "nothing":
        every = find_texts(generated, DEFAULT_RUN)
        assert (list(TEXTS) if what == "spec" else every) == find_texts(generated, chosen.plan)


def test_a_change_that_may_affect_everything_is_named(generated: Path) -> None:
    write_files(generated, {"new.py": "x = 1\n"})
    chosen = select_run(load_project(read_config(generated)), Selection(since="HEAD"), DEFAULT_RUN)
    (generated / "new.py").unlink()
    assert chosen.notes == ("`new.py` is new since `HEAD`, and may affect everything",)


def test_where_nothing_has_changed_nothing_is_run_and_said_so(generated: Path) -> None:
    report = run_chosen(generated, Selection(since="HEAD"))
    assert report.notes == ("no scenario is affected by the changes since `HEAD`: nothing was run",)
    assert (report.exit_code, report.run) == (0, None)


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", "", "HEAD:README.md"])
def test_a_revision_that_git_does_not_know_is_refused(generated: Path, revision: str) -> None:
    result = CliRunner().invoke(main, ["run", "--since", revision or "''", "--config", str(write_config(generated))])
    assert (result.exit_code, "there is no branch, tag or commit" in result.output) == (2, True)
    assert not (generated / "x").exists()


def write_config(root: Path) -> Path:
    """Name the root by a configuration outside of what git sees."""
    return next(iter(write_files(root, {".spec2bdd/../spec2bdd.toml": ""}).glob("spec2bdd.toml")))


def test_without_a_repository_since_is_refused(tmp_path: Path) -> None:
    write_basket(tmp_path)
    with pytest.raises(UsageError, match="cannot compare with `HEAD`: no git repository"):
        choose(tmp_path, Selection(since="HEAD"))


# --- failed -----------------------------------------------------------------------------------------------------------


def test_what_did_not_pass_is_run_again_until_it_passes_and_nothing_is_forgotten(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    run(tmp_path)
    assert list(TEXTS[1:]) == choose(tmp_path, Selection(failed=True))
    report = run_chosen(tmp_path, Selection(("3.10#1",)))
    assert count_verdicts(report) == {"passed": 1, "skipped": 3}
    # The run of one part has not taken the place of the whole one.
    assert list(TEXTS[1:]) == choose(tmp_path, Selection(failed=True))
    steps = (tmp_path / STEPS_PATH).read_text()
    write_files(tmp_path, {STEPS_PATH: steps.replace('assert "pear" in basket', 'assert "apple" in basket')})
    report = run_chosen(tmp_path, Selection(failed=True))
    assert count_verdicts(report) == {"stale": 1, "passed": 1, "pending": 2}
    assert list(TEXTS[2:]) == choose(tmp_path, Selection(failed=True))
    # The criterion that the second run has left out had passed before its steps changed.
    assert count_verdicts(mark(tmp_path)) == {"passed": 1, "pending": 2, "stale": 1}
    run(tmp_path)
    assert [path.name for path in (tmp_path / ".spec2bdd").glob("*.ndjson")] == ["records.ndjson"]


def count_verdicts(report: Report) -> dict[str, int]:
    """Return how many criteria have which verdict."""
    verdicts = list(list_verdicts(report).values())
    return {verdict: verdicts.count(verdict) for verdict in verdicts}


def test_where_everything_passed_nothing_is_run_and_said_so(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC[: SPEC.index("- [ ] Removing")])
    generate(tmp_path)
    assert choose(tmp_path, Selection(failed=True)) == [TEXTS[0]]
    run(tmp_path)
    report = run_chosen(tmp_path, Selection(failed=True))
    assert report.notes == ("nothing failed last time: nothing was run",)
    assert report.exit_code == 0


def test_what_was_left_out_on_purpose_is_no_reason_to_say_no(tmp_path: Path) -> None:
    passing = STEPS.replace('assert "pear" in basket', 'assert "apple" in basket')
    write_basket(tmp_path, spec=SPEC.replace("status: Draft", "status: Review"), steps=passing)
    generate(tmp_path)
    report = verify(read_config(tmp_path), selection=Selection(("3.10#1",)), now=NOW)
    assert report.exit_code == 0
    text = (tmp_path / SPEC_PATH).read_text()
    assert ("- [x] An item" in text, "- [ ] Removing" in text, "status: Review" in text) == (True, True, True)


# --- what `watch` runs ------------------------------------------------------------------------------------------------


def test_files_that_were_saved_select_their_own_scenarios(generated: Path) -> None:
    project = load_project(read_config(generated))
    others = {path for path in project.digests if path.endswith(".feature")} - {FEATURE_PATH}

    def select(*changed: str) -> tuple[set[str], bool]:
        selected = select_run(project, Selection(changed=changed), RunOptions())
        return set(selected.plan.features or ()), selected.nothing

    assert select(SPEC_PATH) == ({FEATURE_PATH}, False)
    assert select(FEATURE_PATH) == ({FEATURE_PATH}, False)
    assert select(SPEC_PATH, *others) == ({FEATURE_PATH, *others}, False)
    assert select("specs/deleted.md", "features/deleted.feature", "README.md") == (set(), True)


def test_what_failed_before_is_urgent_and_nothing_is_left_out(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    generate(root)
    run(root)
    project = load_project(read_config(root))
    selected = select_run(project, Selection(failed_first=True), RunOptions())
    failed = select_run(project, Selection(failed=True), RunOptions())
    assert selected.plan.urgent == failed.plan.only
    assert (selected.plan.only, selected.nothing, selected.notes) == (None, False, ())


def test_without_results_nothing_is_urgent(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    generate(root)
    selected = select_run(load_project(read_config(root)), Selection(failed_first=True), RunOptions())
    assert (selected.plan.urgent, selected.plan.is_partial) == (frozenset(), False)


def test_without_marks_the_specs_stay_as_they_are_and_the_features_are_written(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    events: list[Mapping[str, Any]] = []
    report = verify(read_config(root), marks=False, on_event=events.append)
    assert (root / SPEC_PATH).read_text() == SPEC
    assert {change.path for change in report.changes} == {FEATURE_PATH, STEPS_PATH}
    assert events[0] == {"event": "generated", "changes": report.changes}
    assert [box.ticked for spec in report.specs for box in spec.boxes if box.ticked] == [True]
    marked = verify(read_config(root), now=NOW)
    assert [change.path for change in marked.changes] == [SPEC_PATH]


def test_new_stubs_widen_a_run_to_everything(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    generate(root)
    selection = Selection(changed=(OTHER_PATH,))
    write_files(root, {OTHER_PATH: OTHER.replace("item", "coin")})
    counts = []
    for _ in range(2):
        report = verify(read_config(root), selection=selection, marks=False)
        assert report.run
        counts.append(sum(result.status != "skipped" for result in report.run.results))
    assert counts == [7, 3]


def count_parts(root: Path) -> int:
    """Count the records of partial runs."""
    return len(list((root / ".spec2bdd").glob("part-*")))


def test_of_partial_runs_with_the_same_results_the_last_one_is_kept(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    verify(read_config(root))
    selection = Selection(names=(FEATURE_PATH,))
    for _ in range(3):
        verify(read_config(root), selection=selection)
    assert count_parts(root) == 1
    # A run of less does not take the place of one of more.
    verify(read_config(root), selection=Selection(names=("3.10#1",)))
    assert count_parts(root) == 2
    # Nor does a run with another result.
    write_files(root, {STEPS_PATH: (root / STEPS_PATH).read_text().replace('"pear" in', '"apple" in')})
    verify(read_config(root), selection=selection)
    assert count_parts(root) == 2
    verify(read_config(root), selection=selection)
    assert count_parts(root) == 2
    assert list_verdicts(mark(root))["An item can be added"] == "passed"
