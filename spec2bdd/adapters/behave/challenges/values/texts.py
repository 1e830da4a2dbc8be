"""Alter a text that a program wrote: as a document, where it is JSON, and as a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from spec2bdd.adapters.behave.challenges.values.alterations import Alteration, list_alterations, take_turns


def alter_text(text: Any, words: Sequence[Any] = ()) -> list[Alteration]:
    """List the alterations of a text, or of bytes, that a program wrote: of JSON also those of its values."""
    alterations = []
    with suppress(ValueError, RecursionError):
        content = json.loads(text)
        if isinstance(content, (dict, list)):
            alterations = [
                Alteration(alteration.description, partial(_write_json, alteration.make, type(text)))
                for alteration in list_alterations(content, words, is_product=lambda _: False, is_json=True)
            ]
    others = list_alterations(text, words, is_product=lambda _: False)
    lines = text.splitlines(keepends=True)
    if lines[::-1] != lines:
        others.insert(2, Alteration("its lines are reversed", lambda: type(text)().join(lines[::-1])))
    return take_turns(alterations, others)


def _write_json(make: Callable[[], Any], kind: type) -> Any:
    """Write a changed JSON document as text or as bytes."""
    text = json.dumps(make())
    return text.encode() if kind is bytes else text
