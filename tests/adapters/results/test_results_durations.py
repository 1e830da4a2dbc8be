"""Durations of scenarios, read from record files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from spec2bdd.adapters.results.durations import load_durations, read_durations
from spec2bdd.errors import RecordError


def write_records(path: Path, seconds: Sequence[tuple[str, float]], *, started: str = "2026-01-01") -> Path:
    """Write a record file of scenarios that took that long; the same scenario twice in a row is a retry."""
    events: list[Mapping[str, object]] = [{"event": "run", "id": path.stem, "started": started}]
    numbers: dict[str, int] = {}
    for name, took in seconds:
        number = numbers.setdefault(name, len(numbers))
        # Numbers after the first `/` distinguish scenarios of one name.
        place = {"feature": "a.feature", "name": name.partition("/")[0]}
        events.append({"event": "scenario_start", "scenario": number, **place})
        events.append({"event": "step", "scenario": number, "text": "a" * 100})
        events.append({"event": "scenario_end", "scenario": number, "status": "passed", "seconds": took})
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")
    return path


def test_the_newest_run_of_a_scenario_counts_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    old = write_records(tmp_path / "z.ndjson", [("one", 1.0), ("two", 2.0)], started="2026-01-01")
    new = write_records(tmp_path / "a.ndjson", [("two", 5.0), ("three", 3.0)], started="2026-01-02")
    expected = {"a.feature": {"one": 1.0, "three": 3.0, "two": 5.0}}
    assert read_durations([old, new]) == read_durations([new, old]) == expected


def test_all_tries_of_a_scenario_count_and_the_longest_of_those_with_one_name(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a.ndjson", [("one", 1.0), ("one", 2.0), ("two", 1.0), ("two/2", 4.0)])
    assert read_durations([path]) == {"a.feature": {"one": 3.0, "two": 4.0}}


def test_a_run_that_was_killed_at_any_moment_counts_as_far_as_it_got(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a.ndjson", [("one", 1.0), ("two", 2.0)])
    text = path.read_text()
    ends = [match.end() - 1 for match in re.finditer(r'"scenario_end".*\n', text)]
    for size in range(len(text)):
        path.write_text(text[:size], encoding="utf-8")
        known = [name for name, end in zip(("one", "two"), ends, strict=True) if size >= end]
        expected = {"one": 1.0, "two": 2.0}
        assert read_durations([path]).get("a.feature", {}) == {name: expected[name] for name in known}, size


@pytest.mark.parametrize(
    "content", [b"no records\n", b'{"event": "run"}\n', b'{"event": "run"\n', b'{"a": 1}', b"\xff\xfe"]
)
def test_a_file_that_is_no_record_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(content)
    with pytest.raises(RecordError) as caught:
        read_durations([path])
    assert caught.value.path == str(path)


RECORDS = (
    '{"event": "run", "id": "a", "started": "2026"}\n'
    '{"event": "scenario_start", "scenario": 0, "feature": "a.feature", "name": "one"}\n'
    '{"event": "scenario_end", "scenario": 0, "status": "passed", "seconds": 2.5}\n'
)


def test_durations_are_loaded_from_files_folders_and_patterns(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/one.ndjson").write_text(RECORDS)
    expected = {"a.feature": {"one": 2.5}}
    for name in ("kept", "kept/one.ndjson", "*/one.ndjson"):
        assert load_durations([str(tmp_path / name)]) == expected


def test_before_the_first_run_there_are_no_durations(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert load_durations([str(tmp_path / name) for name in ("empty", "missing", "*.ndjson", "missing.ndjson")]) == {}


def test_a_damaged_file_of_durations_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one.ndjson").write_text(json.dumps({"a": 1}))
    with pytest.raises(RecordError):
        load_durations([str(tmp_path)])
