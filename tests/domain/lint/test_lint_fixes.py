"""What `--fix` does to a spec: `fixes/CASE/before.md` becomes `after.md`; specs in `untouched/` stay as they are."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spec2bdd.commands.lint import lint
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import read_config
from spec2bdd.domain.lint.fixes.apply import fix_spec
from spec2bdd.domain.lint.rules import lint_spec
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Report, Spec

HERE = Path(__file__).parent
FIXES = sorted(path.name for path in (HERE / "fixes").iterdir())
UNTOUCHED = sorted(path.name for path in (HERE / "untouched").iterdir())
CORPUS = HERE.parents[3] / "shared" / "corpus"


def fix(root: Path, content: bytes, *, check: bool = False) -> tuple[Report, bytes]:
    """Fix one spec on disk, and return the report and the content of the file."""
    path = root / "specs" / "a.md"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    report = lint(read_config(root), fix=True, mode=WriteMode.CHECK if check else WriteMode.WRITE)
    return report, path.read_bytes()


@pytest.mark.parametrize("case", FIXES)
def test_mechanical_problems_are_fixed(tmp_path: Path, case: str) -> None:
    report, content_after = fix(tmp_path, (HERE / "fixes" / case / "before.md").read_bytes())
    assert (HERE / "fixes" / case / "after.md").read_bytes() == content_after
    assert [change.path for change in report.changes] == ["specs/a.md"]


@pytest.mark.parametrize("case", FIXES)
def test_a_second_fix_changes_nothing(tmp_path: Path, case: str) -> None:
    content = (HERE / "fixes" / case / "after.md").read_bytes()
    report, content_after = fix(tmp_path, content)
    assert (content_after, report.changes) == (content, ())


@pytest.mark.parametrize("case", FIXES)
def test_a_check_plans_the_same_and_writes_nothing(tmp_path: Path, case: str) -> None:
    content = (HERE / "fixes" / case / "before.md").read_bytes()
    report, content_after = fix(tmp_path, content, check=True)
    assert content == content_after
    assert [(HERE / "fixes" / case / "after.md").read_bytes()] == [change.after for change in report.changes]
    assert (report.wrote, report.exit_code) == (False, 1)


# A malformed box, and the line that becomes of it.
MALFORMED = [
    ("- [] x", "- [ ] x"),
    ("- \\[ \\] x", "- [ ] x"),
    ("- [x ] x", "- [x] x"),
    ("- [  ] x", "- [ ] x"),
    ("- \u2611 x", "- [x] x"),
    ("- \u25a1 x", "- [ ] x"),
    ("\u2022 [ ] x", "- [ ] x"),
    ("1. [] x", "1. [ ] x"),
    ("-[ ] x", "- [ ] x"),
    ("- []x", "- [ ] x"),
    ("- **[ ]** x", "- [ ] x"),
    ("- **[x]** x", "- [x] x"),
    ("- *[ ]* x **y**", "- [ ] x **y**"),
    ("1. __[ ]__ x", "1. [ ] x"),
]


@pytest.mark.parametrize("before", ["", "- [ ] y\n", "- y\n"], ids=["alone", "after a box", "after an item"])
@pytest.mark.parametrize(("line", "expected"), MALFORMED)
def test_a_malformed_box_becomes_one_box(line: str, expected: str, before: str) -> None:
    blank = "\n" if before and line[0] not in "-" else ""
    text = f"---\nname: A\n---\n### Must Have\n{before}{blank}{line}\n"
    assert fix_text(text).splitlines()[-1] == expected


def test_a_nested_box_in_bold_text_becomes_a_nested_box() -> None:
    text = "---\nname: A\n---\n### Must Have\n- [ ] y\n  - **[x]** x\n"
    assert fix_text(text).splitlines()[-1] == "  - [x] x"


@pytest.mark.parametrize("case", UNTOUCHED)
def test_ambiguous_problems_are_left_alone(tmp_path: Path, case: str) -> None:
    content = (HERE / "untouched" / case).read_bytes()
    report, content_after = fix(tmp_path, content)
    assert (content_after, report.changes) == (content, ())


def parse(path: str, content: bytes) -> Spec:
    """Parse a spec with the default rules."""
    return parse_spec(path, content)


def fix_text(text: str) -> str:
    """Return the text of a spec after all fixes."""
    run_lint = partial(lint_spec, known=frozenset(), others=(), levels={})
    return fix_spec(parse("a.md", text.encode()), run_lint, parse).spec.text


MARKER = re.compile(r"^([ \t]*(?:>[ \t]*)*)(?:[-*+]|(\d+)[.)])")
BOX = re.compile(r"^([ \t]*\d*M[ \t]+)\[ \] ")
QUOTED = re.compile(r"""^([\w-]+:[ \t]+)(?:"(.*)"|'(.*)')([ \t]*)$""")


def check_only_fixed(before: str, after: str) -> None:
    """Check, without our own code, that only boxes and quotes were added and only markers changed."""
    old, new = before.split("\n"), after.split("\n")
    assert len(old) == len(new)
    for left, right in zip(old, new, strict=True):
        marked = [MARKER.sub(r"\1\2M", line) for line in (left, right)]
        unquoted = QUOTED.sub(
            lambda match: match[1] + (match[2] or (match[3] or "").replace("''", "'")) + match[4], right
        )
        assert left in (right, unquoted) or marked[0] in (marked[1], BOX.sub(r"\1", marked[1]))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real specs is not here")
def test_real_specs_get_boxes_and_quotes_and_keep_all_else() -> None:
    for path in sorted(CORPUS.rglob("*.md")):
        text = path.read_bytes().decode()
        fixed = fix_text(text)
        check_only_fixed(text, fixed)
        assert fixed in (text, fix_text(fixed)), path.name


LINES = """\
- a
* b
+ c
1. d
2) e
- [ ] f
* [x] g
  - [ ] h
  * i
    - j
### Must Have
## Story
### Should Have

prose
  more
```
> quote
- [ ]
- [P] k
-
\t- l
<!-- x -->
**Must**"""
PIECES = st.sampled_from(LINES.split("\n"))


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=25), st.sampled_from(["\n", "\r\n"]))
def test_a_fix_of_any_lines_is_exact_and_needs_no_second_run(pieces: list[str], end: str) -> None:
    text = end.join(["---", "name: A", "---", "### Must Have", *pieces])
    fixed = fix_text(text)
    check_only_fixed(text, fixed)
    assert fixed == fix_text(fixed)
