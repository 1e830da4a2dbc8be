"""Write Markdown in which no text of a project can be anything but text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spec2bdd.reporters.terminal.escape import render_visible

# What GitHub and GitLab give a meaning inside a line: emphasis, code, links, HTML, tables, mentions and references.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~&$])")
# A zero-width joiner after `@` keeps a text from mentioning a user.
_MENTION = re.compile(r"@(?=\w)")
# What spec2bdd itself writes as code in its messages.
_CODE = re.compile(r"`([^`\n]+)`")


def escape(text: str) -> str:
    """Escape a text for one line of Markdown."""
    visible = render_visible(" ".join(text.split()))
    return _MENTION.sub("@\u200d", _SPECIAL.sub(r"\\\1", visible))


def escape_message(text: str) -> str:
    """Escape a message of spec2bdd; what it has between backticks stays code."""
    pieces = _CODE.split(text)
    return "".join(code(piece) if number % 2 else escape_kept(piece) for number, piece in enumerate(pieces))


def escape_kept(text: str) -> str:
    """Escape a piece of a text, with the spaces at its ends."""
    return f"{' ' * (text[:1].isspace())}{escape(text)}{' ' * (text[1:] != '' and text[-1:].isspace())}"


def code(text: str) -> str:
    """Write a text as code, also inside a table."""
    visible = render_visible(" ".join(text.split())).replace("|", r"\|")
    # A longer fence where the text has backticks of its own.
    fence = "`" * (max(map(len, re.findall("`+", visible)), default=0) + 1)
    return f"{fence} {visible} {fence}" if "`" in visible else f"`{visible}`"


def render_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Render a table of cells that are Markdown already; empty without rows."""
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    head = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    return "\n".join([*head, *lines]) + "\n" if lines else ""
