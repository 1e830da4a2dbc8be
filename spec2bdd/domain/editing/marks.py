"""A spec and its judgements in, the exact edits that make its boxes, `status` and `updated` true out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from spec2bdd.domain.editing.fingerprint import MARKED_FIELDS, fingerprint_spec
from spec2bdd.errors import EditError
from spec2bdd.model import (
    Box,
    CriterionVerdict,
    Diagnostic,
    DoneItemVerdict,
    Field,
    Severity,
    Spec,
)
from spec2bdd.text.edits import Edit, apply_edits

_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:(?P<joint>[Tt ])(?P<time>\d\d:\d\d)(?P<seconds>:\d\d)?(?P<fraction>\.\d{1,6})?"
    r"(?P<gap> ?)(?P<offset>Z|z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class PlannedMarks:
    """What is to stand in a spec: the judgements of its criteria and of its done items, and its status."""

    judgements: Sequence[CriterionVerdict]
    done: Sequence[DoneItemVerdict] = ()
    status: str = ""

    @property
    def boxes(self) -> tuple[tuple[Box, str], ...]:
        """Return every box that may change, and the character that it shall hold; a done item needs evidence."""
        criteria = tuple((found.criterion.box, found.mark) for found in self.judgements)
        return criteria + tuple((found.item.box, found.mark) for found in self.done if found.kinds)


def plan_edits(spec: Spec, marks: PlannedMarks, *, now: datetime) -> tuple[Edit, ...]:
    """Return the edits that mark a spec, `now` being an aware time; none if boxes and status are true already."""
    edits = [Edit(box.offset, box.offset + 1, mark) for box, mark in marks.boxes if mark != box.mark]
    edits += _plan_field(spec.find_field("status"), marks.status)
    updated = spec.find_field("updated")
    if edits and updated:
        edits += _plan_field(updated, derive_time(updated.value, now) or updated.value)
    return tuple(edits)


def derive_time(pattern: str, now: datetime) -> str:
    """Return `now` written as `pattern` is: same offset, precision and separators; nothing if that is not ISO 8601.

    A time without an offset is taken as local.
    """
    match = _TIME.fullmatch(pattern)
    if not match:
        return ""
    local = now.astimezone(_derive_zone(match["offset"]))
    text = local.strftime("%Y-%m-%d")
    if match["joint"]:
        text += match["joint"] + local.strftime("%H:%M:%S" if match["seconds"] else "%H:%M")
        text += f".{local.microsecond:06d}"[: len(match["fraction"])] if match["fraction"] else ""
        text += match["gap"] + (match["offset"] or "")
    return text


def _derive_zone(offset: str | None) -> timezone | None:
    """Return the zone of an offset such as `-04:00`, or nothing for local time."""
    if not offset:
        return None
    # `Z` has no digits, and is no hours away.
    digits = offset[1:].replace(":", "").ljust(4, "0")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-delta if offset[0] == "-" else delta)


def _plan_field(field: Field | None, value: str) -> list[Edit]:
    """Return the edit that gives a front-matter field another value, or none if it has it or may not be edited."""
    if field is None or field.start is None or field.end is None or field.value == value:
        return []
    return [Edit(field.start, field.end, value)]


def apply_marks(spec: Spec, edits: Sequence[Edit], marks: PlannedMarks) -> str:
    """Return the text of the marked spec.

    Raises:
        EditError: an edit is of anything but one judged box, `status` or `updated`; nothing may be written then.
    """
    boxes = {box.offset for box, _ in marks.boxes}
    fields = {(field.start, field.end) for field in spec.fields if field.key in MARKED_FIELDS}
    for edit in edits:
        is_box = edit.start in boxes and edit.end == edit.start + 1 and len(edit.content) == 1
        if not is_box and (edit.start, edit.end) not in fields:
            raise EditError("an edit would touch more than boxes, status and updated", path=spec.path)
    return apply_edits(spec.text, edits)


def check_marked(before: Spec, after: Spec, marks: PlannedMarks) -> None:
    """Prove that the marked spec, read anew, is the same spec with only the intended marks changed.

    Raises:
        EditError: it is not; the marked text must not be written.
    """
    intended = {box.offset: mark for box, mark in marks.boxes}
    wanted = [intended.get(box.offset, box.mark) for box in _find_boxes(before)]
    same_marks = wanted == [box.mark for box in _find_boxes(after)]
    same_spec = fingerprint_spec(before, marks=False) == fingerprint_spec(after, marks=False)
    same_text = _derive_rest(before) == _derive_rest(after)
    if not (same_marks and same_spec and same_text and _has_sound_values(before, after, marks.status)):
        hint = "nothing was written; this is a fault of spec2bdd, please report it with the spec"
        raise EditError("the marked text would not be read as the same spec", path=before.path, hint=hint)


def _find_boxes(spec: Spec) -> list[Box]:
    """Return the boxes of all criteria and done items."""
    return [*(item.box for item in spec.criteria), *(item.box for item in spec.done_items)]


def _derive_rest(spec: Spec) -> str:
    """Return the text of a spec without all that may be marked."""
    boxes = [Edit(box.offset, box.offset + 1, "") for box in _find_boxes(spec)]
    fields = [field for field in spec.fields if field.key in MARKED_FIELDS]
    spans = [Edit(field.start, field.end, "") for field in fields if field.start is not None and field.end is not None]
    return apply_edits(spec.text, [*boxes, *spans])


def _has_sound_values(before: Spec, after: Spec, status: str) -> bool:
    """Tell whether the status is the old one or the intended one, and the time the old one or written like it."""
    old_status, new_status = before.find_value("status"), after.find_value("status")
    old_time, new_time = (_TIME.fullmatch(spec.find_value("updated")) for spec in (before, after))
    same_time = before.find_value("updated") == after.find_value("updated")
    like_time = old_time and new_time and _derive_form(old_time) == _derive_form(new_time)
    return new_status in (old_status, status) and bool(same_time or like_time)


def _derive_form(time: re.Match[str]) -> tuple[str | int, ...]:
    """Return how a time is written: its separators, its offset, and the length of each part."""
    lengths = (len(time[name] or "") for name in ("time", "seconds", "fraction"))
    return (*lengths, *(time[name] or "" for name in ("joint", "gap", "offset")))


def find_uneditable_status(spec: Spec, status: str) -> tuple[Diagnostic, ...]:
    """Return a warning if the status ought to change and cannot be edited where it stands."""
    field = spec.find_field("status")
    if field is None or field.value == status or field.start is not None:
        return ()
    message = f"the status ought to be `{status}`, but its value cannot be edited exactly; it was left alone"
    hint = f"write it on one line: `status: {status}`"
    return (Diagnostic(spec.path, field.line, field.column, Severity.WARNING, "status-not-editable", message, hint),)
