"""Make text of unknown origin safe to print: no terminal obeys, hides or reorders any of it."""

from __future__ import annotations

import re

# Controls (C0, DEL, C1), what hides or reorders text (soft hyphen, zero-width and bidirectional marks, tag characters),
# line separators, lone surrogates, and what is no character. The two joiners U+200C and U+200D stay: scripts and emoji
# are written with them.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def render_visible(text: str) -> str:
    """Write every character that a terminal would obey, hide or reorder by as the escape that Python has for it."""
    # Nothing unsafe is printable, and nearly every text is.
    if text.isprintable():
        return text
    return UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def split_visible_lines(text: str) -> tuple[str, ...]:
    """Split a text at line feeds into visible lines, with tabs expanded and without blank lines at both ends."""
    if not text:
        return ()
    lines = text.replace("\r\n", "\n").split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    inner = lines[filled[0] : filled[-1] + 1] if filled else []
    return tuple(render_visible(line.expandtabs(4).rstrip()) for line in inner)
