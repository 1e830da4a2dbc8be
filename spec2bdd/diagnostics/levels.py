"""Problems in, the same at the levels out that the configuration and the comments of the specs give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from spec2bdd.diagnostics.codes import CODES
from spec2bdd.diagnostics.suppressions import parse_suppressions
from spec2bdd.model import Diagnostic, Severity
from spec2bdd.text.markdown_lines import split_markdown_lines


def finalize_diagnostics(
    problems: Iterable[Diagnostic], texts: Mapping[str, str], levels: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Return the problems that are to be told, in their order; `texts` holds the specs by path."""
    found = tuple(problems)
    paths = {problem.path for problem in found} & texts.keys()
    ignores = {path: parse_suppressions(split_markdown_lines(path, texts[path])) for path in paths}
    kept = (one for one in found if not any(ignore.covers(one) for ignore in ignores.get(one.path, ())))
    return tuple(apply_levels(kept, levels))


def apply_levels(problems: Iterable[Diagnostic], levels: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield the problems with the levels that their codes are given; what stops work keeps its own."""
    for problem in problems:
        level = levels.get(problem.code, "") if can_be_set(problem.code) else ""
        if level != "off":
            yield replace(problem, severity=Severity(level)) if level else problem


def can_be_set(code: str) -> bool:
    """Tell whether a code may be given a level."""
    return code in CODES and CODES[code].configurable
