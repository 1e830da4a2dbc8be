"""Diagnostics on stderr."""

# Assertions have the expected value on the left.

from __future__ import annotations

import re

import pytest

from spec2bdd.model import Diagnostic, Severity
from spec2bdd.reporters.terminal.escape import UNSAFE
from spec2bdd.reporters.text.diagnostics import render_diagnostics

ERROR, WARNING = Severity.ERROR, Severity.WARNING
PLAIN = Diagnostic("specs/a.md", 5, 9, ERROR, "status", "found `Doing`", "write `status: Draft`")


def render(*diagnostics: Diagnostic, source: str = "") -> str:
    return render_diagnostics(
        diagnostics, color=False, sources={"specs/a.md": re.split("\r\n|\r|\n", source)} if source else None
    )


def test_a_diagnostic_is_its_place_its_message_and_its_hint() -> None:
    assert render(PLAIN) == "specs/a.md:5:9: error: found `Doing` [status]\n    hint: write `status: Draft`\n"


PLACES = [
    (Diagnostic("a.md", 5, 0, ERROR, "", "m"), "a.md:5: error: m\n"),
    (Diagnostic("a.md", 0, 0, WARNING, "c", "m"), "a.md: warning: m [c]\n"),
    (Diagnostic("a.md", 0, 7, ERROR, "c", "m"), "a.md: error: m [c]\n"),
    (Diagnostic("", 0, 0, ERROR, "c", "m"), "error: m [c]\n"),
    (Diagnostic("a.md", 1, 1, ERROR, "c", ""), "a.md:1:1: error:  [c]\n"),
]


@pytest.mark.parametrize(("diagnostic", "expected"), PLACES)
def test_what_is_not_known_is_left_out_of_the_place(diagnostic: Diagnostic, expected: str) -> None:
    assert render(diagnostic) == expected


def test_diagnostics_are_sorted_by_place_and_counted() -> None:
    unsorted = (
        Diagnostic("b.md", 1, 1, WARNING, "c", "fourth"),
        Diagnostic("a.md", 10, 1, ERROR, "c", "third"),
        Diagnostic("a.md", 9, 5, ERROR, "c", "second"),
        Diagnostic("a.md", 0, 0, ERROR, "c", "first"),
    )
    found = render_diagnostics(unsorted, color=False, counted=True)
    assert re.findall(r": (\w+) \[c\]", found) == ["first", "second", "third", "fourth"]
    assert found.endswith("\n3 errors, 1 warning\n")
    assert "3 errors" not in render(*unsorted)


def test_folded_warnings_that_say_the_same_are_one_with_the_first_place_and_the_number_of_the_others() -> None:
    same = [Diagnostic(f"{name}.md", 9, 1, WARNING, "unread-section", "m", "h") for name in "bac"]
    other = Diagnostic("a.md", 10, 1, WARNING, "unread-section", "another", "h")
    shown = render_diagnostics([*same, other], color=False, folded=True)
    assert shown == (
        "a.md:9:1: warning: m [unread-section] (and 2 more)\n    hint: h\n"
        "a.md:10:1: warning: another [unread-section]\n    hint: h\n"
    )
    assert render_diagnostics(same, color=False).count("hint") == 3


def test_gathered_placeholders_of_a_file_are_one_with_the_number_of_the_others() -> None:
    codes = ("placeholder-field", "placeholder-field", "placeholder-criterion", "vague-word", "vague-word")
    several = [Diagnostic("a.md", line, 1, WARNING, code, f"m{line}") for line, code in enumerate(codes, start=1)]
    other = Diagnostic("b.md", 1, 1, WARNING, "placeholder-field", "m")
    shown = render_diagnostics([*several, other], color=False, gathered=True)
    assert shown == (
        "a.md:1:1: warning: m1 [placeholder-field] (and 1 more)\n"
        "a.md:3:1: warning: m3 [placeholder-criterion]\n"
        "a.md:4:1: warning: m4 [vague-word]\n"
        "a.md:5:1: warning: m5 [vague-word]\n"
        "b.md:1:1: warning: m [placeholder-field]\n"
    )
    assert "more" not in render_diagnostics([*several, other], color=False)


