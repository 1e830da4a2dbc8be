"""What keeps specs from being complete, what no run checks, and what waits for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from spec2bdd.model import CriterionVerdict, RuleId, Verdict
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.html.overview import Row
from spec2bdd.reporters.html.states import State, find_state
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.escape import render_visible

_MOST_SHOWN = 6
_REWORDED = (RuleId.REWORDED, RuleId.REWORDED_NOT_GENERATED)

Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Hold:
    """Criteria or specs with one thing in common, and where they are: links with their words, specs and owners.

    `find` selects the criteria in the list of specs, where the page can select them.
    """

    state: State
    words: str
    places: tuple[Place, ...]
    rest: tuple[Place, ...] = ()
    find: str = ""


def list_holds(rows: Sequence[Row]) -> list[Hold]:
    """List what keeps specs from being complete, the worst first."""
    places: dict[State | str, list[Place]] = defaultdict(list)
    specs: dict[State | str, set[str]] = defaultdict(set)
    for row in rows:
        if row.is_complete:
            continue
        report, key = row.document.explanation.spec, row.document.key
        for verdict in report.gating:
            if not verdict.fulfilled:
                state = find_state(verdict)
                places[state].append(_place_criterion(row, verdict))
                specs[state].add(key)
        # The definition of done waits for what the criteria need first.
        if row.document.is_proved:
            places["done"] += _place_done_items(row)
        if report.blocking:
            labels = ", ".join(render_visible(blocking.label) for blocking in report.blocking)
            places["blocked"].append((f"#spec_{key}", f"waits for {labels}", row.label))
    holds = [
        _build_hold(state, places[state], f"{verb} in {count_noun(len(specs[state]), 'spec')}", find=state)
        for state, verb in (
            (State.FAILED, "failing"),
            (State.PENDING, "pending"),
            (State.STALE, "stale"),
            (State.OPEN, "not proved"),
        )
        if places[state]
    ]
    holds += _list_lacking(rows)
    if done := places["done"]:
        holds.append(
            _build_hold(
                State.OPEN, done, "proved, with items of the definition of done that are not ticked", noun="spec"
            )
        )
    if blocked := places["blocked"]:
        holds.append(_build_hold(State.OPEN, blocked, "waiting for other specs", noun="spec"))
    return holds


def _list_lacking(rows: Sequence[Row]) -> Iterator[Hold]:
    """List the specs of which nothing can be proved, by what they lack."""
    places: dict[str, list[Place]] = defaultdict(list)
    for row in rows:
        if row.lack:
            places[row.lack].append((f"#spec_{row.document.key}", f"no {row.lack} yet", row.label))
    for lack, found in sorted(places.items()):
        yield _build_hold(State.OPEN, found, f"without {lack}", noun="spec")


def list_unchecked(rows: Sequence[Row]) -> list[Hold]:
    """List the criteria of all tiers of which no run says today whether they are true."""
    kinds = (
        (State.PENDING, "pending: steps are missing, or check nothing yet", _select(rows, Verdict.PENDING)),
        (State.STALE, "stale: checked with other files or another wording", _select(rows, Verdict.STALE)),
        (State.OPEN, "skipped", _select(rows, Verdict.SKIPPED)),
        (State.OPEN, "not run", _select(rows, Verdict.NOT_RUN)),
        (State.OPEN, "ticked before the first run, and never proved", _select(rows, Verdict.UNVERIFIED)),
        (State.OPEN, "manual: a person checks", _select(rows, Verdict.MANUAL)),
        (State.WAIVED, "waived by an author", _select(rows, Verdict.WAIVED)),
        (State.WONT, "left out on purpose", _list_left_out(rows)),
    )
    return [_build_hold(state, found, words) for state, words, places in kinds if (found := list(places))]


def list_waiting(rows: Sequence[Row]) -> list[Hold]:
    """List what only a person can do: check, accept a wording, and tick what has no evidence."""
    manual = [
        _place_criterion(row, verdict)
        for row in rows
        for verdict in row.document.explanation.spec.verdicts
        if verdict.verdict is Verdict.MANUAL and not verdict.fulfilled
    ]
    reworded = [
        _place_criterion(row, verdict)
        for row in rows
        for verdict in row.document.explanation.spec.verdicts
        if verdict.rule in _REWORDED
    ]
    done = [place for row in rows for place in _place_done_items(row, by_hand=True)]
    kinds = (
        (State.OPEN, manual, "to be checked by hand", ""),
        (State.STALE, reworded, "reworded, to be accepted", ""),
        (State.OPEN, done, "with items of the definition of done to be ticked", "spec"),
    )
    return [_build_hold(state, places, words, noun=noun) for state, places, words, noun in kinds if places]


def _select(rows: Iterable[Row], *verdicts: Verdict) -> Iterator[Place]:
    """Select the criteria with one of these verdicts."""
    for row in rows:
        for verdict in row.document.explanation.spec.verdicts:
            if verdict.verdict in verdicts and find_state(verdict) is not State.WONT:
                yield _place_criterion(row, verdict)


def _list_left_out(rows: Iterable[Row]) -> Iterator[Place]:
    """List the won't-haves."""
    for row in rows:
        for entry in row.document.explanation.entries:
            if find_state(entry.judgement) is State.WONT:
                yield f"#{entry.item.id}", render_visible(entry.item.criterion.text), row.label


def _place_criterion(row: Row, verdict: CriterionVerdict) -> Place:
    """Build the link to a criterion, with its words and its spec."""
    return f"#{verdict.id}", render_visible(verdict.criterion.text), row.label


def _place_done_items(row: Row, *, by_hand: bool = False) -> list[Place]:
    """Build the link to a spec with items of its definition of done that are not ticked, `by_hand` without evidence."""
    items = [
        item for item in row.document.explanation.spec.done if not item.box_ticked and not (by_hand and item.kinds)
    ]
    words = f"{count_noun(len(items), 'item')} of the definition of done"
    return [(f"#spec_{row.document.key}", words, row.label)] if items else []


def _build_hold(state: State, places: Sequence[Place], words: str, *, noun: str = "", find: str = "") -> Hold:
    """Build one kind of hold with the places where it is."""
    count = f"{count_noun(len(places), noun)}" if noun else f"{count_noun(len(places), 'criterion', 'criteria')}"
    return Hold(state, f"{count} {words}", tuple(places[:_MOST_SHOWN]), tuple(places[_MOST_SHOWN:]), find)
