"""Render the Markdown of a spec as HTML in which the lines of its criteria can be found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from hashlib import sha256
from html import escape

from spec2bdd.domain.specs.front_matter.parser import parse_front_matter
from spec2bdd.domain.specs.markdown.blocks import (
    Block,
    Code,
    Comment,
    Heading,
    Item,
    Links,
    MarkdownList,
    Paragraph,
    Quote,
    Rule,
    Table,
    TooLongError,
)
from spec2bdd.domain.specs.markdown.chunks import find_chunks
from spec2bdd.domain.specs.markdown.fast_path import parse_heading, parse_plain
from spec2bdd.domain.specs.markdown.html.inline import Resolve, render_inline
from spec2bdd.domain.specs.markdown.html.sanitize import sanitize_html
from spec2bdd.domain.specs.markdown.limits import check_length
from spec2bdd.domain.specs.markdown.source_map import SourceMap, build_source_map, cut_source_map
from spec2bdd.domain.specs.vocabulary import render_mark_class
from spec2bdd.text.source_file import SourceFile, parse_source_file

_BOX = re.compile(rf"\[({render_mark_class()})\](?=\s|$)\s*")
# What the fast path leaves out, because it is no part of a spec: quotes, and rules but for one at the end.
_DROPPED = re.compile(r"\n *>|\n(?:-{3,}|\*{3,}|_{3,}) *\n(?!\s*\Z)")
_NUMBER = re.compile(r"\d{1,9}")
_CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
# The boxes that people tick, and that are no criteria.
_BOXES = {" ": "☐", "x": "☑", "X": "☑"}
_DEEPEST_HEADING = 6


def render_document(path: str, text: str, lines: Collection[int], resolve: Resolve = str) -> str:
    """Render the Markdown below the front matter of a spec.

    Where one of the `lines` is, there is an empty `<span data-line="12"></span>`, which no text of an author can
    write. `resolve` says where a link leads. A text that cannot be rendered is shown as it is written.
    """
    file = parse_source_file(path, _CONTROLS.sub("\ufffd", text))
    # An author cannot know it: it depends on all that is written.
    key = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    renderer = _Renderer(file, frozenset(lines), f"\ue000{key}:", resolve)
    start = parse_front_matter(file).body_start
    try:
        rendered = renderer.render_body(build_source_map(file.text, start))
    except (RecursionError, TooLongError):
        rendered = f"<pre>{escape(file.text[start:])}</pre>"
    # Without a regular expression, which would have to be compiled for each file.
    first, *others = sanitize_html(rendered).split(renderer.key)
    marked = [f'<span data-line="{line}"></span>{rest}' for line, _, rest in (part.partition(";") for part in others)]
    return "".join([first, *marked])


class _Renderer:
    """Renders one file; `lines` are those that are still to be marked, `key` begins the text that marks one."""

    def __init__(self, file: SourceFile, lines: Collection[int], key: str, resolve: Resolve) -> None:
        self._file = file
        self._lines = set(lines)
        self.key = key
        self._resolve = resolve
        self._links: Links = {}

    def render_body(self, source_map: SourceMap) -> str:
        """Render a whole body, each chunk of it by the fast path or by marko."""
        chunks = find_chunks(source_map.text)
        if chunks is None:
            return self._render_with_marko(source_map)
        rendered = []
        for chunk in chunks:
            heading = parse_heading(source_map, chunk.start)
            start = source_map.text.find("\n", chunk.start) if heading else chunk.start
            # The fast path drops a rule between two headings, which are a break as they are.
            is_dropped = _DROPPED.search(source_map.text, start, chunk.end)
            blocks = None if is_dropped else parse_plain(source_map, start, chunk.end, below_title=True)
            if blocks is None:
                rendered.append(self._render_with_marko(cut_source_map(source_map, chunk.start, chunk.end)))
            else:
                rendered.append(self.render_blocks([heading, *blocks] if heading else blocks))
        return "".join(rendered)

    def _render_with_marko(self, source_map: SourceMap) -> str:
        """Render a part of the text as marko parses it."""
        check_length(source_map)
        from spec2bdd.domain.specs.markdown.marko_blocks import parse_chunk

        body = parse_chunk(source_map, whole=True)
        self._links = body.links
        return self.render_blocks(body.blocks)

    def render_blocks(self, blocks: Iterable[Block]) -> str:
        """Render blocks, one below the other."""
        return "".join(map(self.render_block, blocks))

    def render_block(self, block: Block) -> str:
        """Render one block."""
        match block:
            case Heading():
                # The page has a heading above those of the author.
                level = min(block.level + 1, _DEEPEST_HEADING)
                mark = self._mark_line(self._find_line(block.offset))
                return f"<h{level}>{mark}{self._render_text(block.source)}</h{level}>\n"
            case Paragraph():
                return f"<p>{self._render_lines(block.source, block.offset)}</p>\n"
            case Code():
                # A scenario in code may be a criterion: it is marked above the code, with its fence.
                first = self._find_line(block.offset)
                lines = range(first, first + block.source.count("\n") + 2)
                marks = "".join(f"<p>{mark}</p>\n" for mark in map(self._mark_line, lines) if mark)
                return f"{marks}<pre><code>{escape(block.source)}</code></pre>\n"
            case Comment():
                return f"{block.source}\n"
            case Quote():
                return f"<blockquote>\n{self.render_blocks(block.blocks)}</blockquote>\n"
            case Rule():
                return "<hr>\n"
            case Table():
                return self.render_table(block)
            case MarkdownList():
                # The offset of an item is that of its marker.
                start = _NUMBER.match(self._file.text, block.items[0].offset)
                number = f' start="{int(start[0])}"' if start and int(start[0]) != 1 else ""
                tag = "ol" if start else "ul"
                return f"<{tag}{number}>\n{''.join(map(self.render_item, block.items))}</{tag}>\n"

    def render_item(self, item: Item) -> str:
        """Render an item of a list; the box of a criterion is left to the page."""
        mark = self._mark_line(self._find_line(item.offset))
        first, blocks = item.paragraph, item.blocks
        if first is None:
            return f"<li>{mark}{self.render_blocks(blocks)}</li>\n"
        box = _BOX.match(first.source)
        sign = "" if mark or not box else f"{_BOXES.get(box[1], box[0].strip())} "
        words = self._render_lines(first.source[box.end() if box else 0 :], first.offset)
        rest = self.render_blocks(blocks[1:])
        return f"<li>{mark}{sign}{words}{rest and chr(10)}{rest}</li>\n"

    def render_table(self, table: Table) -> str:
        """Render a table; its first row is the header, and a line of dashes follows that."""
        first = self._find_line(table.offset)
        rows = []
        for number, row in enumerate(table.rows):
            tag = "td" if number else "th"
            mark = self._mark_line(first + number + (number > 0))
            cells = [f"<{tag}>{self._render_text(cell)}</{tag}>" for cell in row]
            rows.append("<tr>" + "".join(cells).replace(f"<{tag}>", f"<{tag}>{mark}", 1) + "</tr>\n")
        return f"<table><thead>\n{rows[0]}</thead><tbody>\n{''.join(rows[1:])}</tbody></table>\n"

    def _render_lines(self, source: str, offset: int) -> str:
        """Render the lines of a paragraph, of which one may be marked."""
        first = self._find_line(offset)
        if self._lines.isdisjoint(range(first, first + source.count("\n") + 1)):
            return self._render_text(source)
        lines = source.split("\n")
        return self._render_text("\n".join(self._mark_line(first + n) + line for n, line in enumerate(lines)))

    def _render_text(self, source: str) -> str:
        """Render the inline Markdown of a text."""
        return render_inline(source, self._links, self._resolve)

    def _find_line(self, offset: int) -> int:
        """Find the line of an offset."""
        return self._file.places.find_line(offset)

    def _mark_line(self, line: int) -> str:
        """Mark a line if it is wanted, where it is met first."""
        if line not in self._lines:
            return ""
        self._lines.remove(line)
        return f"{self.key}{line};"
