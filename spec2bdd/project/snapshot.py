"""Take a snapshot of the files that results depend on, for `watch`."""

from __future__ import annotations

from contextlib import suppress

from spec2bdd.adapters.system.digests import compute_digest, read_digests
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.config import Config
from spec2bdd.domain.planning.affected import SETTINGS
from spec2bdd.domain.watching.saves import Snapshot, is_temporary
from spec2bdd.errors import RepositoryError, RunError
from spec2bdd.project.spec_files import list_specs


def take_snapshot(config: Config) -> Snapshot:
    """Read the digests of specs, features, steps and settings, and of all else that the fingerprint of a run has.

    What cannot be read is left out: a run reports it.
    """
    query = ask_tree(config.root)
    texts: dict[str, str] = {}
    others: dict[str, str] = {}
    with suppress(RepositoryError):
        tree = read_tree(query, features=config.features, sources=config.sources)
        others = {tree.scope.show_path(path): id_ for path, id_ in tree.entries.items()}
    # A project need not be in a repository, nor its files be tracked.
    with suppress(RunError):
        for path, digest in read_digests(config.root, features=config.features, steps=config.steps).items():
            (texts if path.endswith(".feature") else others)[path] = digest
    for files, paths in ((texts, list_specs(config)), (others, {*SETTINGS, config.file} - {""})):
        for path in paths:
            with suppress(OSError):
                files[path] = compute_digest((config.root / path).read_bytes())
    return Snapshot(
        *({path: id_ for path, id_ in files.items() if not is_temporary(path)} for files in (texts, others))
    )
