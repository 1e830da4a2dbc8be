"""Reports of other tools and a project in, what they say of today's scenarios out; one that is too old says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from spec2bdd.adapters.behave.glue.feature_loader import list_features
from spec2bdd.adapters.results.external.detect import parse_external_report
from spec2bdd.domain.verdicts.scenarios.external import NO_EXTERNAL_RESULTS, ExternalResults
from spec2bdd.domain.verdicts.scenarios.matching import match_report
from spec2bdd.errors import EvidenceError, RecordError
from spec2bdd.model import ExternalReport, SpecReport, Verdict
from spec2bdd.project.loader import Project

_MADE = "__pycache__"


def read_report(content: bytes, *, path: str) -> ExternalReport:
    """Return what a report of another tool says.

    Raises:
        RecordError: it is no such report, or not whole.
    """
    try:
        return parse_external_report(content, path=path)
    except EvidenceError as error:
        raise RecordError(error.message, path=path, hint=error.hint) from error


def match_external_reports(project: Project, reports: Sequence[ExternalReport], *, trusted: bool) -> ExternalResults:
    """Return what reports say of the scenarios that stand in the feature files today."""
    if not reports:
        return NO_EXTERNAL_RESULTS
    features = {path: content for path, content in project.contents.items() if path in project.library.tags}
    listed = list_features(features)
    newest, changed = _find_newest(project, reports)
    aged = [replace(report, old=_describe_age(report.path, newest, changed)) for report in reports]
    return ExternalResults(listed, tuple((report, match_report(report, listed)) for report in aged), trusted)


def _find_newest(project: Project, reports: Sequence[ExternalReport]) -> tuple[str, float]:
    """Return the file of features, steps or configured sources that changed last, and when."""
    own = {Path(report.path).resolve() for report in reports}
    times = {}
    for path in _find_files(project):
        # Somebody may remove a file at the same moment.
        with suppress(OSError):
            if path.resolve() not in own:
                times[path.relative_to(project.config.root).as_posix()] = path.stat().st_mtime
    newest = max(times, key=lambda path: times[path], default="")
    return newest, times.get(newest, 0.0)


def _find_files(project: Project) -> Iterator[Path]:
    """Yield the files that a result depends on, as far as they are known: the steps of another tool may lie deeper."""
    config = project.config
    yield from (config.root / path for path in project.digests)
    for folder in (config.features, config.steps):
        below = (path for path in (config.root / folder).rglob("*") if _MADE not in path.parts)
        yield from (path for path in below if path.is_file())
    for pattern in config.sources:
        yield from (path for path in config.root.glob(pattern) if path.is_file())


def _describe_age(path: str, newest: str, changed: float) -> str:
    """Return why a report is too old, with the times that were compared, or nothing."""
    try:
        written = Path(path).stat().st_mtime
    except OSError:
        return f"`{path}` is gone"
    if written >= changed:
        return ""
    return f"`{path}` is of {_render_time(written)}, and `{newest}` changed at {_render_time(changed)}: run again"


def _render_time(seconds: float) -> str:
    """Write a time of the file system as local time."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def describe_external_only(specs: Sequence[SpecReport]) -> tuple[str, ...]:
    """Return a note where criteria are green only in reports whose word was not asked for."""
    judged = [found for spec in specs for found in spec.judgements]
    count = sum(found.on_word and found.verdict is Verdict.NOT_RUN for found in judged)
    if not count:
        return ()
    what = "1 criterion is" if count == 1 else f"{count} criteria are"
    return (f"{what} passed only by a report of another tool: the box stays (`--trust-foreign` takes its word)",)
