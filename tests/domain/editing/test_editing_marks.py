"""The edits that mark a spec: each case writes the old and the new text as `⟦old→new⟧`."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spec2bdd.domain.editing.marks import (
    PlannedMarks,
    apply_marks,
    check_marked,
    find_uneditable_status,
    plan_edits,
    render_time_like,
)
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.errors import EditError
from spec2bdd.model import (
    CriterionVerdict,
    Diagnostic,
    DoneItemVerdict,
    EvidenceKind,
    Severity,
    Spec,
    Tier,
    Verdict,
)
from spec2bdd.text.edits import Edit

NOW = datetime(2026, 11, 23, 18, 30, 15, 123456, tzinfo=UTC)
CHOICE = re.compile("⟦([^→⟧]*)→([^⟧]*)⟧")
TIME = "⟦2026-05-04T09:00:00-04:00→2026-11-23T14:30:15-04:00⟧"

MARKED = f"""\
---
feature_id: 3.10
name: "Shop: basket"
owner: No
status: ⟦Draft→Review⟧
created: 2026-05-04T09:00:00-04:00
updated: {TIME}
prd_section: 007
---

# Feature Specification: Shop basket

Status: Draft, and [ ] no box, and `- [ ]` neither.

### Definition of Done
- [ ] All functional requirements implemented
- [x] Documentation updated

## Acceptance Criteria

### Must Have
- [⟦ →x⟧] An item can be added
- [⟦x→ ⟧] An item can be removed
- [⟦X→ ⟧] Two items can be removed
  - [⟦ →x⟧] also at once
* [x] It was proved before
+ [X] So was this
1. [~] Partly there
2) [-] Dropped

```text
- [ ] An item can be added
```

