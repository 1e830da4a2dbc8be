"""An import that a branch adds at the top of a file of checks fails only the scenarios that use it."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from branch_repository import (
    BRANCH,
    CLAIMED,
    NEW,
    NEW_PRODUCT,
    NEW_STEPS,
    OLD,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    find_comparisons,
    make_branch,
)
from small_project import verify
from tree_repository import write_files

from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.adapters.behave.plugin.missing_names import MissingName, replace_missing_names
from spec2bdd.model import BaseOutcome

WEAK = "A till adds up nothing"
WEAK_STEPS = """

@then("a till adds up nothing")
def adds_up_nothing(context):
    assert till.add_up([]) == 0
"""
USES = NEW_STEPS.replace("till.take_off(", "take_off(")
IMPORTS = {
    "a name": ("from till import take_off\n", "take_off"),
    "a module": ("import discounts\n", "discounts.take_off"),
    "a module under another name": ("import discounts as other\n", "other.take_off"),
    "a name of a module": ("from discounts import take_off as off\n", "off"),
    "a module of a package": ("import shop.discounts\n", "shop.discounts.take_off"),
    "a module from a package": ("from shop import discounts\n", "discounts.take_off"),
    "a name of a module of a package": ("from shop.discounts import take_off\n", "take_off"),
}


@pytest.mark.parametrize("place", ["steps", "environment"])
@pytest.mark.parametrize("case", IMPORTS)
def test_only_what_uses_a_missing_name_is_red(tmp_path: Path, case: str, place: str) -> None:
    """The other new criterion is in the same step module and passes at the base as well."""
    line, use = IMPORTS[case]
    steps = line + STEPS + NEW_STEPS.replace("till.take_off", use) + WEAK_STEPS
    files = {SPEC_PATH: SPEC + NEW + f"- [ ] {WEAK}\n", STEPS_PATH: steps}
    files |= {"discounts.py": NEW_PRODUCT, "shop/discounts.py": NEW_PRODUCT}
    if place == "environment":
        hook = f"def before_scenario(context, scenario):\n    if 'discount' in scenario.name:\n        {use}(1, 2)\n"
        files |= {"environment.py": line + "\n\n" + hook, STEPS_PATH: STEPS + NEW_STEPS + WEAK_STEPS}
    root = make_branch(tmp_path / "project", files, main={"shop/__init__.py": ""})
    found = find_comparisons(verify(root))
    assert found == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED, WEAK: BaseOutcome.GREEN}


def test_steps_that_expect_the_error_of_an_import_get_it(tmp_path: Path) -> None:
    line = "try:\n    from till import take_off\nexcept ImportError:\n"
    line += "    def take_off(price, discount):\n        return 8\n\n"
    root = make_branch(tmp_path / "project", {STEPS_PATH: line + STEPS + USES})
    assert find_comparisons(verify(root)) == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.GREEN}


def test_a_file_that_uses_a_missing_name_at_its_top_is_red_with_all_that_is_in_it(tmp_path: Path) -> None:
    steps = "from till import take_off\n\nEIGHT = take_off(10, 2)\n" + STEPS + NEW_STEPS + WEAK_STEPS
    files = {**BRANCH, SPEC_PATH: SPEC + NEW + f"- [ ] {WEAK}\n", STEPS_PATH: steps}
    found = find_comparisons(verify(make_branch(tmp_path / "project", files)))
    assert found == {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED, WEAK: BaseOutcome.RED}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a checkout whose product lacks what today's files have."""
    monkeypatch.setattr(builtins, "__import__", builtins.__import__)
    write_files(tmp_path / "top", {"lately.py": "X = 1\n"})
    tree = write_files(tmp_path / "tree", {"steps/a_steps.py": "", "older.py": "X = 1\n"})
    monkeypatch.syspath_prepend(str(tree))
    yield tree
    sys.modules.pop("older", None)


def load(tree: Path, source: str, path: str = "steps/a_steps.py") -> dict[str, Any]:
    """Load a file of the checkout, as Behave does."""
    write_files(tree, {path: source})
    replace_missing_names(OriginIndex(tree, steps=[tree / "steps"]), tree.parent / "top", tree)
    names: dict[str, Any] = {"__file__": str(tree / path)}
    exec(compile(source, str(tree / path), "exec"), names)
    return names


def test_the_product_itself_sees_no_other_names(tree: Path) -> None:
    names = load(tree, "from older import X, Y\nimport older\n")
    assert names["X"] == 1
    assert isinstance(names["Y"], MissingName)
    assert not hasattr(names["older"], "Y")
    with pytest.raises(ImportError):
        load(tree, "from older import Y\n", "product.py")


def test_what_today_s_files_do_not_have_either_is_missing(tree: Path) -> None:
    assert isinstance(load(tree, "import lately\n")["lately"], MissingName)
    with pytest.raises(ModuleNotFoundError):
        load(tree, "import nowhere\n")


@pytest.fixture
def package(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a package `till9` whose module `coins` is missing in the checkout, as is all of `shop9`."""
    write_files(tree.parent / "top", {"till9/coins.py": "", "till9/notes/small.py": "", "shop9/hats.py": ""})
    write_files(
        tree, {"till9/__init__.py": "NAME = 'till'\n", "till9/prices.py": "X = 1\n", "till9/notes/__init__.py": ""}
    )
    for name in ("till9", "till9.prices", "till9.notes"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tree


def test_a_package_has_what_it_has_beside_what_is_missing(package: Path) -> None:
    names = load(package, "import till9.coins, till9.prices\n")
    assert (names["till9"].NAME, names["till9"].prices.X) == ("till", 1)
    names = load(package, "import till9.coins\n")
    assert isinstance(names["till9"].coins, MissingName)
    assert names["till9"].NAME == "till"
    assert isinstance(load(package, "import shop9.hats\n")["shop9"], MissingName)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from till9.coins import count", "till9.coins.count"),
        ("from till9.notes.small import count", "till9.notes.small.count"),
        ("from shop9.hats import count", "shop9.hats.count"),
        ("import till9.coins as count", "till9.coins"),
    ],
)
def test_what_is_missing_of_a_package_is_named_when_it_is_used(package: Path, source: str, name: str) -> None:
    with pytest.raises(ImportError, match=rf"the product has no `{name}"):
        load(package, f"{source}\ncount()\n")


@pytest.mark.parametrize("source", ["import till9.gone", "from till9.gone import count", "import gone9.coins"])
def test_a_module_that_no_package_of_today_has_is_an_error(package: Path, source: str) -> None:
    with pytest.raises(ModuleNotFoundError):
        load(package, f"{source}\n")


USED = [
    "X()",
    "bool(X)",
    "list(X)",
    "X == 1",
    "X != 1",
    "1 < X",
    "X + 1",
    "1 + X",
    "len(X)",
    "1 in X",
    "str(X)",
    "f'{X}'",
]


@pytest.mark.parametrize("use", [*USED, "X.attribute()", "X['key'] == 1", "int(X)", "[*X]", "assert X"])
def test_a_missing_name_fails_when_it_is_used(tree: Path, use: str) -> None:
    with pytest.raises(ImportError, match=r"the product has no `older\.Y"):
        load(tree, f"from older import Y as X\n{use}\n")


@pytest.mark.parametrize(
    "use", ["def f(a: X) -> X | None: ...", "def f(a: X[int]) -> None | X: ...", "type(X)", "repr(X)"]
)
def test_a_missing_name_may_be_in_an_annotation(tree: Path, use: str) -> None:
    assert isinstance(load(tree, f"from older import Y as X\n{use}\n")["X"], MissingName)
