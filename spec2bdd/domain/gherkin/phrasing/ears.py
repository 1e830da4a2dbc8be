"""Split requirements in the forms known as EARS: `While ..., when ..., the system shall ...`.

EARS is the "Easy Approach to Requirements Syntax" (Mavin et al., 2009). `While` and `where` become `Given`, `when` and
`if` become `When`, and the requirement itself becomes `Then`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec2bdd.domain.gherkin.phrasing.clauses import (
    KEYWORD,
    Clause,
    build_steps,
    has_subject,
    is_quoted,
    lowercase_keywords,
    search_unquoted,
)
from spec2bdd.model import Step
from spec2bdd.text.lazy_patterns import compile_lazily

_FIRST_CONDITION = re.compile(r"(?:when|while|where|if) ", re.IGNORECASE)
_NEXT_CONDITION = re.compile(r", (when|while|where|if) ", re.IGNORECASE)
_SHALL = re.compile(r" shall(?: |:$)", re.IGNORECASE)
# The start of the requirement, up to and including `shall`, the surest form first. The limits on words keep a search
# from running through the whole line.
# `the system shall` or `the library system shall`
_SYSTEM = compile_lazily(r"(?:^|,? )(?:then )?((?:the|this) (?:[\w-]+ )?system shall(?: (?=\S)|:$))", re.IGNORECASE)
# `THE LIBRARY SHALL`; counts only if the condition is in capitals too.
_IN_CAPITALS = re.compile(r"(?:^|,? )(?:THEN )?((?:THE (?:[^\s,;]+ ){1,8}|IT )SHALL(?: (?=\S)|:$))")
# `then the library shall`
_AFTER_THEN = re.compile(r"(?:^|,? )then ((?:the|this) (?:[\w-]+ ){1,5}shall(?: (?=\S)|:$))", re.IGNORECASE)
# `, the library shall`
_AFTER_COMMA = re.compile(r"(?:^|, )((?:the|this) (?:[\w-]+ ){1,5}shall(?: (?=\S)|:$))", re.IGNORECASE)
_REQUIREMENTS = (_SYSTEM, _IN_CAPITALS, _AFTER_THEN, _AFTER_COMMA)


def parse_ears(line: str, language: str) -> tuple[Step, ...]:
    """Split a requirement that has a condition; the result is empty if the line is none."""
    start = _FIRST_CONDITION.match(line)
    if not start or not _SHALL.search(line):
        return ()
    for pattern in _REQUIREMENTS:
        requirement = search_unquoted(pattern, line, start.end())
        if not requirement or (pattern is _IN_CAPITALS and not start[0].isupper()):
            continue
        conditions = list(_split_conditions(line[: requirement.start()]))
        # A mere comma may also separate parts of the condition itself.
        if pattern is _AFTER_COMMA and not has_subject(conditions[-1][1]):
            continue
        text = lowercase_keywords(requirement[1]) + line[requirement.end() :]
        return build_steps([*conditions, ("then", text)], language)
    return ()


def _split_conditions(text: str) -> Iterator[Clause]:
    """Yield the conditions before a requirement; in capitals, `AND` and `BUT` begin another one."""
    if text.partition(" ")[0].isupper():
        keywords = [
            match for match in KEYWORD.finditer(text) if match[1].isupper() and not is_quoted(text, match.start())
        ]
    else:
        first = _FIRST_CONDITION.match(text)
        keywords = [*([first] if first else []), *_NEXT_CONDITION.finditer(text)]
    ends = [*(keyword.start() for keyword in keywords[1:]), len(text)]
    for keyword, end in zip(keywords, ends, strict=True):
        yield keyword[0].strip(" ,;:\u3001\uff0c\uff1b→->=").lower(), text[keyword.end() : end].rstrip(", ")
