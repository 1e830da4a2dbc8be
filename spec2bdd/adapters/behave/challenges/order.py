"""Order mutants: those that say most about one scenario come first, and each part of the code has its turn early."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from spec2bdd.adapters.behave.challenges.mutants import Mutant

# How many scenarios run each line, by the path of the file.
LineCounts = Mapping[str, Mapping[int, int]]


def count_lines(scenarios: Iterable[Mapping[str, Iterable[int]]]) -> LineCounts:
    """Count how many scenarios run each line, from the lines of each by the path of the file."""
    counts: dict[str, Counter[int]] = {}
    for lines in scenarios:
        for path, numbers in lines.items():
            counts.setdefault(path, Counter()).update(set(numbers))
    return counts


def order_mutants(mutants: Sequence[Mutant], source: str, counts: Mapping[int, int]) -> list[tuple[int, Mutant]]:
    """Order the mutants of a file, each with its place among those of all files.

    In each function the rarest lines come first, one mutant of each line before the second ones. The place is that in
    the function, times the number of scenarios that run the line: what one scenario of twenty runs has twenty turns
    before the first of what all of them run.
    """
    starts = _find_functions(source)
    on_line: Counter[int] = Counter()
    ranked = []
    for mutant in mutants:
        ranked.append(((on_line[mutant.line], counts.get(mutant.line, 1)), mutant))
        on_line[mutant.line] += 1
    in_function: Counter[int] = Counter()
    ordered = []
    for _, mutant in sorted(ranked, key=lambda each: each[0]):
        function = starts.get(mutant.line, 0)
        in_function[function] += 1
        ordered.append((in_function[function] * counts.get(mutant.line, 1), mutant))
    return sorted(ordered, key=lambda each: each[0])


def _find_functions(source: str) -> dict[int, int]:
    """Find for each line the first line of the innermost function around it."""
    starts: dict[int, int] = {}
    # Outer functions are walked before inner ones.
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            starts.update(dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.lineno))
    return starts
