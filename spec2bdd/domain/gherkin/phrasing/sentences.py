"""The one line of a criterion in, its steps out where it says itself which part is which; nothing is invented.

Three forms are split: `Given ..., when ..., then ...`; the forms of requirements known as EARS (`While ..., when ...,
the system shall ...`); a leading `When` clause with a subject of its own. A keyword in the middle that is written
large (`WHEN`, `Then`) counts as one wherever it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.model import Step

_ARROW = r"(?:→|->|=>)"
# Texts are lines with single spaces, so that no pattern here runs over a blank twice.
_LOUD = re.compile(
    rf"(?:^|(?:[,;] ?|(?: ?{_ARROW})? ))"
    r"(GIVEN|WHEN|THEN|WHILE|WHERE|IF|AND|BUT|(?<=\s)(?:Given|When|Then|And|But)|^(?:Given|When|While|Where|If))"
    r"(?=[ :,])[:,]? ?"
)
_EARS_START = re.compile(r"(?:when|while|where|if) ", re.IGNORECASE)
_EARS_NEXT = re.compile(r", (when|while|where|if) ", re.IGNORECASE)
_DEMANDS = (
    re.compile(r"(?:^|,? )(?:then )?((?:the|this) (?:[\w-]+ )?system shall )(?=\S)", re.IGNORECASE),
    re.compile(r"(?:^|,? )(?:THEN )?((?:THE (?:[\w-]+ ){1,5}|IT )SHALL )(?=\S)"),
    re.compile(r"(?:^|,? )then ((?:the|this) (?:[\w-]+ ){1,5}shall )(?=\S)", re.IGNORECASE),
    re.compile(r"(?:^|, )((?:the|this) (?:[\w-]+ ){1,5}shall )(?=\S)", re.IGNORECASE),
)
_SHOUTED = re.compile(r"\b(?:THE|The|THIS|This|IT|It|SYSTEM|SHALL)\b")
_SHOUTED_START = re.compile(r"(?:THE |The |the |THIS )?(?:[\w-]+ ){1,6}?SHALL ")
_CLAUSE = re.compile(r"when ([^,]+), (?:then )?([^,]+)", re.IGNORECASE)
_NO_SUBJECT = re.compile(
    r"\w+(?:ing|ed)\b|(?:possible|necessary|needed|present|available|empty|in|on|at|not)\b", re.IGNORECASE
)
_VAGUE = re.compile(
    r"(?:(?:it is|where|if|when) )?(?:possible|necessary|needed|applicable|appropriate|feasible|required|in doubt)",
    re.IGNORECASE,
)
_QUOTE = re.compile('"')
_START = re.compile(r"(?:given|when|while|where|if)\b", re.IGNORECASE)
_CONTINUES = re.compile(r"(?:and|or|but|nor|which|who|that)\b", re.IGNORECASE)
_HALF = re.compile(r"\b(?:and|or|but)$", re.IGNORECASE)
_CONDITIONS = {"given": "given", "while": "given", "where": "given", "when": "when", "if": "when"}
_RANKS = {"given": 0, "when": 1, "then": 2}
# A part of a text, and the word that it came behind.
_Part = tuple[str, str]


def derive_sentence(line: str, language: str) -> tuple[Step, ...]:
    """Return the steps of a one-line `Given ..., when ..., then ...`."""
    return _derive_loud(line, language) or _derive_quiet(line, language)


def derive_demand(line: str, language: str) -> tuple[Step, ...]:
    """Return the steps of `While ..., when ..., the system shall ...`, in all forms that have a condition."""
    start = _EARS_START.match(line)
    if not start or " shall " not in line.lower():
        return ()
    for number, pattern in enumerate(_DEMANDS):
        demand = _find_free(pattern, line, start.end())
        if demand:
            parts = list(_cut_conditions(line[: demand.start()]))
            loud = start[0].isupper()
            if (number == 1 and not loud) or (number == 3 and not _tell_subject(parts[-1][1])):
                continue
            return _derive_steps([*parts, ("then", _lower_keywords(demand[1]) + line[demand.end() :])], language)
    return ()


def derive_clause(line: str, language: str) -> tuple[Step, ...]:
    """Return two steps where a leading `When` clause has a subject of its own and the only comma closes it."""
    match = _CLAUSE.fullmatch(line)
    if not match or not _tell_subject(match[1]) or _CONTINUES.match(match[2]):
        return ()
    return _derive_steps([("when", match[1]), ("then", match[2])], language)


def drop_dot(text: str) -> str:
    """Return a sentence without its closing dot; an ellipsis or an abbreviation such as `etc.` keeps it."""
    if text.endswith(("..", "etc.", "e.g.", "i.e.")) or len(text) < 2:
        return text
    return text.removesuffix(".").rstrip()


def _derive_loud(line: str, language: str) -> tuple[Step, ...]:
    """Return the steps of a text whose keywords are all written large, `And` and `But` among them."""
    if not _START.match(line) or (" THEN" not in line and " Then" not in line):
        return ()
    marks = [match for match in _LOUD.finditer(line) if not _is_quoted(line, match.start(1))]
    words = [match[1].lower() for match in marks]
    if not marks or marks[0].start() or words[0] not in _CONDITIONS or "then" not in words:
        return ()
    marks, words = _drop_shared(line, marks, words)
    ends = [*(match.start() for match in marks[1:]), len(line)]
    parts = [(word, line[mark.end() : end]) for word, mark, end in zip(words, marks, ends, strict=True)]
    return _derive_steps([(word, lower_demand(part) if word == "then" else part) for word, part in parts], language)


def _drop_shared(line: str, marks: list[re.Match[str]], words: list[str]) -> tuple[list[re.Match[str]], list[str]]:
    """Return the marks without `AND` and `BUT` in a demand: what follows there shares its subject and its `shall`."""
    then = words.index("then")
    if " shall " not in line[marks[then].end() :].lower():
        return marks, words
    kept = [number for number, word in enumerate(words) if number <= then or word not in ("and", "but")]
    return [marks[number] for number in kept], [words[number] for number in kept]


def _derive_quiet(line: str, language: str) -> tuple[Step, ...]:
    """Return the three steps of a sentence with its keywords in any case."""
    for code in dict.fromkeys((language, "en")):
        given, when, then = _compile_sentence(code)
        start = given.match(line)
        middle = _find_free(when, line, start.end()) if start else None
        end = _find_free(then, line, middle.end()) if middle else None
        if start and middle and end:
            said = (line[start.end() : middle.start()], line[middle.end() : end.start()], line[end.end() :])
            return _derive_steps(list(zip(("given", "when", "then"), said, strict=True)), language)
    return ()


@cache
def _compile_sentence(code: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns that find the three keywords of a sentence in a language."""
    language = LANGUAGES[code]
    words = ["|".join(map(re.escape, sorted(language.steps[kind], key=len, reverse=True))) for kind in _RANKS]
    gap, end = (rf"(?:[,;]| ?{_ARROW})? ", " ") if language.spaced else (r"[,;\uff0c\uff1b\u3001] ?", " ?")
    starts = ("", gap, gap)
    return tuple(
        re.compile(rf"{start}(?:{word})[:,\uff1a\uff0c]?{end}(?=\S)", re.IGNORECASE)
        for start, word in zip(starts, words, strict=True)
    )


