"""Report files that are too long or too deeply nested to be read, or that nothing is filled into."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from spec2bdd.domain.specs.markdown.blocks import TooLongError
from spec2bdd.model import Diagnostic, Severity, Spec
from spec2bdd.text.source_file import SourceFile

# A longer file is not looked at: the longest spec of a person is less than a tenth of it.
MOST_CHARACTERS = 2_000_000
_MOST_LINES = 200_000
# Each one becomes a criterion, or at least a diagnostic, which takes up to a tenth of a millisecond.
_MOST_BOXES = 20_000
_BOX = re.compile(r"[-+*.)][ \t]+\[.\]")

# The quotes, list markers and indentation at the start of a line.
_NESTING = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+|>[ \t]?)*")


def check_size(text: str) -> None:
    """Check that a spec has at most as many characters, lines and boxes as can be read in seconds.

    Raises:
        TooLongError: it has.
    """
    if len(text) > MOST_CHARACTERS:
        raise TooLongError(f"more than {MOST_CHARACTERS:,} characters", MOST_CHARACTERS)
    if text.count("\n") > _MOST_LINES:
        line_end = next(islice(re.finditer("\n", text), _MOST_LINES, None))
        raise TooLongError(f"more than {_MOST_LINES:,} lines", line_end.start())
    if text.count("]") > _MOST_BOXES and (box := next(islice(_BOX.finditer(text), _MOST_BOXES, None), None)):
        raise TooLongError(f"more than {_MOST_BOXES:,} boxes", box.start())


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


def mark_as_template(spec: Spec) -> Spec:
    """Mark a spec as a template, and report nothing else of it."""
    message = "nothing in this file is filled in, so it is read as a template"
    hint = "fill it in, or add it to `exclude` under `[tool.spec2bdd]`"
    diagnostic = Diagnostic(spec.path, 1, 1, Severity.SUGGESTION, "unfilled-template", message, hint)
    return replace(spec, diagnostics=(diagnostic,), unread=(), is_template=True)
