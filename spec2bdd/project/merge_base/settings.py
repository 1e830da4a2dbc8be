"""Read the configuration that a project had at its merge base."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from spec2bdd.adapters.git.merge_base import MergeBase, list_base_files, read_blobs
from spec2bdd.config import Config, read_config
from spec2bdd.config.discovery import CONFIG_NAMES, read_table
from spec2bdd.domain.planning.affected import SETTINGS
from spec2bdd.domain.specs.dialects import DIALECTS
from spec2bdd.errors import ConfigError


def read_base_config(config: Config, base: MergeBase, changed: Collection[str]) -> Config:
    """Read the configuration of a merge base; today's where it is the same, invalid there, or the first one.

    `changed` are the files that differ from the merge base, by their paths from the top of the repository.

    Raises:
        MergeBaseError: git does not have the commit.
    """
    if {f"{base.prefix}{name}" for name in SETTINGS}.isdisjoint(changed):
        return config
    files = list_base_files(base)
    names = sorted(SETTINGS & files.keys())
    blobs = read_blobs(base.top, [files[name] for name in names])
    with TemporaryDirectory(prefix="spec2bdd-settings-") as folder:
        root = Path(folder)
        for name in names:
            (root / name).write_bytes(blobs.get(files[name], b""))
        # Where nothing is configured, the folders that are there decide.
        for marker in {"specs", *(marker for dialect in DIALECTS for marker in dialect.markers)}:
            if any(path.startswith(f"{marker}/") for path in files):
                (root / marker).mkdir(parents=True, exist_ok=True)
        try:
            configured = [name for name in CONFIG_NAMES if name in names and read_table(root / name) is not None]
            if not configured:
                # Before it was configured, a project with feature files was read with the defaults.
                if not any(path.startswith(f"{config.features}/") and path.endswith(".feature") for path in files):
                    return config
                configured = [CONFIG_NAMES[0]]
                (root / configured[0]).touch()
            found = read_config(root, explicit=root / configured[0])
        except ConfigError:
            return config
    # These have no part in how specs are read.
    return replace(found, root=config.root, steps=config.steps, line_length=config.line_length)
