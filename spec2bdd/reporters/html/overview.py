"""What the overview of the page says: its headline, what keeps specs from being complete, its groups and its rows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from spec2bdd.model import CriterionVerdict, Status, Strength, Tier, Verdict
from spec2bdd.model.explanation import SpecDocument
from spec2bdd.model.spec import name_tiers
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.html.states import COUNTED, State, count_states, find_state, find_strength_key
from spec2bdd.reporters.summary import count_noun, list_counted
from spec2bdd.reporters.terminal.escape import render_visible

# In the order of a spec's life.
_STAGES = {
    Status.DRAFT: "draft",
    Status.IN_PROGRESS: "in-progress",
    Status.REVIEW: "review",
    Status.COMPLETE: "complete",
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """The first thing that keeps a spec from being complete; `link` leads to it."""

    state: State
    words: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One spec in the list of specs."""

    document: SpecDocument
    id: str
    name: str
    owner: str
    section: str
    status: str
    stage: str
    required: Mapping[State, int]
    done: tuple[int, int]
    hold: Obstacle | None

    @property
    def label(self) -> str:
        """The spec in a list of criteria: its number, its name, and whose it is."""
        return " · ".join(filter(None, (f"{self.id} {self.name}".strip(), self.owner)))

    @property
    def is_complete(self) -> bool:
        """Whether it is complete, and not only called so by its author."""
        return self.document.stage is Status.COMPLETE and self.document.is_proved

    @property
    def waived(self) -> str:
        """Say that all criteria of the gate are waived, as other commands do; empty where one is not."""
        report = self.document.explanation.spec
        return f"all {' or '.join(report.gate)} criteria are waived" if report.is_gate_waived else ""

    @property
    def is_stale(self) -> bool:
        """Whether nothing of the gate fails, and results of it are stale: so that another run is due."""
        return self.required[State.STALE] > 0 and not self.required[State.FAILED]

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the criteria of the gate are proved, and how many there are."""
        return self.required[State.PROVED], sum(self.required.values())

    @property
    def lack(self) -> str:
        """The criteria of which it has none, and without which nothing of it can be proved; empty where it has some."""
        report = self.document.explanation.spec
        if report.gating:
            return ""
        if self.waived:
            return f"{' or '.join(report.gate)} criteria that are not waived"
        return " or ".join(f"{tier}s" for tier in report.gate) if list_counted(report) else "criteria"

    @property
    def ratio(self) -> float:
        """The share of the criteria of the gate that is proved; nothing to prove comes before nothing proved."""
        proved, count = self.progress
        return round(proved / count, 4) if count else -1

    @property
    def done_ratio(self) -> float:
        """The share of the definition of done that is ticked."""
        return round(self.done[0] / self.done[1], 4) if self.done[1] else -1


def build_row(document: SpecDocument) -> Row:
    """Build the row of one spec."""
    report, spec = document.explanation.spec, document.explanation.spec.spec
    before, after = report.status_before, report.status_after
    status = f"{before} (→ {after})" if before and after != before else after or "no status"
    # Its author says that it is done; nothing may be drawn as if that were proved.
    is_claimed = document.stage in (Status.REVIEW, Status.COMPLETE) and not document.is_proved
    return Row(
        document,
        render_visible(spec.find_value("feature_id")),
        render_visible(spec.find_value("name") or spec.title or spec.path),
        render_visible(spec.find_value("owner")),
        render_visible(spec.find_value("prd_section")),
        render_visible(status),
        "claimed" if is_claimed else _STAGES[document.stage] if document.stage else "other",
        count_states(report.gating),
        (sum(item.box_ticked for item in report.done), len(report.done)),
        None if document.stage is Status.COMPLETE and document.is_proved else find_obstacle(document),
    )


def find_obstacle(document: SpecDocument) -> Obstacle | None:
    """Find what keeps a spec from being complete: the worst of its criteria, or else what comes after them."""
    report = document.explanation.spec
    states = [(find_state(verdict), verdict) for verdict in report.gating if not verdict.fulfilled]
    if states:
        state, verdict = min(states, key=lambda each: COUNTED.index(each[0]))
        return Obstacle(state, render_visible(verdict.criterion.text), f"#{verdict.id}")
    if report.gating and (item := next((item for item in report.done if not item.box_ticked), None)):
        return Obstacle(
            State.OPEN, f"definition-of-done item not ticked: {render_visible(item.item.text)}", f"#spec_{document.key}"
        )
    words = next(iter(document.explanation.holds), "")
    return Obstacle(State.OPEN, render_visible(words)) if words else None


def write_headline(rows: Sequence[Row], unusable: int = 0) -> str:
    """Write the answer to the first question of every reader; `unusable` specs have errors and no row."""
    complete, count = sum(row.is_complete for row in rows), len(rows) + unusable
    if not count:
        return "There are no specs yet"
    if complete == count:
        return "The spec is complete" if count == 1 else f"All {count} specs are complete"
    if not complete:
        return "The spec is not complete yet" if count == 1 else f"None of {count} specs is complete yet"
    return f"{complete} of {count} specs {'is' if complete == 1 else 'are'} complete"


def write_standing(rows: Sequence[Row], unusable: int = 0) -> str:
    """Write how the specs are doing that are not complete, those without a row included."""
    others = [row for row in rows if not row.is_complete]
    # The headline says of the only spec that it is not complete.
    is_only = len(rows) + unusable == 1
    if is_only and others and others[0].document.is_proved:
        return f"{_describe_proved(others[0])}."
    proved = sum(row.document.is_proved for row in others)
    failing = sum(row.required[State.FAILED] > 0 for row in others)
    claimed: dict[str, list[str]] = {"not proved": [], "stale": []}
    for row in others:
        if row.stage == "claimed" and not (row.required[State.FAILED] or row.waived):
            claimed["stale" if row.is_stale else "not proved"].append(str(row.document.stage))
    stale = sum(row.is_stale and row.stage != "claimed" for row in others)
    lacking = Counter(
        row.lack
        for row in others
        if row.lack and not row.waived and row.stage != "claimed" and not row.document.is_proved
    )
    waived = Counter(row.waived for row in others if row.waived)
    if is_only and waived:
        return f"{others[0].waived.capitalize()}."
    if is_only and lacking:
        return f"It has no {others[0].lack} yet."
    rest = len(others) - proved - failing - stale - sum(map(len, claimed.values())) - lacking.total() - waived.total()
    parts = [
        f"{failing} with failures" if failing else "",
        f"{proved} proved but not complete" if proved else "",
        *(
            f"{len(stages)} marked as {' or '.join(sorted({*stages}))} but {what}" if stages else ""
            for what, stages in claimed.items()
        ),
        f"{stale} stale" if stale else "",
        f"{rest} not proved yet" if rest else "",
        *(f"{count} without {lack}" for lack, count in sorted(lacking.items())),
        *(f"{count} of which {words}" for words, count in waived.items()),
        f"{unusable} with errors" if unusable else "",
    ]
    shown = ", ".join(filter(None, parts))
    if is_only:
        words = shown.removeprefix("1 ")
        return f"It {'has' if words.startswith('with') else 'is'} {words.removeprefix('with ')}." if shown else ""
    return f"The others: {shown}." if shown and len(others) < len(rows) else f"{shown}." if shown else ""


def _describe_proved(row: Row) -> str:
    """Describe what keeps a spec from being complete of which all that the gate asks for is proved."""
    ticked, items = row.done
    missing = count_noun(items - ticked, "item of the definition of done is", "items of the definition of done are")
    what = f"; {missing} not ticked" if ticked < items else "" if items else "; it has no definition of done"
    return f"All its {name_tiers(row.document.explanation.spec.gate)} are proved{what}"


def count_stages(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """Count the specs by status, in the order of a spec's life: stage, words and count."""
    counts = Counter((row.stage, f"{row.status}, not proved" if row.stage == "claimed" else row.status) for row in rows)
    order = [*_STAGES.values(), "claimed", "other"]
    return sorted(
        ((stage, words, count) for (stage, words), count in counts.items()), key=lambda each: order.index(each[0])
    )


