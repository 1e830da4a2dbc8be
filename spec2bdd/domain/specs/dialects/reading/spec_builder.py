"""What all dialects but the template share: open a file, build criteria of its items, and report what was not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import field, replace

from spec2bdd.domain.editing.mark_edits import find_item_box
from spec2bdd.domain.specs.criteria.annotations import AnnotatedText, parse_annotations
from spec2bdd.domain.specs.criteria.criteria import check_item_text
from spec2bdd.domain.specs.criteria.nested import find_nested_blocks
from spec2bdd.domain.specs.criteria.tags import add_tags
from spec2bdd.domain.specs.dialects.reading.limits import check_size, diagnose_too_deep, diagnose_too_long
from spec2bdd.domain.specs.front_matter.parser import parse_front_matter
from spec2bdd.domain.specs.front_matter.preamble import find_preamble
from spec2bdd.domain.specs.markdown.blocks import Block, Comment, Heading, Links, Paragraph, TooLongError
from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.markdown.inline_text import InlineText, find_comments
from spec2bdd.domain.specs.markdown.outline import OutlineSection, parse_outline
from spec2bdd.domain.specs.vocabulary import render_mark_class
from spec2bdd.model import Box, BoxKind, Criterion, Diagnostic, Field, NestedBlock, NestedBlockKind, Spec, Status, Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.source_file import SourceFile

# Of a scenario: a longer one is cut off by reports and terminals.
LONGEST_NAME = 100

# Where a part of a sentence ends; a shorter part says too little.
_PART_END = re.compile(r"(?=[.;:\u3002\uff1b](?:\s|$)|[,\u3001\uff0c]\s?|\s[\u2013\u2014(-]\s?)")
_SHORTEST_PART = 30
_STEP = re.compile(r"[\s*_]*(?:given|when|then)\b", re.IGNORECASE)
# The anchor of a heading or of an item: `{#login}`.
_ANCHOR = re.compile(r"\s*\{#[^{}\n]*\}\s*\Z")
_BOX = re.compile(rf"\[{render_mark_class()}\][ \t]+(?=\S)")


@dataclass(slots=True)
class SpecBuilder:
    """A spec while it is read: what is known of the file, and the criteria and diagnostics found so far.

    The body of the file begins at offset `start`. `bare` is set where the file has no front matter.
    """

    file: SourceFile
    spec: Spec
    start: int
    bare: bool
    links: Links = field(default_factory=dict)
    criteria: list[Criterion] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def build(self, *, title: str = "", purpose: str = "", may_be_empty: bool = False) -> Spec:
        """Build the spec with everything that was found, and warn if there are no criteria and there should be some."""
        is_unread = any(found.code in ("too-long", "too-deep") for found in self.diagnostics)
        if not self.criteria and not may_be_empty and not is_unread:
            message = "this spec has no criteria"
            hint = f"see what `{self.spec.dialect}` reads as criteria in the documentation of dialects"
            self.diagnostics.append(self.file.build_warning(0, "no-criteria", message=message, hint=hint))
        criteria, tag_diagnostics = add_tags(self.file, self.criteria)
        return replace(
            self.spec,
            title=title or self.spec.title,
            purpose=purpose,
            criteria=criteria,
            diagnostics=(*self.spec.diagnostics, *self.diagnostics, *tag_diagnostics),
        )

    def warn(self, offset: int, code: str, *, message: str, hint: str = "") -> None:
        """Add a warning about the text at an offset."""
        self.diagnostics.append(self.file.build_warning(offset, code, message=message, hint=hint))


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Where an item of a spec belongs: its tier, the heading that groups it, its number and the name of its scenario.

    `given_id` is the id that identifies it for certain, if there is one; an id in its own text replaces it. The place
    for a mark is the end of `mark`, or else of the item's own text.
    """

    tier: Tier = Tier.MUST
    group: str = ""
    number: str = ""
    name: str = ""
    given_id: str = ""
    mark: Paragraph | None = None


def open_spec(
    file: SourceFile, content: bytes, *, dialect: str, statuses: Sequence[tuple[str, Status]] = ()
) -> SpecBuilder:
    """Start to read a spec with its front matter, which most of these files do not have."""
    front_matter = parse_front_matter(file)
    # Where there is none, none is missing.
    diagnostics = () if front_matter.bare else front_matter.diagnostics
    spec = Spec(
        file.path,
        content,
        front_matter.fields,
        diagnostics=tuple(found for found in diagnostics if found.code != "missing-field"),
        dialect=dialect,
        statuses=tuple(statuses),
    )
    return SpecBuilder(file, spec, front_matter.body_start, front_matter.bare)


