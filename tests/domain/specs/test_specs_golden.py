"""Real specs that were checked by eye: the golden files hold what is in each, as digests (see `golden/README.md`).

Run as a script, this file rewrites the golden files, for the specs in them and those named on the command line.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from grouped import in_one_test

from spec2bdd.domain.specs.explain import explain_criteria, explain_reading
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Checkbox, Criterion, Spec

GOLDEN = Path(__file__).parent / "golden"
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
CHECKED: dict[str, dict[str, Any]] = {
    f"{table.stem}/{name}": reading
    for table in sorted(GOLDEN.glob("*.json"))
    for name, reading in json.loads(table.read_text(encoding="utf-8")).items()
}

# The short code of each reason that a checkbox is no criterion for.
REASONS = {
    r"in the definition of done": "done",
    r"a placeholder": "placeholder",
    r"a box without text": "empty",
    r"under `.*`, which contains no criteria": "tasks",
    r"under `.*`, which names no tier and no criteria": "elsewhere",
    r"under no heading": "bare",
    r"in a code block": "code",
    r"in a table": "table",
    r"in HTML": "html",
    r"in a quote": "quote",
    r"in a comment": "comment",
    r"in a heading": "heading",
    r"`\[.\]` is not a box": "label",
    r"no space after it": "glued",
    r"not at the start of a list item": "inline",
    r"`.*` is (?:not|in) .*|(?:no .*|a colon) comes .*|it (?:is|continues) .*": "malformed",
}

# A line of a criterion: place, tier, mark, given id, digest of the group, digest and length of the text.
ROW = re.compile(r"\d+:\d+ (?:must|should|could|wont) \[[ xX~-]\] [\w.-]+ (?:-|[0-9a-f]{10}) [0-9a-f]{10} \d+")
LINES = re.compile(r"\d+: \d+(?:-\d+)?(?: \d+(?:-\d+)?)*")

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(),
    reason="skipped, not passed: the corpus of real specs (../shared/corpus) is not on this machine",
)


def render_digest(text: str) -> str:
    """Render other people's words as ten digits of their digest, or as a dash if there are none."""
    return hashlib.sha256(text.encode()).hexdigest()[:10] if text else "-"


def render_row(criterion: Criterion) -> str:
    """Show one criterion without its words."""
    box, text = criterion.box, criterion.text
    head = f"{criterion.line}:{criterion.column} {criterion.tier} [{box.mark}] {criterion.given_id or '-'}"
    return f"{head} {render_digest(criterion.group)} {render_digest(text)} {len(text)}"


def render_lines(lines: Sequence[int]) -> str:
    """Show how many places there are, and their lines as ranges."""
    runs = groupby(enumerate(sorted(set(lines))), lambda pair: pair[1] - pair[0])
    ranges = [[line for _, line in run] for _, run in runs]
    shown = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in ranges]
    return f"{len(lines)}: {' '.join(shown)}"


def render_reason(box: Checkbox) -> str:
    """Return the short code of the reason that a checkbox is no criterion for."""
    return next(code for reason, code in REASONS.items() if re.fullmatch(reason, box.reason))


def render_reading(path: Path) -> dict[str, Any]:
    """Render how a file was read: its criteria, all its other checkboxes by reason, and its lists without boxes."""
    spec = parse_spec(path.name, path.read_bytes())
    is_template = spec.dialect == "template"
    boxes = explain_reading(path.name, path.read_bytes()) if is_template else explain_criteria(spec.criteria)
    others = [(render_reason(box), box.line) for box in boxes if box.reason]
    codes = sorted({code for code, _ in others})
    bare = [diagnostic.line for diagnostic in spec.diagnostics if diagnostic.code == "criteria-without-boxes"]
    return {
        "checkboxes": len(boxes),
        "criteria": [render_row(criterion) for criterion in spec.criteria],
        "others": {code: render_lines([line for reason, line in others if reason == code]) for code in codes},
        "lists without boxes": render_lines(bare) if bare else "",
    }


def render_difference(path: Path, expected: Mapping[str, Any]) -> str:
    """Render each line that is read in another way, with our text for it, for a person to look at."""
    reading, spec = render_reading(path), parse_spec(path.name, path.read_bytes())
    missing = [row for row in expected["criteria"] if row not in reading["criteria"]]
    changed = [key for key in reading if key != "criteria" and reading[key] != expected[key]]
    others = [f"{path}: {key}: golden {expected[key]}, now {reading[key]}" for key in changed]
    more = [row for row in reading["criteria"] if row not in expected["criteria"]]
    return "\n".join(
        [
            "",
            *(f"{path}:{row.split(':')[0]}: golden {row}" for row in missing),
            *(f"{path}:{row.split(':')[0]}: now    {row} {_find_text(spec, row)!r}" for row in more),
            *others,
        ]
    )


def _find_text(spec: Spec, row: str) -> str:
    """Find the text of the criterion that a row shows."""
    return next(criterion.text for criterion in spec.criteria if render_row(criterion) == row)


@needs_corpus
@in_one_test("name", CHECKED)
def test_a_real_spec_is_read_as_it_was_when_it_was_checked_by_eye(name: str) -> None:
    path = CORPUS / name
    assert render_reading(path) == CHECKED[name], render_difference(path, CHECKED[name])


def test_the_golden_covers_every_kind_of_spec_and_files_without_criteria() -> None:
    kinds = {name.partition("/")[0] for name in CHECKED}
    assert kinds == {"ac-checklist", "ears", "mdg", "moscow", "nasty", "openspec", "spec-kit"}
    assert len(CHECKED) >= 64
    assert 20 < sum(not reading["criteria"] for reading in CHECKED.values()) < len(CHECKED) - 60


@in_one_test("name", CHECKED)
def test_the_golden_holds_no_words_of_other_people_and_accounts_for_every_checkbox(name: str) -> None:
    reading = CHECKED[name]
    lines = [*reading["others"].values(), *filter(None, [reading["lists without boxes"]])]
    assert [row for row in reading["criteria"] if not ROW.fullmatch(row)] == []
    assert [line for line in lines if not LINES.fullmatch(line)] == []
    assert set(REASONS.values()) >= set(reading["others"])
    counted = sum(int(line.partition(":")[0]) for line in reading["others"].values())
    assert len(reading["criteria"]) + counted == reading["checkboxes"]


def write_golden(names: Iterable[str]) -> None:
    """Rewrite the golden files, and print each line that changes, which then has to be checked by eye."""
    by_kind = groupby(sorted({*CHECKED, *names}), lambda name: name.partition("/")[0])
    for kind, names_of_kind in by_kind:
        readings = {name.partition("/")[2]: render_reading(CORPUS / name) for name in names_of_kind}
        for name, reading in readings.items():
            before = CHECKED.get(f"{kind}/{name}")
            if before is not None and before != reading:
                sys.stdout.write(render_difference(CORPUS / kind / name, before) + "\n")
        table = json.dumps(readings, indent=1, ensure_ascii=False)
        (GOLDEN / f"{kind}.json").write_text(table + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_golden(sys.argv[1:])
