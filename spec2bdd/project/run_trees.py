"""Compare the files that runs ran from with those of today."""

from __future__ import annotations

from collections.abc import Iterable

from spec2bdd.config import Config
from spec2bdd.model import Fingerprint, TestRun


def find_changed_trees(config: Config, runs: Iterable[TestRun], *, today: Fingerprint | None) -> dict[str, str]:
    """Find the first file that differs from today's, by the digest of each fingerprint that is not today's.

    `today` is given where it is already known.
    """
    recorded = {run.fingerprint.digest: run.fingerprint for run in runs if not run.outdated}
    if today:
        recorded.pop(today.digest, None)
    if not recorded:
        return {}
    # A run that has just ended knows today's fingerprint, so that most commands do not need git here.
    from spec2bdd.adapters.system.fingerprint import ask_tree, find_difference, read_tree

    tree = read_tree(ask_tree(config.root), features=config.features, sources=config.sources)
    return {digest: find_difference(config.root, then, tree) for digest, then in recorded.items()}
