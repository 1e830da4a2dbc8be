"""Serialize Behave's objects and exceptions for the event log; imports nothing of Behave, and only reads attributes."""

from __future__ import annotations

import linecache
import math
import os
import re
import traceback
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from spec2bdd.adapters.results.wire import JsonObject
from spec2bdd.text.clean import clean_text, escape_surrogates, keep_ends

LONGEST_OUTPUT = 200_000
"""Megabytes of output would fill the log, and the beginning and the end of it are what helps."""

_HOOK_ERROR = re.compile(r"^HOOK-ERROR in .*\n?", re.MULTILINE)
# What Behave 1.3.3 prints for a step that is not implemented or cannot be run, which its status says.
_STUB_ERROR = re.compile(r"^ERROR: (?:StepNotImplementedError|UnusableStepError)\b.*\n?", re.MULTILINE)
# A heading of captured output with nothing under it.
_EMPTY_CAPTURE = re.compile(r"^----\nCAPTURED [A-Z]+: \w+\n----\n?", re.MULTILINE)
# The modules whose frames are at the top of every traceback.
_CALLERS = re.compile(r"(behave|spec2bdd)\.")


class ContainedError(Exception):
    """Wraps what a step or hook raised, and what would end the whole Behave run."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(_format_error(error))
        self.error = error


class ContainedAssertionError(ContainedError, AssertionError):
    """Wraps a failed assertion that cannot be printed."""


class UnusableStepError(LookupError):
    """Raised instead of running a step whose definition cannot be used; the record of the step says why."""


def describe_error(error: BaseException) -> str:
    """Describe an exception: an assertion by its message, anything else by its type and message."""
    text = _format_error(error.error if isinstance(error, ContainedError) else error)
    if not text:
        # An `assert` without a message: its place and source line say what failed.
        frames = traceback.extract_tb(error.__traceback__, limit=-1)
        if not frames:
            return "AssertionError"
        filename, line = frames[0].filename, frames[0].lineno
        text = f"{filename}:{line}: {linecache.getline(filename, line or 0).strip()}".rstrip(": ")
    return clean_text(text)


def is_failed_check(error: BaseException | None) -> bool:
    """Whether an error is a failed assertion, or a failure of pytest, or a group with one."""
    if isinstance(error, BaseExceptionGroup):
        return any(map(is_failed_check, error.exceptions))
    return isinstance(error, AssertionError) or type(error).__module__ == "_pytest.outcomes"


def describe_type(error: BaseException) -> str:
    """Name the type of an exception, of the one that was raised and not of its wrapper."""
    return clean_text(type(error.error if isinstance(error, ContainedError) else error).__name__)


def describe_skip(scenario: Any, *, is_selected: bool) -> JsonObject:
    """Describe why code of the project skipped a scenario; empty where the selection of the run left it out.

    Behave 1.3.3 gives no reason for what was not selected.
    """
    reason = scenario.skip_reason
    is_skipped = scenario.should_skip or scenario.status.name == "skipped"
    if is_skipped and (reason or is_selected):
        return {"skip_reason": escape_surrogates(reason) if isinstance(reason, str) else ""}
    return {}


def describe_step(step: Any, location: str, *, vacuity: str = "") -> JsonObject:
    """Describe one step as it is now; `vacuity` is why its definition can never fail, where that is so."""
    return {
        "keyword": clean_text(step.keyword),
        "kind": step.step_type,
        "text": clean_text(step.name),
        "line": step.line,
        "status": step.status.name,
        "seconds": read_seconds(step),
        "location": clean_text(location),
        "error": describe_error(step.exception) if step.exception else "",
        "exception": describe_type(step.exception) if step.exception else "",
        "vacuous": bool(vacuity),
        "vacuity": clean_text(vacuity),
    }


def read_seconds(step: Any) -> float:
    """Read how long a step took. Steps may replace the clock that Behave reads, so that the difference is anything."""
    return round(step.duration, 6) if 0 <= step.duration < math.inf else 0.0


def describe_scenario(scenario: Any, feature: str, tags: list[str]) -> JsonObject:
    """Describe which scenario this is."""
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
    """Read the tags of a scenario and those that it inherits, sorted.

    A criterion's tag on one table of examples, or from the cell of one row, is on every row of the outline: a part of
    an outline proves no criterion.
    """
    tags = set(map(str, scenario.effective_tags))
    if getattr(scenario.parent, "type", "") == "scenario_outline":
        outline = scenario.parent
        of_rows = {tag for example in outline.examples for tag in example.tags}
        if any("<" in tag for tag in (*outline.tags, *of_rows)):
            # Not `scenarios`, which builds the rows again if a hook has changed a table.
            of_rows |= {tag for row in outline._scenarios for tag in row.tags}
        tags |= {str(tag) for tag in of_rows if tag.startswith("ac_")}
    return sorted(tags)


def describe_row(scenario: Any) -> dict[str, str]:
    """Describe the row of the examples that an outline's scenario was made from, by the headings."""
    row = getattr(scenario, "_row", None)
    return {clean_text(heading): clean_text(cell) for heading, cell in row.items()} if row else {}


def find_raising_line(error: BaseException, root: Path) -> str:
    """Find the innermost line of the project's own files that an error passed through; empty where there is none."""
    location = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        # Compiled text has a name such as `<string>`.
        if not name.startswith("<") and "site-packages" not in name and root in (root / name).parents:
            location = f"{find_relative_path(name, root)}:{line}"
    return escape_surrogates(location)


