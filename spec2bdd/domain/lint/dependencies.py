"""Check that the features under `Upstream Dependencies` exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from pathlib import PurePosixPath

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.model import Diagnostic, Spec

_LEADING_NUMBER = re.compile(r"\d+(?:\.\d+)+")
# The letters of an id such as `AUTH-2`, its separator included.
_LETTERS = re.compile(r"([^\W\d_]+[-_])\d+")


def collect_known_ids(specs: Sequence[Spec]) -> frozenset[str]:
    """Collect the feature ids of all specs; the number that a file name begins with counts as one too."""
    given = {spec.find_value("feature_id").casefold() for spec in specs}
    numbers = (_LEADING_NUMBER.match(PurePosixPath(spec.path).name) for spec in specs)
    return frozenset(given | {number[0] for number in numbers if number}) - {""}


def check_dependencies(spec: Spec, known_ids: Set[str]) -> Iterator[Diagnostic]:
    """Report each unknown feature id under `Upstream Dependencies`, once.

    A word that begins with letters is an id only where ids of this project begin with the same, such as `AUTH-2`.
    """
    prefixes = {match[1] for known_id in known_ids if (match := _LETTERS.fullmatch(known_id))}
    # An id that was reported counts as known from then on.
    seen = set(known_ids)
    for dependency in spec.upstream:
        name = dependency.id.casefold()
        looks_like_id = name[0].isdigit() or name.rstrip("0123456789") in prefixes
        if looks_like_id and name not in seen:
            seen.add(name)
            message = f"no spec has the feature id `{dependency.id}`"
            at = (dependency.line, dependency.column)
            yield build_diagnostic("unknown-dependency", message, path=spec.path, at=at)
