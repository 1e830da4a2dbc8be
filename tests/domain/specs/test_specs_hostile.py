"""Markdown that once kept the reader busy for hours, read in a process that the system ends after some seconds.

Each text is as large as a real one that hung, or larger. Where the time grows with the square of the size, the process
is killed, and the test fails.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the limits of POSIX")

# Reads the spec on standard input under the limits, and prints the number of criteria and the codes of diagnostics.
READER = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from spec2bdd.domain.specs.parser import parse_spec
spec = parse_spec("specs/a.md", sys.stdin.buffer.read())
print(len(spec.criteria), *sorted({diagnostic.code for diagnostic in spec.diagnostics}))
"""

HEAD = "---\nfeature_id: 1\nname: a\nstatus: Draft\n---\n\n### Must Have\n\n- [ ] a\n\n"

# What follows a good criterion, and what is printed.
HOSTILE = {
    "H1-10,000 links in one line": ("- [ ] " + "[a](b) " * 10_000 + "\n", "2"),
    "10,000 links without an end in one line": ("- [ ] " + "[a](b " * 10_000 + "\n", "1 too-deep"),
    "10,000 links with titles in one line": ("- [ ] " + "[a](b 'c') " * 10_000 + "\n", "1 too-deep"),
    "a long link": ("- [ ] [" + "a " * 200_000 + "](" + "b" * 200_000 + "\n", "2"),
    "H1-80,000 underscores": ("- [ ] " + "_a" * 80_000 + "\n", "1 too-deep"),
    "H1-a megabyte of backticks": ("- [ ] " + "`a" * 500_000 + "\n", "2"),
    "H1-100,000 comments that begin": ("- [ ] a " + "<!-- " * 100_000 + "\n", "1 too-deep"),
    "H1-350 kB of link definitions": ("".join(f"[a{n}]: b\n" for n in range(30_000)), "0 too-long"),
    "brackets": ("- [ ] " + "[" * 500_000 + "\n", "2"),
    "stars": ("- [ ] " + "**a" * 200_000 + "\n", "2"),
    "tags that are not closed": ("- [ ] " + "<a href='" * 60_000 + "\n", "1 too-deep"),
    "processing instructions": ("- [ ] " + "<?" * 100_000 + "\n", "1 too-deep"),
    "entities": ("- [ ] &" + "a" * 500_000 + "\n", "2"),
    "addresses": ("- [ ] " + "www.a " * 100_000 + "\n", "1 too-deep"),
    "cells of a table": ("|" + "a|" * 100_000 + "\n|" + "-|" * 100_000 + "\n", "1 unread-table"),
    "quotes": (">" * 500_000 + "\n", "0 too-deep"),
    "nested lists": ("- " * 200_000 + "\n", "1"),
    "a heading": ("### " + "*a" * 300_000 + "\n\n- [ ] x\n", "1 unread-section"),
    "fences of Gherkin that are not closed": ("```gherkin\n" * 29_000, "1 unread-steps"),
    "fences below a scenario that are not closed": ("\n# Scenario: x\n\n" + "```a\n" * 100_000, "0 too-long"),
    "tables": ("|a|\n|-|\n\n" * 9_900, "1 unread-table"),
    "blanks in a heading": (" # a" + " " * 200_000 + "b\n\n- [ ] x\n", "0 too-long"),
    "a bold label": ("**" + "*a" * 300_000 + "**\n\n- [ ] x\n", "2"),
    "headings that Markdown does not see": ("###Should\n- [ ] b\n" * 10_000, "1 unread-heading"),
    "malformed boxes": ("- [] a\n" * 100_000, "1 unread-box"),
    "boxes in one line": ("[ ] " * 300_000 + "\n", "1 unread-box"),
    "fences": ("```\n" * 20_001, "1"),
    "waivers": ("- [ ] a " + "(waived: " * 100_000 + "\n", "2"),
    "boxes": ("- [ ] a\n" * 100_000, "0 too-long"),
    "lines": ("a\n" * 300_000, "0 too-long"),
    "10 MB of labels": ("**Acceptance Criteria**\n\nIt must work.\n\n" * 240_000, "0 too-long"),
    "10 MB of steps in capitals": ("**GIVEN** a\n" * 830_000, "0 too-long"),
    "10 MB of backgrounds": (("Background:\n" + ">\n" * 300) * 16_000, "0 too-long"),
    "10 MB of blank lines in code": ("```x" + "\n" * 10_000_000, "0 too-long"),
    "bars above an outcome": ("|" * 200_000 + " then x\n", "1"),
    "line breaks above an outcome": ("<br>" * 50_000 + " then x\n", "1"),
    "vertical tabs": (("a" + "\x0b" * 4_000 + "b" + "\x0b " * 2_000) * 25 + "\n", "1"),
    "a quote whose lines end with blanks, right above text": ("> Given a  \n" * 40 + "text\n", "1"),
    "blank lines under the heading of a scenario": ("# Scenario: a\n" + "\n" * 60 + "text\n", "1"),
    "a cell that begins with a long number": ("| Criterion |\n|---|\n| " + "1" * 60 + " is refused |\n", "2"),
    "a cell that begins with a digest": ("| Criterion |\n|---|\n| " + "e3b0c44298fc1c14" * 4 + " is shown |\n", "2"),
    "no-break spaces in a heading": ("## " + "\u00a0" * 100_000 + "x\n\n- [ ] x\n", "0 too-long"),
    "signs of progress": ("- [ ] a " + "\u2705 " * 20_000 + "b\n", "2"),
    "lines of blanks": ("  \n" * 100_000, "1"),
    "10 MB of lines of blanks": ("  \n" * 3_300_000, "0 too-long"),
    "empty headings below lines of blanks": ("    \n\n#" * 14_000, "1"),
    "a long line of fences": ("Then " + "``` given " * 50_000 + "\n", "1"),
    "names of tiers above lists": ("Must Have\n\n- x\n\n" * 24_000, "1 criteria-without-boxes"),
    "bold names above lists in HTML": ("# x\n\n" + "**Must have**\n<ul><li>x</li></ul>\n\n" * 24_000, "0 too-long"),
    "names of tiers in an outline": ("1. Must Have\n   - x\n" * 24_000, "1 criteria-without-boxes"),
    "a list of names of tiers": ("- Must Have\n- Should Have\n" * 24_000, "1 criteria-without-boxes unread-criterion"),
    "definitions of criteria": ("Acceptance Criteria\n: x\n\n" * 24_000, "1 unread-criterion"),
    "demands outside of the criteria": ("\n## Rules\n\n" + "- It SHALL be so\n" * 50_000, "1 unread-criterion"),
    "demands in several lines": ("\n## Rules\n\n" + "- WHEN a\n  and b\n  it SHALL c\n" * 30_000, "1 unread-criterion"),
    "tables of demands": (
        "\n## Rules\n\n" + "| a | b |\n|---|---|\n| WHEN a SHALL b | c |\n\n" * 9_000,
        "1 unread-table",
    ),
    "lists in code": ("\n## Acceptance Criteria\n\n" + "```text\n- a thing\n```\n\n" * 24_000, "1 unread-criterion"),
    "steps in small letters": ("\n## Rules\n\n" + "given a\nwhen b\nthen c\n\n" * 30_000, "1 unread-steps"),
    "10 MB": ("- [ ] An item of a list\n" * 420_000, "0 too-long"),
}


