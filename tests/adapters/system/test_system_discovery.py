"""Which files below a folder are specs, by their names and those of their folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec2bdd.adapters.system.files import find_base, find_matching


@pytest.mark.parametrize(
    ("pattern", "base"),
    [
        ("specs", "specs"),
        ("specs/a.md", "specs/a.md"),
        ("specs/*.md", "specs"),
        ("docs/stories/*/spec.md", "docs/stories"),
        ("*.md", "."),
        ("**/spec.md", "."),
        ("[ab]/spec.md", "."),
        ("?.md", "."),
    ],
)
def test_the_base_of_a_pattern_is_the_folder_before_its_first_wildcard(pattern: str, base: str) -> None:
    assert find_base(pattern) == base


COMPANIONS = ["tasks", "plan", "design", "research", "data-model", "quickstart", "checklist"]


@pytest.mark.parametrize("name", COMPANIONS)
def test_each_companion_of_a_spec_is_left_out_in_its_folder_alone(tmp_path: Path, name: str) -> None:
    for path in ("specs/loans/spec.md", f"specs/loans/{name}.md", f"specs/{name}.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert find_matching(tmp_path, ["specs"], suffix=".md") == sorted(["specs/loans/spec.md", f"specs/{name}.md"])


@pytest.mark.parametrize("path", ["specs/.drafts/a.md", "specs/sub/.b.md", "specs/sub/README.md", "specs/archive/a.md"])
def test_what_is_hidden_or_put_away_below_a_folder_is_no_spec(tmp_path: Path, path: str) -> None:
    for name in ("specs/a.md", path):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert find_matching(tmp_path, ["specs"], suffix=".md") == ["specs/a.md"]
