"""The public API: lazily imported, complete, and as `docs/api.md` shows it."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import write_files

import spec2bdd
from spec2bdd import model

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```(python|output)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPEC = """\
---
feature_id: "1.1"
name: Basket
status: Draft
---
## Acceptance Criteria
### Must Have
- [ ] A basket starts empty
### Should Have
- [ ] A basket can be shared
"""
STEPS = """\
from behave import then

from shop import Basket


@then("a basket starts empty")
def starts_empty(context):
    assert len(Basket().items) == 0
"""


def test_every_public_name_can_be_imported() -> None:
    assert [name for name in spec2bdd.__all__ if getattr(spec2bdd, name, None) is None] == []


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(spec2bdd.__file__).read_text(encoding="utf-8"))
    (branch,) = [node for node in tree.body if isinstance(node, ast.If)]
    imported = {alias.name for node in branch.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert imported == set(spec2bdd.__all__) - {"__version__"}


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = spec2bdd.nothing


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys, spec2bdd; print([name for name in sys.modules if name.startswith('spec2bdd.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_package_is_typed() -> None:
    assert (Path(spec2bdd.__file__).parent / "py.typed").is_file()


def test_the_examples_of_the_page_print_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = "class Basket:\n    def __init__(self):\n        self.items = []\n"
    files = {"specs/basket.md": SPEC, "steps/basket_steps.py": STEPS, "shop.py": shop, "spec2bdd.toml": ""}
    write_files(tmp_path / "shop", files)
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall((DOCS / "api.md").read_text(encoding="utf-8"))
    assert len(blocks) >= 10
    names: dict[str, object] = {}
    for (kind, code), (answer, expected) in zip(blocks[::2], blocks[1::2], strict=True):
        assert (kind, answer) == ("python", "output")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(code, names)
        assert printed.getvalue() == expected


def test_the_glossary_has_every_public_type() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if row.startswith("| ") and row.count(" | ") >= 2]
    named = {name for row in rows for name in re.findall(r"`([A-Z]\w+)`", row.rsplit(" | ", 1)[1])}
    public = {name for name in (*spec2bdd.__all__, *model.__all__) if name[0].isupper()}
    types = {name for name in public if not name.endswith("Error") and name != "WriteInterrupted"}
    assert set() == types - named
    protocols = {"Dialect", "Executor", "Scheduler", "Reporter", "EvidenceReader", "ResultReader"}
    assert named - types <= protocols
