"""Render the inline Markdown of a paragraph, heading or cell as HTML; marko reads what the fast path cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from typing import TYPE_CHECKING

from spec2bdd.domain.specs.markdown.blocks import Links
from spec2bdd.domain.specs.markdown.html.sanitize import TAGS
from spec2bdd.domain.specs.markdown.inline import has_too_many_signs, split_plain

if TYPE_CHECKING:
    from marko.element import Element

_TAG_NAMES = {"bold": "strong", "italic": "em"}
_HARD_BREAK = re.compile(" {2,}\n")

# Where a link of a spec leads in the page; nothing where it leads nowhere.
Resolve = Callable[[str], str]


def render_inline(source: str, links: Links, resolve: Resolve) -> str:
    """Render inline Markdown; what is nested too deeply for marko stays as it is written."""
    parts = None if links else split_plain(source)
    if parts is not None:
        rendered = []
        for kind, words, address in parts:
            tag = _TAG_NAMES.get(kind, kind)
            if kind == "link":
                rendered.append(_render_link(escape(words), address, resolve))
            elif kind != "comment":
                rendered.append(escape(words) if kind == "words" else f"<{tag}>{escape(words)}</{tag}>")
        text = "".join(rendered)
        return _HARD_BREAK.sub("<br>\n", text) if "  \n" in text else text
    if has_too_many_signs(source):
        return escape(source)
    # Marko costs start-up time, and many specs can be rendered without it.
    from spec2bdd.domain.specs.markdown.marko_inline import parse_inline_elements

    try:
        return render_elements(parse_inline_elements(source, links), resolve)
    except RecursionError:
        return escape(source)


def render_elements(elements: Sequence[Element], resolve: Resolve) -> str:
    """Render the inline elements of marko."""
    return "".join(render_element(element, resolve) for element in elements)


def render_element(element: Element, resolve: Resolve) -> str:
    """Render one inline element of marko, and those in it."""
    from marko import inline

    from spec2bdd.domain.specs.markdown.marko_inline import find_tag

    children = getattr(element, "children", "")
    text = escape(children) if isinstance(children, str) else render_elements(children, resolve)
    match element:
        case inline.RawText():
            return escape(unescape(str(children))) if element.escape else text
        case inline.InlineHTML():
            # Others, such as the `<id>` in "GET /users/<id>", are part of the author's words.
            tag = find_tag(str(children))
            return str(children) if not tag or tag in TAGS else text
        case inline.LineBreak():
            return "\n" if element.soft else "<br>\n"
        case inline.StrongEmphasis():
            return f"<strong>{text}</strong>"
        case inline.Emphasis():
            return f"<em>{text}</em>"
        case inline.CodeSpan():
            return f"<code>{text}</code>"
        case inline.Image():
            # The page loads nothing.
            return f"<em>{text or escape(element.dest)}</em>"
        case inline.Link() | inline.AutoLink():
            return _render_link(text, unescape(element.dest), resolve)
    # What is struck out is the one element that is not marko's own.
    return f"<del>{text}</del>" if type(element).__name__ == "_Strikethrough" else text


def _render_link(text: str, address: str, resolve: Resolve) -> str:
    """Render a link with its text, which is HTML, or the text alone where the link leads nowhere."""
    target = resolve(address)
    return f'<a href="{escape(target)}">{text}</a>' if target else text
