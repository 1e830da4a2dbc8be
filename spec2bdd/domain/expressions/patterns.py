"""The text of a step in, the patterns that its definition may have out: quoted text and plain numbers as parameters.

A pattern is written for Behave's `parse` matcher, in which braces mark parameters; doubling them makes them literal.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from spec2bdd.model import StepQuery
from spec2bdd.text.slugs import slugify

# Quoted text without quotes inside; numbers that stand alone and print back as they were written: not 3.10, 007, 1,000.
_PARAMETER = re.compile(
    r'(?<!\w)"(?P<text>[^"]+)"(?!\w)|(?<![\w.,:/#%$€£+*^-])(?P<number>0|[1-9][0-9]{0,17})(?![\w%°]|[.,:/*^-]\w)'
)
_MAY_HAVE_PARAMETERS = re.compile(r'["0-9]')
_FIELD = re.compile(r"\{(\w+)(:d)?\}")
_BRACES = re.compile(r"(\{\{|\}\})|\{(\w+)(:d)?\}")
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
    typed = _derive_typed(text) if _MAY_HAVE_PARAMETERS.search(text) else literal
    return (literal,) if typed == literal else (typed, literal)


def derive_query(kind: str, text: str) -> StepQuery:
    """Return what Behave's registry is asked for a step."""
    return StepQuery(kind, text, derive_patterns(text))


def derive_template(text: str, values: Mapping[str, Sequence[str]]) -> str:
    """Return the pattern for a step of an outline, whose placeholders are parameters; `values` are theirs by name."""
    parts: list[str] = []
    names: list[str] = []
    reached = 0
    placeholders = "|".join(re.escape(name) for name in sorted(values, key=len, reverse=True))
    for match in re.finditer(rf"<(?P<place>{placeholders})>|{_PARAMETER.pattern}", text):
        said = match["text"] or ""
        place = match["place"] or (said[1:-1] if said[:1] == "<" and said[1:-1] in values else "")
        wanted = _derive_field_name(place) if place else "text" if said else _derive_number_name(text[match.end() :])
        names.append(_derive_free_name(wanted, names))
        numeric = not said and (not place or _tell_numeric(text, match, values[place]))
        field = f"{{{names[-1]}{':d' if numeric else ''}}}"
        parts += [_escape(text[reached : match.start()]), f'"{field}"' if said else field]
        reached = match.end()
    return "".join([*parts, _escape(text[reached:])])


def derive_parameters(pattern: str) -> tuple[Parameter, ...]:
    """Return the parameters of a pattern in order."""
    plain = pattern.replace("{{", "").replace("}}", "")
    return tuple(Parameter(match[1], "int" if match[2] else "str") for match in _FIELD.finditer(plain))


def derive_renamed(old: str, new: str, *, ordered: bool = False) -> str:
    """Return a new pattern with the parameter names of an old one, or nothing where their types do not agree.

    A parameter that has the same name and type in both keeps it, wherever it stands: what was `3 books for 5 euros` may
    have become `5 euros for 3 books`. The others go by their order. Where all are `ordered`, none may leave its place.
    """
    before, after = derive_parameters(old), derive_parameters(new)
    left = [one for one in before if one not in after]
    others = [one for one in after if one not in before]
    retyped = {one.name for one in left} & {one.name for one in others}
    if retyped or [one.type for one in left] != [one.type for one in others]:
        return ""
    names = {one.name: other.name for one, other in zip(others, left, strict=True)}
    if ordered and [names.get(one.name, one.name) for one in after] != [one.name for one in before]:
        return ""
    return _BRACES.sub(lambda part: part[0] if part[1] else f"{{{names.get(part[2], part[2])}{part[3] or ''}}}", new)


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


def _tell_numeric(text: str, match: re.Match[str], values: Sequence[str]) -> bool:
    """Tell whether every value is a plain number where its placeholder stands."""
    before, after = text[: match.start()], text[match.end() :]
    found = ((value, _PARAMETER.match(f"{before}{value}{after}", len(before))) for value in values)
    # Two values side by side could be told apart in more than one way.
    alone = not before.endswith(">") and not after.startswith("<")
    return alone and all(number is not None and number["number"] == value for value, number in found)


def _derive_field_name(place: str) -> str:
    """Return the name of the parameter for a placeholder."""
    name = slugify(place, limit=30)
    unfit = not name.isidentifier() or name in _RESERVED or keyword.iskeyword(name) or hasattr(builtins, name)
    return f"value_{name}" if unfit else name


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
