r"""The `diff` format: changes as a unified diff, which `git apply` and `patch -p1` take byte for byte."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from spec2bdd.model import FileChange
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.terminal.layout import Part, StyledLine, render_lines
from spec2bdd.reporters.terminal.theme import DIFF_STYLES

# As many lines as git shows around a change.
_CONTEXT = 3
# What git and diff write after a last line without a line end.
_NO_NEWLINE = "\\ No newline at end of file"
# As git does, at line feeds only: a lone CR, FF or U+2028 ends no line of a patch.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# What git quotes in file names under `core.quotePath=false`: other bytes may be written as they are.
_QUOTED = re.compile(r'["\\\x00-\x1f\x7f]')


def render(answer: Answer, options: RenderOptions) -> str:
    """Render the changes of a `Report`."""
    return render_diff(answer.value.changes, color=options.color, terminal=options.terminal)


def render_diff(changes: Sequence[FileChange], *, color: bool, terminal: bool = False) -> str:
    """Render every change as a diff; in colour or on a terminal, control characters are shown as escapes.

    Bytes that are not UTF-8 come out as lone surrogates: encode the patch with `surrogateescape`.
    """
    parts = [part for change in changes for part in _diff_change(change)]
    # In a pipe or a file it is a patch for a program, and nothing in it may be escaped.
    if not (color or terminal):
        return "".join(text for text, _ in parts)
    rows = [(row, style) for text, style in parts for row in text.removesuffix("\n").split("\n")]
    return render_lines((StyledLine((row,), whole=True) for row in rows), width=80, color=color)


def _diff_change(change: FileChange) -> Iterator[Part]:
    """Yield the lines of one file's diff, each with its line end and its style."""
    if change.before == change.after:
        return
    old, new = _quote_path(f"a/{change.path}"), _quote_path(f"b/{change.path}")
    yield f"diff --git {old} {new}\n", "bold"
    # The headers of git, which an empty file needs: it has no hunk that would say that it is new or removed.
    if change.before is None:
        yield "new file mode 100644\n", "bold"
    if change.after is None:
        yield "deleted file mode 100644\n", "bold"
    before, after = (
        _LINE.findall((content or b"").decode("utf-8", "surrogateescape")) for content in (change.before, change.after)
    )
    hunks = list(difflib.unified_diff(before, after, n=_CONTEXT))
    if hunks:
        old = "/dev/null" if change.before is None else _terminate_path(old)
        new = "/dev/null" if change.after is None else _terminate_path(new)
        yield f"--- {old}\n+++ {new}\n", "bold"
    # The first two lines are the names again, which difflib does not quote.
    for line in hunks[2:]:
        yield line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n", DIFF_STYLES.get(line[0], "")


def _quote_path(path: str) -> str:
    """Quote a path as git does where it holds a quote, a backslash or a control character."""
    if not _QUOTED.search(path):
        return path
    quoted = _QUOTED.sub(lambda match: f"\\{ord(match[0]):03o}", path)
    return f'"{quoted}"'


def _terminate_path(path: str) -> str:
    """End a file name that holds a blank with a tab, so that nothing after it is taken for a date."""
    return f"{path}\t" if " " in path and not path.startswith('"') else path
