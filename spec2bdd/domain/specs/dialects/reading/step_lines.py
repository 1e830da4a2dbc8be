"""Arrange what is under the title of a scenario as the bullets of steps that the phrasing of criteria reads.

Authors write steps as list items, as lines of a paragraph, or under a keyword that has a line of its own; and some
scenarios are prose, whose sentences are outcomes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, GherkinDialect
from spec2bdd.domain.gherkin.phrasing.clauses import drop_full_stop, lowercase_function_word
from spec2bdd.domain.specs.criteria.nested import split_table
from spec2bdd.domain.specs.dialects.reading.spec_builder import match_box
from spec2bdd.domain.specs.markdown.blocks import Block, Code, Item, MarkdownList, Paragraph
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import LINE_END, split_lines

_BOLD = r"(?:\*\*|__|\*|_|`)?"
# Bold words at the start, which may be a keyword in another language.
_BOLD_WORD = re.compile(r"(?:\*\*|__)\S")
_EXAMPLES = re.compile(rf"{_BOLD}(?:examples|scenarios){_BOLD}\s*[:\uff1a]{_BOLD}\s*", re.IGNORECASE)
# Another possible outcome, which is part of the step before it.
_OR = re.compile(r"(?:(?:\*\*|__)(?i:or)(?:\*\*|__)|OR\b)[:,]?\s+(?=\S)")
# The fences whose content is Gherkin.
_GHERKIN = frozenset({"gherkin", "feature", "cucumber"})


@dataclass(frozen=True, slots=True)
class StepLines:
    """The blocks of a scenario with all its steps as list items, and whether it has any.

    `is_unfinished` is set if the steps include a condition and no outcome. A mark is placed at the end of `mark`, the
    last paragraph with a step.
    """

    blocks: tuple[Block, ...]
    has_steps: bool
    mark: Paragraph | None
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class StepPatterns:
    """The patterns of steps in one language, or in English, with a keyword that is bold or not.

    `step` is the start of a step, `bare` a keyword alone, `outcome` a line that begins with the word for "then", and
    `then` that word anywhere.
    """

    step: re.Pattern[str]
    bare: re.Pattern[str]
    outcome: re.Pattern[str]
    then: re.Pattern[str]


@cache
def compile_steps(language: str) -> StepPatterns:
    """Compile the patterns of steps in a language."""
    dialects = {language: LANGUAGES[language], "en": LANGUAGES["en"]}.values()
    words = _join_words((dialect, word) for dialect in dialects for kind in dialect.steps.values() for word in kind)
    outcomes = _join_words((dialect, word) for dialect in dialects for word in dialect.steps["then"])
    end = rf"{_BOLD}[:,\uff1a\uff0c]?{_BOLD}"
    return StepPatterns(
        step=re.compile(rf"{_BOLD}(?:{words}){end}", re.IGNORECASE),
        bare=re.compile(rf"{_BOLD}({words}){end}", re.IGNORECASE),
        outcome=re.compile(rf"^[ \t]*{_BOLD}(?:{outcomes})", re.IGNORECASE | re.MULTILINE),
        then=re.compile(outcomes, re.IGNORECASE),
    )


def _join_words(words: Iterable[tuple[GherkinDialect, str]]) -> str:
    """Join keywords to a pattern, the longest first; where a language has spaces, they are whole words."""
    parts = {
        rf"\b{re.escape(word)}(?=[\s:,\uff1a\uff0c*_`]|$)" if dialect.spaced else re.escape(word): word
        for dialect, word in words
        if word != "*"
    }
    return "|".join(sorted(parts, key=lambda part: (-len(parts[part]), part)))


def has_outcome(blocks: Sequence[Block], language: str) -> bool:
    """Whether a line of a paragraph, or a list item, is a `Then` step."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    lists = [block for block in blocks if isinstance(block, MarkdownList)]
    paragraphs += [item.paragraph for block in lists for item in block.items if item.paragraph]
    return any(compile_steps(language).outcome.search(paragraph.source) for paragraph in paragraphs)


def arrange_steps(text: str, blocks: Sequence[Block], title: Paragraph, *, language: str) -> StepLines:
    """Arrange the blocks under the title of a scenario in a text; where none has a keyword, they become outcomes."""
    patterns = compile_steps(language)
    arranged = [part for block in _join_keywords(blocks, patterns) for part in _arrange(text, block, patterns)]
    items = [item for block in arranged if isinstance(block, MarkdownList) for item in block.items if item.paragraph]
    sources = [paragraph.source for paragraph in _list_paragraphs(arranged)]
    is_fenced = any(isinstance(block, Code) and block.info.lower() in _GHERKIN for block in arranged)
    has_outcome = is_fenced or any(patterns.then.search(source) for source in sources)
    # `When` alone is rather the start of a sentence, unless it is bold. A bold word may be one of another language.
    is_bold = any(item.paragraph and _BOLD_WORD.match(item.paragraph.source) for item in items)
    has_steps = is_bold or (has_outcome and (is_fenced or any(map(patterns.step.match, sources))))
    prose = [block for block in arranged if isinstance(block, Paragraph)]
    # A remark after the steps is not the place for a mark.
    lines = [item.paragraph for block in blocks if isinstance(block, MarkdownList) for item in block.items]
    lines += [block for block in blocks if isinstance(block, Paragraph) and (block not in prose or not items)]
    last = max(
        (line for line in lines if line and not _EXAMPLES.match(line.source)),
        key=lambda line: line.offset,
        default=None,
    )
    mark = last and last._replace(source=split_table(last.source)[0])
    if has_steps:
        # A keyword with nothing under it says nothing.
        written = [source for source in sources if not patterns.bare.fullmatch(_strip_comments(source))]
        is_finished = is_fenced or any(map(patterns.then.search, written))
        is_unfinished = not is_finished and any(map(patterns.step.match, sources))
        return StepLines(tuple(arranged), has_steps=True, is_unfinished=is_unfinished, mark=mark)
    outcomes = items or [Item((paragraph,), paragraph.offset) for paragraph in prose or [title]]
    others = tuple(block for block in arranged if not isinstance(block, MarkdownList | Paragraph))
    lists = MarkdownList(tuple(_add_keywords("Then", outcomes)), outcomes[0].offset)
    return StepLines((lists, *others), has_steps=False, mark=mark)