def _cut_conditions(text: str) -> Iterator[_Part]:
    """Yield the conditions before a demand; in capitals, `AND` and `BUT` begin another one."""
    if text.partition(" ")[0].isupper():
        marks = [match for match in _LOUD.finditer(text) if match[1].isupper() and not _is_quoted(text, match.start())]
    else:
        first = _EARS_START.match(text)
        marks = [*([first] if first else []), *_EARS_NEXT.finditer(text)]
    starts = [match.end() for match in marks]
    ends = [*(match.start() for match in marks[1:]), len(text)]
    for match, start, end in zip(marks, starts, ends, strict=True):
        yield match[0].strip(" ,;:→->=").lower(), text[start:end].rstrip(", ")


def _derive_steps(parts: list[_Part], language: str) -> tuple[Step, ...]:
    """Return one step for each part, or none if a part is half a thought or they stand in no order of a scenario."""
    kinds: list[str] = []
    for word, _ in parts:
        kinds.append(_CONDITIONS.get(word, word) if word not in ("and", "but") else (kinds or ["then"])[-1])
    said = [part.strip(" ,;") for _, part in parts]
    ordered = all(_RANKS[one] <= _RANKS[other] for one, other in pairwise(kinds))
    if not ordered or kinds[-1] != "then" or any(not text or _HALF.search(text) for text in said):
        return ()
    if any(_VAGUE.fullmatch(text) or _tell_torn(text) for text in said):
        return ()
    words = LANGUAGES[language].steps
    keywords = [
        words["but" if word == "but" else "and" if word == "and" or before == kind else kind][0]
        for (word, _), kind, before in zip(parts, kinds, ["", *kinds[:-1]], strict=True)
    ]
    said[-1] = drop_dot(said[-1])
    return tuple(map(Step, keywords, kinds, said))


def _tell_torn(text: str) -> bool:
    """Tell whether quotes or brackets open in a part and close in another."""
    pairs = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"), ("«", "»"))
    return text.count('"') % 2 == 1 or any(text.count(one) != text.count(other) for one, other in pairs)


def _tell_subject(clause: str) -> bool:
    """Tell whether a clause has a subject of its own, so that it says something without the rest."""
    return len(clause.split()) > 2 and not _NO_SUBJECT.match(clause)


def _lower_keywords(words: str) -> str:
    """Return the beginning of a demand with its keywords in small letters."""
    return _SHOUTED.sub(lambda match: match[0].lower(), words)


def lower_demand(text: str) -> str:
    """Return a demand whose first keywords, such as `THE SYSTEM SHALL`, are in small letters."""
    match = _SHOUTED_START.match(text)
    return _lower_keywords(match[0]) + text[match.end() :] if match else text


def _find_free(pattern: re.Pattern[str], line: str, start: int) -> re.Match[str] | None:
    """Return the first match from `start` that does not stand in quotes."""
    return next((match for match in pattern.finditer(line, start) if not _is_quoted(line, match.start())), None)


def _is_quoted(line: str, position: int) -> bool:
    """Tell whether a place in a line stands between double quotes."""
    return bisect_left(_find_quotes(line), position) % 2 == 1


@lru_cache(maxsize=4)
def _find_quotes(line: str) -> tuple[int, ...]:
    """Return the places of all double quotes; a long text is asked for them at each of its keywords."""
    return tuple(match.start() for match in _QUOTE.finditer(line))
