"""Each dialect reads a small project of its own as its golden files say, and `generate` changes no byte of its specs.

A project is in `tests/dialects/NAME/project`. `tests/dialects/NAME/expected` has for each of its specs how it is read,
and the feature files that are generated. `SPEC2BDD_UPDATE_GOLDEN=1` writes these files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from spec2bdd.commands.generate import generate
from spec2bdd.config import read_config
from spec2bdd.model import BoxKind, Criterion
from spec2bdd.project.loader import Project, load_project

DIALECTS = Path(__file__).parent / "dialects"
NAMES = sorted(path.name for path in DIALECTS.iterdir() if (path / "project").is_dir())


def render_criterion(criterion: Criterion) -> str:
    """Render what was read of a criterion, one line for each thing under it."""
    box = f"[{criterion.box.mark}]" if criterion.box.kind is BoxKind.BOX else criterion.box.kind
    head = f"{criterion.line}:{criterion.column} {box} {criterion.tier} {criterion.number or '-'}"
    notes = [
        f"  text: {criterion.text}",
        *([f"  name: {criterion.name}"] if criterion.name else []),
        *([f"  id: {criterion.given_id}"] if criterion.given_id else []),
        *([f"  group: {criterion.group}"] if criterion.group else []),
        *(["  manual"] if criterion.manual else []),
        *([f"  waived: {criterion.waived}"] if criterion.waived else []),
    ]
    return "\n".join([head, *notes])


def render_readings(project: Project) -> dict[str, str]:
    """Render how each spec of a project is read, by the name of its golden file."""
    readings = {}
    for plan in project.plans:
        spec = plan.spec
        status = spec.find_value("status")
        head = f"{spec.path}: {spec.dialect}, {spec.title!r}, status {status!r}, id {spec.derived_id!r}"
        diagnostics = [
            f"{found.line}:{found.column} {found.severity} {found.code}: {found.message}"
            + (f"\n  hint: {found.hint}" if found.hint else "")
            for found in spec.diagnostics
        ]
        parts = [head, *map(render_criterion, spec.criteria), *diagnostics]
        readings[spec.path.lstrip(".").replace("/", "__") + ".txt"] = "\n".join(parts) + "\n"
    return readings


def read_files(folder: Path) -> dict[str, bytes]:
    """Read all files under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def update(folder: Path, files: Mapping[str, str]) -> None:
    """Write the golden files, where that is asked for."""
    if os.environ.get("SPEC2BDD_UPDATE_GOLDEN"):
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_project_is_read_and_generated_as_its_golden_files_say(name: str, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(DIALECTS / name / "project", root)
    before = read_files(root)
    readings = render_readings(load_project(read_config(root)))
    generate(root)
    after = read_files(root)
    features = {
        Path(path).name: content.decode()
        for path, content in after.items()
        if path.startswith("features/") and path not in before
    }
    expected = DIALECTS / name / "expected"
    update(expected, {**readings, **features})
    golden = {path.name: path.read_text(encoding="utf-8") for path in expected.iterdir()}
    assert {**readings, **features} == golden
    assert {path: after[path] for path in before} == before