def group_rows(rows: Sequence[Row], field: str) -> list[tuple[str, int, dict[State, int]]]:
    """Group the specs by a field: its value, how many specs have it, and the states of their criteria of the gate."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, field)].append(row)
    return [
        (name, len(group), sum_states(group))
        for name, group in sorted(groups.items(), key=lambda group: sort_naturally(group[0]))
    ]


def sum_states(rows: Iterable[Row]) -> dict[State, int]:
    """Add up the states of the criteria of the gate of specs."""
    total: Counter[State] = Counter()
    for row in rows:
        total.update(row.required)
    return {state: total[state] for state in total}


def count_strengths(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """Count the criteria by what challenges say about their checks: key, words and count; nothing without challenges.

    Blind ones are counted in any case.
    """
    entries = [entry for row in rows for entry in row.document.explanation.entries if entry.strength]
    counts = Counter(map(find_strength_key, entries))
    keys = {str(strength).replace(" ", "-"): str(strength) for strength in Strength}
    return [(key, words, counts[key]) for key, words in keys.items() if counts[key] or (entries and key == "blind")]


def count_unchallenged(rows: Sequence[Row]) -> int:
    """Count the criteria that passed, and whose checks were not challenged."""
    entries = (entry for row in rows for entry in row.document.explanation.entries)
    return sum(
        entry.judgement is not None
        and entry.judgement.verdict is Verdict.PASSED
        and (entry.strength is None or entry.strength.strength is Strength.NOT_CHALLENGED)
        for entry in entries
    )


def count_tiers(rows: Sequence[Row]) -> list[tuple[Tier, dict[State, int]]]:
    """Count the states of all criteria by tier; a waived one is not counted."""
    tiers: dict[Tier, list[CriterionVerdict]] = defaultdict(list)
    for row in rows:
        for verdict in row.document.explanation.spec.verdicts:
            tiers[verdict.criterion.tier].append(verdict)
    return [(tier, count_states(tiers[tier])) for tier in Tier if tier is not Tier.WONT and tiers[tier]]


def sort_naturally(name: str) -> tuple[bool, list[tuple[int, str]]]:
    """Sort names by the numbers and words in them: 1.2 before 1.10; those that are empty come last."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return not name, [(int(part), "") if part.isdecimal() else (10**9, part) for part in parts]