### Should Have
- [⟦ →x⟧] [links](https://example.org/[ ]) and **bold** [ ] text stay
- [ ] Nothing is known of this

### Won't Have
- [ ] Ever

## Tasks
- [ ] An item can be added
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A spec before and after its marks, and the verdicts that lead to them."""

    before: Spec
    after: str
    judgements: tuple[CriterionVerdict, ...]

    @property
    def status(self) -> str:
        """The status that the marked spec gets."""
        found = re.search(r"(?m)^status:[ \t]*['\"]?(Draft|In Progress|Review|Complete)", self.after)
        return found[1] if found else ""


def make_case(marked: str) -> Case:
    """Read a text with choices; the verdicts lead to the new character of every box that has one."""
    before, after = CHOICE.sub(r"\1", marked), CHOICE.sub(r"\2", marked)
    wanted: dict[int, str] = {}
    shift = 0
    for choice in CHOICE.finditer(marked):
        wanted[choice.start() - shift] = choice[2]
        shift += len(choice[0]) - len(choice[1])
    spec = parse_spec("specs/a.md", before.encode())
    judged = [item for item in spec.criteria if item.tier is not Tier.WONT]
    marks = [wanted.get(item.box.offset, item.box.mark) for item in judged]
    boxes = len(re.findall(r"\[⟦", marked))
    assert sum(item.box.offset in wanted for item in judged) == boxes
    judgements = [
        CriterionVerdict(item, "ac", Verdict.PASSED, mark=mark) for item, mark in zip(judged, marks, strict=True)
    ]
    return Case(spec, after, tuple(judgements))


def mark_text(case: Case, status: str) -> str:
    """Mark the spec as the pipeline does, and prove it."""
    marks = PlannedMarks(case.judgements, status=status)
    edits = plan_edits(case.before, marks, now=NOW)
    text = apply_marks(case.before, edits, marks)
    check_marked(case.before, parse_spec("specs/a.md", text.encode()), marks)
    return text


CRLF = MARKED.replace("\n", "\r\n")
STATUS = "status: ⟦Draft→Review⟧"
UPDATED = f"updated: {TIME}"

SHAPES: dict[str, str] = {
    "as it is": MARKED,
    "crlf": CRLF,
    "bom": "\ufeff" + MARKED,
    "bom and crlf": "\ufeff" + CRLF,
    "lf in the front matter, crlf below": MARKED[: MARKED.index("# Feature")] + CRLF[CRLF.index("# Feature") :],
    "crlf in the front matter, lf below": CRLF[: CRLF.index("# Feature")] + MARKED[MARKED.index("# Feature") :],
    "every other line crlf": "".join(
        line.replace("\n", "\r\n") if number % 2 else line
        for number, line in enumerate(MARKED.splitlines(keepends=True))
    ),
    "a lone cr in a line": MARKED.replace("Shop basket\n", "Shop\rbasket\n"),
    "lone crs in prose": MARKED.replace("and [ ] no box", "\rand [ ] no\r\rbox"),
    "no final newline": MARKED.rstrip("\n"),
    "many final newlines": MARKED + "\n\r\n\n",
    "a final blank": MARKED + "  ",
    "trailing blanks": MARKED.replace(" added\n", " added  \n").replace(STATUS, STATUS + "  \t"),
    "a tab behind the bullet": MARKED.replace("- [⟦ →x⟧] An", "-\t[⟦ →x⟧] An"),
    "tabs in front of the nested": MARKED.replace("  - [⟦ →x⟧] also", "\t- [⟦ →x⟧] also"),
    "blank lines first": "\n \r\n" + MARKED,
    "astral characters first": MARKED.replace("Shop: basket", "\U0001f600\U0001f6d2 e\u0301"),
    "strange line separators": MARKED.replace("and [ ] no", "\x0b\x0c\u2028\u2029 no"),
    "a null in prose": MARKED.replace("and [ ] no", "\x00 no"),
    "double-quoted status": MARKED.replace(STATUS, 'status: "⟦Draft→Review⟧"'),
    "single-quoted status": MARKED.replace(STATUS, "status: '⟦Draft→Review⟧'"),
    "commented status": MARKED.replace(STATUS, STATUS + " # set by the tool: Draft"),
    "quoted and commented status": MARKED.replace(STATUS, "status:   '⟦Draft→Review⟧'   # Draft"),
    "double-quoted time": MARKED.replace(UPDATED, f'updated: "{TIME}"'),
    "single-quoted time": MARKED.replace(UPDATED, f"updated: '{TIME}' # now"),
    "keys in another order": MARKED.replace(f"{STATUS}\n", "").replace(f"{UPDATED}\n", f"{UPDATED}\n{STATUS}\n"),
    "time first": MARKED.replace(f"{UPDATED}\n", "").replace(f"{STATUS}\n", f"{UPDATED}\n{STATUS}\n"),
    "status of another case": MARKED.replace(STATUS, "status: ⟦draft→Review⟧"),
    "no time": MARKED.replace(f"{UPDATED}\n", ""),
    "an empty time": MARKED.replace(UPDATED, "updated:"),
    "a placeholder for a time": MARKED.replace(UPDATED, "updated: [YYYY-MM-DDTHH:mm:ss-04:00]"),
    "a time in words": MARKED.replace(UPDATED, "updated: last Tuesday"),
    "utc": MARKED.replace(UPDATED, "updated: ⟦2026-05-04T13:00:00Z→2026-11-23T18:30:15Z⟧"),
    "blanks for a t": MARKED.replace(UPDATED, "updated: ⟦2026-05-04 13:00 +01:00→2026-11-23 19:30 +01:00⟧"),
}


@pytest.mark.parametrize("marked", SHAPES.values(), ids=SHAPES.keys())
def test_exactly_the_intended_characters_differ(marked: str) -> None:
    case = make_case(marked)
    assert mark_text(case, "Review") == case.after


@pytest.mark.parametrize("marked", SHAPES.values(), ids=SHAPES.keys())
def test_a_marked_spec_has_nothing_left_to_mark(marked: str) -> None:
    done = make_case(make_case(marked).after)
    assert plan_edits(done.before, PlannedMarks(done.judgements, status="Review"), now=NOW) == ()


@pytest.mark.parametrize("marked", SHAPES.values(), ids=SHAPES.keys())
def test_nothing_to_change_is_no_edit_and_the_time_stays(marked: str) -> None:
    before = make_case(CHOICE.sub(r"\1", marked))
    written = before.before.find_value("status")
    assert plan_edits(before.before, PlannedMarks(before.judgements, status=written), now=NOW) == ()


def test_a_status_alone_moves_the_time_and_no_box() -> None:
    case = make_case(re.sub(r"\[⟦(.)→.⟧\]", r"[\1]", MARKED))
    assert mark_text(case, "Review") == case.after


def test_a_box_alone_moves_the_time_and_not_the_status() -> None:
    case = make_case(MARKED.replace(STATUS, "status: Draft"))
    assert mark_text(case, "Draft") == case.after


# Statuses that cannot be edited in place, and what becomes of the boxes of the same spec.
UNEDITABLE = {
    "a block": "status: >-\n  Draft",
    "a continued line": "status: In\n  Progress",
    "an anchor": "status: &here Draft",
    "a tag": "status: !!str Draft",
    "twice": "status: Draft\nstatus: Draft",
    "an escape": 'status: "In\\x20Progress"',
}


@pytest.mark.parametrize("line", [*UNEDITABLE.values()], ids=UNEDITABLE.keys())
def test_what_cannot_be_edited_exactly_is_left_alone_and_reported(line: str) -> None:
    case = make_case(MARKED.replace(STATUS, line))
    if case.before.find_field("status") and "\\x20" not in line:
        field = case.before.find_field("status")
        assert field
        message = "cannot set the status to `Review`: its value is not a plain scalar"
        place = ("specs/a.md", field.line, field.column, Severity.WARNING, "status-not-editable")
        hint = "write it on one line: `status: Review`"
        assert find_uneditable_status(case.before, "Review") == (Diagnostic(*place, message, hint),)
        assert mark_text(case, "Review") == case.after
    else:
        assert case.after.replace("In\\x20Progress", "Review") == mark_text(case, "Review")


@pytest.mark.parametrize("status", ["Draft", "Review"])
def test_a_status_that_can_be_edited_or_is_true_is_not_reported(status: str) -> None:
    assert find_uneditable_status(make_case(MARKED).before, status) == ()


def test_a_status_in_invalid_front_matter_is_not_reported_once_more() -> None:
    text = MARKED.replace(STATUS, "status: Draft").replace('"Shop: basket"', "[a")
    spec = make_case(text).before
    assert spec.find_field("status")
    assert spec.diagnostics[0].code == "front-matter-yaml"
    assert find_uneditable_status(spec, "Review") == ()


@pytest.mark.parametrize("line", ["status: [Draft|In Progress|Review|Complete]", "status:", "stage: Draft"])
def test_a_status_that_is_not_filled_in_stays_so(line: str) -> None:
    case = make_case(MARKED.replace(STATUS, line))
    assert mark_text(case, "") == case.after
    assert find_uneditable_status(case.before, "") == ()


# --- the time ---------------------------------------------------------------------------------------------------------

TIMES = [
    ("2026-05-04T09:00:00-04:00", "2026-11-23T14:30:15-04:00"),
    ("2026-05-04T09:00:00+05:30", "2026-11-24T00:00:15+05:30"),
    ("2026-05-04T09:00:00-0400", "2026-11-23T14:30:15-0400"),
    ("2026-05-04T09:00:00-04", "2026-11-23T14:30:15-04"),
    ("2026-05-04T09:00:00+00:00", "2026-11-23T18:30:15+00:00"),
    ("2026-05-04T09:00:00-00:00", "2026-11-23T18:30:15-00:00"),
    ("2026-05-04T09:00:00+14:00", "2026-11-24T08:30:15+14:00"),
    ("2026-05-04T09:00:00Z", "2026-11-23T18:30:15Z"),
    ("2026-05-04t09:00:00z", "2026-11-23t18:30:15z"),
    ("2026-05-04T09:00Z", "2026-11-23T18:30Z"),
    ("2026-05-04 09:00:00 -04:00", "2026-11-23 14:30:15 -04:00"),
    ("2026-05-04 09:00:00 Z", "2026-11-23 18:30:15 Z"),
    ("2026-05-04T09:00:00.1Z", "2026-11-23T18:30:15.1Z"),
    ("2026-05-04T09:00:00.000-04:00", "2026-11-23T14:30:15.123-04:00"),
    ("2026-05-04T09:00:00.000000Z", "2026-11-23T18:30:15.123456Z"),
    ("2026-05-04", "2026-11-23"),
    ("2026-05-04T09:00:00", "2026-11-23T15:30:15"),
    ("2026-05-04 09:00", "2026-11-23 15:30"),
]

FOREIGN_TIMES = [
    "",
    "today",
    "04.05.2026",
    "2026/05/04",
    "20260504T090000Z",
    "2026-05",
    "2026-05-04T09",
    "2026-05-04T09:00:00,5Z",
    "2026-05-04T09:00:00.1234567Z",
    "2026-05-04T09:00:00+24:00",
    "2026-05-04T09:00:00+05:60",
    "2026-05-04T09:00:00 UTC",
    "2026-05-04T09:00:00-04:00 (by ana)",
    "٢٠٢٦-05-04",
    "2026-05-04\n",
    "1746349200",
]


@pytest.fixture
def three_hours_behind(monkeypatch: pytest.MonkeyPatch) -> object:
    """Put the clock on the wall three hours behind UTC."""
    yield from set_zone(monkeypatch, "XYZ+3")


@pytest.fixture
def days_ahead(monkeypatch: pytest.MonkeyPatch) -> object:
    """Put the clock on the wall further ahead than Python takes for an offset."""
    yield from set_zone(monkeypatch, "UTC-100")


def set_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> Iterator[None]:
    """Set the zone of this process for a while."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("three_hours_behind")
@pytest.mark.parametrize(("pattern", "expected"), TIMES)
def test_a_time_is_written_as_the_old_one_was(pattern: str, expected: str) -> None:
    assert render_time_like(pattern, NOW) == expected


@pytest.mark.usefixtures("days_ahead")
def test_a_time_is_that_of_utc_where_the_zone_is_a_day_or_more_away() -> None:
    assert render_time_like("2026-05-04T09:00:00", NOW) == NOW.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize("pattern", FOREIGN_TIMES)
def test_a_time_of_another_form_is_left_alone(pattern: str) -> None:
    assert render_time_like(pattern, NOW) == ""


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 2), max_value=datetime(9000, 1, 1)))
def test_a_written_time_with_an_offset_is_the_same_moment(now: datetime) -> None:
    for pattern in (
        "2026-05-04T09:00:00.000000-04:00",
        "2026-05-04 09:00:00.000000+0530",
        "2026-05-04T09:00:00.000000Z",
    ):
        assert datetime.fromisoformat(render_time_like(pattern, now)) == now


