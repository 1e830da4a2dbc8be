"""Match the reports of other tools to the scenarios of today's feature files, and check how old they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from spec2bdd.adapters.system.file_stamps import describe_age, find_newest
from spec2bdd.diagnostics.build import build_warning
from spec2bdd.domain.verdicts.scenarios.external import NO_EXTERNAL_RESULTS, ExternalResults
from spec2bdd.domain.verdicts.scenarios.matching import match_report
from spec2bdd.errors import EvidenceError, RecordError
from spec2bdd.model import Diagnostic, ExternalReport, SpecReport, Verdict
from spec2bdd.project.loader import Project

# Written by a run itself, after its report has begun.
_GENERATED = "__pycache__"


def read_report(content: bytes, *, path: str) -> ExternalReport:
    """Parse a report of another tool.

    Raises:
        RecordError: it is no such report, or not whole.
    """
    # The readers import XML and more; a run that reads its own records needs none of them.
    from spec2bdd.adapters.results.external.detect import parse_external_report

    try:
        return parse_external_report(content, path=path)
    except EvidenceError as error:
        raise RecordError(error.message, path=path, hint=error.hint) from error


def match_external_reports(project: Project, reports: Sequence[ExternalReport], *, trusted: bool) -> ExternalResults:
    """Match the results in reports to the scenarios that the feature files contain now."""
    if not reports:
        return NO_EXTERNAL_RESULTS
    # `contents` has the specs as well.
    features = {path: content for path, content in project.contents.items() if path in project.feature_index.tags}
    # Behave is loaded in this process only where a report of another tool has to be compared with the feature files.
    from spec2bdd.adapters.behave.glue.feature_loader import list_features

    listed = list_features(features)
    # Reports may be written into the folders of features or steps.
    reported = {Path(report.path).resolve() for report in reports}
    sources = [file for file in _list_sources(project) if file.resolve() not in reported]
    newest = find_newest(project.config.root, sources)
    matched = []
    for report in reports:
        try:
            age = describe_age(report.path, Path(report.path).stat().st_mtime, newest)
            old = f"{age}: run again" if age else ""
        except OSError:
            old = f"`{report.path}` does not exist"
        matched.append((replace(report, old=old), match_report(report, listed)))
    return ExternalResults(listed, tuple(matched), trusted)


def _list_sources(project: Project) -> list[Path]:
    """List the files that a result depends on, as far as they are known."""
    config = project.config
    sources = [config.root / path for path in project.digests]
    # The step files of another tool have any suffix and may be in subfolders.
    for folder in (config.features, config.steps):
        below = (path for path in (config.root / folder).rglob("*") if _GENERATED not in path.parts)
        sources += [path for path in below if path.is_file()]
    for pattern in config.sources:
        sources += [path for path in config.root.glob(pattern) if path.is_file()]
    return sources


def describe_unmatched_reports(external: ExternalResults) -> Iterator[Diagnostic]:
    """Yield a warning for each report in which no test case is a scenario of today."""
    for report, matches in external.reports:
        if report.scenarios and not matches:
            count = len(report.scenarios)
            which = "its test case does not belong" if count == 1 else f"none of its {count} test cases belongs"
            hint = "pass the report of a run of the feature files, whose names are those of the scenarios"
            yield build_warning("unmatched-report", f"{which} to a criterion", path=report.path, hint=hint)


def describe_external_only(specs: Sequence[SpecReport]) -> tuple[str, ...]:
    """Describe how many criteria passed only in external reports, which were not trusted; none where there are none."""
    verdicts = [verdict for spec in specs for verdict in spec.verdicts]
    count = sum(verdict.external_only and verdict.verdict is Verdict.NOT_RUN for verdict in verdicts)
    if not count:
        return ()
    what = "1 criterion" if count == 1 else f"{count} criteria"
    return (f"{what} passed in external reports only; use `--trust-external` to accept",)
