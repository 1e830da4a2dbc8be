"""The program begins to import Behave before its own modules where the command runs features."""

from __future__ import annotations

import pytest

from spec2bdd import __main__ as program
from spec2bdd.adapters.behave import standby


@pytest.mark.parametrize(
    "arguments",
    [[], ["--help"], ["status"], ["verify", "-h"], ["verify", "--", "--tags", "@x"], ["run", "--pdb"]],
    ids=" ".join,
)
def test_no_process_is_started_for(arguments: list[str]) -> None:
    with program._keep_standby(arguments):
        assert standby._waiting == []


@pytest.mark.parametrize("arguments", [["verify", "--check"], ["run"], ["challenge", "3.2", "-j", "2"]], ids=" ".join)
def test_a_process_is_started_for(arguments: list[str]) -> None:
    with program._keep_standby(arguments):
        assert len(standby._waiting) == 1
    assert standby._waiting == []
