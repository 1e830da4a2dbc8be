"""What faults are: alterations of values, and mutants of code."""

from __future__ import annotations

import asyncio
import datetime
import enum
import json
import uuid
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath
from types import FunctionType, SimpleNamespace
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.adapters.behave.challenges.mutants import compile_mutant, describe_mutant, exchange_code, list_mutants
from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.behave.challenges.values.alterations import list_alterations
from spec2bdd.adapters.behave.challenges.values.elements import show
from spec2bdd.adapters.behave.challenges.values.libraries import change_library_value
from spec2bdd.adapters.behave.challenges.values.texts import alter_text
from spec2bdd.text.globs import build_expression


class Color(enum.Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Message:
    number: int
    text: str


class Point(NamedTuple):
    x: int
    y: int


class Account:
    def __init__(self, balance: int) -> None:
        self.balance = balance

    def __repr__(self) -> str:
        return f"Account({self.balance})"


def lengthen(text: str) -> str:
    """Lengthen a text as an alteration does."""
    return f" {text}\n{'X ' * 500}"


def alter(value: Any) -> list[Any]:
    """List the altered values, as the steps would get them."""
    return [alteration.make() for alteration in list_alterations(value, is_product=lambda kind: kind is Account)]


class Column(list[int]):
    """What an array of numpy does with operators."""

    __module__ = "numpy"

    def __add__(self, other: object) -> Any:
        """Add a number to each item."""
        return Column(item + other for item in self)  # type: ignore[operator]

    def __getitem__(self, place: Any) -> Any:
        """Find an item, or a part that is a column."""
        found = super().__getitem__(place)
        return Column(found) if isinstance(place, slice) else found


def test_an_array_is_altered_by_what_it_can_do() -> None:
    changed = [other for other, _ in change_library_value(Column([1, 2]))]
    assert changed == [[2, 3], [1], [], [2, 1]]


def test_an_element_of_xml_gets_other_texts() -> None:
    element = ElementTree.fromstring('<order id="7"><item>tea</item></order>')
    altered = [ElementTree.tostring(each, encoding="unicode") for each in alter(element)]
    assert altered == ['<order id="8">x<item>ufb</item></order>']
    assert ElementTree.tostring(element, encoding="unicode") == '<order id="7"><item>tea</item></order>'


@pytest.mark.parametrize(
    ("value", "altered"),
    [
        (True, [False]),
        (0, [1, -1, 1_000_000]),
        (3, [4, 0, -4, 1_000_003]),
        (1.5, [2.5, 0.0, -2.5, 1_000_001.5]),
        (Decimal("2.50"), [Decimal("3.50"), Decimal(0), Decimal("-3.50"), Decimal("1000002.50")]),
        ("Zoo 9", ["App 0", "", lengthen("Zoo 9")]),
        ("", ["x", lengthen("")]),
        ("日本", ["日本x", "", lengthen("日本")]),
        (b"ab", [b"bc", b"", lengthen("ab").encode()]),
        (Color.RED, [Color.BLUE]),
        (
            datetime.date(2026, 5, 4),
            [
                datetime.date(2026, 5, 3),
                datetime.date(2026, 5, 4) - datetime.timedelta(36_500),
                datetime.date(2026, 5, 4) + datetime.timedelta(36_500),
            ],
        ),
        (datetime.time(23, 59), [datetime.time(0, 0)]),
        (uuid.UUID(int=4), [uuid.UUID(int=5)]),
        (datetime.date.min, [datetime.date(100, 12, 8)]),
        (datetime.timedelta(0), [datetime.timedelta(days=days) for days in (1, -100_000, 100_000)]),
        (PurePosixPath("a/b1"), [PurePosixPath("a/c2")]),
        ([], [["x"]]),
        ((), [("x",)]),
        ({}, [{"x": "x"}]),
        (frozenset(), [frozenset({"x"})]),
        ([1], [[], [0], [1, 1], [-2], [2], [1_000_001]]),
        (
            [1, 2],
            [[2, 3], [1], [0, 0], [], [-2, -3], [2, 1], [1_000_001, 1_000_002], [1, 2, 2], [2, 2], [1, 3]],
        ),
        ((True, True), [(False, False), (True,), (), (True, True, True), (False, True), (True, False)]),
        (
            {"a": True, "b": None},
            [{"a": False, "b": "x"}, {"a": True}, {}, {"a": False, "b": None}, {"a": True, "b": "x"}],
        ),
        (Counter("a"), [Counter(), Counter(a=2), Counter(a=-2), Counter(a=1_000_001)]),
        (deque([True]), [deque(), deque([True, True]), deque([False])]),
        ({"a": 1}.keys(), [[], [""], ["a", "a"], [lengthen("a")], ["b"]]),
        (frozenset({1}), [frozenset({2}), frozenset(), frozenset({0}), frozenset({-2}), frozenset({1_000_001})]),
        (
            Point(1, 2),
            [Point(2, 3), Point(2, 2), Point(0, 0), Point(1, 3), Point(-2, -3), Point(1_000_001, 1_000_002)],
        ),
        (SimpleNamespace(a=True), [SimpleNamespace(a=False)]),
        (object(), []),
        (lambda: 1, []),
    ],
)
def test_a_value_is_altered_in_one_place_at_a_time_after_all_of_it(value: object, altered: list[object]) -> None:
    assert alter(value) == altered


def test_an_object_of_the_product_is_copied_and_keeps_its_own_attributes() -> None:
    account = Account(5)
    assert [other.balance for other in alter(account)] == [6, 0, -6, 1_000_005]
    assert account.balance == 5


def test_an_iterator_is_altered_before_a_step_has_read_it() -> None:
    def read(place: int) -> list[int]:
        alterations = list_alterations(iter([1, 2]), is_product=lambda _: False)
        return list(alterations[place].make())

    assert [read(place) for place in range(6)] == [[2], [2, 3], [0, 0], [-2, -3], [], [1, 1, 2, 2]]


def test_an_asynchronous_iterator_is_altered_before_a_step_has_read_it() -> None:
    async def count() -> AsyncIterator[int]:
        yield 1

    async def read(place: int) -> list[int]:
        alterations = list_alterations(count(), is_product=lambda _: False)
        return [item async for item in alterations[place].make()]

    assert [asyncio.run(read(place)) for place in range(2)] == [[2], []]


def test_what_a_step_compares_with_is_put_into_a_value() -> None:
    """A check that something is absent notices nothing but its presence."""
    rows = [{"id": 1, "name": "ann"}]
    altered = [each.make() for each in list_alterations(rows, ["bob", 99], is_product=lambda _: False)]
    assert [{"id": 1, "name": "bob"}] in altered
    assert [{"id": 99, "name": "ann"}] in altered
    assert b"Error" in [alteration.make() for alteration in alter_text(b"done", ["Error"])]


@pytest.mark.parametrize(
    ("value", "altered"),
    [
        ({"a": "ann", "b": "bob", "c": 5}, {"a": "boo", "b": "bob", "c": 6}),
        ("ann and bob", "boo and bob"),
        (b"5 for ann", b"5 for boo"),
        ("ann", "boo"),
        (5, 6),
    ],
)
def test_what_a_step_compares_with_is_changed_first_where_it_is_in_a_value(value: object, altered: object) -> None:
    found = list_alterations(value, ["ann", 5], is_product=lambda _: False)
    assert [alteration.make() for alteration in found].index(altered) == 0
    assert len({alteration.description for alteration in found}) == len(found)


def test_each_word_that_a_step_compares_with_is_changed_alone() -> None:
    rows = [{"name": "ann", "state": "open"}, {"name": "bob", "state": "open"}]
    altered = [each.make() for each in list_alterations(rows, ["ann", "open"], is_product=lambda _: False)]
    assert altered[0] == [{"name": "boo", "state": "pqfo"}, {"name": "bob", "state": "pqfo"}]
    assert altered.index([{"name": "ann", "state": "pqfo"}, {"name": "bob", "state": "pqfo"}]) < 5


def test_json_is_altered_at_any_depth() -> None:
    text = json.dumps({"specs": [{"criteria": [{"scenario": {"steps": [{"status": "passed"}]}}]}]})
    assert "failed" not in text
    first = alter_text(text, ["passed"])[0].make()
    assert first == text.replace("passed", "qbttfe")


def test_an_aware_time_is_altered_far_in_both_directions_and_in_its_zone() -> None:
    noon = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
    little, before, after, naive = alter(noon)
    assert (little.day, little.hour) == (3, 10)
    assert before.year < 1950 < noon.year < after.year
    assert naive.tzinfo is None


def test_a_class_that_refuses_to_be_copied_is_left_alone() -> None:
    class Single(Account):
        def __copy__(self) -> Single:
            raise TypeError("there is only one")

    single = Single(5)
    assert list_alterations(single, is_product=lambda kind: kind is Single) == []


def test_a_broken_repr_is_shown_by_its_class() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError("no")

    assert "Broken" in show(Broken())


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=12,
)


