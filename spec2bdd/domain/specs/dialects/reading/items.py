"""Find the items of criteria in the shapes that teams write them in, and the number of each.

An item is that of a list, with or without a box, or a line of a paragraph that begins with a number or a condition. Its
number is the one that its text begins with, such as `1.2`, `AC3:` or `**R1.2**`, or that of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from spec2bdd.domain.gherkin.grammar.keywords import KINDS, LANGUAGES, list_sentence_words
from spec2bdd.domain.specs.dialects.reading.spec_builder import match_box
from spec2bdd.domain.specs.markdown.blocks import Block, Heading, Item, MarkdownList, Paragraph
from spec2bdd.domain.specs.markdown.paragraph_rows import split_rows
from spec2bdd.domain.specs.markdown.task_list import is_task
from spec2bdd.domain.specs.vocabulary import render_choice
from spec2bdd.text.source_file import SourceFile


class CriterionItem(NamedTuple):
    """An item: its first paragraph, the blocks under it, its number, and the length of that number in the paragraph.

    The length counts from the end of the box on. `is_whole` is set for a number such as `1.2`, which counts in the
    whole file and not in one list. `steps` are the texts of the items of a list that are the steps of one
    scenario together.
    """

    paragraph: Paragraph
    blocks: tuple[Block, ...]
    number: str
    lead: int = 0
    is_whole: bool = False
    steps: tuple[str, ...] = ()

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
      | (?P<plain>\d{1,3})(?=[.)\uff09\uff0e\u3001]|\*\*|__)
    )
    (?(bracket)[\])])
    (?:[.):\uff1a\uff09\uff0e\u3001]|[ ][-\u2013\u2014](?=[ ]))?
    (?(mark)(?P=mark))
    [:\uff1a.]?
    (?:[ ][-\u2013\u2014|](?=[ ]))?
    # A blank may be missing after full-width punctuation, and before a keyword of EARS.
    (?:[ \t\n]+(?=\S)|(?<=[\uff1a\uff09\uff0e\u3001])(?=\S)|(?<=[.)])(?-i:(?=(?:WHEN|IF|WHILE|WHERE|GIVEN|THE)\b)))
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
# The kinds of the words that steps begin with, in any language.
_STEP_KINDS = {
    word.casefold(): kind for code in LANGUAGES for kind in KINDS for word in list_sentence_words(code, kind)
}
_STEP = re.compile(rf"[*_]{{0,3}}({render_choice(_STEP_KINDS)})(?:[*_]{{2,3}}|[:,])?(?=[\s:,\uff0c*])", re.IGNORECASE)
_THEN = re.compile(
    rf"(?:\*\*|\b)(?:{render_choice(word for word, kind in _STEP_KINDS.items() if kind == 'then')})(?:\*\*|\b)",
    re.IGNORECASE,
)
# What begins an item of its own on a line of a paragraph, where the item before it is complete.
_CONDITION = re.compile(r"[*_`]*(?:WHEN|IF|WHILE|WHERE|GIVEN|THE)\b")


# The start of a line that may belong to a criterion, or to the label of criteria.
_SIGN = re.compile(r"\n[ \t]*(?:[-+*_`\[|<>~]|\d|AC|WHEN|IF|WHILE|WHERE|GIVEN|[^\r\n]{0,60}[:\uff1a][ \t]*[\r\n])")
_NEXT_HEADING = re.compile(r"\n#{1,6}[ \t]")


def may_have_items(text: str, heading: Heading) -> bool:
    """Whether the lines under a heading may have criteria or their label in them, and not only prose."""
    if "\n" not in text:
        # All lines end in CR.
        return True
    end = _NEXT_HEADING.search(text, heading.offset)
    return _SIGN.search(text, heading.offset, end.start() if end else len(text)) is not None


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


def find_step_kind(source: str) -> str:
    """Find the kind of step that a text begins as; nothing if it does not begin with the word for one."""
    match = _STEP.match(source)
    return _STEP_KINDS[match[1].casefold()] if match else ""


def is_condition(source: str) -> bool:
    """Whether a text begins with a keyword of EARS in capitals."""
    return _CONDITION.match(source) is not None


def attach_list(file: SourceFile, items: list[CriterionItem], block: Block | None) -> bool:
    """Attach a list to the last of the lines above it, and return whether it belongs to it.

    It does if it is indented, or if a colon announces it, and has no criteria itself.
    """
    if not items or not isinstance(block, MarkdownList):
        return False
    if len(items) == 1 and has_steps((block,)) and not find_step_kind(items[0].source) and not is_ears(items[0].source):
        # The line is the title of the steps.
        items[-1] = items[-1]._replace(blocks=(block,))
        return True
    sources = [item.paragraph.source for item in block.items if item.paragraph]
    is_announced = items[-1].source.rstrip("*_ ").endswith((":", "\uff1a")) or file.text[block.offset - 1] in " \t"
    if not is_announced or any(is_ears(source) or split_number(source)[1] for source in sources):
        return False
    items[-1] = items[-1]._replace(blocks=(block,))
    return True


def has_steps(blocks: Sequence[Block]) -> bool:
    """Whether the blocks under an item begin with a list of the steps of a scenario."""
    first = blocks[0] if blocks else None
    paragraph = first.items[0].paragraph if isinstance(first, MarkdownList) else None
    return paragraph is not None and find_step_kind(paragraph.source) in ("given", "when")


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
        bold = line.startswith("**") and find_step_kind(line) in ("given", "when")
        is_complete = not index or is_ears(before) or _THEN.search(before) is not None
        if split_number(line)[1] or ((bold or is_condition(line)) and is_complete):
            starts.append(index)
    if not starts or starts[0]:
        return
    rows = split_rows(file, paragraph)
    for position, (start, end) in enumerate(pairwise([*starts, len(lines)]), 1):
        part = Paragraph("\n".join(lines[start:end]), rows[start].offset)
        number, lead = split_number(_find_text(part))
        yield CriterionItem(part, (), number or str(position), lead, "." in number)


def _find_list_items(file: SourceFile, block: MarkdownList, *, above: str = "") -> Iterator[CriterionItem]:
    """Find the items of a list; `above` is the number of the item that the list is nested in."""
    block = block._replace(items=tuple(item.unwrap() for item in block.items))
    if scenarios := _group_steps(block):
        yield from scenarios
        return
    numbers = [_LIST_NUMBER.match(file.text, item.offset) for item in block.items]
    # Markdown counts a list in which each item is written as `1.`.
    is_counted = len(numbers) > 1 and len({match[1] for match in numbers if match}) == 1
    for position, (item, match) in enumerate(zip(block.items, numbers, strict=True), 1):
        if item.paragraph is None:
            continue
        own, lead = split_number(_find_text(item.paragraph))
        number = own or (str(position) if is_counted or not match else match[1])
        is_whole = "." in own
        if above and not is_whole:
            number = f"{above}.{number}"
        below = tuple(_drop_boxes(inner) if _is_steps(inner) else inner for inner in item.blocks[1:])
        found = CriterionItem(item.paragraph, below, number, lead, is_whole)
        nested = [inner for inner in below if isinstance(inner, MarkdownList)]
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


def _group_steps(block: MarkdownList) -> list[CriterionItem]:
    """Group the items of a list that are single steps into scenarios; empty if they are none."""
    sources = [_find_text(item.paragraph) if item.paragraph else "" for item in block.items]
    kinds = list(map(find_step_kind, sources))
    # An item that is a whole sentence has its outcome itself.
    if "then" not in kinds or kinds[0] not in ("given", "when") or _THEN.search(sources[0]):
        return []
    starts: list[int] = []
    for index, kind in enumerate(kinds):
        if not index or (kind in ("given", "when") and "then" in kinds[starts[-1] : index]):
            starts.append(index)
    items: list[CriterionItem] = []
    for number, (start, end) in enumerate(pairwise([*starts, len(kinds)]), 1):
        first = block.items[start]
        if first.paragraph:
            steps = _drop_boxes(MarkdownList(block.items[start:end], first.offset))
            items.append(CriterionItem(first.paragraph, (steps,), str(number), steps=tuple(sources[start:end])))
    return items


def _is_steps(block: Block) -> bool:
    """Whether a block is a list of the steps of one scenario."""
    texts = (
        [_find_text(item.paragraph) for item in block.items if item.paragraph]
        if isinstance(block, MarkdownList)
        else []
    )
    kinds = [find_step_kind(text) for text in texts]
    return "then" in kinds and all(kinds)


def _drop_boxes(block: Block) -> Block:
    """Return a list of steps without the boxes that they begin with: the box of their scenario is another one."""
    items: list[Item] = []
    for item in block.items if isinstance(block, MarkdownList) else ():
        box = match_box(item.paragraph.source) if item.paragraph else None
        if item.paragraph and box:
            text = Paragraph(item.paragraph.source[box.end() :], item.paragraph.offset + box.end())
            item = item._replace(blocks=(text, *item.blocks[1:]))
        items.append(item)
    return block._replace(items=tuple(items)) if isinstance(block, MarkdownList) else block


def _is_group(item: CriterionItem, nested: Sequence[MarkdownList]) -> bool:
    """Whether an item only names the requirements that are nested in it."""
    if not nested or is_ears(item.source):
        return False
    inner: list[Item] = [inner for block in nested for inner in block.items]
    return all(inner.paragraph is not None and is_ears(_find_text(inner.paragraph)) for inner in inner)
