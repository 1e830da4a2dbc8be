"""What steps import is the code of the project as it is: no other copy of it, and nothing that was compiled before."""

from __future__ import annotations

import os
import py_compile
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import cache_from_source
from pathlib import Path
from types import ModuleType

import pytest
from behave_project import Project

from spec2bdd.adapters.behave.glue.project_modules import ProjectModules
from spec2bdd.adapters.behave.plugin.loaded_files import SourceWatch, list_loaded
from spec2bdd.adapters.behave.plugin.project_files import ProjectFiles
from spec2bdd.model import RunOptions

pytestmark = pytest.mark.usefixtures("new_processes")

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


def test_a_module_that_was_compiled_from_another_source_and_is_never_compared_is_compiled_again(
    project: Project, tmp_path: Path
) -> None:
    path, other = project.root / "lamp.py", tmp_path / "other.py"
    path.write_text(OFF, encoding="utf-8")
    other.write_text(ON, encoding="utf-8")
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compiled = cache_from_source(str(path))
    # The compiled module is the younger one of both.
    py_compile.compile(str(other), cfile=compiled, dfile=str(path), invalidation_mode=mode)
    later = path.stat().st_ctime_ns + 10**9
    os.utime(compiled, ns=(later, later))
    assert [result.status for result in project.run().results] == ["failed"]


def change_with_times(path: Path, text: str) -> None:
    """Change a file, and let it keep the time of its last change."""
    status = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_process_that_a_step_starts_does_not_run_what_was_compiled_before_either(project: Project) -> None:
    project.write_file(
        "steps/lamp_steps.py",
        """
        import subprocess, sys
        from behave import then

        @then("the lamp is on")
        def f(context):
            subprocess.run([sys.executable, "-c", "import lamp; assert lamp.STATE == 'on '"], check=True)
        """,
    )
    py_compile.compile(str(project.root / "lamp.py"))
    change_with_times(project.root / "lamp.py", OFF)
    assert [result.status for result in project.run().results] == ["error"]


MODES = py_compile.PycInvalidationMode
COMPILED: dict[str, tuple[MODES, str, bool]] = {
    "a module that did not change": (MODES.TIMESTAMP, ON, True),
    "a module of the same size and time": (MODES.TIMESTAMP, OFF, False),
    "a module of another size, which Python notices": (MODES.TIMESTAMP, f"{OFF}#", True),
    "a module whose content Python compares": (MODES.CHECKED_HASH, OFF, True),
    "a module that Python never compares": (MODES.UNCHECKED_HASH, OFF, False),
}


@pytest.mark.parametrize("name", COMPILED)
def test_of_compiled_modules_those_are_removed_that_python_takes_for_another_source(tmp_path: Path, name: str) -> None:
    mode, text, is_kept = COMPILED[name]
    path = Project(tmp_path).write_file("src/lamp.py", ON).root / "src/lamp.py"
    compiled = Path(py_compile.compile(str(path), invalidation_mode=mode) or "")
    if text != ON:
        change_with_times(path, text)
    ProjectModules(tmp_path).remove_outdated({"src/other.py", "lamp.py"})
    assert compiled.exists()
    ProjectModules(tmp_path).remove_outdated({"src/lamp.py", "src/gone.py", "none/a.py"})
    assert is_kept is compiled.exists()


@pytest.mark.parametrize(("age", "is_read"), [(-1, False), (0, False), (1, True)])
def test_a_compiled_module_is_read_only_if_it_is_younger_than_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: int, is_read: bool
) -> None:
    path = Project(tmp_path).write_file("lamp.py", ON).root / "lamp.py"
    compiled = py_compile.compile(str(path)) or ""
    # The time of the last change cannot be set, and systems may count it in steps of some milliseconds.
    changed = path.stat().st_ctime_ns + age * 10**9
    os.utime(compiled, ns=(changed, changed))
    monkeypatch.setattr(SourceFileLoader, "get_data", SourceFileLoader.get_data)
    ProjectModules(tmp_path).watch_imports()
    loader = SourceFileLoader("lamp", str(path))
    assert loader.get_data(str(path)) == ON.encode()
    if is_read:
        assert loader.get_data(compiled) == Path(compiled).read_bytes()
    else:
        with pytest.raises(OSError, match="older than its source"):
            loader.get_data(compiled)


# The name of a module, the file that it was imported from, and that of the project which it differs from, if it does.
IMPORTED = {
    "a module": ("lamp9", "lamp9.py", "lamp9.py"),
    "a module in src": ("lamp9", "lamp9.py", "src/lamp9.py"),
    "a module in lib": ("lamp9", "lamp9.py", "lib/lamp9.py"),
    "a package": ("lamp9", "lamp9/__init__.py", "src/lamp9/__init__.py"),
    "a module of a package": ("lamp9.bulb", "lamp9/bulb.py", "src/lamp9/bulb.py"),
    "a package of a package": ("lamp9.bulb", "lamp9/bulb/__init__.py", "lamp9/bulb/__init__.py"),
    "a module that is a package in the project": ("lamp9", "lamp9.py", ""),
    "what a build writes": ("lamp9.version", "lamp9/version.py", ""),
}


