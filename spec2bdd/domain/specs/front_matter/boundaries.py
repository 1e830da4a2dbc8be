"""Find front matter that is meant as such, but one of whose `---` lines is missing, misspelt or not at the top."""

from __future__ import annotations

import re

from spec2bdd.model import Diagnostic
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

# A key at the start of a line, and its value. After a blank line, only one in lower case is a key: text may follow.
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)[ \t]*:(?:[ \t]+([^\r\n]*))?")
_LINE = re.compile(r"(?=.)([^\r\n]*)(?:\r?\n|\r|\Z)", re.DOTALL)
_BOUNDARY = re.compile(r"-{3,}[ \t]*")
# Lines that are meant as `---`: too short, indented, other characters, or dashes that an editor replaced.
_MISSPELT = re.compile(r"[ \t]*(?:[-=_*~.+\u2010-\u2015\u2212][ \t]*){2,}|[ \t]*[\u2012-\u2015][ \t]*")
_HEADING = re.compile(r"#{1,6}[ \t]")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~|<pre\b)", re.MULTILINE | re.IGNORECASE)

# Keys that identify a spec, and those that are usual in front matter.
_IDENTITY = frozenset({"feature_id", "name"})
_USUAL = _IDENTITY | {
    *("id", "title", "status", "owner", "branch", "created", "updated", "version", "date", "language", "tags"),
    *("prd_section", "implementation_plan_section"),
}
_AS_IS = "write `---` at the start of that line"
_ABOVE = "put a `---` line above the first field"


@dataclass(frozen=True, slots=True)
class BrokenFrontMatter:
    """The error of front matter without one of its `---` lines, and the offsets of its fields and of the body."""

    diagnostic: Diagnostic
    start: int
    end: int
    body_start: int


@dataclass(frozen=True, slots=True)
class _FieldBlock:
    """Lines of fields from `start` to `end`, with their keys, and the line that follows them, from `after`."""

    keys: tuple[str, ...]
    start: int
    end: int
    after: int
    next_line: str

    @property
    def usual(self) -> bool:
        """Whether the lines are fields, and not words with a colon."""
        return len(self.keys) > 1 or not _USUAL.isdisjoint(map(str.casefold, self.keys))

    @property
    def meant(self) -> bool:
        """Whether they are meant as front matter, also without a `---` line above them.

        A `Status: Draft` may be part of the text, and a `---` line below makes a heading of it.
        """
        return not _IDENTITY.isdisjoint(self.keys) or (self.closed and not _USUAL.isdisjoint(self.keys))

    @property
    def closed(self) -> bool:
        """Whether a `---` line follows them."""
        return _BOUNDARY.fullmatch(self.next_line) is not None

    @property
    def misspelt(self) -> bool:
        """Whether a line follows them that is meant as a `---` line."""
        return not self.closed and _MISSPELT.fullmatch(self.next_line) is not None


def find_unclosed(file: SourceFile, opening: int) -> BrokenFrontMatter | None:
    """Find front matter that a `---` line at `opening` opens, and that none closes.

    A thematic break, below which no fields are, opens none.
    """
    block = _read_fields(file.text, _skip_line(file.text, opening))
    if not block.usual or block.closed:
        return None
    if block.misspelt:
        message = f"{_quote(block.next_line)} does not close the front matter"
        error = file.build_error(block.after, "front-matter-boundary", message=message, hint=_AS_IS)
        return _build(file, block, error)
    message = "the `---` that opens the front matter has no `---` to close it"
    last = file.find_place(len(file.text[: block.end].rstrip()))[0]
    hint = f"put a `---` line below line {last}, which is the last of its fields"
    return _build(file, block, file.build_error(opening, "front-matter-boundary", message=message, hint=hint))


def find_closed_too_late(file: SourceFile, opening: int, end: int) -> BrokenFrontMatter | None:
    """Find front matter that nothing closes, but that a thematic break at `end`, far below, seems to close.

    Its fields must end in a misspelt `---` line or before a heading: else it is for YAML to say what is wrong.
    """
    block = _read_fields(file.text, _skip_line(file.text, opening))
    if block.end >= end or not (block.misspelt or _HEADING.match(block.next_line)):
        return None
    following = _read_fields(file.text, _skip_line(file.text, block.after)) if block.misspelt else None
    # A block scalar that goes on, or further fields: then the line is part of the YAML.
    if following and (following.keys or following.after >= end or following.next_line[:1] in " \t"):
        return None
    return find_unclosed(file, opening)


