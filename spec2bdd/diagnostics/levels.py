"""Apply the levels of the configuration, the suppressions in specs and the default hints to diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from spec2bdd.diagnostics.codes import find_code, is_configurable
from spec2bdd.diagnostics.suppressions import MARK, parse_suppressions
from spec2bdd.model import Diagnostic, Severity
from spec2bdd.text.markdown_lines import split_markdown_lines


def finalize_diagnostics(
    diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], levels: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Apply suppressions and levels to the diagnostics of a command, keeping their order.

    `texts` holds the specs by path: a suppression applies to diagnostics of its own file alone.
    """
    collected = tuple(diagnostics)
    # Only specs that have a diagnostic and a comment to spec2bdd need to be split into lines, which takes long.
    paths = {diagnostic.path for diagnostic in collected if MARK in texts.get(diagnostic.path, "")}
    suppressions = {path: parse_suppressions(split_markdown_lines(path, texts[path])) for path in paths}
    kept = (
        diagnostic
        for diagnostic in collected
        if not any(suppression.covers(diagnostic) for suppression in suppressions.get(diagnostic.path, ()))
    )
    return tuple(apply_levels(kept, levels))


def add_default_hint(diagnostic: Diagnostic) -> Diagnostic:
    """Give a diagnostic without a hint the fix of its code: the processes that run Behave do not know the codes."""
    code = None if diagnostic.hint else find_code(diagnostic.code)
    return replace(diagnostic, hint=code.fix) if code else diagnostic


def apply_levels(diagnostics: Iterable[Diagnostic], levels: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Give diagnostics the configured level of their code; one that is not configurable keeps its severity."""
    for diagnostic in diagnostics:
        level = levels.get(diagnostic.code, "") if is_configurable(diagnostic.code) else ""
        if level != "off":
            yield replace(diagnostic, severity=Severity(level)) if level else diagnostic
