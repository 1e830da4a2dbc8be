"""Plan, apply and verify the marks of a spec: its boxes, `status` and `updated`, and no other byte."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from spec2bdd.domain.editing.fingerprint import MARKED_FIELDS, fingerprint_spec
from spec2bdd.domain.editing.mark_edits import PASSED_COMMENT, plan_mark
from spec2bdd.domain.specs.front_matter import BROKEN_CODES
from spec2bdd.errors import EditError
from spec2bdd.model import Box, BoxKind, CriterionVerdict, Diagnostic, DoneItemVerdict, Field, Severity, Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import Edit, apply_edits
from spec2bdd.text.scalars import match_writable_timestamp


@dataclass(frozen=True, slots=True)
class PlannedMarks:
    """What a spec is marked with: the verdicts on its criteria and on its done items, and its status."""

    verdicts: Sequence[CriterionVerdict]
    done: Sequence[DoneItemVerdict] = ()
    status: str = ""

    @property
    def boxes(self) -> tuple[tuple[Box, str], ...]:
        """Every box that may change, with the character that it gets; that of a done item needs evidence."""
        criteria = tuple((verdict.criterion.box, verdict.mark) for verdict in self.verdicts)
        return criteria + tuple((verdict.item.box, verdict.mark) for verdict in self.done if verdict.kinds)


def plan_edits(spec: Spec, marks: PlannedMarks, *, now: datetime) -> tuple[Edit, ...]:
    """Plan the edits that mark a spec, `now` being an aware time; none if boxes and status are right already."""
    edits = [edit for box, mark in marks.boxes for edit in plan_mark(box, mark)]
    edits += _plan_field(spec.find_field("status"), marks.status)
    # `updated` is when something else was: without another edit it stays.
    updated = spec.find_field("updated")
    if edits and updated:
        edits += _plan_field(updated, render_time_like(updated.value, now) or updated.value)
    return tuple(edits)


def _plan_field(field: Field | None, value: str) -> list[Edit]:
    """Plan the edit that gives a front-matter field another value; none if it has it or cannot be edited."""
    if field is None or field.start is None or field.end is None or field.value == value:
        return []
    return [Edit(field.start, field.end, value)]


def render_time_like(example: str, now: datetime) -> str:
    """Render `now` as `example` is written: same offset, precision and separators; nothing if that is not ISO 8601.

    A time without an offset is taken as local.
    """
    match = match_writable_timestamp(example)
    if not match:
        return ""
    zone = None
    if match["offset"]:
        # `Z` has no digits, and is no hours away.
        digits = match["offset"][1:].replace(":", "").ljust(4, "0")
        delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        zone = timezone(-delta if match["offset"][0] == "-" else delta)
    try:
        # Without a zone, `astimezone` converts to local time.
        local = now.astimezone(zone)
    except ValueError:
        # TZ may name a zone that is a day or more away from UTC.
        local = now.astimezone(UTC)
    text = local.strftime("%Y-%m-%d")
    if match["joint"]:
        text += match["joint"] + local.strftime("%H:%M:%S" if match["seconds"] else "%H:%M")
        # As many digits as the example has, cut and not rounded.
        text += f".{local.microsecond:06d}"[: len(match["fraction"])] if match["fraction"] else ""
        text += match["gap"] + (match["offset"] or "")
    return text


def apply_marks(spec: Spec, edits: Sequence[Edit], marks: PlannedMarks) -> str:
    """Apply the edits to the text of a spec.

    Raises:
        EditError: an edit is of anything but one judged box, `status` or `updated`; nothing may be written then.
    """
    # A second look at what was planned, by other means: by position and length.
    boxes = {(box.offset, box.offset + box.length): box for box, _ in marks.boxes}
    fields = {(field.start, field.end) for field in spec.fields if field.key in MARKED_FIELDS}
    for edit in edits:
        box = boxes.get((edit.start, edit.end))
        kind = box.kind if box else BoxKind.NONE
        is_box = kind is BoxKind.BOX and len(edit.content) == edit.end - edit.start == 1
        is_comment = kind is BoxKind.COMMENT and edit.content in (PASSED_COMMENT, "")
        is_cell = kind is BoxKind.CELL and box is not None and edit.content == box.opposite
        if not (is_box or is_comment or is_cell) and (edit.start, edit.end) not in fields:
            raise EditError("the edit would change more than boxes, `status` and `updated`", path=spec.path)
    return apply_edits(spec.text, edits)


def check_marked(before: Spec, after: Spec, marks: PlannedMarks) -> None:
    """Prove that the marked spec, read again, is the same spec with only the intended marks changed.

    Raises:
        EditError: it is not; the marked text must not be written.
    """
    # Boxes are compared in order: an edit moves the offsets of all that follow.
    intended = {box.offset: mark for box, mark in marks.boxes}
    wanted = [intended.get(box.offset, box.mark) for box in _find_boxes(before)]
    same_marks = wanted == [box.mark for box in _find_boxes(after)]
    # A cell has many forms: the opposite mark must restore the one that it had.
    same_cells = all(
        new.opposite == (old.opposite if new.mark == old.mark else before.text[old.offset : old.offset + old.length])
        for old, new in zip(_find_boxes(before), _find_boxes(after), strict=False)
        if old.kind is BoxKind.CELL
    )
    same_spec = fingerprint_spec(before, marks=False) == fingerprint_spec(after, marks=False)
    same_text = _cut_marks(before) == _cut_marks(after)
    # The status is the old one or the intended one, and the time the old one or written like it.
    valid_status = after.find_value("status") in (before.find_value("status"), marks.status)
    old_time, new_time = before.find_value("updated"), after.find_value("updated")
    old_match, new_match = match_writable_timestamp(old_time), match_writable_timestamp(new_time)
    like_time = bool(old_match and new_match and _list_form(old_match) == _list_form(new_match))
    valid_time = old_time == new_time or like_time
    if not (same_marks and same_cells and same_spec and same_text and valid_status and valid_time):
        hint = "nothing was written; please report this bug in spec2bdd with the spec"
        raise EditError("the marked text would not parse as the same spec", path=before.path, hint=hint)


def _find_boxes(spec: Spec) -> list[Box]:
    """List the boxes of all criteria and done items that may be marked."""
    boxes = (*(item.box for item in spec.criteria), *(item.box for item in spec.done_items))
    return [box for box in boxes if box.kind is not BoxKind.NONE]


def _cut_marks(spec: Spec) -> str:
    """Cut everything that may be marked out of the text of a spec."""
    boxes = [Edit(box.offset, box.offset + box.length, "") for box in _find_boxes(spec)]
    fields = [field for field in spec.fields if field.key in MARKED_FIELDS]
    spans = [Edit(field.start, field.end, "") for field in fields if field.start is not None and field.end is not None]
    return apply_edits(spec.text, [*boxes, *spans])


def _list_form(time: re.Match[str]) -> tuple[str | int, ...]:
    """List how a time is written: the length of each part, its separators and its offset."""
    lengths = (len(time[name] or "") for name in ("time", "seconds", "fraction"))
    return (*lengths, *(time[name] or "" for name in ("joint", "gap", "offset")))


def find_uneditable_status(spec: Spec, status: str) -> tuple[Diagnostic, ...]:
    """Warn if the status has to change and cannot be edited exactly, such as in a block or an anchor."""
    field = spec.find_field("status")
    if field is None or field.value == status or field.start is not None:
        return ()
    # An error says what keeps the front matter from being read.
    if any(diagnostic.code in BROKEN_CODES for diagnostic in spec.diagnostics):
        return ()
    message = f"cannot set the status to `{status}`: its value is not a plain scalar"
    hint = f"write it on one line: `status: {status}`"
    return (Diagnostic(spec.path, field.line, field.column, Severity.WARNING, "status-not-editable", message, hint),)
