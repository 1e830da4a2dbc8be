"""Look up the source lines that diagnostics point to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from spec2bdd.model import ChallengeReport, Diagnostic, Report

# The lines of each file by its path.
Sources = Mapping[str, Sequence[str]]


def split_sources(report: Report | ChallengeReport) -> Sources:
    """Split all specs of a report into lines; each once, as there may be a diagnostic in every line."""
    # Diagnostics of challenges are in the code of steps, which the report does not have.
    specs = report.specs if isinstance(report, Report) else ()
    return {
        # Not `splitlines`: positions count CR, LF and CRLF only, and not the other separators of Unicode.
        spec.spec.path: spec.spec.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for spec in specs
    }


def find_line(diagnostic: Diagnostic, sources: Sources) -> str:
    """Find the source line of a diagnostic, as far as it is known."""
    lines = sources.get(diagnostic.path, ())
    return lines[diagnostic.line - 1] if 0 < diagnostic.line <= len(lines) else ""


def compute_fingerprints(diagnostics: Sequence[Diagnostic], sources: Sources) -> list[str]:
    """Compute a fingerprint for each diagnostic, by which scanners recognise it when lines have moved.

    It has the text of the line, not its number. Equal ones in one file are numbered in their order.
    """
    seen: Counter[str] = Counter()
    fingerprints = []
    for diagnostic in diagnostics:
        content = f"{diagnostic.path}\0{diagnostic.code}\0{find_line(diagnostic, sources).strip()}"
        seen[content] += 1
        numbered = f"{content}\0{seen[content]}".encode("utf-8", "replace")
        fingerprints.append(hashlib.sha256(numbered).hexdigest()[:32])
    return fingerprints
