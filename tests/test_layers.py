"""The shape of the house: which part may import which, and which third-party library has its home where."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "spec2bdd"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = {
    "reading",
    "writing",
    "running",
    "evidence",
    "foreign",
    "judging",
    "linting",
    "noting",
    "remembering",
    "reporting",
}
COMMON = {"model", "codes", "text", "sheet", "errors", "xml"}
CORRIDOR = {"cli", "decision", "explain", "gathering", "judge", "lint", "pipeline", "project", "stages", "__main__"}
CORRIDOR |= {"cache", "choosing", "hearing", "past", "results"}
HOMES = {
    "behave": {"running"},
    "click": {"cli"},
    "frontmatter": {"reading"},
    "jinja2": {"templates"},
    "marko": {"reading"},
    "rich": {"reporting"},
    "sqlite3": {"remembering"},
    "yaml": {"reading"},
}
# Pure code does not touch the disk, the clock or other processes.
EDGES = {"running", "remembering", "config", "files", "git", "parallel", "signatures", "templates"} | CORRIDOR
LIVE = PACKAGE / "reporting" / "progress.py"
WORLD = {"os", "subprocess", "shutil", "tempfile", "socket", "time"}


def find_part(path: Path) -> str:
    """Return the room, or the module at the top, that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name_module(path: Path) -> str:
    """Return the name of a test case for a module."""
    return path.relative_to(PACKAGE).as_posix()


def find_imports(path: Path) -> Iterator[str]:
    """Yield the full name of everything that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def find_parts(path: Path) -> set[str]:
    """Return the parts of our own package that a module imports from."""
    names = (name.split(".") for name in find_imports(path))
    return {parts[1] for parts in names if parts[0] == "spec2bdd" and len(parts) > 1} - {"__version__"}


@pytest.mark.parametrize("path", [path for path in MODULES if find_part(path) in ROOMS], ids=name_module)
def test_a_room_imports_no_other_room(path: Path) -> None:
    part = find_part(path)
    allowed = {part} | COMMON | ({"templates"} if part in ("writing", "reporting") else set())
    assert find_parts(path) <= allowed


@pytest.mark.parametrize("path", [path for path in MODULES if find_part(path) in COMMON], ids=name_module)
def test_what_all_share_imports_nobody(path: Path) -> None:
    assert find_parts(path) <= COMMON


@pytest.mark.parametrize("path", MODULES, ids=name_module)
def test_every_library_has_one_home(path: Path) -> None:
    homeless = {name.split(".")[0] for name in find_imports(path)} & HOMES.keys()
    assert {name for name in homeless if find_part(path) not in HOMES[name]} == set()


@pytest.mark.parametrize(
    "path", [path for path in MODULES if find_part(path) not in EDGES and path != LIVE], ids=name_module
)
def test_pure_code_touches_nothing(path: Path) -> None:
    imported = {name.split(".")[0] for name in find_imports(path)}
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    called = {func.id for func in calls if isinstance(func, ast.Name)}
    assert set() == (imported & WORLD) | (called & {"open", "print", "input"})


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_only_what_it_needs(option: str) -> None:
    code = f"import sys; sys.argv = ['spec2bdd', '{option}']\nfrom spec2bdd.cli import main\n"
    code += "try:\n    main()\nexcept SystemExit:\n    print('\\n' + ' '.join(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = answer.splitlines()[-1].split()
    ours = {name for name in loaded if name.startswith("spec2bdd")}
    assert {"spec2bdd"} == {name for name in ours if not name.startswith("spec2bdd.cli")}
    assert set() == {name.split(".")[0] for name in loaded} & (HOMES.keys() - {"click"})
