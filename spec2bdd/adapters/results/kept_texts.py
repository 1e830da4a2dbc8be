"""Bound what is kept in memory of all that the scenarios of a run have printed, however many of them failed."""

from __future__ import annotations

from spec2bdd.adapters.formats.json import JsonObject
from spec2bdd.text.clean import keep_ends

# Together about fifty outputs of the greatest length that is recorded: more than anyone reads.
_MOST_CHARACTERS = 10_000_000
# What is kept of each further one.
_SHORT = 2_000
# The fields of events that may be long.
_FIELDS = ("output", "error", "traceback")


class TextBudget:
    """Keeps the long texts of a run whole until there are too many of them; of the rest, it keeps both ends."""

    def __init__(self) -> None:
        self._left = _MOST_CHARACTERS

    def bound_texts(self, event: JsonObject) -> JsonObject:
        """Return an event with shorter texts, if there were too many before, or else the event itself."""
        long = [name for name in _FIELDS if isinstance(event.get(name), str) and len(event[name]) > _SHORT]
        return {**event, **{name: self._keep(event[name]) for name in long}} if long else event

    def _keep(self, text: str) -> str:
        """Return a text whole, and count it, or return both ends of it."""
        if len(text) <= self._left:
            self._left -= len(text)
            return text
        return keep_ends(text, _SHORT, note="; the records have them")
