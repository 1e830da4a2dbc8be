"""Separate the stories of BMAD from other files, and their headings of criteria from those of other sections."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import classify_heading_source
from spec2bdd.domain.specs.vocabulary import DEFAULT, HeadingVocabulary

# What only a story has: the sections that its template puts around the criteria. A report on stories has neither.
_STORY = re.compile(
    r"^#{2,3} (?:(?:user )?story *:?|story (?:details|statement)|tasks ?/ ?subtasks|dev notes|dev agent record) *\r?$",
    re.IGNORECASE | re.MULTILINE,
)
# The title of a story with other sections, and that of the technical specification of a small change.
_TITLE = re.compile(r"^# (?:(?:user )?story|tech[ -]spec)\b", re.IGNORECASE | re.MULTILINE)
# A story in any language: its title has a number, as `# Historia 1.2: Pagar`, or its file is named as the tool does.
_NUMBERED = re.compile(r"^# (?:[^\W\d_]+[ ]){0,3}[^\W\d_]+[ ]?#?\d+[.-]\d+\b", re.MULTILINE)
_SUFFIX = ".story.md"
_REPORT = re.compile(r"report|summary|retro|plan|validation", re.IGNORECASE)
_HEADING_LINE = re.compile(r"^#{2,4} ([^\r\n]+)", re.MULTILINE)
_LABEL_LINE = re.compile(r"^(?:\*\*|__)([^*_\r\n]+)(?:\*\*|__):?[ \t]*\r?$", re.MULTILINE)
# Criteria under such a heading are those of a project, or the results of a check.
_SUCCESS = re.compile(r"success|succ\u00e8s|\u00e9xito|sucesso|erfolg|\u6210\u529f", re.IGNORECASE)
_CHECKED = re.compile(r"\b(?:met|validat|verifi|status|results?)", re.IGNORECASE)
# The sections about the work on a story; a heading of criteria under them is that of a task.
WORK = re.compile(
    r"(?:tasks|dev |qa |change ?log|senior |review|story completion|completion notes|file list|references)",
    re.IGNORECASE,
)


def is_story(path: str, text: str) -> bool:
    """Whether a file is a story with acceptance criteria, known by its sections, its title or its name."""
    headings = [match[1] for match in _HEADING_LINE.finditer(text) if is_acceptance(match[1], DEFAULT)]
    if _STORY.search(text):
        return bool(headings)
    if _REPORT.search(PurePosixPath(path).stem):
        return False
    if path.endswith(_SUFFIX) or (_NUMBERED.search(text) and not _TITLE.search(text)):
        # Where the criteria have no heading but a label, they are reported.
        labels = (match[1].strip(" :\uff1a") for match in _LABEL_LINE.finditer(text))
        headings += [label for label in labels if is_acceptance(label, DEFAULT)]
    elif not _TITLE.search(text):
        return False
    return not all(map(_SUCCESS.search, headings))


def is_acceptance(source: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether a heading is that of criteria, and not of a report on them."""
    return classify_heading_source(source, vocabulary) is HeadingKind.CRITERIA and not _CHECKED.search(source)


def is_about_work(source: str) -> bool:
    """Whether a heading is that of a section about the work on a story."""
    return WORK.match(source) is not None
