"""The caches give the same results as Behave."""

from __future__ import annotations

from pathlib import Path

import pytest
from behave.model_type import make_relpath_if_possible

from spec2bdd.adapters.behave.plugin.speedups import find_relative

FILES = ["features/a.feature", "/elsewhere/b.feature", "../c.feature", "<string>", "."]


@pytest.mark.parametrize("filename", FILES)
def test_a_path_is_shown_as_behave_shows_it_from_wherever_the_process_stands(
    filename: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    for folder in (tmp_path, inner, tmp_path):
        monkeypatch.chdir(folder)
        assert make_relpath_if_possible(filename) == find_relative(filename)
        assert make_relpath_if_possible(str(tmp_path / filename), "/") == find_relative(str(tmp_path / filename), "/")