@given(values)
def test_every_alteration_differs_and_the_value_stays(value: object) -> None:
    before = repr(value)
    for other in alter(value):
        assert repr(other) != before
    assert repr(value) == before


@given(values)
def test_the_alterations_of_equal_values_have_the_same_order(value: object) -> None:
    first, second = (list_alterations(value, is_product=lambda _: False) for _ in range(2))
    assert [each.description for each in first] == [each.description for each in second]


def test_json_is_altered_as_a_document_and_stays_one() -> None:
    text = '{"total": 5, "items": ["tea"]}'
    documents = [alteration.make() for alteration in alter_text(text)]
    assert {"total": 6, "items": ["tea"]} in [json.loads(document) for document in documents if document[:1] == "{"]
    assert "" in documents


SOURCE = '''\
"""A shop."""

LIMIT = 10


def add(total: int, price: int = 3) -> int:
    """Add a price: "no" is not a fault here."""
    if price < 0 or not total:
        raise ValueError("negative")
    note(price)
    return total + price


def note(price: int) -> None:
    match price:
        case 7:
            print("seven")


class Shop:
    def is_open(self, hour):
        inner = lambda: hour == 9
        return inner()
'''


def test_mutants_are_in_the_lines_that_run_and_in_nothing_but_bodies() -> None:
    mutants = list_mutants("shop.py", SOURCE, frozenset(range(1, 30)))
    changes = [(mutant.line, *describe_mutant(mutant, SOURCE)) for mutant in mutants]
    assert changes == [
        (8, "if price < 0 or not total:", "if not (price < 0 or not total):"),
        (8, "if price < 0 or not total:", "if price < 0 and (not total):"),
        (8, "if price < 0 or not total:", "if price <= 0 or not total:"),
        (8, "if price < 0 or not total:", "if price < 0 or total:"),
        (8, "if price < 0 or not total:", "if price < 1 or not total:"),
        (9, "raise ValueError('negative')", "pass"),
        (9, "raise ValueError('negative')", "raise ValueError('ofhbujwf')"),
        (10, "note(price)", "pass"),
        (11, "return total + price", "return None"),
        (11, "return total + price", "return total - price"),
        (16, "case 7:", "case 8:"),
        (17, "print('seven')", "pass"),
        (17, "print('seven')", "print('tfwfo')"),
        (22, "inner = lambda: hour == 9", "inner = lambda: hour != 9"),
        (22, "inner = lambda: hour == 9", "inner = lambda: hour == 10"),
        (23, "return inner()", "return None"),
    ]
    assert list_mutants("shop.py", SOURCE, frozenset({11})) == [mutant for mutant in mutants if mutant.line == 11]


