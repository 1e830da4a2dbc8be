"""Front matter that is meant as such and lacks one of its `---` lines: an error, and its fields stay known."""

from __future__ import annotations

from pathlib import Path

import pytest
from grouped import in_one_test
from small_project import write_files

import spec2bdd
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec

FIELDS = "feature_id: 2.1\nname: Lamp\nstatus: Review\n"
BODY = "\n# Lamp\n\nNote: it is new.\n\n## Must Have\n- [ ] One\n"
RULE = "\n---\n\nThe end.\n"

ABOVE = "put a `---` line above the first field"
BOTH = f"{ABOVE}, and another one below the last field"
BELOW = "put a `---` line below line {}, which is the last of its fields"
THERE = "write `---` at the start of that line"
NOT_CLOSED = "the `---` that opens the front matter has no `---` to close it"
NOT_OPENED = "the front matter has no `---` to open it"

# Lines that are meant as `---`, and how the message quotes them.
MISSPELT = {
    "too short": ("--", "`--`"),
    "indented": (" ---", "an indented `---`"),
    "indented by a tab": ("\t---", "an indented `---`"),
    "dots": ("...", "`...`"),
    "a dash of an editor": ("\u2014", "`\u2014`"),
    "a dash and a hyphen": ("\u2014-", "`\u2014-`"),
    "asterisks": ("***", "`***`"),
    "equals signs": ("===", "`===`"),
    "spaces between": ("- - -", "`- - -`"),
}
# The text, the line of the error, its message and its hint.
OTHERS = {
    "not closed": (f"---\n{FIELDS}{BODY}", 1, NOT_CLOSED, BELOW.format(4)),
    "not closed, with a heading at once": (f"---\n{FIELDS}# Lamp\n{BODY}", 1, NOT_CLOSED, BELOW.format(4)),
    "not closed, with a list": (f"---\nowner:\n- Ana\n# new\n- Bo\n{FIELDS}{BODY}", 1, NOT_CLOSED, BELOW.format(8)),
    "not closed, with lines of a value": (f"---\n{FIELDS}notes: |\n  a\n  b\n{BODY}", 1, NOT_CLOSED, BELOW.format(7)),
    "not closed, after blank lines": (f"\n \n---\n{FIELDS}{BODY}", 3, NOT_CLOSED, BELOW.format(6)),
    "not closed, with more behind the dashes": (f"---\n{FIELDS}---x\n{BODY}", 1, NOT_CLOSED, BELOW.format(4)),
    "closed by a rule": (f"---\n{FIELDS}{BODY}{RULE}", 1, NOT_CLOSED, BELOW.format(4)),
    "closed by a rule, in quotes": (f"---\nowner: 'A'\n{FIELDS}{BODY}{RULE}", 1, NOT_CLOSED, BELOW.format(5)),
    "not opened": (f"{FIELDS}---\n{BODY}", 1, NOT_OPENED, ABOVE),
    "not opened, after blank lines": (f"\n \r\n{FIELDS}---\n{BODY}", 3, NOT_OPENED, ABOVE),
    "not opened, with a list": (f"owners:\n  - Ana\n{FIELDS}--- \n{BODY}", 1, NOT_OPENED, ABOVE),
    "neither": (f"{FIELDS}{BODY}", 1, NOT_OPENED, BOTH),
    "neither, with the status last": (f"name: Lamp\nfeature_id: 2.1\nstatus: Review\n{BODY}", 1, NOT_OPENED, BOTH),
    "not at the top": (
        f"<!-- (c) -->\n---\n{FIELDS}---\n{BODY}",
        2,
        "the front matter is not at the top of the file, so it is not read",
        "move it above all other text",
    ),
    "not at the top, below a title": (
        f"# Lamp\n\n---\n{FIELDS}---\n{BODY}",
        3,
        "the front matter is not at the top of the file, so it is not read",
        "move it above all other text",
    ),
}
ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


