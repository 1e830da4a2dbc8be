"""Which scenarios a file can affect, so that only these have to be run again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.verdicts.baseline import BASELINE

# Files that set what is loaded, and how.
SETTINGS = frozenset({"pyproject.toml", "spec2bdd.toml", "behave.ini", ".behaverc", "setup.cfg", "tox.ini"})
# What no result depends on, as in the fingerprint of a run: documents, and the file that only lists criteria.
DOCUMENTS = (".md", ".markdown", BASELINE)


def may_affect_all(path: str, *, features: str) -> bool:
    """Whether a file may affect every scenario: all that results depend on, but the feature files in their folder."""
    is_feature = path.startswith(f"{features}/") and path.endswith(".feature")
    return not is_feature and not path.lower().endswith(DOCUMENTS)


def find_affected_features(
    plans: Sequence[SpecPlan], paths: Iterable[str], *, known: AbstractSet[str]
) -> frozenset[str]:
    """Find the `known` files that changed files affect: themselves, and those with the scenarios of a spec."""
    changed = frozenset(paths)
    of_specs = {name for plan in plans if plan.spec.path in changed for item in plan.tracked for name in item.files}
    return frozenset(of_specs | (changed & known))
