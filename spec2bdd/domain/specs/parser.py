"""Parse one Markdown file into a `Spec`, with a diagnostic for everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from spec2bdd.domain.specs.dependencies import find_dependencies
from spec2bdd.domain.specs.markdown.blocks import MOST_LINES, MarkdownBody, TooLongError
from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.domain.specs.vocabulary.rules import DEFAULT, HeadingVocabulary
from spec2bdd.errors import SpecError
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile, parse_source_file

if TYPE_CHECKING:
    from spec2bdd.domain.specs.front_matter.parser import FrontMatter

# Parses the body of a text that begins at an offset.
BodyParser = Callable[[str, int, HeadingVocabulary], MarkdownBody]

_TITLE_LABEL = re.compile(r"^feature specification\s*:\s*", re.IGNORECASE)
# The quotes, list markers and indentation at the start of a line.
_NESTING = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+|>[ \t]?)*")


def parse_spec(
    path: str, content: bytes, vocabulary: HeadingVocabulary = DEFAULT, *, parse: BodyParser | None = None
) -> Spec:
    """Parse one spec; whatever is wrong with it becomes one of its diagnostics, in the order of the file.

    `parse` replaces the parser of the body by a slower one, with which the spec must come out the same.

    Raises:
        SpecError: the content is not UTF-8; the position is that of the first wrong byte.
    """
    # PyYAML and marko cost start-up time, so they are loaded by the first spec that is parsed.
    from spec2bdd.domain.specs.body import parse_body
    from spec2bdd.domain.specs.front_matter.parser import parse_front_matter

    file = parse_source_file(path, decode_text(path, content))
    front_matter = parse_front_matter(file)
    spec = Spec(path, content, front_matter.fields, problems=front_matter.problems)
    spec = _add_body(file, spec, vocabulary, front_matter=front_matter, parse=parse or parse_body)
    if len(spec.problems) < 2:
        return spec
    in_order = sorted(spec.problems, key=lambda diagnostic: (diagnostic.line, diagnostic.column))
    return replace(spec, problems=tuple(in_order))


def decode_text(path: str, content: bytes) -> str:
    """Decode a file; a BOM remains part of the text, so that every offset counts it.

    Raises:
        SpecError: the content is not UTF-8; the position is that of the first wrong byte.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = parse_source_file(path, content[: error.start].decode("utf-8"))
        line, column = before.find_place(len(before.text))
        message = f"byte 0x{content[error.start]:02X} is not UTF-8 text"
        raise SpecError(message, hint="save the file as UTF-8", path=path, line=line, column=column) from error


def _add_body(
    file: SourceFile, spec: Spec, vocabulary: HeadingVocabulary, *, front_matter: FrontMatter, parse: BodyParser
) -> Spec:
    """Add what is below the front matter."""
    from spec2bdd.domain.specs.front_matter.preamble import find_preamble

    start = front_matter.body_start
    try:
        body = parse(file.text, start, vocabulary)
        if front_matter.bare:
            # A status in the text replaces the front matter, which is then not missing.
            fields, diagnostics = find_preamble(file, body, start=start)
            has_status = any(field.key == "status" for field in fields)
            missing = () if has_status else spec.problems
            spec = replace(spec, fields=fields, problems=(*missing, *diagnostics))
        spec = replace(spec, upstream=find_dependencies(file, start))
        return _add_criteria(file, spec, vocabulary, body=body)
    except RecursionError:
        return replace(spec, problems=(*spec.problems, _diagnose_too_deep(file, start)))
    except TooLongError:
        message = f"the file has more than {MOST_LINES:,} lines, so no criteria were read"
        too_long = file.derive_error(start, "too-long", message=message, hint="write one spec for each feature")
        return replace(spec, problems=(*spec.problems, too_long))


def _add_criteria(file: SourceFile, spec: Spec, vocabulary: HeadingVocabulary, *, body: MarkdownBody) -> Spec:
    """Add everything that comes from the blocks of the body."""
    from spec2bdd.domain.specs.criteria.criteria import build_criteria, build_done_items, find_candidates
    from spec2bdd.domain.specs.criteria.missing_boxes import find_missing_boxes
    from spec2bdd.domain.specs.headings.sections import find_checklists, find_purpose, find_title, split_sections
    from spec2bdd.domain.specs.markdown.inline import parse_inline

    sections = split_sections(body, vocabulary)
    checklists = find_checklists(sections, body.links, vocabulary)
    candidates = find_candidates(file, checklists, links=body.links)
    criteria = build_criteria(file, candidates)
    done_items, done_diagnostics = build_done_items(file, checklists, links=body.links)
    title = _TITLE_LABEL.sub("", find_title(sections), count=1)
    purpose = [parse_inline(paragraph.source, body.links).text for paragraph in find_purpose(sections)]
    return replace(
        spec,
        title="" if is_placeholder(title) else title,
        purpose=" ".join(text for text in purpose if text and not is_placeholder(text)),
        criteria=criteria,
        done_items=done_items,
        problems=(
            *spec.problems,
            *(candidate.diagnostic for candidate in candidates if candidate.diagnostic),
            *done_diagnostics,
            *find_missing_boxes(file, sections, checklists, criteria=criteria),
        ),
    )


def _diagnose_too_deep(file: SourceFile, start: int) -> Diagnostic:
    """Report Markdown that is nested too deeply, at the line with the longest run of markers at its start."""
    deepest_offset, most_markers = start, -1
    for line in re.finditer(r"(?m)^.*$", file.text):
        markers = _NESTING.match(line[0])
        length = markers.end() if markers else 0
        if line.start() >= start and length > most_markers:
            deepest_offset, most_markers = line.start(), length
    message = "lists or quotes are nested too deeply, so no criteria were read"
    return file.derive_error(deepest_offset, "too-deep", message=message, hint="take some levels out of this line")
