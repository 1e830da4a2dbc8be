"""Parse the sections of the documents that specs name, and find the section that a spec means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from spec2bdd.domain.specs.front_matter.parser import parse_front_matter
from spec2bdd.domain.specs.markdown.inline import parse_words
from spec2bdd.domain.specs.markdown.outline import parse_outline
from spec2bdd.model.trace import SectionKind
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_comparison_key
from spec2bdd.text.source_file import parse_source_file
from spec2bdd.text.suggest import suggest_several

# The field of front matter that names a section of each kind of document.
SECTION_FIELDS: Mapping[SectionKind, str] = {
    SectionKind.PRD: "prd_section",
    SectionKind.PLAN: "implementation_plan_section",
}
# A number at the start of a heading or of a reference, also after a word that announces it: `PRD-4.2`, `Phase 3:`.
_NUMBER = re.compile(
    r"""
    (?:
        (?i:prd|plan|section|sec\.?|chapter|part|phase|stage|milestone|sprint|iteration|step|epic|story|goal|feature
           |requirement|req)[ \t._:-]{1,3}
      | [A-Z]{1,8}-                                     # an id such as `FR-4`
      | [§\#][ \t]*
    )?
    (?P<number>\d{1,9}(?:\.\d{1,9}){0,9})
    (?![\w%]|[.,]\d)[.):]?                              # no quantity, and no part of a longer word
    (?P<title>.*)
    """,
    re.VERBOSE | re.DOTALL,
)
# What separates several references, outside of brackets: also the lines of a list.
_BETWEEN = re.compile(r"[,;\n](?![^(]*\))")
_AROUND_TITLE = " \t:-\u2013\u2014."
# What authors write where there is no section.
_NO_REFERENCE = ("", "-", "n/a", "none", "tbd", "todo")
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class DocumentSection:
    """A heading of a document: its number, if it begins with one, and the words after it.

    `start` is the offset of the heading, `end` that of the next one that is not below it.
    """

    kind: SectionKind
    path: str
    line: int
    level: int
    number: str
    title: str
    start: int = 0
    end: int = 0

    @property
    def label(self) -> str:
        """The heading: its number and its title."""
        return f"{self.number} {self.title}".strip()


def parse_sections(kind: SectionKind, path: str, text: str) -> tuple[DocumentSection, ...]:
    """Parse the headings of a Markdown document, in order.

    Raises:
        TooLongError: the document is too long to be read.
        RecursionError: it is nested too deeply.
    """
    file = parse_source_file(path, text)
    outline = parse_outline(text, parse_front_matter(file).body_start, is_wanted=lambda _: False)
    headings = [section.headings[-1] for section in outline.sections if section.headings]
    sections = []
    for index, heading in enumerate(headings):
        ends = (later.offset for later in headings[index + 1 :] if later.level <= heading.level)
        number, title = split_number(parse_words(heading.source, outline.body.links))
        line = file.find_place(heading.offset)[0]
        end = next(ends, len(text))
        sections.append(DocumentSection(kind, path, line, heading.level, number, title, heading.offset, end))
    return tuple(sections)


def split_number(text: str) -> tuple[str, str]:
    """Split a heading or a reference into its number, which may be empty, and the words after it."""
    match = _NUMBER.match(text.strip())
    title = (match["title"] if match else text).strip(_AROUND_TITLE)
    if match and title.startswith("(") and title.endswith(")"):
        title = title[1:-1]
    return (match["number"], title) if match else ("", text.strip())


def split_references(value: str) -> list[str]:
    """Split the value of a field into the references in it: several numbers, or a list of YAML."""
    bare = value.strip()
    is_list = (bare.startswith("[") and bare.endswith("]")) or bare.startswith("- ")
    parts = [
        part.strip().removeprefix("- ").strip(" \"'") for part in _BETWEEN.split(bare.strip("[]") if is_list else bare)
    ]
    parts = [part for part in parts if part.casefold() not in _NO_REFERENCE]
    return parts if is_list or all(split_number(part)[0] for part in parts) else [bare]


def find_section(reference: str, sections: Sequence[DocumentSection]) -> DocumentSection | None:
    """Find the section that a reference names: the first of several."""
    return next(iter(find_namesakes(reference, sections)), None)


def find_namesakes(reference: str, sections: Sequence[DocumentSection]) -> list[DocumentSection]:
    """Find the sections that a reference can name: by the number, else by the title, or by the anchor of a heading.

    Of several with the number, those with the title that is named count. A reference may name the document, as in
    `4 (docs/reading.md)`: then only the sections of that one count.
    """
    named = {section.path for section in sections if section.path in reference}
    candidates = [section for section in sections if not named or section.path in named]
    _, _, anchor = reference.partition("#")
    number, words = split_number(reference)
    if number:
        numbered = [section for section in candidates if section.number == number]
        title = to_comparison_key(words)
        return [section for section in numbered if to_comparison_key(section.title) == title] or numbered
    title = to_comparison_key(_drop_brackets(reference))
    by_title = [
        section
        for section in candidates
        if title in (to_comparison_key(section.title), to_comparison_key(section.label))
    ]
    return by_title or [section for section in candidates if anchor and build_anchor(section.label) == anchor]


def build_anchor(label: str) -> str:
    """Build the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w -]", "", label.lower()).replace(" ", "-")


def suggest_sections(reference: str, sections: Iterable[DocumentSection]) -> list[DocumentSection]:
    """Find the sections with the nearest numbers or titles, the nearest first."""
    labels: dict[str, DocumentSection] = {}
    for section in sections:
        for name in filter(None, (section.number, section.title)):
            labels.setdefault(name, section)
    number, title = split_number(reference)
    found = [labels[name] for name in suggest_several(number, labels, limit=_MOST_NEAR)] if number else []
    words = _drop_brackets(title) or title.strip("()")
    found += [labels[name] for name in suggest_several(words, labels, limit=_MOST_NEAR)] if words else []
    if number and not found:
        # Neighbours: of `4.9`, the other sections of 4.
        above = number.rpartition(".")[0]
        found = [section for name, section in labels.items() if above and name.startswith(f"{above}.")]
    return list(dict.fromkeys(found))[:_MOST_NEAR]


def find_numbered(sections: Sequence[DocumentSection]) -> tuple[DocumentSection, ...]:
    """Find the sections of each document that a spec may be expected for: those with a number, if any has one.

    In a document without numbers, these are all but the title: the only heading of the first level.
    """
    expected: list[DocumentSection] = []
    for path in dict.fromkeys(map(attrgetter("path"), sections)):
        own = [section for section in sections if section.path == path]
        numbered = [section for section in own if section.number]
        has_title = [section.level for section in own].count(1) == 1
        expected += numbered or [section for section in own if not (has_title and section.level == 1)]
    return tuple(expected)


def _drop_brackets(reference: str) -> str:
    """Drop a note in brackets at the end of a reference."""
    return re.sub(r"\s*\([^()]*\)\s*$", "", reference).strip()
