"""The results of mutmut in, `mutants.md` out: how many changes of each module a test noticed, and which ones none did.

Usage: python docs/mutants.py, after `mutmut run`; `make mutants` does both.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PAGE = HERE / "mutants.md"
# How mutmut writes down the exit code of the tests.
SURVIVED, UNTRIED = 0, (None, 33, 34)
_STRICT = re.compile(r",\s*(?:strict=\w+)?(?=\))")
# An empty default, or an argument that is left out since it is one.
_EMPTY = re.compile(r"""(?:, )?(?:\b(?:default|joined|strict)=)?(?:None|False|""|\(\)|b"")(?=[,)])|,\s*(?=\))""")
_TEXT = re.compile(r'"[^"]*"')

HEAD = """\
# Mutants

<!-- Made from the results of mutmut by `make mutants`. -->

The code that reads, that judges and that edits is changed in every way that [mutmut](https://mutmut.readthedocs.io)
knows: another operator, another constant, an argument left out. For each change the tests run that reach it, and one of
them has to fail. What no test notices stands below, and is one of these:

- **the same**: the changed code does what it did, since `strict=` of `zip` is there to stop a mistake of ours.
- **words**: a message or a hint says the same in other words.
- **another way**: it decides only which of two ways is taken, and both end at the same: random documents are read in
  either way and compared, or what was found in a hurry is looked at once more.
- **wider**: it looks at more of the text than it has to, or keeps more blanks, and nothing comes of that.
- **spare**: it is there for a case that the libraries below, or the code around, do not bring about today.
- **alike**: both sides of a comparison are changed in the same way.
- **as good**: `None` or nothing stands for an empty value, or the other way round, and nobody asks which.
- **open**: a test is missing, or the change makes no difference that can be seen.

A module that is not in the table has not been tried.

| module | changes | noticed | |
|---|---|---|---|
"""


# Functions all of whose survivors have one reason that no rule could tell.
_KNOWN = {
    "another way": (
        "reading/slices.py: _find_end _find_fence_end _tell_html_between",
        "reading/plain.py: _parse_item _parse_listing _tell_bullet _find_listing_end _find_paragraph_end",
        "reading/pairs.py: find_plain_fields",
        "judging/upstream.py: _find_circular",
    ),
    "wider": (
        "reading/upstream.py: _find_line_start _cut",
        "reading/explaining.py: _explain _tell_marked",
        "reading/inline.py: _find_parts _strip_code",
        "reading/nested.py: _cut_table",
        "reading/preamble.py: _tell_covered",
    ),
    "spare": (
        "reading/salvage.py: _find_index _render_meaning",
        "reading/markdown.py: _find_code",
        "reading/markup.py: _render_element",
        "judging/done.py: _judge_kind",
        "judging/rivals.py: _judge_tries",
        "judging/runs.py: _find_of_today",
        "judging/tagged.py: judge_tag _describe",
    ),
    "alike": ("judging/marks.py: _derive_rest", "judging/runs.py: gather_told"),
}
_REASONS = {
    (module, function): reason
    for reason, places in _KNOWN.items()
    for module, _, functions in (place.partition(": ") for place in places)
    for function in functions.split()
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the changes of one module, by their names."""

    module: str
    codes: Mapping[str, int | None]

    @property
    def survivors(self) -> list[str]:
        """Return the names of those that no test noticed."""
        return [name for name, code in self.codes.items() if code == SURVIVED]

    @property
    def count(self) -> int:
        """Return how many were tried."""
        return sum(code not in UNTRIED for code in self.codes.values())


def read_tried(folder: Path) -> Iterator[Tried]:
    """Yield what mutmut left of each module that it changed."""
    for path in sorted(folder.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            module = path.relative_to(folder).as_posix().removesuffix(".meta")
            yield Tried(module, codes)


def read_change(name: str) -> tuple[str, str]:
    """Return the line that a change replaces, and what stands there then."""
    from mutmut.__main__ import get_diff_for_mutant

    lines = get_diff_for_mutant(name).splitlines()
    old = [line[1:].strip() for line in lines if line.startswith("-") and not line.startswith("---")]
    new = [line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++")]
    return " ".join(old), " ".join(new)


def derive_reason(old: str, new: str) -> str:
    """Return why no test has to notice a change, as far as that can be told by looking at it."""
    if _STRICT.sub("", old) == _STRICT.sub("", new):
        return "the same"
    # A text without a blank is no message: it is a mark, a word of Markdown or the like.
    changed = set(_TEXT.findall(old)) ^ set(_TEXT.findall(new))
    if _TEXT.sub("", old) == _TEXT.sub("", new) and all(" " in text.strip('"X') for text in changed):
        return "words"
    return "as good" if _fold_empty(old) == _fold_empty(new) else "open"


def _fold_empty(line: str) -> str:
    """Return a line in which all that is empty looks the same."""
    return _EMPTY.sub("", line)


def render_survivors(tried: list[Tried]) -> Iterator[str]:
    """Yield the lines of the list of what no test noticed."""
    for one in tried:
        if one.survivors:
            yield f"\n## {one.module}\n"
        for name in one.survivors:
            old, new = read_change(name)
            function = name.rpartition(".")[2].partition("__mutmut")[0].replace("ǁ", ".")
            function = function.removeprefix("x_").removeprefix("x.")
            reason = _REASONS.get((one.module, function)) or derive_reason(old, new)
            yield f"- `{function}`, {reason}:\n\n  ```diff\n  - {old}\n  + {new}\n  ```\n"


def main() -> int:
    """Write the page; return 1 if fewer than nine in ten were noticed."""
    tried = [one for one in read_tried(ROOT / "mutants" / "spec2bdd") if one.count]
    rows = [
        f"| `{one.module}` | {one.count} | {one.count - len(one.survivors)} "
        f"| {100 * (one.count - len(one.survivors)) / one.count:.0f}% |"
        for one in tried
    ]
    sums = Counter({"count": sum(one.count for one in tried), "left": sum(len(one.survivors) for one in tried)})
    share = 100 * (sums["count"] - sums["left"]) / max(sums["count"], 1)
    rows.append(f"| all | {sums['count']} | {sums['count'] - sums['left']} | {share:.1f}% |")
    PAGE.write_text(HEAD + "\n".join([*rows, *render_survivors(tried)]).rstrip("\n") + "\n", encoding="utf-8")
    sys.stderr.write(f"{share:.1f}% of {sums['count']} changes were noticed\n")
    return int(share < 90)


if __name__ == "__main__":
    sys.exit(main())
