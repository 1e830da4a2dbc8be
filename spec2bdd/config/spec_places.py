"""Find where the specs of a project are, if the configuration does not say it, and what it names in vain."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spec2bdd.config.config import Config
from spec2bdd.config.key_positions import locate_errors
from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.domain.specs.dialects.registry import DIALECTS
from spec2bdd.errors import ConfigError
from spec2bdd.model import Diagnostic
from spec2bdd.text.globs import compile_glob

# The folder of specs in the template's form.
_DEFAULT = "specs"


def find_default_specs(root: Path) -> tuple[str, ...]:
    """Find the patterns of specs: our own folder, and the places of each dialect whose marker is in the project."""
    places = [
        pattern
        for dialect in DIALECTS
        if any((root / marker).is_dir() for marker in dialect.markers)
        for pattern in dialect.patterns
    ]
    if not places or (root / _DEFAULT).is_dir():
        places.insert(0, _DEFAULT)
    return tuple(dict.fromkeys(places))


def diagnose_missing_places(config: Config, paths: Sequence[str]) -> list[Diagnostic]:
    """Warn of each place of specs that the configuration names and that has none of these, which are all there are.

    A folder may have other files only, a dialect's own place may be empty, and a pattern may match what is excluded.
    """
    usual = {pattern for dialect in DIALECTS for pattern in dialect.patterns}
    diagnostics: list[Diagnostic] = []
    for pattern in config.specs if config.file and len(config.specs) > 1 else ():
        glob, place = compile_glob(pattern), config.root / pattern
        is_used = any(path.startswith(f"{pattern}/") or glob.fullmatch(path) for path in paths)
        # Git keeps no empty folder, but leaves that of a submodule that is not checked out.
        if pattern in usual or is_used or (any(place.iterdir()) if place.is_dir() else place.exists()):
            continue
        if config.exclude and any(letter in pattern for letter in "*?["):
            continue
        error = ConfigError(f"`specs` names `{pattern}`, where no spec is").inside("specs")
        locate_errors(error, config.root / config.file)
        at = (error.line, error.column)
        diagnostics.append(build_diagnostic("missing-specs", error.message, path=config.file, at=at))
    return diagnostics
