"""The inline Markdown of one paragraph in, what marko makes of it out: the one place that knows marko's inlines."""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from marko import inline
from marko.block import Document
from marko.element import Element
from marko.ext.gfm.elements import Url
from marko.inline_parser import parse as parse_elements
from marko.parser import Parser
from marko.source import Source

from spec2bdd.domain.specs.markdown.inline_text import InlineText, find_comments
from spec2bdd.text.normalize import to_single_line

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")

# Tags that only dress a text. Others, such as the `<id>` in "GET /users/<id>", are part of what the author says.
_DRESSING = re.compile(
    r"a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|img|ins|kbd|mark|q|s|samp|small|span|strike|strong|su[bp]|tt|u|var|wbr"
)
_BREAKS = frozenset({"br", "p", "div", "hr"})


class _Strikethrough(inline.InlineElement):
    """`~~words~~` and `~words~`, but not the tildes of "~5 to ~10" or of a path, which marko's own takes as well."""

    # The conditional group asks a single tilde to stand outside of words on both sides.
    pattern = re.compile(r"(?<!~)(?:(~~)|(?<!\w)~)(?=[^\s~])([^~]*[^\s~])(?(1)~~|~(?!\w))(?!~)")
    priority = 5
    parse_children = True
    parse_group = 2


def parse_markup(source: str, links: Mapping[str, tuple[str, str]]) -> InlineText:
    """Read the inline Markdown of one paragraph or heading, whatever is in it.

    Raises:
        RecursionError: emphasis or links are nested too deeply for marko.
    """
    elements = _parse_elements(source, links)
    return InlineText(
        text=_render_text(elements),
        comments=tuple(_find_comments(elements)),
        lead=_render_text(elements[:1]) if elements and isinstance(elements[0], inline.StrongEmphasis) else "",
        ends_in_code=_tell_code_end(elements),
    )


def _parse_elements(source: str, links: Mapping[str, tuple[str, str]]) -> Sequence[Element]:
    """Have marko read inline Markdown by itself, without a document around it."""
    parser, document, around = _derive_parser(), Document(), Source("")
    document.link_ref_defs = dict(links)
    around.parser = parser
    kinds = [kind for kind in parser.inline_elements.values() if not kind.virtual]
    with around.under_state(document):
        return parse_elements(source, kinds, fallback=inline.RawText, source=around)


@cache
def _derive_parser() -> Parser:
    """Return a parser that knows our strikethrough and GitHub's bare addresses, whose underscores are no emphasis."""
    parser = Parser()
    parser.add_element(_Strikethrough)
    parser.add_element(Url)
    return parser


def _render_text(elements: Iterable[Element]) -> str:
    """Return the words of some elements as clean text."""
    return to_single_line("".join(_render_element(element) for element in elements))


def _render_element(element: Element) -> str:
    """Return the words of one element, its Markdown taken off."""
    match element:
        case inline.RawText():
            return _ENTITY.sub(_resolve_entity, element.children) if element.escape else element.children
        case inline.InlineHTML():
            return _render_tag(str(element.children))
    children = getattr(element, "children", "")
    return children if isinstance(children, str) else "".join(_render_element(child) for child in children)


def _render_tag(tag: str) -> str:
    """Return what a piece of inline HTML leaves in the text: nothing of comments and of tags that only dress it."""
    name = (found := _TAG.match(tag)) and found[1].lower()
    if name in _BREAKS:
        return " "
    return "" if (name and _DRESSING.fullmatch(name)) or tag.startswith("<!--") else tag


def _resolve_entity(match: re.Match[str]) -> str:
    """Return the character of an entity, or its text where HTML knows no such entity."""
    name = match[0][1:]
    return html.unescape(match[0]) if name.startswith("#") or name in html.entities.html5 else match[0]


def _find_comments(elements: Iterable[Element]) -> Iterator[str]:
    """Yield what the HTML comments among some elements say."""
    for element in elements:
        if isinstance(element, inline.InlineHTML):
            yield from find_comments(str(element.children))
        elif not isinstance(children := getattr(element, "children", ""), str):
            yield from _find_comments(children)


def _tell_code_end(elements: Sequence[Element]) -> bool:
    """Tell whether the last words of a paragraph are code."""
    visible = [element for element in elements if _render_element(element).strip()]
    return bool(visible) and isinstance(visible[-1], inline.CodeSpan)
