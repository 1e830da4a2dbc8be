"""Find the scenarios that run a line of the project, by what the last runs have recorded."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from spec2bdd.config import Config
from spec2bdd.errors import NotFoundError
from spec2bdd.model import RunLines, ScenarioLines
from spec2bdd.project.lookup import find_path
from spec2bdd.project.runs import load_last_runs
from spec2bdd.project.since.changes import load_kept_lines

_Found = dict[tuple[str, int, str], tuple[RunLines, ScenarioLines]]


def find_line_scenarios(config: Config, name: str, line: int) -> frozenset[tuple[str, int]]:
    """Find the scenarios, by file and line, that ran a line of a file; of a line that loading it runs, all of them.

    Raises:
        NotFoundError: no lines are recorded, the file has changed since, or no scenario ran the line.
        AmbiguousNameError: the name is a part of several paths.
    """
    newest = load_newest_lines(config)
    if not newest:
        raise NotFoundError(
            f"no scenario is known to run `{name}:{line}`: the last run recorded no lines",
            hint="set `record-lines = true`, then run `spec2bdd run`",
        )
    loaded_files = {path for lines, _ in newest.values() for path in lines.files}
    hint = "use the path of a Python file of the project"
    path = find_path(loaded_files, name, missing=f"no scenario loads `{name}`", hint=hint)
    digest = ""
    with suppress(OSError):
        digest = hashlib.sha256((config.root / path).read_bytes()).hexdigest()
    ran, loaded = set(), set()
    is_known = False
    for place, (lines, scenario) in newest.items():
        if path in lines.files and lines.files[path].digest == digest:
            is_known = True
            if line in scenario.process.lines.get(path, ()):
                ran.add(place[:2])
            elif line in lines.loaded.lines.get(path, ()):
                loaded.add(place[:2])
    if not is_known:
        raise NotFoundError(f"`{path}` has changed since its lines were recorded", hint="run `spec2bdd run` first")
    if not ran | loaded:
        raise NotFoundError(f"no scenario ran `{path}:{line}`", hint="name a line with code that a scenario runs")
    return frozenset(ran or loaded)


def load_newest_lines(config: Config) -> _Found:
    """Load the lines of each scenario from the newest run that recorded them."""
    by_run = load_kept_lines(config)
    newest: _Found = {}
    for run in load_last_runs(config).runs if by_run else ():
        if lines := by_run.get(run.id):
            for scenario in lines.scenarios:
                newest[scenario.feature, scenario.line, scenario.name] = (lines, scenario)
    return newest
