"""What `generate` found when there was nothing to do in, the same answer out as long as nothing of it has changed.

It lies in the project's cache folder and can only save time: where it is missing, damaged, of another version or not
ours, and where any file, folder or setting that the answer came from has changed, there is no answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from spec2bdd import __version__
from spec2bdd.adapters.system.file_stamps import (
    hash_content,
    hash_listing,
    hash_recent,
    is_stable,
    stamp_file,
    walk_folders,
)
from spec2bdd.config import CACHE, Config
from spec2bdd.errors import RunError
from spec2bdd.model import Diagnostic, Report, Severity
from spec2bdd.project.cache_dir import make_cache

_FORMAT = 1
_NAME = "generate.json"
_PACKAGE = Path(__file__).parents[1]
# They differ from one shell or one test to the next, and say nothing to a step module.
_FLEETING = {"_", "COLUMNS", "LINES", "OLDPWD", "PWD", "PYTEST_CURRENT_TEST", "SHLVL", "TERM_SESSION_ID", "WINDOWID"}
_NO_REPORT = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True)
class CacheInputs:
    """What an answer came from: files and folders, absolute; `closed` is false if it came from elsewhere, too."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    closed: bool = False


UNKNOWN = CacheInputs()


def load_cached_report(config: Config, *, check: bool) -> Report | None:
    """Return the report of a `generate` that would find nothing to do, or nothing if that is not sure."""
    try:
        known = _parse_known((config.root / CACHE / _NAME).read_bytes())
        if known["key"] != _derive_key(config) or not _is_unchanged(known):
            return None
        problems = tuple(Diagnostic(**{**fact, "severity": Severity(fact["severity"])}) for fact in known["problems"])
        return Report("generate", wrote=not check, problems=problems, notes=tuple(known["notes"]))
    except _NO_REPORT:
        return None


def read_clock(config: Config) -> int:
    """Return the time in nanoseconds, as the file system tells it where there is a cache folder to ask it in."""
    with suppress(OSError), tempfile.TemporaryFile(dir=config.root / CACHE) as probe:
        return os.fstat(probe.fileno()).st_mtime_ns
    return time.time_ns()


def store_report(config: Config, report: Report, inputs: CacheInputs, *, started: int) -> None:
    """Keep the report of a `generate` that found nothing to do; what it came from was read from `started` on.

    It is not kept where anything was written since then. Whatever is in the way of keeping it is passed over. A check
    makes no cache folder; it keeps its report in one that is there.
    """
    if not inputs.closed or report.exit_code or report.changes:
        return
    files = {*inputs.files, *_list_loaded()}
    stamps = {path: stamp_file(path) for path in sorted(files)}
    if not all(is_stable(stamp, started) for stamp in stamps.values()):
        return
    walked = (path for name in (config.specs, config.features, config.steps) for path in _walk(config, name))
    folders = {*inputs.folders, *walked, str(config.root), str(config.root / config.steps), *_list_parents(config)}
    known = {
        "key": _derive_key(config),
        "started": started,
        "stamps": stamps,
        "contents": hash_recent(stamps, started),
        "folders": {path: hash_listing(path) for path in sorted(folders)},
        "problems": [asdict(problem) for problem in report.problems],
        "notes": report.notes,
    }
    with suppress(OSError, RunError):
        if report.wrote:
            make_cache(config.root / CACHE)
        _write_known(config.root / CACHE, known)


def _parse_known(content: bytes) -> Mapping[str, Any]:
    """Return what was kept, if it is whole.

    Raises:
        ValueError: it is not.
    """
    digest, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise ValueError("not what was written")
    known: Mapping[str, Any] = json.loads(body)
    return known


def _is_unchanged(known: Mapping[str, Any]) -> bool:
    """Tell whether every file and folder is as it was."""
    return (
        all(stamp_file(path) == stamp for path, stamp in known["stamps"].items())
        and all(hash_listing(path) == listing for path, listing in known["folders"].items())
        and all(hash_content(path) == content for path, content in known["contents"].items())
    )


def _write_known(folder: Path, known: Mapping[str, Any]) -> None:
    """Write what is kept, in one move: another process sees the old or the new."""
    body = json.dumps(known, separators=(",", ":")).encode()
    handle, name = tempfile.mkstemp(dir=folder, prefix=_NAME)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        Path(name).replace(folder / _NAME)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _derive_key(config: Config) -> str:
    """Return what changes with the settings, the environment, Python, and with ourselves."""
    variables = sorted((name, value) for name, value in os.environ.items() if name not in _FLEETING)
    python = (sys.version, sys.executable, str(sys.flags))
    facts = (_FORMAT, __version__, repr(config), python, variables, _list_package())
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()


def _list_package() -> Sequence[tuple[str, list[int]]]:
    """Return the files of our own package with their stamps."""
    return [(path, stamp_file(path)) for folder in walk_folders(str(_PACKAGE)) for path in _list_files(folder)]


def _list_files(folder: str) -> list[str]:
    """Return the files right in a folder."""
    with os.scandir(folder) as entries:
        return sorted(entry.path for entry in entries if entry.is_file())


def _list_loaded() -> Iterable[str]:
    """Yield the files of the packages that this process has loaded."""
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None) or ""
        if "site-packages" in path:
            yield path


def _walk(config: Config, name: str) -> Iterable[str]:
    """Yield a folder of the project and all folders below it."""
    return walk_folders(str(config.root / name))


def _list_parents(config: Config) -> Iterable[str]:
    """Yield the folders in which Behave looks for `environment.py` on its way up."""
    for path in ((config.root / config.features), (config.root / config.steps)):
        yield from (str(parent) for parent in path.parents if config.root in (parent, *parent.parents))
