"""Lines of code in `trace`: which criteria run one and notice a change there, and which lines none runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from page_documentation import unpack_data
from shop_project import ADDED, PRINTED, REMOVED, copy_shop, edit, write_before_run, write_shop
from small_project import run, verify
from tree_repository import run_git

from spec2bdd.adapters.behave.challenger import ChallengeOptions
from spec2bdd.cli.main import main
from spec2bdd.commands.challenge import challenge
from spec2bdd.commands.explain import explain
from spec2bdd.commands.reporting.report import report
from spec2bdd.commands.tracing.trace import trace
from spec2bdd.config import read_config
from spec2bdd.errors import NotFoundError, UsageError
from spec2bdd.model import Selection
from spec2bdd.model.trace import Trace, Untested
from spec2bdd.reporters.html.page import render_page
from spec2bdd.reporters.json.explanation import render_explanation_json
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions
from spec2bdd.reporters.text.explanation import render_explanation

BASKET = "shop/basket.py"


@pytest.fixture(scope="module")
def verified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the project once, with the records of a whole run."""
    return write_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def challenged(verified: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project once, and challenge some criteria with every fault."""
    root = copy_shop(verified, tmp_path_factory.mktemp("challenged") / "shop")
    challenge(read_config(root), names=[ADDED, REMOVED, PRINTED], options=ChallengeOptions(every=True))
    return root


@pytest.fixture(scope="module")
def untested(verified: Path) -> Trace:
    """Trace the lines that no criterion runs once."""
    return trace(read_config(verified), untested=True)


@pytest.fixture(scope="module")
def noticing(challenged: Path) -> Trace:
    """Trace a line in which a criterion notices faults once."""
    return trace(read_config(challenged), names=[find_line(challenged, "raise KeyError(name)")])


@pytest.fixture
def shop(verified: Path, tmp_path: Path) -> Path:
    """Copy the project without challenges for one test."""
    return copy_shop(verified, tmp_path / "shop")


def remove(root: Path, path: str) -> Path:
    """Remove a file."""
    (root / path).unlink()
    return root


def find_line(root: Path, text: str) -> str:
    """Find the place of a line of the basket."""
    lines = (root / BASKET).read_text(encoding="utf-8").splitlines()
    return f"{BASKET}:{next(number for number, line in enumerate(lines, 1) if text in line)}"


def find_untested(root: Path, since: str = "") -> Untested:
    """Find the lines that no criterion runs."""
    found = trace(read_config(root), untested=True, since=since).untested
    assert found is not None
    return found


def list_untested(found: Untested | None) -> list[str]:
    """List the lines that no criterion runs, with their functions."""
    assert found is not None
    return [f"{file.path}:{part.label} {part.function}".rstrip() for file in found.files for part in file.ranges]


def list_uses(traced: Trace) -> dict[str, tuple[bool, list[tuple[str, str]]]]:
    """List for each criterion that runs the named lines whether it notices, and the faults that were tried."""
    texts = {criterion.id: criterion.text for criterion in traced.criteria}
    return {
        texts[use.criterion]: (
            use.notices,
            [(" -> ".join(each.fault.change), each.outcome) for each in use.challenges],
        )
        for line in traced.lines
        for use in line.uses
    }


def render(traced: Trace, name: str) -> str:
    """Render a trace in one format."""
    return REPORTERS[name].render(Answer("trace", traced), RenderOptions())


# --- who notices ------------------------------------------------------------------------------------------------------


def test_a_line_has_the_criteria_that_notice_a_change_there(noticing: Trace) -> None:
    faults = [("Basket.remove: KeyError is not raised", "noticed"), ("raise KeyError(name) -> pass", "noticed")]
    assert list_uses(noticing) == {REMOVED: (True, faults)}


def test_a_line_has_the_faults_that_no_check_noticed(challenged: Path) -> None:
    traced = trace(read_config(challenged), names=[find_line(challenged, ">= LIMIT")])
    unnoticed = "if len(self.items) >= LIMIT: -> if len(self.items) > LIMIT:"
    assert (
        list_uses(traced)[ADDED][0],
        [change for change, outcome in list_uses(traced)[ADDED][1] if outcome == "unnoticed"],
    ) == (True, [unnoticed])


def test_a_line_of_another_process_has_the_criteria_whose_challenges_reached_it(challenged: Path) -> None:
    traced = trace(read_config(challenged), names=[find_line(challenged, "sum(price")])
    assert {text: notices for text, (notices, _) in list_uses(traced).items()} == {PRINTED: True}


def test_where_lines_are_only_known_from_challenges_the_hint_says_how_to_record_them(
    challenged: Path, tmp_path: Path
) -> None:
    root, hints = copy_shop(challenged, tmp_path / "shop"), []
    for _ in range(2):
        with pytest.raises(NotFoundError) as caught:
            trace(read_config(root), names=[f"{BASKET}:13"])
        hints.append((str(caught.value).partition(":")[0], caught.value.hint))
        (root / ".spec2bdd/records.lines.json").unlink(missing_ok=True)
    assert hints == [
        ("no scenario ran `shop/basket.py", "`spec2bdd trace --untested` lists such lines"),
        (
            "no scenario is known to run `shop/basket.py",
            "set `record-lines = true` in the configuration, then run `spec2bdd run`",
        ),
    ]


@pytest.mark.parametrize("name", [BASKET, "basket.py"])
def test_a_line_that_the_file_does_not_have_is_not_called_untested(verified: Path, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        trace(read_config(verified), names=[f"{name}:9999"])
    count = len((verified / BASKET).read_text(encoding="utf-8").splitlines())
    assert (str(caught.value), caught.value.hint) == (f"`{BASKET}` has no line 9999", f"its last line is {count}")


def test_the_line_that_a_file_of_the_product_suggests_can_be_traced(verified: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        trace(read_config(verified), names=[BASKET])
    example = caught.value.hint.split("`")[1]
    assert [line.functions for line in trace(read_config(verified), names=[example]).lines] == [("Basket.__init__",)]


def test_what_was_not_challenged_is_not_called_blind(verified: Path) -> None:
    traced = trace(read_config(verified), names=[find_line(verified, "raise KeyError(name)")])
    assert [(use.challenged, use.notices) for line in traced.lines for use in line.uses] == [(False, False)]
    assert "not challenged" in render(traced, "text")


# --- what no criterion runs -------------------------------------------------------------------------------------------

UNTESTED = [
    "shop/__main__.py:1-5",
    "shop/basket.py:13 Basket.add",
    "shop/basket.py:19-21 Basket.remove",
    "shop/basket.py:28 Basket.total",
    "tools/unused.py:2 build",
]


def test_lines_that_no_criterion_runs_are_listed_with_their_functions(untested: Trace) -> None:
    assert list_untested(untested.untested) == UNTESTED


def test_files_that_no_scenario_loads_are_marked(untested: Trace) -> None:
    files = {file.path: file.loaded for file in untested.untested.files} if untested.untested else {}
    assert files == {"shop/__main__.py": False, BASKET: True, "tools/unused.py": False}


def test_lines_of_a_process_that_a_step_starts_are_known_from_challenges(challenged: Path) -> None:
    found = find_untested(challenged)
    assert ([UNTESTED[1], UNTESTED[2], UNTESTED[4]], 0) == (list_untested(found), found.elsewhere)


def test_a_note_says_that_lines_may_run_in_other_processes(untested: Trace) -> None:
    assert "note: 1 scenario may run lines that are not recorded, in other processes" in render(untested, "text")


def test_only_files_that_changed_since_the_merge_base_are_looked_at(shop: Path) -> None:
    run_git(shop, "checkout", "-qb", "next")
    edit(shop, "tools/unused.py", "return 1", "return 2")
    run_git(shop, "commit", "-qam", "three")
    run_git(shop, "checkout", "-q", "main")
    edit(shop, BASKET, "return len(self.items)", "return len([*self.items])")
    run_git(shop, "commit", "-qam", "on main alone")
    run_git(shop, "checkout", "-q", "next")
    run(shop)
    found = find_untested(shop, "main")
    assert (list_untested(found), found.checked) == (["tools/unused.py:2 build"], 1)


def test_the_check_fails_while_a_line_is_untested(verified: Path, untested: Trace) -> None:
    checked = trace(read_config(verified), untested=True, check=True)
    # Nothing has changed since the merge base.
    unchanged = trace(read_config(verified), untested=True, since="main", check=True)
    assert [untested.exit_code, checked.exit_code, unchanged.exit_code] == [0, 1, 0]


def test_a_scenario_without_a_criterion_tests_nothing(shop: Path) -> None:
    text = (shop / "features/own.feature").read_text(encoding="utf-8")
    write_before_run(shop, {"features/own.feature": text + "  Scenario: Own build\n    Then it is built\n"})
    steps = "\n\n@then('it is built')\ndef built(context):\n    from tools.unused import build\n\n    assert build()\n"
    write_before_run(shop, {"steps/own_steps.py": f"from behave import then{steps}"})
    run(shop)
    assert UNTESTED[4] in list_untested(find_untested(shop))


UNKNOWN = "the lines that `features/1_1_shop.feature:@` runs are not known"
REFUSED: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "lines are not recorded": (
        lambda root: write_before_run(root, {"spec2bdd.toml": "jobs = 1\n"}),
        "`--untested` needs the lines that scenarios run: no lines are recorded",
        "set `record-lines = true` in the configuration, then run `spec2bdd run`",
    ),
    "the last run recorded none": (
        lambda root: remove(root, ".spec2bdd/records.lines.json"),
        "`--untested` needs the lines that scenarios run: the last run recorded no lines",
        "set `record-lines = true` in the configuration, then run `spec2bdd run`",
    ),
    "a file has changed since": (
        lambda root: edit(root, BASKET, "LIMIT = 9", "LIMIT = 9\n\n"),
        f"{UNKNOWN.replace('@', '8')}: `{BASKET}` has changed since these results were recorded",
        "run `spec2bdd run` first",
    ),
    "a file has changed, and results are kept": (
        lambda root: (
            edit(root, BASKET, "# Every item of that name.", "# All.\n"),
            verify(root, choice=Selection(since="HEAD")),
        ),
        "`shop/basket.py` has changed since `features/1_1_shop.feature:8` was run, which runs lines of it",
        "run `spec2bdd run` first",
    ),
    "a run of a part left a scenario out": (
        lambda root: (
            edit(root, "specs/1.1-shop.md", "### Must Have\n", "### Must Have\n- [ ] It is new\n"),
            verify(root, choice=Selection(("It is new",))),
            remove(root, ".spec2bdd/records.ndjson"),
        ),
        f"{UNKNOWN.replace('@', '13')}: the last run left it out",
        "run `spec2bdd run` first",
    ),
    "the revision is unknown": (
        lambda _: None,
        "cannot compare with `nowhere`: there is no branch, tag or commit `nowhere`",
        "check the name, or fetch it with `git fetch origin nowhere`",
    ),
}


@pytest.mark.parametrize(("change", "message", "hint"), REFUSED.values(), ids=REFUSED)
def test_no_line_is_called_untested_where_that_is_not_known(
    shop: Path, change: Callable[[Path], object], message: str, hint: str
) -> None:
    change(shop)
    with pytest.raises(UsageError) as caught:
        find_untested(shop, "nowhere" if "nowhere" in message else "")
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "main"], "`--since` needs `--untested`"),
        (["--untested", "--gaps"], "`--untested` is about all criteria: it takes no `--gaps`"),
        (["--untested", "1.1"], "`--untested` is about all criteria: it takes no `1.1`"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    verified: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(verified)
    result = CliRunner().invoke(main, ["trace", *arguments])
    assert (result.exit_code, message in result.stderr) == (2, True)


def test_every_format_has_the_untested_lines(untested: Trace) -> None:
    rows = list(csv.DictReader(io.StringIO(render(untested, "csv"))))
    found = json.loads(render(untested, "json"))["untested"]
    ranges = [f"{file['path']}:{part['first']}" for file in found["files"] for part in file["ranges"]]
    assert (UNTESTED, 10, [place.split("-")[0].split(" ")[0] for place in UNTESTED]) == (
        [row["untested"] for row in rows],
        found["lines"],
        ranges,
    )
    assert "| `shop/basket.py:19-21` | `Basket.remove` | 3 |" in render(untested, "markdown")


def test_every_format_has_the_criteria_that_notice(challenged: Path, noticing: Trace) -> None:
    place = find_line(challenged, "raise KeyError(name)")
    rows = list(csv.DictReader(io.StringIO(render(noticing, "csv"))))
    line = json.loads(render(noticing, "json"))["lines"][0]
    assert [(row["code_lines"], row["noticed_lines"]) for row in rows] == [(place, place)]
    assert (line["functions"], [use["notices"] for use in line["criteria"]]) == (["Basket.remove"], [True])
    assert f"| {REMOVED} | in Then | notices a change there | " in render(noticing, "markdown")
    assert "in Then, notices a change there\n" in render(noticing, "text")


# --- explain and report -----------------------------------------------------------------------------------------------


def test_explain_shows_the_lines_that_a_criterion_runs_and_the_faults_that_it_noticed(challenged: Path) -> None:
    explanation = explain(read_config(challenged), REMOVED)
    (entry,) = json.loads(render_explanation_json(explanation))["criteria"]
    faults = [fault["outcome"] for scenario in entry["strength"]["scenarios"] for fault in scenario["challenges"]]
    assert (entry["lines"], entry["strength"]["strength"]) == ({BASKET: "8,18,22"}, "notices")
    assert (entry["strength"]["tried"], entry["strength"]["noticed"]) == (len(faults), faults.count("noticed"))
    text = render_explanation(explanation, width=100, color=False)
    assert f"  lines     {BASKET}:8, 18, 22  (Then)\n" in text
    assert f"  checks    noticed {faults.count('noticed')} of {len(faults)} faults\n" in text


def test_lines_and_challenges_of_other_files_are_not_shown(challenged: Path, tmp_path: Path) -> None:
    root = copy_shop(challenged, tmp_path / "shop")
    edit(root, BASKET, "LIMIT = 9", "\nLIMIT = 9")
    (entry,) = explain(read_config(root), REMOVED).entries
    assert (dict(entry.lines.ranges), entry.strength) == ({}, None)


def test_a_run_of_other_steps_makes_challenges_worthless(challenged: Path, tmp_path: Path) -> None:
    root = copy_shop(challenged, tmp_path / "shop")
    edit(root, "steps/shop_steps.py", 'raise AssertionError("not refused")', "print(1)")
    run(root, choice=Selection((REMOVED,)))
    (entry,) = explain(read_config(root), REMOVED).entries
    assert (entry.judgement and str(entry.judgement.verdict), entry.strength) == ("passed", None)


def test_the_page_has_the_lines_and_the_challenges_of_each_criterion(challenged: Path) -> None:
    page = render_page(report(read_config(challenged)))
    criteria = {criterion["text"]: criterion for criterion in unpack_data(page)[1]["1_1"]["criteria"]}
    assert criteria[REMOVED]["strength"]["faults"][0][:3] == [
        "noticed",
        f"{BASKET}:16",
        ["Basket.remove: KeyError is not raised"],
    ]
    assert criteria[REMOVED]["lines"] == [[BASKET, "8, 18, 22", "(Then)"]]
    # It runs in another process, so only challenges know its lines.
    assert [path for path, *_ in criteria[PRINTED]["lines"]] == ["shop/__main__.py", BASKET]
    assert "<strong>3 criteria</strong> challenged" in page
