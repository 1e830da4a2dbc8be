"""Report tables that give demands a tier, as MoSCoW tables do, or have columns of steps, and that are not read.

Only what is surely a table of demands is reported: one with a column for each tier, or for When and Then, one of
sentences such as `WHEN ... THE SYSTEM SHALL ...`, or one whose rows name a tier and say in full words what must hold.
Legends, plans and counts of features by priority are not, nor are indexes of what is read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from spec2bdd.domain.specs.criteria.html_tables import find_html_tables
from spec2bdd.domain.specs.criteria.table_rows import RawTable, find_tables
from spec2bdd.domain.specs.criteria.tables import COMPARISON, GRADES
from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading, is_known_name
from spec2bdd.domain.specs.headings.heading_path import HeadingPath
from spec2bdd.domain.specs.headings.priorities import find_priority
from spec2bdd.domain.specs.unread.demands.indexes import FUNCTIONAL_ID, is_index, is_of_requirements
from spec2bdd.domain.specs.unread.file_places import FilePlaces, find_places
from spec2bdd.domain.specs.unread.headings import names_success
from spec2bdd.domain.specs.unread.places import LinePlace
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

_MARKUP = re.compile(r"[*_`]|<br\s*/?>", re.IGNORECASE)
# The column of the tier, and one that says what must hold.
_TIER_NAMES = frozenset({"priority", "tier", "moscow", "prio", "importance", "level", "category", "type", ""})
_DEMAND_NAMES = re.compile(
    r"(?:(?:functional|user|system|business|product) )?requirements?\b|criteri(?:on|a)\b|acceptance"
    r"|user stor(?:y|ies)\b"
)
# A column that says what a tier means, or what became of the demand.
_LEGEND_NAMES = re.compile(
    r"(?:meaning|definition|when to use|count|total|number|rationale|reason|why|impact|risk|owner|effort|status"
    r"|test|task|covered|evidence|verified|implemented|phase|sprint|estimate|gap|issue|finding|recommendation|bug)"
)
_DEMAND = re.compile(
    r"\b(?:must|shall|should|can|cannot|may|will|is|are|has|have|given|when|as an?|i want)\b", re.IGNORECASE
)
_EARS = re.compile(r"(?:WHEN|WHILE|IF|WHERE)\b.*\bSHALL\b")
_SHALL = re.compile(r"(?:\S+ ){1,8}SHALL (?:NOT )?\w")
_VERSUS = re.compile(r"\b(?:vs|versus)\b")
_LEAST_WORDS = 3
# `AC` and the like are the names of columns of ids.
_LONGEST_ID = 3


class TableShape(StrEnum):
    """What shows that a table has demands: tiers in its rows, one for each column, columns of steps or of criteria.

    `EARS` is a table of sentences such as `WHEN ... THE SYSTEM SHALL ...`, `SHALL` one of others that say so. `OTHER`
    is a table that is under a heading of criteria, and has sentences.
    """

    ROWS = "rows"
    COLUMNS = "columns"
    STEPS = "steps"
    CRITERIA = "criteria"
    EARS = "ears"
    SHALL = "shall"
    OTHER = "other"


_HINTS = {
    TableShape.ROWS: "call the column of the demands `Criterion`",
    TableShape.STEPS: "write a heading of criteria above it, such as `## Acceptance Criteria`",
    TableShape.CRITERIA: "write a heading of criteria above it, such as `## Acceptance Criteria`",
    TableShape.EARS: "call their column `Criterion`",
    TableShape.SHALL: "call their column `Criterion`",
    TableShape.COLUMNS: "write a heading for each tier, such as `### Must Have`, with a list under it",
    TableShape.OTHER: "write its rows as items of a list",
}
_MESSAGES = {
    TableShape.ROWS: "gives demands a tier, and is",
    TableShape.COLUMNS: "gives demands a tier, and is",
    TableShape.STEPS: "has columns of steps, and is",
    TableShape.CRITERIA: "has a column of criteria, and is",
    TableShape.EARS: "has demands in its rows, and is",
    TableShape.SHALL: "has demands in its rows, and is",
    TableShape.OTHER: "is",
}
_PLACES = frozenset({LinePlace.TABLE, LinePlace.TEXT})
_HTML_PLACES = frozenset({LinePlace.HTML, LinePlace.TEXT})
# The dialects that read tables wherever they are.
_WITH_TABLES = frozenset({"template", "headings"})


def report_demand_tables(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of each table of demands with tiers of which nothing was read, once under each heading."""
    html = [*find_html_tables(file.text)] if "<t" in file.text or "<T" in file.text else []
    tables: list[tuple[RawTable, TableShape, bool]] = []
    for table in (*find_tables(file.text, 0), *html):
        is_html = table in html
        may_be_other = is_html or dialect.name not in _WITH_TABLES
        if shape := find_shape(table, vocabulary) or (TableShape.OTHER if may_be_other else None):
            tables.append((table, shape, is_html))
    if not tables:
        return
    places = find_places(file, spec, dialect, vocabulary)
    taken = places.parts | places.reported.keys()
    seen: set[HeadingPath] = set()
    for table, shape, is_html in tables:
        first = file.find_place(table.header.offset)[0]
        path = places.find_path(table.header.offset)
        last = file.find_place(table.rows[-1].end)[0] if is_html and table.rows else first + len(table.rows) + 1
        is_read = not taken.isdisjoint(range(first - (not is_html), last + 1))
        is_visible = places.lines.get(file.places.find_start(first)) in (_HTML_PLACES if is_html else _PLACES)
        if is_read or path in seen or path.is_wont or not is_visible or places.find_other_use(path):
            continue
        if _is_something_else(file, places, spec, table, shape=shape, path=path):
            continue
        seen.add(path)
        where = f" under `{path.headings[-1].text}`" if path.headings else ""
        message = f"the table{where} {_MESSAGES[shape]} not read{': it is in HTML' if is_html else ''}"
        hint = _HINTS[shape] if dialect.name in _WITH_TABLES else "write its rows where the dialect has criteria"
        if is_html and dialect.name in _WITH_TABLES:
            hint = "write its rows as items under a heading of criteria: `- [ ] What must work`"
        hint += ", or put `<!-- spec2bdd: ignore unread-table -->` above"
        yield file.build_warning(table.header.offset, "unread-table", message=message, hint=hint)


