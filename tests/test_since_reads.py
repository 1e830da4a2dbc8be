"""`--since` with recorded lines: whatever way a scenario reads a file or lists a folder, its change runs that again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from small_project import verify
from tree_repository import run_git, write_files

from spec2bdd.model import Report, RunOptions, Selection

SINCE = Selection(since="HEAD")


def write_database(root: Path, value: int) -> None:
    """Write a database with one number."""
    path = root / "data/shop.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("create table prices (price)")
        connection.execute("insert into prices values (?)", (value,))
    connection.close()


def write(path: str, text: str = "2") -> Callable[[Path], object]:
    """Write a file of the project."""
    return lambda root: write_files(root, {path: text})


# By the criterion: the code of its step, which passes while the file is `1`, and what changes the project.
WAYS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a database that is opened by a URI": (
        """connection = sqlite3.connect("file:data/shop.db?mode=ro", uri=True)
    assert connection.execute("select price from prices").fetchone() == (1,)""",
        lambda root: write_database(root, 2),
    ),
    "a file that is made only where there is none": (
        """try:
        open("data/made", "x").close()
    except FileExistsError:
        pass
    assert Path("data/made").read_text() == "1\"""",
        write("data/made"),
    ),
    "a file that has another name elsewhere": (
        """copy = Path(tempfile.mkdtemp(dir=Path.cwd().parent)) / "copy"
    os.link("data/linked", copy)
    assert copy.read_text() == "1\"""",
        write("data/linked"),
    ),
    "a file of a folder that is opened": (
        """folder = os.open("data/opened", os.O_RDONLY)
    assert os.read(os.open("file", os.O_RDONLY, dir_fd=folder), 9) == b"1\"""",
        write("data/opened/file"),
    ),
    "documents that are listed": (
        """assert [path.name for path in Path("pages").glob("*.md")] == ["one.md"]""",
        write("pages/two.md"),
    ),
    "files that git ignores are listed": (
        """assert os.listdir("local") == ["one"]""",
        write("local/two"),
    ),
    "a file of a package": (
        """assert pkgutil.get_data("shop", "text") == b"1\"""",
        write("shop/text"),
    ),
    "a thread that is not traced": (
        """threading.settrace(None)
    results = []
    thread = threading.Thread(target=shop.add, args=(results,))
    thread.start()
    thread.join()
    assert results == [1]""",
        write("shop/__init__.py", "def add(results):\n    results.append(2)\n"),
    ),
}
UNTOUCHED = "nothing of all this"
HEAD = """\
import os
import pkgutil
import sqlite3
import tempfile
import threading
from pathlib import Path

from behave import then

import shop
"""


def write_project(root: Path) -> Path:
    """Write the project, verify it twice, and commit everything."""
    ways = {**WAYS, UNTOUCHED: ('assert context.config.userdata.get("price", "1") == "1"', write("x"))}
    criteria = "".join(f"- [ ] It passes with {name}\n" for name in ways)
    steps = "".join(
        f'\n\n@then("it passes with {name}")\ndef step_{place}(context):\n    {code}\n'
        for place, (name, (code, _)) in enumerate(ways.items())
    )
    head = "---\nfeature_id: 1.1\nname: Reads\nstatus: Draft\n---\n\n# Reads\n\n## Acceptance Criteria\n\n"
    write_files(
        root,
        {
            "spec2bdd.toml": "record-lines = true\n",
            ".gitignore": "__pycache__/\nlocal/\n",
            "specs/1.1-reads.md": f"{head}### Must Have\n{criteria}",
            "steps/reads_steps.py": HEAD + steps,
            "shop/__init__.py": "def add(results):\n    results.append(1)\n",
            **dict.fromkeys(("data/made", "data/linked", "data/opened/file", "shop/text", "local/one"), "1"),
            "pages/one.md": "One.\n",
        },
    )
    write_database(root, 1)
    run_git(root, "init", "-q", "-b", "main")
    run_git(root, "add", "-A")
    run_git(root, "commit", "-qm", "one")
    verify(root)
    run_git(root, "add", "-A")
    run_git(root, "commit", "-qm", "two")
    verify(root)
    return root


@pytest.fixture(scope="module")
def verified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the project once, with the records of a whole run."""
    return write_project(tmp_path_factory.mktemp("reads"))


@pytest.fixture
def project(verified: Path, tmp_path: Path) -> Path:
    """Copy the project for one test, with the times of its files."""
    return Path(shutil.copytree(verified, tmp_path / "project", symlinks=True))


def list_results(report: Report) -> dict[str, str]:
    """List the results of the scenarios that were run, by the way in which they read."""
    results = report.run.results if report.run and not report.nothing_run else ()
    return {
        result.name.removeprefix("It passes with "): result.status for result in results if result.status != "skipped"
    }


@pytest.mark.parametrize("way", WAYS)
def test_a_change_of_what_is_read_in_this_way_is_noticed(project: Path, way: str) -> None:
    WAYS[way][1](project)
    results = list_results(verify(project, choice=SINCE))
    assert (results.get(way), results.get(UNTOUCHED)) == ("failed", None)


def test_another_value_for_the_steps_runs_everything_again(project: Path) -> None:
    report = verify(project, choice=SINCE, plan=RunOptions(arguments=("-D", "price=2")))
    assert list_results(report)[UNTOUCHED] == "failed"
    assert len(WAYS) + 1 == len(list_results(report))
