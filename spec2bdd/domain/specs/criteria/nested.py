"""Collect the bullets, code blocks and tables under a criterion, in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spec2bdd.domain.specs.criteria.progress_notes import strip_leading_progress
from spec2bdd.domain.specs.markdown.blocks import Block, Code, Item, Links, MarkdownList, Paragraph, Table
from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.markdown.task_list import is_task
from spec2bdd.model import NestedBlock, NestedBlockKind
from spec2bdd.text.source_file import SourceFile

# The line under the header of a table, such as `|---|:-:|`, and the bar between two cells.
_DELIMITER_ROW = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_BAR = re.compile(r"(?<!\\)\|")
# A line that is a step, perhaps with a bold keyword. Only a capital sets it off from the words of a sentence.
_STEP_ROW = re.compile(r"[*_]{0,3}(Given|When|Then|And|But|GIVEN|WHEN|THEN|AND|BUT)\b[*_:]{0,4}\s+\S")
# The names of blocks that may be Gherkin, or any other text.
_PLAIN_INFOS = frozenset({"", "bdd", "text", "txt", "plain", "plaintext"})
# A keyword that has a line of its own.
_BARE_ROW = re.compile(r"[*_]{0,3}(Given|When|Then|And|But|GIVEN|WHEN|THEN|AND|BUT)[*_]{0,3}:?[*_]{0,3}\s*")


def find_nested_blocks(
    file: SourceFile, blocks: Sequence[Block], *, links: Links, depth: int = 0, above: Paragraph | None = None
) -> Iterator[NestedBlock]:
    """Find what is nested under a criterion; an item with a box is a criterion itself, and left out with all in it.

    `above` is the text of the item that the blocks are in, if it is not the criterion.

    Raises:
        RecursionError: emphasis or links are nested too deeply to be parsed.
    """
    has_steps = depth == 0 and _has_outcome(blocks)
    for before, block in zip([above, *blocks], blocks, strict=False):
        match block:
            case Paragraph():
                yield from _convert_paragraph(
                    file, block, links, depth=depth, has_steps=has_steps or _continues_steps(before, block)
                )
            case MarkdownList():
                for item in block.items:
                    if not is_task(item):
                        yield from _find_in_item(file, item, links=links, depth=depth)
            case Code():
                yield _convert_code(file, block, depth=depth)
            case Table():
                line, _ = file.find_place(block.offset)
                yield convert_table(block.rows, links, depth=depth, line=line)


def _find_in_item(file: SourceFile, item: Item, *, links: Links, depth: int) -> Iterator[NestedBlock]:
    """Find what an item of a list is and holds: its text, a table in it, and the blocks under it."""
    nested = item.blocks
    if item.paragraph:
        line, _ = file.find_place(item.paragraph.offset)
        text, rows = split_table(item.paragraph.source)
        yield NestedBlock(NestedBlockKind.BULLET, _read_bullet(text, links), depth=depth, line=line)
        if rows:
            yield convert_table(rows, links, depth=depth + 1, line=line + text.count("\n") + 1)
        nested = item.blocks[1:]
    yield from find_nested_blocks(file, nested, links=links, depth=depth + 1, above=item.paragraph)


def split_steps(source: str) -> tuple[str, list[tuple[int, str]]]:
    """Split the source of a task into its text and the steps in the lines under it, each with the number of its line.

    There are none if the first line is a step, for then all lines are one sentence, and without a `Then`.
    """
    rows = source.split("\n")
    starts = [number for number, row in enumerate(rows) if (match := _STEP_ROW.match(row)) and match[1][0] in "GW"]
    if not starts or not starts[0]:
        return source, []
    steps = split_step_rows(rows[starts[0] :])
    if not any(text.lstrip("*_")[:4].lower() == "then" for _, text in steps):
        return source, []
    return "\n".join(rows[: starts[0]]), [(starts[0] + number, text) for number, text in steps]


def convert_steps(steps: Sequence[tuple[int, str]], links: Links, *, line: int) -> Iterator[NestedBlock]:
    """Convert steps with the numbers of their lines, which count from `line`, to what bullets would be."""
    for number, text in steps:
        yield NestedBlock(NestedBlockKind.BULLET, parse_inline(text, links).text, line=line + number)


def split_step_rows(rows: Sequence[str]) -> list[tuple[int, str]]:
    """Split rows into steps, each with the number of its first row; others continue the step above them."""
    steps: list[tuple[int, str]] = []
    for number, row in enumerate(rows):
        if _STEP_ROW.match(row):
            steps.append((number, row))
        elif steps:
            steps[-1] = steps[-1][0], f"{steps[-1][1]}\n{row}"
    return steps


def _has_outcome(blocks: Sequence[Block]) -> bool:
    """Whether a line of the paragraphs is a `Then`."""
    rows = (row for block in blocks if isinstance(block, Paragraph) for row in block.source.split("\n"))
    return any((match := _STEP_ROW.match(row)) and match[1].lower() == "then" for row in rows)


def _convert_paragraph(
    file: SourceFile, block: Paragraph, links: Links, *, depth: int, has_steps: bool
) -> Iterator[NestedBlock]:
    """Convert a paragraph that has steps, or that is a keyword alone: then the list under it has the steps."""
    line, _ = file.find_place(block.offset)
    if bare := _BARE_ROW.fullmatch(block.source):
        yield NestedBlock(NestedBlockKind.BULLET, bare[1], depth=depth - 1, line=line)
    elif has_steps:
        yield from convert_steps(split_step_rows(block.source.split("\n")), links, line=line)


def _read_bullet(source: str, links: Links) -> str:
    """Read the words of a bullet; a sign of progress may be set before a step."""
    words = parse_inline(source, links).text
    step = strip_leading_progress(words)
    return step if _STEP_ROW.match(step) else words


def _convert_code(file: SourceFile, block: Code, *, depth: int) -> NestedBlock:
    """Convert a block of code; without a name, or with one that says nothing, it is Gherkin if it is only steps."""
    text = block.source.removesuffix("\n")
    is_gherkin = depth == 0 and block.info.lower() in _PLAIN_INFOS and _is_gherkin(text)
    line, _ = file.find_place(block.offset)
    return NestedBlock(NestedBlockKind.CODE, text, "gherkin" if is_gherkin else block.info, depth=depth, line=line)


def _continues_steps(before: Block | None, paragraph: Paragraph) -> bool:
    """Whether a paragraph after a step, or after a list of them, goes on with `Then`, `And` or `But`."""
    match = _STEP_ROW.match(paragraph.source)
    if match is None or match[1].lower() not in ("then", "and", "but"):
        return False
    last = before.items[-1].paragraph if isinstance(before, MarkdownList) else before
    return isinstance(last, Paragraph) and _STEP_ROW.match(last.source) is not None


def _is_gherkin(text: str) -> bool:
    """Whether a block of code is nothing but a scenario: it begins like one, and one of its lines is a `Then`."""
    rows = [row.strip() for row in text.split("\n") if row.strip()]
    starts = ("Given ", "When ", "Scenario:", "Scenario Outline:")
    return bool(rows) and rows[0].startswith(starts) and any(row.startswith("Then ") for row in rows)


def convert_table(rows: Sequence[Sequence[str]], links: Links, *, depth: int, line: int) -> NestedBlock:
    """Convert the cells of a table to clean text."""
    cells = tuple(tuple(parse_inline(cell, links).text for cell in row) for row in rows)
    return NestedBlock(NestedBlockKind.TABLE, rows=cells, depth=depth, line=line)


def split_table(source: str) -> tuple[str, list[list[str]]]:
    """Split a paragraph into its text and the cells of the table at its end, if there is one.

    On GitHub a table needs no blank line before it; marko 2.2.4 makes it part of the paragraph.
    """
    lines = source.rstrip("\n").split("\n")
    # The first line is the text of the item, and the header comes before the delimiter row.
    delimiter = next((number for number, line in enumerate(lines) if number > 1 and _DELIMITER_ROW.fullmatch(line)), 0)
    if not delimiter:
        return source, []
    rows = [_split_row(line) for line in (lines[delimiter - 1], *lines[delimiter + 1 :])]
    width = len(_split_row(lines[delimiter]))
    # Rows of unequal length are no table.
    if any(len(row) != width for row in rows):
        return source, []
    return "\n".join(lines[: delimiter - 1]), rows


def _split_row(line: str) -> list[str]:
    """Split one line of a table into its cells."""
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())[1:-1]]
