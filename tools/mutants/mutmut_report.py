"""Run mutmut for some time, and write `mutants/report.md`: how many changes a test noticed, and which survived.

Usage: python tools/mutants/mutmut_report.py [--seconds N]

mutmut keeps what it has tried, so the next call goes on. The quickest changes come first. The report is not committed:
it lists thousands of lines that are out of date with the next change of the code. The exit status is 1 if fewer than
nine in ten changes are noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "mutants" / "report.md"
# The exit codes of the tests as mutmut records them.
SURVIVED, UNREACHED, UNTRIED = 0, 33, (None, 33, 34)
_STRICT = re.compile(r",\s*(?:strict=\w+)?(?=\))")
# An empty default, or an argument that was left out.
_EMPTY = re.compile(r"""(?:, )?(?:\b(?:default|joined|strict)=)?(?:None|False|""|\(\)|b"")(?=[,)])|,\s*(?=\))""")
_TEXT = re.compile(r'"[^"]*"')

HEAD = """\
# Mutants

<!-- Made from the results of mutmut by `make mutants`. -->

The code that reads, that judges and that edits is changed in every way that [mutmut](https://mutmut.readthedocs.io)
knows: another operator, another constant, an argument left out. For each change the tests that reach it are run, and
one of them has to fail. The changes that survived are listed below the table, each with what can be told from its text:

- **the same**: only `strict=` of a `zip` differs, which guards against mistakes of ours.
- **words**: only the words of a message differ.
- **as good**: one empty value for another.
- **open**: a test is missing, or the change makes no difference; look at it.

A module that is not in the table has not been tried.

| module | changes | noticed | |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class TriedModule:
    """The exit codes of the changes of one module, by the names of the changes."""

    module: str
    codes: Mapping[str, int | None]

    @property
    def survivors(self) -> list[str]:
        """The names of the changes that no test noticed."""
        return [name for name, code in self.codes.items() if code == SURVIVED]

    @property
    def count(self) -> int:
        """How many changes were tried."""
        return sum(code not in UNTRIED for code in self.codes.values())


def read_tried(folder: Path) -> Iterator[TriedModule]:
    """Read the results of each module that mutmut changed."""
    for path in sorted(folder.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            module = path.relative_to(folder).as_posix().removesuffix(".meta")
            yield TriedModule(module, codes)


def read_change(name: str) -> tuple[str, str]:
    """Read the line that a change replaces, and its replacement."""
    from mutmut.__main__ import get_diff_for_mutant

    lines = get_diff_for_mutant(name).splitlines()
    old = [line[1:].strip() for line in lines if line.startswith("-") and not line.startswith("---")]
    new = [line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++")]
    return " ".join(old), " ".join(new)


def choose_reason(old: str, new: str) -> str:
    """Choose the reason why no test has to notice a change, by its text alone."""
    if _STRICT.sub("", old) == _STRICT.sub("", new):
        return "the same"
    # A text without a space is no message, but a mark, a word of Markdown or the like.
    changed = set(_TEXT.findall(old)) ^ set(_TEXT.findall(new))
    if _TEXT.sub("", old) == _TEXT.sub("", new) and all(" " in text.strip('"X') for text in changed):
        return "words"
    return "as good" if _fold_empty(old) == _fold_empty(new) else "open"


def _fold_empty(line: str) -> str:
    """Make all empty values of a line look the same."""
    return _EMPTY.sub("", line)


def render_survivors(tried: list[TriedModule]) -> Iterator[str]:
    """Render the list of the changes that survived."""
    for one in tried:
        if one.survivors:
            yield f"\n## {one.module}\n"
        for name in one.survivors:
            old, new = read_change(name)
            function = name.rpartition(".")[2].partition("__mutmut")[0].replace("ǁ", ".")
            function = function.removeprefix("x_").removeprefix("x.")
            reason = choose_reason(old, new)
            yield f"- `{function}`, {reason}:\n\n  ```diff\n  - {old}\n  + {new}\n  ```\n"


def run_mutmut(seconds: int) -> None:
    """Run mutmut, and interrupt it after so many seconds: it ends with what it is at, and keeps it."""
    environment = {"SPEC2BDD_EXAMPLES": "20", **os.environ}
    with subprocess.Popen([sys.executable, "-m", "mutmut", "run"], cwd=ROOT, env=environment) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)


def main(arguments: list[str]) -> int:
    """Run mutmut, and write the report; return 1 if fewer than nine in ten changes were noticed."""
    parser = argparse.ArgumentParser(prog="python tools/mutants/mutmut_report.py")
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("MUTANTS_SECONDS", "3600")))
    run_mutmut(parser.parse_args(arguments).seconds)
    modules = list(read_tried(ROOT / "mutants" / "spec2bdd"))
    tried = [one for one in modules if one.count]
    rows = [
        f"| `{one.module}` | {one.count} | {one.count - len(one.survivors)} "
        f"| {100 * (one.count - len(one.survivors)) / one.count:.0f}% |"
        for one in tried
    ]
    sums = Counter({"count": sum(one.count for one in tried), "left": sum(len(one.survivors) for one in tried)})
    share = 100 * (sums["count"] - sums["left"]) / max(sums["count"], 1)
    rows.append(f"| all | {sums['count']} | {sums['count'] - sums['left']} | {share:.1f}% |")
    PAGE.write_text(HEAD + "\n".join([*rows, *render_survivors(tried)]).rstrip("\n") + "\n", encoding="utf-8")
    codes = [code for one in modules for code in one.codes.values()]
    reached = f"{codes.count(UNREACHED)} others are in code that these tests do not reach"
    sys.stderr.write(f"{share:.1f}% of {sums['count']} changes were noticed; {codes.count(None)} are left; {reached}\n")
    return int(share < 90)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
