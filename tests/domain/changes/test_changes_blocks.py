"""What of a Python file is compared as one, and what a change of it can affect."""

from __future__ import annotations

import pytest

from spec2bdd.domain.changes.blocks import find_changed_blocks, find_run_blocks, split_blocks

SOURCE = '''\
"""A module."""

LIMIT = 3


class Basket:
    """A basket."""

    def add(self, item, count=1):
        """Add an item."""
        if count > LIMIT:
            raise ValueError(item)
        self.items = [item] * count

    @property
    def first(self):
        return self.items[0]

    @first.setter
    def first(self, item):
        self.items[0] = item


def outer():
    value = 1

    def inner():
        return value

    return inner


def one_line(): return 2


def empty():
    ...


async def later():
    return 1
'''

NAMES = ("", "Basket.add", "Basket.first", "Basket.first#2", "outer", "outer.inner", "later")

# An edit, and the names of the blocks that it changes.
EDITS = {
    "a comment": ("LIMIT = 3", "LIMIT = 3  # three", ()),
    "a blank line": ("LIMIT = 3\n", "\n\nLIMIT = 3\n", ()),
    "parentheses": ("return self.items[0]", "return (self.items[0])", ()),
    "quotes": ('"""A module."""', "'A module.'", ()),
    "a constant of the module": ("LIMIT = 3", "LIMIT = 4", ("",)),
    "the docstring of a function": ("Add an item", "Add items", ("",)),
    "a default": ("count=1", "count=2", ("",)),
    "a decorator": ("@property", "@cached", ("",)),
    "a name": ("def outer", "def other", ("", "outer", "outer.inner", "other", "other.inner")),
    "a coroutine": ("async def later", "def later", ("",)),
    "the body of a function": ("count > LIMIT", "count >= LIMIT", ("Basket.add",)),
    "the second of two of that name": ("self.items[0] = item", "self.items[1] = item", ("Basket.first#2",)),
    "a function in a function": ("return value", "return -value", ("outer.inner",)),
    "the parameters of a function in a function": ("def inner()", "def inner(*_)", ("outer",)),
    "a function on one line": ("return 2", "return 3", ("",)),
    "a body without code": ("    ...", "    None", ("",)),
    "a generator": ("    return 1\n", "    yield 1\n", ("", "later")),
    "a new function": ("async def", "def new():\n    return 3\n\n\nasync def", ("", "new")),
}


@pytest.mark.parametrize(("before", "after", "expected"), EDITS.values(), ids=EDITS)
def test_an_edit_changes_these_blocks(before: str, after: str, expected: tuple[str, ...]) -> None:
    assert before in SOURCE
    changed = find_changed_blocks(split_blocks(SOURCE.encode()), split_blocks(SOURCE.replace(before, after).encode()))
    assert frozenset(expected) == changed


def test_each_function_with_lines_of_its_own_is_a_block() -> None:
    assert tuple(block.name for block in split_blocks(SOURCE.encode())) == NAMES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LIMIT = 3", {""}),
        ("raise ValueError", {"", "Basket.add"}),
        ("def add", {""}),
        ("Add an item", {""}),
        ("return value", {"", "outer", "outer.inner"}),
        ("return 2", {""}),
    ],
)
def test_a_line_belongs_to_the_blocks_around_it(text: str, expected: set[str]) -> None:
    line = next(number for number, line in enumerate(SOURCE.splitlines(), 1) if text in line)
    assert find_run_blocks(split_blocks(SOURCE.encode()), {line}) == expected


@pytest.mark.parametrize(
    "source",
    ["def", "return 1\n", "def f():\n    nonlocal x\n", "def f(a, a):\n    pass\n", "x = '\ud800'", "x\0"],
    ids=["half", "return", "nonlocal", "parameters", "surrogate", "null"],
)
def test_what_python_cannot_compile_has_no_blocks_and_may_differ_in_any(source: str) -> None:
    content = source.encode("utf-8", "surrogatepass")
    assert split_blocks(content) == ()
    assert find_changed_blocks(split_blocks(content), split_blocks(SOURCE.encode())) is None


def test_a_number_with_too_many_digits_for_python_may_differ_in_any_block() -> None:
    assert split_blocks(f"A = 0x{'f' * 5000}\n".encode()) == ()


def test_line_ends_and_encodings_are_no_difference() -> None:
    windows = SOURCE.replace("\n", "\r\n").encode("utf-8-sig")
    assert frozenset() == find_changed_blocks(split_blocks(SOURCE.encode()), split_blocks(windows))
