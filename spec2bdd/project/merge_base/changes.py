"""Split what differs from another commit into the product and everything that only checks it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.git.merge_base import MergeBase
from spec2bdd.adapters.system.git import read_changes
from spec2bdd.domain.planning.affected import DOCUMENTS, SETTINGS
from spec2bdd.model.values import dataclass
from spec2bdd.project.loader import Project
from spec2bdd.project.since.product import build_origins


@dataclass(frozen=True, slots=True)
class Changes:
    """The files that differ between a commit and today, by their paths from the top of the repository.

    `checks` are the features, the steps, the hooks, the tests, the settings and the documents; `product` is the rest.
    """

    commit: str
    checks: tuple[str, ...]
    product: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.checks, *self.product)


def find_changes(project: Project, base: MergeBase, commit: str) -> Changes:
    """Find what differs between a commit and today's files, whether or not that is committed.

    Raises:
        MergeBaseError: git cannot compare.
    """
    config = project.config
    changed = [change.path for change in read_changes(config.root, commit)]
    inner = build_origins(config)
    # Where the project is a folder of a larger repository, what is outside of it.
    outer = OriginIndex(base.top, steps=())
    checks: list[str] = []
    product: list[str] = []
    for path in changed:
        whole = PurePosixPath(os.path.normpath(base.prefix + path)).as_posix()
        origin = outer.find(whole) if path.startswith("../") else inner.find(path)
        # What is run, and how, is decided by today's settings.
        is_check = path in project.digests or path.lower().endswith(DOCUMENTS) or Path(path).name in SETTINGS
        (checks if is_check or origin is not Origin.PRODUCT else product).append(whole)
    return Changes(commit, tuple(checks), tuple(product))


def compute_checks_digest(project: Project, base: MergeBase, changes: Changes, facts: Sequence[object]) -> str:
    """Compute the digest of all that decides what the checks say of the product of a commit, and of `facts`."""
    digest = hashlib.sha256(json.dumps([changes.commit, base.prefix, *facts]).encode())
    for path in changes.checks:
        # Documents change when boxes are ticked, and are not run; the digest of a feature leaves such notes out.
        known = project.digests.get(path.removeprefix(base.prefix))
        if known:
            digest.update(os.fsencode(f"{path}\0{known}"))
        elif not path.lower().endswith(DOCUMENTS):
            content = b""
            # What is gone, or a folder with a repository of its own, has no content.
            with suppress(OSError):
                content = (base.top / path).read_bytes()
            digest.update(os.fsencode(f"{path}\0") + hashlib.sha256(content).digest())
    return digest.hexdigest()
