"""Parse the lines of the event log that nearly all others are like, steps and scenarios that passed, in less time.

They are as `render_passed_step` and `render_passed_end` of the formatter write them; any other line is left to the
parser of JSON.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from spec2bdd.model import StepResult

_BEGIN = '{"event": "step"', '{"event": "scenario_end"'
# Without a backslash, a JSON string is the text itself. A number is one for `float`, and for JSON. Python converts no
# integer of more than 4,300 digits.
_INTEGER = r"(0|[1-9]\d{0,17})"
_TEXT, _NUMBER = r'"([^"\\\x00-\x1f]*)"', r"((?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?)"
_STEP = re.compile(
    rf'\{{"event": "step", "scenario": {_INTEGER}, "keyword": {_TEXT}, "kind": {_TEXT}, "text": {_TEXT}, '
    rf'"line": {_INTEGER}, "status": "passed", "seconds": {_NUMBER}, "location": {_TEXT}, "error": "", '
    rf'"exception": "", "vacuous": (true|false), "vacuity": {_TEXT}\}}\n',
    re.ASCII,
)
_END = re.compile(
    rf'\{{"event": "scenario_end", "scenario": {_INTEGER}, "status": "passed", "seconds": {_NUMBER}, "output": "", '
    r'"rest": \[\], "vacuous": (?:true|false)\}\n',
    re.ASCII,
)


class PassedLine(NamedTuple):
    """A step of the scenario with this number that passed, or, without a step, the end of one of which all passed."""

    scenario: int
    step: StepResult | None


def parse_passed_line(line: str) -> PassedLine | None:
    """Parse the line of a step, or of the end of a scenario, that passed; None for any other line."""
    if not line.startswith(_BEGIN):
        return None
    if found := _STEP.fullmatch(line):
        number, keyword, kind, text, place, seconds, location, vacuous, vacuity = found.groups()
        result = StepResult(
            keyword, kind, text, int(place), "passed", float(seconds), location, "", vacuous == "true", vacuity
        )
        return PassedLine(int(number), result)
    found = _END.fullmatch(line)
    return PassedLine(int(found[1]), None) if found else None
