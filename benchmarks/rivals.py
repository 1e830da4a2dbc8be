"""The tools of others that are measured: their commands, and projects of as many requirements in their formats."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from measuring import Command
from projects import CRITERIA

_MARKO = """\
import pathlib
from marko import Markdown
from marko.ext.gfm import GFM
parser = Markdown(extensions=[GFM])
for path in sorted(pathlib.Path("specs").glob("*.md")):
    parser.parse(path.read_text(encoding="utf-8").split("---", 2)[2])
"""
_MARKDOWN_IT = """\
import pathlib
from markdown_it import MarkdownIt
parser = MarkdownIt("gfm-like", {"linkify": False})
for path in sorted(pathlib.Path("specs").glob("*.md")):
    parser.parse(path.read_text(encoding="utf-8").split("---", 2)[2])
"""
_ITEM = """\
active: true
derived: false
header: ''
level: {level}
links: []
normative: true
ref: ''
reviewed: null
text: |
  {text}
"""

MARKO = Command("a marko loop that only parses", (sys.executable, "-c", _MARKO))
MARKDOWN_IT = Command("a markdown-it-py loop that only parses", (sys.executable, "-c", _MARKDOWN_IT))
BEHAVE = Command("behave", (sys.executable, "-m", "behave", "-f", "json", "-o", "behave.json", "features"))


def make_behave_pool(programs: Path) -> Command:
    """Return behave-pool with two processes."""
    return Command("behave-pool -j 2", (str(programs / "behave-pool"), "-j", "2", "features"), "behave-pool")


def make_behavex(programs: Path) -> Command:
    """Return behavex with two processes, which share the scenarios."""
    options = ("features", "--parallel-processes", "2", "--parallel-scheme", "scenario")
    return Command("behavex, 2 processes", (str(programs / "behavex"), *options), "behavex")


def make_strictdoc(programs: Path) -> Command:
    """Return the fastest export of strictdoc that checks all links, as in a first run."""
    options = ("export", "strictdoc", "--formats", "json", "--output-dir", "strictdoc-out")
    return Command("strictdoc export", (str(programs / "strictdoc"), *options), "strictdoc", _forget_strictdoc)


def make_doorstop(programs: Path) -> Command:
    """Return the check of all documents by doorstop."""
    return Command("doorstop", (str(programs / "doorstop"), "--quiet"), "doorstop")


def write_requirements(root: Path, specs: int) -> None:
    """Write as many requirements as the specs have criteria, for strictdoc and for doorstop."""
    (root / "strictdoc").mkdir()
    (root / "doorstop").mkdir()
    settings = "settings:\n  digits: 6\n  prefix: REQ\n  sep: ''\n"
    (root / "doorstop" / ".doorstop.yml").write_text(settings, encoding="utf-8")
    for spec in range(specs):
        parts = [f"[DOCUMENT]\nTITLE: Document {spec}\n"]
        for number in range(CRITERIA):
            text = f"The list number {spec} shows at most {number} entries, and says so."
            parts.append(f"[REQUIREMENT]\nUID: REQ-{spec}-{number}\nSTATEMENT: >>>\n{text}\n<<<\n")
            item = _ITEM.format(level=f"1.{spec + 1}.{number + 1}", text=text)
            path = root / "doorstop" / f"REQ{spec * CRITERIA + number + 1:06}.yml"
            path.write_text(item, encoding="utf-8")
        (root / "strictdoc" / f"document{spec}.sdoc").write_text("\n".join(parts), encoding="utf-8")
    # Doorstop works in repositories only.
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)


def _forget_strictdoc(root: Path) -> None:
    """Remove what strictdoc has exported and cached."""
    subprocess.run(["rm", "-rf", "strictdoc-out"], cwd=root, check=True)