def _list_paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """List all paragraphs, also those in list items."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, MarkdownList):
            yield from _list_paragraphs(inner for item in block.items for inner in item.blocks)


def _arrange(text: str, block: Block, patterns: StepPatterns) -> Iterator[Block]:
    """Yield a block with the steps in it as list items."""
    if isinstance(block, Paragraph):
        yield from _split_lines(text, block, patterns)
    elif isinstance(block, MarkdownList):
        items: list[Item] = []
        for item in map(_drop_box, block.items):
            first = item.paragraph
            previous = items[-1].paragraph if items else None
            if first and previous and (match := _OR.match(first.source)):
                joined = Paragraph(f"{previous.source} or {first.source[match.end() :]}", previous.offset)
                items[-1] = items[-1]._replace(blocks=(joined, *items[-1].blocks[1:], *item.blocks[1:]))
            elif first and (match := patterns.bare.fullmatch(_strip_comments(first.source))):
                # The keyword has a line of its own, and the steps are under it.
                below = [inner for part in item.blocks[1:] if isinstance(part, MarkdownList) for inner in part.items]
                items += _add_keywords(match[1], below) if below else [item]
            else:
                items.append(item)
        yield block._replace(items=tuple(items))
    else:
        yield block


def _join_keywords(blocks: Sequence[Block], patterns: StepPatterns) -> Iterator[Block]:
    """Yield the blocks with each keyword that is a paragraph of its own before the steps in the block under it."""
    label: Paragraph | None = None
    for block in blocks:
        above, label = label, None
        items = block.items if isinstance(block, MarkdownList) else ()
        if isinstance(block, Paragraph):
            items = (Item((block,), block.offset),)
            label = block if patterns.bare.fullmatch(_strip_comments(block.source)) else None
        keyword = patterns.bare.fullmatch(_strip_comments(above.source)) if above and not label else None
        steps = list(_add_keywords(keyword[1], items)) if keyword else []
        if above and steps and steps[0].paragraph:
            # The step begins where its keyword is.
            first = steps[0].paragraph._replace(offset=above.offset)
            steps[0] = Item((first, *steps[0].blocks[1:]), above.offset)
            yield MarkdownList(tuple(steps), above.offset)
            continue
        yield from [above] if above else []
        yield from [block] if label is None else []
    yield from [label] if label else []


def _drop_box(item: Item) -> Item:
    """Return an item without the box that it begins with: nothing here is ticked."""
    box = match_box(item.paragraph.source) if item.paragraph else None
    if item.paragraph is None or box is None:
        return item
    text = Paragraph(item.paragraph.source[box.end() :], item.paragraph.offset + box.end())
    return item._replace(blocks=(text, *item.blocks[1:]))


def _split_lines(text: str, paragraph: Paragraph, patterns: StepPatterns) -> Iterator[Block]:
    """Yield a list with an item for each step of a paragraph, or the paragraph if it does not begin with one."""
    parts: list[Paragraph] = []
    offset = paragraph.offset
    for line in split_lines(paragraph.source):
        if patterns.step.match(line.lstrip()) or _EXAMPLES.match(line) or not parts:
            parts.append(Paragraph(line, offset))
        else:
            parts[-1] = parts[-1]._replace(source=parts[-1].source + line)
        # The source has neither the indentation nor the line endings of the file.
        offset = match.end() if (match := LINE_END.search(text, offset)) else offset
    if patterns.step.match(parts[0].source.lstrip()) or _EXAMPLES.match(parts[0].source):
        items = tuple(Item((part._replace(source=part.source.rstrip()),), part.offset) for part in parts)
        yield MarkdownList(items, paragraph.offset)
    else:
        yield paragraph


def _add_keywords(keyword: str, items: Sequence[Item]) -> Iterator[Item]:
    """Yield items as steps: the first one begins with the keyword, the others with `And`."""
    word = keyword
    for item in items:
        if first := item.paragraph:
            outcome = lowercase_function_word(drop_full_stop(_strip_comments(first.source)))
            yield item._replace(blocks=(first._replace(source=f"{word} {outcome}"), *item.blocks[1:]))
            word = "And"


def _strip_comments(source: str) -> str:
    """Return a text without the comments at its end, such as a mark."""
    source = source.rstrip()
    while source.endswith("-->") and (start := source.rfind("<!--")) >= 0:
        source = source[:start].rstrip()
    return source
