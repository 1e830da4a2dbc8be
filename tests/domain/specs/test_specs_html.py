"""The Markdown of a spec as HTML: what stays, what is taken out, and where the lines of its criteria are."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from grouped import in_one_test

from spec2bdd.domain.specs.markdown.html.document import render_document
from spec2bdd.domain.specs.markdown.html.inline import render_elements, render_inline
from spec2bdd.domain.specs.markdown.html.sanitize import TAGS
from spec2bdd.domain.specs.markdown.inline import split_plain
from spec2bdd.domain.specs.markdown.marko_inline import parse_inline_elements

TESTS = Path(__file__).parents[2]
HOSTILE: dict[str, str] = json.loads((TESTS / "hostile_texts.json").read_text(encoding="utf-8"))
# A definition of a link makes marko read the whole text, and renders nothing.
SLOW = "\n\n[zzqq]: http://example.org\n"
FILES = sorted([*TESTS.parent.glob("examples/chat/specs/*.md"), *(TESTS / "dialects").rglob("*.md")])

RENDERED = {
    "a heading": ("# A\n## B\n###### C\n", "<h2>A</h2>\n<h3>B</h3>\n<h6>C</h6>\n"),
    "emphasis and code": ("a **b** *c* `d < e`\n", "<p>a <strong>b</strong> <em>c</em> <code>d &lt; e</code></p>\n"),
    "a hard break": ("a  \nb\n", "<p>a<br>\nb</p>\n"),
    "a list": ("- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    "numbers": ("3. a\n4. b\n", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
    "boxes of others": ("- [x] a\n- [ ] b\n- [~] c\n", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n<li>[~] c</li>\n</ul>\n"),
    "a fence": ("```py\nif a < b:\n```\n", "<pre><code>if a &lt; b:\n</code></pre>\n"),
    "a quote below a heading": (
        "# A\n\n## B\n\n> a\n\nb\n",
        "<h2>A</h2>\n<h3>B</h3>\n<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>\n",
    ),
    "a rule between paragraphs": (
        "# A\n\n## B\n\na\n\n---\n\nb\n",
        "<h2>A</h2>\n<h3>B</h3>\n<p>a</p>\n<hr>\n<p>b</p>\n",
    ),
    "a comment below a heading": ("# A\n\n## B\n\n<!-- c -->\n\nb\n", "<h2>A</h2>\n<h3>B</h3>\n\n\n<p>b</p>\n"),
    "a quote": ("> a\n", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
    "a rule": ("a\n\n***\n\nb\n", "<p>a</p>\n<hr>\n<p>b</p>\n"),
    "a table": (
        "| a | b |\n|---|---|\n| c | **d** |\n",
        """\
<table><thead>
<tr><th>a</th><th>b</th></tr>
</thead><tbody>
<tr><td>c</td><td><strong>d</strong></td></tr>
</tbody></table>
""",
    ),
    "a link": ("[a](https://b.c)", '<p><a href="https://b.c" rel="noopener noreferrer">a</a></p>\n'),
    "an address": ("see https://b.c", '<p>see <a href="https://b.c" rel="noopener noreferrer">https://b.c</a></p>\n'),
    "an image": ("![what it shows](a.png)", "<p><em>what it shows</em></p>\n"),
    "struck words": ("~~a~~ b", "<p><del>a</del> b</p>\n"),
    "an entity": ("a &copy; &amp; b", "<p>a © &amp; b</p>\n"),
    "words in angle brackets": ("GET /users/<id> now", "<p>GET /users/&lt;id&gt; now</p>\n"),
    "HTML that only formats": ("a<br>b <sub>c</sub>", "<p>a<br>b <sub>c</sub></p>\n"),
    "a comment": ("a <!-- b --> c", "<p>a  c</p>\n"),
    "a comment of its own": ("<!-- b -->\n\nc\n", "<p>c</p>\n"),
    "front matter": ("---\nname: a\n---\nb\n", "<p>b</p>\n"),
    "too many levels": (">" * 600 + "a", f"<pre>{'&gt;' * 600}a</pre>"),
}


@pytest.mark.parametrize(("text", "html"), RENDERED.values(), ids=RENDERED)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert render_document("a.md", text, ()).lstrip() == html


DANGEROUS = {
    "a script": "<script>alert(1)</script>",
    "a script in a paragraph": "a <script>alert(1)</script> b",
    "an event": '<b onclick="alert(1)">a</b>',
    "an image with an event": "<img src=x onerror=alert(1)>",
    "a link to a script": "[a](javascript:alert(1))",
    "a link to a script in disguise": "[a](JaVa&#115;cript:alert(1))",
    "a link to data": "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "a link to a path": '<a href="../../etc/passwd">a</a>',
    "a link of HTML to a script": '<a href="\tjavascript:alert(1)">a</a>',
    "a frame": '<iframe src="https://b.c"></iframe>',
    "a style": "<style>* { display: none }</style>",
    "a style of an element": '<p style="position: fixed">a</p>',
    "a form": '<form action="https://b.c"><input name="a"><button>b</button></form>',
    "an SVG": "<svg><script>alert(1)</script></svg>",
    "MathML": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "a page": '<base href="https://b.c"><meta http-equiv="refresh" content="0;url=https://b.c"><link rel="x">',
    "names of the page": '<div id="main" class="criterion is-proved" name="x" data-line="1">a</div>',
    "a template": "<template><script>alert(1)</script></template>",
    "the end of a script": "</script><script>alert(1)</script>",
}


class Listing(HTMLParser):
    """Lists the elements and attributes of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@in_one_test("text", [*DANGEROUS.values(), *HOSTILE.values()], ids=[*DANGEROUS, *HOSTILE])
