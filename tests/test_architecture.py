"""The architecture of the package: which layer may import which, no cycles, and one home for each library."""

from __future__ import annotations

import ast
import graphlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from grouped import in_one_test

PACKAGE = Path(__file__).parents[1] / "spec2bdd"
MODULES = sorted(PACKAGE.rglob("*.py"))

# The layers, lowest first, and what each of them may import besides itself. CONTRIBUTING.md draws the same picture.
LAYERS: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "text": {"errors", "model"},
    "diagnostics": {"errors", "model", "text"},
    "domain": {"errors", "model", "text", "diagnostics"},
    "config": {"errors", "model", "text", "diagnostics", "domain"},
    "adapters": {"errors", "model", "text"},
    "project": {"errors", "model", "text", "diagnostics", "domain", "config", "adapters"},
    "commands": {"errors", "model", "text", "diagnostics", "domain", "config", "adapters", "project"},
    "reporters": {"errors", "model", "text", "diagnostics"},
}
# What is outside the layers: the command line above them all, and the import paths that users' files name.
OUTSIDE = {"__init__", "__main__", "cli", "running"}

# The only folders that may import a third-party library (or SQLite).
HOMES: dict[str, tuple[str, ...]] = {
    "behave": ("adapters/behave",),
    "click": ("cli",),
    "frontmatter": ("domain/specs/front_matter",),
    "jinja2": ("domain/templates", "reporters/html"),
    "marko": ("domain/specs/markdown",),
    "nh3": ("domain/specs/markdown/html",),
    "rich": ("reporters/terminal",),
    "sqlite3": ("adapters/history",),
    "watchfiles": ("adapters/watching",),
    "yaml": ("domain/specs/front_matter",),
}
# Pure code touches neither the disk, the clock nor other processes.
PURE = {"errors", "model", "text", "diagnostics", "domain"}
WORLD = {"os", "subprocess", "shutil", "tempfile", "socket", "time", "sqlite3", "multiprocessing"}


def layer_of(path: Path) -> str:
    """Return the first folder, or the top-level module, that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    """Return the dotted name of a module."""
    parts = ("spec2bdd", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


@cache
def find_imports(path: Path) -> list[str]:
    """Find the full name of everything that a module imports, wherever in it, type checking aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.unparse(branch.test)
        for statement in branch.body
        for node in ast.walk(statement)
    }
    names: list[str] = []
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return names


def find_own_imports(path: Path) -> set[str]:
    """Return the modules of the package that a module imports."""
    candidates = {name if name in NAMES else name.rpartition(".")[0] for name in find_imports(path)}
    return candidates & NAMES.keys() - {name_of(path)}


@in_one_test("path", MODULES, ids=name_of)
def test_a_module_imports_lower_layers_only(path: Path) -> None:
    layer = layer_of(path)
    if layer in OUTSIDE:
        return
    imported = {layer_of(NAMES[name]) for name in find_own_imports(path)} - {"__init__"}
    assert set() == imported - LAYERS[layer] - {layer}


def test_every_module_is_in_a_layer() -> None:
    assert {layer_of(path) for path in MODULES} == LAYERS.keys() | OUTSIDE


def test_no_modules_import_each_other_in_a_cycle() -> None:
    graph = {name: find_own_imports(path) for name, path in NAMES.items()}
    graphlib.TopologicalSorter(graph).prepare()


@in_one_test("path", MODULES, ids=name_of)
def test_every_library_has_one_home(path: Path) -> None:
    folder = path.relative_to(PACKAGE).as_posix()
    libraries = {name.split(".")[0] for name in find_imports(path)} & HOMES.keys()
    # A step may use SQLite to look at what the product has stored: this module only intercepts that.
    if folder == "adapters/behave/challenges/clients/databases.py":
        libraries -= {"sqlite3"}
    assert set() == {
        library for library in libraries if not folder.startswith(tuple(f"{home}/" for home in HOMES[library]))
    }


@in_one_test("path", [path for path in MODULES if layer_of(path) in PURE], ids=name_of)
def test_pure_code_touches_nothing(path: Path) -> None:
    imported = {name.split(".")[0] for name in find_imports(path)}
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    called = {func.id for func in calls if isinstance(func, ast.Name)}
    assert set() == (imported & WORLD) | (called & {"open", "print", "input"})


@in_one_test("path", MODULES, ids=name_of)
def test_frozen_dataclasses_are_made_by_our_decorator(path: Path) -> None:
    # Of the command line, `--help` would have to load it.
    makes_frozen = "@dataclass(frozen=True, slots=True)" in path.read_text(encoding="utf-8")
    is_standard = "dataclasses.dataclass" in find_imports(path)
    assert not (makes_frozen and is_standard) or layer_of(path) == "cli"


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_only_what_it_needs(option: str) -> None:
    code = f"import sys; sys.argv = ['spec2bdd', '{option}']\nfrom spec2bdd.cli.main import main\n"
    code += "try:\n    main()\nexcept SystemExit:\n    print('\\n' + ' '.join(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = answer.splitlines()[-1].split()
    ours = {name for name in loaded if name.startswith("spec2bdd")}
    assert {name for name in ours if not name.startswith("spec2bdd.cli")} == {"spec2bdd", "spec2bdd.errors"}
    assert set() == {name.split(".")[0] for name in loaded} & (HOMES.keys() - {"click"})


# What a `verify` that finds nothing new has no use for, besides the libraries.
UNUSED = {
    "difflib",
    "pickle",
    "secrets",
    "statistics",
    "xml.etree",
    "spec2bdd.domain.gherkin.phrasing.translated_ears",
    "spec2bdd.domain.specs.front_matter.preamble",
    "spec2bdd.domain.tracking.similarity",
    "spec2bdd.domain.verdicts.done.evidence",
    "spec2bdd.model.trace",
    "spec2bdd.project.evidence",
}


def test_a_verify_that_finds_nothing_new_loads_only_what_it_needs(tmp_path: Path) -> None:
    project = shutil.copytree(PACKAGE.parent / "examples" / "chat", tmp_path / "chat")
    code = "import sys; sys.argv = ['spec2bdd', 'verify', '--quiet']\nfrom spec2bdd.cli.main import main\n"
    code += "try:\n    main()\nexcept SystemExit:\n    print('\\n' + ' '.join(sys.modules))"
    # The first one generates, the second one finds the same texts to be rendered.
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert loaded & HOMES.keys() == {"click", "frontmatter", "rich", "sqlite3", "yaml"}
    assert set() == loaded & UNUSED