# --- the proof --------------------------------------------------------------------------------------------------------


def find_span(spec: Spec, key: str) -> tuple[int, int]:
    """Find the place of a value."""
    field = spec.find_field(key)
    assert field
    assert field.start is not None
    assert field.end is not None
    return field.start, field.end


def test_an_edit_of_anything_else_is_refused() -> None:
    case = make_case(MARKED)
    spec, marks = case.before, PlannedMarks(case.judgements, status="Review")
    box = spec.criteria[0].box.offset
    start, end = find_span(spec, "status")
    strays = [
        Edit(0, 1, "x"),
        Edit(box - 1, box, "x"),
        Edit(box, box + 2, "x]"),
        Edit(box, box, "x"),
        Edit(box, box + 1, "xx"),
        Edit(box, box + 1, ""),
        Edit(spec.done_items[0].box.offset, spec.done_items[0].box.offset + 1, "x"),
        Edit(start, end + 1, "Review"),
        Edit(start - 1, end, "Review"),
        Edit(*find_span(spec, "created"), "2026-11-23"),
        Edit(len(spec.text), len(spec.text), "\n"),
    ]
    for stray in strays:
        with pytest.raises(
            EditError, match=r"^the edit would change more than boxes, `status` and `updated`$"
        ) as caught:
            apply_marks(spec, [Edit(box, box + 1, "x"), stray] if stray.start != box else [stray], marks)
        assert spec.path == caught.value.path


