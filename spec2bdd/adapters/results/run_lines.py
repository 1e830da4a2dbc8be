"""The lines that the scenarios of a run ran, as JSON: the log that the run writes, and the file that is kept of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from spec2bdd.model import CodeBlock, CodeFile, ProcessLines, RunLines, ScenarioLines

_Lines = Mapping[str, frozenset[int]]
# After the name of the record file.
LINES_LOG = ".lines"
# In place of the digest of a file that was written during the run.
CHANGED = "changed"
# Why not all of what a scenario runs is known, where its lines run elsewhere or are not traced.
STARTS_PROCESS, ASKS_SERVER, TRACES = "starts a process", "connects to a server", "traces its own lines"
# Raised when the kept file has another shape.
_VERSION = 1


def _lines_to_json(lines: _Lines) -> Any:
    """Convert lines by path to JSON, as ranges such as `1-3,8`."""
    return {path: join_ranges(numbers) for path, numbers in sorted(lines.items())}


def _lines_from_json(facts: Any) -> _Lines:
    """Convert lines by path back from JSON."""
    return {path: _split_ranges(ranges) for path, ranges in facts.items()}


def process_to_json(process: ProcessLines, convert: Callable[[_Lines], Any] = _lines_to_json) -> dict[str, Any]:
    """Convert what ran in a process to JSON; `convert` does so for lines by path."""
    facts = {"lines": convert(process.lines), "read": sorted(process.read), "doubts": list(process.doubts)}
    if process.steps is not None:
        facts["steps"] = {keyword: convert(lines) for keyword, lines in sorted(process.steps.items())}
    return facts


def process_from_json(facts: Mapping[str, Any], convert: Callable[[Any], _Lines] = _lines_from_json) -> ProcessLines:
    """Convert what ran in a process back from JSON.

    Raises:
        KeyError: a field is missing.
        ValueError: a range is none.
    """
    # Records of earlier versions have no `steps`.
    steps = {keyword: convert(lines) for keyword, lines in facts["steps"].items()} if "steps" in facts else None
    return ProcessLines(convert(facts["lines"]), frozenset(facts["read"]), tuple(facts["doubts"]), steps)


def parse_lines_log(text: str, run: str) -> tuple[RunLines, Mapping[str, str]] | None:
    """Parse the log of a run that has ended, and the digests of its files; nothing if it is not complete."""
    events = [json.loads(line) for line in text.splitlines()]
    if len(events) < 2 or events[0]["event"] != "loaded" or events[-1]["event"] != "end":
        return None
    scenarios = [
        ScenarioLines(feature, line, name, process_from_json(event))
        for event in events[1:-1]
        for feature, line, name in event["scenarios"]
    ]
    loaded = process_from_json(events[0])
    return RunLines(run, events[0]["program"], loaded, scenarios=tuple(scenarios)), events[-1]["files"]


def render_run_lines(run: RunLines) -> str:
    """Render the lines of a run as JSON; what many scenarios have in common is written once."""
    parts: dict[tuple[str, str], int] = {}

    def number(lines: _Lines) -> list[int]:
        """Convert lines to the numbers of parts, one for each path."""
        return [parts.setdefault(part, len(parts)) for part in _lines_to_json(lines).items()]

    scenarios = [
        [scenario.feature, scenario.line, scenario.name, process_to_json(scenario.process, number)]
        for scenario in run.scenarios
    ]
    blocks = {
        path: [file.digest, [[block.name, block.first, block.last, block.digest] for block in file.blocks]]
        for path, file in run.files.items()
    }
    facts = {"version": _VERSION, "run": run.run, "program": run.program, "loaded": process_to_json(run.loaded)}
    facts |= {"untracked": list(run.untracked)}
    facts |= {"files": blocks, "read": dict(run.read), "scenarios": scenarios, "parts": list(parts)}
    return json.dumps(facts, separators=(",", ":"))


def parse_run_lines(text: str) -> RunLines:
    """Parse what was rendered.

    Raises:
        KeyError: a key is missing.
        TypeError: a value is of another type.
        ValueError: it is no JSON, or of another version.
    """
    facts = json.loads(text)
    if facts["version"] != _VERSION:
        raise ValueError(f"unsupported version {facts['version']}")
    parts = [(path, _split_ranges(ranges)) for path, ranges in facts["parts"]]

    def find_parts(numbers: list[int]) -> _Lines:
        """Find the parts with these numbers."""
        return dict(parts[number] for number in numbers)

    scenarios = [
        ScenarioLines(feature, line, name, process_from_json(process, find_parts))
        for feature, line, name, process in facts["scenarios"]
    ]
    return RunLines(
        facts["run"],
        facts["program"],
        process_from_json(facts["loaded"]),
        {
            path: CodeFile(digest, tuple(CodeBlock(*block) for block in blocks))
            for path, (digest, blocks) in facts["files"].items()
        },
        facts["read"],
        tuple(scenarios),
        tuple(facts["untracked"]),
    )


def join_ranges(numbers: Iterable[int]) -> str:
    """Join line numbers to ranges."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _split_ranges(text: str) -> frozenset[int]:
    """Split ranges into line numbers."""
    numbers: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return frozenset(numbers)