def _is_something_else(
    file: SourceFile, places: FilePlaces, spec: Spec, table: RawTable, *, shape: TableShape, path: HeadingPath
) -> bool:
    """Whether a table that may have demands has something else, by its headings or by what is read elsewhere."""
    match shape:
        case TableShape.OTHER:
            is_success = any(names_success(heading.text) for heading in path.headings)
            return (
                not _is_of_criteria(file, places, table, path)
                or _is_data(file, places, spec, path)
                or (places.dialect.name not in _WITH_TABLES and is_success)
            )
        case TableShape.CRITERIA:
            return _is_comparison(path)
        case TableShape.ROWS | TableShape.SHALL:
            return is_index(table, spec, places) or is_of_requirements(table, spec)
        case TableShape.EARS:
            # Spec Kit has requirements besides its criteria.
            return spec.dialect == "spec-kit" and is_of_requirements(table, spec, FUNCTIONAL_ID)
        case _:
            return False


def find_shape(table: RawTable, vocabulary: HeadingVocabulary) -> TableShape | None:
    """Find out where a table has its tiers or steps; `None` if it is not surely one of demands."""
    names = [_read(cell.source) for cell in table.header.cells]
    rows = [[_read(cell.source) for cell in row.cells] for row in table.rows]
    if {"when", "then"} <= {name.casefold() for name in names}:
        return TableShape.STEPS if rows else None
    tiers = [index for index, name in enumerate(names) if _is_tier(name, vocabulary)]
    if len(tiers) > 1:
        # A matrix has only signs in its cells.
        cells = [row[index] for row in rows for index in tiers if index < len(row)]
        return TableShape.COLUMNS if any(len(cell.split()) >= _LEAST_WORDS for cell in cells) else None
    if any(_LEGEND_NAMES.match(name.casefold()) for name in names):
        return None
    for shape, least, pattern in ((TableShape.EARS, 1, _EARS), (TableShape.SHALL, 2, _SHALL)):
        if (count := sum(any(map(pattern.match, row)) for row in rows)) >= least and 2 * count > len(rows):
            return shape
    if not any(GRADES.match(name.casefold()) for name in names) and _has_criteria(rows, names, vocabulary):
        return TableShape.CRITERIA
    for column, name in enumerate(names):
        named = [row for row in rows if column < len(row) and _names_tier(row[column], name, vocabulary)]
        if name.casefold() in _TIER_NAMES and len(named) > 1 and 2 * len(named) > len(rows):
            return TableShape.ROWS if _has_demands(named, names, column) else None
    return None


