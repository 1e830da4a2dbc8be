"""Parse inline Markdown with marko; the only module that knows marko's inline elements."""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterable, Iterator, Set

from marko import inline
from marko.block import Document
from marko.element import Element
from marko.ext.gfm.elements import Url
from marko.inline_parser import parse as parse_elements
from marko.parser import Parser
from marko.source import Source

from spec2bdd.domain.specs.markdown.blocks import Links
from spec2bdd.domain.specs.markdown.inline_text import InlineText, find_comments
from spec2bdd.text.normalize import to_single_line

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")

# Tags that only format a text. Others, such as the `<id>` in "GET /users/<id>", are part of the author's words.
_FORMATTING = re.compile(
    r"a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|img|ins|kbd|mark|q|s|samp|small|span|strike|strong|su[bp]|tt|u|var|wbr"
)
_LOOSE_PUNCTUATION = re.compile(r"\s+([,.;:!?])(?=\s|$)")
_BREAKS = frozenset({"br", "p", "div", "hr"})
# A tag without attributes, of an element that has an end. Alone, it is as likely a placeholder: `<a> and <b>`.
_BARE_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)>")
_VOID = frozenset({"br", "hr", "wbr"})


class _Strikethrough(inline.InlineElement):
    """`~~words~~` and `~words~`, but not the tildes of "~5 to ~10" or of a path, which marko's own element takes."""

    pattern = re.compile(
        r"""
        (?<!~)(?:(~~)|(?<!\w)~)        # two tildes, or one that does not follow a word
        (?=[^\s~])([^~]*[^\s~])        # the words, without blanks at their ends
        (?(1)~~|~(?!\w))(?!~)          # as many tildes again; a single one must not precede a word
        """,
        re.VERBOSE,
    )
    priority = 5
    parse_children = True
    parse_group = 2


_PARSER = Parser()
_PARSER.add_element(_Strikethrough)
# GitHub's bare addresses, whose underscores are no emphasis.
_PARSER.add_element(Url)


def parse_inline_elements(source: str, links: Links) -> list[Element]:
    """Parse the inline Markdown of one paragraph or heading into the elements of marko.

    An HTML tag that has no counterpart formats nothing, and is text.

    Raises:
        RecursionError: emphasis or links are nested too deeply for marko.
    """
    # Marko parses inline Markdown only within a document, so this builds an empty one around the text.
    document, around = Document(), Source("")
    document.link_ref_defs = dict(links)
    around.parser = _PARSER
    kinds = [kind for kind in _PARSER.inline_elements.values() if not kind.virtual]
    with around.under_state(document):
        elements: list[Element] = list(parse_elements(source, kinds, fallback=inline.RawText, source=around))
    return _keep_single_tags(elements) if "<" in source else elements


def _keep_single_tags(elements: list[Element]) -> list[Element]:
    """Replace each tag without attributes that has no counterpart by text."""
    open_tags: dict[str, list[Element]] = {}
    single: set[int] = set()
    for element in _list_html(elements):
        tag = str(element.children)
        name = find_tag(tag)
        if tag.startswith("</"):
            if open_tags.get(name):
                open_tags[name].pop()
            else:
                single.add(id(element))
        elif name and not tag.endswith("/>"):
            open_tags.setdefault(name, []).append(element)
    single |= {id(element) for tags in open_tags.values() for element in tags}
    return _replace_tags(elements, single) if single else elements


def _list_html(elements: Iterable[Element]) -> Iterator[inline.InlineHTML]:
    """List the tags and comments among some elements in their order, also the nested ones."""
    for element in elements:
        if isinstance(element, inline.InlineHTML):
            yield element
        elif not isinstance(children := getattr(element, "children", ""), str):
            yield from _list_html(children)


def _replace_tags(elements: Iterable[Element], single: Set[int]) -> list[Element]:
    """Replace the bare tags among those with these identities by text, at any depth."""
    replaced: list[Element] = []
    for element in elements:
        children = getattr(element, "children", "")
        if id(element) in single and (tag := _BARE_TAG.fullmatch(str(children))) and tag[2].lower() not in _VOID:
            element = inline.RawText(tag[0], escape=False)
        elif not isinstance(children, str):
            element.children = _replace_tags(children, single)  # type: ignore[attr-defined]
        replaced.append(element)
    return replaced


def find_tag(markup: str) -> str:
    """Find the name of an HTML tag, in small letters; nothing for a comment."""
    match = _TAG.match(markup)
    return match[1].lower() if match else ""


def parse_markup(source: str, links: Links) -> InlineText:
    """Parse the inline Markdown of one paragraph or heading, whatever is in it.

    Raises:
        RecursionError: emphasis or links are nested too deeply for marko.
    """
    elements = parse_inline_elements(source, links)
    visible = [element for element in elements if _render_element(element).strip()]
    struck = "~" in source and _has_struck_words(elements)
    text = _render_text(elements)
    return InlineText(
        # Punctuation that followed struck words follows those before them.
        text=_LOOSE_PUNCTUATION.sub(r"\1", text) if struck else text,
        comments=tuple(_find_comments(elements)),
        lead=_render_text(elements[:1]) if elements and isinstance(elements[0], inline.StrongEmphasis) else "",
        ends_in_code=bool(visible) and isinstance(visible[-1], inline.CodeSpan),
        struck=struck,
    )


def _has_struck_words(elements: Iterable[Element]) -> bool:
    """Whether some words are struck out, at any depth."""
    return any(
        isinstance(element, _Strikethrough)
        or (not isinstance(children := getattr(element, "children", ""), str) and _has_struck_words(children))
        for element in elements
    )


def _render_text(elements: Iterable[Element]) -> str:
    """Render elements as clean text on one line."""
    return to_single_line("".join(_render_element(element) for element in elements))


def _render_element(element: Element) -> str:
    """Render one element as text without its Markdown."""
    match element:
        case inline.RawText():
            return _ENTITY.sub(_resolve_entity, element.children) if element.escape else element.children
        case inline.InlineHTML():
            tag = str(element.children)
            name = find_tag(tag)
            if name in _BREAKS:
                return " "
            return "" if _FORMATTING.fullmatch(name) or tag.startswith("<!--") else tag
        case _Strikethrough():
            # The author took these words out.
            return ""
    children = getattr(element, "children", "")
    return children if isinstance(children, str) else "".join(_render_element(child) for child in children)


def _resolve_entity(match: re.Match[str]) -> str:
    """Resolve an entity to its character, or to its own text where HTML knows no such entity.

    `html.unescape` alone is not enough: it also resolves prefixes, so that `&notit;` would begin with a `¬`.
    """
    name = match[0][1:]
    return html.unescape(match[0]) if name.startswith("#") or name in html.entities.html5 else match[0]


def _find_comments(elements: Iterable[Element]) -> Iterator[str]:
    """Find the texts of the HTML comments among some elements, also the nested ones."""
    for element in _list_html(elements):
        yield from find_comments(str(element.children))
