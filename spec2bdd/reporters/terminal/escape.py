"""Text of unknown origin in, text that no terminal obeys out."""

from __future__ import annotations

import re

# Controls (C0, DEL, C1), what hides or reorders text (soft hyphen, zero-width and bidirectional marks, tag characters),
# line separators and lone surrogates. The two joiners U+200C and U+200D stay: scripts and emoji are written with them.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def render_visible(text: str) -> str:
    """Write every character that a terminal would obey, hide or reorder by as an escape, as Python does."""
    return UNSAFE.sub(lambda match: _render_escape(match[0]), text)


def derive_visible_lines(text: str) -> tuple[str, ...]:
    """Cut a text of many lines into visible ones, with tabs widened and without blank lines around it."""
    lines = text.replace("\r\n", "\n").split("\n")
    return tuple(render_visible(line.expandtabs(4).rstrip()) for line in _strip_blank(lines))


def _strip_blank(lines: list[str]) -> list[str]:
    """Drop the blank lines at both ends."""
    filled = [n for n, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _render_escape(char: str) -> str:
    """Write one character as Python would."""
    code = ord(char)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return _SHORT.get(char) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
