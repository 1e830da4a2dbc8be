"""The ids of specs whose authors gave them none."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.identity import assign_derived_ids
from spec2bdd.domain.specs.parser import parse_spec

# The paths of specs without an id, and the ids that these give them.
DERIVED: dict[str, dict[str, str]] = {
    "a file": {"specs/login.md": "login"},
    "R7-folders": {"specs/a/spec.md": "a", "specs/b/spec.md": "b"},
    "R7-folder of one": {"specs/a/spec.md": "a"},
    "R7-no folder": {"specs/spec.md": "spec"},
    "R7-two levels": {"specs/x/a/spec.md": "x/a", "specs/y/a/spec.md": "y/a"},
    "R7-requirements": {"specs/a/requirements.md": "a", "specs/b/Requirements.md": "b"},
    "R7-same names": {"specs/a/login.md": "a/login", "specs/b/login.md": "b/login"},
    "R7-a name and a folder": {"specs/login.md": "login", "specs/a/login.md": "a/login"},
    "R7-other case": {"specs/a/Login.md": "a/Login", "specs/b/login.md": "b/login"},
}


@pytest.mark.parametrize("derived", DERIVED.values(), ids=DERIVED)
def test_a_spec_without_an_id_is_known_by_its_path(derived: dict[str, str]) -> None:
    specs = [parse_spec(path, b"---\nstatus: Draft\n---\n") for path in derived]
    assert {spec.path: spec.derived_id for spec in assign_derived_ids(specs)} == derived


def test_r7_an_id_that_an_author_gave_is_not_derived_again() -> None:
    given = parse_spec("specs/other.md", b"---\nfeature_id: login\n---\n")
    specs = assign_derived_ids([given, parse_spec("specs/a/login.md", b"")])
    assert [spec.derived_id for spec in specs] == ["", "a/login"]


# The paths of specs with ids that their dialects derived, and the ids that they have in the end.
PREFERRED: dict[str, dict[str, str]] = {
    "kept": {"openspec/specs/login/spec.md": "login", "openspec/changes/a/specs/login/spec.md": "a/login"},
    "another spec of this name": {"openspec/specs/login/spec.md": "specs/login", "specs/login.md": "login"},
    "the other one has a folder": {"openspec/specs/login/spec.md": "login", "specs/a/login.md": "a/login"},
    "two of one name": {
        "app/openspec/specs/login/spec.md": "openspec/specs/login",
        "openspec/specs/login/spec.md": "specs/login",
    },
}


@pytest.mark.parametrize("derived", PREFERRED.values(), ids=PREFERRED)
def test_an_id_that_a_dialect_derived_is_kept_where_it_is_unique(derived: dict[str, str]) -> None:
    content = b"### Requirement: Login\n\n#### Scenario: Success\n- **THEN** the user is logged in\n"
    specs = [parse_spec(path, content) for path in derived]
    assert {spec.path: spec.derived_id for spec in assign_derived_ids(specs)} == derived
