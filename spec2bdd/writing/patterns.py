"""The text of a step in, the patterns that its definition may have out: quoted text and plain numbers as parameters.

A pattern is written for Behave's `parse` matcher, in which braces mark parameters; doubling them makes them literal.
"""

from __future__ import annotations

import builtins
import keyword
import re
from dataclasses import dataclass
from itertools import count

from spec2bdd.model import StepQuery

# Quoted text without quotes inside; numbers that stand alone and print back as they were written: not 3.10, 007, 1,000.
_PARAMETER = re.compile(
    r'(?<!\w)"(?P<text>[^"]+)"(?!\w)|(?<![\w.,:/#%$€£+*^-])(?P<number>0|[1-9][0-9]{0,17})(?![\w%°]|[.,:/*^-]\w)'
)
_FIELD = re.compile(r"\{(\w+)(:d)?\}")
_NEXT_WORD = re.compile(r" ([a-z]{2,})\b")
_RESERVED = {
    "context",
    "and",
    "or",
    "to",
    "of",
    "in",
    "at",
    "by",
    "for",
    "from",
    "times",
    "the",
    "per",
    "is",
    "are",
    "on",
    "with",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a step pattern and the Python type that it arrives with."""

    name: str
    type: str


def derive_patterns(text: str) -> tuple[str, ...]:
    """Return the patterns for a step text, the one with typed parameters first, the literal one last."""
    literal = _escape(text)
    typed = _derive_typed(text)
    return (literal,) if typed == literal else (typed, literal)


def derive_query(kind: str, text: str) -> StepQuery:
    """Return what Behave's registry is asked for a step."""
    return StepQuery(kind, text, derive_patterns(text))


def derive_parameters(pattern: str) -> tuple[Parameter, ...]:
    """Return the parameters of a pattern in order."""
    plain = pattern.replace("{{", "").replace("}}", "")
    return tuple(Parameter(match[1], "int" if match[2] else "str") for match in _FIELD.finditer(plain))


def derive_words(pattern: str) -> str:
    """Return the words of a pattern without its parameters."""
    return _FIELD.sub(" ", pattern.replace("{{", " ").replace("}}", " "))


def _derive_typed(text: str) -> str:
    """Return the pattern in which every quoted text and every plain number is a parameter."""
    parts: list[str] = []
    names: list[str] = []
    reached = 0
    for match in _PARAMETER.finditer(text):
        wanted = "text" if match["text"] else _derive_number_name(text[match.end() :])
        names.append(_derive_free_name(wanted, names))
        field = f'"{{{names[-1]}}}"' if match["text"] else f"{{{names[-1]}:d}}"
        parts += [_escape(text[reached : match.start()]), field]
        reached = match.end()
    return "".join([*parts, _escape(text[reached:])])


def _derive_number_name(rest: str) -> str:
    """Return the name of a number: the word that it counts, if there is one."""
    match = _NEXT_WORD.match(rest)
    if not match or match[1] in _RESERVED or keyword.iskeyword(match[1]) or hasattr(builtins, match[1]):
        return "number"
    return match[1]


def _derive_free_name(wanted: str, taken: list[str]) -> str:
    """Return the name itself, or with the first number that makes it free."""
    return wanted if wanted not in taken else next(n for i in count(2) if (n := f"{wanted}_{i}") not in taken)


def _escape(text: str) -> str:
    """Return a text as a literal part of a pattern."""
    return text.replace("{", "{{").replace("}", "}}")
