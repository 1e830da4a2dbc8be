"""Statements that did not run, by the lines that did: joined to ranges, and nothing that is no code."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from spec2bdd.domain.changes.statements import find_first_body, find_statement, find_untested_ranges

SOURCE = '''\
"""A shop."""
import typing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

LIMIT = 9


class Basket:
    """A basket."""

    size: int = 3

    def add(self, name, price):
        """Add an item."""
        # Not too many.
        if price > LIMIT:
            raise ValueError(
                name,
            )

        items = [
            name,
            price,
        ]
        return items

    def find(self, names):
        for name in names:
            try:
                yield int(name)
            except ValueError:
                pass
            else:
                ...
            finally:
                self.size += 1
        def close():
            return 2
        return close()

    @property
    def empty(self): return True
'''


def list_ranges(source: str, ran: set[int]) -> list[tuple[str, str, int]]:
    """List the ranges of statements that did not run: lines, function, count."""
    return [(part.label, part.function, part.count) for part in find_untested_ranges(source.encode(), ran)]


def run_traced(source: str, call: str) -> set[int]:
    """Run a source and then a call, and list the lines that ran."""
    lines: set[int] = set()

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename != "<shop>":
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return trace

    values: dict[str, Any] = {}
    code = compile(source, "<shop>", "exec")
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        exec(code, values)
        eval(call, values)
    finally:
        sys.settrace(before)
    return lines


ADD, LIST = "Basket().add('tea', 3)", "list(Basket().find(['1', 'x']))"
FIND = [("31-39", "Basket.find", 5), ("41", "Basket.find.close", 1), ("42", "Basket.find", 1)]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("None", [("19-28", "Basket.add", 9), *FIND]),
        (ADD, [("20-22", "Basket.add", 3), *FIND]),
        (LIST, [("19-28", "Basket.add", 9)]),
        (f"({ADD}, {LIST})", [("20-22", "Basket.add", 3)]),
    ],
)
def test_statements_that_did_not_run_are_joined_by_function(call: str, expected: list[tuple[str, str, int]]) -> None:
    assert list_ranges(SOURCE, run_traced(SOURCE, call)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (5, (5, 5)),
        (9, (9, 9)),
        (16, (16, 16)),
        (18, (18, 18)),
        (19, (19, 19)),
        (22, (20, 22)),
        (26, (24, 27)),
        (31, (31, 31)),
    ],
)
def test_the_lines_of_a_statement_run_as_one(line: int, expected: tuple[int, int]) -> None:
    found = find_statement(SOURCE.encode(), line)
    assert (found[0], found[-1]) == expected


def test_the_lines_of_a_signature_run_as_one() -> None:
    source = b"@cached(\n    3,\n)\ndef find(\n    x,\n    y=1,\n) -> int:\n    return x\n"
    assert [range(4, 8)] * 2 == [find_statement(source, 4), find_statement(source, 6)]


def test_no_range_has_a_line_that_ran() -> None:
    source = (
        "def find(x):\n    match x:\n        case 1:\n            return 1\n        case 2:\n            return 2\n"
    )
    assert list_ranges(source, run_traced(source, "find(3)")) == [("4", "find", 1), ("6", "find", 1)]


def test_a_file_that_was_never_loaded_has_no_line_of_documentation_or_definition() -> None:
    module = [("2-8", "", 4), ("14", "Basket", 1)]
    assert list_ranges(SOURCE, set()) == [*module, ("19-28", "Basket.add", 9), *FIND, ("45", "Basket.empty", 1)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("# Nothing.\n", []),
        ("def broken(:\n    x\n", [("1-2", "", 2)]),
        ("if True:\n    pass\nelif x:\n    y = 1\n", [("1-2", "", 2)]),
        ("a = 1; b = 2\n", [("1", "", 1)]),
        ("def run():\n    global a\n    b: int\n    'text'\n    return 1\n", [("5", "run", 1)]),
        ("match x:\n    case 1:\n        y()\n    case _:\n        z()\n", [("1-5", "", 3)]),
        ("if not TYPE_CHECKING:\n    x()\nelse:\n    y()\n", [("1-4", "", 3)]),
    ],
)
def test_only_what_does_something_is_code(source: str, expected: list[tuple[str, str, int]]) -> None:
    assert list_ranges(source, set()) == expected


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b'import a\n\n\ndef f():\n    """Say."""\n    return 1\n', 6),
        (b"class A:\n    async def f(self):\n        return 1\n", 3),
        (b'def f():\n    """Say."""\n\n\ndef g():\n    return 1\n', 6),
        (b"a = 1\n", 1),
        (b"def (\n", 1),
    ],
)
def test_the_first_body_is_the_first_line_that_runs_in_a_function(source: bytes, line: int) -> None:
    assert find_first_body(source) == line
