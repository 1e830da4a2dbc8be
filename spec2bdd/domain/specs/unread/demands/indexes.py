"""Recognize tables of requirements and of stories that only list what a spec has criteria for elsewhere."""

from __future__ import annotations

import re

from spec2bdd.domain.specs.criteria.table_rows import RawTable
from spec2bdd.domain.specs.unread.file_places import FilePlaces
from spec2bdd.model import Spec
from spec2bdd.text.normalize import to_comparison_key

_ID = re.compile(r"[*_`\[]*(?P<id>[A-Z][A-Za-z]{0,7}(?:[-_.]?[A-Z]{1,8})?[-_. ]?\d[\w.-]{0,12})[*_`\]]*")
_MARKUP = re.compile(r"[*_`]")
# The id of a requirement, which criteria prove, and one of those that Spec Kit has besides its criteria.
FUNCTIONAL_ID = re.compile(r"(?:N?FR|RF|RNF)-?\d", re.IGNORECASE)
REQUIREMENT_ID = re.compile(r"(?:N?FR|RF|RNF|REQ|R|BR|UR|SR|SRS)[-_.]?(?:[A-Z]{1,8}[-_.]?)?\d", re.IGNORECASE)


def is_of_requirements(table: RawTable, spec: Spec, pattern: re.Pattern[str] = REQUIREMENT_ID) -> bool:
    """Whether the rows of a table have the ids of requirements, whose proof is in the criteria that a spec has."""
    ids = _list_ids(table)
    return bool(spec.criteria and ids) and 2 * len(ids) > len(table.rows) and all(map(pattern.match, ids))


def is_index(table: RawTable, spec: Spec, places: FilePlaces) -> bool:
    """Whether criteria elsewhere are those of the rows of a table: they have the same words, or name the same ids."""
    if not spec.criteria or not table.rows:
        return False
    known = {_fold(text) for criterion in spec.criteria for text in (criterion.text, criterion.name)} - {""}
    same = [any(_fold(cell.source) in known for cell in row.cells) for row in table.rows]
    return 2 * sum(same) > len(same) or _are_named(_list_ids(table), spec, places)


def _fold(text: str) -> str:
    """Return what two texts that say the same have in common."""
    return to_comparison_key(_MARKUP.sub("", text))


def _list_ids(table: RawTable) -> list[str]:
    """List the ids in the first columns of a table."""
    return [match["id"] for row in table.rows for cell in row.cells[:2] if (match := _ID.fullmatch(cell.source))]


def _are_named(ids: list[str], spec: Spec, places: FilePlaces) -> bool:
    """Whether criteria are under headings with most of these ids, or name them."""
    headings = (path.headings[-1] for _, path in places.paths if path.headings)
    words = [heading.text for heading in headings if heading.offset in places.owners]
    words += [
        f"{criterion.group} {criterion.text} {criterion.name} {criterion.given_id}" for criterion in spec.criteria
    ]
    text = " ".join(words)
    found = [re.search(rf"(?<![\w-]){re.escape(known)}(?!\w)", text) is not None for known in ids]
    return 2 * sum(found) > len(found)