GOOD = make_case(MARKED)
GOOD_TEXT = GOOD.after


def prove(text: str) -> None:
    """Prove a text to be the marked spec."""
    check_marked(GOOD.before, parse_spec("specs/a.md", text.encode()), PlannedMarks(GOOD.judgements, status="Review"))


def test_the_marked_text_is_proved() -> None:
    prove(GOOD_TEXT)


AFTER = parse_spec("specs/a.md", GOOD_TEXT.encode())
OTHERWISE: dict[str, dict[str, Any]] = {
    "a criterion": {"criteria": (replace(AFTER.criteria[0], text="other"), *AFTER.criteria[1:])},
    "a tier": {"criteria": (replace(AFTER.criteria[0], tier=Tier.COULD), *AFTER.criteria[1:])},
    "a done item": {"done_items": (replace(AFTER.done_items[0], text="other"), *AFTER.done_items[1:])},
    "a line": {"done_items": (replace(AFTER.done_items[0], line=1), *AFTER.done_items[1:])},
    "a quote": {"fields": (replace(AFTER.fields[0], quote="'"), *AFTER.fields[1:])},
    "a value": {"fields": (replace(AFTER.fields[0], value="3.1"), *AFTER.fields[1:])},
    "a field": {"fields": AFTER.fields[:-1]},
    "a diagnostic": {"diagnostics": (Diagnostic("specs/a.md", 1, 1, Severity.SUGGESTION, "a", "b", "c"),)},
    "the title": {"title": "other"},
    "the purpose": {"purpose": "other"},
    "a byte": {"content": GOOD_TEXT.replace("Dropped", "Drooped").encode()},
}


