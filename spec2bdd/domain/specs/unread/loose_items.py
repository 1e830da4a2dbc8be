"""Report items that name a tier, and boxes in quotes, where no heading announces criteria: neither is read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.heading_path import HeadingPath
from spec2bdd.domain.specs.unread.file_places import describe_criteria_place, find_places
from spec2bdd.domain.specs.unread.places import LinePlace
from spec2bdd.domain.specs.unread.report import count_boxes, quote
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

_TIER_ITEM = re.compile(
    r"^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+"
    r"(?:\*\*)?[\[(]?(?P<tier>must|should|could)(?:[ -]have)?(?:[\])]|\*\*|:)[*:]{0,3}[ \t]+\S",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED_BOX = re.compile(r"^[ \t]*>[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+(?P<tier>\[[ xX]\])(?=[ \t])", re.MULTILINE)
# The label of criteria with a sentence after it or under it, and no list.
_SENTENCE = re.compile(
    r"""
    ^(?:\*\*|__)?(?P<tier>acceptance[ ]criteri(?:a|on))(?:\*\*|__)?:(?:\*\*|__)?
    [ \t]*(?:\r?\n[ \t]*)?
    (?![-*+|#<>`]|\d{1,9}[.)][ \t])[^\r\n]{12,}(?=[\r\n]|\Z)   # words that are no item, table, heading or block
    (?!\s*\n[ \t]*(?:[-*+|`<]|\d{1,9}[.)][ \t]))         # and no list under them
    """,
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)


def report_loose_items(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of items with a tier and of quoted boxes, once under each heading that is not about something else."""
    tiers = list(_TIER_ITEM.finditer(file.text))
    sentences = list(_SENTENCE.finditer(file.text))
    matches = [*(tiers if len(tiers) > 1 else ()), *_QUOTED_BOX.finditer(file.text)]
    if not matches and not sentences:
        return
    places = find_places(file, spec, dialect, vocabulary)
    groups: dict[tuple[bool, HeadingPath], list[re.Match[str]]] = defaultdict(list)
    for match in matches:
        line, path = file.find_place(match.start())[0], places.find_path(match.start())
        is_box = match["tier"].startswith("[")
        is_visible = places.lines.get(match.start()) is (LinePlace.QUOTE if is_box else LinePlace.TEXT)
        is_read = line in places.parts or line in places.reported or places.is_among_criteria(path)
        if is_visible and not is_read and not places.find_other_use(path):
            groups[is_box, path].append(match)
    for match in sentences:
        line = file.find_place(match.start())[0]
        is_visible = places.lines.get(match.start()) is LinePlace.TEXT
        is_read = not places.parts.isdisjoint((line, line + 1)) or line in places.reported
        if is_visible and not is_read and not places.find_other_use(places.find_path(match.start() - 1)):
            message = f"the sentence after `{match['tier']}` is not read: criteria are the items of a list"
            hint = "write each as an item: `- [ ] What must work`"
            yield file.build_warning(match.start("tier"), "unread-criterion", message=message, hint=hint)
    for (is_box, path), found in groups.items():
        where = f"under `{path.headings[-1].text}`" if path.headings else "above all headings"
        name = quote(path.headings[-1].text) if path.headings else ""
        offset = found[0].start("tier")
        if is_box:
            verb = "is" if len(found) == 1 else "are"
            message = f"{count_boxes(len(found))} {where} {verb} not read: in a quote"
            hint = f'remove the `>`, or add `leave-out = ["{name}"]` to `[tool.spec2bdd.headings]`'
            yield file.build_warning(offset, "unread-section", message=message, hint=hint)
        # A legend names each tier once.
        elif max(Counter(match["tier"].lower() for match in found).values()) > 1:
            message = f"{len(found)} items {where} name a tier and are not read: {describe_criteria_place(dialect)}"
            hint = f'add `criteria = ["{name}"]` or `leave-out = ["{name}"]` to `[tool.spec2bdd.headings]`'
            yield file.build_warning(offset, "unread-criterion", message=message, hint=hint)
