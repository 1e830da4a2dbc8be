"""What steps import is the code of the project as it is: no other copy of it, and nothing that was compiled before."""

from __future__ import annotations

import os
import py_compile
from pathlib import Path

import pytest
from behave_project import Project

from spec2bdd.model import RunOptions

STEPS = """\
import pkgutil

from behave import then

import lamp


@then("the lamp is on")
def the_lamp_is_on(context):
    assert lamp.STATE == "on "


@then("the manual of the lamp can be read")
def the_manual_can_be_read(context):
    assert pkgutil.get_data("lamp", "manual.txt") == b"Press."
"""
FEATURE = "Feature: Lamp\n  Scenario: one\n    Then the lamp is on\n"
ON, OFF = 'STATE = "on "\n', 'STATE = "off"\n'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Write a project with a module beside its feature."""
    project = Project(tmp_path / "project").write_file("steps/lamp_steps.py", STEPS)
    return project.write_file("features/lamp.feature", FEATURE).write_file("lamp.py", ON)


@pytest.mark.parametrize("mode", py_compile.PycInvalidationMode)
def test_a_module_that_was_compiled_before_its_last_change_is_compiled_again(
    project: Project, mode: py_compile.PycInvalidationMode
) -> None:
    path = project.root / "lamp.py"
    py_compile.compile(str(path), invalidation_mode=mode)
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    # The same size and the same time, as a tool may set it for all files.
    path.write_text(OFF, encoding="utf-8")
    os.utime(path, ns=times)
    assert [result.status for result in project.run().results] == ["failed"]


def test_a_file_beside_a_module_may_be_older_than_the_module(project: Project) -> None:
    (project.root / "manual.txt").write_text("Press.", encoding="utf-8")
    project.write_file("lamp.py", ON + "\n")
    project.write_file("features/lamp.feature", FEATURE + "    And the manual of the lamp can be read\n")
    assert [result.status for result in project.run().results] == ["passed"]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("folder", ["src", "lib"])
def test_results_of_another_copy_of_the_project_do_not_count(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, jobs: int
) -> None:
    (project.root / "lamp.py").unlink()
    project.write_file(f"{folder}/lamp.py", OFF)
    copy = Project(tmp_path / "copy").write_file("lamp.py", ON)
    monkeypatch.setenv("PYTHONPATH", f"{copy.root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    project.write_file("features/other.feature", FEATURE)
    run = project.run(plan=RunOptions(jobs=jobs))
    place = f"`{copy.root}/lamp.py`, which differs from `{folder}/lamp.py`"
    assert [failure.message for failure in run.failures] == [
        f"import: `lamp` was imported from {place} of this project"
    ]


@pytest.mark.parametrize("content", [ON, ON.replace("\n", "\r\n")])
def test_a_copy_that_is_the_same_is_as_good(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    (project.root / "lamp.py").unlink()
    project.write_file("src/lamp.py", content)
    copy = Project(tmp_path / "copy").write_file("lamp.py", ON)
    monkeypatch.setenv("PYTHONPATH", f"{copy.root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    run = project.run()
    assert ([result.status for result in run.results], run.failures) == (["passed"], ())


def test_what_a_build_writes_may_differ(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = STEPS.replace("import lamp\n", "import lamp_version\nimport lamp\n")
    project.write_file("steps/lamp_steps.py", steps).write_file("src/lamp_version.py", "VERSION = None\n")
    copy = Project(tmp_path / "copy").write_file("lamp_version.py", 'VERSION = "1.0"\n')
    monkeypatch.setenv("PYTHONPATH", f"{copy.root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    assert project.run().failures == ()