@pytest.mark.parametrize("changes", OTHERWISE.values(), ids=OTHERWISE)
def test_a_marked_spec_that_is_read_otherwise_is_refused_with_its_place(changes: dict[str, Any]) -> None:
    marks = PlannedMarks(GOOD.judgements, status="Review")
    check_marked(GOOD.before, AFTER, marks)
    with pytest.raises(EditError) as caught:
        check_marked(GOOD.before, replace(AFTER, **changes), marks)
    said = "the marked text would not parse as the same spec"
    hint = "nothing was written; please report this bug in spec2bdd with the spec"
    assert (caught.value.path, caught.value.message, caught.value.hint) == ("specs/a.md", said, hint)


REFUSED = {
    "a box that was not to change": ("[ ] Nothing is known", "[x] Nothing is known"),
    "a box that was asked for and is not there": ("[x] An item can be added", "[ ] An item can be added"),
    "a won't-have": ("[ ] Ever", "[x] Ever"),
    "a done item": ("[ ] All functional", "[x] All functional"),
    "a task": ("## Tasks\n- [ ]", "## Tasks\n- [x]"),
    "a word": ("An item can be removed", "An item cannot be removed"),
    "a word of prose": ("no box", "a box"),
    "a line end": ("Shop basket\n", "Shop basket\r\n"),
    "an empty line": ("## Tasks\n", "## Tasks\n\n"),
    "a bom": ("---\nfeature_id", "\ufeff---\nfeature_id"),
    "another field": ("3.10", "3.1"),
    "quotes": ("owner: No", "owner: 'No'"),
    "a comment": ("status: Review", "status: Review # by us"),
    "another time of creation": ("created: 2026-05-04", "created: 2026-11-23"),
    "another status": ("status: Review", "status: Reviewed"),
    "a status in another case": ("status: Review", "status: review"),
    "no status": ("status: Review", "status:"),
    "a time in words": ("updated: 2026-11-23T14:30:15-04:00", "updated: now"),
    "a time with another offset": ("updated: 2026-11-23T14:30:15-04:00", "updated: 2026-11-23T14:30:15Z"),
    "a key more": ("owner: No\n", "owner: No\nstatus: Draft\n"),
    "a criterion more": ("### Should Have\n", "### Should Have\n- [ ] One more\n"),
    "a tier": ("### Should Have", "### Could Have"),
    "broken YAML": ("owner: No", "owner: @No"),
}


@pytest.mark.parametrize(("old", "new"), REFUSED.values(), ids=REFUSED.keys())
def test_a_text_with_any_other_difference_is_refused(old: str, new: str) -> None:
    assert old in GOOD_TEXT
    with pytest.raises(EditError, match="would not parse as the same spec") as caught:
        prove(GOOD_TEXT.replace(old, new, 1))
    assert caught.value.path == "specs/a.md"


