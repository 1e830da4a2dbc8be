"""A status in the text of a spec without front matter: what is read, what of it may be replaced, what is left alone."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec

# A line above the first section, the value it gives, and what of it may be replaced.
READ = [
    ("**Status:** Draft", "Draft"),
    ("**Status**: Draft", "Draft"),
    ("__Status__: Draft", "Draft"),
    ("**Status :** Draft", "Draft"),
    ("**Status: Draft**", "Draft"),
    ("Status: Draft", "Draft"),
    ("status: in progress", "in progress"),
    ("> **Status:** Draft", "Draft"),
    ("- **Status:** Draft", "Draft"),
    ("**Status:** Draft  ", "Draft"),
    ("**Status:** Draft\\", "Draft"),
    ("**Status:** Draft <!-- for now -->", "Draft"),
    ("**Status:** **Draft**", "Draft"),
    ("**Status:** *`Draft`*", "Draft"),
    ("**Status:** ✅ COMPLETE", "COMPLETE"),
    ("**Status:** ✅ **Complete**", "Complete"),
    ("**Status:** ⚙️ In-Progress", "In-Progress"),
    ("**Status:** 📋 Upcoming", "📋 Upcoming"),
    ("**Status:** Draft (until May)", "Draft (until May)"),
    ("**Status:** Shipped | Phase 2 planned", "Shipped | Phase 2 planned"),
    ("**Statut:** x\n**Status:** Draft", "Draft"),
    ("**状态**：草稿", "草稿"),
    ("**Author:** Ana\n**Status:** Draft\n**Priority:** P1", "Draft"),
    ("**Status:** Draft\n\n**Status:** Review", "Draft"),
]

LEFT_ALONE = [
    "| **Status:** | Draft |\n|---|---|",
    "```\n**Status:** Draft\n```",
    "    **Status:** Draft",
    "<!--\n**Status:** Draft\n-->",
    "# Status: Draft",
    "Status: Draft\n---",
    "- Status: Draft",
    "> Status: Draft",
    "The **Status:** Draft",
    "**Status of work:** Draft",
    "**Status:**",
    "**Status** Draft",
    "## First\n**Status:** Draft",
    "### First\n**Status:** Draft",
]


def read_body(text: str) -> Spec:
    """Read a spec that begins with a title and that text."""
    return parse_spec("specs/a.md", f"# Title\n\n{text}\n\n## Must Have\n- [ ] One\n".encode())


@pytest.mark.parametrize(("text", "value"), READ)
def test_a_line_above_the_first_section_gives_the_status(text: str, value: str) -> None:
    spec = read_body(text)
    field = spec.find_field("status")
    assert field is not None
    assert (field.value, spec.text[field.start : field.end]) == (value, value)
    assert spec.diagnostics == ()


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_any_other_line_gives_none(text: str) -> None:
    spec = read_body(text)
    assert spec.fields == ()
    assert "no-front-matter" in [diagnostic.code for diagnostic in spec.diagnostics]


@pytest.mark.parametrize("value", ["Draft | In Review | Approved", "Draft | Complete", "[Draft|Review]", "{{STATUS}}"])
def test_a_choice_that_was_not_made_is_a_placeholder(value: str) -> None:
    spec = read_body(f"**Status:** {value}")
    assert spec.find_field("status") is None
    assert [(field.key, field.start) for field in spec.fields] == [("status", None)]
    assert [(diagnostic.code, diagnostic.line) for diagnostic in spec.diagnostics] == [("placeholder-field", 3)]
    assert spec.diagnostics[0].message == f"`status` still contains the placeholder `{value}`"
    assert spec.diagnostics[0].hint == "write one of the values, such as `**Status:** Draft`"


@pytest.mark.parametrize("value", ["2026-05-04", "2026-05-04T09:00:00-04:00", "2026-05-04 09:00", "2026-05-04T09:00Z"])
@pytest.mark.parametrize("key", ["**Updated:**", "**Last Updated**:"])
def test_a_date_in_iso_form_is_the_one_of_the_last_update(key: str, value: str) -> None:
    spec = read_body(f"**Status:** Draft\n{key} {value}")
    field = spec.find_field("updated")
    assert field is not None
    assert (field.value, spec.text[field.start : field.end]) == (value, value)


@pytest.mark.parametrize("line", ["**Updated:** May 4", "**Updated:** 2026-05-04 (late)", "**Update:** 2026-05-04"])
def test_any_other_date_is_left_alone(line: str) -> None:
    assert read_body(f"**Status:** Draft\n{line}").find_field("updated") is None


def test_front_matter_wins_over_the_text() -> None:
    text = "---\nfeature_id: 1\nname: n\n---\n**Status:** Draft\n\n## Must Have\n- [ ] One\n"
    spec = parse_spec("specs/a.md", text.encode())
    assert (spec.find_value("status"), [diagnostic.code for diagnostic in spec.diagnostics]) == ("", ["missing-field"])


def test_a_status_below_a_thematic_break_at_the_top_is_read() -> None:
    spec = parse_spec("specs/a.md", b"---\n**Status:** Draft\n\n## Must Have\n- [ ] One\n")
    assert (spec.find_value("status"), spec.diagnostics) == ("Draft", ())


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_the_place_of_a_status_is_right_in_every_encoding(bom: str, end: str) -> None:
    text = bom + end.join(["# Title", "", "**Status:** Draft", "", "## Must Have", "- [ ] One"])
    spec = parse_spec("specs/a.md", text.encode())
    field = spec.find_field("status")
    assert field is not None
    assert (spec.text[field.start : field.end], field.line, field.column) == ("Draft", 3, 3)
