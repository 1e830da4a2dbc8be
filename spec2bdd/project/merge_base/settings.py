"""Read the configuration that a project had at its merge base."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from spec2bdd.adapters.git.merge_base import MergeBase, list_base_files, read_blobs
from spec2bdd.config import Config, read_config
from spec2bdd.config.discovery import CONFIG_NAMES, read_table
from spec2bdd.domain.planning.affected import SETTINGS
from spec2bdd.domain.specs.dialects import DIALECTS
from spec2bdd.errors import ConfigError
from spec2bdd.model.history import SettingTransition

# By these, a check counts although it cannot fail, was not challenged, or did not fail at the merge base.
_MARKS = {
    "# spec2bdd: proves": (".py", re.compile(rb"#\s*spec2bdd:\s*proves\b")),
    "@no_challenge": (".feature", re.compile(rb"(?m)^\s*@.*(?<=@)no_challenge\b")),
    "@existing": (".feature", re.compile(rb"(?m)^\s*@.*(?<=@)existing\b")),
}


class BaseConfig(NamedTuple):
    """The configuration of a merge base, or today's in its place; `note` says so where it is invalid there."""

    config: Config
    note: str = ""


def read_base_config(config: Config, base: MergeBase, changed: Collection[str]) -> BaseConfig:
    """Read the configuration of a merge base; today's where it is the same, invalid there, or the first one.

    `changed` are the files that differ from the merge base, by their paths from the top of the repository.

    Raises:
        MergeBaseError: git does not have the commit.
    """
    if {f"{base.prefix}{name}" for name in SETTINGS}.isdisjoint(changed):
        return BaseConfig(config)
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
                    return BaseConfig(config)
                configured = [CONFIG_NAMES[0]]
                (root / configured[0]).touch()
            found = read_config(root, explicit=root / configured[0])
        except ConfigError as error:
            where = f"{Path(error.path).name}{f':{error.line}' if error.line else ''}"
            what = f"the configuration at {base.name} ({base.commit[:7]}) is invalid: {where}: {error.message}"
            return BaseConfig(config, f"{what}; its specs were read with that of today")
    # These have no part in how specs are read.
    return BaseConfig(replace(found, root=config.root, steps=config.steps, line_length=config.line_length))


def find_more_marks(root: Path, base: MergeBase, changed: Collection[str]) -> Iterator[SettingTransition]:
    """Find the marks that are more often in the files of a project than at a merge base, with the first such file.

    `changed` are the files that differ from it, by their paths from the top of the repository.

    Raises:
        MergeBaseError: git does not have the commit.
    """
    files = list_base_files(base)
    here = sorted(path[len(base.prefix) :] for path in changed if path.startswith(base.prefix))
    blobs = read_blobs(base.top, [files[path] for path in here if path in files and path.endswith((".py", ".feature"))])
    for key, (suffix, pattern) in _MARKS.items():
        counts = {}
        for path in (path for path in here if path.endswith(suffix)):
            now = (root / path).read_bytes() if (root / path).is_file() else b""
            counts[path] = [len(pattern.findall(text)) for text in (blobs.get(files.get(path, ""), b""), now)]
        before, after = (sum(count[number] for count in counts.values()) for number in (0, 1))
        if after > before:
            first = next(path for path, (then, now) in counts.items() if now > then)
            yield SettingTransition(key, str(before), str(after), first)
