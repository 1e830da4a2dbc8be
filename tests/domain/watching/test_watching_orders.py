"""What `watch` does next: by a key, by what was saved, and after an interruption."""

from __future__ import annotations

import pytest

from spec2bdd.domain.watching.orders import (
    KEY_NAMES,
    Action,
    Key,
    Order,
    merge_orders,
    parse_keys,
    plan_key,
    plan_saved,
)
from spec2bdd.domain.watching.saves import SavedFiles

SPEC, FEATURE, STEPS = "specs/1-a.md", "features/1_a.feature", "steps/a_steps.py"
OF_SPEC = Order(Action.CHANGED, (SPEC,), SPEC)
OF_FEATURE = Order(Action.CHANGED, (FEATURE,), FEATURE)
OF_STEPS = Order(Action.ALL, saved=STEPS)
FAILED, ALL, MARK = Order(Action.FAILED), Order(Action.ALL), Order(Action.MARK)


@pytest.mark.parametrize(
    ("saved", "expected"),
    [
        (SavedFiles(), None),
        (SavedFiles(texts=(SPEC,)), OF_SPEC),
        (SavedFiles(texts=(FEATURE, SPEC)), Order(Action.CHANGED, (FEATURE, SPEC), FEATURE)),
        (SavedFiles(others=(STEPS,)), OF_STEPS),
        (SavedFiles(texts=(SPEC,), others=("data/rates.json", STEPS)), Order(Action.ALL, saved="data/rates.json")),
    ],
)
def test_specs_and_features_affect_their_own_scenarios_and_all_else_everything(
    saved: SavedFiles, expected: Order | None
) -> None:
    assert plan_saved(saved) == expected


@pytest.mark.parametrize(
    ("interrupted", "order", "expected"),
    [
        (OF_SPEC, OF_FEATURE, Order(Action.CHANGED, (FEATURE, SPEC), FEATURE)),
        (OF_SPEC, OF_SPEC, OF_SPEC),
        (OF_SPEC, OF_STEPS, OF_STEPS),
        (OF_STEPS, OF_SPEC, Order(Action.ALL, saved=SPEC)),
        (ALL, OF_SPEC, Order(Action.ALL, saved=SPEC)),
        (FAILED, OF_SPEC, OF_SPEC),
        (FAILED, OF_STEPS, OF_STEPS),
    ],
)
def test_nothing_that_was_saved_is_left_out_after_an_interruption(
    interrupted: Order, order: Order, expected: Order
) -> None:
    assert merge_orders(interrupted, order) == expected


@pytest.mark.parametrize(
    ("key", "expected"), [(Key.ALL, ALL), (Key.FAILED, FAILED), (Key.MARK, MARK), (Key.AGAIN, OF_SPEC)]
)
def test_a_key_asks_for_an_action_and_enter_for_the_last_one(key: Key, expected: Order) -> None:
    order = plan_key(key, OF_SPEC)
    assert (order.action, order.paths, order.saved) == (expected.action, expected.paths, "")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a", (Key.ALL,)),
        ("A", (Key.ALL,)),
        ("\r", (Key.AGAIN,)),
        ("\n", (Key.AGAIN,)),
        ("fmq", (Key.FAILED, Key.MARK, Key.QUIT)),
        ("x é\x1b", ()),
        ("", ()),
    ],
)
def test_other_characters_are_no_keys(typed: str, expected: tuple[Key, ...]) -> None:
    assert parse_keys(typed) == expected


def test_every_key_is_shown() -> None:
    assert list(KEY_NAMES) == list(Key)
