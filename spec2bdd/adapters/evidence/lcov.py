"""The bytes of an LCOV trace file in, its counts out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spec2bdd.errors import EvidenceError
from spec2bdd.model import Coverage


@dataclass(slots=True)
class _Source:
    """What all sections of one source file say: hits by line and by branch, and their own sums."""

    lines: dict[str, bool] = field(default_factory=dict)
    branches: dict[str, bool] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)


def parse_lcov(content: bytes) -> Coverage:
    """Return the counts of a trace file; a file with several sections, one for each test, counts each line once.

    Where a tool writes no single lines, its sums are taken, and the other way round.

    Raises:
        EvidenceError: it is no trace file, or does not end with the end of a section.
    """
    sources: dict[str, _Source] = {}
    current: _Source | None = None
    rows = [row.strip() for row in content.decode("utf-8", "replace").splitlines() if row.strip()]
    for row in rows:
        name, _, value = row.partition(":")
        if name == "SF":
            current = sources.setdefault(value, _Source())
        elif name == "end_of_record":
            current = None
        elif current is not None:
            _add_row(current, name, value)
    if rows[-1:] != ["end_of_record"]:
        raise EvidenceError("it is cut off" if sources else "it is no LCOV file", hint="write the report again")
    counts = [(*_count(one.lines, one.sums, "L"), *_count(one.branches, one.sums, "BR")) for one in sources.values()]
    return Coverage(*(sum(column) for column in zip(*counts, strict=True)))


def _add_row(source: _Source, name: str, value: str) -> None:
    """Add what one row says of its source file."""
    parts = value.split(",")
    if name == "DA" and len(parts) > 1:
        source.lines[parts[0]] = source.lines.get(parts[0], False) or _is_hit(parts[1])
    elif name == "BRDA" and len(parts) > 3:
        branch = ",".join(parts[:-1])
        source.branches[branch] = source.branches.get(branch, False) or _is_hit(parts[-1])
    elif name in ("LF", "LH", "BRF", "BRH") and value.isascii() and value.isdigit():
        source.sums[name] = max(source.sums.get(name, 0), int(value[:18]))


def _is_hit(count: str) -> bool:
    """Tell whether a count is one: `-` stands for a line that was never reached; some tools write `1e+06`."""
    try:
        return float(count) > 0
    except ValueError:
        return False


def _count(hits: Mapping[str, bool], sums: Mapping[str, int], prefix: str) -> tuple[int, int]:
    """Return how many there are, and how many were reached."""
    if hits:
        return len(hits), sum(hits.values())
    return sums.get(f"{prefix}F", 0), sums.get(f"{prefix}H", 0)
