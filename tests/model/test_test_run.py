"""What tells runs apart by the files that they ran from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_values import make_run

from spec2bdd.model import Fingerprint

RUN = replace(make_run(), digests={"steps/a_steps.py": "1", "features/a.feature": "2"})


def test_runs_of_the_same_files_have_one_tree_in_whatever_order_these_are_given() -> None:
    digests = dict(reversed(list(RUN.digests.items())))
    assert replace(RUN, id="other", shard=(1, 2), digests=digests).tree == RUN.tree


@pytest.mark.parametrize(
    "digests",
    [
        {},
        {"steps/a_steps.py": "1"},
        {"steps/a_steps.py": "1", "features/a.feature": "3"},
        {"steps/a_steps.py": "2", "features/a.feature": "1"},
        {"steps/a_steps.py": "1", "features/b.feature": "2"},
    ],
)
def test_runs_of_other_files_have_another_tree(digests: dict[str, str]) -> None:
    assert replace(RUN, digests=digests).tree != RUN.tree


def test_the_files_that_git_knows_belong_to_the_tree() -> None:
    assert replace(RUN, fingerprint=Fingerprint("other")).tree != RUN.tree


def test_the_tree_of_a_run_is_found_once_for_all_criteria_of_a_page() -> None:
    assert RUN.tree is RUN.tree
