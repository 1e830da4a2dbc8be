"""Recognize what only shows how something is written, by the words above it."""

from __future__ import annotations

import re

from spec2bdd.domain.specs.headings.heading_path import HeadingPath

# What is said above Gherkin that shows how something is written, or what a file has in it, and how far above.
_SHOWN = re.compile(r"\b(?:examples?|for instance|sample|syntax|snippet)\b|\be\.g\.|\.feature\b", re.IGNORECASE)
_LEAD_IN = 300
_FORMAT = re.compile(
    r"(?:[\w-]+ )?(?:format|syntax|notation|conventions?|templates?|style)(?: (?:guide|guidelines?|reference|rules))?",
    re.IGNORECASE,
)


def is_shown(text: str, offset: int, path: HeadingPath) -> bool:
    """Whether what is at an offset, under the headings of a path, only shows how something is written."""
    start = path.headings[-1].offset if path.headings else 0
    is_format = any(_FORMAT.fullmatch(heading.text) for heading in path.headings)
    return is_format or _SHOWN.search(text[max(start, offset - _LEAD_IN) : offset]) is not None
