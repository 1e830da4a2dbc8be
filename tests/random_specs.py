"""A number in, the bytes of a spec that nobody would write out: fragments joined, nested and spoilt, always the same.

The fragments are lines of the corpus of real specs, where that is on the machine, of the cases of the reading room, and
pieces that a reader may stumble over.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

CASES = Path(__file__).parent / "domain" / "specs" / "cases"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

# What turns the lines after it into something else, or seems to.
OPENERS = (
    *("```", "~~~", "````gherkin", "``` `", "<!--", "-->", "<!-- a -->", "<div>", "</div>", "<pre>", "</pre>"),
    *("<?php", "<script>", "<!DOCTYPE", "<![CDATA[", "<x", "<a href='", "| a | b |", "|---|:-:|", "|-|", "---"),
    *("===", "***", "[x]: y", "[x]:", "[y]: <z> 'w", "> [!NOTE]", "> ", ">", ">>> ", "    ", "\t", "\\"),
    *("\\\n", "- ", "-", "1.", "+"),
)
HEADINGS = (
    *("## Must Have", "### Should Have", "# T", "## Acceptance Criteria", "### Definition of Done"),
    *("### Purpose", "## Tasks", "### P0", "## Story (P1)", "**Open Questions**", "## Muss", "**Must Have:**"),
    *("#", "##", "####### h", "- **Acceptance Criteria:**", "Must Have\n===", "Could Have\n---"),
    *("  ## Must Have", "## Must Have ##", "### Won't"),
)
ITEMS = (
    *("- [ ] a", "* [x] b", "+ [~] c", "1. [X] d", "2) [-] e", "- [P] f", "[ ] g", "  - [ ] h", "- [ ]"),
    *("- - [ ] i", "- [ ] **AC-01**: a", "- [ ] #3 a", "- [ ] a (P2)", "- [ ] ✅ a - DONE"),
    *("- [ ] a <!-- id: q -->", "- [ ] *a _b", "- [ ] [a](b 'c')", "- [ ] `a", "- [ ] a\\", "-   [ ] a"),
    *("-     [ ] a", "- [ ]\ta", "-\t[ ] a", "- a", "  - Given b", "1.1 a", "- [ ] 1.1 a", "- [ ] 1.2 b"),
    *("- [ ] [a]", "- [ ] {{A}}", "- [ ] a {#x}", "- [ ] a (manual)", "- [ ] <id> b"),
)
INLINES = (
    *("`", "``", "*", "**", "_", "~", "~~", "[", "]", "(", ")", "](u)", "![", "<br>", "<id>", "&amp;", "&#0;"),
    *("&#x1F600;", "😀", "{#x}", "(manual)", "(waived: r)", "<!-- id: q -->", "<http://a>", "www.a_b.c"),
    *("a@b.c", "text", ":", "|", "\\"),
)
FIELDS = (
    *("status: Draft", "updated: '2026-01-01'", "key: [a]", "name: &a b", "owner: *a", "x: |", "  block"),
    *("? y", "- z", "status: [Draft|Review]", "name: Login: phase 2", "owner: @ana", "branch: a #1", 'q: "un'),
    *("t: !!python/x y", "a: {b: {c: [", "status: Draft # note", "status: >-", "%YAML 9.9", "..."),
    *("feature_id: 3.10", "<<: *a", "status:", "**Status:** Draft", "> **Status**: ✅ Complete"),
    *("**Updated:** 2026-01-01", "created: 2026-13-45", "\tx: y", "é: ü"),
)
ODD = tuple(
    "\x00\x01\x07\x08\x0b\x0c\r\x1b\x1c\x1d\x7f\x85\u00a0\u200d\u2028\u2029\u202e\u3000\ufeff\ufffd\U0010ffff\u0661"
)
ENDS = ("\n",) * 12 + ("\n\n", "\n\n", "\r\n", "\r", "", " ", "  \n", "\f", "\x0b")
NESTS = ("> ", "- ", "  ", "    ", "\t", "1. ", "* ", ">", "10) ", "   ", "- [ ] ")
STARTS = ("", "", "## Must Have\n", "# T\n**Status:** Draft\n\n## Acceptance Criteria\n", "\ufeff## Must Have\r\n")
# Bytes that are no text by themselves.
WRONG = (b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf8", b"\x80")


def render_document(number: int) -> bytes:
    """Return the document of that number."""
    chance = random.Random(number)
    text = render_front(chance) + "".join(render_part(chance) for _ in range(1 + int(chance.expovariate(1 / 3))))
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4))):
        text = spoil(chance, text)
    content = text.encode("utf-8", "replace")
    if chance.random() < 0.02:
        place = chance.randrange(len(content) + 1)
        content = content[:place] + chance.choice(WRONG) + content[place:]
    return content


def render_front(chance: random.Random) -> str:
    """Return what a document begins with: front matter, well or ill, or something that is none."""
    if chance.random() < 0.6:
        return chance.choice(STARTS)
    rows = [chance.choice(FIELDS) for _ in range(chance.randrange(6))]
    closing = chance.choice(("---\n", "---\n", "---\n", "--- \n", "", "...\n", " ---\n"))
    return chance.choice(("", "", "\ufeff", "\n")) + "\n".join(["---", *rows, closing]) + chance.choice(STARTS)


def render_part(chance: random.Random) -> str:
    """Return a fragment, mostly a line, perhaps nested in what stands in front of it."""
    kinds = (*(find_lines(),) * 3, HEADINGS, ITEMS, ITEMS, OPENERS, INLINES, FIELDS, ODD)
    part = chance.choice(chance.choice(kinds))
    if chance.random() < 0.1:
        start = chance.randrange(len(find_lines()))
        part = "\n".join(find_lines()[start : start + chance.randrange(2, 7)])
    if chance.random() < 0.2:
        part = "".join(chance.choice(NESTS) for _ in range(chance.randrange(1, 5))) + part
    if chance.random() < 0.0002:
        part = chance.choice(NESTS) * chance.randrange(10, 400) + part
    return part + chance.choice(ENDS)


def spoil(chance: random.Random, text: str) -> str:
    """Return a text with a stretch of it left out, doubled, moved or repeated, or with something odd put in."""
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + int(chance.expovariate(1 / 12)))
    place = chance.randrange(len(text) + 1)
    match chance.randrange(5):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return text[:place] + text[start:end] + text[place:]
        case 2:
            return text[:end] + text[start:end] * chance.randrange(2, 12) + text[end:]
        case 3:
            return text[:place] + chance.choice(ODD + INLINES + OPENERS) + text[place:]
    return text[:place] + chance.choice("\n \t-#>*`[]") + text[place:]


@cache
def find_lines() -> tuple[str, ...]:
    """Return the lines of all real specs that there are, and of our own cases."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(CASES.glob("*.md"))]
    texts += [path.read_text(encoding="utf-8", errors="replace") for path in sorted(CORPUS.rglob("*.md"))]
    return tuple(row[:160] for text in texts for row in text.split("\n"))
