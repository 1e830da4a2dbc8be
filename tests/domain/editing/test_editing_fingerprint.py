"""What makes two readings the same spec: everything that it says, and nothing of where an edit moves it."""

from __future__ import annotations

import pytest

from spec2bdd.domain.editing.fingerprint import SpecFingerprint, fingerprint_spec
from spec2bdd.domain.specs.parser import parse_spec

TEXT = """\
---
feature_id: 1.1
status: Draft
---
# Lamp

## Definition of Done
- [ ] It is documented

### Must Have
- [ ] It can be switched on
  - a note
"""
# Changes of the text, and whether the fingerprint stays: in full, without lines, and without marks.
CHANGES: dict[str, tuple[str, str, bool, bool, bool]] = {
    "nothing": ("", "", True, True, True),
    "more spaces below an item": ("  - a note", "   -  a note", True, True, True),
    "a longer value of another field": ("1.1", "1.10", False, False, False),
    "the status": ("Draft", "In Progress", False, False, True),
    "quotes around the status": ("Draft", '"Draft"', False, False, False),
    "a tick": ("[ ] It can", "[x] It can", False, False, True),
    "a done tick": ("[ ] It is", "[x] It is", False, False, True),
    "a line more": ("# Lamp\n", "# Lamp\n\n", False, True, False),
    "another text": ("switched on", "switched off", False, False, False),
    "another title": ("# Lamp", "# Lantern", False, False, False),
    "another tier": ("### Must Have", "### Should Have", False, False, False),
    "a note of the author": ("switched on", "switched on (manual)", False, False, False),
    "another bullet": ("a note", "another note", False, False, False),
    "a diagnostic more": ("status: Draft\n", "", False, False, False),
}


def fingerprint(text: str, **parts: bool) -> SpecFingerprint:
    """Build the fingerprint of a text."""
    return fingerprint_spec(parse_spec("specs/lamp.md", text.encode()), **parts)


@pytest.mark.parametrize(("old", "new", "full", "without_lines", "without_marks"), CHANGES.values(), ids=CHANGES)
def test_a_change_shows_in_the_fingerprint(
    old: str, new: str, full: bool, without_lines: bool, without_marks: bool
) -> None:
    text = TEXT.replace(old, new, 1)
    assert full is (fingerprint(TEXT) == fingerprint(text))
    assert without_lines is (fingerprint(TEXT, lines=False) == fingerprint(text, lines=False))
    assert without_marks is (fingerprint(TEXT, marks=False) == fingerprint(text, marks=False))
