"""Find the items of an issue that are criteria, and render them as items of a spec."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from spec2bdd.domain.drafts.issue_text import parse_issue_heading
from spec2bdd.domain.specs.dialects import ReadingOptions
from spec2bdd.domain.specs.dialects.registry import find_dialect
from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading, is_task_heading
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec, Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.markdown_lines import LIST_MARKER, LineKind, MarkdownLine

_BOX = re.compile(r"[ \t]+\[[^\[\]\n]\](?=[ \t])")
# Boxes under these are no criteria. A heading that says only that there are boxes does not say what they are.
_WORK = (HeadingKind.DONE, HeadingKind.OTHER)
_LISTS = re.compile(r"check ?-?lists?:?", re.IGNORECASE)
# What forms for issues ask of their writers: "I agree to follow this project's Code of Conduct".
_PROMISE = re.compile(
    r"[ \t]+\[[^\[\]\n]\][ \t]+I(?:(?:'ve| have)? (?:read|searched|checked|looked|verified|tried|reviewed|followed)"
    r"| agree| confirm| understand|(?:'m| am) (?:willing|using))\b",
    re.IGNORECASE,
)
# The last closing bracket of a line.
_LAST_BRACKET = re.compile(r"([)\uff09])(?!.*[)\uff09])")


@dataclass(frozen=True, slots=True)
class IssueItem:
    """One item that is a criterion, by its first and last line, with all that is nested in it."""

    tier: Tier
    first: int
    last: int


def find_issue_items(lines: Sequence[MarkdownLine], *, path: str) -> tuple[IssueItem, ...]:
    """Find the items that are criteria.

    These are the items under headings that announce criteria in a spec, with or without boxes. If there are none, all
    items with a box are, except promises such as "I agree to ..." and those under headings of tasks or of a definition
    of done.

    Raises:
        MergeConflictError: there is a conflict marker.
    """
    spec = _parse("\n".join(line.text for line in lines), path)
    tiers = {criterion.line: criterion.tier for criterion in spec.criteria}
    if not tiers:
        heading = ""
        for line in lines:
            heading = parse_issue_heading(line)[1] or heading
            marker = LIST_MARKER.match(line.text) if line.kind is LineKind.ITEM else None
            is_work = classify_heading(heading) in _WORK or (is_task_heading(heading) and not _LISTS.fullmatch(heading))
            is_promise = marker and _PROMISE.match(line.text, marker.end())
            if marker and _BOX.match(line.text, marker.end()) and not (is_work or is_promise):
                tiers[line.number] = Tier.MUST
    items: list[IssueItem] = []
    for number, tier in sorted(tiers.items()):
        # Criteria in tables stay where they are, and what is nested in an item comes along with it.
        if lines[number - 1].kind is LineKind.ITEM and (not items or number > items[-1].last):
            items.append(IssueItem(tier, number, _find_end(lines, number)))
    return tuple(items)


def read_item_texts(criteria: Mapping[Tier, Sequence[str]]) -> tuple[str, ...]:
    """Read rendered items as a spec has them, and return their texts as criteria."""
    rows = ["## Acceptance Criteria"]
    for tier, items in criteria.items():
        rows += [f"### {tier} have", *items, ""]
    return tuple(criterion.text for criterion in _parse("\n".join(rows), "").criteria)


def render_issue_item(lines: Sequence[MarkdownLine]) -> str:
    """Render an item with an empty box, without the indentation that it had, and with the boxes in it empty.

    A note such as `(waived: a reason)` or `(manual)` stays as a part of the text.
    """
    first, *others = lines
    text = LIST_MARKER.sub("", first.text, count=1)
    box = _BOX.match(text)
    rows = [f"- [ ] {text[box.end() if box else 0 :].strip()}"]
    for line in others:
        row = line.text
        width = min(len(row) - len(row.lstrip(" ")), first.indent)
        marker = LIST_MARKER.match(row) if line.kind is LineKind.ITEM else None
        if marker and (box := _BOX.match(row, marker.end())):
            row = f"{row[: marker.end()]} [ ]{row[box.end() :]}"
        rows.append(row[width:])
    if any(item.waived or item.manual for item in _parse("\n".join(["## Acceptance Criteria", *rows]), "").criteria):
        # A note counts only where nothing follows it.
        rows = [_LAST_BRACKET.sub(r"\1.", row) for row in rows]
    return "\n".join(rows).rstrip()


def _parse(text: str, path: str) -> Spec:
    """Parse a text as a spec would be parsed, with items without boxes."""
    content, template = text.encode("utf-8", "replace"), [find_dialect("template")]
    return parse_spec(path, content, dialects=template, options=ReadingOptions(boxless=True))


def _find_end(lines: Sequence[MarkdownLine], first: int) -> int:
    """Find the last line of an item, with all that is nested in it."""
    indent = lines[first - 1].indent
    last = first
    for above, line in pairwise(lines[first - 1 :]):
        is_lazy = line.kind is LineKind.WORDS and above.kind in (LineKind.ITEM, LineKind.WORDS)
        if line.kind is LineKind.BLANK:
            continue
        if line.kind is LineKind.HEADING or not (line.indent > indent or is_lazy):
            break
        last = line.number
    return last
