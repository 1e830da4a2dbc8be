"""The error about a hand edit shows the diff to what would be generated."""

from __future__ import annotations

import pytest
from planned_project import World, make_spec

from spec2bdd.domain.planning.hand_edits import with_hand_edit_diffs
from spec2bdd.model import Diagnostic

SPEC = make_spec("A book is lent", "A book comes back", "A book is lost")
WRITTEN = World().generate(SPEC).feature


def find_edits(text: str) -> list[Diagnostic]:
    """Find the errors about the edits in a feature file."""
    drafts, _ = World({"features/1_1_books.feature": text}).draft(SPEC)
    return [edit for draft in drafts for edit in with_hand_edit_diffs(draft, text).hand_edits]


def test_a_line_in_other_words_is_shown_with_the_one_above_it() -> None:
    (edit,) = find_edits(WRITTEN.replace("Then a book comes back", "Then it comes back"))
    _, *lines = edit.diff.split("\n")
    assert lines == ["   Scenario: A book comes back", "-    Then it comes back", "+    Then a book comes back"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Then a book comes back", "Then it comes back"),
        ("Scenario: A book comes back", "Scenari: A book comes back"),
        ("Then a book comes back", "Then a book comes back\n    And more"),
        ("Feature: Books", "Featur: Books"),
    ],
)
def test_an_edit_is_reported_at_the_line_that_was_edited(old: str, new: str) -> None:
    text = WRITTEN.replace(old, new)
    (edit,) = find_edits(text)
    line = new.rpartition("\n")[2].strip()
    assert (text.splitlines()[edit.line - 1].strip(), edit.column) == (line, 1)


def test_an_edit_just_above_the_next_scenario_is_reported_at_its_line() -> None:
    text = WRITTEN.replace("Then a book is lent\n\n", "Then a book is lent\n    And more\n")
    (edit,) = find_edits(text)
    assert text.splitlines()[edit.line - 1] == "    And more"


def test_a_missing_line_is_reported_at_its_scenario() -> None:
    text = WRITTEN.replace("    Then a book comes back\n", "")
    (edit,) = find_edits(text)
    assert text.splitlines()[edit.line - 1].startswith("  # digest ")


def test_an_added_line_is_shown_as_a_removal() -> None:
    (edit,) = find_edits(WRITTEN.replace("is lent\n\n", "is lent\n    And more\n\n"))
    assert [line for line in edit.diff.split("\n") if line[0] in "+-"] == ["-    And more"]


def test_each_place_shows_its_own() -> None:
    edits = find_edits(WRITTEN.replace("Then a book is l", "Then it is l"))
    assert ["\n".join(line for line in edit.diff.split("\n") if line[0] in "+-") for edit in edits] == [
        "-    Then it is lent\n+    Then a book is lent",
        "-    Then it is lost\n+    Then a book is lost",
    ]


def test_the_hint_names_the_command_with_the_id() -> None:
    (edit,) = find_edits(WRITTEN.replace("Then a book comes back", "Then it comes back"))
    (scenario,) = [item for item in World().generate(SPEC).drafts[0].tracked if "comes" in item.criterion.text]
    assert f"`spec2bdd eject {scenario.id}`" in edit.hint


def test_an_edit_above_the_scenarios_names_no_criterion() -> None:
    (edit,) = find_edits(WRITTEN.replace("Feature: Books", "Feature: Our books"))
    assert "eject" not in edit.hint
    assert "-Feature: Our books\n+Feature: Books" in edit.diff


def test_a_turned_line_end_is_no_difference() -> None:
    (edit,) = find_edits(WRITTEN.replace("Then a book comes back", "Then it comes back").replace("\n", "\r\n"))
    assert len(edit.diff.split("\n")) == 4


def test_an_unedited_file_has_no_diff() -> None:
    assert find_edits(WRITTEN) == []


@pytest.mark.parametrize("name", ["Scenario: Whatever", "Scenari: A book comes back"])
def test_a_scenario_whose_name_was_edited_is_shown_with_its_own_id(name: str) -> None:
    (edit,) = find_edits(WRITTEN.replace("Scenario: A book comes back", name))
    lines = [line for line in edit.diff.split("\n") if line[0] in "+-"]
    assert lines == [f"-  {name}", "+  Scenario: A book comes back"]


def test_a_scenario_that_no_longer_parses_cannot_be_moved() -> None:
    (edit,) = find_edits(WRITTEN.replace("Scenario: A book comes back", "Scenari: A book comes back"))
    assert edit.hint == f"undo the edit as the diff shows, or with `git restore {edit.path}`"


def test_no_hint_suggests_to_delete_what_the_file_remembers() -> None:
    for edited in (
        WRITTEN.replace("Then a book comes back", "Then it comes back"),
        WRITTEN.replace("Scenario: A book comes back", "Scenari: A book comes back"),
        WRITTEN.replace("Scenario: A book comes back", "Scenario: Something else"),
        WRITTEN + "\n  # mine\n",
    ):
        hints = [edit.hint for edit in find_edits(edited)]
        assert [hint for hint in hints if "undo the edit" not in hint or "delete" in hint] == []


def test_a_line_that_is_missing_above_an_edit_is_shown_with_it() -> None:
    (edit,) = find_edits(WRITTEN.replace("Books\n\n", "Books\n").replace("Then a book is lent", "Then it is lent"))
    _, blank, *lines = edit.diff.split("@@ line ")
    assert (edit.line, edit.column) == (8, 1)
    assert blank == "5: - on disk, + generated @@\n Feature: Books\n+\n"
    assert lines == [
        "8: - on disk, + generated @@\n   Scenario: A book is lent\n-    Then it is lent\n+    Then a book is lent"
    ]


def test_no_scenario_is_to_be_moved_whose_lines_are_no_longer_separate_from_those_of_others() -> None:
    above, digest = WRITTEN.partition("\n  @ac_1_1_")[0].rsplit("\n", 1)
    assert digest.startswith("  # digest ")
    (edit,) = find_edits(WRITTEN.replace(f"{above}\n{digest}\n", f"{above}\n"))
    assert edit.hint == "undo the edit as the diff shows, or with `git restore features/1_1_books.feature`"
