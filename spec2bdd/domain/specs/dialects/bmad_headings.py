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
_REPORT = re.compile(r"report|summary|retro|plan|validation", re.IGNORECASE)
_HEADING_LINE = re.compile(r"^#{2,4} ([^\r\n]+)", re.MULTILINE)
# Criteria under such a heading are those of a project, or the results of a check.
_SUCCESS = re.compile(r"success|succ\u00e8s|\u00e9xito|sucesso|erfolg|\u6210\u529f", re.IGNORECASE)
_CHECKED = re.compile(r"\b(?:met|validat|verifi|status|results?)", re.IGNORECASE)
# The sections about the work on a story; a heading of criteria under them is that of a task.
WORK = re.compile(
    r"(?:tasks|dev |qa |change ?log|senior |review|story completion|completion notes|file list|references)",
    re.IGNORECASE,
)


def is_story(path: str, text: str) -> bool:
    """Whether a file is a story with acceptance criteria, known by its sections or its title."""
    headings = [match[1] for match in _HEADING_LINE.finditer(text) if is_acceptance(match[1], DEFAULT)]
    if _STORY.search(text):
        return bool(headings)
    is_titled = _TITLE.search(text) is not None and _REPORT.search(PurePosixPath(path).stem) is None
    return is_titled and not all(map(_SUCCESS.search, headings))


def is_acceptance(source: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether a heading is that of criteria, and not of a report on them."""
    return classify_heading_source(source, vocabulary) is HeadingKind.CRITERIA and not _CHECKED.search(source)


def is_about_work(source: str) -> bool:
    """Whether a heading is that of a section about the work on a story."""
    return WORK.match(source) is not None
