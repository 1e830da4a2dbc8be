"""Read the criteria that a spec has in tables: one for each row, in the column that is called so.

A cell may hold several, each with a box of its own: `- [ ] The first<br>- [ ] The second`. The column `ID` identifies
them, and a column such as `Priority` gives their tier. The columns Given, When and Then are the steps of one criterion.
A checkbox in a column such as `Status` is the box of its row.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache
from itertools import pairwise

from spec2bdd.domain.editing.mark_edits import find_comment_box
from spec2bdd.domain.specs.criteria.annotations import parse_annotations
from spec2bdd.domain.specs.criteria.criteria import check_item_text
from spec2bdd.domain.specs.criteria.state_cells import STATE_NAMES, find_state_box
from spec2bdd.domain.specs.criteria.table_rows import Cell, RawTable, TableRow, find_tables
from spec2bdd.domain.specs.dialects.protocol import ReadingOptions
from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading
from spec2bdd.domain.specs.headings.heading_path import HeadingPath, find_tier, is_criteria_section
from spec2bdd.domain.specs.headings.priorities import choose_tier, find_priority
from spec2bdd.domain.specs.markdown.blocks import Links
from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.markdown.inline_text import InlineText
from spec2bdd.domain.specs.unread.places import LinePlace, place_lines
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary, render_mark_class
from spec2bdd.model import Box, Criterion, Diagnostic, Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_comparison_key, to_single_line
from spec2bdd.text.source_file import SourceFile

_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# What a part of a cell begins with: a bullet, a box, or both.
_BULLET = re.compile(rf"[ \t]*(?:[-*+\u2022][ \t]+)?(?:\[{render_mark_class()}\][ \t]+)?")
# The names of columns besides those that are headings of criteria as well.
_CRITERION_NAMES = frozenset(
    {
        "criterion",
        "criteria",
        "ac",
        "acs",
        "kriterium",
        "crit\u00e8re",
        "criterio",
        "crit\u00e9rio",
        "\u57fa\u51c6",
        "\u57fa\u6e96",
    }
)
# The same where the heading above the table says that its rows are criteria, and another column has their ids.
_STATEMENT_NAMES = (
    "statement",
    "description",
    "condition",
    "expectation",
    "expected outcome",
    "expected result",
    "expected behavior",
    "behavior",
    "observable success",
    "acceptance test",
    "requirement",
)
_ID_NAMES = frozenset({"id", "#", "no", "no.", "nr", "nr.", "ref", "key", "ac", "ac id", "ac #", "ac#"})
_TIER_NAMES = frozenset({"priority", "tier", "moscow", "prio", "importance"})
_LABEL_NAMES = frozenset({"feature", "scenario", "name", "title", "story", "area", "component", "requirement", "case"})
_STEP_NAMES = ("given", "when", "then")
# What a table compares or grades by criteria, which are no demands then: a column or the heading above says so.
GRADES = re.compile(
    r"(?:scores?|weight(?:ing)?|rating|rank|grade|observations?|meaning|pros|cons|winner)\b"
    r"|(?:option|alternative|candidate|variant|approach)\b|[a-z][:.)]\s",
)
COMPARISON = re.compile(
    r"\b(?:evaluation|comparison|compared|trade-?offs?|alternatives|options|scor(?:e|ing)|matrix)\b"
)
# The cell of a table that only refers to criteria: an id, a number, or several of them. Its quantifiers are possessive
# and never backtrack, because a cell may begin with a long number or a digest.
_REFERENCE = re.compile(r"(?:[A-Za-z]{0,8}[-_.#]?\d++(?:\.\d++)*+[a-z]?+(?:\s*[,;\u2013-]\s*)?+)*+")
_REFERRING = re.compile(r"\b(?:acs?|criteri(?:a|on))\b", re.IGNORECASE)
_GIVEN_ID = re.compile(r"[A-Za-z][\w.-]*\d[\w.-]*")


@dataclass(frozen=True, slots=True)
class TableReading:
    """The criteria in the tables of a spec, what is wrong with them, and the offset of each box that was read."""

    criteria: tuple[Criterion, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    boxes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column of a table holds what; -1 for a column that is not there. The delimiter row has the `widths`."""

    criterion: int
    id: int = -1
    tier: int = -1
    label: int = -1
    state: int = -1
    widths: Mapping[int, int] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _TableReader:
    """Reads the tables of one spec, and gathers what it finds."""

    file: SourceFile
    links: Links
    options: ReadingOptions
    criteria: list[Criterion] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def report_unread(self, offset: int, message: str, hint: str) -> None:
        """Report a table or a part of it that is not read."""
        hint = f"{hint}, or put `<!-- spec2bdd: ignore unread-table -->` above"
        self.diagnostics.append(self.file.build_warning(offset, "unread-table", message=message, hint=hint))

    def read_table(self, columns: _Columns, table: RawTable, *, tier: Tier, group: str) -> None:
        """Add the criteria of all rows, and report what is in none of its columns."""
        width = len(table.header.cells)
        for row in table.rows:
            if len(row.cells) > max(columns.criterion, *columns.steps.values(), -1):
                self.read_row(columns, row, tier=tier, group=group)
            elif any(cell.source for cell in row.cells):
                self.report_unread(
                    row.offset, "this row is not read: it has no cell for the criterion", "add the missing cells"
                )
            in_code = any(cell.source.count("`") % 2 for cell in row.cells)
            if in_code or any(cell.source for cell in row.cells[width:]):
                message = f"this row has {len(row.cells)} cells, and the table {width}: the others are not read"
                message = "a bar ends a cell, also within code" if in_code else message
                self.report_unread(row.offset, message, "write a bar within a cell as `\\|`")
        if table.stray is not None:
            message = "this row is not read: it is not part of the table above"
            self.report_unread(table.stray, message, "remove what is between them, and its indentation")

    def read_row(self, columns: _Columns, row: TableRow, *, tier: Tier, group: str) -> None:
        """Add the criteria of one row."""
        cells, end = row.cells, row.end
        label = self._read(cells, columns.label)
        if columns.steps:
            words = {name: self._read(cells, index) for name, index in columns.steps.items()}
            text = ", ".join(f"{name.capitalize()} {text}" for name, text in words.items() if text)
            first = cells[min(columns.steps.values())]
            self._add(columns, cells, text, first.offset, tier=tier, end=end, group=group, name=label)
            return
        cell = cells[columns.criterion]
        if not cell.source or _REFERENCE.fullmatch(cell.source.strip("*_` ")):
            return
        parts = list(_split_parts(cell))
        # Several criteria of one row cannot share a mark.
        columns = columns if len(parts) == 1 else replace(columns, state=-1)
        for part, offset, box in parts:
            text = parse_inline(part, self.links).text if label else part
            text = f"{label}: {text}" if label else text
            self._add(columns, cells, text, offset, tier=tier, end=end, group=group, box=box)

    def _add(
        self,
        columns: _Columns,
        cells: Sequence[Cell],
        source: str,
        offset: int,
        *,
        tier: Tier,
        end: int,
        group: str,
        name: str = "",
        box: Box | None = None,
    ) -> None:
        """Add one criterion, or report why it is none."""
        # A bar in a cell has to be escaped, also in code.
        inline = parse_inline(source.replace("\\|", "|"), self.links)
        annotated = parse_annotations(inline)
        if diagnostic := check_item_text(self.file, offset, inline, annotated.text):
            self.diagnostics.append(diagnostic)
            return
        line, column = self.file.find_place(box.offset - 1 if box else offset)
        written_tier = _find_tier(self._read(cells, columns.tier))
        own_id = self._read(cells, columns.id)
        is_given = _GIVEN_ID.fullmatch(own_id) is not None
        row_start = cells[0].span[0]
        if not box and 0 <= columns.state < len(cells):
            state, width = cells[columns.state], columns.widths.get(columns.state, 0)
            box = find_state_box(self.file.text, *state.span, column_width=width, words=self.options.state_cells)
        self.criteria.append(
            Criterion(
                tier=written_tier or tier,
                text=to_single_line(annotated.text),
                box=box or find_comment_box(self.file.text[row_start:end], row_start),
                line=line,
                column=column,
                given_id=annotated.given_id or (own_id if is_given else ""),
                group=group,
                manual=annotated.manual,
                waived=annotated.waived,
                name=name,
                number="" if is_given else own_id,
                start=offset,
            )
        )

    def _read(self, cells: Sequence[Cell], index: int) -> str:
        """Read the words of a cell; nothing if there is no such column."""
        if not 0 <= index < len(cells):
            return ""
        inline: InlineText = parse_inline(cells[index].source, self.links)
        return to_single_line(inline.text)


