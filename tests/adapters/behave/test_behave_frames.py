"""What code does with the result of a call, as the called function sees it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from grouped import in_one_test

from spec2bdd.adapters.behave.glue.background.frames import drops_chain, drops_result

DROPPED = (
    "call()",
    "call(1, word=2)",
    "context.call()",
    "with manager: call()",
    "for _ in [1]: call()",
)
USED = (
    "value = call()",
    "context.value = call()",
    "value = [call()]",
    "assert call() is None",
    "if call(): pass",
    "return call()",
    "print(call())",
    "call() or 3",
    "call().chained",
    "yield call()",
)
DROPPED_CHAINS = ("call().chained()", "call().chained(1).chained()", "call()", "value = call()", "call().attribute")
USED_CHAINS = (
    "value = call().chained()",
    "assert call().chained()",
    "if call().chained(): pass",
    "return call().chained()",
    "if not call().chained(): pass",
    "yield call().chained()",
)


class Chained:
    """An object whose methods return it."""

    attribute = 1

    def chained(self, *_: object) -> Chained:
        """Return the object."""
        return self

    def __enter__(self) -> None:
        """Enter a block."""

    def __exit__(self, *_: object) -> None:
        """Leave the block."""


def ask(body: str, question: Callable[[FrameType], bool]) -> set[bool]:
    """Ask about the code of each call in the body of a function."""
    answers: set[bool] = set()

    def call(*_: object, **__: object) -> Chained:
        answers.add(question(sys._getframe(1)))
        return Chained()

    context: Any = type("Context", (), {"call": staticmethod(call)})()
    names = {"call": call, "context": context, "manager": Chained(), "print": lambda _: None}
    with suppress(AssertionError):
        exec(f"def run():\n    {body}\n    return 1\nlist(run() if 'yield' in {body!r} else [run()])", names)
    return answers


@in_one_test("body", DROPPED)
def test_the_result_of_a_call_is_dropped(body: str) -> None:
    assert ask(body, drops_result) == {True}


@in_one_test("body", USED)
def test_the_result_of_a_call_is_used(body: str) -> None:
    assert ask(body, drops_result) == {False}


@in_one_test("body", DROPPED_CHAINS)
def test_what_comes_of_a_chain_of_calls_is_dropped_or_the_object_is_kept(body: str) -> None:
    assert ask(body, drops_chain) == {True}


@in_one_test("body", USED_CHAINS)
def test_what_comes_of_a_chain_of_calls_is_used(body: str) -> None:
    assert ask(body, drops_chain) == {False}
