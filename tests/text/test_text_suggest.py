"""The nearest known name for a misspelt one."""

from __future__ import annotations

import pytest

from spec2bdd.text.suggest import suggest

NAMES = ("specs", "features", "steps")


@pytest.mark.parametrize(("word", "expected"), [("spec", "specs"), ("feature", "features"), ("steps", "steps")])
def test_the_nearest_name_is_suggested(word: str, expected: str) -> None:
    assert suggest(word, NAMES) == expected


@pytest.mark.parametrize("word", ["", "colour", "st", "that", "beats"])
def test_nothing_is_suggested_for_a_word_like_no_name(word: str) -> None:
    assert suggest(word, NAMES) is None


COMMANDS = ("verify", "generate", "status", "schema", "lint", "run", "report", "trace", "accept")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("verfy", "verify"),
        ("stauts", "status"),
        ("Status", "status"),
        ("reprot", "report"),
        ("genrate", "generate"),
        ("rnu", "run"),
        ("gen", "generate"),
        ("stat", "status"),
    ],
)
def test_misspellings_and_abbreviations_of_a_command_are_understood(word: str, expected: str) -> None:
    assert suggest(word, COMMANDS) == expected


@pytest.mark.parametrize("word", ["that", "check", "test", "the", "foo", "trees", "runs-all", "marks"])
def test_another_word_is_no_misspelling(word: str) -> None:
    assert suggest(word, COMMANDS) is None


def test_an_option_may_be_abbreviated() -> None:
    assert suggest("--fmt", ("--failed", "--format")) == "--format"
    assert suggest("--jobz", ("--json", "--jobs")) == "--jobs"


def test_more_edits_can_be_allowed_or_fewer() -> None:
    ids = ("ac_1_1_5f3a9c", "ac_1_1_ac_07")
    assert suggest("ac_1_1_5f3a9d", ids, most=2) == "ac_1_1_5f3a9c"
    assert suggest("ac_1_1_8d02e1", ids, most=2) is None
