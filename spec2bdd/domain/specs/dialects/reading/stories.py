"""Read the criteria of requirements and user stories: numbered items under a heading or a label of each of them.

Kiro, cc-sdd and Spec Kit write their criteria so. The headings, labels and sentences may be in several languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from spec2bdd.domain.gherkin.phrasing.labels import drop_scenario_keyword, split_label, split_title
from spec2bdd.domain.specs.dialects.reading.items import (
    CriterionItem,
    attach_list,
    find_items,
    find_step_kind,
    has_steps,
    is_condition,
)
from spec2bdd.domain.specs.dialects.reading.spec_builder import (
    LONGEST_NAME,
    ItemPlace,
    SpecBuilder,
    add_item,
    read_words,
    shorten_name,
)
from spec2bdd.domain.specs.dialects.reading.titles import find_document_title
from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading, split_heading
from spec2bdd.domain.specs.headings.priorities import Priority, choose_tier, find_scale_start
from spec2bdd.domain.specs.markdown.blocks import Block, Heading, Paragraph, Table
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.domain.specs.markdown.paragraph_rows import split_rows
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary, find_words, render_choice
from spec2bdd.model import Tier

# A heading with a number: `Requirement 2: Sign in`, `R3 - Sign in`, `2.1 Sign in`. Without a sign or an end after the
# number, a word before it has to be one for a requirement or a story: "OAuth 2 login" has no number.
_NUMBERED = re.compile(
    rf"""
    (?:
        (?:{render_choice(find_words("stories", "requirement"))})[ \#_.-]*
      | (?P<word>[^\W\d_]{{1,20}}(?:[ ][^\W\d_]{{1,20}}){{0,2}})[ \#_.-]*
    )?
    (?P<number>\d{{1,3}}(?:\.\d{{1,3}})*)
    (?(word)(?=[ ]?[.:)\uff1a\u3001|(]|[ ]+[-\u2013\u2014]|$))
    [ ]*[.:)\uff1a\u3001|\u2013\u2014-]*[ ]*
    (?P<title>.*)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A label such as `**Acceptance Criteria:**`, alone in its paragraph or on the line above its items.
_LABEL = re.compile(r"[*_]{0,3}(?P<text>[^*_\n:\uff1a.]{2,80})[:\uff1a]?[*_]{0,3}[:\uff1a]?[ \t]*(?:\n|\Z)")
# The wish of a user story, up to its purpose or its end.
_WISH = re.compile(
    rf"(?:{render_choice(find_words('stories', 'wish'))})[*_,:]*\s*(?P<wish>\S.*?)"
    rf"(?=[\s*_,\uff0c\u3001.;\u3002]*(?:{render_choice(find_words('stories', 'purpose'))})"
    r"|[,;]\s|\.(?:\s|$)|[\u3002\uff0c\uff1b\n]|$)",
    re.IGNORECASE,
)
# Names of headings of criteria that say when a project succeeds, not what the product does.
_SUCCESS = re.compile(render_choice(find_words("stories", "success")), re.IGNORECASE)
# The heading of more scenarios than those of a story: "Marketplace Scenarios".
_SCENARIOS = re.compile(r"scenarios?\b|escenarios?\b|cen\u00e1rios?\b|\u573a\u666f|\u5834\u666f", re.IGNORECASE)
# What announces nothing that is known, and ends what a label before it announced.
_UNKNOWN = HeadingKind.UNSEEN
_BOLD = re.compile(r"(?:\*\*|__).+", re.DOTALL)
_WHOLE_BOLD = re.compile(r"(\*\*|__)(?P<text>[^*_\n]+)\1[:\uff1a]?\s*")
# What is between a title and the text after it, and the most words of a title without bold letters.
_SIGNS = " :.-|\u2013\u2014\uff1a"
_MOST_WORDS = 8
# The same at the start of a heading: `P1: Sign in`.
_LEVEL = re.compile(r"P(?P<level>\d)\s*[:\uff1a\u2013\u2014-]\s*(?=\S)", re.IGNORECASE)
_NON_FUNCTIONAL = re.compile(
    r"non?[\s-]*functional|no[\s-]funcional|não[\s-]funciona|non[\s-]fonctionnel|nicht[\s-]*funktional|нефункциональн"
    r"|非機能|非功能|비기능|NFR",
    re.IGNORECASE,
)
# The columns of a table that holds criteria.
_CRITERIA_COLUMN = re.compile(r"\b(?:then|criteri(?:on|a)|scenarios?|expected)\b", re.IGNORECASE)
_NO_CRITERIA = (HeadingKind.OTHER, HeadingKind.DONE, HeadingKind.LEFT_OUT)


# The priority at the end of a heading: `(Priority: P1)`, also translated and with a mark after it.
_PRIORITY = re.compile(
    r"\s*[(\[\uff08](?:[^()\[\]:\uff1a]{0,20}[:\uff1a])?\s*P(?P<level>\d)\b[^()\[\]\uff09]*[)\]\uff09]"
    r"(?:[^\w\s]|MVP|\s){0,9}$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Story:
    """A requirement or a user story: the words of its heading, its number, its title or else its wish, and its tier.

    `numbers` are those of its items so far.
    """

    heading: str
    number: str
    title: str
    tier: Tier = Tier.MUST
    numbers: set[str] = field(default_factory=set)

    def choose_place(self, item: CriterionItem) -> ItemPlace:
        """Choose the number of an item, and the name of its scenario.

        Where several lists count from 1, the later ones go on counting.
        """
        prefix = f"{self.number}." if self.number else ""
        number = item.number if item.is_whole else f"{prefix}{item.number}"
        if number in self.numbers:
            number = f"{prefix}{len(self.numbers) + 1}"
        self.numbers.add(number)
        title = shorten_name(self.title or self.heading, limit=LONGEST_NAME - len(f" ({number})"))
        return ItemPlace(self.tier, self.heading, number, f"{title} ({number})")


@dataclass(slots=True)
class StoryReader:
    """Finds the items of criteria in the sections of a file.

    `labels` are names of headings and labels of criteria besides the usual ones. Items right under the heading of a
    story are criteria where most of their texts fulfil `is_criterion`. Headings down to `title_level` name the file or
    a part of it, and no story, unless they have a number; criteria under them belong to no story. `stories` are those
    found so far, by the offsets of their headings, and `subtitle` is the title of the scenario that is read.
    """

    builder: SpecBuilder
    vocabulary: HeadingVocabulary
    sections: Sequence[OutlineSection]
    is_criterion: Callable[[str], bool]
    labels: frozenset[str] = frozenset()
    title_level: int = 1
    stories: dict[int, Story] = field(default_factory=dict)
    kinds: dict[str, HeadingKind | None] = field(default_factory=dict)
    title: str = ""
    scale_start: int = 1
    subtitle: str = ""

    def __post_init__(self) -> None:
        headings = [read_words(self.builder, section.headings[-1].source).text for section in self.sections[1:]]
        matches = (_LEVEL.match(words) or _PRIORITY.search(words) for words in headings)
        priorities = (match["level"] for match in matches if match)
        self.scale_start = find_scale_start(Priority(int(level)) for level in priorities)
        self.title = find_document_title(self.builder, self.sections)

    def read_criteria(self) -> None:
        """Add the criteria of all sections to the spec."""
        for section in self.sections[1:]:
            for story, item in self.find_items(section):
                if not story.number and story.title != self.title:
                    taken = {other.number for other in self.stories.values()}
                    story.number = next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)
                place = story.choose_place(item)
                if title := self.find_own_title(item):
                    place = replace(place, name=shorten_name(title))
                text = ", ".join(read_words(self.builder, step).text for step in item.steps)
                if title and has_steps(item.blocks) and not item.steps:
                    # Several stories may have a "Happy path".
                    text = f"{story.title}: {title}"
                add_item(self.builder, item.paragraph, item.blocks, place, text=text, lead=item.lead)

    def find_own_title(self, item: CriterionItem) -> str:
        """Find the title that an item has itself: the heading or label above its steps, or the words before them."""
        if item.steps:
            return self.subtitle
        words = read_words(self.builder, item.source)
        if has_steps(item.blocks) and not find_step_kind(item.source):
            return self.read_title(item.source)
        title = words.lead if words.text.startswith(words.lead) else ""
        is_set_off = title[-1:] in _SIGNS or words.text[len(title) :].lstrip()[:1] in _SIGNS
        if title and is_set_off and not is_condition(title) and not find_step_kind(title):
            return self.read_title(title)
        # A short label before a colon is no part of the steps, so it has to be in the name.
        title = split_label(words.text)[0] or split_title(words.text)[0]
        return title if 0 < len(title.split()) <= _MOST_WORDS and not is_condition(title) else ""

    def classify(self, source: str) -> HeadingKind | None:
        """Classify a heading or a label; criteria of success are not those of acceptance."""
        # Headings are asked for with each section under them.
        if source not in self.kinds:
            self.kinds[source] = self.find_kind(source)
        return self.kinds[source]

    def find_kind(self, source: str) -> HeadingKind | None:
        """Find out what a heading or a label announces."""
        words = read_words(self.builder, source).text
        if self.labels and not self.labels.isdisjoint(split_heading(words)):
            return HeadingKind.CRITERIA
        kind = classify_heading(words, self.vocabulary)
        return None if kind is HeadingKind.CRITERIA and _SUCCESS.search(words) else kind

    def find_items(self, section: OutlineSection) -> Iterator[tuple[Story, CriterionItem]]:
        """Find the items of criteria of a section, each with its story."""
        kinds = [self.classify(heading.source) for heading in section.headings]
        if not section.blocks or kinds[-1] in _NO_CRITERIA:
            return
        is_below = is_labelled = HeadingKind.CRITERIA in kinds
        owner = self.find_owner(section.headings, kinds)
        story = self.find_story(owner)
        is_direct = owner is section.headings[-1] and (
            HeadingKind.REQUIREMENTS in kinds[:-1] or self.is_numbered(owner) or _SCENARIOS.search(owner.source)
        )
        is_direct = is_direct and not any(_NON_FUNCTIONAL.search(heading.source) for heading in section.headings)
        is_inside = kinds[-1] is None and HeadingKind.CRITERIA in kinds and owner is not section.headings[-1]
        self.subtitle = self.read_title(section.headings[-1].source) if is_inside else ""
        attached: Block | None = None
        for block, following in zip(section.blocks, (*section.blocks[1:], None), strict=True):
            if block is attached:
                continue
            if isinstance(block, Paragraph):
                if bold := _WHOLE_BOLD.fullmatch(block.source):
                    self.subtitle = "" if self.classify(bold["text"]) else self.read_title(bold["text"])
                kind, block = self.split_label(block)
                if kind is not None:
                    is_labelled = kind is HeadingKind.CRITERIA or (kind is _UNKNOWN and HeadingKind.CRITERIA in kinds)
                is_below = is_labelled
                if not story.title and (wish := _WISH.search(read_words(self.builder, block.source).text)):
                    words = wish["wish"].strip(" .,")
                    story.title = words[:1].upper() + words[1:]
            self.report_table(block, is_below=is_below)
            items = list(find_items(self.builder.file, block)) if is_below or is_direct else []
            if isinstance(block, Paragraph) and attach_list(self.builder.file, items, following):
                attached = following
            if is_below or 2 * sum(self.is_criterion(item.source) for item in items) > len(items):
                yield from ((story, item) for item in items)

    def report_table(self, block: Block, *, is_below: bool) -> None:
        """Report a table below the heading or label of criteria that holds some: none is read here."""
        if is_below and isinstance(block, Table) and _CRITERIA_COLUMN.search(" | ".join(block.rows[0])):
            hint = "write each row as an item of a list"
            self.builder.warn(block.offset, "unread-table", message="this table of criteria is not read", hint=hint)

    def read_title(self, source: str) -> str:
        """Read the title of a scenario, without a word such as `Scenario 2:` before it."""
        return drop_scenario_keyword(read_words(self.builder, source).text.strip(_SIGNS), "en")

    def split_label(self, paragraph: Paragraph) -> tuple[HeadingKind | None, Paragraph]:
        """Split a label off the start of a paragraph, and find out what it announces, if it is one."""
        label = _LABEL.match(paragraph.source)
        kind = self.classify(label["text"]) if label else None
        if label is None or (kind is None and not _BOLD.fullmatch(label[0].strip())):
            return None, paragraph
        source = paragraph.source[label.end() :]
        offset = split_rows(self.builder.file, paragraph)[1].offset if source else paragraph.offset
        return kind or _UNKNOWN, Paragraph(source, offset)

    def is_numbered(self, heading: Heading) -> bool:
        """Whether a heading has the number of a story."""
        words = read_words(self.builder, heading.source).text
        return _NUMBERED.fullmatch(words) is not None and not _LEVEL.match(words)

    def find_owner(self, headings: Sequence[Heading], kinds: Sequence[HeadingKind | None]) -> Heading:
        """Find the heading of the story that a section belongs to: the innermost one with a number.

        One without a number is that of a story if it is right above a heading of criteria, or above a label.
        """
        end = kinds.index(HeadingKind.CRITERIA) if HeadingKind.CRITERIA in kinds else len(headings)
        for heading in (*reversed(headings[:end]), *headings[end + 1 :]):
            if self.is_numbered(heading):
                return heading
        return headings[max(end - 1, 0)]

    def find_story(self, owner: Heading) -> Story:
        """Find the story of a heading; without a number, one that is no title gets the next one with its first item."""
        if owner.offset not in self.stories:
            words = read_words(self.builder, owner.source).text
            priority = _LEVEL.match(words) or _PRIORITY.search(words)
            name = (words[: priority.start()] or words[priority.end() :]) if priority else words
            numbered = _NUMBERED.fullmatch(name)
            is_title = owner.level <= self.title_level or self.classify(owner.source) is not None
            number = numbered["number"] if numbered else ""
            title = numbered["title"].strip(" *_") if numbered else self.title if is_title else name
            tier = (
                choose_tier(Priority(int(priority["level"])), scale_start=self.scale_start) if priority else Tier.MUST
            )
            self.stories[owner.offset] = Story("" if is_title and not number else name, number, title, tier)
        return self.stories[owner.offset]
