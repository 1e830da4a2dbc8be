"""Report files that are too long or too deeply nested to be read."""

from __future__ import annotations

import re

from spec2bdd.domain.specs.markdown.blocks import TooLongError
from spec2bdd.model import Diagnostic
from spec2bdd.text.source_file import SourceFile

# A longer file is not looked at: the longest spec of a person is less than a tenth of it.
MOST_CHARACTERS = 2_000_000

# The quotes, list markers and indentation at the start of a line.
_NESTING = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+|>[ \t]?)*")


def diagnose_too_long(file: SourceFile, error: TooLongError) -> Diagnostic:
    """Report a file, or a part of it, that would take minutes to read."""
    message = f"the file has {error.what}, so no criteria were read"
    return file.build_error(error.offset, "too-long", message=message, hint="write one spec per feature")


def diagnose_too_deep(file: SourceFile, start: int) -> Diagnostic:
    """Report Markdown that is nested too deeply, at the line with the longest run of markers at its start."""
    deepest_offset, most_markers = start, -1
    for line in re.finditer(r"(?m)^.*$", file.text):
        markers = _NESTING.match(line[0])
        length = markers.end() if markers else 0
        if line.start() >= start and length > most_markers:
            deepest_offset, most_markers = line.start(), length
    message = "lists or quotes are nested too deeply, so no criteria were read"
    return file.build_error(
        deepest_offset, "too-deep", message=message, hint="use fewer levels of nesting in this line"
    )
