"""A spec as read in, all that is to be told of how it is written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from spec2bdd.diagnostics.levels import apply_levels
from spec2bdd.diagnostics.suppressions import drop_suppressed, parse_suppressions
from spec2bdd.domain.lint.dependencies import find_unknown_dependencies
from spec2bdd.domain.lint.duplicates import find_duplicates
from spec2bdd.domain.lint.front_matter import check_front_matter
from spec2bdd.domain.lint.list_markers import find_mixed_markers
from spec2bdd.domain.lint.suppressions import check_suppressions
from spec2bdd.domain.lint.wording import check_wording
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.markdown_lines import split_markdown_lines


def lint_spec(
    spec: Spec, *, known: Set[str], others: Iterable[Diagnostic], levels: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Return the findings on one spec, in the order of the file.

    `known` holds the ids of all features, `others` what was found about the spec elsewhere, `levels` those of the
    configuration. What a comment ignores, or a level turns off, is left out.
    """
    sheet = split_markdown_lines(spec.path, spec.text)
    found = [
        *spec.problems,
        *others,
        *check_front_matter(spec, sheet),
        *find_duplicates(spec),
        *find_mixed_markers(spec, sheet),
        *check_wording(spec, sheet),
        *find_unknown_dependencies(spec, known),
    ]
    ignores = parse_suppressions(sheet)
    told = drop_suppressed([*found, *check_suppressions(sheet, ignores, found)], ignores)
    return tuple(sorted(apply_levels(dict.fromkeys(told), levels), key=lambda one: (one.line, one.column)))
