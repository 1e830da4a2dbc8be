"""What `watch` does next: by a key, or by what was saved."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from spec2bdd.domain.watching.saves import SavedFiles
from spec2bdd.model.values import dataclass


class Action(StrEnum):
    """What one process of `watch` does."""

    ALL = "all"
    """Generate, and run everything."""

    FAILED = "failed"
    """Generate, and run what did not pass last time."""

    CHANGED = "changed"
    """Generate, and run the scenarios of some specs and feature files."""

    MARK = "mark"
    """Write the last results into the specs."""


@dataclass(frozen=True, slots=True)
class Order:
    """An action; `paths` are the specs and feature files of `CHANGED`, `saved` is a file that caused the order."""

    action: Action
    paths: tuple[str, ...] = ()
    saved: str = ""


class Key(StrEnum):
    """The keys, in the order in which they are shown."""

    ALL = "a"
    FAILED = "f"
    MARK = "m"
    AGAIN = "\n"
    QUIT = "q"


# Each key as it is shown, and what it does.
KEY_NAMES = {
    Key.ALL: "a all",
    Key.FAILED: "f not passed",
    Key.MARK: "m mark",
    Key.AGAIN: "enter again",
    Key.QUIT: "q quit",
}
_ACTIONS = {Key.ALL: Action.ALL, Key.FAILED: Action.FAILED, Key.MARK: Action.MARK}


def parse_keys(typed: str) -> tuple[Key, ...]:
    """Parse what was typed into keys; all other characters are ignored."""
    # Terminals send a carriage return for Enter, unless they translate it.
    return tuple(Key(character) for character in typed.lower().replace("\r", "\n") if character in frozenset(Key))


def plan_key(key: Key, last: Order) -> Order:
    """Plan what a key asks for; `last` is the last order of a run."""
    return Order(_ACTIONS[key]) if key in _ACTIONS else replace(last, saved="")


def plan_saved(saved: SavedFiles) -> Order | None:
    """Plan what has to be run after a save; nothing if nothing was saved.

    A spec or a feature file affects its own scenarios, anything else may affect all.
    """
    if saved.others:
        return Order(Action.ALL, saved=saved.others[0])
    return Order(Action.CHANGED, saved.texts, saved.texts[0]) if saved.texts else None


def merge_orders(interrupted: Order, order: Order) -> Order:
    """Merge an order with the one whose run it interrupted, so that nothing that was saved is left out.

    What did not pass last time is not added: its results stay what they are, and `f` runs it again.
    """
    if interrupted.action is Action.ALL:
        return replace(order, action=Action.ALL, paths=())
    if interrupted.action is order.action is Action.CHANGED:
        return replace(order, paths=tuple(sorted({*interrupted.paths, *order.paths})))
    return order