@pytest.mark.parametrize("name", IMPORTED)
def test_a_module_of_another_copy_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    module_name, file, own = IMPORTED[name]
    paths = {own or "src/lamp9/__init__.py", "src/lamp9/version.py"}
    root, copy = Project(tmp_path / "project"), Project(tmp_path / "copy").write_file(file, OFF)
    for path in paths:
        root.write_file(path, ON)
    module = ModuleType(module_name)
    module.__file__ = str(copy.root / file)
    monkeypatch.setitem(sys.modules, module_name, module)
    found = list(ProjectModules(root.root).find_foreign(paths))
    expected = f"`{module_name}` was imported from `{module.__file__}`, which differs from `{own}` of this project"
    assert found == ([expected] if own else [])
    copy.write_file(file, ON)
    assert list(ProjectModules(root.root).find_foreign(paths)) == []


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


HOOKS = """\
from pathlib import Path


def before_all(context):
    Path("lamp.py").write_text('STATE = "on "\\n')


def after_all(context):
    Path("lamp.py").write_text('STATE = "off"\\n')
"""


@pytest.mark.parametrize("is_compiled", [False, True])
def test_a_module_that_another_one_replaced_while_the_run_went_on_proves_nothing(
    project: Project, is_compiled: bool
) -> None:
    # At the end, all files are those of the beginning, as after `git stash` and `git stash pop`.
    project.write_file("lamp.py", OFF).write_file("environment.py", HOOKS)
    if is_compiled:
        py_compile.compile(str(project.root / "lamp.py"))
    steps = STEPS.replace("import lamp\n", "").replace("    assert lamp", "    import lamp\n\n    assert lamp")
    run = project.write_file("steps/lamp_steps.py", steps).run()
    assert run.changed == ()
    assert [failure.message for failure in run.failures] == [
        "import: `lamp.py` changed during the run, before it was imported"
    ]


def test_a_module_that_the_run_writes_again_and_does_not_import_does_not_matter(project: Project) -> None:
    project.write_file("environment.py", HOOKS.replace("off", "on ")).write_file("lamp.py", ON)
    run = project.run()
    assert ([result.status for result in run.results], run.changed, run.failures) == (["passed"], (), ())


LAZY = """\
import sys
from importlib.util import LazyLoader, find_spec, module_from_spec


def before_all(context):
    spec = find_spec("lazy")
    spec.loader = LazyLoader(spec.loader)
    sys.modules["lazy"] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules["lazy"])
    sys.modules[1] = None
"""


def test_a_module_that_is_imported_when_it_is_used_is_not_imported_by_looking_at_it(project: Project) -> None:
    project.write_file("lazy.py", "raise OSError\n").write_file("environment.py", LAZY)
    run = project.run()
    assert ([result.status for result in run.results], run.failures) == (["passed"], ())


def test_of_many_modules_of_another_copy_the_first_is_named(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Project(tmp_path / "copy")
    for name in ("bulb", "cable"):
        project.write_file(f"src/{name}.py", "STATE = 1\n")
        copy.write_file(f"{name}.py", "STATE = 2\n")
    project.write_file("steps/more_steps.py", "import bulb, cable\n")
    monkeypatch.setenv("PYTHONPATH", f"{copy.root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    (failure,) = project.run().failures
    assert failure.message.startswith("import: `bulb` was imported from ")
    assert failure.message.endswith(" of this project (1 more)")


def test_the_python_files_of_the_project_that_were_imported_are_listed_without_what_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outside").mkdir()
    root = tmp_path / "shop"
    for path in ("env/pyvenv.cfg", "deps/six-1.0.dist-info/METADATA", "pyvenv.cfg"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    (root / "link").symlink_to(tmp_path / "outside")
    own = ["build/gen.py", "link/rates.py", "local/conversion.py", "local/settings.py"]
    others = [
        *("env/lib/six.py", "deps/six.py", ".venv/lib/a.py", "lib/site-packages/a.py", "build/lib/shop/basket.py"),
        *("src/shop/_version.py", "src/shop/fast.so"),
    ]
    for number, path in enumerate([*own, *others, "../outside/b.py"]):
        module = ModuleType(f"loaded_{number}")
        module.__file__ = str(root / path)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    assert list_loaded(root) == own
    # By another path to the same folder.
    (tmp_path / "alias").symlink_to(root)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "alias/local"), *sys.path])
    module.__file__ = str(tmp_path / "alias/local/rates.py")
    (root / "local").mkdir()
    assert list_loaded(root) == sorted([*own, "local/rates.py"])


def test_sources_that_code_reads_or_runs_by_their_paths_are_noted_until_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("read.py", "text.md", "bytes.py", "late.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    watch = SourceWatch()
    watch.start()
    (tmp_path / "read.py").read_text(encoding="utf-8")
    (tmp_path / "text.md").read_text(encoding="utf-8")
    with open(b"bytes.py", encoding="utf-8"):  # noqa: PTH123
        pass
    exec(compile("1", "run.py", "exec"))
    exec("1")
    watch.stop()
    (tmp_path / "late.py").read_text(encoding="utf-8")
    exec(compile("1", "later.py", "exec"))
    assert watch.paths == {str(tmp_path / name) for name in ("read.py", "bytes.py", "run.py")}


@pytest.mark.parametrize(("given", "expected"), [(None, []), ("[]", []), ('["docs/*.md"]', ["docs/*.md"])])
def test_the_other_sources_of_a_run_are_taken_from_what_has_started_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, expected: list[str]
) -> None:
    monkeypatch.delenv("SPEC2BDD_SOURCES", raising=False)
    if given is not None:
        monkeypatch.setenv("SPEC2BDD_SOURCES", given)
    files = ProjectFiles(tmp_path, features="features")
    assert (files.sources, os.environ.get("SPEC2BDD_SOURCES")) == (expected, None)
    assert files.describe()["git"] is None
