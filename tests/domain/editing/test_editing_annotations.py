"""Waivers and other notes are written so that they read back as given, and are removed again to the byte."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.domain.editing.annotations import MANUAL, WAIVER, add_annotation, remove_annotation
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec

HEAD = "---\nfeature_id: 3.2\nname: Shop\nstatus: Draft\n---\n\n### Must Have\n- [ ] One thing\n"
TAIL = "- [ ] Another thing\n\n### Definition of Done\n- [ ] Done\n"


def read(path: str, content: bytes) -> Spec:
    return parse_spec(path, content)


def waive(text: str, reason: str, *, index: int = 1) -> str:
    """Waive the criterion in a text, if that is possible."""
    spec = read("specs/a.md", text.encode())
    criterion = spec.criteria[index]
    wanted = replace(criterion, waived=reason, box=replace(criterion.box, mark="~"))
    return add_annotation(spec, index, wanted, note=f"waived: {reason}", read=read)


def unwaive(text: str, *, index: int = 1) -> str:
    """Remove the waiver of the criterion from a text, if that is possible."""
    spec = read("specs/a.md", text.encode())
    criterion = spec.criteria[index]
    wanted = replace(criterion, waived="", box=replace(criterion.box, mark=" "))
    return remove_annotation(spec, index, wanted, pattern=WAIVER, read=read)


ITEMS = {
    "plain": ("- [ ] It works\n", "- [~] It works (waived: R)\n"),
    "star": ("* [ ] It works\n", "* [~] It works (waived: R)\n"),
    "numbered": ("1. [ ] It works\n", "1. [~] It works (waived: R)\n"),
    "bracketed number": ("2) [ ] It works\n", "2) [~] It works (waived: R)\n"),
    "indented": ("  - [ ] It works\n", "  - [~] It works (waived: R)\n"),
    "wrapped": ("- [ ] It works\n  on two lines\n", "- [~] It works\n  on two lines (waived: R)\n"),
    "lazily wrapped": ("- [ ] It works\non two lines\n", "- [~] It works\non two lines (waived: R)\n"),
    "bullets below": ("- [ ] It works\n  - a note\n", "- [~] It works (waived: R)\n  - a note\n"),
    "a box below": ("- [ ] It works\n  - [ ] a part\n", "- [~] It works (waived: R)\n  - [ ] a part\n"),
    "a table below": (
        "- [ ] It works\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n",
        "- [~] It works (waived: R)\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n",
    ),
    "a fence below": (
        "- [ ] It works\n  ```gherkin\n  Given a\n  ```\n",
        "- [~] It works (waived: R)\n  ```gherkin\n  Given a\n  ```\n",
    ),
    "an id behind": ("- [ ] It works {#login}\n", "- [~] It works {#login} (waived: R)\n"),
    "an id in front": ("- [ ] **AC-01**: It works\n", "- [~] **AC-01**: It works (waived: R)\n"),
    "an id in a comment": ("- [ ] It works <!-- id: a -->\n", "- [~] It works <!-- id: a --> (waived: R)\n"),
    "a state behind": ("- [ ] It works (P1)\n", "- [~] It works (P1) (waived: R)\n"),
    "manual": ("- [ ] It works (manual)\n", "- [~] It works (manual) (waived: R)\n"),
    "blanks behind": ("- [ ] It works  \t\n", "- [~] It works (waived: R)  \t\n"),
    "code behind": ("- [ ] It runs `now`\n", "- [~] It runs `now` (waived: R)\n"),
    "a note in code": ("- [ ] It prints `(manual)`\n", "- [~] It prints `(manual)` <!-- waived: R -->\n"),
    "bold": ("- [ ] **It works**\n", "- [~] **It works** (waived: R)\n"),
    "ticked": ("- [x] It works\n", "- [~] It works (waived: R)\n"),
    "set aside": ("- [~] It works\n", "- [~] It works (waived: R)\n"),
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(("item", "waived"), ITEMS.values(), ids=ITEMS)
def test_a_waiver_follows_the_text_of_its_item(item: str, waived: str, end: str) -> None:
    before, after = ((HEAD + text + TAIL).replace("\n", end) for text in (item, waived))
    assert after == waive(before, "R")


@pytest.mark.parametrize("item", [item for item, _ in ITEMS.values() if "[ ]" in item.split("\n")[0]])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_what_was_waived_is_asked_for_again_to_the_byte(item: str, end: str) -> None:
    before = (HEAD + item + TAIL).replace("\n", end)
    assert unwaive(waive(before, "no users there")) == before


@pytest.mark.parametrize("reason", ["R", "a `b` -- c"])
def test_a_last_line_without_an_end_stays_without(reason: str) -> None:
    before = HEAD + "- [ ] It works"
    after = waive(before, reason)
    assert not after.endswith("\n")
    assert unwaive(after) == before


REASONS = (
    "no users there",
    'they said "no"',
    "it's over",
    "later (in phase 2)",
    "later (in (phase 2))",
    "(later)",
    ":) later",
    "see `make x`",
    "*never* again",
    "<b>no</b>",
    "a & b &amp; c",
    "see [this](http://a.example/b)",
    "http://a.example/b_c_d",
    "a --> b",
    "- [ ] no box",
    "# no heading",
    "(manual)",
    "waived: twice",
    "{#id}",
    "\\ and \\*",
    "naïve 日本語 🙂",
    "|",
    "x" * 5000,
    "word " * 999 + "end",
)


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_reads_back_exactly_as_it_was_given(reason: str) -> None:
    before = HEAD + "- [ ] It works\n" + TAIL
    after = waive(before, reason)
    assert read("specs/a.md", after.encode()).criteria[1].waived == reason
    assert unwaive(after) == before


REFUSED = (" ", " a", "a ", "a  b", "a\nb", "a\r\nb", "a\tb", "a\x00b", "a\u2028b", "`a` --> b", "\ud800")


@pytest.mark.parametrize("reason", REFUSED)
def test_a_reason_that_would_read_back_as_another_is_refused(reason: str) -> None:
    assert waive(HEAD + "- [ ] It works\n" + TAIL, reason) == ""


@given(st.text(alphabet=st.sampled_from("ab ()-><!*`_[]{}#\\&;:~|\n\t\"'x"), min_size=1, max_size=24))
def test_any_reason_reads_back_or_is_refused(reason: str) -> None:
    before = HEAD + "- [ ] It works\n" + TAIL
    after = waive(before, reason)
    assert not after or (reason, before) == (read("specs/a.md", after.encode()).criteria[1].waived, unwaive(after))


WRITTEN = {
    "brackets": ("- [ ] It works (waived: no)\n", "- [ ] It works\n"),
    "put aside": ("- [-] It works (waived: no)\n", "- [ ] It works\n"),
    "a comment": ("- [~] It works <!-- waived: no -->\n", "- [ ] It works\n"),
    "a comment of its own": ("- [~] It works\n  <!-- waived: no -->\n  - a note\n", "- [ ] It works\n  - a note\n"),
    "in front of an id": ("- [~] It works (waived: no) {#a}\n", "- [ ] It works {#a}\n"),
    "capitals": ("- [~] It works (Waived: no)\n", "- [ ] It works\n"),
    "both": ("- [~] It works (waived: no) <!-- waived: never -->\n", "- [ ] It works\n"),
    "wrapped": ("- [~] It works (waived: no\n  users)\n", "- [ ] It works\n"),
}


@pytest.mark.parametrize(("item", "asked"), WRITTEN.values(), ids=WRITTEN)
def test_what_its_author_waived_is_asked_for_again(item: str, asked: str) -> None:
    assert unwaive(HEAD + item + TAIL) == HEAD + asked + TAIL


def test_words_that_look_like_a_note_stay() -> None:
    item = "- [~] It says `(waived: x)` to (waived: y) people (waived: no)\n"
    assert unwaive(HEAD + item + TAIL) == HEAD + item.replace(" (waived: no)", "").replace("[~]", "[ ]") + TAIL


def test_a_manual_note_comes_and_goes() -> None:
    before = HEAD + "- [x] It works {#a}\n" + TAIL
    spec = read("specs/a.md", before.encode())
    wanted = replace(spec.criteria[1], manual=True)
    after = add_annotation(spec, 1, wanted, note="manual", read=read)
    assert after == HEAD + "- [x] It works {#a} (manual)\n" + TAIL
    noted = read("specs/a.md", after.encode())
    assert remove_annotation(noted, 1, replace(noted.criteria[1], manual=False), pattern=MANUAL, read=read) == before