@pytest.mark.parametrize("text", [GOOD_TEXT[:-1], GOOD_TEXT + "\n", GOOD_TEXT + " ", GOOD_TEXT[1:], ""])
def test_a_text_with_another_start_or_end_is_refused(text: str) -> None:
    with pytest.raises(EditError):
        prove(text)


def is_harmless(text: str) -> bool:
    """Whether a text differs from the marked one at most in which status, and which time of that form, it has."""
    expected, found = GOOD_TEXT.split("\n"), text.split("\n")
    if len(expected) != len(found):
        return False
    for wanted, line in zip(expected, found, strict=True):
        if wanted.startswith("status: "):
            same = line in ("status: Draft", "status: Review")
        elif wanted.startswith("updated: "):
            same = re.fullmatch(r"updated: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-04:00", line, re.ASCII) is not None
        else:
            same = wanted == line
        if not same:
            return False
    return True


CHARACTERS = st.sampled_from(list(" x-[]#:\n\r\t'\"09aé\u2028\x00&*!|>`~<\ufeff"))
PLACES = st.integers(0, len(GOOD_TEXT))
EDITED_PLACES = st.sampled_from([match.start() for match in re.finditer(r"\[|status|updated|###|---|\n", GOOD_TEXT)])


@given(PLACES | EDITED_PLACES, st.integers(0, 12), st.lists(CHARACTERS, max_size=3).map("".join))
@settings(max_examples=400, deadline=None)
@example(GOOD_TEXT.index("status: Review") + 8, 6, "Draft")
def test_every_mutation_of_the_marked_text_is_refused_or_harmless(start: int, length: int, content: str) -> None:
    text = GOOD_TEXT[:start] + content + GOOD_TEXT[start + length :]
    if is_harmless(text):
        prove(text)
    else:
        with pytest.raises(EditError):
            prove(text)


@given(st.lists(st.sampled_from(" xX~-"), min_size=len(GOOD.judgements), max_size=len(GOOD.judgements)))
@settings(deadline=None)
def test_any_marks_are_made_and_nothing_else(marks: list[str]) -> None:
    judgements = [replace(found, mark=mark) for found, mark in zip(GOOD.judgements, marks, strict=True)]
    wanted_marks = PlannedMarks(judgements, status="Draft")
    edits = plan_edits(GOOD.before, wanted_marks, now=NOW)
    text = apply_marks(GOOD.before, edits, wanted_marks)
    check_marked(GOOD.before, parse_spec("specs/a.md", text.encode()), wanted_marks)
    differing = {n for n, (old, new) in enumerate(zip(GOOD.before.text, text, strict=True)) if old != new}
    wanted = {found.criterion.box.offset for found in judgements if found.mark != found.criterion.box.mark}
    first, last = find_span(GOOD.before, "updated")
    assert wanted == {n for n in differing if not first <= n < last}
    assert all(text[found.criterion.box.offset] == found.mark for found in judgements)


@pytest.mark.parametrize("kinds", [(), (EvidenceKind.COVERAGE,)])
def test_only_the_box_of_a_done_item_with_evidence_may_change(kinds: tuple[EvidenceKind, ...]) -> None:
    spec = GOOD.before
    item = spec.done_items[0]
    found = DoneItemVerdict(item, Verdict.PASSED, "", kinds, "x")
    marks = PlannedMarks((), (found,), "Draft")
    edit = Edit(item.box.offset, item.box.offset + 1, "x")
    expected = spec.text[: item.box.offset] + "x" + spec.text[item.box.offset + 1 :]
    if kinds:
        assert edit in plan_edits(spec, marks, now=NOW)
        assert apply_marks(spec, [edit], marks) == expected
        check_marked(spec, parse_spec("specs/a.md", expected.encode()), marks)
    else:
        assert plan_edits(spec, marks, now=NOW) == ()
        with pytest.raises(EditError):
            apply_marks(spec, [edit], marks)
        with pytest.raises(EditError):
            check_marked(spec, parse_spec("specs/a.md", expected.encode()), marks)
