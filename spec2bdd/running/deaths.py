"""What Behave printed before it gave up in, one located problem out; Behave tells causes as text only."""

from __future__ import annotations

import re
from pathlib import Path

from spec2bdd.model import Problem, Severity

_BAD_FEATURE = re.compile(
    r'ParserError: Failed to parse "(?P<path>.+?)": (?P<why>.+?)(?:,? at line (?P<line>\d+))?', re.DOTALL
)
_NOISE = re.compile(r"\s|Traceback \(most recent|USING RUNNER:|During handling of|The above exception")
_MOST_LINES = 3


def derive_death(root: Path, *, code: int, output: str) -> Problem:
    """Return the error for a Behave that did not come to its end, at the place that it named, if it named one."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip() and not _NOISE.match(line)]
    for line in reversed(lines):
        if match := _BAD_FEATURE.fullmatch(line):
            return _derive_bad_feature(root, match)
    message = f"Behave did not finish (exit code {code}); what it had not proved by then was not touched"
    last = "\n".join(lines[-_MOST_LINES:])
    return Problem("", 0, 0, Severity.ERROR, "run-died", message, f"it said last: {last}" if last else "")


def _derive_bad_feature(root: Path, match: re.Match[str]) -> Problem:
    """Return the error for a feature file that Behave cannot parse."""
    path = Path(match["path"])
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    message = f"Behave cannot parse this file, so nothing was run: {match['why'].strip()}"
    hint = "mend the line; a generated file is written anew if you delete it"
    return Problem(
        name, int(match["line"] or 0), 1 if match["line"] else 0, Severity.ERROR, "feature-syntax", message, hint
    )
