"""Explain why front matter is not valid YAML, and recover the one-line fields in it that are unambiguous."""

from __future__ import annotations

import re

import yaml

from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.model import Diagnostic, Field
from spec2bdd.text.source_file import SourceFile

# A `key: value` line that is not indented, and so not part of a block.
_PAIR = re.compile(r"^([A-Za-z_][\w-]*):[ \t]+(\S[^\r\n]*)", re.MULTILINE)
_CONTINUED = re.compile(r"\r?\n[ \t]+\S")
_REMARK = re.compile(r"(?<=[ \t])#.*")
# A value in quotes, without escapes and without the same quote inside.
_QUOTED = re.compile(r"""'([^'\\]*)'|"([^"\\]*)\"""")
# What begins a value that may go on for several lines, or that is not a string.
_OPENING = frozenset("|>&*!{'\"#")

# What is not closed when YAML fails in a later line than the one that opens it.
_OPEN = {"[": "bracket", "{": "brace", "'": "quote", '"': "quote"}
_COLON = "a value contains `: `, which YAML reads as another key"
_TAB = "there is a tab where YAML expects spaces"
_NO_PAIR = "a line is neither `key: value` nor part of the value above it"
_FOLLOWED = "text follows a closing quote or bracket, or the indentation changes"
_HINT_PAIRS = "write every field as `key: value` on a line of its own, the value in quotes if in doubt"

# Parts of messages that PyYAML and libyaml have in common, and what they mean to the author. The first match counts.
_MEANINGS = (
    ("mapping values are not allowed", _COLON),
    ("cannot start any token", "a value begins with a character that YAML reserves"),
    ("tab character", _TAB),
    ("undefined alias", "a value begins with `*`, which YAML reserves"),
    ("expected ':'", _NO_PAIR),
    ("entries are not allowed", "a value begins with `-`, which YAML reads as a list"),
    ("expected <document start>", "the YAML ends before the front matter does"),
    ("expected '<document start>'", "the YAML ends before the front matter does"),
    ("single document", "the YAML ends before the front matter does"),
    ("expected ',' or ']'", "a comma is missing in the list in brackets"),
    ("expected ',' or '}'", "a comma is missing in the braces"),
    ("expected node content", "a bracket, a brace or a tag has no value after it"),
    ("expected <block end>", _FOLLOWED),
    ("expected key", _FOLLOWED),
)


def diagnose_yaml_error(file: SourceFile, error: yaml.YAMLError, *, start: int, end: int) -> Diagnostic:
    """Explain, at its position, why the front matter from `start` to `end` is not valid YAML."""
    source = file.text[start:end].rstrip()
    if isinstance(error, yaml.reader.ReaderError):
        # Its position counts bytes or characters, depending on the loader, but it always names the character.
        offset = start + max(source.find(chr(error.character)), 0)
        meaning = f"the control character U+{error.character:04X} is not allowed"
        hint = "delete that character; most editors can show it"
    else:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        context = getattr(error, "context_mark", None)
        offset, opened = start + (min(mark.index, len(source)) if mark else 0), ""
        # YAML reports an open bracket or quote where it gives up, which is in a line below or at the end.
        if mark and context and ("\n" in source[context.index : mark.index] or mark.index >= len(source)):
            opened = _OPEN.get(source[context.index : context.index + 1], "")
            offset = start + context.index if opened else offset
        reason = str(getattr(error, "problem", None) or error)
        meaning = next((meaning for part, meaning in _MEANINGS if part in reason), " ".join(reason.split()))
        before, after = file.text[:offset].rpartition("\n")[2], file.text[offset:].partition("\n")[0]
        hint = _render_hint((before + after).strip("\r"), opened=opened)
        if opened:
            meaning = f"the {opened} `{after[:1]}` is not closed"
        elif after.startswith("\t"):
            meaning = _TAB
        # YAML reads a line without a colon as the start of the next line's key, and reports the colon of that line. If
        # that line has no colon either, YAML reports it at the start of the line after it.
        elif offset - len(before) > start and (
            (meaning == _COLON and re.fullmatch(r"[^\s:]+", before) and after.startswith(":"))
            or (meaning == _NO_PAIR and not before)
        ):
            offset = file.text.rfind("\n", start, offset - len(before) - 1) + 1 or start
            meaning, hint = _NO_PAIR, _HINT_PAIRS
    message = f"the front matter is not valid YAML: {meaning}"
    return file.build_error(offset, "front-matter-yaml", message=message, hint=hint)


def recover_fields(file: SourceFile, start: int, end: int) -> tuple[Field, ...]:
    """Recover the simple one-line fields of front matter that does not load; none of them may be written."""
    fields: list[Field] = []
    for pair in _PAIR.finditer(file.text[start:end]):
        if _CONTINUED.match(file.text, start + pair.end(), end):
            continue
        # A `#` inside of quotes begins no comment.
        value = (pair[2] if pair[2][0] in "'\"" else _REMARK.sub("", pair[2])).rstrip()
        quoted = _QUOTED.fullmatch(value)
        if not quoted and value[0] in _OPENING:
            continue
        text = (quoted[1] or quoted[2] or "") if quoted else value
        place = file.find_place(start + pair.start())
        fields.append(Field(pair[1], text, *place, placeholder=is_placeholder(text)))
    return tuple(fields)


def _render_hint(row: str, *, opened: str) -> str:
    """Render a hint how to write a line instead, as far as that can be known; `opened` is what it does not close."""
    pair = _PAIR.fullmatch(row)
    if "\t" in row and (pair is None or pair[2][0] == "\t"):
        return "replace the tabs in this line by spaces"
    if pair is None:
        return _HINT_PAIRS
    value = pair[2].rstrip()
    if opened == "quote":
        return f"close the quote: `{pair[1]}: {value}{value[0]}`"
    if opened and value.endswith(","):
        return f"close the {opened} after the last entry"
    # The quotes that need the fewest changes to the value.
    needs_single = '"' in value or "\\" in value
    quoted = "'" + value.replace("'", "''") + "'" if needs_single else f'"{value}"'
    return f"{f'close the {opened}, or ' if opened else ''}put the value in quotes: `{pair[1]}: {quoted}`"
