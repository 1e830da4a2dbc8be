"""A name of a spec that conflicts with another one, or cannot be read, is answered with that error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_project import write_files

import spec2bdd
from spec2bdd.errors import LeftOutError, NotFoundError, UsageError
from spec2bdd.model import Selection

SPEC = """\
---
feature_id: 1.1
name: {name}
status: Draft
---

## Acceptance Criteria

- [ ] {name} can be opened
"""
CONFLICT = SPEC.format(name="Till").replace("1.1", "1.2") + "<<<<<<< HEAD\n- [ ] a\n=======\n- [ ] b\n>>>>>>> main\n"

COMMANDS: dict[str, Callable[[Path, str], object]] = {
    "verify": lambda root, name: spec2bdd.verify(root, selection=Selection((name,))),
    "generate": lambda root, name: spec2bdd.generate(root, names=(name,)),
    "explain": lambda root, name: spec2bdd.explain(root, name),
    "accept": lambda root, name: spec2bdd.accept(root, name),
    "tick": lambda root, name: spec2bdd.tick(root, f"{name}#1"),
}


def write_project(root: Path) -> Path:
    """Write two specs with one id, and one with a merge conflict."""
    twins = {"specs/a.md": SPEC.format(name="Basket"), "specs/b.md": SPEC.format(name="Drawer")}
    other = SPEC.replace("1.1", "3").format(name="Bell")
    write_files(root, {**twins, "specs/1.2-till.md": CONFLICT, "specs/c.md": other})
    return root


@pytest.mark.parametrize("command", COMMANDS)
def test_both_specs_that_claim_an_id_are_named_by(command: str, tmp_path: Path) -> None:
    with pytest.raises(LeftOutError) as caught:
        COMMANDS[command](write_project(tmp_path), "1.1")
    errors = (caught.value, *caught.value.others)
    assert [(error.path, error.line, error.code, error.message) for error in errors] == [
        ("specs/a.md", 2, "duplicate-id", "the id `1.1` is also used by `specs/b.md`"),
        ("specs/b.md", 2, "duplicate-id", "the id `1.1` is also used by `specs/a.md`"),
    ]


@pytest.mark.parametrize("name", ["specs/a.md", "Basket", "a.md"])
def test_one_of_them_is_answered_with_its_own_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(LeftOutError) as caught:
        spec2bdd.explain(write_project(tmp_path), name)
    assert [error.path for error in (caught.value, *caught.value.others)] == ["specs/a.md"]


@pytest.mark.parametrize("name", ["1.2", "specs/1.2-till.md", "1.2#1"])
def test_a_spec_that_cannot_be_read_is_answered_with_the_reason(name: str, tmp_path: Path) -> None:
    with pytest.raises(LeftOutError) as caught:
        spec2bdd.verify(write_project(tmp_path), selection=Selection((name,)))
    assert (caught.value.path, caught.value.code) == ("specs/1.2-till.md", "conflict-marker")


def test_a_name_of_no_spec_is_still_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        spec2bdd.explain(write_project(tmp_path), "7.7")
    assert not isinstance(caught.value, LeftOutError)


def test_lint_names_both_specs_with_one_id(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"`1\.1` matches 2 specs"):
        spec2bdd.lint(write_project(tmp_path), paths=["1.1"])


def test_nothing_is_written_for_a_spec_with_errors(tmp_path: Path) -> None:
    names = {"specs/a.md": ("1.1", "Basket"), "specs/b.md": ("2", "Drawer")}
    texts = {path: SPEC.replace("1.1", id_).format(name=name) for path, (id_, name) in names.items()}
    write_files(tmp_path, texts)
    assert spec2bdd.generate(tmp_path).exit_code == 0
    before = {path: path.read_bytes() for path in tmp_path.glob("[fs]*/*_drawer*")}
    more = {path: f"{text}- [ ] {names[path][1]} can be closed\n" for path, text in texts.items()}
    unreadable = {"specs/b.md": more["specs/b.md"].replace("name: Drawer", "name: Drawer: two")}
    write_files(tmp_path, more | unreadable | {"specs/c.md": unreadable["specs/b.md"].replace("2\n", "3\n", 1)})
    report = spec2bdd.generate(tmp_path)
    assert [(item.path, item.code) for item in report.diagnostics if item.code == "front-matter-yaml"] == [
        ("specs/b.md", "front-matter-yaml"),
        ("specs/c.md", "front-matter-yaml"),
    ]
    assert {change.path for change in report.changes} == {"features/1_1_basket.feature", "steps/basket_steps.py"}
    assert (report.exit_code, {path: path.read_bytes() for path in before}) == (2, before)
