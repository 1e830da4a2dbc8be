"""The Markdown below the front matter in, the same with LF ends out, and the way back from its offsets."""

from __future__ import annotations

from dataclasses import dataclass

from spec2bdd.text.edits import LineIndex

# What marko itself counts as a line end; each is one character to it, and the NUL that it replaces stays one, too.
_LINE_ENDS = ("\r\n", "\r", "\f")


@dataclass(frozen=True, slots=True)
class SourceMap:
    """A stretch of normalised text and where it comes from.

    The body begins at `start` of the file, the stretch at `base` of the normalised body; `places` are those of the body
    as it is written, and nothing where no CR LF makes the two differ.
    """

    text: str
    start: int
    base: int
    places: LineIndex | None

    def find_offset(self, position: int) -> int:
        """Return the offset in the file of a position in the stretch."""
        offset = self.base + position
        return self.start + (self.places.find_source_offset(offset) if self.places else offset)

    def find_visible(self, position: int) -> int:
        """Return the offset in the file of the first visible character from a position on."""
        while position < len(self.text) and self.text[position].isspace():
            position += 1
        return self.find_offset(position)


def build_source_map(text: str, start: int) -> SourceMap:
    """Return the whole body that begins at `start`, behind two blank lines that make its first line like any other."""
    body = text[start:]
    places = LineIndex(body) if "\r\n" in body else None
    for line_end in _LINE_ENDS:
        body = body.replace(line_end, "\n")
    return SourceMap("\n\n" + body.replace("\0", "\x01"), start, -2, places)


def derive_stretch(origin: SourceMap, start: int, end: int) -> SourceMap:
    """Return the part of a stretch from one position to another."""
    return SourceMap(origin.text[start:end], origin.start, origin.base + start, origin.places)
