"""A scenario in, out the steps that Behave will look up: those of an outline once for each row of its examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from spec2bdd.model import Examples, Scenario, StepQuery
from spec2bdd.writing.patterns import derive_query, derive_template


def walk_steps(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield kind and text of every step as Behave looks it up, each once."""
    found = ((step.kind, text) for step in scenario.steps for text in expand_text(step.text, scenario.examples))
    yield from dict.fromkeys(found)


def derive_step_queries(scenario: Scenario) -> Iterator[StepQuery]:
    """Yield what Behave's registry is asked for each of these steps.

    The steps that one line of an outline makes are defined by one pattern, if that disturbs no other definition.
    """
    for step in scenario.steps:
        texts = tuple(dict.fromkeys(expand_text(step.text, scenario.examples)))
        values = _list_values(scenario.examples) if texts != (step.text,) else {}
        template = derive_template(step.text, values) if values else ""
        for text in texts:
            query = derive_query(step.kind, text)
            yield StepQuery(step.kind, text, (template, *query.patterns)) if template else query


def expand_text(text: str, examples: Sequence[Examples]) -> Iterator[str]:
    """Yield a text for each row of the examples, if there are any; Behave puts in one column after the other."""
    if not examples:
        yield text
    for row in _list_rows(examples):
        filled = text
        for name, value in row.items():
            filled = filled.replace(f"<{name}>", value)
        yield filled


def _list_rows(examples: Sequence[Examples]) -> Iterator[Mapping[str, str]]:
    """Yield the rows of all examples, by the names of their columns."""
    for table in examples:
        header, *rows = table.rows
        yield from (dict(zip(header, row, strict=True)) for row in rows)


def _list_values(examples: Sequence[Examples]) -> Mapping[str, Sequence[str]]:
    """Return all values of each column."""
    values: dict[str, list[str]] = {}
    for row in _list_rows(examples):
        for name, value in row.items():
            values.setdefault(name, []).append(value)
    return values
