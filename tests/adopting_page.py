"""The page on adopting spec2bdd, and an existing Behave project to play it in: 40 old specs, hand-written features.

Every block of the page is done in order: `toml` and `diff` blocks change the file that the line before names, and each
line of an `sh` block is run. So a command or a change that the page does not show is not part of the test.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:`(?P<path>[\w./-]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)

FIRST = "specs/01-login.md"
FEATURE = "features/1_login.feature"
STEPS = "features/steps/login_steps.py"
FILTERED = 'behave --tags="not @spec_*"'
CHECK = "spec2bdd verify --check"

# What the project has before it adopts anything, besides its specs.
PROJECT = {
    "accounts.py": """
def log_in(name, password):
    return f"Hello, {name}" if password == "secret" else "refused"
""",
    "features/environment.py": """
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def before_scenario(context, scenario):
    context.basket = []
""",
    "features/steps/shop.py": """
from behave import given, then, when


@given('the user "{name}"')
def step_impl(context, name):
    context.name = name


@when("the user logs in")
def step_impl(context):
    import accounts

    context.greeting = accounts.log_in(context.name, "secret")


@then('the user is greeted with "{words}"')
def step_impl(context, words):
    assert context.greeting == words


@when("a book is put into the basket")
def step_impl(context):
    context.basket.append("book")


@then("the basket holds {count:d} book")
def step_impl(context, count):
    assert len(context.basket) == count
""",
    "features/login.feature": """
Feature: Login
  Scenario: Ana logs in
    Given the user "Ana"
    When the user logs in
    Then the user is greeted with "Hello, Ana"
""",
    "features/basket.feature": """
Feature: Basket
  Scenario: A book is put into the basket
    When a book is put into the basket
    Then the basket holds 1 book
""",
}

# An old spec: its status and its boxes were set by hand.
OLD_SPEC = """\
---
feature_id: {number}
name: {name}
status: {status}
---

## Acceptance Criteria

### Must Have
- [x] The page of {name} has a title
- [{mark}] The page of {name} shows 10 rows

### Should Have
- [ ] The page of {name} can be printed

## Definition of Done
- [x] Documentation updated
"""


@dataclass(frozen=True)
class Played:
    """A command of the page: how it ended, and the files before and after it."""

    command: str
    exit_code: int
    output: str
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]

    @property
    def changed(self) -> set[str]:
        """The paths that the command created, changed or deleted."""
        return {path for path in {*self.before, *self.after} if self.before.get(path) != self.after.get(path)}


def write_project(root: Path) -> None:
    """Write the project: 40 specs with ticks by hand, of which the page shows the first, and hand-written features."""
    (first,) = re.findall(r"^```markdown\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    files = {FIRST: first.encode(), **{path: text.lstrip().encode() for path, text in PROJECT.items()}}
    for number in range(2, 41):
        name = "Search" if number == 2 else f"Topic {number}"
        # The specs 2, 6, 10 ... claim to be in review although a must is not ticked.
        status = ("Draft", "In Progress", "Review", "Complete")[number % 4]
        text = OLD_SPEC.format(number=number, name=name, status=status, mark="x" if number % 4 == 3 else " ")
        line_end = "\r\n" if number % 5 == 0 else "\n"
        files[f"specs/{number:02}-{name.lower().replace(' ', '-')}.md"] = text.replace("\n", line_end).encode()
    write_files(root, files)


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files under a folder."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def read_files(root: Path) -> dict[str, bytes]:
    """Return all files of the project but caches: what `git status` would look at."""
    paths = [path for path in root.rglob("*") if path.is_file()]
    names = [path.relative_to(root) for path in paths]
    ignored = {".spec2bdd", "__pycache__"}
    return {name.as_posix(): (root / name).read_bytes() for name in names if ignored.isdisjoint(name.parts)}


def run(root: Path, command: str) -> Played:
    """Run a command of the page with the `spec2bdd` and the `behave` of this environment."""
    before = read_files(root)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    script = f'spec2bdd() {{ "{sys.executable}" -m spec2bdd "$@"; }}\n{command}'
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=root,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Played(command, done.returncode, done.stdout + done.stderr, before, read_files(root))


def change_file(path: Path, kind: str, body: str) -> None:
    """Do what a `toml` or a `diff` block says."""
    if kind == "toml":
        path.write_text(body, encoding="utf-8")
        return
    old = "".join(line[1:] for line in body.splitlines(keepends=True) if line[0] in " -")
    new = "".join(line[1:] for line in body.splitlines(keepends=True) if line[0] in " +")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"not once in {path.name}: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def play(root: Path) -> Iterator[Played]:
    """Do what the blocks of the page say, in their order."""
    for block in BLOCK.finditer(PAGE):
        if block["kind"] in ("toml", "diff"):
            change_file(root / block["path"], block["kind"], block["body"])
        elif block["kind"] == "sh":
            for command in block["body"].splitlines():
                yield run(root, command)


@cache
def play_page() -> tuple[Played, ...]:
    """Play the whole page once."""
    with TemporaryDirectory() as folder:
        write_project(Path(folder))
        return tuple(play(Path(folder)))


def find_played(command: str, index: int = 0) -> Played:
    """Find a command of the page, the first or a later one of its kind."""
    return [played for played in play_page() if played.command == command][index]
