"""Find where the specs of a project are, if the configuration does not say it."""

from __future__ import annotations

from pathlib import Path

from spec2bdd.domain.specs.dialects.registry import DIALECTS

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
