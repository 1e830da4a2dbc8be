"""Run all lint rules on one spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from spec2bdd.diagnostics.levels import apply_levels
from spec2bdd.diagnostics.suppressions import drop_suppressed, parse_suppressions
from spec2bdd.domain.lint.dependencies import check_dependencies
from spec2bdd.domain.lint.duplicates import check_duplicates
from spec2bdd.domain.lint.front_matter import check_front_matter
from spec2bdd.domain.lint.list_markers import check_list_markers
from spec2bdd.domain.lint.suppressions import check_suppressions
from spec2bdd.domain.lint.wording import check_wording
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.markdown_lines import split_markdown_lines


def lint_spec(
    spec: Spec, *, known: Set[str], others: Iterable[Diagnostic], levels: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Check one spec, and return its diagnostics in file order.

    `known` holds the ids of all features, `others` the diagnostics of the spec from other commands' checks, `levels`
    those of the configuration. What a comment suppresses, or a level turns off, is left out.
    """
    if spec.is_template:
        return tuple(apply_levels(spec.diagnostics, levels))
    document = split_markdown_lines(spec.path, spec.text)
    diagnostics = [
        *spec.diagnostics,
        *others,
        *check_front_matter(spec, document),
        *check_duplicates(spec),
        *check_list_markers(spec, document),
        *check_wording(spec, document),
        *check_dependencies(spec, known),
    ]
    diagnostics += check_suppressions(document, tuple(diagnostics))
    kept = drop_suppressed(diagnostics, parse_suppressions(document))
    # Two rules may report the same; the sort is stable, so diagnostics of one place stay in the order of the rules.
    leveled = apply_levels(dict.fromkeys(kept), levels)
    return tuple(sorted(leveled, key=lambda diagnostic: (diagnostic.line, diagnostic.column)))
