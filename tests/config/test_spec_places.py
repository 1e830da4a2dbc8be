"""A place that the configuration names for specs, and that has none, is reported: nothing would miss its criteria."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import SPEC, write_files

from spec2bdd.config import read_config
from spec2bdd.config.spec_places import diagnose_missing_places
from spec2bdd.project.spec_files import list_specs

FILES = {"specs/a.md": SPEC, "rfcs/README.md": "Later.\n", "apps/web/b.md": SPEC, "old/c.md": SPEC}
MISSING = ["none", "none/x.md", "submodule", "apps/*/specs", "apps/*/*.feature"]
USED = ["specs", "specs/a.md", "apps", "apps/*/*.md", "apps/**", "rfcs", ".kiro/specs/**/requirements.md"]


def list_messages(root: Path, *places: str, more: str = "") -> list[str]:
    """List what is reported of a project with specs in these places."""
    write_files(root, {**FILES, "spec2bdd.toml": f"specs = {['specs', *places]!r}\n{more}"})
    (root / "submodule").mkdir()
    config = read_config(root)
    diagnostics = diagnose_missing_places(config, list_specs(config))
    assert {(item.path, item.line) for item in diagnostics} <= {("spec2bdd.toml", 1)}
    return [diagnostic.message for diagnostic in diagnostics]


@pytest.mark.parametrize("place", MISSING)
def test_a_place_without_specs_is_reported(tmp_path: Path, place: str) -> None:
    assert list_messages(tmp_path, place) == [f"`specs` names `{place}`, where no spec is"]


@pytest.mark.parametrize("place", USED)
def test_a_place_that_has_specs_or_waits_for_them_is_not_reported(tmp_path: Path, place: str) -> None:
    assert list_messages(tmp_path, place) == []


def test_a_pattern_may_match_what_is_excluded(tmp_path: Path) -> None:
    assert list_messages(tmp_path, "old/*.md", more='exclude = ["old/**"]\n') == []
