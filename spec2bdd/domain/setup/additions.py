"""Add to the end of files that exist, where that is exact and safe; every byte that was there stays."""

from __future__ import annotations

import re
import tomllib

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
    own = tomllib.loads(table)["tool"]["spec2bdd"]
    expected = {**before, "tool": {**before.get("tool", {}), "spec2bdd": own}}
    return added if after == expected else None


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
    return content + gap + block.encode("utf-8").replace(b"\n", end)


def add_block(content: bytes, block: str) -> bytes:
    """Add lines to the end of a text, below an empty line, with the line ends that the text has."""
    end = _find_line_end(content)
    gap = end if content.endswith(b"\n") else end * 2
    is_empty = not content.removeprefix(_BOM).strip()
    return content + (b"" if is_empty else gap) + block.encode("utf-8").replace(b"\n", end)


def add_line(content: bytes, line: str) -> bytes:
    """Add one line to the end of a text."""
    end = _find_line_end(content)
    return content + (b"" if not content or content.endswith(b"\n") else end) + line.encode("utf-8") + end


def _find_line_end(content: bytes) -> bytes:
    """Find the line end of the first line."""
    return b"\r\n" if content.partition(b"\n")[0].endswith(b"\r") else b"\n"