def read_tables(
    file: SourceFile,
    start: int,
    paths: Sequence[tuple[int, HeadingPath]],
    *,
    links: Links,
    options: ReadingOptions,
    known: Sequence[Criterion],
) -> TableReading:
    """Read the tables of criteria from offset `start` on; `paths` has the headings above each part of the file.

    A row that says the same as one of the `known` criteria is a summary of it, and is left out.
    """
    offsets = [offset for offset, _ in paths]
    tables: list[tuple[RawTable, HeadingPath]] = []
    for table in find_tables(file.text, start):
        index = bisect_right(offsets, table.header.offset) - 1
        path = paths[index][1] if index >= 0 else HeadingPath()
        if path.owner is None or is_criteria_section(path):
            tables.append((table, path))
    if not tables:
        return TableReading()
    reader = _TableReader(file, links, options)
    places: dict[int, LinePlace] = {}
    for table, path in tables:
        first = table.header.offset
        line_start = max(file.text.rfind(sign, 0, first) for sign in "\r\n") + 1
        columns = _find_columns([cell.source for cell in table.header.cells], path, options.vocabulary)
        # Most tables are about something else, and where a table is takes a look at all lines above.
        if columns is None and not is_criteria_section(path):
            continue
        if _ITEM.match(file.text, line_start) or _ITEM.match(_find_line_above(file.text, line_start)):
            continue
        # What is under the last table says nothing about the lines above.
        lines = () if places else place_lines(file.text[: tables[-1][0].delimiter.end], start)
        places |= {line.offset: line.place for line in lines}
        if places.get(line_start) not in (LinePlace.TABLE, LinePlace.TEXT):
            continue
        if columns is None:
            # Another rule reports a table right under a list.
            is_below_list = _ITEM.match(_find_line_above(file.text, line_start, blank=True))
            if not is_below_list and not _maps_criteria(table):
                message = f"the table under `{path.headings[-1].text}` is not read: no column is called `Criterion`"
                reader.report_unread(first, message, "rename the column that has the criteria")
            continue
        widths = {index: cell.span[1] - cell.span[0] for index, cell in enumerate(table.delimiter.cells)}
        columns = replace(columns, widths=widths)
        tier = find_tier(path, 1) or Tier.MUST
        group = path.headings[-1].text if len(path.headings) > 1 else ""
        reader.read_table(columns, table, tier=tier, group=group)
    keys = {to_comparison_key(criterion.text) for criterion in known if reader.criteria}
    criteria = tuple(found for found in reader.criteria if to_comparison_key(found.text) not in keys)
    boxes = frozenset(criterion.box.offset - 1 for criterion in criteria)
    return TableReading(criteria, tuple(reader.diagnostics), boxes)