def find_unopened(file: SourceFile, start: int) -> BrokenFrontMatter | None:
    """Find front matter whose first line is no `---` line; `start` is the offset at which the text begins."""
    block = _read_fields(file.text, start)
    if block.keys:
        if not block.meant:
            return None
        hint = _ABOVE if block.closed else f"{_ABOVE}, and another one below the last field"
        message = "the front matter has no `---` to open it"
        return _build(file, block, file.build_error(block.start, "front-matter-boundary", message=message, hint=hint))
    if _MISSPELT.fullmatch(block.next_line):
        fields = _read_fields(file.text, _skip_line(file.text, block.after))
        if fields.meant and block.closed:
            # Only a title is above the line.
            return _build(file, fields, _describe_below_text(file, block.after))
        if fields.meant:
            message = f"{_quote(block.next_line)} does not open the front matter"
            error = file.build_error(block.after, "front-matter-boundary", message=message, hint=_AS_IS)
            return _build(file, fields, error)
    return _find_below_text(file, start)


def _find_below_text(file: SourceFile, start: int) -> BrokenFrontMatter | None:
    """Find front matter with both of its lines that is not at the top; that of an example in code is none."""
    for boundary in re.finditer(r"^---[ \t]*\r?\n(?=[ \t]*[A-Za-z][A-Za-z0-9_-]*[ \t]*:)", file.text, re.MULTILINE):
        above = file.text[start : boundary.start()]
        if _FENCE.search(above) or above.count("<!--") != above.count("-->"):
            return None
        block = _read_fields(file.text, boundary.end())
        if "feature_id" in block.keys and block.closed:
            return _build(file, block, _describe_below_text(file, boundary.start()))
    return None


def _describe_below_text(file: SourceFile, offset: int) -> Diagnostic:
    """Describe front matter that begins at an offset, with other text above it."""
    message = "the front matter is not at the top of the file, so it is not read"
    return file.build_error(offset, "front-matter-boundary", message=message, hint="move it above all other text")


def _quote(row: str) -> str:
    """Quote a line that is meant as a `---` line."""
    return "an indented `---`" if _BOUNDARY.fullmatch(row.strip()) else f"`{row.strip()}`"


def _build(file: SourceFile, block: _FieldBlock, error: Diagnostic) -> BrokenFrontMatter:
    """Build the front matter of fields; the body begins below the line that closes it, or is meant to."""
    body_start = _skip_line(file.text, block.after) if block.closed or block.misspelt else block.end
    return BrokenFrontMatter(error, block.start, block.end, body_start)


def _skip_line(text: str, offset: int) -> int:
    """Return the offset of the line after the one at an offset."""
    match = _LINE.match(text, offset)
    return match.end() if match else offset


def _read_fields(text: str, start: int) -> _FieldBlock:
    """Read lines of fields, with what belongs to them, up to the first other line; comments may be between them."""
    keys: list[str] = []
    position, end, is_apart, is_list = start, start, False, False
    # The first of the lines that are comments in YAML and headings in Markdown, as what follows them decides.
    remark: re.Match[str] | None = None
    while match := _LINE.match(text, position):
        row = match[1]
        field = _FIELD.fullmatch(row)
        is_item = is_list and row.startswith("- ") and not row.startswith("- [")
        if not row.strip():
            is_apart = True
        elif _BOUNDARY.fullmatch(row) or _MISSPELT.fullmatch(row):
            return _FieldBlock(tuple(keys), start, end, position, row)
        elif field and (not is_apart or field[1].islower()):
            keys.append(field[1])
            end, is_apart, is_list, remark = match.end(), False, not field[2], None
        elif keys and not is_apart and (row[0] in " \t" or is_item):
            end = match.end()
        elif row[0] == "#":
            remark = remark or match
        else:
            remark = remark or match
            break
        position = match.end()
    return _FieldBlock(tuple(keys), start, end, remark.start() if remark else len(text), remark[1] if remark else "")
