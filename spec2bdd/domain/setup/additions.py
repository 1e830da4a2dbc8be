"""Add to the end of files that exist, where that is exact and safe; every byte that was there stays."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

from spec2bdd.domain.specs.unread.places import LinePlace, place_lines

_BOM = b"\xef\xbb\xbf"
_REPOS = re.compile(r"repos:\s*(?:#.*)?")


def add_config_table(content: bytes, table: str) -> bytes | None:
    """Add `[tool.spec2bdd]` to the end of a pyproject.toml; `None` where anything else would read differently."""
    added = add_block(content, table)
    try:
        before = tomllib.loads(content.removeprefix(_BOM).decode("utf-8"))
        after = tomllib.loads(added.removeprefix(_BOM).decode("utf-8"))
    except ValueError:
        return None
    # An array `[[tool]]` would take the table into its last element.
    tables = before.get("tool", {})
    own = tomllib.loads(table)["tool"]["spec2bdd"]
    is_exact = isinstance(tables, dict) and after == {**before, "tool": {**tables, "spec2bdd": own}}
    return added if is_exact else None


def add_hooks(content: bytes, entry: str) -> bytes | None:
    """Add an entry to the list at the end of a `.pre-commit-config.yaml`; `None` where the file has another form."""
    try:
        rows = content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return None
    start = next((number for number, row in enumerate(rows) if _REPOS.fullmatch(row)), len(rows))
    listed = [row for row in rows[start + 1 :] if row.strip() and not row.lstrip().startswith("#")]
    if not listed or not listed[0].lstrip(" ").startswith("- "):
        return None
    # All that follows has to be in the list: its entries, and what is indented more.
    indent = listed[0][: -len(listed[0].lstrip(" "))]
    if not all(row.startswith((f"{indent}- ", f"{indent} ")) for row in listed):
        return None
    end = _find_line_end(content)
    block = "".join(f"{indent}{row}\n" for row in entry.splitlines())
    gap = b"" if content.endswith(b"\n") else end
    added = content + gap + block.encode("utf-8").replace(b"\n", end)
    return added if _count_hooks(added) == _count_hooks(content) + 1 else None


def _count_hooks(content: bytes) -> int:
    """Count the entries of a `.pre-commit-config.yaml`; -1 if it is not valid."""
    from spec2bdd.domain.specs.front_matter.plain_yaml import load_yaml

    loaded = load_yaml(content)
    entries = loaded.get("repos") if isinstance(loaded, dict) else None
    return len(entries) if isinstance(entries, list) else -1


def add_block(content: bytes, block: str) -> bytes:
    """Add lines to the end of a text, under an empty line, with the line ends that the text has."""
    end = _find_line_end(content)
    gap = end if content.endswith(b"\n") else end * 2
    is_empty = not content.removeprefix(_BOM).strip()
    return content + (b"" if is_empty else gap) + block.encode("utf-8").replace(b"\n", end)


def add_section(content: bytes, section: str) -> bytes | None:
    """Add a section to the end of a Markdown file; `None` where it would be in code or in a comment, or is no UTF-8."""
    try:
        lines = place_lines(content.decode("utf-8"), 0)
    except UnicodeDecodeError:
        return None
    is_open = bool(lines) and lines[-1].place in (LinePlace.OPEN_CODE, LinePlace.OPEN_COMMENT)
    return None if is_open else add_block(content, section)


def add_ignored(content: bytes, folders: Iterable[str]) -> bytes | None:
    """Add folders to the end of a `.gitignore`, except those that have a line already, such as `/NAME` or `!NAME/`."""
    if b"\0" in content:
        # UTF-16, which git does not read.
        return None
    end = _find_line_end(content)
    known = {line.strip().lstrip(b"!").removeprefix(b"**/").strip(b"/") for line in content.split(b"\n")}
    rows = b"".join(f"{name}/".encode() + end for name in folders if name.encode() not in known)
    return content + (b"" if not rows or not content or content.endswith(b"\n") else end) + rows


def _find_line_end(content: bytes) -> bytes:
    """Find the line end of the first line."""
    return b"\r\n" if content.partition(b"\n")[0].endswith(b"\r") else b"\n"
