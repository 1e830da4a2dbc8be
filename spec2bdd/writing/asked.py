"""What somebody typed for a criterion in, the one criterion that is meant out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spec2bdd.errors import ConfigError
from spec2bdd.model import Identified
from spec2bdd.writing.drafts import Draft
from spec2bdd.writing.features import derive_key
from spec2bdd.writing.names import derive_id, derive_sameness

_NUMBERED = re.compile(r"(?P<spec>.+)#(?P<number>[1-9]\d*)")
_MOST_SHOWN = 8
_Found = tuple[Draft, Identified]


def find_criterion(drafts: Sequence[Draft], typed: str) -> _Found:
    """Return the criterion with that id, that number in its spec (`3.2#4`), or that part of its text.

    Raises:
        ConfigError: no criterion is meant, or more than one could be.
    """
    every = [(draft, item) for draft in drafts for item in draft.identified]
    for found in (_find_by_id(every, typed), _find_by_number(drafts, typed), _find_by_text(every, typed)):
        if len(found) == 1:
            return found[0]
        if found:
            lines = [_describe(one) for one in found[:_MOST_SHOWN]] + (["..."] if found[_MOST_SHOWN:] else [])
            raise ConfigError(
                f"`{typed}` could be {len(found)} criteria: " + "; ".join(lines), hint="type the id of one of them"
            )
    hint = "type its id, such as `ac_3_2_5f3a9c`, its number in its spec, such as `3.2#4`, or a part of its text"
    raise ConfigError(f"no criterion is meant by `{typed}`", hint=hint)


def _find_by_id(every: Sequence[_Found], typed: str) -> list[_Found]:
    """Return the criterion with that id, with or without `@` and `ac_`, or that id of its author's."""
    plain = typed.removeprefix("@")
    found = [one for one in every if one[1].id in (plain, f"ac_{plain}")]
    return found or [one for one in every if one[1].criterion.given_id == typed]


def _find_by_number(drafts: Sequence[Draft], typed: str) -> list[_Found]:
    """Return the criterion with that number in the spec that is named before it."""
    match = _NUMBERED.fullmatch(typed)
    if not match:
        return []
    named = [draft for draft in drafts if derive_key(draft.spec) == derive_id(match["spec"], limit=40)]
    place = int(match["number"]) - 1
    return [(draft, draft.identified[place]) for draft in named if place < len(draft.identified)]


def _find_by_text(every: Sequence[_Found], typed: str) -> list[_Found]:
    """Return the criteria whose text is that, or else holds it; typography does not count."""
    wanted = derive_sameness(typed)
    same = [one for one in every if derive_sameness(one[1].criterion.text) == wanted]
    return same or list(_find_parts(every, wanted))


def _find_parts(every: Sequence[_Found], wanted: str) -> Iterator[_Found]:
    """Yield the criteria whose text holds these words."""
    return (one for one in every if wanted and wanted in derive_sameness(one[1].criterion.text))


def _describe(found: _Found) -> str:
    """Return what a criterion is told from others by."""
    draft, item = found
    return f"`{item.id}` ({draft.spec.path}:{item.criterion.line}, {item.criterion.text})"
