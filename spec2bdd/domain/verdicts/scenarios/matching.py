"""A report of another tool and today's features in, which scenario each of its scenarios is out, where that is sure."""

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
Matches = Mapping[Place, tuple[ExternalScenario, ...]]


def find_place(record: ScenarioResult) -> Place:
    """Return where a scenario stands."""
    return (record.feature, record.line, record.name)


def match_report(report: ExternalReport, features: Sequence[FeatureOutline]) -> Matches:
    """Return what a report says of each of today's scenarios, by places or else by names.

    Several entries for one place are several tries. Where there are only names, each has to be there once.
    """
    found: dict[Place, list[ExternalScenario]] = defaultdict(list)
    match = _match_places if report.placed else _match_names
    for place, said in match(report, features):
        found[place].append(said)
    if report.placed:
        return {place: tuple(said) for place, said in found.items()}
    return {place: (said[0] if len(said) == 1 else _doubt(said[0]),) for place, said in found.items()}


def _doubt(said: ExternalScenario) -> ExternalScenario:
    """Return what is left of a result when nobody knows which scenario it is of."""
    return replace(
        said, status="unknown", failures=(), doubt="several scenarios have this name, and it knows only names"
    )


def _match_places(report: ExternalReport, features: Sequence[FeatureOutline]) -> list[tuple[Place, ExternalScenario]]:
    """Match by file, line and name: all three have to be those of today."""
    paths = {said.feature: _find_path(said.feature, features) for said in report.scenarios}
    today = {(one.feature, one.line): one for feature in features for one in feature.scenarios}
    pairs = [(said, today.get((paths[said.feature], said.line))) for said in report.scenarios]
    return [(find_place(one), said) for said, one in pairs if one and _fold_row(one.name) == _fold_row(said.name)]


def _find_path(text: str, features: Sequence[FeatureOutline]) -> str:
    """Return the one feature file that a report means, from whichever folder it names it, or nothing."""
    meant = _SCHEME.sub("", text.replace("\\", "/")).removeprefix("./")
    if any(feature.path == meant for feature in features):
        return meant
    ends = [one.path for one in features if f"/{meant}".endswith(f"/{one.path}") or one.path.endswith(f"/{meant}")]
    return ends[0] if meant and len(ends) == 1 else ""


def _match_names(report: ExternalReport, features: Sequence[FeatureOutline]) -> list[tuple[Place, ExternalScenario]]:
    """Match by the names of features and scenarios; one that fits several scenarios says nothing sure of any."""
    today: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for feature in features:
        for name in {_fold(feature.name), *_derive_classnames(feature)}:
            for record in feature.scenarios:
                today[name, _fold(record.name)].append(find_place(record))
    pairs = [(said, today.get((_fold(said.feature), _fold(said.name)), ())) for said in report.scenarios]
    return [(place, said if len(places) == 1 else _doubt(said)) for said, places in pairs for place in places]


def _derive_classnames(feature: FeatureOutline) -> list[str]:
    """Return what Behave may call a feature: its path with dots, from any folder on, and its name."""
    parts = feature.path.removesuffix(".feature").split("/")
    return [_fold(".".join([*parts[start:], feature.name])) for start in range(len(parts))]


def _fold_row(name: str) -> str:
    """Return the name of a scenario without the number of its row, in one typography."""
    return " ".join(_ROW.sub("", name).split())


def _fold(name: str) -> str:
    """Return a name as far as every tool keeps it: some change its case, and blanks into underscores."""
    return " ".join(name.replace("_", " ").split()).casefold()
