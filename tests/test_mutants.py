"""The changes that are drawn at random to try the tests: which there are, and which tests notice them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from changes import Change, digest_content, digest_tests, is_python, list_changes, rank_changes
from forks import start_forks
from reach import MappedTest, list_stages, read_map

TRACED = Path(__file__).parents[1] / "tools/mutants/traced"
CHANGED = {
    "a comparison": ("x = a < b", ["(a <= b)"]),
    "a condition": ("x = not a", ["(a)"]),
    "an operator": ("x = a and b", ["(a or b)"]),
    "a number": ("x = 3", ["(4)"]),
    "a truth value": ("x = True", ["(False)"]),
    "a word": ("x = 'é'", ["('éXX')"]),
    "a call": ("f()", ["pass"]),
    "an argument": ("x = f(a, key=b)", ["(f(a))"]),
    "an error, but not its words": ("raise ValueError('a')", ["pass"]),
    "a result": ("def f():\n    return x", ["return None"]),
    "an answer": ("def f() -> bool:\n    return False", ["(True)"]),
    "a value that is false": ("def f() -> object:\n    return False", ["return None", "(True)"]),
    "a limit that can be seen": ("_MOST_SHOWN = 3", ["(4)"]),
    "an encoding": ("x = open(encoding='utf-8')", ["('utf-8XX')"]),
}
LEFT_ALONE = {
    "a docstring": '"""words"""',
    "an annotation": "x: 'int'",
    "a message": "x = 'some words'",
    "a part of an f-string": "x = f'{a + b}'",
    "a guard": "x = zip(a, b, strict=True)",
    "a decorator": "@cache\ndef f(): ...",
    "what ends a process": "def f():\n    os.kill(1, 9)\n    x = 3",
    "what removes a folder": "def f():\n    shutil.rmtree(3)",
    "what is exported": "__all__ = ['x']",
    "a type": "x = cast('int', y)",
    "how long is waited": "_POLL_SECONDS = 0.5\n_TIMEOUT: float = 1 + 2",
    "how long it sleeps": "x = [time.sleep(1), sleep(2)]",
    "whether it sleeps": "time.sleep(1)\n_sleep(_INTERVAL)",
    "how much is read at once": "_CHUNK = 1 << 16",
    "how much is buffered": "_BUFFER_SIZE = 1 << 16",
    "what is worth a cache": "LEAST_CACHED = 50",
    "the collector of garbage": "gc.disable()",
    "what only types need": "if TYPE_CHECKING:\n    x = 3",
}


@pytest.mark.parametrize(("source", "expected"), CHANGED.values(), ids=CHANGED)
def test_a_change_is_made_of(source: str, expected: list[str]) -> None:
    changes = list_changes("a.py", source.encode())
    assert [change.new for change in changes] == expected
    changed = changes[0].apply(source.encode())
    assert is_python(changed)
    assert changed != source.encode()


@pytest.mark.parametrize("source", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_no_change_is_made_of(source: str) -> None:
    assert list_changes("a.py", source.encode()) == []


def build_change(source: str) -> Change:
    """Build the first change of a module."""
    return list_changes("spec2bdd/text/edits.py", source.encode())[0]


def build_test(name: str, seconds: float, lines: list[int]) -> MappedTest:
    """Build a test that runs lines of a module."""
    bits = sum(1 << line for line in lines)
    digest = build_change(REACHED).digest
    return MappedTest(f"tests/{name}", seconds, {"spec2bdd/text/edits.py": bits}, {"spec2bdd/text/edits.py": digest})


REACHED = "def f(a):\n    x = [\n        a + 1,\n    ]\n    return x\n"


@pytest.mark.parametrize(
    ("source", "lines", "expected"),
    [
        (REACHED, [2, 5], True),
        (REACHED, [5], False),
        # The lines of another version of the module say nothing.
        (f"\n{REACHED}", [5], True),
        ("x = 3\n", [5], True),
    ],
    ids=["the statement", "another line", "a module that has changed", "the import"],
)
def test_a_test_reaches_a_change_by(source: str, lines: list[int], expected: bool) -> None:
    assert build_test("test_a.py::test_a", 0.1, lines).reaches(build_change(source)) == expected


USED = """
X = 3
Y = (X, 4)

def f(a=5):
    if a == 6:
        return (
            Y
        )
    return X

class A:
    b = 7
