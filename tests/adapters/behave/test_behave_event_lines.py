"""Events that are rendered and parsed without JSON are those that JSON would give."""

from __future__ import annotations

import json
from types import SimpleNamespace

from behave.model_type import Status
from hypothesis import given, settings
from hypothesis import strategies as st

from spec2bdd.adapters.behave.glue.serialize import describe_step
from spec2bdd.adapters.behave.plugin import event_lines
from spec2bdd.adapters.behave.plugin.event_lines import (
    render_event,
    render_passed_end,
    render_passed_step,
    render_start,
    render_text,
)
from spec2bdd.adapters.results.event_log import _parse_step
from spec2bdd.adapters.results.passed_lines import PassedLine, parse_passed_line

TEXTS = st.text(st.characters(), max_size=8) | st.sampled_from(["", '"', "\\", "a b", "\ud800", "é", "\x00", "x" * 600])
SECONDS = st.floats(0, 1e6).map(lambda value: round(value, 6)) | st.sampled_from([0.0, 1e-06, 5e-05, 1e16])
NUMBERS = st.integers(0, 3_000_000)


@settings(deadline=None)
@given(NUMBERS, st.tuples(TEXTS, TEXTS, TEXTS), NUMBERS, SECONDS, TEXTS, TEXTS)
def test_a_step_that_passed_is_rendered_as_any_other_event_and_parsed_as_json(
    number: int, texts: tuple[str, str, str], line: int, seconds: float, location: str, vacuity: str
) -> None:
    keyword, kind, name = texts
    kind = kind.encode("utf-8", "backslashreplace").decode()
    step = SimpleNamespace(
        keyword=keyword,
        step_type=kind,
        name=name,
        line=line,
        location=SimpleNamespace(line=line),
        status=Status.passed,
        duration=seconds,
        exception=None,
    )
    rendered = render_passed_step(number, step, seconds=seconds, location=location, vacuity=vacuity)
    assert rendered == render_event(
        "step", {"scenario": number, **describe_step(step, location, vacuity=vacuity), "seconds": seconds}
    )
    parsed = parse_passed_line(rendered)
    assert parsed in (None, PassedLine(number, _parse_step(json.loads(rendered))))


@settings(deadline=None)
@given(number=NUMBERS, seconds=SECONDS, is_vacuous=st.booleans())
def test_the_end_of_a_scenario_that_passed_is_rendered_as_any_other_event(
    number: int, seconds: float, *, is_vacuous: bool
) -> None:
    facts = {"scenario": number, "status": "passed", "seconds": seconds, "output": "", "rest": []}
    rendered = render_passed_end(number, seconds, is_vacuous=is_vacuous)
    assert rendered == render_event("scenario_end", {**facts, "vacuous": is_vacuous})
    assert parse_passed_line(rendered) == PassedLine(number, None)


@settings(deadline=None)
@given(NUMBERS, TEXTS, st.lists(st.text(st.characters(codec="utf-8"), max_size=5)), st.dictionaries(TEXTS, TEXTS))
def test_the_start_of_a_scenario_is_rendered_as_any_other_event(
    number: int, name: str, tags: list[str], row: dict[str, str]
) -> None:
    name = name.encode("utf-8", "backslashreplace").decode()[:700]
    facts = {"feature": "a.feature", "line": 3, "name": name, "tags": tags, "rule": name[:9], "row": row, "steps": 2}
    expected = render_event("scenario_start", {"scenario": number, **facts, "worker": 2, "try": 1})
    assert render_start(number, facts, worker=2, number=1) == expected


def test_a_usual_line_is_parsed_without_json() -> None:
    step = SimpleNamespace(keyword="Then", step_type="then", name="it works", location=SimpleNamespace(line=4))
    line = render_passed_step(7, step, seconds=5e-06, location="steps/a_steps.py:3", vacuity="it checks nothing")
    parsed = parse_passed_line(line)
    assert parsed is not None
    assert parsed == PassedLine(7, _parse_step(json.loads(line)))


LEFT_TO_JSON = {
    "another status": ('"passed"', '"failed"'),
    "an error": ('"error": ""', '"error": "no"'),
    "another field": ('"vacuous"', '"more": 1, "vacuous"'),
    "a number that is none": ('"line": 4', '"line": 04'),
    "a number that Python converts to none": ('"line": 4', f'"line": {"9" * 5000}'),
    "a scenario that Python converts to none": ('"scenario": 7', f'"scenario": {"9" * 5000}'),
    "seconds that are none": ('"seconds": 0.5', '"seconds": NaN'),
    "text after the event": ("}\n", "} more\n"),
    "half of a line": ("}\n", ""),
}


def test_any_other_line_is_left_to_the_parser_of_json() -> None:
    step = SimpleNamespace(keyword="Then", step_type="then", name="it works", location=SimpleNamespace(line=4))
    line = render_passed_step(7, step, seconds=0.5, location="steps/a_steps.py:3", vacuity="")
    changed = {name: line.replace(*change) for name, change in LEFT_TO_JSON.items()}
    assert [name for name, other in changed.items() if other == line or parse_passed_line(other)] == []


def test_a_text_is_rendered_once_unless_it_is_long() -> None:
    hits = []
    for text in ("a step that many scenarios have", "a long doc string " * 50):
        known = event_lines._render_cached.cache_info().hits
        assert [render_text(text) for _ in range(3)] == [json.dumps(text)] * 3
        hits.append(event_lines._render_cached.cache_info().hits - known)
    assert hits == [2, 0]
