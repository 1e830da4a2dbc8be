"""Choose the faults that a scenario is challenged with, and their order: the likeliest to be noticed come first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import (
    EXISTENCE,
    MOST_PER_STEP,
    UNTOUCHED,
    AnswerFault,
    AnswerFaultKind,
    AnswerPlace,
)
from spec2bdd.adapters.behave.challenges.mutants import Mutant, describe_mutant, list_mutants
from spec2bdd.adapters.behave.challenges.order import LineCounts, order_mutants
from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.model.values import dataclass

# The order of the steps whose answers are altered, and how many turns their answers let pass.
_ORDER = {"then": (0, 0), "when": (1, 0), "given": (2, 3), "hook": (3, 6)}


@dataclass(frozen=True, slots=True)
class ChosenFault:
    """One fault: in an answer of the product, or a mutant, of which `source` is the file's text."""

    answer: AnswerFault | None = None
    mutant: Mutant | None = None
    source: str = ""

    def identify(self, origins: OriginIndex) -> tuple[str, ...]:
        """Identify the fault as `spec2bdd.model.Fault` does."""
        facts = self.describe(origins)
        return (facts["kind"], facts["path"], *facts["change"])

    def describe(self, origins: OriginIndex) -> dict[str, Any]:
        """Describe the fault for the log: its kind, its place, and what it changes."""
        if self.answer:
            place = self.answer.place
            text = f"{place.function}: {self.answer.description}"
            return {"kind": str(self.answer.kind), "path": place.path, "code_line": place.line, "change": [text]}
        if self.mutant is None:
            return {}
        change = describe_mutant(self.mutant, self.source)
        path = origins.show(self.mutant.path)
        return {"kind": "mutant", "path": path, "code_line": self.mutant.line, "change": change}


def choose_answer_faults(observed: Mapping[str, Any]) -> Iterator[ChosenFault]:
    """Yield the faults in the answers of the steps of a scenario that was observed, one of each answer in turn."""
    turns = [
        (number + lag, fault)
        for lag, faults in _select_answers(observed["answers"], observed["steps"])
        for number, fault in enumerate(faults)
    ]
    # Of one turn, those of the answers that are selected first.
    yield from (ChosenFault(answer=fault) for _, fault in sorted(turns, key=lambda each: each[0]))


def choose_mutants(
    lines: Mapping[str, Sequence[int]], sources: Mapping[str, str], origins: OriginIndex, counts: LineCounts
) -> Iterator[ChosenFault]:
    """Yield the mutants of the lines that a scenario runs; `counts` are the scenarios that run each line."""
    ordered = [
        (place, ChosenFault(mutant=mutant, source=source))
        for filename, numbers in sorted(lines.items())
        if (source := sources.get(filename))
        for place, mutant in order_mutants(
            list_mutants(filename, source, frozenset(numbers)), source, counts.get(origins.show(filename), {})
        )
    ]
    yield from (fault for _, fault in sorted(ordered, key=lambda each: each[0]))


def _select_answers(
    answers: Sequence[Mapping[str, Any]], steps: Sequence[str]
) -> list[tuple[int, Sequence[AnswerFault]]]:
    """Select the answers to alter, and how many turns each lets pass, those nearest to the last checks first.

    These are the answers to Then steps, and then those to When steps; the later steps and calls come first.
    """
    groups: dict[tuple[int, str, str], list[list[AnswerFault]]] = {}
    for answer in answers:
        place = AnswerPlace(**answer["faults"][0]["place"])
        faults = [
            AnswerFault(place, AnswerFaultKind(fault["kind"]), fault["index"], fault["description"])
            for fault in answer["faults"]
        ]
        groups.setdefault((answer["step"], place.path, place.function), []).append(faults)

    selected = []
    for number, ((step, _, function), group) in enumerate(groups.items()):
        kind = steps[step] if 0 <= step < len(steps) else "hook"
        order, lag = _ORDER.get(kind, _ORDER["hook"])
        # A product that touches something else would be wrong, which only a check says.
        if function.startswith(UNTOUCHED) and kind != "then":
            continue
        lag += _find_lag(function, group[0][0].kind)
        rank = (lag, order, -step, -number)
        chosen = [*group[:MOST_PER_STEP], *group[MOST_PER_STEP:][-1:]]
        selected += [(rank, lag, faults) for faults in chosen]
    return [(lag, faults) for _, lag, faults in sorted(selected, key=lambda each: each[0])]


def _find_lag(function: str, kind: AnswerFaultKind) -> int:
    """Find how many turns an answer lets pass because a check of something else would say more.

    Constants are found by their names alone. Whether a file exists is often checked before it is read, and what the
    product has left as it was is no work of it.
    """
    if function.startswith(UNTOUCHED):
        return 2
    return int(kind is AnswerFaultKind.CONSTANT or function.startswith(EXISTENCE))
