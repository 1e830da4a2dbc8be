"""The bytes of one Markdown file in, the `Spec` that it holds out, with every problem found on the way."""

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

# The text of a file, where its body begins and the rules in, the blocks of the body out.
BodyParser = Callable[[str, int, HeadingVocabulary], MarkdownBody]

_TITLE_LABEL = re.compile(r"^feature specification\s*:\s*", re.IGNORECASE)
_NESTING = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+|>[ \t]?)*")


def parse_spec(
    path: str, content: bytes, rules: HeadingVocabulary = DEFAULT, *, parse: BodyParser | None = None
) -> Spec:
    """Read one spec; whatever is wrong with it becomes one of its problems.

    `parse` reads the body where that is to be done in another way than the quickest; the spec must come out the same.

    Raises:
        SpecError: the content is not UTF-8; the place is that of the first wrong byte.
    """
    # PyYAML and marko cost start-up time, so they are loaded by the first spec that is read.
    from spec2bdd.domain.specs.body import parse_body
    from spec2bdd.domain.specs.front_matter.parser import parse_front_matter

    page = parse_source_file(path, decode_text(path, content))
    front = parse_front_matter(page)
    spec = Spec(path, content, front.fields, problems=front.problems)
    return _sort_problems(_add_body(page, spec, rules, front=front, parse=parse or parse_body))


def decode_text(path: str, content: bytes) -> str:
    """Return the text of a file; a BOM stays in it, so that every offset counts it."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = parse_source_file(path, content[: error.start].decode("utf-8"))
        line, column = before.find_place(len(before.text))
        message = f"byte 0x{content[error.start]:02X} is not UTF-8 text"
        raise SpecError(message, hint="save the file as UTF-8", path=path, line=line, column=column) from error


def _add_body(page: SourceFile, spec: Spec, rules: HeadingVocabulary, *, front: FrontMatter, parse: BodyParser) -> Spec:
    """Read what stands below the front matter."""
    try:
        body = parse(page.text, front.body_start, rules)
        spec = _add_preamble(page, spec, body, start=front.body_start) if front.bare else spec
        spec = replace(spec, upstream=find_dependencies(page, front.body_start))
        return _add_criteria(page, spec, rules, body=body)
    except RecursionError:
        return replace(spec, problems=(*spec.problems, _derive_too_deep(page, front.body_start)))
    except TooLongError:
        return replace(spec, problems=(*spec.problems, _derive_too_long(page, front.body_start)))


def _add_preamble(page: SourceFile, spec: Spec, body: MarkdownBody, *, start: int) -> Spec:
    """Fill in the status that a spec without front matter gives in its text; then it lacks none."""
    from spec2bdd.domain.specs.front_matter.preamble import find_preamble

    fields, problems = find_preamble(page, body, start=start)
    has_status = any(field.key == "status" for field in fields)
    return replace(spec, fields=fields, problems=problems if has_status else (*spec.problems, *problems))


def _add_criteria(page: SourceFile, spec: Spec, rules: HeadingVocabulary, *, body: MarkdownBody) -> Spec:
    """Fill in all that comes from the blocks of the body."""
    from spec2bdd.domain.specs.criteria.criteria import derive_criteria, derive_done_items, find_entries
    from spec2bdd.domain.specs.criteria.missing_boxes import find_gaps
    from spec2bdd.domain.specs.headings.sections import derive_sections, find_checklists, find_purpose, find_title
    from spec2bdd.domain.specs.markdown.inline import parse_inline

    sections = derive_sections(body, rules)
    runs = find_checklists(sections, body.links, rules)
    entries = find_entries(page, runs, links=body.links)
    criteria, faults = derive_criteria(page, entries), [entry.problem for entry in entries if entry.problem]
    done_items, done_faults = derive_done_items(page, runs, links=body.links)
    title = _TITLE_LABEL.sub("", find_title(sections), count=1)
    purpose = [parse_inline(paragraph.source, body.links).text for paragraph in find_purpose(sections)]
    gaps = find_gaps(page, sections, runs, criteria=criteria)
    return replace(
        spec,
        title="" if is_placeholder(title) else title,
        purpose=" ".join(words for words in purpose if words and not is_placeholder(words)),
        criteria=criteria,
        done_items=done_items,
        problems=(*spec.problems, *faults, *done_faults, *gaps),
    )


def _derive_too_deep(page: SourceFile, start: int) -> Diagnostic:
    """Report Markdown that is nested more deeply than it can be read, at the line with the most marks in front."""
    lines = re.finditer(r"(?m)^.*$", page.text)
    deepest = max(lines, key=lambda line: _measure_nesting(line[0]) if line.start() >= start else -1)
    message = "lists or quotes are nested too deeply, so no criteria were read"
    return page.derive_error(deepest.start(), "too-deep", message=message, hint="take some levels out of this line")


def _derive_too_long(page: SourceFile, start: int) -> Diagnostic:
    """Report more Markdown than can be read while anybody waits."""
    message = f"the file has more than {MOST_LINES:,} lines, so no criteria were read"
    return page.derive_error(start, "too-long", message=message, hint="write one spec for each feature")


def _measure_nesting(line: str) -> int:
    """Return how many characters of quotes, list markers and indent stand in front of a line's words."""
    marks = _NESTING.match(line)
    return marks.end() if marks else 0


def _sort_problems(spec: Spec) -> Spec:
    """Put the problems in the order of the file."""
    if len(spec.problems) < 2:
        return spec
    return replace(spec, problems=tuple(sorted(spec.problems, key=lambda problem: (problem.line, problem.column))))
