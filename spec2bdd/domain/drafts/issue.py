"""Read an issue: its title, its criteria as items of a checklist, and all the rest of its text.

Anybody can have written an issue, so its text is cut into pieces and nothing in it is obeyed: ticks and comments are
left out, since they would tick or waive criteria.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import field
from itertools import takewhile

from spec2bdd.domain.drafts.issue_items import find_issue_items, read_item_texts, render_issue_item
from spec2bdd.domain.drafts.issue_text import BOLD_LEVEL, parse_issue_heading, renumber_lines, split_issue_lines
from spec2bdd.domain.specs.headings.classifier import classify_heading
from spec2bdd.model import Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.markdown_lines import LineKind, MarkdownLine

# What `gh issue view` prints before the text where its output is no terminal.
_GH_HEAD = re.compile(r"\s*title:\t(?P<title>[^\n]*)\n(?:[a-z][a-z-]*:[^\n]*\n)*--\r?\n")
_USER_STORY = re.compile(r"[*_> ]*as an? \W*\w", re.IGNORECASE)
_LONGEST_TITLE = 200
# The headings under which people say what an issue is for.
_PURPOSE = re.compile(r"(?:description|goal|motivation|overview|purpose|summary|(?:user )?story)\W*", re.IGNORECASE)
# The headings of an issue go under one of the third level, and Markdown has six.
_HIGHEST, _DEEPEST = 4, 6


@dataclass(frozen=True, slots=True)
class Issue:
    """What an issue says; `criteria` are items with empty boxes, by tier, and `texts` what they read as.

    `purpose` is the text before the first heading, or the paragraph that begins with "As a"; `notes` are all other
    lines.
    """

    title: str = ""
    purpose: str = ""
    criteria: Mapping[Tier, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    notes: str = ""


def parse_issue(text: str, *, path: str = "") -> Issue:
    """Parse the Markdown of an issue: a title, a text, sections; also as `gh issue view` prints it.

    Raises:
        MergeConflictError: there is a conflict marker.
    """
    head = _GH_HEAD.match(text)
    lines = split_issue_lines(text[head.end() if head else 0 :].removeprefix("\ufeff"))
    title, size = (head["title"], 0) if head else _find_title(lines)
    lines = renumber_lines([line.text for line in lines[size:]])
    items = find_issue_items(lines, path=path)
    used = {number for item in items for number in range(item.first, item.last + 1)}
    purpose = _find_purpose([line for line in lines if line.number not in used])
    used.update(line.number for line in purpose)
    criteria = {
        tier: tuple(render_issue_item(lines[item.first - 1 : item.last]) for item in items if item.tier is tier)
        for tier in Tier
    }
    return Issue(
        title=" ".join(title.split()),
        purpose="\n".join(line.text.strip() for line in purpose).strip(),
        criteria=criteria,
        texts=read_item_texts(criteria),
        notes=_render_notes(lines, used),
    )


def _find_title(lines: Sequence[MarkdownLine]) -> tuple[str, int]:
    """Find the title, a heading in the first line or a short line with an empty one under it, and its lines."""
    level, heading = parse_issue_heading(lines[0])
    if level:
        return (heading, 1) if level == 1 else ("", 0)
    first = lines[0].text.strip()
    is_alone = len(lines) == 1 or lines[1].kind in (LineKind.BLANK, LineKind.HEADING)
    is_picture = first.startswith(("![", "[![", "<"))
    is_title = lines[0].kind is LineKind.WORDS and is_alone and len(first) <= _LONGEST_TITLE and not is_picture
    return (first, 1) if is_title and first[-1:] not in (*".:;", "") and not _USER_STORY.match(first) else ("", 0)


def _find_purpose(lines: Sequence[MarkdownLine]) -> Sequence[MarkdownLine]:
    """Find the lines that say what the issue is for.

    These are its first paragraphs, those under a heading such as "Description", or the one that begins with "As a".
    """
    for index, line in enumerate(lines):
        above = parse_issue_heading(lines[index - 1])[1] if index else ""
        is_story = line.kind is LineKind.WORDS and _USER_STORY.match(line.text)
        if index and not is_story and not _PURPOSE.fullmatch(above):
            continue
        kinds = (LineKind.WORDS,) if is_story and index else (LineKind.WORDS, LineKind.BLANK)
        paragraphs = list(takewhile(lambda line: line.kind in kinds, lines[index:]))  # noqa: B023  It is used at once.
        # HTML may be open up to the end of the spec, with the criteria in it.
        if any(line.text.strip() for line in paragraphs) and not any("<" in line.text for line in paragraphs):
            return paragraphs
    return ()


def _render_notes(lines: Sequence[MarkdownLine], used: Set[int]) -> str:
    """Render the lines that are not used elsewhere, without headings that have nothing left under them."""
    owner, emptied = 0, set[int]()
    for line in lines:
        level, heading = parse_issue_heading(line)
        owner = line.number if level else owner
        # "Acceptance Criteria" is empty as well once the headings of tiers under it are gone.
        emptied |= {line.number} if level and classify_heading(heading) else set()
        emptied |= {owner} if line.number in used else set()
    kept: list[MarkdownLine] = []
    for line in reversed([line for line in lines if line.number not in used]):
        level, _ = parse_issue_heading(line)
        filled = next((below for below in reversed(kept) if below.kind is not LineKind.BLANK), None)
        level_below = parse_issue_heading(filled)[0] if filled else 1
        is_empty = line.number in emptied and 0 < level_below <= level
        if not is_empty and (line.kind is not LineKind.BLANK or (kept and kept[-1].kind is not LineKind.BLANK)):
            kept.append(line)
    levels = [level for line in kept if 0 < (level := parse_issue_heading(line)[0]) < BOLD_LEVEL]
    shift = _HIGHEST - min(levels, default=_HIGHEST)
    rows = []
    for line in reversed(kept):
        level, heading = parse_issue_heading(line)
        marks = "#" * min(level + shift, _DEEPEST)
        rows.append(f"{marks} {heading}".rstrip() if 0 < level < BOLD_LEVEL else line.text)
    return "\n".join(rows).strip("\n")
