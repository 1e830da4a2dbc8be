"""What is read from record files, and which are refused: see the README of their folder."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.adapters.results.event_log import parse_run, parse_run_lines
from spec2bdd.adapters.results.kept_texts import TextBudget
from spec2bdd.errors import RecordError
from spec2bdd.model import TestRun

DATA = Path(__file__).parent / "data/records"
WHOLE = (DATA / "accepted/whole.ndjson").read_text(encoding="utf-8")


def render_run(run: TestRun) -> str:
    """Return a run as lines that are easy to compare."""
    return "\n".join(_render_lines(run)) + "\n"


def _render_lines(run: TestRun) -> Iterator[str]:
    """Yield the lines."""
    yield f"run {run.id}, {'complete' if run.complete else 'incomplete'}"
    yield f"expected {dict(run.expected)}, features {list(run.features)}, digests {dict(run.digests)}"
    for record in run.results:
        finished = "finished" if record.finished else "not finished"
        yield f"{record.feature}:{record.line} {record.name!r} {list(record.tags)}: {record.status}, {finished}"
        for step in record.steps:
            words = f"{step.keyword} ({step.kind}) {step.text}"
            yield f"  {step.line} {words}: {step.status} {step.seconds} {step.location}"
            if step.error:
                yield f"    {step.error}"
        yield from (f"  failure: {failure}" for failure in record.failures)
    yield from (f"failure of {failure.feature!r}: {failure.message}" for failure in run.failures)


@pytest.mark.parametrize("path", sorted((DATA / "accepted").glob("*.ndjson")), ids=lambda path: path.stem)
def test_a_record_file_is_read(path: Path) -> None:
    run = parse_run(path.read_text(encoding="utf-8"), path=path.name, run_id="r1")
    assert path.with_suffix(".golden").read_text(encoding="utf-8") == render_run(run)


@pytest.mark.parametrize("path", sorted((DATA / "refused").glob("*.ndjson")), ids=lambda path: path.stem)
def test_a_file_that_proves_nothing_is_refused(path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        parse_run(path.read_text(encoding="utf-8"), path=path.name, run_id="r1")
    assert path.with_suffix(".txt").read_text(encoding="utf-8") == f"{caught.value.line}: {caught.value.message}\n"
    assert path.name == caught.value.path


def write_shard(shard: object) -> str:
    """Return the whole run as one of which only a shard was asked for."""
    asked = json.dumps({"only": None, "features": None, "shard": shard, "arguments": []})
    return WHOLE.replace('{"event": "run", ', f'{{"event": "run", "asked": {asked}, ', 1)


@pytest.mark.parametrize(("shard", "expected"), [(None, None), ([2, 3], (2, 3))])
def test_the_shard_that_was_asked_for_is_known(shard: object, expected: tuple[int, int] | None) -> None:
    assert parse_run(write_shard(shard), path="records.ndjson").shard == expected
    assert parse_run(WHOLE, path="records.ndjson").shard is None


@pytest.mark.parametrize("shard", [3, [1], [1, 2, 3], ["1", "2"], {}])
def test_a_shard_that_is_no_pair_of_numbers_is_refused(shard: object) -> None:
    with pytest.raises(RecordError, match=r"shard|values"):
        parse_run(write_shard(shard), path="records.ndjson")


def test_any_run_is_read_if_none_is_asked_for() -> None:
    assert parse_run(WHOLE, path="records").id == "r1"


@given(st.integers(0, len(WHOLE)))
def test_a_file_cut_off_anywhere_is_refused_or_incomplete(length: int) -> None:
    try:
        run = parse_run(WHOLE[:length], path="records")
    except RecordError:
        return
    assert run.complete == (length >= len(WHOLE) - 1)


@given(st.sampled_from(range(WHOLE.count("\n") - 1)))
def test_a_file_without_one_of_its_lines_is_refused(number: int) -> None:
    lines = WHOLE.splitlines(keepends=True)
    with pytest.raises(RecordError):
        parse_run("".join([*lines[:number], *lines[number + 1 :]]), path="records")


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        parse_run(text, path="records")


def test_a_line_nested_beyond_measure_is_refused() -> None:
    with pytest.raises(RecordError, match="not a spec2bdd record file"):
        parse_run('{"event": ' + "[" * 100_000 + "\n{}\n", path="records")


def test_only_the_scenarios_with_some_tags_are_read_of_a_whole_run() -> None:
    whole = parse_run(WHOLE, path="records")
    for tag in {tag for record in whole.results for tag in record.tags}:
        results = tuple(record for record in whole.results if tag in record.tags)
        assert replace(whole, results=results) == parse_run(WHOLE, path="records", tags=frozenset({tag}))
    assert parse_run(WHOLE, path="records", tags=frozenset({"no_such_tag"})).results == ()


@pytest.mark.parametrize(
    ("time", "message"),
    [
        ("0001-01-01T00:00:00+23:59", "`0001-01-01T00:00:00+23:59` is out of range"),
        ("9999-12-31T23:59:59-23:59", "`9999-12-31T23:59:59-23:59` is out of range"),
        ("2026-11-25T09:00:00", "`2026-11-25T09:00:00` has no offset"),
    ],
)
def test_a_time_that_cannot_be_compared_is_refused(time: str, message: str) -> None:
    text = WHOLE.replace("2026-11-25T09:00:00+00:00", time)
    with pytest.raises(RecordError) as caught:
        parse_run(text, path="a", run_id="r1")
    assert message in caught.value.message


def test_times_are_compared_in_utc() -> None:
    run = parse_run(WHOLE.replace("2026-11-25T09:00:00+00:00", "2026-11-25T11:00:00.5+02:00"), path="a", run_id="r1")
    assert run.started == "2026-11-25T09:00:00.500000+00:00"


def parse_changed(kind: str, /, **facts: object) -> TestRun:
    """Parse the whole run with other facts in its first event of a kind."""
    events = [json.loads(line) for line in WHOLE.splitlines()]
    next(event for event in events if event["event"] == kind).update(facts)
    return parse_run("".join(f"{json.dumps(event)}\n" for event in events), path="records")


@pytest.mark.parametrize(("steps", "is_bare"), [(0, True), (1, False)])
def test_a_scenario_is_bare_without_steps_of_its_own(steps: int, is_bare: bool) -> None:
    assert parse_changed("scenario_start", steps=steps).results[0].bare is is_bare


def test_what_nothing_has_read_makes_its_step_vacuous() -> None:
    run = parse_changed("scenario_end", unread=[{"step": 0, "vacuity": "nothing reads it"}])
    assert [(step.vacuous, step.vacuity) for step in run.results[0].steps][:1] == [(True, "nothing reads it")]


@pytest.mark.parametrize("step", [-1, 99])
def test_what_nothing_has_read_is_of_a_step_of_its_scenario(step: int) -> None:
    with pytest.raises(RecordError, match=f"the scenario has no step {step}"):
        parse_changed("scenario_end", unread=[{"step": step, "vacuity": "nothing reads it"}])


def list_failures(count: int, output: str) -> Iterator[str]:
    """Yield the lines of a run in which so many scenarios failed and printed that."""
    lines = WHOLE.splitlines(keepends=True)
    yield lines[0]
    for number in range(count):
        start = {"event": "scenario_start", "scenario": number, "feature": "features/a.feature", "line": number}
        yield f"{json.dumps({**start, 'name': f'scenario {number}', 'tags': []})}\n"
        end = {"event": "scenario_end", "scenario": number, "status": "failed", "rest": []}
        yield f"{json.dumps({**end, 'output': f'{number} {output} {number}'})}\n"
    yield f"{json.dumps({**json.loads(lines[-1]), 'events': 2 * count + 2})}\n"


def test_the_memory_for_a_run_does_not_grow_with_what_its_scenarios_print() -> None:
    tracemalloc.start()
    try:
        run = parse_run_lines(list_failures(300, "x" * 200_000), path="records.ndjson")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # They have 60 million characters.
    assert peak < 20_000_000
    assert (run.complete, {result.status for result in run.results}, len(run.results)) == (True, {"failed"}, 300)
    first, last = run.results[0].output, run.results[-1].output
    assert first == f"0 {'x' * 200_000} 0"
    assert re.sub("x+", "x", last) == "299 x\n... 198008 characters are left out here; the records have them ...\nx 299"


def test_all_that_scenarios_print_is_kept_of_a_run_with_few_failures() -> None:
    run = parse_run_lines(list_failures(40, "x" * 200_000), path="records.ndjson")
    assert [len(result.output) for result in run.results[:1] + run.results[-1:]] == [200_004, 200_006]


def test_of_texts_beyond_the_budget_only_what_is_longer_than_both_its_ends_is_cut() -> None:
    budget = TextBudget()
    for _ in range(50):
        budget.bound_texts({"output": "x" * 200_000})
    for length in (1_999, 2_000):
        event = {"output": "x" * length, "error": "y" * length}
        assert budget.bound_texts(event) == event
    cut = budget.bound_texts({"output": "a" * 1_000 + "b" + "c" * 1_000})["output"]
    note = "... 1 characters are left out here; the records have them ..."
    assert cut == f"{'a' * 1_000}\n{note}\n{'c' * 1_000}"


@pytest.mark.parametrize("name", ["keyword", "kind", "text", "status", "location", "error"])
def test_a_step_of_which_a_text_is_none_is_refused(name: str) -> None:
    with pytest.raises(RecordError, match=f"`{name}`"):
        parse_changed("step", **{name: 7})