def read(text: str) -> tuple[list[tuple[int, str, str, str]], list[tuple[str, str]], list[str]]:
    """Read a spec: its diagnostics, those of its fields that are known to it, and its criteria."""
    spec: Spec = parse_spec("specs/a.md", text.encode())
    found = [(each.line, each.code, each.message, each.hint) for each in spec.diagnostics]
    assert {field.start for field in spec.fields} == {None}
    fields = [(field.key, field.value) for field in spec.fields if f"{field.key}: {field.value}\n" in FIELDS]
    return found, sorted(fields), [criterion.text for criterion in spec.criteria]


KNOWN = [("feature_id", "2.1"), ("name", "Lamp"), ("status", "Review")]


@in_one_test("end", ENDS.values(), ids=ENDS)
@in_one_test("rest", ["", RULE], ids=["alone", "with a rule below"])
@in_one_test(("line", "quoted"), MISSPELT.values(), ids=MISSPELT)
def test_a_misspelt_closing_line_is_an_error_at_it(end: str, rest: str, line: str, quoted: str) -> None:
    text = f"---\n{FIELDS}{line}\n{BODY}{rest}".replace("\n", end)
    error = (5, "front-matter-boundary", f"{quoted} does not close the front matter", THERE)
    assert read(text) == ([error], KNOWN, ["One"])


@in_one_test("end", ENDS.values(), ids=ENDS)
@in_one_test("close", ["---\n", ""], ids=["closed", "not closed"])
@in_one_test(("line", "quoted"), MISSPELT.values(), ids=MISSPELT)
def test_a_misspelt_opening_line_is_an_error_at_it(end: str, close: str, line: str, quoted: str) -> None:
    text = f"{line}\n{FIELDS}{close}{BODY}".replace("\n", end)
    error = (1, "front-matter-boundary", f"{quoted} does not open the front matter", THERE)
    assert read(text) == ([error], KNOWN, ["One"])


@pytest.mark.parametrize(("text", "line", "message", "hint"), OTHERS.values(), ids=OTHERS)
def test_a_missing_line_is_one_error_and_the_fields_are_known(text: str, line: int, message: str, hint: str) -> None:
    assert read(text) == ([(line, "front-matter-boundary", message, hint)], KNOWN, ["One"])


# Front matter that YAML reads, though a line of it looks like another kind of boundary or like a heading.
WHOLE = {
    "four dashes": f"----\n{FIELDS}----\n",
    "a comment": f"---\n{FIELDS}# a remark\n\n## another\n---\n",
    "dashes in a value": f"---\n{FIELDS}notes: |\n  a\n  ---\n  b\n---\n",
    "signs under a value": f"---\nnotes: |\n  Title\n  =====\n{FIELDS}---\n",
    "signs at the end of a value": f"---\n{FIELDS}notes: |\n  Title\n  =====\n---\n",
    "blanks in an empty line, and a key in two words": f"---\n{FIELDS}  \n# a remark\nreviewed by: Ana\n---\n",
    "a key in two words": f"---\n{FIELDS}# a remark\nreviewed by: Ana\n---\n",
}


@pytest.mark.parametrize("front", WHOLE.values(), ids=WHOLE)
def test_front_matter_with_such_lines_in_it_is_read(front: str) -> None:
    spec = parse_spec("specs/a.md", f"{front}{BODY}".encode())
    assert (spec.find_value("status"), spec.diagnostics) == ("Review", ())


@in_one_test("tag", ["pre", "PRE class='yaml'"])
def test_an_example_of_front_matter_in_html_is_none(tag: str) -> None:
    text = f"# Lamp\n\n<{tag}>\n---\n{FIELDS}---\n</pre>\n{BODY}"
    assert [found.code for found in parse_spec("specs/a.md", text.encode()).diagnostics] == ["no-front-matter"]


def test_nothing_is_written_for_a_spec_whose_front_matter_is_not_closed(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/2.1-lamp.md": f"---\n{FIELDS}---\n{BODY}"})
    assert spec2bdd.generate(tmp_path).exit_code == 0
    write_files(tmp_path, {"specs/2.1-lamp.md": f"---\n{FIELDS}{BODY}"})
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    report = spec2bdd.generate(tmp_path)
    assert (report.exit_code, [found.code for found in report.diagnostics]) == (2, ["front-matter-boundary"])
    assert {path: path.read_bytes() for path in before} == before