@in_one_test("frame", ["{}", "- [ ] {}", "# {}", "| a |\n|---|\n| {} |", "> {}", "```\n{}\n```", "a\n\n{}\n\nb"])
def test_nothing_that_could_run_or_load_is_left(text: str, frame: str) -> None:
    listing = Listing(render_document("a.md", frame.format(text) + "\n\n- [ ] last\n", ()))
    assert set() == listing.tags - TAGS
    assert {name for name, _ in listing.attributes} <= {"href", "rel", "title", "start", "align"}
    links = [value for name, value in listing.attributes if name == "href"]
    assert [link for link in links if not re.match(r"(https?|mailto):|#", link, re.IGNORECASE)] == []


MARKED = """\
---
name: a
---
# A

- [ ] one
- [x] **two**
  more of it
  - [ ] nested

| id | text |
|----|------|
| 1  | row  |

### Requirement: three

First line
second line of a paragraph
"""


def test_the_lines_that_are_asked_for_are_marked_once_each() -> None:
    html = render_document("a.md", MARKED, {6, 7, 9, 13, 15, 18})
    mark = re.compile(r'<span data-line="(\d+)"></span>')
    after = {int(match[1]): re.sub("<[^>]*>", "", html[match.end() :]).split("\n")[0] for match in mark.finditer(html)}
    assert after == {
        6: "one",
        7: "two",
        9: "nested",
        13: "1row",
        15: "Requirement: three",
        18: "second line of a paragraph",
    }
    # The page draws the box of a criterion itself.
    assert "☐" not in html


def test_a_line_in_code_is_marked_above_the_code() -> None:
    html = render_document("a.md", "```gherkin\nScenario: a\n  Then b\nScenario: c\n```\n", {2, 4})
    marks = '<p><span data-line="2"></span></p>\n<p><span data-line="4"></span></p>\n'
    assert html == f"{marks}<pre><code>Scenario: a\n  Then b\nScenario: c\n</code></pre>\n"


def test_the_lines_are_those_of_the_file_whatever_its_line_ends_are() -> None:
    expected = render_document("a.md", MARKED, {7, 13})
    assert render_document("a.md", MARKED.replace("\n", "\r\n"), {7, 13}).replace("\r", "") == expected
    slow = render_document("a.md", MARKED.replace("\n", "\r\n") + SLOW, {7, 13})
    assert re.findall(r'data-line="(\d+)"', slow) == ["7", "13"]


@pytest.mark.parametrize("text", ['<span data-line="6"></span>', "\ue0001:6;", "&#xe000;abc:6;"])
def test_an_author_can_write_no_mark(text: str) -> None:
    assert "data-line" not in render_document("a.md", f"- [ ] a {text}\n\n{text}\n", ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TESTS.parent).as_posix())
def test_the_fast_path_renders_what_marko_renders(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    def normalize(html: str) -> str:
        """Leave out what looks the same: paragraphs in lists, rules above headings, and blanks."""
        return re.sub(r"\s+", " ", re.sub("</?p>|<hr>", "", html)).replace("> <", "><").strip()

    fast, slow = render_document("a.md", text, ()), render_document("a.md", text.rstrip() + SLOW, ())
    assert normalize(fast) == normalize(slow)


def test_a_link_leads_where_it_is_resolved_to() -> None:
    text = "[a](1.2-b.md#x) [c](d.md) <a href='1.2-b.md'>e</a>"
    html = render_document("a.md", text, (), lambda link: "#spec_1_2" if link.startswith("1.2") else "")
    assert html == '<p><a href="#spec_1_2" rel="noopener noreferrer">a</a> c <a rel="noopener noreferrer">e</a></p>\n'


@pytest.mark.parametrize(
    "text",
    [
        "see [the docs](https://example.org/a_b/c?d=1).",
        "**a** [b c](d/e.md#f) & `g`",
        "[part](#part) x_y [top](/a%20b)",
    ],
)
def test_a_plain_link_is_rendered_as_marko_renders_it(text: str) -> None:
    assert split_plain(text)
    assert render_inline(text, {}, str) == render_elements(parse_inline_elements(text, {}), str)
