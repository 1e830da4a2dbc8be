"""Trace lines of the product: the criteria that notice a change of one, and the lines that no criterion runs."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from spec2bdd.adapters.results.run_lines import ASKS_SERVER, STARTS_PROCESS, TRACES
from spec2bdd.domain.changes.statements import find_untested_ranges
from spec2bdd.errors import UsageError
from spec2bdd.model import CriterionStrength, Fault, Verdict
from spec2bdd.model.files import STEP_KEYWORDS
from spec2bdd.model.trace import LineUse, Trace, TracedLine, TracedScenario, Untested, UntestedFile
from spec2bdd.project.challenges import recall_strengths
from spec2bdd.project.since.base import read_changes_since
from spec2bdd.project.since.line_uses import HOW_TO_RECORD, load_newest_lines
from spec2bdd.project.since.product import list_product_files
from spec2bdd.project.trace.load import TracedProject

# Why lines that a scenario runs may not be among the recorded ones.
_ELSEWHERE = frozenset({STARTS_PROCESS, ASKS_SERVER, TRACES})
_HINT = "run `spec2bdd run` first"


def add_challenges(traced: TracedProject, trace: Trace, lines: Sequence[TracedLine]) -> tuple[TracedLine, ...]:
    """Add to lines of code the criteria that run them, and what came of the faults that were put there.

    A fault in the answer of a function is one in all lines of it.
    """
    strengths = recall_current(traced) if lines else {}
    criteria: dict[tuple[str, int], tuple[str, ...]] = {}
    for scenario in trace.scenarios:
        criteria |= {(scenario.path, line): scenario.criteria for line, _ in scenario.rows}
    return tuple(
        replace(
            line,
            uses=tuple(
                _find_use(line, id_, strengths.get(id_), {place for place, ids in criteria.items() if id_ in ids})
                for id_ in dict.fromkeys(id_ for place in line.scenarios for id_ in criteria.get(place, ()))
            ),
        )
        for line in lines
    )


def find_untested(traced: TracedProject, since: str) -> Untested:
    """Find the lines of the product that no criterion runs: in all files, or in those that differ from a merge base.

    `since` is the revision with which `HEAD` has that commit in common; empty for all files.

    Raises:
        UsageError: lines are not recorded, or not those of all criteria as the project is today; or git cannot compare.
    """
    config, root = traced.project.config, traced.project.config.root
    paths: Sequence[str] = list_product_files(config)
    if since:
        changed = {change.path for change in read_changes_since(root, since)}
        paths = [path for path in paths if path in changed]
    contents = {path: (root / path).read_bytes() for path in paths}
    ran, elsewhere = _collect_lines(traced, contents)
    files = []
    for path, content in contents.items():
        ranges = find_untested_ranges(content, ran.get(path, ()))
        files += [UntestedFile(path, ranges, loaded=path in ran)] if ranges else []
    return Untested(tuple(files), len(paths), since, elsewhere)


def _collect_lines(traced: TracedProject, contents: Mapping[str, bytes]) -> tuple[Mapping[str, set[int]], int]:
    """Collect the lines that the scenarios of criteria ran, by path, and count those that also run lines elsewhere."""
    config = traced.project.config
    newest = load_newest_lines(config, [checked.run for checked in traced.runs]) if config.record_lines else {}
    if not newest:
        reason = "the last run recorded no lines" if config.record_lines else "no lines are recorded"
        raise UsageError(f"`--untested` needs the lines that scenarios run: {reason}", hint=HOW_TO_RECORD)
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    strengths = recall_current(traced).values()
    challenged = {(own.feature, own.line): own.lines for strength in strengths for own in strength.scenarios}
    # What a run of everything leaves out, such as by the tags in `behave.ini`, runs no line.
    is_whole = any(checked.is_of_today and checked.run.path == config.records.as_posix() for checked in traced.runs)
    ran: dict[str, set[int]] = defaultdict(set)
    elsewhere = 0
    for scenario in traced.trace.scenarios:
        if not scenario.criteria or (is_whole and scenario.result and scenario.result.verdict is Verdict.SKIPPED):
            continue
        found = [newest[place] for line, name in scenario.rows if (place := (scenario.path, line, name)) in newest]
        _require_known(traced, scenario, [lines.run for lines, _ in found])
        is_elsewhere = False
        for lines, own in found:
            for path, numbers in (*lines.loaded.lines.items(), *own.process.lines.items()):
                if path in digests and (path not in lines.files or lines.files[path].digest != digests[path]):
                    message = f"`{path}` has changed since `{scenario.id}` was run, which runs lines of it"
                    raise UsageError(message, hint=_HINT)
                ran[path].update(numbers)
            # Challenges also trace the Python processes that steps start.
            tried = challenged.get((own.feature, own.line))
            is_elsewhere |= not _ELSEWHERE.isdisjoint({*own.process.doubts} - ({STARTS_PROCESS} if tried else set()))
            for path, traced_numbers in (tried or {}).items():
                ran[path].update(traced_numbers)
        elsewhere += is_elsewhere
    return ran, elsewhere


def _require_known(traced: TracedProject, scenario: TracedScenario, runs: Sequence[str]) -> None:
    """Refuse a scenario of which the lines are not known, or are those of other files; `runs` have recorded them."""
    current = {
        checked.run.id
        for checked in traced.runs
        if checked.is_of_today or not checked.kept.isdisjoint((*scenario.criteria, scenario.id))
    }
    reason = scenario.result.outdated if scenario.result else "it has no result"
    if not reason and scenario.result and scenario.result.verdict is Verdict.SKIPPED:
        reason = "the last run left it out"
    if not reason and (len(runs) < len(scenario.rows) or not current.issuperset(runs)):
        reason = "its last run recorded no lines"
    if reason:
        raise UsageError(f"the lines that `{scenario.id}` runs are not known: {reason}", hint=_HINT)


def recall_current(traced: TracedProject) -> Mapping[str, CriterionStrength]:
    """Recall the challenges of the project as it is today."""
    return recall_strengths(traced.project.config, traced.runs, with_faults=True)


def _find_use(
    line: TracedLine, criterion: str, strength: CriterionStrength | None, places: Set[tuple[str, int]]
) -> LineUse:
    """Find the steps of a criterion that run a line, and the faults that were put there; `places` are its scenarios."""

    def is_there(fault: Fault) -> bool:
        """Whether a fault is in the line, or in the answer of a function around it."""
        function = fault.change[0].partition(": ")[0].replace(".<locals>", "")
        return fault.path == line.path and (
            fault.line in line.statement if fault.kind == "mutant" else function in line.functions
        )

    challenges = [
        challenge for scenario in (strength.scenarios if strength else ()) for challenge in scenario.challenges
    ]
    own = tuple(challenge for challenge in challenges if is_there(challenge.fault))
    known = [line.steps[place] for place in places if place in line.steps]
    keywords = tuple(keyword for keyword in STEP_KEYWORDS if any(keyword in ran for ran in known)) if known else None
    return LineUse(criterion, own, challenged=strength is not None and bool(strength.scenarios), steps=keywords)
