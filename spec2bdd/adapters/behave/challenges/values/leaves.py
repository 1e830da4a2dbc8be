"""Change a leaf of a value: a number, a text, a date, to another one of its type."""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import PurePath
from typing import Any


def change_leaf(value: Any) -> Iterator[Any]:
    """Yield other values of the type of a leaf; none for what is no leaf."""
    match value:
        case None:
            yield "x"
        case enum.Enum():
            yield from [member for member in type(value) if member is not value][:1]
        case bool():
            yield not value
        case int() | float() | complex() | decimal.Decimal() | fractions.Fraction():
            # The next one, and then 0: a check such as `assert count` notices only that; one of a limit, the last two.
            kind: Any = type(value)
            number: Any = value
            others = (number + 1, 0, -1 - abs(number), abs(number) + 1_000_000)
            yield from [kind(other) for other in others if other != number]
        case str() | bytes():
            yield change_text(value)
            if value:
                yield value[:0]
            yield b" %b\n%b" % (value, b"X " * 500) if isinstance(value, bytes) else f" {value}\n{'X ' * 500}"
        case datetime.timedelta() | datetime.time() | datetime.date():
            yield from _change_time(value)
        case uuid.UUID():
            yield uuid.UUID(int=value.int ^ 1)
        case PurePath():
            yield value.with_name(change_text(value.name)) if value.name else value / "x"


def _change_time(value: Any) -> Iterator[Any]:
    """Yield a date or a time that is a little earlier, one far before, one far after, and one without its zone."""
    if isinstance(value, datetime.timedelta):
        yield from (value + datetime.timedelta(days=days) for days in (1, -100_000, 100_000))
        return
    if isinstance(value, datetime.time):
        yield value.replace(hour=(value.hour + 1) % 24, minute=(value.minute + 1) % 60)
        return
    little = datetime.timedelta(days=1, hours=1, minutes=1, seconds=1)
    for shift in (little, datetime.timedelta(days=36_500), datetime.timedelta(days=-36_500)):
        # Those at the ends of the calendar have none on one side.
        with suppress(OverflowError):
            yield value - shift
    if isinstance(value, datetime.datetime) and value.tzinfo:
        yield value.replace(tzinfo=None)


def change_text(text: Any) -> Any:
    """Change each ASCII letter and digit of a text, or of bytes, to the next one; its length and signs stay."""
    if isinstance(text, bytes):
        return change_text(text.decode("latin-1")).encode("latin-1")
    return text.translate(_NEXT) if text.translate(_NEXT) != text else text + "x"


def _build_next_characters() -> dict[int, int]:
    """Build the table of the character that follows each ASCII letter and digit."""
    groups = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
    return {
        ord(character): ord(group[(place + 1) % len(group)])
        for group in groups
        for place, character in enumerate(group)
    }


_NEXT = _build_next_characters()


def choose_leaf(value: Any, *, number: int) -> list[Any]:
    """Choose one of the other values of a leaf, the last one if there are fewer; none for what is no leaf."""
    leaves = list(change_leaf(value))
    return leaves[min(number, len(leaves) - 1) :][:1] if leaves else []


def put_word(value: Any, *, word: Any) -> list[Any]:
    """Put a word of the step in place of a leaf of the same type; none in place of another."""
    if isinstance(value, bytes) and isinstance(word, str):
        return [word.encode(errors="replace")]
    return [word] if type(value) is type(word) else []


def change_words(value: Any, *, words: Sequence[Any]) -> list[Any]:
    """Change the words of the step where a leaf contains or is one of them; none for what contains none."""
    if type(value) in (int, float):
        return [value + 1] if any(type(word) is type(value) and word == value for word in words) else []
    if type(value) not in (str, bytes):
        return []
    changed = value
    for word in words:
        if isinstance(word, str) and word.strip():
            part = word.encode(errors="replace") if isinstance(value, bytes) else word
            changed = changed.replace(part, change_text(part))
    return [changed] if changed != value else []