def _find_line_above(text: str, offset: int, *, blank: bool = False) -> str:
    """Find the line above the one that begins at an offset; with `blank`, the nearest one that is not blank."""
    end = offset
    while end > 0:
        start = text.rfind("\n", 0, end - 1) + 1
        line = text[start : end - 1]
        if line.strip() or not blank:
            return line
        end = start
    return ""


def _maps_criteria(table: RawTable) -> bool:
    """Whether a column of criteria only refers to them: the table says what they belong to, as `FR | AC IDs` does."""
    names = [cell.source for cell in table.header.cells]
    cells = [
        [row.cells[index].source.strip("*_` ") for row in table.rows if index < len(row.cells)]
        for index, name in enumerate(names)
        if _REFERRING.search(name)
    ]
    return any(any(column) and all(map(_REFERENCE.fullmatch, column)) for column in cells)


def _find_columns(header: Sequence[str], path: HeadingPath, vocabulary: HeadingVocabulary) -> _Columns | None:
    """Find the columns of a table; `None` if it holds no criteria."""
    names = [re.sub(r"[*_`]", "", cell).strip().casefold() for cell in header]
    steps = {name: names.index(name) for name in _STEP_NAMES if name in names}
    ids = [index for index, name in enumerate(names) if name in _ID_NAMES]
    tiers = [index for index, name in enumerate(names) if name in _TIER_NAMES]
    labels = [index for index, name in enumerate(names) if name in _LABEL_NAMES]
    criteria = [
        index
        for index, name in enumerate(names)
        if name in _CRITERION_NAMES or (name and _classify_name(name, vocabulary) is HeadingKind.CRITERIA)
    ]
    # `AC` is a column of criteria only where no other column is. A table with evidence is a report.
    is_report = any("evidence" in name for name in names)
    if is_criteria_section(path) and ids and not is_report and not set(criteria) - set(ids):
        criteria = [names.index(name) for name in _STATEMENT_NAMES if name in names] or criteria
        labels = [index for index in labels if index not in criteria[:1]]
    criteria = [index for index in criteria if index not in ids] or criteria
    if {"when", "then"} <= steps.keys() and (criteria or is_criteria_section(path)):
        criterion = steps["then"]
    elif criteria:
        criterion, steps = criteria[0], {}
    else:
        return None
    others = [index for index in ids if index != criterion]
    states = [index for index, name in enumerate(names) if name.rstrip("?") in STATE_NAMES and index != criterion]
    # A comparison may have a column `Acceptance Criteria`, too.
    heading = path.headings[-1].text.casefold() if path.headings else ""
    is_compared = COMPARISON.search(heading) is not None or any(map(GRADES.match, names))
    is_certain = is_criteria_section(path) or bool(steps)
    is_certain = is_certain or (names[criterion] in _CRITERION_NAMES and not is_compared)
    if not (is_certain or others or tiers or labels):
        return None
    return _Columns(
        criterion,
        id=others[0] if others else -1,
        tier=tiers[0] if tiers else -1,
        label=labels[0] if labels else -1,
        state=states[0] if states else -1,
        steps=steps,
    )


