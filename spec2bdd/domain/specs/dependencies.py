"""Find the ids of other features that a spec lists under `Upstream Dependencies`."""

from __future__ import annotations

import re

from spec2bdd.model import Dependency
from spec2bdd.text.markdown_lines import LineKind, MarkdownLine, split_markdown_lines
from spec2bdd.text.source_file import SourceFile

# A line whose first words these are, for a first look: `re` finds a line end in a third of the time of the words.
_NAME = re.compile(r"\n[^A-Za-z\n]*+[Uu](?i:pstream dependenc)")
# The label, as a heading, a bold line or an item; what it lists may follow on the same line after a colon.
_LABEL = re.compile(
    r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:#{1,6}\s+)?"  # the markers of an item and of a heading
    r"[*_]*upstream dependenc(?:y|ies)[*_]*\s*(?:(?=:)|#*$)",
    re.IGNORECASE,
)
_BOLD = re.compile(r"\s*(?:[-*+]\s+)?\*\*")
_NEXT_HEADING = re.compile(r"[\r\n] {0,3}#{1,6}[ \t]")

# An id counts only where an entry begins, because the number in "Python 3.11" is a version. Which letters ids begin
# with is known only to the project, so any letters count here.
_ENTRY = re.compile(
    r"""
    (?:
        ^\s*(?:(?:[-*+]|\d+[.)])\s+)?                # the start of the line or of an item,
      | [:,;&(][*_]*\s*                              # or after punctuation
      | \band\s+ | \bor\s+
    )
    (?:\[[ xX]\]\s+)?[\[(*`_]*                       # a box, brackets, marks of bold or code
    (?:the\s+)?(?:features?\s+|specs?\s+)?
    \#?(?P<id>\d+(?:\.\d+)+|[^\W\d_]+[-_]\d+)        # 3.2, AUTH-2
    (?![\w%+]|\.[\dx*]|-(?:alpha|beta|dev|rc)\.?\d*\b)   # no quantity and no version
    """,
    re.IGNORECASE | re.VERBOSE,
)


def find_dependencies(file: SourceFile, start: int) -> tuple[Dependency, ...]:
    """Find what may be ids under `Upstream Dependencies`, from the offset `start` on."""
    # With a line end above the first line, a match begins where its line does in the file.
    rows = f"\n{file.text}"
    name = _NAME.search(rows, start)
    if name is None:
        return ()
    first = name.start()
    # Whether a line is code depends on all fences above it. Mostly there are none, and only one list, so that the lines
    # from the label to the next heading are enough.
    is_fenced = "```" in file.text[start:first] or "~~~" in file.text[start:first]
    begin = start if is_fenced else first
    has_more_lists = _NAME.search(rows, name.end()) is not None
    heading = None if is_fenced or has_more_lists else _NEXT_HEADING.search(file.text, first)
    source = file.text[begin : heading.start() if heading else len(file.text)]
    ignored = (LineKind.FRONT, LineKind.CODE, LineKind.BLANK)
    lines = [line for line in split_markdown_lines(file.path, source).lines if line.kind not in ignored]
    dependencies: list[Dependency] = []
    label: MarkdownLine | None = None
    for line in lines:
        match = _LABEL.match(line.text)
        if match:
            label = line
        elif label is None or line.kind is LineKind.HEADING:
            label = None
        elif label.kind is LineKind.ITEM:
            # The list of an item is nested in it; its text may also continue without indentation.
            label = label if line.indent > label.indent or line.kind is LineKind.WORDS else None
        elif _BOLD.match(line.text) and not (line.kind is LineKind.ITEM and _ENTRY.match(line.text)):
            # A bold line is another label, unless it is an item that begins with an id.
            label = None
        for entry in _ENTRY.finditer(line.text, match.end() if match else 0) if label else ():
            place = file.find_place(begin + line.start + entry.start("id"))
            dependencies.append(Dependency(entry["id"], *place))
    return tuple(dependencies)
