"""Skip `generate` when none of its inputs changed since it last found nothing to do.

The cache can only save time: where it is missing, damaged or of another version, and where any file, folder or setting
that the report was computed from has changed, the work is done.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from spec2bdd.adapters.system.file_stamps import (
    hash_content,
    hash_listing,
    hash_recent,
    is_stable,
    stamp_file,
    walk_folders,
)
from spec2bdd.adapters.system.files import find_base, find_matching, has_temp_files
from spec2bdd.config import CACHE, Config
from spec2bdd.errors import RunError
from spec2bdd.model import Diagnostic, Report, Severity
from spec2bdd.model.values import dataclass
from spec2bdd.project.cache.folder import make_cache, open_cache, write_cache
from spec2bdd.project.cache.program import describe_program

_FORMAT = 1
_NAME = "generate.json"
# These differ from one shell or one test to the next, and do not matter to step modules.
_FLEETING = {"_", "COLUMNS", "LINES", "OLDPWD", "PWD", "PYTEST_CURRENT_TEST", "SHLVL", "TERM_SESSION_ID", "WINDOWID"}
# Whatever is wrong with a cache that was damaged or edited, it counts as missing.
_INVALID = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True)
class CacheInputs:
    """What a report was computed from: absolute files and folders; `closed` is false if there were other inputs."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    closed: bool = False


UNKNOWN = CacheInputs()


def load_cached_report(config: Config, *, check: bool) -> Report | None:
    """Load the report of a `generate` that would find nothing to do; nothing where that is not certain."""
    try:
        with open_cache(config.root / CACHE / _NAME) as stream:
            digest, _, body = stream.read().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        known: Mapping[str, Any] = json.loads(body)
        # From the check that fails most often or is cheapest to the one that reads files.
        if (
            known["key"] != _compute_key(config)
            or any(stamp_file(path) != stamp for path, stamp in known["stamps"].items())
            or any(hash_listing(path) != listing for path, listing in known["folders"].items())
            or any(hash_content(path) != content for path, content in known["contents"].items())
        ):
            return None
        diagnostics = tuple(
            Diagnostic(**{**item, "severity": Severity(item["severity"])}) for item in known["diagnostics"]
        )
        return Report(
            "generate",
            wrote=not check,
            diagnostics=diagnostics,
            notes=tuple(known["notes"]),
            details=tuple(known["details"]),
            follow_up=known["follow_up"],
        )
    except _INVALID:
        return None


def store_report(config: Config, report: Report, inputs: CacheInputs, *, started: int) -> None:
    """Store the report of a `generate` that found nothing to do; its inputs were read from `started` on.

    It is not stored if an input was written since then. Errors are ignored. A check makes no cache folder, but uses one
    that exists.
    """
    if not inputs.closed or report.exit_code or report.changes:
        return
    # Installed packages may be updated, and a step module may import any of them.
    modules = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
    files = {*inputs.files, *(path for path in modules if "site-packages" in path)}
    # Where a tool keeps other documents among its specs, any of them may become one.
    files.update(str(config.root / path) for path in find_matching(config.root, config.specs, suffix=".md"))
    stamps = {path: stamp_file(path) for path in sorted(files)}
    if not all(is_stable(stamp, started) for stamp in stamps.values()):
        return
    bases = [find_base(pattern) for pattern in config.specs]
    roots = [config.root / name for name in (*bases, config.features, config.steps)]
    folders = {*inputs.folders, str(config.root), str(config.root / config.steps)}
    folders.update(path for folder in roots for path in walk_folders(str(folder)))
    # Behave looks for `environment.py` on its way up from the features and the steps, and a folder of specs that does
    # not exist may be created.
    missing = [folder for folder in roots[: len(bases)] if not folder.exists()]
    for folder in (*missing, *roots[len(bases) :]):
        folders.update(str(parent) for parent in folder.parents if config.root in (parent, *parent.parents))
    # A check leaves what a killed process left; only a `generate` that does its work removes it.
    if not report.wrote and any(map(has_temp_files, folders)):
        return
    known = {
        "key": _compute_key(config),
        "started": started,
        "stamps": stamps,
        "contents": hash_recent(stamps, started),
        "folders": {path: hash_listing(path) for path in sorted(folders)},
        "diagnostics": [asdict(diagnostic) for diagnostic in report.diagnostics],
        "notes": report.notes,
        "details": report.details,
        "follow_up": report.follow_up,
    }
    with suppress(OSError, RunError):
        if report.wrote:
            make_cache(config.root / CACHE)
        body = json.dumps(known, separators=(",", ":")).encode()
        write_cache(config.root / CACHE / _NAME, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def _compute_key(config: Config) -> str:
    """Compute what changes with the settings, the environment, Python, and spec2bdd itself."""
    variables = sorted((name, value) for name, value in os.environ.items() if name not in _FLEETING)
    facts = (_FORMAT, variables, describe_program(config))
    return hashlib.sha256(repr(facts).encode()).hexdigest()
