"""Which findings a comment `<!-- spec2bdd: ignore CODE -->` keeps back, and which it does not."""

from __future__ import annotations

import pytest

from spec2bdd.diagnostics.codes import load_codes
from spec2bdd.diagnostics.levels import finalize_diagnostics
from spec2bdd.domain.lint.rules import lint_spec
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Diagnostic, Severity

FRONT = "---\nfeature_id: 3.2\nname: Book returns\nstatus: Draft\n---\n"
EASY = "<!-- spec2bdd: ignore vague-word -->"

KEPT_BACK = {
    "behind the item": f"### Must Have\n- [ ] It is easy {EASY}\n",
    "in a wrapped line": f"### Must Have\n- [ ] It is easy\n  to use {EASY}\n",
    "for a wrapped line": f"### Must Have\n- [ ] It is {EASY}\n  easy to use\n",
    "on the line above": f"### Must Have\n\n{EASY}\n- [ ] It is\n  easy to use\n",
    "above a blank line": f"### Must Have\n\n{EASY}\n\n- [ ] It is easy\n",
    "above another comment": f"### Must Have\n{EASY}\n<!-- a note -->\n- [ ] It is easy\n",
    "between two items": f"### Must Have\n- [ ] It is red\n{EASY}\n- [ ] It is easy\n",
    "for the whole file": f"{EASY}\n\n### Must Have\n- [ ] It is easy\n- [ ] It is fast\n",
    "among several codes": "### Must Have\n- [ ] It is easy <!-- spec2bdd: ignore two-demands, vague-word -->\n",
    "on several lines": "<!-- spec2bdd: ignore\n no-criteria\n vague-word -->\n\n## Must\n- [ ] It is easy\n",
    "with other punctuation": "### Must Have\n- [ ] It is easy <!--spec2bdd: ignore: vague-word-->\n",
}
TOLD = {
    "another code": "### Must Have\n- [ ] It is easy <!-- spec2bdd: ignore two-demands -->\n",
    "the item above": f"### Must Have\n- [ ] It is red {EASY}\n- [ ] It is easy\n",
    "the item below": f"### Must Have\n- [ ] It is easy\n- [ ] It is red {EASY}\n",
    "two items below": f"### Must Have\n{EASY}\n- [ ] It is red\n- [ ] It is easy\n",
    "code": f"### Must Have\n- [ ] It is easy\n\n```\n{EASY}\n```\n",
    "inline code": f"### Must Have\n- [ ] It is easy `{EASY}`\n",
    "a comment to nobody": "### Must Have\n- [ ] It is easy <!-- ignore vague-word -->\n",
    "the file, below a heading": f"# Title\n{EASY}\n\n### Must Have\n- [ ] It is easy\n",
}


def find_codes(body: str) -> list[str]:
    """Return the codes that are found in a spec of that body, besides those of its front matter."""
    spec = parse_spec("a.md", (FRONT + body).encode())
    found = lint_spec(spec, known=frozenset(), others=(), levels={"missing-detail": "off"})
    return [problem.code for problem in found]


@pytest.mark.parametrize("body", KEPT_BACK.values(), ids=KEPT_BACK)
def test_a_comment_keeps_a_finding_back(body: str) -> None:
    assert "vague-word" not in find_codes(body)


@pytest.mark.parametrize("body", TOLD.values(), ids=TOLD)
def test_a_comment_leaves_others_alone(body: str) -> None:
    assert "vague-word" in find_codes(body)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(end: str) -> None:
    assert [] == find_codes(f"### Must Have\n- [ ] It is easy {EASY}\n".replace("\n", end))


def test_a_comment_that_is_about_comments_is_not_unused() -> None:
    body = f"### Must Have\n- [ ] It is red {EASY}\n"
    assert ["unused-ignore"] == find_codes(body)
    assert [] == find_codes(f"<!-- spec2bdd: ignore unused-ignore -->\n\n{body}")


def settle(code: str, level: str, *, text: str = "") -> list[Severity]:
    """Return the severity of a problem of that code after a level, or nothing."""
    problem = Diagnostic("a.md", 2, 1, load_codes()[code].severity, code, "message")
    return [one.severity for one in finalize_diagnostics([problem], {"a.md": text}, {code: level} if level else {})]


@pytest.mark.parametrize("level", ["error", "warning", "advice"])
@pytest.mark.parametrize("code", ["no-criteria", "vague-word"])
def test_a_level_is_the_severity(code: str, level: str) -> None:
    assert [Severity(level)] == settle(code, level)


def test_what_is_off_is_not_told() -> None:
    assert [] == settle("no-criteria", "off")


@pytest.mark.parametrize("level", ["", "off", "advice"])
def test_an_error_keeps_its_severity_whatever_is_written(level: str) -> None:
    assert [Severity.ERROR] == settle("spec", level, text="<!-- spec2bdd: ignore spec -->\n\n")


def test_other_commands_hold_to_comments_too() -> None:
    assert [] == settle("no-criteria", "", text="<!-- spec2bdd: ignore no-criteria -->\n# Title\n")
