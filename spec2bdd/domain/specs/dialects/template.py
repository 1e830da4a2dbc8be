"""The template's dialect: front matter, and task list items under headings of tiers or acceptance criteria.

It also reads the many variants of the template that teams use, and accepts every file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from spec2bdd.domain.specs.dependencies import find_dependencies
from spec2bdd.domain.specs.dialects.protocol import NOTHING, ReadingOptions
from spec2bdd.domain.specs.dialects.reading.limits import (
    check_size,
    diagnose_too_deep,
    diagnose_too_long,
    mark_as_template,
)
from spec2bdd.domain.specs.markdown.blocks import Heading, MarkdownBody, TooLongError
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

# Parses the body of a text that begins at an offset.
BodyParser = Callable[[str, int, HeadingVocabulary], MarkdownBody]

_TITLE_LABEL = re.compile(r"^feature specification\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TemplateDialect:
    """Reads specs that follow the template.

    `body_parser` replaces the parser of the body by another one, which must give the same spec: tests compare the
    usual one, which skips what cannot matter, with one that parses everything.
    """

    body_parser: BodyParser | None = None
    name: ClassVar[str] = "template"
    criteria_place: ClassVar[str] = "under headings of criteria and of tiers"
    criteria_heading: ClassVar[re.Pattern[str]] = NOTHING
    other_heading: ClassVar[re.Pattern[str]] = NOTHING

    def detects(self, path: str, text: str) -> bool:  # noqa: ARG002 - the protocol's arguments
        """Accept every file: a spec may lack any part of the template, and missing parts are reported."""
        return True

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse the front matter and the body of a spec."""
        vocabulary = options.vocabulary
        # PyYAML and the vocabulary cost start-up time, so they are loaded by the first spec that is parsed.
        from spec2bdd.domain.specs.body import parse_body
        from spec2bdd.domain.specs.front_matter.parser import parse_front_matter

        front_matter = parse_front_matter(file)
        start = front_matter.body_start
        spec = Spec(file.path, content, front_matter.fields, diagnostics=front_matter.diagnostics)
        try:
            check_size(file.text)
            body = (self.body_parser or parse_body)(file.text, start, vocabulary)
            if front_matter.bare:
                # Few specs have no front matter.
                from spec2bdd.domain.specs.front_matter.preamble import find_preamble

                # A status in the text replaces the front matter, which is then not missing.
                fields, diagnostics = find_preamble(file, body, start=start)
                has_status = any(field.key == "status" for field in fields)
                missing = () if has_status else spec.diagnostics
                spec = replace(spec, fields=fields, diagnostics=(*missing, *diagnostics))
            spec = replace(spec, upstream=find_dependencies(file, start))
            return _add_criteria(file, spec, options, body=body, start=start)
        except RecursionError:
            return replace(spec, diagnostics=(*spec.diagnostics, diagnose_too_deep(file, start)))
        except TooLongError as error:
            return replace(spec, diagnostics=(*spec.diagnostics, diagnose_too_long(file, error)))


def _add_criteria(file: SourceFile, spec: Spec, options: ReadingOptions, *, body: MarkdownBody, start: int) -> Spec:
    """Add everything that comes from the blocks of the body."""
    from spec2bdd.domain.specs.criteria.criteria import (
        build_criteria,
        build_done_items,
        find_candidates,
        merge_criteria,
    )
    from spec2bdd.domain.specs.criteria.missing_boxes import build_boxless_tasks, find_missing_boxes
    from spec2bdd.domain.specs.criteria.other_places import read_other_places
    from spec2bdd.domain.specs.criteria.repeats import drop_repeated_lists
    from spec2bdd.domain.specs.criteria.tags import add_tags
    from spec2bdd.domain.specs.headings.sections import (
        find_checklists,
        find_purpose,
        find_title,
        split_sections,
    )
    from spec2bdd.domain.specs.headings.unseen import find_swallowed_labels, hide_unseen
    from spec2bdd.domain.specs.markdown.inline import parse_words
    from spec2bdd.domain.specs.unread.headings import find_unseen_headings
    from spec2bdd.domain.specs.unread.report import ParsedSections, report_unread
    from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder

    vocabulary = options.vocabulary
    sections = split_sections(body, vocabulary)
    checklists = find_checklists(sections, body.links, vocabulary, identified=options.identified)
    headings = [block for block in body.blocks if isinstance(block, Heading)]
    unseen = (
        *find_unseen_headings(file.text, start, headings, vocabulary),
        *find_swallowed_labels(file, sections, checklists, links=body.links, vocabulary=vocabulary),
    )
    if unseen:
        checklists = hide_unseen(checklists, unseen)
    parsed = ParsedSections(start, sections, checklists, unseen, body.links, vocabulary)
    only_ids = options.identified and not options.boxless
    has_boxless = options.boxless or options.identified
    boxless = build_boxless_tasks(file, sections, checklists, only_ids=only_ids) if has_boxless else {}
    candidates, repeats = drop_repeated_lists(
        file, find_candidates(file, checklists, links=body.links, boxless=boxless)
    )
    criteria = build_criteria(file, candidates)
    others = read_other_places(
        file, spec, start, sections=sections, links=body.links, options=options, criteria=criteria
    )
    # Those that do not begin an item.
    boxes = others.boxes.union(task.offset for tasks in boxless.values() for task in tasks if task.start is None)
    unread = report_unread(
        file, parsed, in_tables=boxes, lines=frozenset(criterion.line for criterion in others.criteria)
    )
    criteria, tag_diagnostics = add_tags(file, merge_criteria(criteria, others.criteria))
    done_items, done_diagnostics = build_done_items(file, checklists, links=body.links)
    title = _TITLE_LABEL.sub("", find_title(sections), count=1)
    purpose = [parse_words(paragraph.source, body.links) for paragraph in find_purpose(sections)]
    spec = replace(
        spec,
        title="" if is_placeholder(title) else title,
        purpose=" ".join(text for text in purpose if text and not is_placeholder(text)),
        criteria=criteria,
        done_items=done_items,
        diagnostics=(
            *spec.diagnostics,
            *(candidate.diagnostic for candidate in candidates if candidate.diagnostic),
            *repeats,
            *others.diagnostics,
            *done_diagnostics,
            *tag_diagnostics,
            *find_missing_boxes(file, sections, checklists, criteria=criteria),
            *unread.diagnostics,
        ),
        unread=unread.blocking,
    )
    return _quiet_template(spec)


def _quiet_template(spec: Spec) -> Spec:
    """Report of a spec only that it is a template, if neither its fields nor any criterion are filled in."""
    has_placeholders = any(diagnostic.code == "placeholder-criterion" for diagnostic in spec.diagnostics)
    fields = {field.key for field in spec.fields if field.placeholder}
    if not has_placeholders or spec.criteria or len(fields & {"feature_id", "name", "status"}) < 2:
        return spec
    return mark_as_template(spec)
