"""The harness of atheris: any bytes are a spec, a record or a report, or an error of ours says why they are none.

Usage: python tools/fuzz/bytes_harness.py [OPTION OF libFuzzer]... [CORPUS]...
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import atheris

with atheris.instrument_imports(include=["spec2bdd"]):
    from spec2bdd.adapters.evidence.readers import parse_evidence
    from spec2bdd.adapters.results.event_log import parse_run
    from spec2bdd.adapters.results.external.detect import parse_external_report
    from spec2bdd.domain.lint.rules import lint_spec
    from spec2bdd.domain.specs.parser import parse_spec
    from spec2bdd.errors import Spec2bddError
    from spec2bdd.model.evidence import EvidenceKind


def try_input(content: bytes) -> None:
    """Read the bytes in all ways."""
    kinds = (EvidenceKind.COVERAGE, EvidenceKind.JUNIT, EvidenceKind.BENCHMARK)
    readers: list[Callable[[], object]] = [
        lambda: lint_spec(parse_spec("specs/a.md", content), known=frozenset(), others=(), levels={}),
        lambda: parse_run(content.decode(errors="replace"), path="records.ndjson"),
        lambda: parse_external_report(content, path="report"),
        *(partial(parse_evidence, kind, content) for kind in kinds),
    ]
    for read in readers:
        try:
            read()
        except Spec2bddError:
            continue


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_input)
    atheris.Fuzz()
