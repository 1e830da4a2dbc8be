"""An error of the configuration has the line and the column of its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec2bdd.config import read_config
from spec2bdd.errors import ConfigError

PYPROJECT = '''[project]
name = "library"
description = """
[tool.spec2bdd]
timeout = -2
"""
dependencies = [
    "behave",
]

[tool.spec2bdd]
specs = [
    "specs",
]
{table}
'''


def locate(root: Path, name: str, text: str) -> list[tuple[str, int, int]]:
    """Return the places of the errors that reading a configuration raises."""
    (root / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(root)
    return [(error.path, error.line, error.column) for error in (caught.value, *caught.value.others)]


PLACES = {
    "an unknown key": ("nope = 1", (15, 1)),
    "a wrong value": ("  timeout = -1", (15, 3)),
    "a key with underscores": ("line_length = 1", (15, 1)),
    "a key of a table": ('[tool.spec2bdd.lint]\nvague-word = "of"', (16, 1)),
    "a key of an inline table": ('headings = { should = ["Soon"], must = 3 }', (15, 33)),
    "a dotted key": ('statuses.review = "a:b"', (15, 10)),
    "a quoted key": ('[tool.spec2bdd.done]\n"Covered" = { coverage = "a.xml", minimum = 300 }', (16, 35)),
    "what is missing, at its table": ('[tool.spec2bdd.done]\n"Covered" = { minimum = 3 }', (16, 1)),
}


@pytest.mark.parametrize(("table", "place"), PLACES.values(), ids=PLACES)
def test_an_error_of_pyproject_has_the_place_of_its_key(tmp_path: Path, table: str, place: tuple[int, int]) -> None:
    found = locate(tmp_path, "pyproject.toml", PYPROJECT.format(table=table))
    assert found[0] == ("pyproject.toml", *place)


def test_an_error_of_our_own_file_has_the_place_of_its_key(tmp_path: Path) -> None:
    assert locate(tmp_path, "spec2bdd.toml", 'steps = "steps"\n\ngate = 3\n') == [("spec2bdd.toml", 3, 1)]


def test_each_of_several_errors_has_its_own_place(tmp_path: Path) -> None:
    assert locate(tmp_path, "spec2bdd.toml", "gate = 3\njobs = 0\nnope = 1\n") == [
        ("spec2bdd.toml", 3, 1),
        ("spec2bdd.toml", 1, 1),
        ("spec2bdd.toml", 2, 1),
    ]


def test_a_folder_of_specs_that_does_not_exist_is_reported_where_it_is_named(tmp_path: Path) -> None:
    from spec2bdd.project.spec_files import find_specs

    (tmp_path / "spec2bdd.toml").write_text('# Ours.\nspecs = ["nope"]\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        find_specs(read_config(tmp_path))
    assert (caught.value.path, caught.value.line) == ("spec2bdd.toml", 2)


@pytest.mark.parametrize("key", ["require-red", "require_red"])
def test_a_key_is_read_with_hyphens_and_with_underscores(tmp_path: Path, key: str) -> None:
    (tmp_path / "spec2bdd.toml").write_text(f"{key} = true\n", encoding="utf-8")
    assert read_config(tmp_path).require_red == "history"


def test_a_key_in_both_spellings_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "spec2bdd.toml").write_text("require-red = true\nrequire_red = true\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="unknown key `require_red`"):
        read_config(tmp_path)


def test_one_tier_needs_no_list(tmp_path: Path) -> None:
    (tmp_path / "spec2bdd.toml").write_text('gate = "should"\n', encoding="utf-8")
    assert read_config(tmp_path).gate == ("should",)
