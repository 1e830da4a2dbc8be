"""Which files were saved, by comparing what is on the disk before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from pathlib import PurePosixPath

from spec2bdd.domain.planning.affected import SETTINGS
from spec2bdd.model.values import dataclass

# Of Emacs and its checkers: a lock, and a copy with what was not saved yet.
_TEMPORARY = (".#", "flycheck_")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files that results depend on, by path: a digest of each spec and feature file, and of all others."""

    texts: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)

    def note_written(self, digests: Mapping[str, str | None]) -> Snapshot:
        """Take files that spec2bdd has written as known, each with its digest, or `None` if it was deleted."""
        texts, others = dict(self.texts), dict(self.others)
        for path, digest in digests.items():
            files = others if _is_code(path) else texts
            files.pop(path, None)
            if digest is not None:
                files[path] = digest
        return replace(self, texts=texts, others=others)


@dataclass(frozen=True, slots=True)
class SavedFiles:
    """The paths of files that were written, created or deleted: specs and feature files, and all others."""

    texts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.texts or self.others)

    def drop_data(self) -> SavedFiles:
        """Leave out what is neither a spec, a feature file, Python nor settings.

        Of what changes during a run, this is taken for output of the run.
        """
        return replace(self, others=tuple(filter(_is_code, self.others)))

    def keep_known(self, before: Snapshot) -> SavedFiles:
        """Leave out files that a snapshot does not have."""
        return SavedFiles(
            tuple(path for path in self.texts if path in before.texts),
            tuple(path for path in self.others if path in before.others),
        )


def find_saved(before: Snapshot, after: Snapshot) -> SavedFiles:
    """Find the files that differ between two snapshots."""
    return SavedFiles(_compare(before.texts, after.texts), _compare(before.others, after.others))


def is_temporary(path: str) -> bool:
    """Whether a file is one that an editor writes next to the file that is edited."""
    return PurePosixPath(path).name.startswith(_TEMPORARY)


def _is_code(path: str) -> bool:
    """Whether Python or Behave may load a file, apart from the features."""
    return path.endswith(".py") or PurePosixPath(path).name in SETTINGS


def _compare(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """List the keys with different values."""
    paths: Iterable[str] = before.keys() | after.keys()
    return tuple(sorted(path for path in paths if before.get(path) != after.get(path)))
