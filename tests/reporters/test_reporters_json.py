"""The JSON report, and the page that explains it."""

# Assertions have the expected value on the left.

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spec2bdd.model import Report, Verdict
from spec2bdd.reporters.json.document import render_document
from spec2bdd.reporters.json.report import render_json
from spec2bdd.reporters.terminal.escape import UNSAFE

PAGE = Path(__file__).parents[2] / "docs" / "json-report.md"
MakeReport = Callable[[str], Report]


def find_keys(value: object, path: str = "") -> Iterator[str]:
    """Yield the path of every key under a value, such as `specs[].path`."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{path}.{key}".lstrip(".")
            yield from find_keys(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for item in value:
            yield from find_keys(item, f"{path}[]")


def find_all_keys(make_report: MakeReport) -> set[str]:
    """Return the keys of reports that hold everything together."""
    return {
        key for name in ("mixed", "died", "refused") for key in find_keys(json.loads(render_json(make_report(name))))
    }


def test_it_reads_as_it_was_approved(case: str, report: Report, read_golden: Callable[[str, str], str]) -> None:
    found = render_json(report)
    assert read_golden(f"{case}.json", found) == found


def test_the_page_and_the_report_name_the_same_keys(make_report: MakeReport) -> None:
    named = set(re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    steps = "specs[].criteria[].scenario.steps[]."
    assert sorted(named) == sorted(key for key in find_all_keys(make_report) if not key.startswith(steps))


def test_the_steps_of_a_scenario_have_the_keys_of_a_step(make_report: MakeReport) -> None:
    keys = find_all_keys(make_report)
    step, steps = "specs[].criteria[].step.", "specs[].criteria[].scenario.steps[]."
    assert {key.removeprefix(step) for key in keys if key.startswith(step)} == {
        key.removeprefix(steps) for key in keys if key.startswith(steps)
    }


def test_every_key_is_in_snake_case(make_report: MakeReport) -> None:
    words = {word for key in find_all_keys(make_report) for word in re.split(r"\[\]\.|\.", key)}
    assert [word for word in words if not re.fullmatch(r"[a-z]+(_[a-z]+)*", word)] == []


def test_every_verdict_is_counted_also_with_none(make_report: MakeReport) -> None:
    verdicts = json.loads(render_json(make_report("empty")))["summary"]["verdicts"]
    assert verdicts == {str(verdict).replace(" ", "_"): 0 for verdict in Verdict}


def test_any_text_comes_back_as_it_was(hostile: str) -> None:
    assert json.loads(render_json(Report("verify", notes=(hostile,))))["notes"] == [hostile]


def test_any_text_can_be_encoded_and_shown(hostile: str) -> None:
    text = render_json(Report("verify", notes=(hostile,)))
    assert text.encode() != b""
    assert [char for char in UNSAFE.findall(text) if char != "\n"] == []


def test_letters_of_any_script_are_written_as_they_are() -> None:
    assert '"grün 漢字 👍"' in render_json(Report("verify", notes=("grün 漢字 👍",)))


BOXES = [("2.4-book-returns", 27, " ", "x"), ("2.4-book-returns", 30, "x", " ")]
BOXES_KEPT = [("2.4-book-returns", 29, "x", "x"), ("2.4-book-returns", 40, "~", "~"), ("2.5-fines", 25, "x", "x")]


@pytest.mark.parametrize(("name", "line", "before", "after"), [*BOXES, *BOXES_KEPT])
def test_a_box_has_its_character_before_and_after(
    name: str, line: int, before: str, after: str, make_report: MakeReport
) -> None:
    document = json.loads(render_json(make_report("mixed")))
    boxes = {
        (spec["path"], criterion["line"]): criterion["box"]
        for spec in document["specs"]
        for criterion in spec["criteria"]
    }
    assert boxes[f"specs/{name}.md", line] == {"before": before, "after": after}


def test_a_document_is_written_as_the_standard_library_writes_it() -> None:
    scalars = [1, 2.5, -0.0, 1e300, True, False, None, Verdict.PASSED]
    values = {"a": [], "b": {}, "c": scalars, 'é漢"\\\n': [[{"d": {"e": ""}}]]}
    assert json.dumps(values, ensure_ascii=False, indent=2) + "\n" == render_document(values)


def test_what_a_terminal_obeys_is_escaped_in_keys_and_values() -> None:
    values = {"\x9bkey": "\x1b[3\u202e\ud800\x7f\x85"}
    rendered = render_document(values)
    assert values == json.loads(rendered)
    assert UNSAFE.findall(rendered) == ["\n", "\n", "\n"]
