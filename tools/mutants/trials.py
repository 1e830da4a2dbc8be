"""What came of the changes that were tried: kept in a file, and summarized."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from changes import Change

NOTICED, SURVIVED, UNREACHED = "noticed", "survived", "not reached"
# The area of a trial that changes nothing.
CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a change; `test` is the one that noticed it, and `seconds` are those of a processor."""

    key: str
    area: str
    path: str
    line: int
    diff: str
    outcome: str
    test: str
    seconds: float


def build_trial(root: Path, area: str, change: Change, *, failed: str, seconds: float) -> Trial:
    """Build what is kept of a trial."""
    content = (root / change.path).read_bytes()
    changed = change.apply(content).decode().splitlines()
    lines = content.decode().splitlines()
    # A change replaces a stretch of lines by others; the lines after it are the same.
    last = content[: change.end].count(b"\n") + 1
    old, new = lines[change.line - 1 : last], changed[change.line - 1 : len(changed) - (len(lines) - last)]
    diff = "\n".join([*(f"- {line}" for line in old), *(f"+ {line}" for line in new)])
    outcome = NOTICED if failed else SURVIVED
    return Trial(change.key, area, change.path, change.line, diff, outcome, failed, round(seconds, 2))


def write_trial(path: Path, trial: Trial) -> None:
    """Keep a trial, and print it."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(trial)) + "\n")
    print(f"{trial.outcome:11} {trial.seconds:6.2f} s  {trial.path}:{trial.line}  {trial.test}", flush=True)


def read_trials(path: Path) -> Iterator[Trial]:
    """Read what was tried before."""
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        yield Trial(**json.loads(line))


def summarize(trials: Sequence[Trial], controls: Sequence[Trial], *, page: Path, bar: float) -> int:
    """Print the shares, and list on a page what was not noticed; 1 if too few were noticed, 2 if a control was."""
    print(f"\n{'area':10} {'changes':>8} {'noticed':>8}")
    for area in [*dict.fromkeys(sorted(trial.area for trial in trials)), "all"]:
        own = [trial for trial in trials if area in (trial.area, "all")]
        share = compute_share(own)
        # Of all changes that could be drawn, in 95 of 100 samples of this size.
        margin = 1.96 * math.sqrt(share * (1 - share) / max(len(own), 1))
        print(f"{area:10} {len(own):8} {100 * share:7.1f}% ± {100 * margin:.1f}")
    lines = ["# Changes that no test noticed\n"]
    lines += [
        f"`{trial.path}:{trial.line}`: {trial.outcome}\n\n```diff\n{trial.diff}\n```\n"
        for trial in sorted(trials, key=lambda trial: (trial.path, trial.line))
        if trial.outcome != NOTICED
    ]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join(lines), encoding="utf-8")
    print(f"processor time: {sum(trial.seconds for trial in [*trials, *controls]):.0f} s")
    noticed = [trial for trial in controls if trial.outcome == NOTICED]
    print(f"controls without a change: {len(controls)}, noticed: {len(noticed)}", *(trial.test for trial in noticed))
    return 2 if noticed else int(compute_share(trials) < bar)


def compute_share(trials: Iterable[Trial]) -> float:
    """Compute the share of changes that were noticed."""
    outcomes = [trial.outcome == NOTICED for trial in trials]
    return sum(outcomes) / max(len(outcomes), 1)
