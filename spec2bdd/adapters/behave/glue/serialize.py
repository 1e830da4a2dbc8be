"""Behave's objects and exceptions in, plain facts for the record file out; asks nothing of Behave but attributes."""

from __future__ import annotations

import linecache
import os
import re
import traceback
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from spec2bdd.adapters.results.wire import JsonObject
from spec2bdd.text.clean import clean_text, escape_surrogates

_LONGEST_OUTPUT = 200_000
_CALLERS = re.compile(r"(behave|spec2bdd)\.")


class ContainedError(Exception):
    """Stands for what a step or hook raised and Behave would not survive."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(_say(error))
        self.error = error


class ContainedAssertionError(ContainedError, AssertionError):
    """Stands for a failed assertion that cannot be printed."""


def describe_error(error: BaseException) -> str:
    """Return what an exception says: an assertion's message, or the type and the message of anything else."""
    return clean_text(
        _say(error.error if isinstance(error, ContainedError) else error) or _describe_bare_assertion(error)
    )


def describe_type(error: BaseException) -> str:
    """Return the name of an exception's type, of the one that was raised and not of one that stands for it."""
    return clean_text(type(error.error if isinstance(error, ContainedError) else error).__name__)


def _cut_middle(text: str) -> str:
    """Return a text, or its beginning and its end where it is of no use any more, and how much is missing between."""
    left_out = len(text) - _LONGEST_OUTPUT
    if left_out <= 0:
        return text
    half = _LONGEST_OUTPUT // 2
    return f"{text[:half]}\n... {left_out} characters are left out here ...\n{text[-half:]}"


def describe_step(step: Any, location: str, *, vacuous: bool = False) -> JsonObject:
    """Return the facts of one step as it stands now; `vacuous` is what is known of its definition."""
    return {
        "keyword": clean_text(step.keyword),
        "kind": step.step_type,
        "text": clean_text(step.name),
        "line": step.line,
        "status": step.status.name,
        "seconds": round(step.duration, 6),
        "location": clean_text(location),
        "error": describe_error(step.exception) if step.exception else "",
        "exception": describe_type(step.exception) if step.exception else "",
        "vacuous": vacuous,
    }


def describe_scenario(scenario: Any, feature: str, tags: list[str]) -> JsonObject:
    """Return the facts that tell which scenario this is."""
    return {
        "feature": feature,
        "line": scenario.line,
        "name": clean_text(scenario.name),
        "tags": tags,
        "rule": clean_text(scenario.parent.name) if getattr(scenario.parent, "type", "") == "rule" else "",
        "row": describe_row(scenario),
        "steps": len(scenario.steps),
    }


def read_tags(scenario: Any) -> list[str]:
    """Return the tags of a scenario and those that it inherits."""
    return sorted(map(str, scenario.effective_tags))


def describe_row(scenario: Any) -> dict[str, str]:
    """Return the cells of the row that an outline's scenario was made from, by their headings."""
    row = getattr(scenario, "_row", None)
    return {clean_text(heading): clean_text(cell) for heading, cell in row.items()} if row else {}


def describe_output(scenario: Any) -> str:
    """Return the tracebacks of a scenario's steps, and what it printed and logged while Behave kept it back."""
    steps = list(scenario.all_steps)
    parts = [_describe_traceback(step.exception) for step in steps if step.exception]
    parts.append(scenario.captured.make_report())
    # The report of the scenario holds those of its steps; some endings leave only these.
    parts = list(filter(None, parts)) or [report for step in steps if (report := step.captured.make_report())]
    return escape_surrogates(_cut_middle("\n".join(parts)))


def count_expected(features: Iterable[Any]) -> dict[str, int]:
    """Return how many scenarios and outline rows carry each criterion's tag; an outline without rows counts as one."""
    counts: dict[str, int] = {}
    for feature in features:
        for tags in _find_tag_sets(feature):
            for tag in sorted(tags):
                if tag.startswith("ac_"):
                    counts[str(tag)] = counts.get(str(tag), 0) + 1
    return counts


def _find_tag_sets(feature: Any) -> Iterator[set[Any]]:
    """Yield the tags of everything in a feature that should run, and of what stands there but cannot run."""
    for item in feature.walk_scenarios(with_outlines=True):
        if item.type == "scenario":
            yield item.effective_tags
        elif not item.scenarios:
            yield item.effective_tags.union(*(example.tags for example in item.examples))
        else:
            # A table without rows among others proves nothing of the criterion that only its own tags name.
            yield from (set(example.tags) for example in item.examples if not (example.table and example.table.rows))


def _say(error: BaseException) -> str:
    """Return an exception's message, behind its type if it is no assertion."""
    message = _read_message(error)
    if isinstance(error, AssertionError):
        return message
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _read_message(error: BaseException) -> str:
    """Return the exception's text, even if the exception cannot tell it."""
    try:
        return str(error)
    except BaseException:  # noqa: BLE001  The user's own `__str__` may raise anything at all.
        return "(its message cannot be printed)"


def _describe_traceback(error: BaseException) -> str:
    """Return the traceback of what a step raised, from where the project's own code begins."""
    raised = error.error if isinstance(error, ContainedError) else error
    trace = raised.__traceback__
    while trace and _CALLERS.match(trace.tb_frame.f_globals.get("__name__") or ""):
        trace = trace.tb_next
    try:
        return "".join(traceback.format_exception(type(raised), raised, trace))
    except BaseException:  # noqa: BLE001  The user's own `__str__` may raise anything at all.
        return "".join(traceback.format_tb(trace))


def _describe_bare_assertion(error: BaseException) -> str:
    """Return the place and the source line of an `assert` without a message."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    if not frames:
        return "AssertionError"
    place = f"{frames[0].filename}:{frames[0].lineno}"
    return f"{place}: {linecache.getline(frames[0].filename, frames[0].lineno or 0).strip()}".rstrip(": ")


def derive_path(filename: str, root: Path) -> str:
    """Return the path of a feature file from the root, with `/`."""
    return Path(os.path.relpath(Path(filename).absolute(), root)).as_posix()


def read_steps(scenario: Any) -> list[tuple[Any, ...]]:
    """Return what the steps of a scenario say now."""
    return [(step.step_type, step.name, step.line, step.text) for step in scenario.all_steps]


@cache
def show_location(location: str) -> str:
    """Return the place of a definition as it is told."""
    return Path(location).as_posix()
