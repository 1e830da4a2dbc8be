"""Find which scenarios and criteria run which lines of the project, by what the last runs have recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache

from spec2bdd.adapters.behave.challenges.origins import Origin
from spec2bdd.adapters.behave.lines.contents import compute_content_digest
from spec2bdd.adapters.system.files import read_file
from spec2bdd.config import Config
from spec2bdd.domain.changes.lines import merge_processes
from spec2bdd.domain.changes.statements import find_statement
from spec2bdd.errors import NotFoundError
from spec2bdd.model import ChallengedScenario, ProcessLines, RunLines, ScenarioLines, TestRun
from spec2bdd.model.trace import TracedLine
from spec2bdd.project.lookup import check_line, find_path
from spec2bdd.project.runs import load_last_runs
from spec2bdd.project.since.changes import load_kept_lines
from spec2bdd.project.since.lines import read_code
from spec2bdd.project.since.product import build_origins

_Found = dict[tuple[str, int, str], tuple[RunLines, ScenarioLines]]
HOW_TO_RECORD = "set `record-lines = true` in the configuration, then run `spec2bdd run`"


def find_line(config: Config, name: str, line: int, challenged: Collection[ChallengedScenario] = ()) -> TracedLine:
    """Find a line of a file and the scenarios that ran it; of a line that loading it runs, all of them.

    `challenged` are scenarios of today's project whose lines are known from challenges.

    Raises:
        NotFoundError: there is no such line, no lines are recorded, the file has changed since, or no scenario ran it.
        AmbiguousNameError: the name is a part of several paths.
    """
    check_line(config.root, name, line)
    newest = load_newest_lines(config, load_last_runs(config).runs)
    if not newest and not challenged:
        message = f"no scenario is known to run `{name}:{line}`: the last run recorded no lines"
        raise NotFoundError(message, hint=HOW_TO_RECORD)
    files = {path for lines, _ in newest.values() for path in lines.files}
    files |= {path for scenario in challenged for path in scenario.lines}
    hint = "use the path of a Python file of the project"
    path = find_path(files, name, missing=f"no scenario loads `{name}`", hint=hint)
    check_line(config.root, path, line)
    content = b""
    with suppress(OSError):
        content = read_file(config.root, path) or b""
    code, statement = read_code(content), find_statement(content, line)
    own = frozenset(statement)
    ran = {(each.feature, each.line) for each in challenged if not own.isdisjoint(each.lines.get(path, ()))}
    loaded = set()
    steps: dict[tuple[str, int], set[str]] = {}
    is_product = build_origins(config).find(path) is Origin.PRODUCT
    is_known = any(path in scenario.lines for scenario in challenged)
    for place, (lines, scenario) in newest.items():
        if path in lines.files and lines.files[path].digest == code.digest:
            is_known = True
            if not own.isdisjoint(scenario.process.lines.get(path, ())):
                ran.add(place[:2])
                if is_product and scenario.process.steps is not None:
                    by_step = scenario.process.steps.items()
                    keywords = (word for word, lines in by_step if not own.isdisjoint(lines.get(path, ())))
                    steps.setdefault(place[:2], set()).update(keywords)
            elif not own.isdisjoint(lines.loaded.lines.get(path, ())):
                loaded.add(place[:2])
    if not is_known:
        raise NotFoundError(f"`{path}` has changed since its lines were recorded", hint="run `spec2bdd run` first")
    if not ran | loaded:
        if newest:
            raise NotFoundError(f"no scenario ran `{path}:{line}`", hint="`spec2bdd trace --untested` lists such lines")
        # Challenges reach only some of the lines that scenarios run.
        message = f"no scenario is known to run `{path}:{line}`: the last run recorded no lines"
        raise NotFoundError(message, hint=HOW_TO_RECORD)
    functions = (block.name.partition("#")[0] for block in code.blocks[1:] if block.first <= line <= block.last)
    scenarios = tuple(sorted(ran or loaded))
    return TracedLine(path, line, tuple(functions), statement, scenarios, loaded=not ran, steps=steps)


def load_newest_lines(config: Config, runs: Sequence[TestRun]) -> _Found:
    """Load the lines of each scenario from the newest of some runs that recorded them."""
    by_run = load_kept_lines(config)
    newest: _Found = {}
    for run in runs:
        if lines := by_run.get(run.id):
            for scenario in lines.scenarios:
                newest[scenario.feature, scenario.line, scenario.name] = (lines, scenario)
    return newest


def find_criterion_lines(config: Config, runs: Sequence[TestRun]) -> Mapping[str, ProcessLines]:
    """Find what the scenarios of each tag ran of the product, without the lines that loading runs.

    Files that have changed since are left out, and named among the doubts.
    """
    newest, origins = load_newest_lines(config, runs), build_origins(config)

    @cache
    def compute_digest(path: str) -> str:
        """Compute the digest of a file as it is now."""
        return compute_content_digest(config.root, path)

    @cache
    def select(place: tuple[str, int, str]) -> ProcessLines:
        """Select the lines of the product in what one scenario ran."""
        run, process = newest[place][0], newest[place][1].process
        paths = {path for path in process.lines if origins.find(path) is Origin.PRODUCT}
        known = {path for path in paths if path in run.files and run.files[path].digest == compute_digest(path)}
        changed = {f"`{path}` has changed" for path in paths - known}
        return replace(
            process,
            lines={path: process.lines[path] for path in known if process.lines[path]},
            doubts=(*process.doubts, *sorted(changed)),
            steps=process.steps
            and {
                keyword: {path: lines[path] for path in known & lines.keys()}
                for keyword, lines in process.steps.items()
            },
        )

    places: dict[str, set[tuple[str, int, str]]] = defaultdict(set)
    for run in runs if newest else ():
        for result in run.results:
            for tag in result.tags if (place := (result.feature, result.line, result.name)) in newest else ():
                places[tag].add(place)
    return {tag: merge_processes([*map(select, sorted(own))]) for tag, own in places.items()}
