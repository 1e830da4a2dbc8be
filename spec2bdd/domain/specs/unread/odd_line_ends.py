"""Report signs that end a line in some editors and in no Markdown, where an item or a heading follows them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

_SIGNS = "\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e"
# It also matches signs before other words, without the group `words`: each sign of a row of them is read only once.
_ODD_END = re.compile(
    rf"""
    (?<=[^\n]) (?P<sign>[{_SIGNS}]) [{_SIGNS}\ \t]*+
    (?P<words> (?:\#{{1,6}} | [-+*] | \d{{1,9}}[.)]) [ \t]+ [^\s{_SIGNS}] [^\n{_SIGNS}]{{0,30}})?
    """,
    re.VERBOSE,
)
_NAMES = {"\x85": "NEXT LINE", "\x0b": "VERTICAL TAB", "\x0c": "FORM FEED"}


def report_odd_line_ends(
    file: SourceFile,
    spec: Spec,
    dialect: Dialect,  # noqa: ARG001 - all checks have the same arguments
    vocabulary: HeadingVocabulary,  # noqa: ARG001
) -> Iterator[Diagnostic]:
    """Warn of the first sign that hides an item or a heading, and count all of them."""
    # Few files have any; to look for each of them takes a tenth of the time.
    if not any(sign in file.text for sign in _SIGNS):
        return
    matches = [match for match in _ODD_END.finditer(file.text) if match["words"] and not _is_read(spec, match)]
    if not matches:
        return
    sign = matches[0]["sign"]
    name = _NAMES.get(sign) or unicodedata.name(sign, f"U+{ord(sign):04X}")
    words = matches[0]["words"].rstrip()
    more = f", as {len(matches) - 1} more in this file" if len(matches) > 1 else ""
    message = f"`{words}` is not read as a line of its own: <{name}> comes before it, which ends no line{more}"
    code = "unread-heading" if words.startswith("#") else "unread-criterion"
    hint = "replace that character with a line break"
    yield file.build_warning(matches[0].start("sign"), code, message=message, hint=hint)


def _is_read(spec: Spec, match: re.Match[str]) -> bool:
    """Whether a sign ends a line for the parser of Markdown, too, as a form feed does."""
    if match["sign"] != "\x0c":
        return False
    starts = (criterion.start for criterion in spec.criteria)
    return match["words"].startswith("#") or any(
        match.start("words") <= start <= match.end("words") for start in starts
    )
