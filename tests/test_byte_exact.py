"""Real `mark` runs over specs in every shape that files have: only boxes, `status` and `updated` may differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import FEATURE_PATH, SPEC, SPEC_PATH, generate, mark, run, verify, write_basket

PASSED = b"- [ ] An item can be added"
UPDATED = b"updated: 2026-05-04T09:00:00-04:00"
MIXED = SPEC.replace("\n", "\r\n").replace("## Acceptance Criteria\r\n\r\n", "## Acceptance Criteria\n\n")

# Name: the spec, what is written for the status, what is written for `updated`.
SHAPES: dict[str, tuple[str, str, str]] = {
    "as it is": (SPEC, "status: In Progress", "updated: 2026-11-23T14:30:15-04:00"),
    "crlf": (SPEC.replace("\n", "\r\n"), "status: In Progress", "updated: 2026-11-23T14:30:15-04:00"),
    "mixed line ends": (MIXED, "status: In Progress", "updated: 2026-11-23T14:30:15-04:00"),
    "bom": ("\ufeff" + SPEC, "status: In Progress", "updated: 2026-11-23T14:30:15-04:00"),
    "bom and crlf": (
        "\ufeff" + SPEC.replace("\n", "\r\n"),
        "status: In Progress",
        "updated: 2026-11-23T14:30:15-04:00",
    ),
    "no final newline": (SPEC.rstrip("\n"), "status: In Progress", "updated: 2026-11-23T14:30:15-04:00"),
    "trailing blanks and tabs": (
        SPEC.replace("- [ ]", "-\t[ ]").replace(" can be added", " can be added  ").replace("Draft", "Draft \t"),
        "status: In Progress",
        "updated: 2026-11-23T14:30:15-04:00",
    ),
    "stars, pluses and numbers": (
        SPEC.replace("- [ ] An", "1. [ ] An").replace("- [ ] Bas", "* [ ] Bas").replace("- [ ] The", "+ [ ] The"),
        "status: In Progress",
        "updated: 2026-11-23T14:30:15-04:00",
    ),
    "double quotes": (
        SPEC.replace("Draft", '"Draft"').replace(
            "updated: 2026-05-04T09:00:00-04:00", 'updated: "2026-05-04T09:00:00-04:00"'
        ),
        'status: "In Progress"',
        'updated: "2026-11-23T14:30:15-04:00"',
    ),
    "single quotes and comments": (
        SPEC.replace("status: Draft", "status:   'Draft'   # by the tool"),
        "status:   'In Progress'   # by the tool",
        "updated: 2026-11-23T14:30:15-04:00",
    ),
    "utc": (
        SPEC.replace("updated: 2026-05-04T09:00:00-04:00", "updated: 2026-05-04T09:00:00Z"),
        "status: In Progress",
        "updated: 2026-11-23T18:30:15Z",
    ),
    "minutes only": (
        SPEC.replace("updated: 2026-05-04T09:00:00-04:00", "updated: 2026-05-04 09:00 +05:30"),
        "status: In Progress",
        "updated: 2026-11-24 00:00 +05:30",
    ),
    "a date of another form": (
        SPEC.replace("updated: 2026-05-04T09:00:00-04:00", "updated: last Tuesday"),
        "status: In Progress",
        "updated: last Tuesday",
    ),
    "no time at all": (SPEC.replace("updated: 2026-05-04T09:00:00-04:00\n", ""), "status: In Progress", ""),
    "somebody's own status": (
        SPEC.replace("Draft", "Approved"),
        "status: Approved",
        "updated: 2026-11-23T14:30:15-04:00",
    ),
    "quotes, keys and other scripts": (
        SPEC.replace(
            "owner: No",
            "owner: '\u00e9\U0001f600'\nzebra: [1,  2]  # keep\nalpha: 007\ntime: 2026-05-04 09:00:00.10 -04:00",
        ),
        "status: In Progress",
        "updated: 2026-11-23T14:30:15-04:00",
    ),
}


def derive_expected(before: bytes, status: str, updated: str) -> bytes:
    """Return what must stand in the file, made by plain replacement of whole lines, not by the code under test."""
    lines = before.split(b"\n")
    for number, line in enumerate(lines):
        plain = line.rstrip()
        tail = line[len(plain) :]
        if plain.endswith(b"An item can be added"):
            lines[number] = line.replace(b"[ ]", b"[x]")
        elif plain.startswith(b"status:"):
            lines[number] = status.encode() + tail
        elif plain.startswith(b"updated:"):
            lines[number] = updated.encode() + tail
    return b"\n".join(lines)


@pytest.mark.parametrize("shape", SHAPES)
def test_mark_changes_boxes_status_and_updated_and_not_one_other_byte(tmp_path: Path, shape: str) -> None:
    text, status, updated = SHAPES[shape]
    before = text.encode()
    write_basket(tmp_path, spec=before)
    generate(tmp_path)
    assert (tmp_path / SPEC_PATH).read_bytes() == before
    assert (tmp_path / FEATURE_PATH).exists(), "`3.10` was not read as text"
    run(tmp_path)
    mark(tmp_path)
    after = (tmp_path / SPEC_PATH).read_bytes()
    assert after != before
    assert derive_expected(before, status, updated) == after


@pytest.mark.parametrize("shape", SHAPES)
def test_a_second_verify_leaves_every_shape_alone(tmp_path: Path, shape: str) -> None:
    write_basket(tmp_path, spec=SHAPES[shape][0].encode())
    verify(tmp_path)
    spec = tmp_path / SPEC_PATH
    before = (spec.read_bytes(), spec.stat().st_mtime_ns)
    assert verify(tmp_path).changes == ()
    assert (spec.read_bytes(), spec.stat().st_mtime_ns) == before


def test_the_mode_of_a_spec_and_the_link_to_it_survive(tmp_path: Path) -> None:
    write_basket(tmp_path)
    spec = tmp_path / SPEC_PATH
    real = tmp_path / "elsewhere.md"
    spec.rename(real)
    spec.symlink_to(real)
    real.chmod(0o640)
    verify(tmp_path)
    assert spec.is_symlink()
    assert b"- [x] An item can be added" in real.read_bytes()
    assert real.stat().st_mode & 0o777 == 0o640
