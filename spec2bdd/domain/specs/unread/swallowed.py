"""Report what a block hides: headings below a fence that is not closed, and Gherkin that is part of no criterion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.phrasing.gherkin_block import INFOS
from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.markdown.fences import FencedBlock, find_fenced_blocks
from spec2bdd.domain.specs.unread.file_places import (
    describe_criteria_place,
    find_body_start,
    find_places,
    list_read_lines,
)
from spec2bdd.domain.specs.unread.places import LinePlace, place_lines
from spec2bdd.domain.specs.unread.steps.shown import is_shown
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary, render_choice
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

# A heading, a label or a box.
_HEADING = re.compile(r" {0,3}(?:#{1,6}[ \t]+(?=\S)|(?=\*\*[^*]+\*\*:?\s*$)|(?=[-*+] \[[ xX]\] ))(?P<text>[^\r\n]*)")
_OUTCOME = re.compile(r"^[ \t]*(?:Then|THEN)\b", re.MULTILINE)
# What may be Gherkin or any other text, and how Gherkin begins.
_PLAIN = frozenset({"", "bdd", "text", "txt", "plain", "plaintext"})
_SCENARIO = re.compile(r"(?:Feature|Scenario(?: Outline)?):|(?:Given|When|GIVEN|WHEN)\b")
_MOST_QUOTED = 60
_REASONS = {
    LinePlace.OPEN_CODE: ("in a code block that is never closed", "close the code block above it"),
    LinePlace.OPEN_COMMENT: ("in a comment that is never closed", "write `-->` where the comment ends"),
}


def report_swallowed_headings(
    file: SourceFile,
    spec: Spec,
    dialect: Dialect,  # noqa: ARG001 - all checks have the same arguments
    vocabulary: HeadingVocabulary,  # noqa: ARG001
) -> Iterator[Diagnostic]:
    """Warn of the first heading below a fence or a comment that is never closed: nothing from there on is read."""
    reported = {diagnostic.line for diagnostic in spec.diagnostics}
    read = {criterion.line for criterion in spec.criteria}
    lines = place_lines(file.text, find_body_start(file.text))
    swallowed = [line for line in lines if line.place in _REASONS]
    if any(file.find_place(line.offset)[0] in reported for line in swallowed):
        return
    for line in swallowed:
        # A comment may begin after the words of a criterion.
        if (match := _HEADING.match(line.text)) and file.find_place(line.offset)[0] not in read:
            reason, hint = _REASONS[line.place]
            message = f"`{match['text'].rstrip()[:_MOST_QUOTED]}` and what follows it are not read: they are {reason}"
            yield file.build_warning(line.offset, "unread-heading", message=message, hint=hint)
            return


def report_unread_gherkin(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of the blocks of Gherkin that are part of no criterion, once under each heading.

    Outside of the criteria, only blocks that are named as Gherkin count.
    """
    read = list_read_lines(spec)
    blocks = []
    for block in find_fenced_blocks(file.text, find_body_start(file.text)):
        first, last = file.find_place(block.start)[0], file.find_place(block.end)[0]
        if _has_scenario(file.text, block) and read.isdisjoint(range(first, last + 1)):
            blocks.append(block)
    if not blocks:
        return
    places = find_places(file, spec, dialect, vocabulary)
    seen: set[int] = set()
    for block in blocks:
        path = places.find_path(block.start)
        heading = path.headings[-1].offset if path.headings else -1
        lines = {file.find_place(offset)[0] for offset in (heading, block.start, block.content_start) if offset >= 0}
        is_known = not lines.isdisjoint(places.reported) or (
            heading >= 0 and file.find_place(heading)[0] in places.parts
        )
        is_named = block.info.lower() in INFOS
        is_demanded = is_named and _has_outcome(file.text, block) and not is_shown(file.text, block.start, path)
        is_meant = is_demanded or places.is_among_criteria(path)
        if is_known or heading in seen or path.is_wont or places.find_other_use(path) or not is_meant:
            continue
        seen.add(heading)
        message = f"this Gherkin is part of no criterion: {describe_criteria_place(dialect)}"
        hint = "write its steps there" if is_named else "write `gherkin` after its fence"
        hint += ", or put `<!-- spec2bdd: ignore unread-steps -->` above"
        yield file.build_warning(block.start, "unread-steps", message=message, hint=hint)


def _has_scenario(text: str, block: FencedBlock) -> bool:
    """Whether a block has steps, in any language, if it is named as Gherkin, or else a scenario with an outcome."""
    body = text[block.content_start : block.content_end]
    if block.info.lower() in INFOS:
        return _compile_step("given", "when", "then").search(body) is not None
    is_gherkin = block.info.lower() in _PLAIN and _SCENARIO.match(body.strip()) is not None
    return is_gherkin and _OUTCOME.search(body) is not None


def _has_outcome(text: str, block: FencedBlock) -> bool:
    """Whether a block of Gherkin has an outcome."""
    return _compile_step("then").search(text, block.content_start, block.content_end) is not None


@cache
def _compile_step(*kinds: str) -> re.Pattern[str]:
    """Compile the pattern of a step of one of these kinds, in any language."""
    words = {word for language in LANGUAGES.values() for kind in kinds for word in language.steps[kind]}
    words |= {kind.upper() for kind in kinds}
    return re.compile(rf"^[ \t]*{render_choice(words)}(?=[ \t:]|[^\x00-\x7f])", re.MULTILINE)
