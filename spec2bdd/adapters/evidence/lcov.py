"""Parse LCOV trace files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spec2bdd.adapters.formats import starts_with
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Coverage, EvidenceKind

# `int` of a long text takes quadratic time, and no source file has this many lines.
_MAX_DIGITS = 18


@dataclass(slots=True)
class _SourceFile:
    """What all sections of one source file record: hits by line and by branch, and the sums of the tool."""

    lines: dict[str, bool] = field(default_factory=dict)
    branches: dict[str, bool] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)

    def add_row(self, name: str, value: str) -> None:
        """Add one row; what was hit in one section counts as hit."""
        parts = value.split(",")
        # DA:LINE,HITS and BRDA:LINE,BLOCK,BRANCH,HITS
        if name == "DA" and len(parts) > 1:
            self.lines[parts[0]] = self.lines.get(parts[0], False) or _is_hit(parts[1])
        elif name == "BRDA" and len(parts) > 3:
            branch = ",".join(parts[:-1])
            self.branches[branch] = self.branches.get(branch, False) or _is_hit(parts[-1])
        # Lines and branches, found and hit.
        elif name in ("LF", "LH", "BRF", "BRH") and value.isascii() and value.isdigit():
            self.sums[name] = max(self.sums.get(name, 0), int(value[:_MAX_DIGITS]))


class LcovReader:
    """The reader of LCOV trace files."""

    kind = EvidenceKind.COVERAGE

    def detects(self, content: bytes) -> bool:
        """Whether a file begins with the name of a test or of a source file, or with a comment."""
        return starts_with(content, (b"TN:", b"SF:", b"#"))

    def parse(self, content: bytes) -> Coverage:
        """Parse the counts of a trace file.

        A source file may have several sections, one for each test; each of its lines counts once. Where a tool writes
        no single lines, its sums are used.

        Raises:
            EvidenceError: it is no trace file, or does not end with the end of a section.
        """
        sources: dict[str, _SourceFile] = {}
        current: _SourceFile | None = None
        rows = [row.strip() for row in content.decode("utf-8-sig", "replace").splitlines() if row.strip()]
        for row in rows:
            name, _, value = row.partition(":")
            if name == "SF":
                current = sources.setdefault(value, _SourceFile())
            elif name == "end_of_record":
                current = None
            elif current is not None:
                current.add_row(name, value)
        # The format has no header and no total, so a file that was cut off shows only here.
        if not sources or rows[-1:] != ["end_of_record"]:
            raise EvidenceError(
                "the file is truncated" if sources else "not an LCOV file", hint="regenerate the report"
            )
        counts = [
            (*_count(source.lines, source.sums, "L"), *_count(source.branches, source.sums, "BR"))
            for source in sources.values()
        ]
        return Coverage(*(sum(column) for column in zip(*counts, strict=True)))


def _is_hit(count: str) -> bool:
    """Whether a count is positive: `-` is a branch that was never reached; some tools write `1e+06`."""
    try:
        return float(count) > 0
    except ValueError:
        return False


def _count(hits: Mapping[str, bool], sums: Mapping[str, int], prefix: str) -> tuple[int, int]:
    """Count the lines or branches of a file, and those that were reached."""
    if hits:
        return len(hits), sum(hits.values())
    return sums.get(f"{prefix}F", 0), sums.get(f"{prefix}H", 0)
