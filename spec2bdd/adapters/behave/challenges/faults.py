"""Choose the faults that a scenario is challenged with, and their order: the likeliest to be noticed come first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import AnswerFault, AnswerFaultKind, AnswerPlace
from spec2bdd.adapters.behave.challenges.mutants import Mutant, describe_mutant, list_mutants
from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.model.values import dataclass

# The order of the steps whose answers are altered; hooks come last.
_ORDER = {"then": 0, "when": 1, "given": 2}
# Answers of one function in one step: these at the beginning, and the last one.
_MOST_PER_STEP = 2
# Mutants are tried in this many rounds through the code, so that each part has its turn early.
_ROUNDS = 7


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
    """Yield the faults in the answers of the steps of a scenario that was observed."""
    answers = _select_answers(observed["answers"], observed["steps"])
    most = max((len(faults) for faults in answers), default=0)
    for index in range(most):
        yield from (ChosenFault(answer=faults[index]) for faults in answers if index < len(faults))


def choose_mutants(lines: Mapping[str, Sequence[int]], sources: Mapping[str, str]) -> Iterator[ChosenFault]:
    """Yield the mutants of the lines that a scenario runs."""
    mutants = [
        ChosenFault(mutant=mutant, source=sources[filename])
        for filename, numbers in sorted(lines.items())
        if filename in sources
        for mutant in list_mutants(filename, sources[filename], frozenset(numbers))
    ]
    for round_ in range(_ROUNDS):
        yield from mutants[round_::_ROUNDS]


def _select_answers(answers: Sequence[Mapping[str, Any]], steps: Sequence[str]) -> list[list[AnswerFault]]:
    """Select the answers to alter, those of Then steps first, the later steps before the earlier ones."""
    groups: dict[tuple[int, str, str], list[list[AnswerFault]]] = {}
    for answer in answers:
        place = AnswerPlace(**answer["faults"][0]["place"])
        faults = [
            AnswerFault(place, AnswerFaultKind(fault["kind"]), fault["index"], fault["description"])
            for fault in answer["faults"]
        ]
        groups.setdefault((answer["step"], place.path, place.function), []).append(faults)

    def rank(key: tuple[int, str, str]) -> tuple[int, int]:
        """Rank the answers of a step."""
        step = key[0]
        return (_ORDER.get(steps[step], 2), -step) if 0 <= step < len(steps) else (len(_ORDER), 0)

    return [
        faults
        for key in sorted(groups, key=rank)
        for faults in [*groups[key][:_MOST_PER_STEP], *groups[key][_MOST_PER_STEP:][-1:]]
    ]