def _has_criteria(rows: Sequence[Sequence[str]], names: Sequence[str], vocabulary: HeadingVocabulary) -> bool:
    """Whether a column is called by the name of criteria, in more than one word, and has sentences."""
    columns = [
        column
        for column, name in enumerate(names)
        if len(name) > _LONGEST_ID
        and is_known_name(name, vocabulary)
        and classify_heading(name, vocabulary) is HeadingKind.CRITERIA
    ]
    return any(len(row[column].split()) >= _LEAST_WORDS for column in columns for row in rows if column < len(row))


def _is_comparison(path: HeadingPath) -> bool:
    """Whether a heading of a path says that what is under it is compared by criteria."""
    titles = [heading.text.casefold() for heading in path.headings]
    return any(COMPARISON.search(title) or _VERSUS.search(title) for title in titles)


def _is_of_criteria(file: SourceFile, places: FilePlaces, table: RawTable, path: HeadingPath) -> bool:
    """Whether a table under the headings of a path is at the left margin, among criteria, and has sentences."""
    line_start = file.places.find_start(file.find_place(table.header.offset)[0])
    own_line = file.find_place(path.headings[-1].offset)[0] if path.headings else 0
    # A heading may be the scenario itself, with a table of data.
    if file.text[line_start] in " \t>" or own_line in places.parts or not places.is_among_criteria(path):
        return False
    return any(len(_read(cell.source).split()) >= _LEAST_WORDS for row in table.rows for cell in row.cells)


def _is_data(file: SourceFile, places: FilePlaces, spec: Spec, path: HeadingPath) -> bool:
    """Whether a table belongs to the text of a requirement that has its criteria elsewhere, and is read."""
    if path.owner is not None:
        return False
    own = next((heading for heading in path.headings if places.criteria_heading.match(heading.text)), None)
    paths = (places.find_path(file.places.find_start(criterion.line)) for criterion in spec.criteria)
    return any(own in found.headings for found in paths)


def _has_demands(rows: Sequence[Sequence[str]], names: Sequence[str], tier: int) -> bool:
    """Whether another column of the rows than that of the tier has demands: it says so, or most cells do."""
    for column, name in enumerate(names):
        cells = [row[column] for row in rows if column < len(row) and column != tier]
        whole = [cell for cell in cells if len(cell.split()) >= _LEAST_WORDS and not cell[0].isdigit()]
        is_called = _DEMAND_NAMES.match(name.casefold()) is not None
        demands = [cell for cell in whole if is_called or _DEMAND.search(cell)]
        if cells and 2 * len(demands) > len(cells):
            return True
    return False


def _read(source: str) -> str:
    """Read a cell without its markup."""
    return " ".join(_MARKUP.sub(" ", source).split())


def _is_tier(cell: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether a cell is the name of a tier."""
    kind = classify_heading(cell, vocabulary) if cell else None
    return kind is not None and kind.tier is not None


def _names_tier(cell: str, header: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether a cell names a tier, or a priority in a column of priorities."""
    if _is_tier(cell, vocabulary):
        return True
    priority = find_priority(cell) if header.casefold() in ("priority", "prio", "moscow") else None
    return priority is not None and priority.level is not None
