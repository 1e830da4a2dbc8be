"""The Markdown of reports and overviews: what it says, and that no text of a project is more than text in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from marko import Markdown
from marko.element import Element
from marko.ext.gfm import GFM
from page_documentation import make_criterion, make_document

from spec2bdd.model import Box, DoneItem, DoneItemVerdict, Report
from spec2bdd.model.explanation import CriterionGroup, ProjectOverview, SpecOverview
from spec2bdd.model.files import FileState
from spec2bdd.model.spec import Tier
from spec2bdd.model.verdict import Verdict
from spec2bdd.reporters.markdown.document import code, escape, escape_message, render_table
from spec2bdd.reporters.markdown.overview import render_overview_markdown, render_spec_markdown
from spec2bdd.reporters.markdown.report import render_report_markdown
from spec2bdd.reporters.overview_counts import TierCount, draw_bar
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions

HOSTILE = [
    "a | b || c",
    "<script>alert(1)</script> <!-- note --> &lt; &#64;",
    "[a](javascript:alert) ![b](c.png) [d][e] <https://example.org> ~~no~~",
    "**bold** _it_ __b__ *i* # 1 > q - x + y 1. z",
    "`code` ``more`` \\` \\",
    "a\n\n# heading\n- item\r\n| x |",
    "@someone and #12 and $x$",
    "red \x1b[31mtext \u202e\u2066 \x00 \ud83d",
    "",
]
# The kinds of elements that a text must not become.
ACTIVE = {"InlineHTML", "HTMLBlock", "Link", "Image", "AutoLink", "Url", "Emphasis", "StrongEmphasis", "Strikethrough"}


def list_kinds(element: Element) -> Iterator[str]:
    """Yield the names of the kinds of all elements under one."""
    for child in getattr(element, "children", ()) if not isinstance(getattr(element, "children", ""), str) else ():
        yield type(child).__name__
        yield from list_kinds(child)


def read_text(element: Element) -> str:
    """Return the text of an element."""
    children = getattr(element, "children", "")
    return children if isinstance(children, str) else "".join(map(read_text, children))


def parse(text: str) -> Element:
    """Parse Markdown as GitHub does."""
    return Markdown(extensions=[GFM]).parse(text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("write", [escape, escape_message, code])
def test_a_text_in_a_table_stays_one_cell_of_text(text: str, write: Callable[[str], str]) -> None:
    document = parse(render_table(["a", "b"], [[write(text), "end"]]))
    kinds = list(list_kinds(document))
    assert set() == ACTIVE.intersection(kinds)
    assert kinds.count("TableCell") == 4


@pytest.mark.parametrize("text", HOSTILE)
def test_an_escaped_text_is_read_back_as_it_was(text: str) -> None:
    shown = read_text(parse(f"x {escape(text)}")).replace("\u200d", "").removeprefix("x").strip()
    plain = " ".join(text.split())
    assert re.sub(r"\\(x|u)[0-9a-f]+", "", shown) == re.sub(r"[\x00-\x1f\u202e\u2066\ud83d]", "", plain)


def test_a_report_reads_as_it_was_approved(case: str, report: Report, read_golden: Callable[[str, str], str]) -> None:
    found = render_report_markdown(report)
    assert read_golden(f"{case}.md", found) == found


def test_a_hostile_report_has_no_active_element(make_report: Callable[[str], Report]) -> None:
    kinds = set(list_kinds(parse(render_report_markdown(make_report("hostile")))))
    # How it ended, and the next step, are bold.
    assert kinds & ACTIVE <= {"StrongEmphasis"}


def test_of_many_failures_a_part_is_listed(make_report: Callable[[str], Report]) -> None:
    assert render_report_markdown(make_report("crowded")).count("\n- ") <= 303


def make_overview(text: str) -> ProjectOverview:
    """Return an overview with that text in every place."""
    verdicts = {Verdict.PASSED: 1, Verdict.STALE: 2}
    group = CriterionGroup(Tier.MUST, (), verdicts, 1, {Verdict.PASSED: 1}, staleness={"reworded": 1, "outdated": 1})
    spec = SpecOverview(text, text, text, text, text, text, text, (group,), (1, 2), {text: 2}, text)
    return ProjectOverview((spec,), notes=(text,))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["text", "json", "markdown"])
def test_an_overview_of_any_text_is_rendered(text: str, name: str) -> None:
    rendered = REPORTERS[name].render(Answer("status", make_overview(text)), RenderOptions(80, color=name == "text"))
    assert rendered.endswith("\n")
    assert "\x00" not in rendered
    if name == "markdown":
        assert set(list_kinds(parse(rendered))) & ACTIVE <= {"StrongEmphasis"}


def test_an_overview_is_a_list_and_a_table() -> None:
    lines = render_overview_markdown(make_overview("a")).splitlines()
    assert lines[:5] == [
        "# Status",
        "",
        "- 1 spec: 1 a",
        "- 3 criteria: 1 passed, 1 stale (outdated), 1 stale (reworded)",
        "- stale: `a` has changed since the last run of 2 criteria",
    ]
    (spec,) = make_overview("a").specs
    deleted = render_overview_markdown(ProjectOverview((replace(spec, states={"a": FileState.DELETED}),)))
    assert "- stale: `a` has been deleted since the last run of 2 criteria\n" in deleted
    new = render_overview_markdown(ProjectOverview((replace(spec, states={"a": FileState.NEW}),)))
    assert "- stale: `a` is new since the last run of 2 criteria\n" in new
    titles = lines[6].strip("| ").split(" | ")
    assert titles[:6] == ["spec", "status", "must", "should", "could", "done"]
    assert lines[8] == "| a a | a | █▒▒░░ 1/3 |  |  | 1/2 |  |  | 2 |  |  |  |  | open: a |"


def test_the_status_of_a_spec_lists_its_done_items_with_their_evidence() -> None:
    document = make_document("1_1", [make_criterion(1, Verdict.PASSED, "It *opens*")])
    item = DoneItemVerdict(DoneItem("90 % | covered", Box(" ", 40), 40, 3), Verdict.FAILED, "80 %", mark=" ")
    spec = replace(document.explanation.spec, done=(item,))
    lines = render_spec_markdown(replace(document.explanation, spec=spec)).splitlines()
    assert lines[lines.index("| definition of done | verdict |") + 2] == "| ○ 90 % \\| covered | failed: 80 % |"


def test_there_is_no_column_for_done_items_where_no_spec_has_any() -> None:
    (spec,) = make_overview("a").specs
    head = render_overview_markdown(ProjectOverview((replace(spec, done=(0, 0)),))).splitlines()[6]
    assert head.startswith("| spec | status | must | should | could | failed |")


BARS = [
    (TierCount(), ""),
    (TierCount(4, 4), "██████"),
    (TierCount(4, 0), "░░░░░░"),
    (TierCount(100, 99), "█████░"),
    (TierCount(100, 1), "█░░░░░"),
    (TierCount(100, 99, 1), "█████▒"),
    (TierCount(100, 0, 1), "▒░░░░░"),
    (TierCount(3, 1, 1), "██▒▒░░"),
]


@pytest.mark.parametrize(("count", "bar"), BARS, ids=[str(bar) for _, bar in BARS])
def test_a_bar_is_full_only_where_all_is_proved(count: TierCount, bar: str) -> None:
    assert "".join(draw_bar(count, 6)) == bar
