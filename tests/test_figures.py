"""Each measured figure of the documentation has the command that measures it in its section.

What is found are numbers with a unit of time, size or share, and ratios; not figures in words, nor bare counts. Whether
the command prints the figure is for the reader to see: a test that runs it would take as long as the measurement.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "kit/README.md", *(ROOT / "docs").glob("*.md")])
# All of this page is made by the command that it names in its first lines.
MADE_WHOLE = "docs/performance.md"
COMMAND = re.compile(r"`(?:[A-Z]+=\S+ )?(?:make [a-z]+|python (?:benchmarks|docs/scripts|tools)/)")
FENCED = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
# A section, or an item of a numbered list.
PART = re.compile(r"^(?=#+ |\d+\. )", re.MULTILINE)
FIGURE = re.compile(
    r"""
    \b \d [\d,.]* [ \xa0]? (?: ns | µs | ms | s | seconds? | minutes? | hours? | kB | MB | GB | % ) (?!\w)
    | \b \d [\d,.]* [ ] times [ ] (?: as | faster | slower | more | less )   # 2.1 times as long
    | \b \d [\d,]* [ ] of [ ] \d [\d,]* \b                                   # 13 of 14
    | \b 0\.\d+ \b                                                           # a ratio
    | \b (?: half | third | quarter | fifth | tenth ) [ ] (?: of | as | the ) [ ] (?: the [ ] )? (?: time | long | size)
    """,
    re.VERBOSE,
)
# Limits and examples, which are decided and not measured.
DECIDED = {
    "docs/evidence.md": {"85%", "5%", "84.996%"},
    "docs/formats.md": {"10 MB"},
    "docs/records.md": {"16 MB"},
    "docs/running.md": {"4,000 MB"},
    "docs/scaling.md": {"200 seconds", "256 kB", "1 MB"},
}
MEASURED = {
    "a time": "It takes 30 ms longer.",
    "a ratio": "It takes 0.37 of that.",
    "times": "It takes 2.1 times as long.",
    "a size": "The page is 19 MB.",
    "a share": "It notices 13 of 14 faults.",
    "a figure in words": "It takes a fifth of the time.",
    "the command of another decision": "1. It takes 5 s.\n2. See `make bench`.",
}
NOT_MEASURED = {
    "a command": "It takes 30 ms (`make bench`).",
    "the command of the section": "`python benchmarks/since.py` prints these.\n\n| 57% |\n",
    "an example": "Write `below 200 ms`.",
    "output": "```\nran in 3.1 s\n```\n",
    "a count": "A project has 3 specs.",
}


def find_unnamed(text: str) -> list[str]:
    """Find the figures in whose section no command is named."""
    parts = [part for part in PART.split(FENCED.sub("", text)) if not COMMAND.search(part)]
    return [match.group() for part in parts for match in FIGURE.finditer(re.sub(r"`[^`]*`", "", part))]


@pytest.mark.parametrize("text", MEASURED.values(), ids=MEASURED)
def test_a_figure_without_a_command_is_found(text: str) -> None:
    assert len(find_unnamed(text)) == 1


@pytest.mark.parametrize("text", NOT_MEASURED.values(), ids=NOT_MEASURED)
def test_no_command_is_missed_for(text: str) -> None:
    assert find_unnamed(text) == []


def test_each_figure_names_its_command_in_its_section() -> None:
    found = {path.relative_to(ROOT).as_posix(): set(find_unnamed(path.read_text(encoding="utf-8"))) for path in PAGES}
    assert COMMAND.search((ROOT / MADE_WHOLE).read_text(encoding="utf-8").partition("\n## ")[0])
    del found[MADE_WHOLE]
    assert {name: figures for name, figures in found.items() if figures} == DECIDED
