"""Match the scenarios in a report of another tool to today's scenarios, where the match is certain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spec2bdd.model import ExternalReport, ExternalScenario, FeatureOutline, ScenarioResult

# What Behave adds to the name of an outline for each row; Cucumber adds nothing.
_ROW = re.compile(r" -- @\d+\.\d+ ?.*$")
_SCHEME = re.compile(r"^(?:file|classpath):(?://)?")

Place = tuple[str, int, str]
"""The file, the line and the name of a scenario."""

Matches = Mapping[Place, tuple[ExternalScenario, ...]]
"""The entries of a report for each of today's scenarios; several entries are several tries."""


def find_place(record: ScenarioResult) -> Place:
    """Return the file, the line and the name of a scenario."""
    return (record.feature, record.line, record.name)


def match_report(report: ExternalReport, features: Sequence[FeatureOutline]) -> Matches:
    """Match the entries of a report to today's scenarios, by their places or else by names.

    Several entries for one place are several tries. Where there are only names, each has to be there once.
    """
    matches: dict[Place, list[ExternalScenario]] = defaultdict(list)
    match = _match_places if report.placed else _match_names
    for place, entry in match(report, features):
        matches[place].append(entry)
    if report.placed:
        return {place: tuple(entries) for place, entries in matches.items()}
    return {
        place: (entries[0] if len(entries) == 1 else _as_ambiguous(entries[0]),) for place, entries in matches.items()
    }


def _as_ambiguous(entry: ExternalScenario) -> ExternalScenario:
    """Replace the result of an entry that may be of any of several scenarios."""
    doubt = "several scenarios have this name, and the report has no other reference"
    return replace(entry, status="unknown", failures=(), doubt=doubt)


def _match_places(report: ExternalReport, features: Sequence[FeatureOutline]) -> list[tuple[Place, ExternalScenario]]:
    """Match by file, line and name: all three have to be those of today."""
    # A report names the same few files over and over.
    paths = {name: _find_path(name, features) for name in {entry.feature for entry in report.scenarios}}
    today = {(record.feature, record.line): record for feature in features for record in feature.scenarios}
    # The line alone is not enough: the file may have changed since the report was written.
    pairs = [(entry, today.get((paths[entry.feature], entry.line))) for entry in report.scenarios]
    return [
        (find_place(record), entry)
        for entry, record in pairs
        if record and _fold_row(record.name) == _fold_row(entry.name)
    ]


def _find_path(text: str, features: Sequence[FeatureOutline]) -> str:
    """Find the one feature file that a report names, relative to whichever folder, or nothing."""
    name = _SCHEME.sub("", text.replace("\\", "/")).removeprefix("./")
    if any(feature.path == name for feature in features):
        return name
    # The report may have been written in a folder above the project, or under it.
    ends = [
        feature.path
        for feature in features
        if f"/{name}".endswith(f"/{feature.path}") or feature.path.endswith(f"/{name}")
    ]
    return ends[0] if name and len(ends) == 1 else ""


def _match_names(report: ExternalReport, features: Sequence[FeatureOutline]) -> list[tuple[Place, ExternalScenario]]:
    """Match by the names of features and scenarios; one that fits several scenarios proves nothing for any."""
    today: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for feature in features:
        # Behave's JUnit reports call a feature by its path with dots, from any folder on, and its name.
        parts = feature.path.removesuffix(".feature").split("/")
        classnames = {_fold(".".join([*parts[start:], feature.name])) for start in range(len(parts))}
        for name in {_fold(feature.name), *classnames}:
            for record in feature.scenarios:
                today[name, _fold(record.name)].append(find_place(record))
    pairs = [(entry, today.get((_fold(entry.feature), _fold(entry.name)), ())) for entry in report.scenarios]
    return [(place, entry if len(places) == 1 else _as_ambiguous(entry)) for entry, places in pairs for place in places]


def _fold_row(name: str) -> str:
    """Strip the number of its row from the name of a scenario, and repeated spaces."""
    return " ".join(_ROW.sub("", name).split())


def _fold(name: str) -> str:
    """Fold a name to what every tool keeps of it: some change its case, and spaces into underscores."""
    return " ".join(name.replace("_", " ").split()).casefold()
