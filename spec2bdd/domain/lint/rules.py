"""A spec as read in, all that is to be told of how it is written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from spec2bdd.diagnostics.levels import apply_levels
from spec2bdd.diagnostics.suppressions import drop_ignored, parse_ignores
from spec2bdd.domain.lint.dependencies import find_unknown_dependencies
from spec2bdd.domain.lint.duplicates import find_repeats
from spec2bdd.domain.lint.front_matter import find_field_faults
from spec2bdd.domain.lint.list_markers import find_mixed_markers
from spec2bdd.domain.lint.suppressions import find_comment_faults
from spec2bdd.domain.lint.wording import find_wording
from spec2bdd.model import Problem, Spec
from spec2bdd.text.markdown_lines import derive_sheet


def find_findings(
    spec: Spec, *, known: Set[str], others: Iterable[Problem], levels: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Return the findings on one spec, in the order of the file.

    `known` holds the ids of all features, `others` what was found about the spec elsewhere, `levels` those of the
    configuration. What a comment ignores, or a level turns off, is left out.
    """
    sheet = derive_sheet(spec.path, spec.text)
    found = [
        *spec.problems,
        *others,
        *find_field_faults(spec, sheet),
        *find_repeats(spec),
        *find_mixed_markers(spec, sheet),
        *find_wording(spec, sheet),
        *find_unknown_dependencies(spec, known),
    ]
    ignores = parse_ignores(sheet)
    told = drop_ignored([*found, *find_comment_faults(sheet, ignores, found)], ignores)
    return tuple(sorted(apply_levels(dict.fromkeys(told), levels), key=lambda one: (one.line, one.column)))
