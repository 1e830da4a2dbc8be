"""The page of `report`: what its overview says, what its data holds, and that no text of a user is more than text."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from grouped import in_one_test
from page_documentation import (
    make_criterion,
    make_document,
    make_documentation,
    make_strength,
    unpack_data,
    with_hostile_texts,
    with_strengths,
)

from spec2bdd.model import (
    ChallengeOutcome,
    Change,
    CriterionLines,
    CriterionVerdict,
    Documentation,
    EvidenceKind,
    Report,
    RuleId,
    Strength,
    TestRun,
    Tier,
    Timeline,
    TimelineRun,
    Verdict,
)
from spec2bdd.reporters.html.charts import build_areas, build_bar
from spec2bdd.reporters.html.facts import describe_time, list_periods
from spec2bdd.reporters.html.holds import list_holds, list_unchecked, list_waiting
from spec2bdd.reporters.html.overview import (
    build_row,
    count_stages,
    count_strengths,
    group_rows,
    write_headline,
    write_standing,
)
from spec2bdd.reporters.html.page import render_page
from spec2bdd.reporters.html.states import State, find_state
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions
from spec2bdd.reporters.summary import describe_gate, summarize
from spec2bdd.reporters.timeline import find_change, list_changes

HOSTILE: dict[str, str] = json.loads((Path(__file__).parents[1] / "hostile_texts.json").read_text(encoding="utf-8"))
HOSTILE |= {
    "the end of a script": "</script><script>alert(1)</script>",
    "the end of a title": "</title><script>alert(1)</script>",
    "an attribute": '" onmouseover="alert(1)" x="',
    "a template": "{{ 7 * 7 }} {% raw %}",
    "a comment": "<!-- <script>",
    "colours": "\x1b[31mred\x1b[0m \x1b]0;title\x07",
}


def make_mixed() -> Documentation:
    """Build four specs: complete, failing, proved but not complete, and pending."""
    passed, failed, pending = Verdict.PASSED, Verdict.FAILED, Verdict.PENDING
    return make_documentation(
        make_document("1_1", [make_criterion(1, passed, "It works")], status="Complete", done="x"),
        make_document(
            "1_2",
            [make_criterion(1, passed, "It adds", spec="1_2"), make_criterion(2, failed, "It fails", spec="1_2")],
            owner="ben",
        ),
        make_document("1_3", [make_criterion(1, passed, "It ends", spec="1_3")], status="Review", done="x "),
        make_document(
            "1_10",
            [
                make_criterion(1, pending, "It waits", spec="1_10"),
                make_criterion(2, failed, "It could", spec="1_10", tier=Tier.COULD),
            ],
            prd_section="2.10",
        ),
        results={"ac_1_1_1": "pp", "ac_1_2_1": "-p", "ac_1_2_2": "pf", "ac_1_3_1": "fp", "ac_1_10_1": "oo"},
    )


# --- the overview -----------------------------------------------------------------------------------------------------


def test_the_headline_says_how_many_specs_are_complete() -> None:
    rows = [build_row(document) for document in make_mixed().specs]
    assert write_headline(rows) == "1 of 4 specs is complete"
    assert write_standing(rows) == "The others: 1 with failures, 1 proved but not complete, 1 not proved yet."
    assert (write_headline(rows[:1]), write_standing(rows[:1])) == ("The spec is complete", "")
    assert write_headline(rows[1:]) == "None of 3 specs is complete yet"
    assert [write_standing([row]) for row in rows[1:]] == [
        "It has failures.",
        "All its musts are proved; 1 item of the definition of done is not ticked.",
        "It is not proved yet.",
    ]
    assert write_headline([rows[0], rows[0]]) == "All 2 specs are complete"


def test_the_title_of_what_is_missing_names_the_other_specs_only_where_there_are_others() -> None:
    first, *others = make_mixed().specs
    cases = {"it": [first], "them": [*others], "the others": [first, *others]}
    for word, documents in {**cases, "them ": [first, first]}.items():
        page = render_page(make_documentation(*documents))
        assert f">What keeps {word.strip()} from being complete<" in page


def test_specs_without_criteria_are_not_called_not_proved() -> None:
    empty, other = make_document("2_1", []), make_document("2_2", [])
    waiting = make_document("2_3", [make_criterion(1, Verdict.PENDING, "It waits", spec="2_3")])
    should = make_document("2_4", [make_criterion(1, Verdict.PASSED, "It may", spec="2_4", tier=Tier.SHOULD)])
    wont = make_document("2_5", [make_criterion(1, Verdict.WAIVED, "It never does", spec="2_5", tier=Tier.WONT)])
    claimed = make_document("2_6", [], status="Review")
    cases = {
        "None of 2 specs is complete yet. 2 without criteria.": [empty, other],
        "None of 2 specs is complete yet. 1 not proved yet, 1 without criteria.": [empty, waiting],
        "None of 2 specs is complete yet. 1 without criteria, 1 without musts.": [wont, should],
        "None of 2 specs is complete yet. 1 marked as Review but not proved, 1 without criteria.": [claimed, empty],
        "The spec is not complete yet. It has no criteria yet.": [empty],
        "The spec is not complete yet. It has no musts yet.": [should],
    }
    for expected, documents in cases.items():
        documentation = make_documentation(*documents)
        text = REPORTERS["text"].render(Answer("documentation", documentation), RenderOptions())
        assert text.splitlines()[0].strip() == expected
        headline, _, standing = expected.partition(". ")
        page = render_page(documentation)
        assert (f">{headline}<" in page, standing in page) == (True, True)
    rows = [build_row(document) for document in (empty, wont, should, waiting)]
    assert [hold.words for hold in list_holds(rows)] == [
        "1 criterion pending in 1 spec",
        "2 specs without criteria",
        "1 spec without musts",
    ]


def test_specs_with_errors_count_as_not_complete() -> None:
    row = build_row(make_mixed().specs[0])
    assert (write_headline([row], 1), write_standing([row], 1)) == (
        "1 of 2 specs is complete",
        "The others: 1 with errors.",
    )
    assert (write_headline([], 2), write_standing([], 2)) == ("None of 2 specs is complete yet", "2 with errors.")
    assert (write_headline([], 1), write_standing([], 1)) == ("The spec is not complete yet", "It has errors.")
    assert (write_headline([]), write_standing([])) == ("There are no specs yet", "")


def test_a_status_that_the_verdicts_deny_is_shown_with_the_one_that_they_allow() -> None:
    document = make_document("1_1", [make_criterion(1, Verdict.FAILED, "It fails")], status="Draft")
    claimed = replace(document.explanation.spec, status_before="Complete")
    row = build_row(replace(document, explanation=replace(document.explanation, spec=claimed)))
    assert (row.status, row.stage) == ("Complete (→ Draft)", "draft")


def test_a_spec_that_only_claims_to_be_complete_counts_as_nothing() -> None:
    verdicts = [make_criterion(1, Verdict.NOT_RUN, "It was never run")]
    documents = [make_document("1_1", verdicts, status=status, done="x") for status in ("Complete", "Review")]
    rows = [build_row(document) for document in documents]
    assert write_headline(rows) == "None of 2 specs is complete yet"
    assert write_standing(rows) == "2 marked as Complete or Review but not proved."
    assert [(row.stage, row.hold and row.hold.words) for row in rows] == [("claimed", "It was never run")] * 2
    assert count_stages(rows) == [("claimed", "Complete, not proved", 1), ("claimed", "Review, not proved", 1)]


def test_a_spec_with_stale_results_is_called_stale_unless_it_fails() -> None:
    stale, failed = make_criterion(1, Verdict.STALE, "It changed"), make_criterion(2, Verdict.FAILED, "It fails")
    claimed = make_document("1_1", [stale], status="Review")
    opened = make_document("1_2", [stale], status="In Progress")
    failing = make_document("1_3", [stale, failed], status="In Progress")
    rows = [build_row(document) for document in (claimed, opened, failing)]
    assert [write_standing([row]) for row in rows] == [
        "It is marked as Review but stale.",
        "It is stale.",
        "It has failures.",
    ]
    assert write_standing(rows) == "1 with failures, 1 marked as Review but stale, 1 stale."


@pytest.mark.parametrize("status", ["Review", "In Progress"])
def test_a_spec_of_which_all_musts_are_waived_is_not_called_not_proved_or_without_musts(status: str) -> None:
    waived = make_document("1_1", [make_criterion(1, Verdict.WAIVED, "It is not required")], status=status)
    pending = make_document("1_2", [make_criterion(1, Verdict.PENDING, "It waits")], status="In Progress")
    rows = [build_row(document) for document in (waived, pending)]
    assert write_standing(rows[:1]) == "All must criteria are waived."
    assert write_standing(rows) == "1 not proved yet, 1 of which all must criteria are waived."
    assert [hold.words for hold in list_holds(rows[:1])] == ["1 spec without must criteria that are not waived"]
    report = Report("mark", specs=(waived.explanation.spec,))
    assert describe_gate(report, summarize(report)) == "all must criteria are waived"


def test_what_keeps_specs_from_being_complete_is_listed_from_the_worst_on() -> None:
    holds = list_holds([build_row(document) for document in make_mixed().specs])
    assert [(hold.state, hold.words) for hold in holds] == [
        (State.FAILED, "1 criterion failing in 1 spec"),
        (State.PENDING, "1 criterion pending in 1 spec"),
        (State.OPEN, "1 spec proved, with items of the definition of done that are not ticked"),
    ]
    assert [hold.places for hold in holds] == [
        (("#ac_1_2_2", "It fails", "1.2 Rooms · ben"),),
        (("#ac_1_10_1", "It waits", "1.10 Rooms · ana"),),
        (("#spec_1_3", "1 item of the definition of done", "1.3 Rooms · ana"),),
    ]


def test_what_no_run_checks_is_listed_from_all_tiers_by_its_reason() -> None:
    verdicts = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING, Verdict.STALE, Verdict.SKIPPED, Verdict.NOT_RUN)
    judged = [make_criterion(number, verdict, f"It is {verdict}") for number, verdict in enumerate(verdicts)]
    others = (Verdict.UNVERIFIED, Verdict.MANUAL, Verdict.WAIVED)
    judged += [make_criterion(9, verdict, f"It is {verdict}", tier=Tier.COULD) for verdict in others]
    judged += [make_criterion(9, Verdict.NOT_RUN, "It is not wanted", tier=Tier.WONT)]
    holds = list_unchecked([build_row(make_document("1_1", judged))])
    assert [(hold.words, [text for _, text, _ in hold.places]) for hold in holds] == [
        ("1 criterion pending: steps are missing, or check nothing yet", ["It is pending"]),
        ("1 criterion stale: checked with other files or another wording", ["It is stale"]),
        ("1 criterion skipped", ["It is skipped"]),
        ("1 criterion not run", ["It is not run"]),
        ("1 criterion ticked before the first run, and never proved", ["It is unverified"]),
        ("1 criterion manual: a person checks", ["It is manual"]),
        ("1 criterion waived by an author", ["It is waived"]),
        ("1 criterion left out on purpose", ["It is not wanted"]),
    ]
    assert list_unchecked([build_row(make_document("1_1", judged[:2]))]) == []


def test_what_waits_for_a_person_is_listed_also_of_specs_with_failures() -> None:
    manual, done = (
        make_criterion(1, Verdict.MANUAL, "It is easy to read"),
        make_criterion(2, Verdict.MANUAL, "It is fun"),
    )
    done = replace(done, criterion=replace(done.criterion, box=replace(done.criterion.box, mark="x")))
    reworded = replace(make_criterion(3, Verdict.STALE, "It has new words"), rule=RuleId.REWORDED)
    outdated, failed = make_criterion(4, Verdict.STALE, "It is old"), make_criterion(5, Verdict.FAILED, "It fails")
    document = make_document("1_1", [manual, done, reworded, outdated, failed], done="x  ")
    assert [(hold.words, hold.places) for hold in list_waiting([build_row(document)])] == [
        ("1 criterion to be checked by hand", (("#ac_1_1_1", "It is easy to read", "1.1 Rooms · ana"),)),
        ("1 criterion reworded, to be accepted", (("#ac_1_1_3", "It has new words", "1.1 Rooms · ana"),)),
        (
            "1 spec with items of the definition of done to be ticked",
            (("#spec_1_1", "2 items of the definition of done", "1.1 Rooms · ana"),),
        ),
    ]


def test_a_done_item_with_evidence_waits_for_no_person() -> None:
    document = make_document("1_1", [], done=" ")
    (item,) = document.explanation.spec.done
    report = replace(document.explanation.spec, done=(replace(item, kinds=(EvidenceKind.FILE,)),))
    row = build_row(replace(document, explanation=replace(document.explanation, spec=report)))
    assert list_waiting([row]) == []


def test_what_is_not_listed_at_first_can_be_opened() -> None:
    judged = [make_criterion(number, Verdict.PENDING, f"It waits {number}") for number in range(8)]
    documentation = make_documentation(make_document("1_1", judged))
    (hold,) = list_unchecked([build_row(documentation.specs[0])])
    assert (len(hold.places), [text for _, text, _ in hold.rest]) == (6, ["It waits 6", "It waits 7"])
    assert "<summary>2 more</summary>" in render_page(documentation)


def read_words(page: str) -> str:
    """Read the words of a page, as a person sees them in the source."""
    return " ".join(unescape(re.sub(r"<(script|style).*?</\1>|<[^>]*>", "", page, flags=re.DOTALL)).split())


def test_the_page_says_of_which_run_and_commit_it_is_and_what_is_stale() -> None:
    fails, old = make_criterion(1, Verdict.FAILED, "It fails"), make_criterion(2, Verdict.STALE, "It is old")
    assert fails.record is not None
    run = TestRun(
        "r1", complete=True, results=(fails.record,), started="2026-11-22T09:30:00+00:00", commit="abcdef123456"
    )
    documentation = replace(make_documentation(make_document("1_1", [fails, old])), runs=(run,))
    page = render_page(documentation)
    when = "22 Nov 2026, 09:30 UTC, commit abcdef123"
    assert f"made 23 Nov 2026, 18:30 UTC · last run {when} · 1 of 2 criteria stale" in read_words(page)
    # Each proof has its own run: that of the other criterion is not among these.
    assert [criterion["run"] for criterion in unpack_data(page)[1]["1_1"]["criteria"]] == [when, ""]
    fresh = replace(documentation, specs=(make_document("1_1", [fails]),), runs=(replace(run, commit=""),))
    words = read_words(render_page(fresh))
    assert "last run 22 Nov 2026, 09:30 UTC, files that are in no commit · no result stale then" in words


def test_the_page_says_that_no_criterion_is_slow_only_where_one_ran() -> None:
    assert "No criterion takes as long as 0.1 s." not in read_words(render_page(make_mixed()))
    quick = replace(make_criterion(1, Verdict.PASSED, "It works"), record=None)
    documentation = make_documentation(make_document("1_1", [quick]))
    assert "0.1 s" not in read_words(render_page(documentation))
    run = TestRun("r1", complete=True, started="2026-11-22T09:30:00+00:00")
    assert "No criterion takes as long as 0.1 s." in read_words(render_page(replace(documentation, runs=(run,))))


def test_each_owner_has_the_number_of_failing_criteria() -> None:
    words = read_words(render_page(make_mixed()))
    assert "ana 3 specs 2/3 ben 1 spec, 1 failing 1/2" in words


def test_each_spec_names_its_worst_obstacle() -> None:
    rows = [build_row(document) for document in make_mixed().specs]
    assert [row.hold and (row.hold.state, row.hold.words, row.hold.link) for row in rows] == [
        None,
        (State.FAILED, "It fails", "#ac_1_2_2"),
        (State.OPEN, "definition-of-done item not ticked: item 1", "#spec_1_3"),
        (State.PENDING, "It waits", "#ac_1_10_1"),
    ]


def test_groups_are_sorted_by_their_numbers_and_those_without_a_name_come_last() -> None:
    names = ["2.10", "", "2.9", "10"]
    rows = [build_row(make_document(f"1_{n}", [], prd_section=name)) for n, name in enumerate(names)]
    assert [name for name, _, _ in group_rows(rows, "section")] == ["2.9", "2.10", "10", ""]


def test_only_passed_or_not_passed_counts_as_a_change() -> None:
    timeline = make_documentation(results={"a": "pf", "b": "of", "c": "fp", "d": "-p", "e": "p-"}).timeline
    changes = {criterion: find_change(timeline, criterion, 0) for criterion in "abcdef"}
    none = dict.fromkeys("bef")
    assert changes == {"a": Change.REGRESSED, "c": Change.FIXED, "d": Change.NEW, **none}


def test_only_what_failed_before_is_fixed_and_what_was_pending_is_newly_passed() -> None:
    timeline = make_documentation(results={"a": "op", "b": "fp", "c": "fop", "d": "ofp"}).timeline
    changes = {criterion: find_change(timeline, criterion, len(timeline.runs) - 2) for criterion in "abcd"}
    assert changes == {"a": None, "b": None, "c": Change.NEWLY_PASSED, "d": Change.FIXED}
    first = {criterion: find_change(timeline, criterion, 0) for criterion in "ab"}
    assert first == {"a": Change.NEWLY_PASSED, "b": Change.FIXED}


def test_the_changes_are_those_of_the_last_run() -> None:
    changes = [(changed.id, changed.change) for changed in list_changes(make_mixed())]
    assert changes == [("ac_1_2_1", Change.NEW), ("ac_1_2_2", Change.REGRESSED), ("ac_1_3_1", Change.FIXED)]
    assert list(list_changes(make_documentation(results={"a": "p"}))) == []


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.PASSED, State.PROVED),
        (Verdict.FAILED, State.FAILED),
        (Verdict.PENDING, State.PENDING),
        (Verdict.STALE, State.STALE),
        (Verdict.WAIVED, State.WAIVED),
        (Verdict.SKIPPED, State.OPEN),
        (Verdict.NOT_RUN, State.OPEN),
        (Verdict.MANUAL, State.OPEN),
        (Verdict.UNVERIFIED, State.OPEN),
    ],
)
def test_only_what_passed_is_proved(verdict: Verdict, state: State) -> None:
    assert find_state(make_criterion(1, verdict, "a")) is state
    wont: CriterionVerdict = make_criterion(1, verdict, "a", tier=Tier.WONT)
    assert (find_state(wont), find_state(None)) == (State.WONT, State.WONT)


def test_every_part_of_a_bar_can_be_seen_and_all_of_them_fill_it() -> None:
    bar = build_bar({State.PROVED: 9999, State.FAILED: 1, State.PENDING: 0})
    assert [part.state for part in bar] == [State.PROVED, State.FAILED]
    assert bar[1].width > 1
    assert round(sum(part.width for part in bar), 1) == 100
    assert build_bar({State.PROVED: 0}) == ()


def test_the_chart_over_time_needs_two_runs() -> None:
    runs = make_documentation(results={"a": "ppp"}).timeline.runs
    assert build_areas(runs[:1]) == ()
    assert [area.state for area in build_areas(runs)] == [State.PROVED, State.PENDING, State.FAILED]
    # From the left to the right along its top, and back along its bottom.
    assert build_areas(runs)[0].points == "0.0,160.0 300.0,106.7 600.0,53.3 600.0,160.0 300.0,160.0 0.0,160.0"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-23T18:30:15+00:00", "23 Nov 2026, 18:30 UTC"),
        ("2026-01-02T03:04:05.123456+00:00", "2 Jan 2026, 03:04 UTC"),
        ("2026-01-02T03:04:05-04:00", "2 Jan 2026, 03:04 -0400"),
        ("2026-01-02T03:04:05Z", "2 Jan 2026, 03:04 UTC"),
        ("yesterday", "yesterday"),
    ],
)
def test_times_are_written_for_people(text: str, shown: str) -> None:
    assert describe_time(text) == shown


PERIODS = {
    "no run": ([], []),
    "one run": (["2026-11-29T10:00:00+00:00"], []),
    "runs of today": (["2026-11-29T08:00:00+00:00", "2026-11-29T10:00:00+00:00"], [("the previous run", 0)]),
    "the last run before a period": (
        ["2026-11-01T10:00:00+00:00", "2026-11-21T10:00:00+00:00", "2026-11-23T10:00:00", "2026-11-29T10:00:00+02:00"],
        [("the previous run", 2), ("a day ago", 2), ("a week ago", 1)],
    ),
    "nothing was run since": (["2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z"], [("the previous run", 0)]),
    "no times": (["", "yesterday", "2026-11-29T10:00:00Z"], [("the previous run", 1)]),
}


@pytest.mark.parametrize(("times", "periods"), PERIODS.values(), ids=PERIODS)
def test_the_last_run_is_compared_with_the_previous_run_and_those_of_a_day_and_a_week_ago(
    times: list[str], periods: list[tuple[str, int]]
) -> None:
    timeline = Timeline(tuple(TimelineRun(f"r{number}", started) for number, started in enumerate(times)))
    made = replace(make_documentation(), timeline=timeline, made="2026-11-29T12:00:00+00:00")
    assert list_periods(made) == periods


NOTICED, TRIPPED, UNNOTICED = ChallengeOutcome


def make_challenged() -> Documentation:
    """Build a spec with a criterion that notices, one that is blind, one out of reach, and one not challenged."""
    verdicts = [make_criterion(number, Verdict.PASSED, f"It works {number}") for number in range(1, 5)]
    faults = [(UNNOTICED, ["loses its last item"]), (TRIPPED, ["a", "b"]), (NOTICED, ["x < 1", "x <= 1"])]
    document = with_strengths(
        make_document("1_1", verdicts),
        make_strength("ac_1_1_1", Strength.NOTICES, *faults, step="Then it works"),
        make_strength("ac_1_1_2", Strength.BLIND, faults[0]),
        make_strength("ac_1_1_3", Strength.OUT_OF_REACH, reason="no fault can be put into what its steps reach: file"),
        lines=CriterionLines({"chat/store.py": "3-8,12"}, {"when": {"chat/store.py": "12"}}),
    )
    return make_documentation(document)


def test_a_criterion_has_the_faults_that_were_tried_those_that_were_noticed_first() -> None:
    _, specs = unpack_data(render_page(make_challenged()))
    strengths = [criterion["strength"] for criterion in specs["1_1"]["criteria"]]
    assert strengths[0]["faults"] == [
        ["noticed", "chat/store.py:3", ["x < 1", "x <= 1"], "Then it works"],
        ["tripped", "chat/store.py:2", ["a", "b"], ""],
        ["unnoticed", "chat/store.py:1", ["loses its last item"], ""],
    ]
    assert [strength["strength"] for strength in strengths[:3]] == ["notices", "blind", "out of reach"]
    assert (strengths[2]["reason"], strengths[3]) == ("no fault can be put into what its steps reach: file", None)


def test_a_criterion_with_very_many_faults_shows_the_first_hundred() -> None:
    strength = make_strength("ac_1_1_1", Strength.BLIND, *[(UNNOTICED, ["a"])] * 130)
    document = with_strengths(make_document("1_1", [make_criterion(1, Verdict.PASSED, "a")]), strength)
    shown = unpack_data(render_page(make_documentation(document)))[1]["1_1"]["criteria"][0]["strength"]
    assert (len(shown["faults"]), shown["more"]) == (100, 30)


def test_a_criterion_has_the_lines_that_it_runs() -> None:
    _, specs = unpack_data(render_page(make_challenged()))
    assert specs["1_1"]["criteria"][0]["lines"] == [["chat/store.py", "3-8, 12", "(When 12)"]]


def test_a_criterion_that_runs_lines_of_very_many_files_shows_the_first_thirty() -> None:
    lines = CriterionLines({f"chat/store_{number:03}.py": "1" for number in range(40)})
    document = with_strengths(make_document("1_1", [make_criterion(1, Verdict.PASSED, "a")]), lines=lines)
    shown = unpack_data(render_page(make_documentation(document)))[1]["1_1"]["criteria"][0]
    assert (len(shown["lines"]), shown["lines"][-1][0], shown["more_files"]) == (30, "chat/store_029.py", 10)


def test_the_overview_counts_the_criteria_that_were_challenged_and_selects_the_blind_ones() -> None:
    page = render_page(make_challenged())
    index, _ = unpack_data(page)
    assert [criterion[5] for criterion in index[0]["criteria"]] == ["notices", "blind", "out-of-reach", ""]
    assert "<strong>3 criteria</strong> challenged" in page
    assert re.findall(r'data-show="(notices|blind|out-of-reach|weaker)" data-count="(\d+)"', page) == [
        ("notices", "1"),
        ("blind", "1"),
        ("out-of-reach", "1"),
    ]


def test_where_nothing_was_challenged_the_overview_says_nothing_of_it() -> None:
    page = render_page(make_mixed())
    assert (
        count_strengths([build_row(document) for document in make_mixed().specs]),
        page.count("data-show=blind"),
    ) == ([], 0)


# --- the page ---------------------------------------------------------------------------------------------------------


class Outline(HTMLParser):
    """Collects what a browser would run or load, and the texts that it would show."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_policy_allows_the_script_and_the_style_of_the_page_and_nothing_else() -> None:
    page = render_page(make_mixed())
    policy = unescape(re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[0])
    hashes = {
        kind: f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
        for kind, text in (
            ("style", re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]),
            ("script", re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[0]),
        )
    }
    assert policy == (
        f"default-src 'none'; style-src {hashes['style']}; script-src {hashes['script']}; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_names_no_other_file_and_has_no_handler_or_style_in_an_element() -> None:
    outline = Outline(render_page(make_mixed()))
    assert [found for found in outline.attributes if found[1] in ("src", "style") or found[1].startswith("on")] == []
    assert [value for _, name, value in outline.attributes if name == "href" and not value.startswith("#")] == []
    assert not outline.counts.keys() & {"img", "link", "iframe", "object", "base", "form action"}


def test_the_data_has_each_criterion_with_its_proof() -> None:
    index, specs = unpack_data(render_page(make_mixed()))
    assert index[1] == {
        "key": "1_2",
        "criteria": [
            ["ac_1_2_1", "It adds", "proved", "-p", "", "", ""],
            ["ac_1_2_2", "It fails", "failed", "pf", "", "", ""],
        ],
    }
    criterion = specs["1_2"]["criteria"][1]
    assert (criterion["id"], criterion["line"], criterion["state"], criterion["gating"]) == (
        "ac_1_2_2",
        12,
        "failed",
        True,
    )
    # Of what acceptance does not depend on, the list of specs names the tier.
    assert [entry[-1] for entry in index[3]["criteria"]] == ["", "could"]
    assert criterion["scenario"]["place"] == "features/1_2.feature:7"
    (step,) = criterion["scenario"]["steps"]
    assert (step["words"], step["state"], step["location"]) == (["Then", "It fails"], "failed", "steps/a_steps.py:3")
    assert specs["1_2"]["holds"] == [{"criterion": "ac_1_2_2"}, {"done": 0}]
    assert specs["1_1"]["holds"] == []
    assert '<span data-line="12"></span>' in specs["1_2"]["html"]


@in_one_test("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_of_a_user_is_more_than_text(text: str) -> None:
    plain, hostile = Outline(render_page(with_hostile_texts("plain"))), render_page(with_hostile_texts(text))
    outline = Outline(hostile)
    assert {tag: count for tag, count in outline.counts.items() if plain.counts.get(tag) != count} == {}
    assert [name for _, name, _ in outline.attributes] == [name for _, name, _ in plain.attributes]
    # What a terminal would obey, and what reorders or hides text, is shown as an escape.
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", hostile) == []
    index, specs = unpack_data(hostile)
    words = [index[0]["criteria"][0][1], specs["1_1"]["criteria"][0]["text"]]
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "".join(words)) == []


def test_a_document_and_the_code_of_a_step_show_what_reorders_their_text() -> None:
    documentation = make_mixed()
    text = "refused \u202efor all\u202c\x9b31m\n\tuser \u200f"
    first = replace(documentation.specs[0], html=f"<p>{text}</p>", source={"steps/a_steps.py:3": text})
    _, data = unpack_data(render_page(replace(documentation, specs=(first, *documentation.specs[1:]))))
    shown = "refused \\u202efor all\\u202c\\x9b31m\n\tuser \u200f"
    assert data["1_1"]["html"] == f"<p>{shown}</p>"
    assert data["1_1"]["source"] == {"steps/a_steps.py:3": shown}


def test_the_page_is_the_same_each_time() -> None:
    assert render_page(make_mixed()) == render_page(make_mixed())


def test_a_project_without_a_run_says_so() -> None:
    page = render_page(make_documentation(make_document("1_1", [])))
    assert "No run is recorded in the history of this machine" in page
    assert "none yet" in page


# --- the text ---------------------------------------------------------------------------------------------------------


def test_the_text_is_the_headline_and_what_the_last_run_changed() -> None:
    documentation = make_mixed()
    text = REPORTERS["text"].render(Answer("documentation", documentation), RenderOptions())
    assert [line.rstrip() for line in text.splitlines()] == [
        "1 of 4 specs is complete. The others: 1 with failures, 1 proved but not complete, 1 not proved yet.",
        "3 of 5 musts proved",
        "",
        "1 criterion regressed since the previous run",
        "  It fails  specs/1_2.md",
        "",
        "1 criterion fixed since the previous run",
        "  It ends  specs/1_3.md",
        "",
        "1 criterion with a first result since the previous run",
        "  It adds  specs/1_2.md",
    ]


def test_the_specs_are_listed_by_their_numbers() -> None:
    keys = ["1_10", "1_9", "10_1", "2_1"]
    page = render_page(make_documentation(*(make_document(key, []) for key in keys)))
    assert re.findall(r'<tr data-key="(\w+)"', page) == ["1_9", "1_10", "2_1", "10_1"]
