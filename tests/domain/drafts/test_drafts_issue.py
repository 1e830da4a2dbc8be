"""Issues: what of their Markdown becomes title, purpose, criteria and notes, and what never does."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spec2bdd.domain.drafts.issue import Issue, parse_issue
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Tier

CASES = sorted((Path(__file__).parent / "issues").glob("*.issue.md"))


def render(issue: Issue) -> str:
    """Render what was read of an issue, to be compared with a file."""
    tiers = [f"== {tier}\n" + "".join(f"{item}\n" for item in items) for tier, items in issue.criteria.items() if items]
    return f"== title\n{issue.title}\n== purpose\n{issue.purpose}\n{''.join(tiers)}== notes\n{issue.notes}\n"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".issue.md"))
def test_an_issue_is_read_as_its_file_says(path: Path) -> None:
    expected = path.with_name(path.name.replace(".issue.md", ".txt")).read_text(encoding="utf-8")
    assert render(parse_issue(path.read_bytes().decode())) == expected


@pytest.mark.parametrize("box", ["[x]", "[X]", "[~]", "[-]", "[ ]"])
def test_no_tick_of_an_issue_is_kept(box: str) -> None:
    issue = parse_issue(f"# A\n\n## Acceptance Criteria\n- {box} it works\n  - {box} also here\n")
    assert issue.criteria[Tier.MUST] == ("- [ ] it works\n  - [ ] also here",)


def test_a_label_right_under_an_item_of_an_issue_is_one() -> None:
    issue = parse_issue("# A\n\n**Must**\n- a\n**Should**\n- b\n**Won't**\n- c\n")
    assert issue.criteria[Tier.MUST] == ("- [ ] a",)
    assert issue.criteria[Tier.SHOULD] == ("- [ ] b",)
    assert issue.notes.endswith("**Won't**\n\n- c")


@pytest.mark.parametrize("label", ["Notes:", "Out of scope:", "**Tasks:**", "Definition of Done:"])
def test_a_label_of_something_else_ends_the_criteria_of_an_issue(label: str) -> None:
    issue = parse_issue(f"# A\n\nAcceptance Criteria:\n- a\n- b\n\n{label}\n- c\n")
    assert issue.criteria[Tier.MUST] == ("- [ ] a", "- [ ] b")
    assert issue.notes.endswith("- c")


@pytest.mark.parametrize(
    "text", ["I agree to the Code of Conduct", "I have searched the issues", "I'm willing to help"]
)
def test_what_a_form_asks_of_its_writer_is_no_criterion(text: str) -> None:
    issue = parse_issue(f"# A\n\n- [ ] It works\n- [x] {text}\n")
    assert issue.criteria[Tier.MUST] == ("- [ ] It works",)


@pytest.mark.parametrize("line", ["![a page](https://example.org/a.png)", '<img src="a.png">'])
def test_a_picture_is_no_title_of_an_issue(line: str) -> None:
    assert parse_issue(f"{line}\n\nA text.\n").title == ""


@pytest.mark.parametrize("comment", ["<!-- waived: no -->", "<!-- manual -->", "<!-- id: x -->", "<!-- passed -->"])
def test_no_comment_of_an_issue_decides_about_a_criterion(comment: str) -> None:
    issue = parse_issue(f"# A\n\n## Acceptance Criteria\n- [ ] it works {comment}\n{comment}\n")
    (criterion,) = parse_spec("a.md", f"## Must Have\n{issue.criteria[Tier.MUST][0]}\n".encode()).criteria
    assert (criterion.text, criterion.waived, criterion.manual, criterion.given_id) == ("it works", "", False, "")


@pytest.mark.parametrize(
    "note",
    [
        "(waived: no)",
        "(manual)",
        "(**waived**: no)",
        "(waived: no) - DONE",
        "(&#119;aived: no)",
        "\uff08waived\uff1ano\uff09",
    ],
)
@pytest.mark.parametrize("place", ["- [ ] it works {}", "- it works\n  {}", "- [ ] it works\n  - [ ] here {}"])
def test_no_note_of_an_issue_decides_about_a_criterion(note: str, place: str) -> None:
    issue = parse_issue(f"# A\n\n## Acceptance Criteria\n{place.format(note)}\n")
    found = parse_spec("a.md", f"## Must Have\n{issue.criteria[Tier.MUST][0]}\n".encode()).criteria
    assert found
    assert [criterion.text for criterion in found if criterion.waived or criterion.manual] == []


def test_what_looks_like_a_comment_in_code_is_kept() -> None:
    issue = parse_issue("# A\n\nUse `<!-- x -->`.\n\n```html\n<!-- y -->\n```\n")
    assert (issue.purpose, issue.notes) == ("", "Use `<!-- x -->`.\n\n```html\n<!-- y -->\n```")


def test_a_comment_that_is_never_closed_hides_the_rest_as_on_github() -> None:
    issue = parse_issue("# A\n\nIt breaks. <!-- fill in\n\n## Acceptance Criteria\n- [ ] works\n")
    assert (issue.purpose, issue.notes, issue.texts) == ("It breaks.", "", ())


LINES = """\
# A
## Must Have
## Tasks
- [x] one
  - [ ] two
1. three
```
~~~
---
===

<!--
-->
**Should Have**
As a user
words
<pre>
> quote
\t- [ ] four
- [y] five
- [ ] six (waived: no)
  seven (waived: no) - DONE
### P1
```gherkin
Acceptance criteria:
""".splitlines()


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(LINES), max_size=14).map("\n".join))
def test_no_criterion_of_any_issue_is_ticked_or_waived(text: str) -> None:
    issue = parse_issue(text)
    rows = [row for tier, items in issue.criteria.items() for row in (f"## {tier} have", *items, "")]
    found = parse_spec("a.md", "\n".join(rows).encode()).criteria
    assert [criterion.text for criterion in found if criterion.box.ticked or criterion.waived] == []


@given(st.text(max_size=60))
@example("\u00a0")
@settings(deadline=None, max_examples=150)
def test_any_text_is_an_issue(text: str) -> None:
    issue = parse_issue(text)
    assert issue.title == " ".join(issue.title.split())


@pytest.mark.parametrize(
    ("heading", "title"),
    [("# a ##", "a"), ("# a#", "a#"), ("# a # b #  ", "a # b"), ("#\ta\t##", "a"), ("# #", ""), ("#", "")],
)
def test_marks_at_the_end_of_a_heading_are_no_part_of_the_title(heading: str, title: str) -> None:
    assert parse_issue(heading).title == title


# Each of these once took time that grew with the square of its length, so that the system ends the process.
HOSTILE = {
    "blanks in a heading": "'# a' + ' ' * 300_000 + 'b'",
    "backticks": "'a' + '`' * 300_000 + 'b'",
    "marks at the end of a heading": "'# a' + ' #' * 300_000 + ' b'",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_issue_is_read_within_limits(text: str) -> None:
    resource = pytest.importorskip("resource", reason="the limits of POSIX")
    code = f"from spec2bdd.domain.drafts.issue import parse_issue; parse_issue({text})"
    limit = partial(resource.setrlimit, resource.RLIMIT_CPU, (20, 20))
    ended = subprocess.run([sys.executable, "-c", code], preexec_fn=limit, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
