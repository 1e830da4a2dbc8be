"""Find the items of criteria in the shapes that teams write them in, and the number of each.

An item is that of a list, with or without a box, or a line of a paragraph that begins with a number or a condition. Its
number is the one that its text begins with, such as `1.2`, `AC3:` or `**R1.2**`, or that of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from spec2bdd.domain.specs.dialects.reading import find_line_offset, match_box
from spec2bdd.domain.specs.markdown.blocks import Block, Item, MarkdownList, Paragraph
from spec2bdd.domain.specs.markdown.task_list import is_task
from spec2bdd.text.source_file import SourceFile


class CriterionItem(NamedTuple):
    """An item: its first paragraph, the blocks below it, its number, and the length of that number in the paragraph.

    The number is empty where neither the list nor the text has one. Its length counts from the end of the box on.
    """

    paragraph: Paragraph
    blocks: tuple[Block, ...]
    number: str = ""
    lead: int = 0

    @property
    def source(self) -> str:
        """The inline Markdown of the text, without box and number."""
        return _find_text(self.paragraph)[self.lead :]


_LIST_NUMBER = re.compile(r"0*(\d{1,9})[.)]")
# The number that a text begins with. One without a dot in it needs a sign: "3 items" is a text.
_NUMBER = re.compile(
    r"""
    (?P<mark>\*\*|__|`)?
    (?P<bracket>[\[(])?
    (?:
        (?:(?:AC|REQ|R|US|FR|Criterion|Scenario)[ #._-]?)?(?P<dotted>\d{1,3}(?:\.(?:AC-?)?\d{1,3})+[a-z]?)
      | (?:AC|Criterion|Scenario|Scenario[ ]AC)[ #._-]?(?P<counted>\d{1,3}[a-z]?)
      | (?P<plain>\d{1,3})(?=[.)]|\*\*|__)
    )
    (?(bracket)[\])])
    (?:[.):\uff1a]|[ ][-\u2013\u2014](?=[ ]))?
    (?(mark)(?P=mark))
    [:\uff1a.]?
    (?:[ ][-\u2013\u2014|](?=[ ]))?
    [ \t\n]+(?=\S)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A requirement in one of the forms of EARS: its condition, or a `shall`.
_EARS = re.compile(
    r"""
    [*_`]*(?:WHEN|IF|WHILE|WHERE|GIVEN|[Ww]hen|[Ii]f|[Ww]hile|[Ww]here)\b.*\b(?:SHALL|shall|THEN|DEBE|DEVE)\b
    | .*\bSHALL\b
    | .*\b[Tt]he[ ](?:[\w-]+[ ]){1,6}shall\b
    """,
    re.DOTALL | re.VERBOSE,
)
# What begins an item of its own on a line of a paragraph, where the item before it is complete.
_CONDITION = re.compile(r"[*_`]*(?:WHEN|IF|WHILE|WHERE|GIVEN|THE)\b")


def find_items(file: SourceFile, block: Block) -> Iterator[CriterionItem]:
    """Find the items of criteria that a block holds: those of a list, or the lines of a paragraph."""
    match block:
        case MarkdownList():
            yield from _find_list_items(file, block)
        case Paragraph():
            yield from _find_lines(file, block)


def is_ears(source: str) -> bool:
    """Whether a text is a requirement in one of the forms of EARS."""
    return _EARS.match(source) is not None


def split_number(text: str) -> tuple[str, int]:
    """Split the number off the start of a text: the number, and how long it is in the text with all around it."""
    match = _NUMBER.match(text)
    if not match:
        return "", 0
    number = match["dotted"] or match["counted"] or match["plain"]
    return re.sub(r"(?i)AC-?", "", number), match.end()


def _find_lines(file: SourceFile, paragraph: Paragraph) -> Iterator[CriterionItem]:
    """Find the items in the lines of a paragraph; none if its first line does not look like one."""
    lines = paragraph.source.split("\n")
    starts: list[int] = []
    for index, line in enumerate(lines):
        before = "\n".join(lines[starts[-1] if starts else 0 : index])
        if split_number(line)[1] or (_CONDITION.match(line) and (not index or is_ears(before))):
            starts.append(index)
    if not starts or starts[0]:
        return
    for position, (start, end) in enumerate(pairwise([*starts, len(lines)]), 1):
        offset = find_line_offset(file, paragraph.offset, start)
        if start:
            # The source of a paragraph has no indentation.
            offset += len(file.text[offset:]) - len(file.text[offset:].lstrip(" \t"))
        part = Paragraph("\n".join(lines[start:end]), offset)
        number, lead = split_number(_find_text(part))
        yield CriterionItem(part, (), number or str(position), lead)


def _find_list_items(file: SourceFile, block: MarkdownList, *, above: str = "") -> Iterator[CriterionItem]:
    """Find the items of a list; `above` is the number of the item that the list is nested in."""
    numbers = [_LIST_NUMBER.match(file.text, item.offset) for item in block.items]
    # Markdown counts a list in which each item is written as `1.`.
    is_counted = len(numbers) > 1 and len({match[1] for match in numbers if match}) == 1
    for position, (item, match) in enumerate(zip(block.items, numbers, strict=True), 1):
        if item.paragraph is None:
            continue
        own, lead = split_number(_find_text(item.paragraph))
        number = own or (str(position) if is_counted or not match else match[1])
        if above and "." not in number:
            number = f"{above}.{number}"
        found = CriterionItem(item.paragraph, item.blocks[1:], number, lead)
        nested = [inner for inner in item.blocks[1:] if isinstance(inner, MarkdownList)]
        if _is_group(found, nested):
            for inner in nested:
                yield from _find_list_items(file, inner, above=number)
            continue
        yield found
        # What has a box is a criterion of its own, and not a note to the item that it is nested in.
        for inner in nested:
            tasks = MarkdownList(tuple(filter(is_task, inner.items)), inner.offset)
            yield from _find_list_items(file, tasks, above=number)


def _find_text(paragraph: Paragraph) -> str:
    """Find the text of an item after its box."""
    match = match_box(paragraph.source)
    return paragraph.source[match.end() :] if match else paragraph.source


def _is_group(item: CriterionItem, nested: Sequence[MarkdownList]) -> bool:
    """Whether an item only names the requirements that are nested in it."""
    if not nested or is_ears(item.source):
        return False
    inner: list[Item] = [inner for block in nested for inner in block.items]
    return all(inner.paragraph is not None and is_ears(_find_text(inner.paragraph)) for inner in inner)