@pytest.mark.parametrize(("body", "printed"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_markdown_is_read_or_refused_within_limits(body: str, printed: str) -> None:
    command = [sys.executable, "-c", READER]
    ended = subprocess.run(command, input=(HEAD + body).encode(), capture_output=True, check=False)
    assert (ended.returncode, ended.stdout.decode().strip(), ended.stderr.decode()) == (0, printed, "")


LINTER = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from spec2bdd.commands.lint import lint
print(*sorted({diagnostic.code for diagnostic in lint(sys.argv[1]).diagnostics}))
"""
HOSTILE_WORDS = {
    "requirements": ("the system shall ", ""),
    "requirements with conditions": ("WHEN a THE SYSTEM SHALL ", ""),
    "demands": ("shows a and ", "several-requirements"),
    "names": ("a Smooth ", ""),
    "vague words": ("easy ", "vague-word"),
}


@pytest.mark.parametrize(("words", "code"), HOSTILE_WORDS.values(), ids=HOSTILE_WORDS)
def test_a_criterion_of_any_length_is_linted_within_limits(tmp_path: Path, words: str, code: str) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/a.md").write_text(f"{HEAD}- [ ] {words * (1_900_000 // len(words))}\n")
    command = [sys.executable, "-c", LINTER, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert code in ended.stdout
