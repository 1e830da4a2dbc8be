"""The order in which faults are tried: those that a check is likely to notice come first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from spec2bdd.adapters.behave.challenges.faults import choose_answer_faults
from spec2bdd.adapters.behave.challenges.mutants import describe_mutant, list_mutants
from spec2bdd.adapters.behave.challenges.order import count_lines, order_mutants

SOURCE = """\
def first(number):
    if number < 0:
        return 0
    return number


def second(number):
    number += 2
    return number
"""


def list_changes(counts: Mapping[int, int]) -> list[str]:
    """List the lines of the mutants of the source in the order in which they are tried, one sign for each."""
    mutants = list_mutants("a.py", SOURCE, frozenset(range(1, 10)))
    return [f"{mutant.line}" for _, mutant in order_mutants(mutants, SOURCE, counts)]


def test_functions_and_their_lines_have_turns() -> None:
    """The mutants of the source are on the lines 2, 3, 4, 8 and 9."""
    assert list_changes({})[:6] == ["2", "8", "3", "9", "4", "8"]


def test_what_few_scenarios_run_comes_before_what_all_of_them_run() -> None:
    counts = count_lines([{"a.py": range(1, 5)}] * 20 + [{"a.py": (7, 8, 9)}])
    assert "".join(list_changes(counts["a.py"])).lstrip("89")[:3] == "234"
    assert list_changes({2: 9, 3: 1, 4: 9, 8: 9, 9: 9})[:2] == ["3", "3"]


def test_all_mutants_are_tried_in_some_order() -> None:
    mutants = list_mutants("a.py", SOURCE, frozenset(range(1, 10)))
    ordered = [mutant for _, mutant in order_mutants(mutants, SOURCE, {2: 3, 8: 2})]
    assert sorted(describe_mutant(mutant, SOURCE) for mutant in ordered) == sorted(
        describe_mutant(mutant, SOURCE) for mutant in mutants
    )


def answer(step: int, function: str, number: int = 0, faults: int = 2) -> dict[str, Any]:
    """Build an answer to a step, as a probe describes it."""
    place = {"path": "", "function": function, "line": 0, "number": number}
    return {
        "step": step,
        "faults": [
            {"place": place, "kind": "altered", "index": index, "description": f"{function} {index}"}
            for index in range(faults)
        ],
    }


STEPS = ["given", "when", "then", "then"]


@pytest.mark.parametrize(
    ("answers", "order"),
    [
        ([answer(0, "a"), answer(1, "b"), answer(2, "c"), answer(3, "d")], "d0 c0 b0 d1 c1 b1 a0 a1"),
        ([answer(1, "first"), answer(1, "last")], "last0 first0 last1 first1"),
        ([answer(-1, "hook", faults=1), answer(0, "a", faults=1)], "a0 hook0"),
        ([answer(2, "a", number, 1) for number in range(5)], "a0 a0 a0"),
        ([answer(2, "untouched"), answer(1, "b", faults=4)], "b0 b1 b2 untouched0 b3 untouched1"),
        ([answer(1, "untouched")], ""),
        ([answer(2, "file", faults=1), answer(2, "Path.exists", faults=1)], "file0 Path.exists0"),
    ],
    ids=[
        "near the checks",
        "the last call",
        "hooks",
        "few of one function",
        "untouched",
        "untouched before Then",
        "existence",
    ],
)
def test_the_answers_nearest_to_the_checks_are_altered_first(answers: list[Mapping[str, Any]], order: str) -> None:
    faults = choose_answer_faults({"answers": answers, "steps": STEPS})
    assert [fault.answer.description.replace(" ", "") for fault in faults if fault.answer] == order.split()
