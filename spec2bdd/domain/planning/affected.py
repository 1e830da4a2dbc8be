"""Which scenarios a file can affect, so that only these have to be run again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from spec2bdd.domain.planning.spec_plan import SpecPlan

# Files that set what is loaded, and how.
SETTINGS = frozenset({"pyproject.toml", "spec2bdd.toml", "behave.ini", ".behaverc", "setup.cfg", "tox.ini"})


def find_affected_features(
    plans: Sequence[SpecPlan], paths: Iterable[str], *, known: AbstractSet[str]
) -> frozenset[str]:
    """Find the `known` files that changed files affect: themselves, and those with the scenarios of a spec."""
    changed = frozenset(paths)
    of_specs = {name for plan in plans if plan.spec.path in changed for item in plan.tracked for name in item.files}
    return frozenset(of_specs | (changed & known))