def describe_output(scenario: Any, *, root: Path, printed: str = "") -> str:
    """Join the tracebacks of a scenario's steps, and what it printed and logged while Behave captured it.

    `printed` is what it, or what it started, wrote to the descriptors of the standard output.
    """
    steps = list(scenario.all_steps)
    # That a step is not implemented, or cannot be run, is in its status and its error.
    raised = (step.exception for step in steps if step.exception and not step.status.name.startswith("pending"))
    parts = [_describe_traceback(error, root) for error in raised if not isinstance(error, UnusableStepError)]
    report = scenario.captured.make_report()
    parts.append(_drop_hook_errors(report))
    # The report of the scenario contains those of its steps, but is missing after some hook errors.
    of_steps = (_drop_hook_errors(step.captured.make_report()) for step in steps)
    parts = list(filter(None, parts)) or list(filter(None, of_steps))
    # After a hook's error, Behave prints its report, which is shown already.
    printed = _drop_hook_errors(printed.replace(report, "") if report else printed)
    # Behave 1.3.3 captures what is logged, and a handler that is set up by then prints it as well.
    logged = set(scenario.captured.log.splitlines())
    printed = "".join(line for line in printed.splitlines(keepends=True) if line.rstrip("\r\n") not in logged)
    if printed.strip():
        parts.append(f"CAPTURED OUTPUT OF PROCESSES:\n{printed}")
    text = "\n".join(parts)
    return escape_surrogates(keep_ends(text, LONGEST_OUTPUT))


def _drop_hook_errors(text: str) -> str:
    """Drop the lines in which Behave 1.3.3 prints the error of a hook or a stub, which is recorded by itself."""
    return _EMPTY_CAPTURE.sub("", _STUB_ERROR.sub("", _HOOK_ERROR.sub("", text)))


def count_expected(features: Iterable[Any]) -> dict[str, int]:
    """Count the scenarios and outline rows with each criterion's tag; a table without rows counts as one."""
    counts: dict[str, int] = {}
    for feature in features:
        for tags in _find_tag_sets(feature):
            for tag in sorted(map(str, tags)):
                if tag.startswith("ac_"):
                    counts[tag] = counts.get(tag, 0) + 1
    return counts


def _find_tag_sets(feature: Any) -> Iterator[set[Any]]:
    """Yield the tags of everything in a feature that should run, and of outlines and tables that cannot run."""
    for item in feature.walk_scenarios(with_outlines=True):
        if item.type == "scenario":
            yield set(read_tags(item))
        elif not item.scenarios:
            yield item.effective_tags.union(*(example.tags for example in item.examples))
        else:
            # A table without rows, next to others with some: nothing shows what it is about.
            bare = (example for example in item.examples if not (example.table and example.table.rows))
            yield from (item.effective_tags.union(example.tags) for example in bare)


def _format_error(error: BaseException) -> str:
    """Format an exception's message, after its type if it is no assertion."""
    try:
        message = str(error)
    except BaseException:  # noqa: BLE001  The user's own `__str__` may raise anything at all.
        message = "(its message cannot be printed)"
    if isinstance(error, AssertionError):
        return message
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _describe_traceback(error: BaseException, root: Path) -> str:
    """Format the traceback of what a step raised, from the first frame of the project's own code.

    All files under the root are named by their path from there, as Behave itself names the step files.
    """
    raised = error.error if isinstance(error, ContainedError) else error
    trace = raised.__traceback__
    while trace and _CALLERS.match(trace.tb_frame.f_globals.get("__name__") or ""):
        trace = trace.tb_next
    try:
        text = "".join(traceback.format_exception(type(raised), raised, trace))
    except BaseException:  # noqa: BLE001  The user's own `__str__` may raise anything at all.
        text = "".join(traceback.format_tb(trace))
    return text.replace(f'  File "{root}{os.sep}', '  File "')


def describe_calls(error: BaseException, root: Path) -> str:
    """Format the calls that led to what a hook raised: its traceback, without the error at its end."""
    raised = error.error if isinstance(error, ContainedError) else error
    try:
        end = "".join(traceback.format_exception_only(raised))
    except BaseException:  # noqa: BLE001  The user's own `__str__` may raise anything at all.
        end = ""
    return clean_text(_describe_traceback(error, root).removesuffix(end).rstrip("\n"))


def find_relative_path(filename: str, root: Path) -> str:
    """Find the path of a file relative to the root, with `/`; a relative one is from there, wherever a hook went."""
    return Path(os.path.relpath(root / filename, root)).as_posix()


def read_steps(scenario: Any) -> list[tuple[Any, ...]]:
    """Read what the steps of a scenario say now: kind, name, line and doc string."""
    return [read_step(step) for step in scenario.all_steps]


def read_step(step: Any) -> tuple[Any, ...]:
    """Read what a step says now: kind, name, line and doc string."""
    # Not `step.line`, which is a property.
    return step.step_type, step.name, step.location.line, step.text


def read_table(table: Any) -> list[dict[str, str]]:
    """Read the rows of a table, each by the headings."""
    return [dict(zip(table.headings, row.cells, strict=False)) for row in table.rows]


@cache
def show_location(location: str) -> str:
    """Show the location of a definition as diagnostics do."""
    # `Path` changes nothing of most, and takes long for thousands of definitions.
    is_plain = os.sep == "/" and not location.startswith(".") and "//" not in location and "/." not in location
    return location if is_plain else Path(location).as_posix()
