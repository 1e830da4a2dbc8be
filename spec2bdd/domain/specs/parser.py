"""Parse one Markdown file into a `Spec`, in whatever dialect it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.specs.dialects import DIALECTS, Dialect, ReadingOptions
from spec2bdd.domain.specs.vocabulary import DEFAULT, HeadingVocabulary
from spec2bdd.errors import MergeConflictError, SpecError
from spec2bdd.model import Spec
from spec2bdd.text.encoding import SAVE_AS_UTF8, describe_bad_byte
from spec2bdd.text.source_file import SourceFile, parse_source_file

# What git and other tools write at the start of a line; `=======` alone may be the underline of a heading.
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?=[ \t\r\n]|$)", re.MULTILINE)


def parse_spec(
    path: str,
    content: bytes,
    vocabulary: HeadingVocabulary = DEFAULT,
    *,
    dialects: Sequence[Dialect] = DIALECTS,
    options: ReadingOptions | None = None,
) -> Spec:
    """Parse one spec with the first of the dialects that detects it.

    `options` replace the `vocabulary` where a project has set more than that. Whatever is wrong with the spec becomes
    one of its diagnostics, in the order of the file. A file that no dialect detects is parsed by the last of them.

    Raises:
        SpecError: the content is not UTF-8; the position is that of the first wrong byte.
        MergeConflictError: there is a conflict marker outside of code.
    """
    try:
        # A BOM remains part of the text, so that every offset counts it.
        file = parse_source_file(path, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        bad = describe_bad_byte(error)
        raise SpecError(bad.message, hint=SAVE_AS_UTF8, path=path, line=bad.line, column=bad.column) from error
    _check_conflict(file)
    dialect = next((dialect for dialect in dialects if dialect.detects(path, file.text)), dialects[-1])
    spec = dialect.parse(file, content, options or ReadingOptions(vocabulary))
    if len(spec.diagnostics) < 2:
        return spec
    in_order = sorted(spec.diagnostics, key=lambda diagnostic: (diagnostic.line, diagnostic.column))
    return replace(spec, diagnostics=tuple(in_order))


def _check_conflict(file: SourceFile) -> None:
    """Raise an error if there is a conflict marker outside of code."""
    if "<<<<<<<" not in file.text and ">>>>>>>" not in file.text:
        return
    from spec2bdd.domain.specs.unread.places import LinePlace, place_lines

    code = {line.offset for line in place_lines(file.text, 0) if line.place is LinePlace.CODE}
    for match in _CONFLICT.finditer(file.text):
        if match.start() not in code:
            line, column = file.find_place(match.start())
            message = f"`{match[0]}` is a conflict marker, so the spec is not read"
            hint = "resolve the merge conflict"
            raise MergeConflictError(message, hint=hint, path=file.path, line=line, column=column)
