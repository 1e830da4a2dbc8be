"""A project to be run, or what somebody typed for results, in, the runs that are kept or named out.

What cannot be read does not hide the rest.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from spec2bdd.adapters.behave.launcher import BehaveExit, diagnose_crash, run_behave
from spec2bdd.adapters.behave.preloaded import PreloadedBehave
from spec2bdd.adapters.behave.registry.client import query_registry
from spec2bdd.adapters.behave.settings import find_settings
from spec2bdd.adapters.results.event_log import parse_run
from spec2bdd.adapters.results.external.detect import is_external_report
from spec2bdd.config import Config
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.errors import RecordError, Spec2bddError
from spec2bdd.model import (
    DEFAULT_RUN,
    Diagnostic,
    ExternalReport,
    Report,
    RunOptions,
    Severity,
    SpecReport,
    TestRun,
    Verdict,
)
from spec2bdd.project.cache_dir import make_cache
from spec2bdd.project.external_results import read_report
from spec2bdd.project.loader import Project
from spec2bdd.project.outcome import LoadedRuns

Listener = Callable[[Mapping[str, object]], None]

_SUFFIX = ".ndjson"
_JUDGED = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)
_LACKING = (Verdict.SKIPPED, Verdict.NOT_RUN)


def load_runs(config: Config, typed: Sequence[str]) -> LoadedRuns:
    """Read all record files that were named, or those of the last run."""
    return _read_files(typed) if typed else load_last_runs(config)


def load_last_runs(config: Config) -> LoadedRuns:
    """Read the records of the last whole run, and those of the runs of a part since then."""
    paths = [str(path) for path in find_last_run_files(config)]
    return read_run(config.records) if paths in ([], [str(config.records)]) else _read_files(paths)


def run_and_store(
    project: Project,
    plan: RunOptions,
    on_event: Listener,
    *,
    whole: bool,
    preloaded: PreloadedBehave | None = None,
) -> LoadedRuns:
    """Run features; a whole run takes the place of the one before, and of the runs of a part since then."""
    config = project.config
    kept = find_last_run_files(config)
    part = config.records.with_name(config.parts.replace("*", uuid4().hex))
    ran = run_features(project, config.records if whole else part, on_event, plan=plan, preloaded=preloaded)
    if ran.run:
        _remove_later(kept, ran.run.started)
    if ran.run and ran.run.complete and whole:
        _remove_parts(config)
    return ran


def find_last_run_files(config: Config) -> tuple[Path, ...]:
    """Return the records of the last whole run, and those of the runs of a part that are kept."""
    kept = [config.records, *sorted(config.records.parent.glob(config.parts))]
    return tuple(path for path in kept if path.exists())


def _remove_later(paths: Sequence[Path], started: str) -> None:
    """Remove of the records that were there before a run began those that say that they began after it.

    Somebody has set the clock back, and the newest result would no longer be the one that counts.
    """
    for path in paths:
        with suppress(OSError, RecordError):
            read = _read_file(str(path))
            if isinstance(read, TestRun) and read.started > started:
                path.unlink()


def _remove_parts(config: Config) -> None:
    """Remove the records of runs of a part: a whole run has told all that they did."""
    for path in config.records.parent.glob(config.parts):
        # Somebody else may remove them at the same moment, and nothing is wrong with one too many.
        with suppress(OSError):
            path.unlink()


def _read_files(typed: Sequence[str]) -> LoadedRuns:
    """Read all record files that were named."""
    runs: list[TestRun] = []
    reports: list[ExternalReport] = []
    problems: list[Diagnostic] = []
    for path in _find_files(typed, problems):
        try:
            read = _read_file(path)
            if isinstance(read, ExternalReport):
                reports.append(read)
                continue
            runs.append(read)
            problems += read.problems
        except RecordError as error:
            problems.append(diagnose_error(error))
    runs.sort(key=lambda run: (run.started, run.id))
    newest = runs[-1] if runs else None
    return LoadedRuns(run=newest, older=tuple(runs[:-1]), problems=tuple(problems), reports=tuple(reports))


def _find_files(typed: Sequence[str], problems: list[Diagnostic]) -> Iterator[str]:
    """Yield each file that was meant once; a folder stands for the record files in it and below."""
    seen: set[Path] = set()
    for text in typed:
        try:
            for path in _expand(text):
                if path.resolve() not in seen:
                    seen.add(path.resolve())
                    yield path.as_posix()
        except RecordError as error:
            problems.append(diagnose_error(error))


def _expand(text: str) -> list[Path]:
    """Return the files that one text stands for.

    Raises:
        RecordError: it stands for none.
    """
    path = Path(text)
    if path.is_dir():
        found = sorted(each for each in path.rglob(f"*{_SUFFIX}") if each.is_file())
        if not found:
            hint = f"name the files, if their names do not end in `{_SUFFIX}`"
            raise RecordError("there are no records in this folder", path=text, hint=hint)
        return found
    if path.exists() or not glob.has_magic(text):
        return [path]
    matched = sorted(Path(each) for each in glob.iglob(text, recursive=True))  # noqa: PTH207  It may be absolute.
    if not matched:
        raise RecordError("no file matches this pattern", path=text, hint="check the pattern, or name the files")
    return [each for match in matched for each in (_expand(str(match)) if match.is_dir() else [match])]


def _read_file(path: str) -> TestRun | ExternalReport:
    """Read one file.

    Raises:
        RecordError: it cannot be read, or holds no results.
    """
    try:
        content = Path(path).read_bytes()
        return (
            read_report(content, path=path) if is_external_report(content) else parse_run(content.decode(), path=path)
        )
    except FileNotFoundError as error:
        raise RecordError("no records of a run", path=path, hint="check the name of the file") from error
    except UnicodeDecodeError as error:
        raise RecordError("cannot read the records: not UTF-8 text", path=path) from error
    except OSError as error:
        raise RecordError(f"cannot read the records: {error.strerror}", path=path) from error


def refuse_external_reports(read: LoadedRuns) -> tuple[Diagnostic, ...]:
    """Return an error for each report of another tool: it says neither when its run began nor what it ran from."""
    message = "a report of another tool is no run, and cannot be remembered"
    hint = "name the records that `spec2bdd run` leaves"
    return tuple(Diagnostic(one.path, 0, 0, Severity.ERROR, "record", message, hint) for one in read.reports)


def describe_unfinished(report: Report) -> tuple[Diagnostic, ...]:
    """Return an error for each run that did not come to its end, unless others say all that it should have said."""
    if report.command != "mark":
        return ()
    message = "the run did not come to its end; only what it had proved by then was marked"
    hint = "type `spec2bdd run` for a whole one"
    judged = {found.id for spec in report.specs for found in spec.judgements if found.verdict in _JUDGED}
    open_runs = [run for run in report.runs if not run.complete]
    lacking = [run for run in open_runs if len(report.runs) == 1 or not judged >= run.expected.keys()]
    return tuple(Diagnostic(run.path, 0, 0, Severity.ERROR, "run-unfinished", message, hint) for run in lacking)


def describe_settings(config: Config, reports: Sequence[SpecReport]) -> tuple[Diagnostic, ...]:
    """Return a warning for each setting of Behave that may be why a run of everything has no result of a criterion."""
    lacking = [one for report in reports for one in report.judgements if one.verdict in _LACKING]
    if not lacking:
        return ()
    count = f"{len(lacking)} {'criterion has' if len(lacking) == 1 else 'criteria have'} no result"
    hint = "take the setting out, or hand it to Behave only where you want it: `spec2bdd run -- ...`"
    return tuple(
        Diagnostic(
            one.path,
            one.line,
            0,
            Severity.WARNING,
            "behave-setting",
            f"`{one.name} = {one.value}` decides what Behave runs, and {count}",
            hint,
        )
        for one in find_settings(config.root)
    )


def run_features(
    project: Project,
    records: Path,
    on_event: Listener,
    *,
    plan: RunOptions = DEFAULT_RUN,
    preloaded: PreloadedBehave | None = None,
) -> LoadedRuns:
    """Run Behave on the features that the plan names, and read its records back."""
    config = project.config
    if not project.library.tags:
        return LoadedRuns()
    run_id = uuid4().hex
    try:
        if config.records.parent in records.parents:
            make_cache(config.records.parent)
        ended = run_behave(
            config.root,
            features=config.features,
            record_path=records,
            run_id=run_id,
            on_event=on_event,
            plan=plan,
            preloaded=preloaded,
        )
        read = read_run(records, run_id=run_id)
    except Spec2bddError as error:
        return LoadedRuns(problems=(diagnose_error(error),))
    if read.run and read.run.complete:
        return read
    return LoadedRuns(
        run=read.run, problems=(*(read.run.problems if read.run else ()), *_find_causes(config, ended, read))
    )


def read_run(records: Path, *, run_id: str = "") -> LoadedRuns:
    """Read a record file; one that is missing or no record file gives a problem and no run."""
    try:
        text = records.read_text(encoding="utf-8")
        run = parse_run(text, path=records.name, run_id=run_id)
        return LoadedRuns(run=run, problems=run.problems)
    except FileNotFoundError:
        error: Spec2bddError = RecordError("no records of a run", path=records.name, hint="type `spec2bdd run` first")
    except (OSError, UnicodeDecodeError) as cause:
        error = RecordError(f"cannot read the records: {cause}", path=records.name)
    except RecordError as cause:
        error = cause
    return LoadedRuns(problems=(diagnose_error(error),))


def _find_causes(config: Config, ended: BehaveExit, read: LoadedRuns) -> tuple[Diagnostic, ...]:
    """Return why Behave did not come to its end: a step module that ends Python itself, else what it said itself."""
    if read.run is None:
        # Without a first line, the modules were never all loaded.
        try:
            query_registry(config.root, steps=config.steps, queries=())
        except Spec2bddError as error:
            return (diagnose_error(error),)
    return (diagnose_crash(code=ended.code, output=ended.output),)


def diagnose_no_features(config: Config) -> LoadedRuns:
    """Return the error for a project without feature files."""
    message = f"there is nothing to run: `{config.features}/` holds no `.feature` file"
    return LoadedRuns(
        problems=(Diagnostic("", 0, 0, Severity.ERROR, "no-features", message, "type `spec2bdd generate`"),)
    )
