"""How much memory a run may use."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from spec2bdd.adapters.system import memory
from spec2bdd.adapters.system.memory import find_memory_limit, read_memory_use

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="nothing is known on other systems")


@pytest.mark.parametrize(("value", "limit"), [("200", 200_000_000), ("0", 0)])
def test_the_variable_sets_the_limit(value: str, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPEC2BDD_MEMORY", value)
    assert find_memory_limit() == limit


@linux_only
@pytest.mark.parametrize("value", [None, "", "much"])
def test_else_it_is_most_of_what_is_free(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPEC2BDD_MEMORY", raising=False)
    if value is not None:
        monkeypatch.setenv("SPEC2BDD_MEMORY", value)
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 < find_memory_limit() <= total * 0.75


@linux_only
def test_what_is_free_is_counted_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPEC2BDD_MEMORY", raising=False)
    monkeypatch.setattr(memory, "_CONTAINER", ())
    # What could be made free counts as well.
    assert find_memory_limit() > os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 0.3


@linux_only
def test_a_container_may_use_three_quarters_of_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPEC2BDD_MEMORY", raising=False)
    for name, text in {"first": "max\n", "second": "1000000\n"}.items():
        (tmp_path / name).write_text(text, encoding="ascii")
    monkeypatch.setattr(memory, "_CONTAINER", [str(tmp_path / name) for name in ("first", "second", "third")])
    assert find_memory_limit() == 750_000


@linux_only
def test_the_memory_of_a_process_grows_with_what_it_holds() -> None:
    before = read_memory_use(os.getpid())
    held = b"x" * 50_000_000
    assert read_memory_use(os.getpid()) - before > len(held) * 0.9


def test_the_memory_of_a_process_that_is_gone_is_unknown() -> None:
    assert read_memory_use(2**30) == 0
