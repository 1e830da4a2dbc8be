"""Which steps notice a fault, which ones are blind, and what is not judged: one small project with a step for each."""

from __future__ import annotations

import _sqlite3
import shutil
import textwrap

import pytest
from challenge_products import run_challenges

from spec2bdd.adapters.behave.challenger import ChallengeOptions
from spec2bdd.model import ChallengeReport, Strength

SHOP = """\
import asyncio
import collections
import dataclasses
import enum
from math import sqrt

LIMIT = 500
SMALL = 5


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0


class Order:
    KINDS = ("express", "plain")

    def __init__(self, lines):
        self.lines = lines
        self.error = None


def squares(count):
    for number in range(count):
        yield number * number


async def stream(count):
    for number in range(count):
        await asyncio.sleep(0)
        yield number


def tally(text):
    return collections.Counter(text)


def mean(values):
    return sum(values) / len(values)


def names():
    return ["ann", "bea", "cleo"]


def select(name):
    return [each for each in names() if each == name]


def keep(table, name):
    table.execute("insert into names values (?)", (name,))


def is_open():
    return True


def refuse(number):
    if number < 0:
        raise ValueError("negative")
    return number


def require(number):
    assert number == 5, "the product's own"
    return number


def receipts():
    return []
"""
ENVIRONMENT = """\
import shop


def after_step(context, step):
    if "hook" in step.name:
        assert shop.mean([1, 2]) == 1.5
"""
SUPPORT = """\
def is_right(number):
    return True


def check_mean(number):
    assert number == 1.5
"""
STEPS = """\
import asyncio, concurrent.futures, multiprocessing, os, sqlite3, subprocess, sys, tempfile, threading, time
from os.path import isfile
from pathlib import Path

import pytest
import shop
from fast import _sqlite3 as fast
from behave import then
from shop import LIMIT as top
from support import check_mean, is_right

sys.path.append(".lib")
import rules

SMALL = 5
COMMAND = f"{sys.executable} -c 'import shop; print(*shop.names())'"


def read_limit():
    return shop.LIMIT


def get_five():
    return 5


def make_folder(**files):
    folder = Path(tempfile.mkdtemp())
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def make_table(path):
    database = sqlite3.connect(path)
    database.execute("create table names (name text)")
    database.commit()
    return database


def run_in(folder, code):
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)


def start():
    return subprocess.Popen(COMMAND, shell=True, stdout=subprocess.PIPE, text=True)
"""
NOTICES = {
    "an attribute of a dataclass": "assert shop.Point(1, 2).x == 1",
    "an attribute that is set at the start": "assert shop.Order([4]).lines == [4]",
    "nothing in an attribute": "assert shop.Order([4]).error is None",
    "a sum over a generator": "assert sum(shop.squares(3)) == 5",
    "an asynchronous generator": "assert [item async for item in shop.stream(2)] == [0, 1]",
    "a counter": "assert shop.tally('aab')['a'] == 2",
    "an upper limit": "assert shop.mean([1, 2]) < 100",
    "a lower limit": "assert shop.mean([1, 2]) >= 0",
    "a limit of a length": "assert len(shop.names()) <= 3",
    "the order of a list": "found = shop.names()\nassert all(one < other for one, other in zip(found, found[1:]))",
    "a name that is absent": "assert not any(name == 'zoe' for name in shop.names())",
    "a refusal with pytest": "with pytest.raises(ValueError):\n    shop.refuse(-1)",
    "a refusal that is reported": "try:\n    shop.refuse(3)\nexcept ValueError as error:\n    pytest.fail(str(error))",
    "a variable of a module": "assert shop.LIMIT == 500",
    "a variable that the step imports": "from shop import LIMIT\nassert LIMIT == 500",
    "a variable that the step module imports": "assert top == 500",
    "an attribute of a class": "assert 'express' in shop.Order.KINDS",
    "an attribute of a class by its object": "assert len(shop.Order([]).KINDS) == 2",
    "a variable that a helper reads": "assert read_limit() == 500",
    "the output of a process": "with start() as process:\n    assert process.stdout.read().strip() == 'ann bea cleo'",
    "a line of a process": "with start() as process:\n    assert process.stdout.readline().split()[0] == 'ann'",
    "the lines of a process": "with start() as process:\n    assert 'bea' in ''.join(process.stdout)",
    "all lines of a process": "with start() as process:\n    assert 'bea' in process.stdout.readlines()[0]",
    "the output of a command": "assert 'cleo' in os.popen(COMMAND).read()",
    "the exit code of a command": "assert os.system(COMMAND) == 0",
    "the output of a process that is awaited": (
        "process = await asyncio.create_subprocess_shell(COMMAND, stdout=subprocess.PIPE)\n"
        "output, _ = await process.communicate()\nassert b'ann' in output"
    ),
    "a thread that is joined": (
        "found = []\nworker = threading.Thread(target=lambda: found.append(shop.mean([1, 2])))\n"
        "worker.start()\nworker.join()\nassert found == [1.5]"
    ),
    "a check in a thread": (
        "def check():\n    assert shop.mean([1, 2]) == 1.5\n"
        "worker = threading.Thread(target=check)\nworker.start()\nworker.join()"
    ),
    "a pool of threads": (
        "with concurrent.futures.ThreadPoolExecutor() as pool:\n"
        "    assert list(pool.map(shop.mean, [[1, 2], [3]])) == [1.5, 3]"
    ),
    "a fork": (
        "process = os.fork()\nif process == 0:\n    os._exit(0 if shop.mean([1, 2]) == 1.5 else 1)\n"
        "assert os.waitpid(process, 0)[1] == 0"
    ),
    "a pool of processes": (
        "with multiprocessing.get_context('fork').Pool(1) as pool:\n    assert pool.map(shop.mean, [[1, 2]]) == [1.5]"
    ),
    "a native function that the product imports": "assert shop.sqrt(4) == 2",
    "a function of an extension module": "assert fast.complete_statement('a;')",
    "a function that native code calls": "assert sorted([[3, 4], [1, 2]], key=shop.mean)[0] == [1, 2]",
    "a file of the step that a process writes again": (
        'folder = make_folder(a=\'no\')\nrun_in(folder, \'open("a", "w").write("yes")\')\n'
        "assert (folder / 'a').read_text() == 'yes'"
    ),
    "a file that a process leaves as it was": (
        "folder = make_folder(a='mine')\nrun_in(folder, 'pass')\nassert (folder / 'a').read_text() == 'mine'"
    ),
    "a file that a process makes": (
        "folder = make_folder()\nrun_in(folder, 'open(\"a\", \"w\")')\nassert (folder / 'a').exists()"
    ),
    "a file that a process does not make": (
        "folder = make_folder(b='')\nrun_in(folder, 'pass')\nassert not (folder / 'a').exists()"
    ),
    "a folder in which a process makes nothing": (
        "folder = make_folder(b='')\nrun_in(folder, 'pass')\nassert not list(folder.rglob('*.txt'))"
    ),
    "a file that a step opens by its path": (
        'folder = make_folder()\nrun_in(folder, \'open("a", "w").write("yes")\')\n'
        "with (folder / 'a').open() as stream:\n    assert stream.read() == 'yes'"
    ),
    "a file that exists by a name that the step imports": (
        "folder = make_folder()\nrun_in(folder, 'open(\"a\", \"w\")')\nassert isfile(folder / 'a')"
    ),
    "a folder that a process makes": (
        "folder = make_folder()\nrun_in(folder, 'import os; os.mkdir(\"a\")')\nassert (folder / 'a').is_dir()"
    ),
    "the names in a folder": (
        "folder = make_folder()\nrun_in(folder, 'open(\"a\", \"w\")')\nassert os.listdir(folder) == ['a']"
    ),
    "the size of a file": (
        'folder = make_folder()\nrun_in(folder, \'open("a", "w").write("yes")\')\n'
        "assert (folder / 'a').stat().st_size == 3"
    ),
    "a row that a process does not make": (
        "folder = make_folder()\nmake_table(folder / 'a.db')\nrun_in(folder, 'pass')\n"
        "assert sqlite3.connect(folder / 'a.db').execute('select * from names').fetchone() is None"
    ),
    "a row that the product makes with a connection of the step": (
        "folder = make_folder()\ntable = make_table(folder / 'a.db')\nshop.keep(table, 'ann')\n"
        "table.row_factory = sqlite3.Row\nassert table.execute('select * from names').fetchone()['name'] == 'ann'"
    ),
    "a list that is empty": "assert not shop.select('zoe')",
    "a list that is empty, or an error": "found = shop.select('zoe')\nif found:\n    raise ValueError(found)",
    "a limit of the time": "began = time.perf_counter()\nshop.names()\nassert time.perf_counter() - began < 60",
    "a wait that ends with an error": (
        "end = time.monotonic() + 60\nwhile not shop.is_open():\n    time.sleep(0.1)\n"
        "    if time.monotonic() > end:\n        raise TimeoutError"
    ),
    "a check of a library": "rules.validate(shop.mean([1, 2]), 1.5)",
    "an error that the step raises": "if shop.mean([1, 2]) != 1.5:\n    raise ValueError('wrong')",
    "a helper that checks": "check_mean(shop.mean([1, 2]))",
    "a substep": "context.execute_steps('Then a counter')",
}
BLIND = {
    "a loop over nothing": "for name in shop.receipts():\n    assert name == 'zoe'",
    "a check of all of nothing": "assert all(name == 'zoe' for name in shop.receipts())",
    "a check that needs an item": "found = shop.receipts()\nif found:\n    assert found == ['zoe']",
    "a helper that needs an item": "found = shop.receipts()\nif found:\n    check_mean(found)",
    "a check that needs a row": (
        "folder = make_folder()\nmake_table(folder / 'a.db')\nrun_in(folder, 'pass')\n"
        "row = sqlite3.connect(folder / 'a.db').execute('select * from names').fetchone()\n"
        "if row:\n    assert row == ('ann',)"
    ),
    "a return without an item": "found = shop.receipts()\nif not found:\n    return\nassert found == ['zoe']",
    "a crash of the product as an assertion": (
        "try:\n    shop.mean([1, 2])\nexcept Exception as error:\n    raise AssertionError('failed') from error"
    ),
    "a slip of the step as an assertion": (
        "try:\n    shop.mean([1, 2]) + 1\nexcept Exception as error:\n    assert False, error"
    ),
    "an assertion of the product": "shop.require(5)",
    "an assertion of a hook": "shop.mean([1, 2])",
    "an assertion of the product in a thread": (
        "worker = threading.Thread(target=shop.require, args=[5])\nworker.start()\nworker.join()"
    ),
    "a lookup that fails": "{1.5: 1}[shop.mean([1, 2])]",
    "a crash of the product as another error": (
        "try:\n    shop.mean([1, 2])\nexcept Exception as error:\n    raise RuntimeError('failed') from error"
    ),
    "a wait that a fault makes endless": "while not shop.is_open():\n    pass",
    "the product compared with itself": "expected = shop.mean([1, 2])\nassert shop.mean([1, 2]) == expected",
    "its own plumbing": "shop.mean([1, 2])\nfolder = Path('steps')\nassert folder.exists()",
    "a file of its own": "shop.mean([1, 2])\nassert (make_folder(a='mine') / 'a').read_text() == 'mine'",
    "a file of code of its own": (
        "shop.mean([1, 2])\nassert (make_folder(**{'a.py': 'mine'}) / 'a.py').read_text() == 'mine'"
    ),
    "a row of its own": (
        "folder = make_folder()\ntable = make_table(folder / 'a.db')\nshop.mean([1, 2])\n"
        "table.execute('insert into names values (?)', ('ann',))\n"
        "assert table.execute('select name from names').fetchone() == ('ann',)"
    ),
    "a folder of its own": "folder = make_folder(a='')\nrun_in(folder, 'pass')\nassert folder.is_dir()",
    "a library that is called for its value": (
        "value = rules.validate(shop.mean([1, 2]), 1.5)\nassert SMALL == 5, value"
    ),
    "a file of its own that a process does not get": (
        "folder = make_folder(a='mine')\nrun_in(make_folder(), 'pass')\nassert (folder / 'a').read_text() == 'mine'"
    ),
    "a variable that is not checked": "limit = shop.LIMIT\nassert Path('steps').exists(), limit",
    "a variable of its own with the name of one of the product": "shop.mean([1, 2])\nassert SMALL == get_five()",
    "the output of a process without a check": (
        "with start() as process:\n    assert Path('steps').exists(), process.stdout.read()"
    ),
    "a helper that does not check": "assert is_right(shop.mean([1, 2]))",
    "a check that is caught": (
        "found = 0\ntry:\n    found = shop.mean([1, 2])\n    assert found == 1.5\n"
        "except AssertionError:\n    found = 1\nassert found"
    ),
}
NOT_CHALLENGED = {
    # Each third run fails: not in the two without a fault, but in the first with one.
    "a result that alternates": (
        "path = Path('runs')\ncount = len(path.read_text()) if path.exists() else 0\n"
        "path.write_text('x' * (count + 1))\nshop.mean([1, 2])\nturn = count % 3\nassert turn != 0 or count == 0"
    ),
    "a step that destroys what it needs": "Path('needed').unlink()\nassert shop.mean([1, 2]) == 1.5",
}
OUT_OF_REACH = {"a class of an extension module": "assert fast.Row is not fast.Cursor"}
CASES = {**NOTICES, **BLIND, **NOT_CHALLENGED, **OUT_OF_REACH}
EXPECTED = [
    *((name, Strength.NOTICES) for name in NOTICES),
    *((name, Strength.BLIND) for name in BLIND),
    *((name, Strength.NOT_CHALLENGED) for name in NOT_CHALLENGED),
    *((name, Strength.OUT_OF_REACH) for name in OUT_OF_REACH),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ChallengeReport:
    """The challenges of all cases."""
    root = tmp_path_factory.mktemp("shop")
    spec = "---\nfeature_id: 1.1\nname: Shop\nstatus: Draft\n---\n\n# Shop\n\n## Acceptance Criteria\n\n### Must Have\n"
    for path, text in {
        "spec2bdd.toml": 'step-helpers = ["support"]\n',
        "specs/1.1-shop.md": spec + "".join(f"- [ ] {name.capitalize()}\n" for name in CASES),
        "shop.py": SHOP,
        "fast/__init__.py": "",
        "support/__init__.py": SUPPORT,
        ".lib/rules.py": "def validate(value, right):\n    if value != right:\n        raise ValueError(value)\n",
        "needed": "",
        "environment.py": ENVIRONMENT,
        "steps/shop_steps.py": STEPS + "".join(_write_step(number, name) for number, name in enumerate(CASES)),
    }.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    # An extension module, as if it were one of the product.
    shutil.copy(_sqlite3.__file__, root / "fast")
    return run_challenges(root, ChallengeOptions(jobs=2, most=30))


def _write_step(number: int, name: str) -> str:
    """Write the step of a case."""
    kind = "async def" if "async " in CASES[name] or "await " in CASES[name] else "def"
    return f"\n\n@then({name!r})\n{kind} step_{number}(context):\n{textwrap.indent(CASES[name], '    ')}\n"


@pytest.mark.parametrize(("name", "strength"), EXPECTED)
def test_the_check_of_a_step_is_judged(name: str, strength: Strength, report: ChallengeReport) -> None:
    found = next(each.strength for each in report.criteria if each.criterion.text == name.capitalize())
    assert found.strength is strength, found.reason


def test_the_lines_that_a_scenario_runs_are_those_of_the_product(report: ChallengeReport) -> None:
    """Intercepted functions have lines of their own, which are not those of the file."""
    limit = next(each for each in report.criteria if each.criterion.text == "An upper limit")
    line = SHOP.splitlines().index("    return sum(values) / len(values)") + 1
    assert limit.strength.scenarios[0].lines == {"shop.py": (line,)}