def test_a_file_that_cannot_be_parsed_has_no_mutants() -> None:
    assert list_mutants("shop.py", "def broken(:", frozenset({1})) == []


def test_a_mutant_takes_the_place_of_a_loaded_function_under_every_name() -> None:
    names: dict[str, Any] = {}
    exec(compile(SOURCE, "shop.py", "exec"), names)
    add = names["add"]
    subtracts = next(
        mutant
        for mutant in list_mutants("shop.py", SOURCE, frozenset({11}))
        if describe_mutant(mutant, SOURCE)[1] == "return total - price"
    )
    functions = [value for value in (add, names["note"]) if isinstance(value, FunctionType)]
    assert exchange_code(compile_mutant(subtracts, SOURCE, "shop.py"), functions, subtracts.line)
    assert add(10, 4) == 6


def test_a_mutant_of_a_function_that_does_not_exist_is_not_put_in() -> None:
    mutant = list_mutants("shop.py", SOURCE, frozenset({11}))[0]
    assert not exchange_code(compile_mutant(mutant, SOURCE, "shop.py"), [], mutant.line)


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("shop/basket.py", Origin.PRODUCT),
        ("src/shop/basket.py", Origin.PRODUCT),
        ("steps/basket_steps.py", Origin.STEPS),
        ("features/environment.py", Origin.STEPS),
        ("environment.py", Origin.STEPS),
        ("tests/helpers.py", Origin.STEPS),
        ("shop/test_basket.py", Origin.STEPS),
        ("shop/conftest.py", Origin.STEPS),
        ("support/data/checks.py", Origin.STEPS),
        ("supported.py", Origin.PRODUCT),
        ("shop/basket_checks.py", Origin.STEPS),
        ("shop/lib/basket_checks.py", Origin.PRODUCT),
        (".venv/lib/python3.11/site-packages/requests/api.py", Origin.LIBRARY),
        ("build/lib/shop/basket.py", Origin.LIBRARY),
        ("shop/build/plan.py", Origin.PRODUCT),
        ("shop/environment.py", Origin.PRODUCT),
        ("/usr/lib/python3/json/__init__.py", Origin.LIBRARY),
        ("<string>", Origin.LIBRARY),
    ],
)
def test_the_origin_of_code_is_known_by_its_file(path: str, origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "shop" / "build").mkdir(parents=True)
    (tmp_path / "shop" / "build" / "__init__.py").touch()
    helpers = build_expression(["support", "shop/*_checks.py"])
    index = OriginIndex(tmp_path, steps=[tmp_path / "features", tmp_path / "steps"], helpers=helpers)
    assert index.find(path) is origin
    if not path.startswith(("<", "/")):
        assert index.find(str(tmp_path / path)) is origin
