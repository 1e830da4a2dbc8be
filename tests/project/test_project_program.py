"""What every cached answer depends on besides the files of the project."""

from __future__ import annotations

from pathlib import Path

import behave
import jinja2
import marko
import nh3
import yaml

import spec2bdd
from spec2bdd.config import read_config
from spec2bdd.project.cache.program import describe_program


def test_a_cache_is_that_of_the_packages_which_read_the_texts(tmp_path: Path) -> None:
    stamped = {path for path, _ in describe_program(read_config(tmp_path))[-1]}  # type: ignore[attr-defined]
    readers = (behave, jinja2, marko, nh3, spec2bdd, yaml)
    assert [reader.__name__ for reader in readers if reader.__file__ not in stamped] == []
