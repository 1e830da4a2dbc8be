"""Specs in, findings about features out that one of them waits for and that none of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from pathlib import PurePosixPath

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.model import Diagnostic, Spec


def derive_known_ids(specs: Sequence[Spec]) -> frozenset[str]:
    """Return the ids of all specs; the number that a file's name begins with counts as well."""
    given = {spec.find_value("feature_id").casefold() for spec in specs}
    names = (re.match(r"\d+(?:\.\d+)+", PurePosixPath(spec.path).name) for spec in specs)
    return frozenset(given | {name[0] for name in names if name}) - {""}


def find_unknown_dependencies(spec: Spec, known: Set[str]) -> Iterator[Diagnostic]:
    """Yield a finding for each feature id below `Upstream Dependencies` that is not known, once.

    Letters make an id only where ids of this project begin with them, such as `AUTH-2`.
    """
    stems = {found[1] for name in known if (found := re.fullmatch(r"([^\W\d_]+[-_])\d+", name))}
    told = set(known)
    for one in spec.upstream:
        name = one.id.casefold()
        if name not in told and (name[0].isdigit() or name.rstrip("0123456789") in stems):
            told.add(name)
            message = f"no spec has the feature id `{one.id}`"
            yield build_diagnostic(spec.path, (one.line, one.column), code="unknown-dependency", message=message)
