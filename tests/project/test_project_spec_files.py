"""How the specs of a project are found and read: where they are, in which dialect, with which marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import SPEC, SPEC_PATH, write_files

from spec2bdd.config import read_config
from spec2bdd.errors import ConfigError
from spec2bdd.model import BoxKind
from spec2bdd.project.loader import load_project
from spec2bdd.project.spec_files import find_specs, parse_project_spec


@pytest.mark.parametrize(("folder", "above"), [("a", ".."), ("a/b", "../.."), ("a/b/c", "../../..")])
def test_specs_above_the_current_folder_are_pointed_out(tmp_path: Path, folder: str, above: str) -> None:
    write_files(tmp_path, {SPEC_PATH: SPEC})
    (tmp_path / folder).mkdir(parents=True)
    with pytest.raises(ConfigError) as caught:
        find_specs(read_config(tmp_path / folder))
    assert caught.value.hint.startswith(f"run the command in `{above}`, or create an empty")


def test_a_link_to_nowhere_among_the_specs_is_an_error(tmp_path: Path) -> None:
    write_files(tmp_path, {SPEC_PATH: SPEC})
    (tmp_path / "specs" / "till.md").symlink_to(tmp_path / "gone.md")
    found = [(item.path, item.code, item.message) for item in load_project(read_config(tmp_path)).diagnostics]
    assert found == [("specs/till.md", "unreadable", "cannot read: the link leads nowhere")]


@pytest.mark.parametrize(("path", "dialect"), [("specs/a.md", "headings"), ("specs/b.md", "template")])
def test_a_spec_is_read_in_the_dialect_that_the_project_names_for_it(tmp_path: Path, path: str, dialect: str) -> None:
    write_files(tmp_path, {"spec2bdd.toml": '[dialect]\n"specs/a.md" = "headings"\n'})
    assert parse_project_spec(read_config(tmp_path), path, SPEC.encode()).dialect == dialect


@pytest.mark.parametrize(
    ("marks", "kind"), [("", BoxKind.NONE), ('marks = "comments"\n', BoxKind.COMMENT)], ids=["default", "comments"]
)
def test_marks_are_comments_only_where_the_project_asks_for_them(tmp_path: Path, marks: str, kind: BoxKind) -> None:
    write_files(tmp_path, {"spec2bdd.toml": marks})
    content = b"### Requirement: Lamp\nThe lamp SHALL be on.\n\n#### Scenario: On\n- **WHEN** a\n- **THEN** b\n"
    spec = parse_project_spec(read_config(tmp_path), "openspec/specs/lamp/spec.md", content)
    assert [criterion.box.kind for criterion in spec.criteria] == [kind]