def test_errors_that_say_the_same_are_not_folded() -> None:
    errors = [Diagnostic(f"{name}.md", 9, 1, ERROR, "c", "m") for name in "ab"]
    assert render_diagnostics(errors, color=False, folded=True) == render_diagnostics(errors, color=False)


def test_nothing_is_said_of_no_diagnostic() -> None:
    assert render() == ""


def test_the_lines_of_a_message_and_a_hint_are_below_each_other() -> None:
    diagnostic = Diagnostic("a.md", 1, 1, ERROR, "edited", "edited by hand:\n-a\n+b", "first\nsecond")
    expected = "a.md:1:1: error: edited by hand: [edited]\n    -a\n    +b\n    hint: first\n          second\n"
    assert render(diagnostic) == expected


EXCERPTS = [
    ("plain", 8, "status: Doing", ["1 | status: Doing", "  |        ^"]),
    ("after a tab", 2, "\tDoing", ["1 |  Doing", "  |  ^"]),
    ("after wide characters", 3, "漢字x", ["1 | 漢字x", "  |     ^"]),
    ("behind a byte order mark", 2, "\ufeffname", ["1 | name", "  | ^"]),
    ("behind an escape", 2, "\x1bname", [r"1 | \x1bname", r"  |     ^"]),
    ("at the end", 5, "name\r\nx", ["1 | name", "  |     ^"]),
    ("without a column", 0, "name", ["1 | name"]),
    ("past the end", 99, "name", ["1 | name"]),
]


@pytest.mark.parametrize(
    ("column", "source", "expected"), [row[1:] for row in EXCERPTS], ids=[row[0] for row in EXCERPTS]
)
def test_the_line_is_shown_with_a_mark_below_its_column(column: int, source: str, expected: list[str]) -> None:
    found = render(Diagnostic("specs/a.md", 1, column, ERROR, "c", "m"), source=source)
    assert [line[4:] for line in found.splitlines()[1:]] == expected


@pytest.mark.parametrize(("line", "source"), [(0, "a"), (3, "a\nb"), (2, "a\n\n"), (1, "")])
def test_a_line_that_is_not_there_is_not_shown(line: int, source: str) -> None:
    assert len(render(Diagnostic("specs/a.md", line, 1, ERROR, "c", "m"), source=source).splitlines()) == 1


def test_a_long_line_is_shown_around_its_column() -> None:
    found = render(Diagnostic("specs/a.md", 1, 501, ERROR, "c", "m"), source="a" * 500 + "X" + "b" * 500)
    _, shown, mark = found.splitlines()
    assert shown[mark.index("^")] == "X"
    assert len(shown) < 120


def test_no_text_reaches_the_terminal_as_a_command(hostile: str) -> None:
    diagnostic = Diagnostic(hostile, 1, 1, ERROR, hostile, hostile, hostile)
    painted = render_diagnostics([diagnostic], color=True, sources={hostile: [hostile]})
    plain = re.sub("\x1b\\[[0-9;]*m", "", painted)
    assert [char for char in UNSAFE.findall(plain) if char != "\n"] == []


def test_a_diff_is_below_its_diagnostic_and_is_cut_where_it_is_long() -> None:
    lines = [f"-line {n}" for n in range(20)]
    diagnostic = Diagnostic("a.md", 1, 1, ERROR, "edited", "edited by hand", "undo it", "\n".join(lines))
    shown = render_diagnostics([diagnostic], color=False).split("\n")
    assert shown[1:3] == ["    -line 0", "    -line 1"]
    assert shown[12:15] == ["    -line 11", "    ... and 8 lines more", "    hint: undo it"]


def test_a_diff_has_the_colours_of_one() -> None:
    diagnostic = Diagnostic("a.md", 1, 1, ERROR, "edited", "edited by hand", "", "-old\n+new")
    assert "\x1b[31m-old" in render_diagnostics([diagnostic], color=True)
    assert "\x1b[32m+new" in render_diagnostics([diagnostic], color=True)
