"""What Behave printed before it gave up in, one problem out; Behave tells causes as text only."""

from __future__ import annotations

import re

from spec2bdd.model import Problem, Severity

_NOISE = re.compile(r"\s|Traceback \(most recent|USING RUNNER:|During handling of|The above exception")
_MOST_LINES = 3


def derive_death(*, code: int, output: str) -> Problem:
    """Return the error for a Behave that did not come to its end, with its last words."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip() and not _NOISE.match(line)]
    message = f"Behave did not finish (exit code {code}); what it had not proved by then was not touched"
    last = "\n".join(lines[-_MOST_LINES:])
    return Problem("", 0, 0, Severity.ERROR, "run-died", message, f"it said last: {last}" if last else "")
