"""Split a one-line criterion that says itself which part is the context, the event and the outcome.

Three forms are split: `Given ..., when ..., then ...`; a leading condition that a `then` closes; and a leading
condition with a subject of its own, which the only comma closes. Keywords in capitals or with a capital (`WHEN`,
`Then`) count at any position. No words are added.
"""

from __future__ import annotations

import re
from functools import lru_cache

from spec2bdd.domain.gherkin.grammar.keywords import compile_condition, compile_sentence, find_sentence_languages
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
from spec2bdd.text.lazy_patterns import compile_lazily

_CONDITION = re.compile(r"(?:given|when|while|where|if)\b", re.IGNORECASE)
# A leading condition. `While` and `where` describe a state, the others an event.
_LEADING_CONDITION = re.compile(
    r"(?P<word>given(?: that)?|when|whenever|if|once|after|as soon as|while|where)[:,]? (?P<rest>\S.*)", re.IGNORECASE
)
_CLAUSE = re.compile(r"([^,\uff0c\u3001]+)[,\uff0c\u3001] ?([^,\uff0c\u3001]+)")
# A `then` that closes a condition: after a comma or an arrow, or alone if it does not continue the words before it.
_THEN = re.compile(
    r"(?:,|;|\uff0c|\u3001| ?(?:→|->|=>)) ?then[:,]? (?=\S)"
    r"|(?<!\band)(?<!\bor)(?<!\bbut)(?<!\bby)(?<!\bsince)(?<!\buntil)(?<!\bback)(?<!\bonly)(?<!\bjust)(?<!\beven)"
    r" then (?=\S)",
    re.IGNORECASE,
)
_INNER_KEYWORD = re.compile(r"\b(?:given|when|then)\b", re.IGNORECASE)
# Full-width punctuation between two clauses; no blank follows it.
_WIDE_COMMA = compile_lazily(r"[\u3001\u3002\uff0c\uff1b]\s*(?=(?:given|when|then|and|but)\b)", re.IGNORECASE)
# With these words the text after the comma continues the condition.
_CONTINUES = re.compile(r"(?:and|or|but|nor|which|who|that)\b", re.IGNORECASE)


# Each bullet is looked at by all that decides what its criterion is.
@lru_cache(maxsize=256)
def parse_given_when_then(line: str, language: str) -> tuple[Step, ...]:
    """Split a one-line `Given ..., when ..., then ...`; the result is empty if the line is none."""
    if not line.isascii():
        line = _WIDE_COMMA.sub(", ", line)
    if steps := _parse_uppercase(line, language):
        return steps
    # Exactly three steps, with their keywords in any case. Criteria are often in another language than the project.
    first_word = line.partition(" ")[0].rstrip(",:")
    for code in dict.fromkeys((language, "en", *find_sentence_languages(first_word))):
        given_pattern, when_pattern, then_pattern = compile_sentence(code)
        given = given_pattern.match(line)
        when = search_unquoted(when_pattern, line, given.end()) if given else None
        then = search_unquoted(then_pattern, line, when.end()) if when else None
        if given and when and then:
            texts = (line[given.end() : when.start()], line[when.end() : then.start()], line[then.end() :])
            return build_steps(list(zip(("given", "when", "then"), texts, strict=True)), language)
    return ()


def split_opening(line: str, language: str) -> tuple[str, ...]:
    """Split `Given ..., when ...`, the beginning of a sentence, into its two parts; any other line is one part."""
    for code in dict.fromkeys((language, "en")):
        given_pattern, when_pattern, _ = compile_sentence(code)
        given = given_pattern.match(line)
        when = search_unquoted(when_pattern, line, given.end()) if given else None
        if when:
            word = when[0].lstrip(" ,;\uff0c\uff1b\u3001→->=")
            return line[: when.start()].rstrip(), f"{word}{line[when.end() :]}"
    return (line,)


def parse_condition(line: str, language: str) -> tuple[Step, ...]:
    """Split off a leading condition that a `then` closes, or the only comma of the line; empty if there is none."""
    if steps := _parse_translated_condition(line, language):
        return steps
    start = _LEADING_CONDITION.fullmatch(line)
    if not start:
        return ()
    word, rest = start["word"].lower().removesuffix(" that"), start["rest"]
    kind = word if word in CONDITION_KINDS else "when"
    if closing := search_unquoted(_THEN, rest, 0):
        condition, demand = rest[: closing.start()], rest[closing.end() :]
        is_clear = kind == "given" or has_subject(condition, closed=True)
        is_whole = not _INNER_KEYWORD.search(condition) and len(demand.split()) > 1
        return build_steps([(kind, condition), ("then", demand)], language) if is_clear and is_whole else ()
    clause = _CLAUSE.fullmatch(rest)
    # Without a `then`, "Given" may be an adjective.
    if not clause or word == "given" or not has_subject(clause[1]) or _CONTINUES.match(clause[2]):
        return ()
    return build_steps([(kind, clause[1]), ("then", clause[2])], language)


def _parse_translated_condition(line: str, language: str) -> tuple[Step, ...]:
    """Split a condition and its outcome at the keywords of another language than English."""
    if language == "en":
        return ()
    given_pattern, when_pattern, then_pattern = compile_sentence(language)
    starts = (("given", given_pattern), ("when", compile_condition(language)))
    for kind, pattern in starts:
        start = pattern.match(line)
        closing = search_unquoted(then_pattern, line, start.end()) if start else None
        # Without a comma, the word for "then" may well be part of the clause.
        is_closed = closing is not None and not closing[0].strip()[0].isalpha()
        if start and closing and is_closed and not when_pattern.search(line, start.end(), closing.start()):
            condition, demand = line[start.end() : closing.start()], line[closing.end() :]
            return build_steps([(kind, condition), ("then", demand)], language)
    return ()


def _parse_uppercase(line: str, language: str) -> tuple[Step, ...]:
    """Split a text at keywords that all start with a capital, `And` and `But` among them."""
    # The cheap tests come first: most criteria are no such sentence.
    if not _CONDITION.match(line) or ("THEN" not in line and "Then" not in line):
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
