"""Split a one-line criterion that says itself which part is the context, the event and the outcome.

Two forms are split: `Given ..., when ..., then ...`, and a leading `When` clause with a subject of its own. Keywords in
capitals or with a capital (`WHEN`, `Then`) count at any position. No words are added.
"""

from __future__ import annotations

import re

from spec2bdd.domain.gherkin.grammar.keywords import compile_sentence
from spec2bdd.domain.gherkin.phrasing.clauses import (
    CONDITION_KINDS,
    KEYWORD,
    build_steps,
    has_subject,
    is_quoted,
    lowercase_subject,
    search_unquoted,
)
from spec2bdd.model import Step

_CONDITION = re.compile(r"(?:given|when|while|where|if)\b", re.IGNORECASE)
_WHEN_CLAUSE = re.compile(r"when ([^,]+), (?:then )?([^,]+)", re.IGNORECASE)
# Full-width punctuation between two clauses; no blank follows it.
_WIDE_COMMA = re.compile(r"[\u3001\u3002\uff0c\uff1b]\s*(?=(?:given|when|then|and|but)\b)", re.IGNORECASE)
# With these words the text after the comma continues the condition.
_CONTINUES = re.compile(r"(?:and|or|but|nor|which|who|that)\b", re.IGNORECASE)


def parse_given_when_then(line: str, language: str) -> tuple[Step, ...]:
    """Split a one-line `Given ..., when ..., then ...`; the result is empty if the line is none."""
    if not line.isascii():
        line = _WIDE_COMMA.sub(", ", line)
    return _parse_uppercase(line, language) or _parse_any_case(line, language)


def parse_when_clause(line: str, language: str) -> tuple[Step, ...]:
    """Split off a leading `When` clause that has a subject of its own and is closed by the only comma of the line."""
    match = _WHEN_CLAUSE.fullmatch(line)
    if not match or not has_subject(match[1]) or _CONTINUES.match(match[2]):
        return ()
    return build_steps([("when", match[1]), ("then", match[2])], language)


def _parse_uppercase(line: str, language: str) -> tuple[Step, ...]:
    """Split a text at keywords that all start with a capital, `And` and `But` among them."""
    # The cheap tests come first: most criteria are no such sentence.
    if not _CONDITION.match(line) or (" THEN" not in line and " Then" not in line):
        return ()
    keywords = [match for match in KEYWORD.finditer(line) if not is_quoted(line, match.start(1))]
    words = [match[1].lower() for match in keywords]
    if not keywords or keywords[0].start() or words[0] not in CONDITION_KINDS or "then" not in words:
        return ()
    then = words.index("then")
    if " shall " in line[keywords[then].end() :].lower():
        # In a requirement, what follows `AND` or `BUT` shares its subject and its `shall`, so it is not split there.
        kept = [number for number, word in enumerate(words) if number <= then or word not in ("and", "but")]
        keywords, words = [keywords[number] for number in kept], [words[number] for number in kept]
    ends = [*(keyword.start() for keyword in keywords[1:]), len(line)]
    texts = [line[keyword.end() : end] for keyword, end in zip(keywords, ends, strict=True)]
    clauses = [
        (word, lowercase_subject(text) if word == "then" else text) for word, text in zip(words, texts, strict=True)
    ]
    return build_steps(clauses, language)


def _parse_any_case(line: str, language: str) -> tuple[Step, ...]:
    """Split a sentence into exactly three steps at its keywords in any case."""
    for code in dict.fromkeys((language, "en")):
        given_pattern, when_pattern, then_pattern = compile_sentence(code)
        given = given_pattern.match(line)
        when = search_unquoted(when_pattern, line, given.end()) if given else None
        then = search_unquoted(then_pattern, line, when.end()) if when else None
        if given and when and then:
            texts = (line[given.end() : when.start()], line[when.end() : then.start()], line[then.end() :])
            return build_steps(list(zip(("given", "when", "then"), texts, strict=True)), language)
    return ()
