"""Split a paragraph into its rows, each with its place in the file."""

from __future__ import annotations

from spec2bdd.domain.specs.markdown.blocks import Paragraph
from spec2bdd.text.source_file import SourceFile

# More characters than this are not between two rows: a line end, blanks, and the marks of a quote.
_MOST_BETWEEN = 1_000


def split_rows(file: SourceFile, paragraph: Paragraph) -> tuple[Paragraph, ...]:
    """Split a paragraph into its rows, each as a paragraph of its own.

    For Markdown, other characters than line ends, such as a form feed, begin a row, too: a row may be in the same line
    of the file as the one before it.
    """
    rows: list[Paragraph] = []
    end = paragraph.offset
    for row in paragraph.source.split("\n"):
        start = max(file.text.find(row, end, end + len(row) + _MOST_BETWEEN), end)
        rows.append(Paragraph(row, start))
        end = start + len(row)
    return tuple(rows)
