"""The markers that git leaves where it cannot merge, and the lines that only look like them."""

from __future__ import annotations

import pytest

from spec2bdd.text.conflicts import ConflictMarker, find_conflict_marker, list_conflict_markers

CONFLICT = "a\n<<<<<<< HEAD\nb\n||||||| base\r\nc\n=======\nd\n>>>>>>> other"


def test_markers_are_listed_with_their_places() -> None:
    expected = [ConflictMarker("<<<<<<<", 2, 2), ConflictMarker("|||||||", 17, 4), ConflictMarker(">>>>>>>", 43, 8)]
    assert list(list_conflict_markers(CONFLICT)) == expected
    assert find_conflict_marker(CONFLICT) == expected[0]
    assert expected[0].message == "`<<<<<<<` is a conflict marker"


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        # What was left when one side was resolved.
        (">>>>>>> other\n", [">>>>>>>"]),
        ("<<<<<<<", ["<<<<<<<"]),
        ("<<<<<<<\t|||||||", ["<<<<<<<"]),
        ("=======\n", []),
        ("||||||| base\n", []),
        (" <<<<<<< HEAD", []),
        ("<<<<<<<<", []),
        ("<<<<<<<HEAD", []),
        ("", []),
    ],
)
def test_a_marker_is_at_the_start_of_its_line_and_a_word_of_its_own(text: str, markers: list[str]) -> None:
    assert [marker.text for marker in list_conflict_markers(text)] == markers
