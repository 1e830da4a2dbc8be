"""Random verdicts over real specs in every style of line ends: the bytes are compared with edits by plain patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from marking_project import choose_at_random, render_records
from small_project import NOW, generate, write_files

from spec2bdd.commands.mark import mark as mark_command
from spec2bdd.config import read_config
from spec2bdd.model import BoxKind, Report, SpecReport
from spec2bdd.project.loader import load_project

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
EXAMPLE = Path(__file__).parents[1] / "examples" / "chat" / "specs"
ODD = "Odd ends: NEL \x85 LS \u2028 PS \u2029 VT \x0b FF \x0c FS \x1c \U0001f600 tab\t.  \n"

# Written anew here: how a line is ended, what a box looks like, where a value stands.
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
BOX = re.compile(rb"^([\s>]*(?:(?:[-*+]|\d+[.)])\s+)+\[)(.)(\])", re.DOTALL)
VALUE = re.compile(
    rb"^(\xef\xbb\xbf)?(status|updated):(\s*)([\"']?)([^\"'#\r\n]*?)(?=[\"']?\s*(?:#[^\r\n]*)?[\r\n]*$)", re.DOTALL
)
LABEL = rb"^(\xef\xbb\xbf)?(\s*(?:[-*]\s+)?\*\*(?i:%s)(?::\*\*|\*\*:)[^A-Za-z0-9\r\n]*)([^\r\n]*?)(?=\s*$)"
LABELS = {b"status": re.compile(LABEL % b"status"), b"updated": re.compile(LABEL % b"(?:last )?updated")}


def add_oddities(content: bytes) -> bytes:
    """Return a spec with signs in it that end a line for some, right under its first heading."""
    return re.sub(rb"(?m)^(# [^\n]*\n)", rb"\1\n" + ODD.encode() + b"\n", content, count=1)


def mix_line_ends(content: bytes) -> bytes:
    """Return a spec in which every third line ends with CR LF."""
    lines = content.split(b"\n")
    return b"".join(line + (b"\r\n" if n % 3 == 0 else b"\n") for n, line in enumerate(lines[:-1])) + lines[-1]


STYLES: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda content: content,
    "crlf": lambda content: content.replace(b"\n", b"\r\n"),
    "cr": lambda content: content.replace(b"\n", b"\r"),
    "cr, lf and crlf": lambda content: mix_line_ends(content).replace(b".\n", b".\r"),
    "mixed line ends": mix_line_ends,
    "bom": lambda content: b"\xef\xbb\xbf" + content,
    "bom and crlf": lambda content: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"),
    "no final newline": lambda content: content.rstrip(b"\n"),
    "signs that end a line for some": add_oddities,
    "such signs and crlf": lambda content: add_oddities(content).replace(b"\n", b"\r\n"),
    "such signs and mixed line ends": lambda content: mix_line_ends(add_oddities(content)),
}


def normalise(content: bytes) -> bytes:
    """Return a spec with LF ends and without a byte order mark, to be given another style."""
    return content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")


def mark_at_random(root: Path, contents: dict[str, bytes], seed: int) -> Report:
    """Write specs and their features, mark them by a run that only the seed decides, and return the report."""
    write_files(root, {"pyproject.toml": "[tool.spec2bdd]\n", **contents})
    generate(root)
    project = load_project(read_config(root))
    write_files(root, {".spec2bdd/records.ndjson": render_records(project, choose_at_random(seed))})
    return mark_command(read_config(root), now=NOW)


def derive_expected(before: bytes, report: SpecReport, updated: bytes) -> bytes:
    """Return what must stand in the file: the box on each criterion's line, and two values, by patterns alone."""
    lines = LINE.findall(before)
    for found in report.verdicts:
        if found.criterion.box.kind is not BoxKind.BOX:
            continue
        line, mark = lines[found.criterion.line - 1], found.mark.encode()
        if line.startswith(b"|"):
            # The row of a table may have several.
            text, column = line.decode(), found.criterion.column
            lines[found.criterion.line - 1] = f"{text[:column]}{found.mark}{text[column + 1 :]}".encode()
            continue
        lines[found.criterion.line - 1] = BOX.sub(rb"\g<1>" + mark + rb"\g<3>", line, 1)
    changed = b"".join(lines) != before
    values = {b"status": report.status_after.encode() if report.status_after != report.status_before else None}
    values[b"updated"] = updated if changed or values[b"status"] else None
    for number, line in enumerate(lines):
        match = VALUE.match(line)
        if match and (value := values.pop(match[2], None)):
            lines[number] = line[: match.start(5)] + value + line[match.end(5) :]
    # Without front matter, bold labels stand for it.
    for key, value in values.items() if not re.match(rb"(\xef\xbb\xbf)?---", before) else ():
        place = next((n for n, line in enumerate(lines) if value and LABELS[key].match(line)), None)
        if place is not None:
            lines[place] = LABELS[key].sub(rb"\g<1>\g<2>" + (value or b""), lines[place], 1)
    return b"".join(lines)


def find_updated(after: bytes) -> bytes:
    """Return the time that was written, which is another test's matter, if it is one."""
    match = re.search(
        rb"(?m)(?i:updated):[*\s]*[\"']?(2026-11-2[34][T\d: .+Z-]*?)[\"']?[ \t]*(?:#[^\r\n]*)?(?:[\r\n]|\Z)", after
    )
    return match[1] if match else b""


def check_bytes(root: Path, before: dict[str, bytes], report: Report) -> int:
    """Check every spec of a marked project, and return how many boxes were changed."""
    for one in report.specs:
        after = (root / one.spec.path).read_bytes()
        assert derive_expected(before[one.spec.path], one, find_updated(after)) == after, one.spec.path
    return sum(found.ticked or found.unticked for one in report.specs for found in one.verdicts)


@pytest.mark.parametrize("style", STYLES)
def test_the_demo_differs_in_the_intended_bytes_alone_whatever_the_verdicts(tmp_path: Path, style: str) -> None:
    path = sorted(EXAMPLE.glob("*.md"))[len(style) % 3]
    contents = {f"specs/{path.name}": STYLES[style](normalise(path.read_bytes()))}
    report = mark_at_random(tmp_path, contents, seed=5)
    assert check_bytes(tmp_path, contents, report) > 0
    assert [f"specs/{path.name}"] == [change.path for change in report.changes if change.path in contents]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real specs is not beside this checkout")
def test_real_specs_differ_in_the_intended_bytes_alone_whatever_the_verdicts(tmp_path: Path) -> None:
    styles = list(STYLES.values())
    files = sorted(CORPUS.glob("*/*.md"))
    contents = {
        f"specs/{path.parent.name}_{n}.md": styles[n % len(styles)](normalise(path.read_bytes()))
        for n, path in enumerate(files)
    }
    report = mark_at_random(tmp_path, contents, seed=7)
    assert check_bytes(tmp_path, contents, report) > 100
    marked = {one.spec.path for one in report.specs}
    untouched = {path: (tmp_path / path).read_bytes() for path in contents if path not in marked}
    assert untouched == {path: contents[path] for path in untouched}
