"""Which diagnostics a comment `<!-- spec2bdd: ignore CODE -->` suppresses, and which it does not."""

from __future__ import annotations

import pytest

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.diagnostics.levels import finalize_diagnostics
from spec2bdd.domain.lint.rules import lint_spec
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Severity

FRONT = "---\nfeature_id: 3.2\nname: Book returns\nstatus: Draft\n---\n"
EASY = "<!-- spec2bdd: ignore vague-word -->"

SUPPRESSED = {
    "behind the item": f"### Must Have\n- [ ] It is easy {EASY}\n",
    "in a wrapped line": f"### Must Have\n- [ ] It is easy\n  to use {EASY}\n",
    "for a wrapped line": f"### Must Have\n- [ ] It is {EASY}\n  easy to use\n",
    "on the line above": f"### Must Have\n\n{EASY}\n- [ ] It is\n  easy to use\n",
    "above a blank line": f"### Must Have\n\n{EASY}\n\n- [ ] It is easy\n",
    "above another comment": f"### Must Have\n{EASY}\n<!-- a note -->\n- [ ] It is easy\n",
    "between two items": f"### Must Have\n- [ ] It is red\n{EASY}\n- [ ] It is easy\n",
    "for the whole file": f"{EASY}\n\n### Must Have\n- [ ] It is easy\n- [ ] It is fast\n",
    "among several codes": "### Must Have\n- [ ] It is easy <!-- spec2bdd: ignore same-text, vague-word -->\n",
    "on several lines": "<!-- spec2bdd: ignore\n no-criteria\n vague-word -->\n\n## Must\n- [ ] It is easy\n",
    "with other punctuation": "### Must Have\n- [ ] It is easy <!--spec2bdd: ignore: vague-word-->\n",
}
NOT_SUPPRESSED = {
    "another code": "### Must Have\n- [ ] It is easy <!-- spec2bdd: ignore several-requirements -->\n",
    "the item above": f"### Must Have\n- [ ] It is red {EASY}\n- [ ] It is easy\n",
    "the item below": f"### Must Have\n- [ ] It is easy\n- [ ] It is red {EASY}\n",
    "two items below": f"### Must Have\n{EASY}\n- [ ] It is red\n- [ ] It is easy\n",
    "code": f"### Must Have\n- [ ] It is easy\n\n```\n{EASY}\n```\n",
    "inline code": f"### Must Have\n- [ ] It is easy `{EASY}`\n",
    "a comment without `spec2bdd:`": "### Must Have\n- [ ] It is easy <!-- ignore vague-word -->\n",
    "the file, below a heading": f"# Title\n{EASY}\n\n### Must Have\n- [ ] It is easy\n",
}


def find_codes(body: str) -> list[str]:
    """Return the codes that are reported for a spec of that body, except for its front matter."""
    spec = parse_spec("a.md", (FRONT + body).encode())
    diagnostics = lint_spec(spec, known=frozenset(), others=(), levels={"missing-detail": "off"})
    return [diagnostic.code for diagnostic in diagnostics]


@pytest.mark.parametrize("body", SUPPRESSED.values(), ids=SUPPRESSED)
def test_a_comment_suppresses_its_code(body: str) -> None:
    assert "vague-word" not in find_codes(body)


def test_a_comment_may_use_the_former_name_of_a_code() -> None:
    body = "### Must Have\n- [ ] The lamp is red and it shows a bell{}\n"
    assert find_codes(body.format("")) == ["several-requirements"]
    assert find_codes(body.format(" <!-- spec2bdd: ignore two-demands -->")) == []


@pytest.mark.parametrize("body", NOT_SUPPRESSED.values(), ids=NOT_SUPPRESSED)
def test_a_comment_does_not_suppress_anything_else(body: str) -> None:
    assert "vague-word" in find_codes(body)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(end: str) -> None:
    assert find_codes(f"### Must Have\n- [ ] It is easy {EASY}\n".replace("\n", end)) == []


def test_a_suppression_of_unused_ignore_is_not_unused() -> None:
    body = f"### Must Have\n- [ ] It is red {EASY}\n"
    assert find_codes(body) == ["unused-ignore"]
    assert find_codes(f"<!-- spec2bdd: ignore unused-ignore -->\n\n{body}") == []


def finalize(code: str, level: str, *, text: str = "") -> list[Severity]:
    """Return the severity of a diagnostic of that code after a level is applied, or nothing."""
    diagnostic = build_diagnostic(code, "message", path="a.md", at=(2, 1))
    finalized = finalize_diagnostics([diagnostic], {"a.md": text}, {code: level} if level else {})
    return [diagnostic.severity for diagnostic in finalized]


@pytest.mark.parametrize("level", ["error", "warning", "suggestion"])
@pytest.mark.parametrize("code", ["no-criteria", "vague-word"])
def test_a_level_replaces_the_severity(code: str, level: str) -> None:
    assert finalize(code, level) == [Severity(level)]


def test_a_code_that_is_off_is_not_reported() -> None:
    assert finalize("no-criteria", "off") == []


@pytest.mark.parametrize("level", ["", "off", "suggestion"])
def test_an_error_can_be_neither_configured_nor_suppressed(level: str) -> None:
    assert finalize("spec-encoding", level, text="<!-- spec2bdd: ignore spec-encoding -->\n\n") == [Severity.ERROR]


def test_comments_apply_to_the_diagnostics_of_other_commands() -> None:
    assert finalize("no-criteria", "", text="<!-- spec2bdd: ignore no-criteria -->\n# Title\n") == []
