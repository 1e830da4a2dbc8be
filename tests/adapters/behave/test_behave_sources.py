"""Step files are parsed when they are asked for, and large ones before there are workers."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import pytest

from spec2bdd.adapters.behave.vacuity import sources
from spec2bdd.adapters.behave.vacuity.definitions import find_vacuity
from spec2bdd.adapters.behave.vacuity.nodes import walk

STEP = "def is_checked(context):\n    assert context.total == 1\n"


def load(cache: sources.SourceCache, name: str, content: str) -> FunctionType:
    """Return the only function of a file that was loaded."""
    names: dict[str, Any] = {}
    exec(compile(content, name, "exec"), names)
    cache.add_file(name, content.encode())
    function = names["is_checked"]
    assert isinstance(function, FunctionType)
    return function


def test_only_large_files_are_parsed_in_advance_and_all_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_LARGE", 100)
    cache = sources.SourceCache()
    small, large = load(cache, "a.py", STEP), load(cache, "b.py", STEP + "# more\n" * 20)
    broken = "def f(:\n" + "# more\n" * 20
    cache.add_file("c.py", broken.encode())
    cache.parse_large_files()
    assert sorted(cache._functions) == ["b.py", "c.py"]
    assert [bool(cache.find_function(function.__code__)) for function in (small, large)] == [True, True]


def test_no_list_of_nodes_is_kept_after_an_analysis() -> None:
    cache = sources.SourceCache()
    assert find_vacuity(load(cache, "a.py", STEP), cache).reason == ""
    assert walk.cache_info().currsize == 0
