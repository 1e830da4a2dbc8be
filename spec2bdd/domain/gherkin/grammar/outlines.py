"""Expand scenario outlines into the steps that Behave looks up: once for each row of their examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from spec2bdd.domain.expressions.patterns import build_outline_pattern, build_step_query
from spec2bdd.model import Examples, Scenario, Step, StepQuery
from spec2bdd.model.values import dataclass

# Other text in angle brackets is literal: a placeholder counts only if a column has its name.
PLACEHOLDER = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step line of a scenario, and the examples with the values of its placeholders."""

    kind: str
    text: str
    examples: tuple[Examples, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The step's text as Behave looks it up, for each row of the examples, without repetitions."""
        return tuple(dict.fromkeys(expand_text(self.text, self.examples)))

    @property
    def template(self) -> str:
        """The one pattern for all these texts, with parameters for the placeholders; empty if there are none."""
        return build_outline_pattern(self.text, _list_values(self.examples)) if self.texts != (self.text,) else ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose placeholders are in the line, in the order of the line."""
        known = _list_values(self.examples)
        return tuple(name for name in PLACEHOLDER.findall(self.text) if name in known)


def list_lines(steps: Iterable[Step], examples: tuple[Examples, ...]) -> list[StepLine]:
    """List the step lines of a scenario."""
    return [StepLine(step.kind, step.text, examples) for step in steps]


def walk_steps(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield kind and text of every step as Behave looks it up, without repetitions."""
    if not scenario.examples:
        # Most scenarios are no outlines.
        yield from dict.fromkeys([(step.kind, step.text) for step in scenario.steps])
        return
    steps = ((step.kind, text) for step in scenario.steps for text in expand_text(step.text, scenario.examples))
    yield from dict.fromkeys(steps)


def build_step_queries(scenario: Scenario) -> Iterator[StepQuery]:
    """Yield the query that Behave's registry is searched with for each of these steps.

    All steps of one line of an outline get one pattern, unless that is ambiguous with another definition: the patterns
    of a query are tried in order.
    """
    if not scenario.examples:
        yield from (build_step_query(step.kind, step.text) for step in scenario.steps)
        return
    for line in list_lines(scenario.steps, scenario.examples):
        template = line.template
        for text in line.texts:
            query = build_step_query(line.kind, text)
            yield StepQuery(line.kind, text, (template, *query.patterns)) if template else query


def expand_text(text: str, examples: Sequence[Examples]) -> Iterator[str]:
    """Yield a text for each row of the examples, or the text itself without examples."""
    if not examples:
        yield text
    for row in _list_rows(examples):
        filled = text
        # Like Behave, replace one column after the other: a value may contain the placeholder of a later column.
        for name, value in row.items():
            filled = filled.replace(f"<{name}>", value)
        yield filled


def _list_rows(examples: Sequence[Examples]) -> Iterator[Mapping[str, str]]:
    """Yield the rows of all examples, as values by column."""
    for table in examples:
        header, *rows = table.rows
        yield from (dict(zip(header, row, strict=True)) for row in rows)


def _list_values(examples: Sequence[Examples]) -> Mapping[str, Sequence[str]]:
    """Collect all values of each column."""
    values: dict[str, list[str]] = {}
    for row in _list_rows(examples):
        for name, value in row.items():
            values.setdefault(name, []).append(value)
    return values