@lru_cache(maxsize=1024)
def _find_tier(words: str) -> Tier | None:
    """Find the tier that a cell names, as `Should` or `P1`."""
    if priority := find_priority(words):
        return choose_tier(priority, scale_start=1)
    kind = classify_heading(words) if words else None
    return kind.tier if kind else None


@lru_cache(maxsize=1024)
def _classify_name(name: str, vocabulary: HeadingVocabulary) -> HeadingKind | None:
    """Classify the name of a column as if it were a heading; most occur in many tables of a project."""
    return classify_heading(name, vocabulary)


def _split_parts(cell: Cell) -> Iterator[tuple[str, int, Box | None]]:
    """Split a cell into its parts, each with its offset and its box, if it has one; a cell without bullets is one."""
    breaks = [(0, 0), *(match.span() for match in _BREAK.finditer(cell.source)), (len(cell.source), 0)]
    parts = [(start[1], end[0]) for start, end in pairwise(breaks)]
    bullets = [_BULLET.match(cell.source, start) for start, _ in parts]
    if not any(bullet and bullet[0].strip() for bullet in bullets):
        yield _BREAK.sub(" ", cell.source), cell.offset, None
        return
    for bullet, (_, end) in zip(bullets, parts, strict=True):
        begin = bullet.end() if bullet else 0
        text = cell.source[begin:end].strip()
        if not text:
            continue
        bracket = bullet[0].find("[") if bullet else -1
        box = None
        if bullet and bracket >= 0:
            box = Box(bullet[0][bracket + 1], cell.offset + bullet.start() + bracket + 1)
        yield text, cell.offset + begin, box