def add_item(
    builder: SpecBuilder,
    paragraph: Paragraph,
    blocks: Sequence[Block],
    place: ItemPlace,
    *,
    text: str = "",
    lead: int = 0,
) -> Criterion | None:
    """Add the criterion of a list item, or of a heading, given as its first paragraph and the blocks under it.

    `text` replaces that of the paragraph where a criterion is identified by more than it, and `lead` characters after
    the box are left out of it. What is no criterion, such as a placeholder, is reported instead, and nothing is
    returned.
    """
    match = match_box(paragraph.source)
    source = paragraph.source[(match.end() if match else 0) + lead :]
    try:
        inline = parse_inline(source, builder.links)
        nested = tuple(find_nested_blocks(builder.file, blocks, links=builder.links))
    except RecursionError:
        message = "the emphasis, links or quotes in this item are nested too deeply to be read"
        builder.warn(paragraph.offset, "too-deep", message=message, hint="write the item in plainer Markdown")
        return None
    html = (block.source for block in blocks if isinstance(block, Comment))
    annotated = parse_annotations(inline, (comment for source in html for comment in find_comments(source)))
    if diagnostic := check_item_text(builder.file, paragraph.offset, inline, annotated.text):
        builder.diagnostics.append(diagnostic)
        return None
    start = paragraph.offset + (match.end() if match else 0) + lead
    box = Box(match[0][1], paragraph.offset + 1) if match else find_item_box(builder.file.text, place.mark or paragraph)
    criterion = _build_criterion(builder, annotated, place, text=text, box=box, start=start, nested=nested)
    builder.criteria.append(criterion)
    return criterion


def _build_criterion(
    builder: SpecBuilder,
    annotated: AnnotatedText,
    place: ItemPlace,
    *,
    text: str,
    box: Box,
    start: int,
    nested: tuple[NestedBlock, ...],
) -> Criterion:
    """Build the criterion of an item."""
    line, column = builder.file.find_place(box.offset - 1 if box.kind is BoxKind.BOX else start)
    bullets = (block.text for block in nested if block.kind is NestedBlockKind.BULLET and not block.depth)
    return Criterion(
        tier=annotated.priority.tier if annotated.priority and annotated.priority.tier else place.tier,
        text=to_single_line(text or annotated.text),
        box=box,
        line=line,
        column=column,
        given_id=annotated.given_id or place.given_id,
        group=to_single_line(place.group),
        bullets=tuple(bullets),
        manual=annotated.manual,
        waived=annotated.waived,
        nested=nested,
        name=to_single_line(place.name),
        number=place.number,
        start=start,
    )


def match_box(source: str) -> re.Match[str] | None:
    """Match the box at the start of an item, with the blanks after it."""
    return _BOX.match(source)


def read_words(builder: SpecBuilder, source: str) -> InlineText:
    """Read inline Markdown without the anchor at its end; what is nested too deeply stays as it is written."""
    source = _ANCHOR.sub("", source) if "{" in source else source
    try:
        return parse_inline(source, builder.links)
    except RecursionError:
        return InlineText(to_single_line(source))


def read_outline(
    builder: SpecBuilder, *, is_wanted: Callable[[Heading], bool], text: str = ""
) -> tuple[OutlineSection, ...]:
    """Read the sections of the body, and the status above the first of them where there is no front matter.

    Of a section whose heading is not wanted, only the heading is read. A file that cannot be read has no sections, and
    an error says why. `text` is that of the file with some of its characters blanked out.
    """
    file = builder.file
    try:
        check_size(file.text)
        outline = parse_outline(text or file.text, builder.start, is_wanted=is_wanted)
    except RecursionError:
        builder.diagnostics.append(diagnose_too_deep(file, builder.start))
        return ()
    except TooLongError as error:
        builder.diagnostics.append(diagnose_too_long(file, error))
        return ()
    builder.links = outline.body.links
    if builder.bare:
        fields, diagnostics = find_preamble(file, outline.body, start=builder.start)
        builder.spec = replace(builder.spec, fields=(*builder.spec.fields, *fields))
        builder.diagnostics += diagnostics
    return outline.sections


def add_status_section(builder: SpecBuilder, blocks: Sequence[Block]) -> None:
    """Add the status that the first line under a heading `Status` states, if the spec has none yet."""
    paragraph = next((block for block in blocks if isinstance(block, Paragraph)), None)
    if paragraph is None or builder.spec.find_field("status"):
        return
    row = paragraph.source.partition("\n")[0]
    value = row.strip(" \t*_")
    start = paragraph.offset + row.index(value)
    status = Field("status", value, *builder.file.find_place(start), start, start + len(value))
    builder.spec = replace(builder.spec, fields=(*builder.spec.fields, status))


def choose_name(words: str, title: str, number: str, *, has_steps: bool = False) -> str:
    """Choose the name of the scenario of an item, where its words are none: empty if they are.

    A sentence of steps is named by the title of what it belongs to and by its number.
    """
    if has_steps or _STEP.match(words):
        return shorten_name(f"{title} ({number})" if number else title)
    return shorten_name(words) if len(words) > LONGEST_NAME else ""


def shorten_name(text: str, *, limit: int = LONGEST_NAME) -> str:
    """Shorten a text to the name of a scenario: its first sentence or part of one, or its first words."""
    text = to_single_line(text)
    if len(text) <= limit:
        return text
    ends = [match.start() for match in _PART_END.finditer(text, _SHORTEST_PART, limit)]
    if ends:
        return text[: ends[-1]]
    words = text[: limit - 3].rpartition(" ")[0] or text[: limit - 3]
    return f"{words.rstrip()}..."
