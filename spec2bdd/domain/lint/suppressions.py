"""Check the `<!-- spec2bdd: ignore CODE -->` comments themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.diagnostics.codes import CODES
from spec2bdd.diagnostics.suppressions import _IGNORE, _OWN, Suppression, _find_comments, suggest_code
from spec2bdd.model import Diagnostic
from spec2bdd.text.markdown_lines import MarkdownLines


def check_suppressions(
    sheet: MarkdownLines, ignores: Sequence[Suppression], problems: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """Yield a finding for each comment that ignores an unknown code, or what is not among the problems of the file."""
    for match in _find_comments(sheet):
        if not _IGNORE.fullmatch(match["body"]):
            message = f"`{' '.join(match['body'].split())}` says nothing to spec2bdd"
            hint = "write `<!-- spec2bdd: ignore CODE -->`, with a code as it stands in brackets behind a message"
            yield build_diagnostic(
                sheet.path, sheet.find_place(match.start()), code="unknown-code", message=message, hint=hint
            )
    for ignore in ignores:
        place = (ignore.line, ignore.column)
        if ignore.code not in CODES:
            message, hint = f"there is no code `{ignore.code}`", suggest_code(ignore.code)
            yield build_diagnostic(sheet.path, place, code="unknown-code", message=message, hint=hint)
        elif not CODES[ignore.code].configurable:
            message = f"`{ignore.code}` is an error that keeps work from being done, so it cannot be ignored"
            yield build_diagnostic(sheet.path, place, code="unused-ignore", message=message)
        elif ignore.code not in _OWN and not any(ignore.covers(problem) for problem in problems):
            message = f"`{ignore.code}` is ignored here, and is not found here"
            yield build_diagnostic(sheet.path, place, code="unused-ignore", message=message)
