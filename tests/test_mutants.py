"""The changes that are drawn at random to try the tests: which there are, and which are never made."""

from __future__ import annotations

import pytest
from changes import is_python, list_changes

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
