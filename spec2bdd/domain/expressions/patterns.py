"""Build the patterns of step definitions from step texts: quoted text and plain numbers become parameters.

A pattern is written for Behave's `parse` matcher, in which braces mark parameters and doubled braces are literal.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from spec2bdd.model import StepQuery
from spec2bdd.model.values import dataclass
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.slugs import slugify

# A number must print back as it was written once it is an `int`: 3.10, 007 and 1,000 are not plain numbers.
_PARAMETER = re.compile(
    r"""
    (?<!\w)"(?P<text>[^"]+)"(?!\w)          # quoted text without quotes inside
    | (?<![\w.,:/#%$€£+*^-])                # not part of a word, version, date, time, path, amount or formula
      (?P<number>0|[1-9][0-9]{0,17})        # without a leading zero; 18 digits fit into 64 bits everywhere
      (?![\w%°]|[.,:/*^-]\w)                # a comma or dot may follow if it ends a clause
    """,
    re.VERBOSE,
)
# A number that is a name stays text: it is not a value that another step could have. It names something where it
# follows one of these words or a capitalized word (`Phase 2`, `Windows 11`), where it is an HTTP status, and where it
# is a year.
_NAMED_BY = re.compile(
    r"""
    \b(?i:
        android|catch|chrome|code|error|firefox|formula|https?|ios|ipv|iso|java|milestone|node|phase|php|python|release|rfc
        |sprint|stage|status|tier|v|version|wcag|windows
    )[ ]\#?$
    | (?<=\S[ ])[A-Z]\w*[ ]$
    """,
    re.VERBOSE,
)
_STATUS = re.compile(r"[1-5]\d\d")
_STATUS_BEFORE = re.compile(
    r"\b(?:https?|status(?: code)?|code|errors?|returns?|returned|responds? with|answers? with|an?)[ ]$", re.I
)
_STATUS_AFTER = re.compile(
    r"[ ](?:pages?|errors?|status|codes?|responses?|handlers?|redirects?|not found|forbidden|unauthorized|created)\b",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_BEFORE = re.compile(r"\b(?:in|since|until|by|of|year|before|after|from|to)[ ]$", re.IGNORECASE)
# No word follows that the number could count, at most one that goes on with the sentence.
_COUNTS_NOTHING = compile_lazily(
    r"$|[.,;:)]|[ ](?:and|or|but|if|when|while|for|to|is|are|was|were|with|without|on|in|at|by|until|instead|because"
    r"|it|they|the|an?|all|each|no|every)\b"
)
# A cheap test before the expensive one: most steps have no parameters.
_MAY_HAVE_PARAMETERS = re.compile(r'["0-9]')
_FIELD = re.compile(r"\{(\w+)(:d)?\}")
_BRACES = re.compile(r"(\{\{|\}\})|\{(\w+)(:d)?\}")
_NEXT_WORD = re.compile(r" ([a-z]{2,})\b")
# With more of them, a step is matched as it is written: the regular expression of its pattern becomes slow.
_MOST_PARAMETERS = 200
# Words after a number that do not say what is counted; keywords of Python cannot be names anyway.
_FUNCTION_WORDS = {"to", "of", "at", "by", "times", "the", "per", "are", "on"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a step pattern and the Python type of its value."""

    name: str
    type: str


def build_patterns(text: str) -> tuple[str, ...]:
    """Build the patterns for a step text, the one with typed parameters first, the literal one last."""
    literal = _escape(text)
    if not _MAY_HAVE_PARAMETERS.search(text):
        return (literal,)
    values = [match for match in _PARAMETER.finditer(text) if match["text"] or not _is_name(text, match)]
    if len(values) > _MOST_PARAMETERS:
        return (literal,)
    typed = _replace_parameters(
        text,
        ((match, "text" if match["text"] else _choose_number_name(text, match), not match["text"]) for match in values),
    )
    return (literal,) if typed == literal else (typed, literal)


def build_step_query(kind: str, text: str) -> StepQuery:
    """Build the query for a step that Behave's registry is searched with."""
    return StepQuery(kind, text, build_patterns(text))


def build_outline_pattern(text: str, values: Mapping[str, Sequence[str]]) -> str:
    """Build the pattern for a step of an outline, whose placeholders become parameters.

    `values` holds the values of each placeholder in the examples.
    """
    # Longest first, so that no name hides a longer one that starts with it.
    names = "|".join(re.escape(name) for name in sorted(values, key=len, reverse=True))
    parameters: list[tuple[re.Match[str], str, bool]] = []
    for match in re.finditer(rf"<(?P<placeholder>{names})>|{_PARAMETER.pattern}", text, re.VERBOSE):
        quoted = match["text"] or ""
        if match["number"] and _is_name(text, match):
            continue
        # A placeholder may also be all that is quoted, as in `it says "<word>"`.
        placeholder = match["placeholder"] or (quoted[1:-1] if quoted[:1] == "<" and quoted[1:-1] in values else "")
        if placeholder:
            name = slugify(placeholder, limit=30)
            name = f"value_{name}" if not name.isidentifier() or _is_unusable(name) else name
        else:
            name = "text" if quoted else _choose_number_name(text, match)
        is_number = not quoted and (not placeholder or _are_plain_numbers(values[placeholder], text, match))
        parameters.append((match, name, is_number))
    return _replace_parameters(text, parameters)


def parse_parameters(pattern: str) -> tuple[Parameter, ...]:
    """Parse the parameters of a pattern, in order."""
    if "{" not in pattern:
        return ()
    # Doubled braces are literal.
    plain = pattern.replace("{{", "").replace("}}", "")
    return tuple(Parameter(match[1], "int" if match[2] else "str") for match in _FIELD.finditer(plain))


def rename_parameters(old: str, new: str, *, ordered: bool = False) -> str:
    """Rename the parameters of a new pattern like those of an old one, so that the step function can stay as it is.

    A parameter that has the same name and type in both patterns keeps it at any position: `3 books for 5 euros` may
    have become `5 euros for 3 books`. The other parameters are matched by their order. With `ordered`, for matchers
    that pass arguments by position, no parameter may change its position. The result is empty if the types of the
    parameters do not agree.
    """
    old_parameters, new_parameters = parse_parameters(old), parse_parameters(new)
    removed = [parameter for parameter in old_parameters if parameter not in new_parameters]
    added = [parameter for parameter in new_parameters if parameter not in old_parameters]
    retyped = {parameter.name for parameter in removed} & {parameter.name for parameter in added}
    if retyped or [parameter.type for parameter in removed] != [parameter.type for parameter in added]:
        return ""
    names = {after.name: before.name for after, before in zip(added, removed, strict=True)}
    renamed = [names.get(parameter.name, parameter.name) for parameter in new_parameters]
    if ordered and renamed != [parameter.name for parameter in old_parameters]:
        return ""
    # Doubled braces are matched as well, and kept, so that `{{a}}` is not taken for a parameter.
    return _BRACES.sub(lambda part: part[0] if part[1] else f"{{{names.get(part[2], part[2])}{part[3] or ''}}}", new)


def strip_parameters(pattern: str) -> str:
    """Strip the parameters from a pattern."""
    return _FIELD.sub(" ", pattern.replace("{{", " ").replace("}}", " "))


def _replace_parameters(text: str, parameters: Iterable[tuple[re.Match[str], str, bool]]) -> str:
    """Replace each match by a parameter of the given name, a number or a text, and escape the text between them."""
    parts: list[str] = []
    names: set[str] = set()
    # The next number to try for each name, so that thousands of parameters of one name take no longer than others.
    numbers: dict[str, count[int]] = {}
    end = 0
    for match, wanted, is_number in parameters:
        name = wanted
        if name in names:
            name = next(
                free for number in numbers.setdefault(wanted, count(2)) if (free := f"{wanted}_{number}") not in names
            )
        names.add(name)
        field = f"{{{name}:d}}" if is_number else f"{{{name}}}"
        parts += [_escape(text[end : match.start()]), f'"{field}"' if match["text"] else field]
        end = match.end()
    return "".join([*parts, _escape(text[end:])])


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether a number names something, such as an HTTP status, a version or a year, and counts nothing."""
    number = match["number"]
    # The words before it; no pattern looks further back.
    before = text[max(match.start() - 20, 0) : match.start()]
    if _NAMED_BY.search(before):
        return True
    if _STATUS.fullmatch(number) and (
        _STATUS_AFTER.match(text, match.end())
        or (_STATUS_BEFORE.search(before) and _COUNTS_NOTHING.match(text, match.end()))
    ):
        return True
    is_year = _YEAR.fullmatch(number) and _YEAR_BEFORE.search(before)
    return bool(is_year and _COUNTS_NOTHING.match(text, match.end()))


def _are_plain_numbers(values: Sequence[str], text: str, match: re.Match[str]) -> bool:
    """Whether every value would be a plain number in place of the matched placeholder."""
    before, after = text[: match.start()], text[match.end() :]
    # The boundary between two adjacent values is ambiguous.
    if before.endswith(">") or after.startswith("<"):
        return False
    numbers = (_PARAMETER.match(f"{before}{value}{after}", len(before)) for value in values)
    return all(number is not None and number["number"] == value for value, number in zip(values, numbers, strict=True))


def _choose_number_name(text: str, match: re.Match[str]) -> str:
    """Choose the name of a number: the word that follows it, such as `books` in `3 books`, if it can be a name."""
    word = _NEXT_WORD.match(text, match.end())
    return word[1] if word and not _is_unusable(word[1]) else "number"


def _is_unusable(name: str) -> bool:
    """Whether no parameter may have this name: it clashes with `context`, is a keyword, or would hide a builtin."""
    return name == "context" or name in _FUNCTION_WORDS or keyword.iskeyword(name) or hasattr(builtins, name)


def _escape(text: str) -> str:
    """Escape literal text for a pattern."""
    return text.replace("{", "{{").replace("}", "}}")
