"""A project of which no spec has criteria yet: each command says so, and where to write them."""

from __future__ import annotations

from pathlib import Path

import program
import pytest
from small_project import SPEC, SPEC_PATH, write_files

PATH = "specs/1.1-first.md"
EMPTY = "---\nfeature_id: 1.1\nname: First\n---\n\n# First\n\n## Acceptance Criteria\n\n### Must Have\n"
WRITE = f"write the criteria in `{PATH}`, then `spec2bdd generate`"

REFUSED = {
    "mark": ("mark", "error: no results: no spec has criteria yet [record]"),
    "challenge": ("challenge", "error: no results: no spec has criteria yet [record]"),
    "run": ("run", "error: nothing to run: no spec has criteria yet [no-features]"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("verified", [False, True])
def test_a_command_that_needs_results_names_the_spec_to_write_criteria_in(
    tmp_path: Path, name: str, *, verified: bool
) -> None:
    write_files(tmp_path, {PATH: EMPTY})
    if verified:
        assert program.call(tmp_path, "verify").returncode == 0
    command, message = REFUSED[name]
    done = program.call(tmp_path, command)
    assert (done.returncode, *done.stderr.splitlines()[:2]) == (2, message, f"    hint: {WRITE}")


def test_the_history_of_a_spec_without_criteria_says_that_it_has_none(tmp_path: Path) -> None:
    write_files(tmp_path, {PATH: EMPTY})
    _, *lines = program.call(tmp_path, "history", "1.1").stdout.splitlines()
    words = " ".join(" ".join(lines).split())
    assert words == f"no criteria yet: write them in `{PATH}`, then `spec2bdd generate`"


@pytest.mark.parametrize("other", [SPEC, b"\xff"])
def test_where_another_spec_has_criteria_or_may_have_some_it_is_verified_first(
    tmp_path: Path, other: str | bytes
) -> None:
    write_files(tmp_path, {PATH: EMPTY, SPEC_PATH: other})
    done = program.call(tmp_path, "mark")
    assert done.stderr.splitlines()[:2] == ["error: no results yet [record]", "    hint: run `spec2bdd verify`"]
