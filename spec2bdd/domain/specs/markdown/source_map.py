"""Map offsets of normalized Markdown back to the file that it comes from."""

from __future__ import annotations

from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import LineIndex

# What marko 2.2.4 counts as a line end. CR LF becomes one character, which `LineIndex` translates back; the others, and
# the NUL that marko replaces, keep their length.
_LINE_ENDS = ("\r\n", "\r", "\f")


@dataclass(frozen=True, slots=True)
class SourceMap:
    """A part of the normalized text and its position in the file.

    The body begins at offset `start` of the file, and this part at offset `base` of the normalized body. `line_index`
    belongs to the body as it is in the file; it is `None` where no CR LF makes the two differ.
    """

    text: str
    start: int
    base: int
    line_index: LineIndex | None

    def find_offset(self, position: int) -> int:
        """Find the offset in the file of a position in this part."""
        offset = self.base + position
        return self.start + (self.line_index.find_source_offset(offset) if self.line_index else offset)

    def find_visible(self, position: int) -> int:
        """Find the offset in the file of the first visible character at or after a position."""
        while position < len(self.text) and self.text[position].isspace():
            position += 1
        return self.find_offset(position)


def build_source_map(text: str, start: int) -> SourceMap:
    """Normalize the body that begins at `start`, with two blank lines put before it.

    The blank lines let its first line be matched like any other, also by patterns that begin with a line end.
    """
    body = text[start:]
    line_index = LineIndex(body) if "\r\n" in body else None
    for line_end in _LINE_ENDS:
        body = body.replace(line_end, "\n")
    return SourceMap("\n\n" + body.replace("\0", "\x01"), start, -2, line_index)


def cut_source_map(source_map: SourceMap, start: int, end: int) -> SourceMap:
    """Cut out the part from one position to another."""
    return SourceMap(source_map.text[start:end], source_map.start, source_map.base + start, source_map.line_index)
