"""The nearest known name for a misspelt one."""

from __future__ import annotations

import pytest

from spec2bdd.text.suggest import suggest, suggest_several

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


def test_those_most_like_a_word_are_suggested_the_nearest_first() -> None:
    assert suggest_several("reports", ["mark", "report", "import", "Reports"], limit=3) == ["Reports", "report"]
    assert suggest_several("reports", ["report", "Reports"], limit=1) == ["Reports"]
    assert suggest_several("xyz", ["report"], limit=3) == []


def test_a_part_of_a_word_is_suggested_where_it_is_three_fifths_like_it() -> None:
    assert suggest_several("abcdefg", ["abc"], limit=3) == ["abc"]
    assert suggest_several("abcdefgh", ["abc"], limit=3) == []
