"""A project that records the lines of its scenarios: a module, a cache, a data file, a document, and a command."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from small_project import verify
from tree_repository import run_git, write_files

from spec2bdd.model import Report

ADDED = "An item that is added is counted"
REMOVED = "Removing an item that is not there is refused"
PRICED = "A price is read from the list"
REDUCED = "A reduced price is lower"
TERMS = "The terms name the shop"
PRINTED = "The command prints the total"
OWN = "The basket is empty at first"
EVERY = (ADDED, REMOVED, PRICED, REDUCED, TERMS, PRINTED, OWN)

FILES = {
    "spec2bdd.toml": "record-lines = true\n",
    ".gitignore": "__pycache__/\n",
    "specs/1.1-shop.md": f"""\
---
feature_id: 1.1
name: Shop
status: Draft
---

# Shop

## Acceptance Criteria

### Must Have
- [ ] {ADDED}
- [ ] {REMOVED}
- [ ] {PRICED}
- [ ] {REDUCED}
- [ ] {TERMS}
- [ ] {PRINTED}
""",
    "features/own.feature": f"""\
Feature: Own
  Scenario: {OWN}
    Then the basket is empty
""",
    "shop/__init__.py": "",
    "shop/__main__.py": """\
from shop.basket import Basket

basket = Basket()
basket.add("tea", 3)
print(basket.total())
""",
    "shop/basket.py": '''\
"""A basket."""

LIMIT = 9


class Basket:
    def __init__(self):
        self.items = []

    def add(self, name, price):
        """Add an item."""
        if len(self.items) >= LIMIT:
            raise ValueError("too many")
        self.items.append((name, price))

    def remove(self, name):
        # Every item of that name.
        for item in self.items:
            if item[0] == name:
                self.items.remove(item)
                return
        raise KeyError(name)

    def count(self):
        return len(self.items)

    def total(self):
        return sum(price for _, price in self.items)
''',
    "shop/prices.py": """\
import json
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


@lru_cache
def load():
    return parse((DATA / "prices.json").read_text())


def parse(text):
    return json.loads(text)


def price(name):
    return load()[name]


def reduce(name):
    return load()[name] - 1
""",
    "data/prices.json": '{"tea": 3}\n',
    "data/unused.json": "{}\n",
    "docs/terms.md": "The shop.\n",
    "docs/other.md": "Other.\n",
    "tools/unused.py": "def build():\n    return 1\n",
    "environment.py": """\
def before_scenario(context, scenario):
    context.names = ["tea"]
""",
    "steps/shop_steps.py": f"""\
import subprocess
import sys
from pathlib import Path

from behave import then

from shop.basket import Basket
from shop.prices import price, reduce


def fail(text):
    raise AssertionError(text)


@then("{ADDED[0].lower()}{ADDED[1:]}")
def an_item_is_counted(context):
    basket = Basket()
    basket.add(context.names[0], 3)
    if basket.count() != 1:
        fail("not counted")


@then("{REMOVED[0].lower()}{REMOVED[1:]}")
def removing_is_refused(context):
    try:
        Basket().remove("tea")
    except KeyError:
        return
    raise AssertionError("not refused")


@then("{PRICED[0].lower()}{PRICED[1:]}")
def a_price_is_read(context):
    assert price("tea") == 3


@then("{REDUCED[0].lower()}{REDUCED[1:]}")
def a_reduced_price(context):
    assert reduce("tea") < 3


@then("{TERMS[0].lower()}{TERMS[1:]}")
def the_terms(context):
    assert "shop" in Path("docs/terms.md").read_text()


@then("{PRINTED[0].lower()}{PRINTED[1:]}")
def the_command(context):
    done = subprocess.run([sys.executable, "-m", "shop"], capture_output=True, text=True)
    assert done.stdout == "3\\n"


@then("the basket is empty")
def the_basket_is_empty(context):
    assert Basket().count() == 0
""",
}


def write_shop(root: Path) -> Path:
    """Write the project, verify it, and commit everything."""
    write_files(root, FILES)
    run_git(root, "init", "-q", "-b", "main")
    run_git(root, "add", "-A")
    run_git(root, "commit", "-qm", "one")
    verify(root)
    run_git(root, "add", "-A")
    run_git(root, "commit", "-qm", "two")
    # The run before was of another state: no feature file was tracked.
    verify(root)
    return root


def copy_shop(source: Path, target: Path) -> Path:
    """Copy the project with its records."""
    return Path(shutil.copytree(source, target, symlinks=True))


def edit(root: Path, path: str, before: str, after: str) -> Path:
    """Replace a part of a file, which has to be there."""
    text = (root / path).read_text(encoding="utf-8")
    assert before in text
    return write_before_run(root, {path: text.replace(before, after)})


def write_before_run(root: Path, files: dict[str, str]) -> Path:
    """Write files, and wait: of what was written right before a run, the run cannot know that it was not during it."""
    written = write_files(root, files)
    time.sleep(0.06)
    return written


def list_run(report: Report) -> tuple[str, ...]:
    """List the names of the scenarios that a command has run, and print what it says of them for a test that fails."""
    print(*report.notes, sep="\n")  # noqa: T201  Shown by pytest.
    if report.run is None or report.nothing_run:
        return ()
    ran = {result.name for result in report.run.results if result.status != "skipped"}
    return tuple(name for name in EVERY if name in ran)