"""


def test_the_lines_of_a_change_are_those_of_its_statement_or_of_the_uses_of_its_variable() -> None:
    lines = {change.old: sorted(change.lines) for change in list_changes("a.py", USED.encode()) if change.old.isdigit()}
    uses = [7, 8, 9, 10]
    assert lines == {"3": uses, "4": uses[:3], "5": [6, *uses], "6": [6], "7": []}


def list_names(tests: list[MappedTest], *, noticed: dict[str, list[str]]) -> list[list[str]]:
    """List the functions of the tests of each stage."""
    stages = list_stages(tests, build_change(REACHED), budget=2.2, noticed=noticed)
    return [[test.name.partition("::")[2] for test in stage] for stage in stages]


def test_quick_tests_come_first_each_before_its_further_cases() -> None:
    tests = [
        build_test("test_a.py::test_process", 2.0, [2]),
        build_test("test_a.py::test_table[1]", 0.01, [2]),
        build_test("test_a.py::test_table[2]", 0.01, [2]),
        build_test("test_b.py::test_elsewhere", 0.001, [5]),
        build_test("test_edits.py::test_own", 0.03, [2]),
        build_test("test_c.py::test_slower", 0.015, [2]),
        build_test("test_c.py::test_too_slow", 3.0, [2]),
    ]
    assert list_names(tests, noticed={}) == [
        ["test_own", "test_table[1]", "test_slower", "test_table[2]"],
        ["test_process"],
    ]
    # Next to a test that has noticed another change of the module.
    assert list_names(tests, noticed={"spec2bdd/text/edits.py": ["tests/test_a.py::test_table[2]"]}) == [
        ["test_table[2]", "test_own", "test_table[1]", "test_slower"],
        ["test_process"],
    ]
    # Next to one that has noticed a change of another module of the folder.
    assert list_names(tests, noticed={"spec2bdd/text/slugs.py": ["tests/test_c.py::test_slower"]}) == [
        ["test_slower", "test_own", "test_table[1]", "test_table[2]"],
        ["test_process"],
    ]


def test_a_module_without_functions_is_reached_by_the_tests_of_its_folder() -> None:
    tests = [
        MappedTest(f"tests/test_{name}.py::test_{name}", 0.1, {path: 2}, {})
        for name, path in {"near": "spec2bdd/text/edits.py", "far": "spec2bdd/model/spec.py"}.items()
    ]
    values, function = list_changes("spec2bdd/text/a.py", b"class A:\n    b = 7\n\ndef f():\n    return 3 + x\n")[:2]
    assert [list(list_stages(tests, change, budget=9.0, noticed={})) for change in (values, function)] == [
        [[tests[0]]],
        [],
    ]


def test_the_tests_of_a_file_that_has_changed_are_not_in_the_map(tmp_path: Path) -> None:
    for name in ("test_a.py", "test_b.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    notes = [
        # The map was interrupted in this file, and begun again.
        {"test": "test_b.py::test_b", "seconds": 1.0, "lines": {}},
        {"test": "test_a.py::test_a", "seconds": 1.0, "lines": {"a.py": "6"}},
        {"file": "test_a.py", "digest": digest_content(b""), "modules": {"a.py": "1"}},
        {"test": "test_b.py::test_b", "seconds": 1.0, "lines": {}},
        {"file": "test_b.py", "digest": digest_content(b"old"), "modules": {}},
    ]
    (tmp_path / "map").write_text("".join(f"{json.dumps(note)}\n" for note in notes), encoding="utf-8")
    expected = {"test_a.py": [MappedTest("test_a.py::test_a", 1.0, {"a.py": 6}, {"a.py": "1"})]}
    assert read_map(tmp_path / "map", tmp_path) == expected


def test_the_data_of_tests_are_those_that_they_name(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name, text in {"test_a.py": 'DATA = "data/a.txt"\n', "test_b.py": "x = 1\n", "data/a.txt": "a"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = [digest_tests(tmp_path / name) for name in ("test_a.py", "test_b.py")]
    (tmp_path / "data/a.txt").write_text("b", encoding="utf-8")
    after = [digest_tests(tmp_path / name) for name in ("test_a.py", "test_b.py")]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True]


HOOKED = """
import sys

class Watch:
    def note(self, event, arguments):
        if event == "product":
            self.found = arguments

watch = Watch()
sys.addaudithook(watch.note)
sys.audit("product")
"""


def test_the_lines_of_a_process_include_those_of_its_audit_hooks(tmp_path: Path) -> None:
    package, notes = tmp_path / "product", tmp_path / "notes"
    package.mkdir()
    notes.mkdir()
    (package / "__init__.py").write_text(HOOKED, encoding="utf-8")
    variables = {
        "MUTANTS_LINES": str(notes),
        "MUTANTS_PACKAGE": str(package),
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{TRACED}",
    }
    subprocess.run([sys.executable, "-c", "import product"], env={**os.environ, **variables}, check=True)
    (note,) = notes.iterdir()
    assert note.read_text(encoding="utf-8") == "product/__init__.py\t6 7\n"


PRODUCT = "def add(a, b):\n    while a < 0:\n        a += 1\n    return a + b\n"
PRODUCT_TESTS = """
import os
import product


def test_is_called():
    product.add(1, 2)


def test_is_right():
    assert product.add(-1, 2) == 2


def test_fails_always():
    assert product.add(1, 2) == 4


def test_ends_the_process():
    if product.add(1, 2) != 3:
        os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork and /proc")
def test_a_change_is_noticed_by_a_test_that_passes_without_it(tmp_path: Path) -> None:
    (tmp_path / "product.py").write_text(PRODUCT, encoding="utf-8")
    (tmp_path / "test_product.py").write_text(PRODUCT_TESTS, encoding="utf-8")
    called, right, always, ends = (
        MappedTest(f"test_product.py::test_{name}", 0.0, {}, {})
        for name in ("is_called", "is_right", "fails_always", "ends_the_process")
    )
    changes = {change.new: change for change in list_changes("product.py", PRODUCT.encode())}
    with start_forks(tmp_path, margin=0.4) as forks:
        assert forks.find_notice([[called, right]], None) == ""
        assert forks.find_notice([[called]], changes["(a - b)"]) == ""
        assert forks.find_notice([[called], [always, right]], changes["(a - b)"]) == right.name
        assert forks.find_notice([[ends]], changes["(a - b)"]) == "?"
        # It never ends.
        assert forks.find_notice([[called, right]], changes["pass"]) == "?"
        assert forks.find_notice([[called, always, right, ends]], None) == ""
    assert (tmp_path / "product.py").read_text(encoding="utf-8") == PRODUCT


def test_the_sample_stays_where_another_line_changes() -> None:
    old, new = (list_changes("a.py", f"{line}x = 3\ny = a < b\n".encode()) for line in ("", "f()\n"))
    ranks = [sorted(rank_changes(changes, 1).values()) for changes in (old, new)]
    assert set(ranks[0]) < set(ranks[1])
    assert set(ranks[0]).isdisjoint(rank_changes(old, 2).values())
