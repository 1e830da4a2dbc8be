"""Front matter that YAML refuses in, the reason in plain words and the one-line fields that are beyond doubt out."""

from __future__ import annotations

import re

import yaml

from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.model import Diagnostic, Field
from spec2bdd.text.scalars import quote_scalar
from spec2bdd.text.source_file import SourceFile

# A line of its own, not one of a block, and a value that says by itself where it ends.
_PAIR = re.compile(r"^([A-Za-z_][\w-]*):[ \t]+(\S[^\r\n]*)", re.MULTILINE)
_CONTINUED = re.compile(r"\r?\n[ \t]+\S")
_REMARK = re.compile(r"(?<=[ \t])#.*")
_QUOTED = re.compile(r"""'([^'\\]*)'|"([^"\\]*)\"""")
_OPENING = frozenset("|>&*!{'\"#")

_COLON = "a value holds `: `, which YAML takes for another key"
_NO_PAIR = "a line is neither `key: value` nor part of the value above it"
_HINT_PAIRS = "write every field as `key: value` on a line of its own, the value in quotes if in doubt"

# What PyYAML and libyaml say, by a part that both share, and what it means to the author.
_MEANINGS = (
    ("mapping values are not allowed", _COLON),
    ("cannot start any token", "a value begins with a character that YAML keeps for itself"),
    ("tab character", "there is a tab where YAML wants spaces"),
    ("undefined alias", "a value begins with `*`, which YAML keeps for itself"),
    ("expected ':'", _NO_PAIR),
    ("entries are not allowed", "a value begins with `-`, which YAML takes for a list"),
    ("expected <document start>", "the YAML ends before the front matter does"),
    ("expected '<document start>'", "the YAML ends before the front matter does"),
    ("single document", "the YAML ends before the front matter does"),
    ("expected ',' or ']'", "a list in brackets is not closed, or text follows its bracket"),
    ("expected ',' or '}'", "braces are not closed, or text follows them"),
    ("unexpected end of stream", "a quote is not closed"),
    ("expected <block end>", "a line does not continue the one above it, or text follows a quote or a bracket"),
    ("expected key", "text follows a closing quote, or the indentation changes"),
)


def derive_yaml_problem(page: SourceFile, error: yaml.YAMLError, *, start: int, end: int) -> Diagnostic:
    """Return the located reason why front matter does not load."""
    source = page.text[start:end].rstrip()
    offset = start + min(_find_index(error, source), len(source))
    before, after = page.text[:offset].rpartition("\n")[2], page.text[offset:].partition("\n")[0]
    meaning, hint = _render_meaning(error), _render_hint((before + after).strip("\r"))
    if isinstance(error, yaml.reader.ReaderError):
        hint = "delete that character; most editors can show it"
    # YAML takes a line without a colon for the beginning of the next line's key, and finds fault with that one's colon.
    if ":" not in before and after.startswith(":") and _COLON in meaning:
        meaning, hint = "the line above this one is neither `key: value` nor part of a value", _HINT_PAIRS
    # Of a line without any colon, YAML says so where the next one begins.
    if meaning == _NO_PAIR and not before and offset > start:
        offset, hint = page.text.rfind("\n", start, offset - 1) + 1 or start, _HINT_PAIRS
    message = f"the front matter is not valid YAML: {meaning}"
    return page.derive_error(offset, "front-matter-yaml", message=message, hint=hint)


def recover_fields(page: SourceFile, start: int, end: int) -> tuple[Field, ...]:
    """Return the simple one-line fields of front matter that does not load; none of them may be written."""
    text = page.text
    pairs = _PAIR.finditer(text[start:end])
    alone = [pair for pair in pairs if not _CONTINUED.match(text, start + pair.end(), end)]
    return tuple(found for pair in alone if (found := _find_field(page, pair, start + pair.start())))


def _find_field(page: SourceFile, pair: re.Match[str], offset: int) -> Field | None:
    """Return the field of one line, unless its value is more than it seems."""
    value = (pair[2] if pair[2][0] in "'\"" else _REMARK.sub("", pair[2])).rstrip()
    quoted = _QUOTED.fullmatch(value)
    if not quoted and value[0] in _OPENING:
        return None
    text = (quoted[1] or quoted[2] or "") if quoted else value
    return Field(pair[1], text, *page.find_place(offset), placeholder=is_placeholder(text))


def _find_index(error: yaml.YAMLError, source: str) -> int:
    """Return where in the YAML the fault is; a reader's error counts bytes or characters, but names the character."""
    if isinstance(error, yaml.reader.ReaderError):
        return max(source.find(chr(error.character)), 0)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.index if mark else 0


def _render_meaning(error: yaml.YAMLError) -> str:
    """Return the reason in plain words, or in YAML's own where there are none."""
    if isinstance(error, yaml.reader.ReaderError):
        return f"the control character U+{error.character:04X} is not allowed"
    said = str(getattr(error, "problem", None) or error)
    return next((meaning for part, meaning in _MEANINGS if part in said), " ".join(said.split()))


def _render_hint(row: str) -> str:
    """Say what to type instead of a line, as far as that can be known."""
    pair = _PAIR.fullmatch(row)
    if "\t" in row and (pair is None or pair[2][0] == "\t"):
        return "replace the tabs in this line by spaces"
    if pair is None:
        return _HINT_PAIRS
    if pair[2].startswith("["):
        return f"close the bracket, or put the value in quotes: `{pair[1]}: {quote_scalar(pair[2].rstrip())}`"
    return f"put the value in quotes: `{pair[1]}: {quote_scalar(pair[2].rstrip())}`"
