"""Run a project's features and store the records, and load records that were stored or that a user names.

Records that cannot be read become diagnostics and do not hide the rest.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from uuid import uuid4

from spec2bdd.adapters.behave.launcher import diagnose_crash, run_behave
from spec2bdd.adapters.behave.preloaded import PreloadedBehave
from spec2bdd.adapters.behave.registry.client import query_registry
from spec2bdd.adapters.results.event_log import parse_run, parse_run_lines
from spec2bdd.adapters.results.record_files import SUFFIX, expand_name
from spec2bdd.adapters.system.files import open_file
from spec2bdd.config import Config
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.errors import RecordError, Spec2bddError
from spec2bdd.model import DEFAULT_RUN, Diagnostic, ExternalReport, RunOptions, TestRun
from spec2bdd.project.cache.folder import make_cache
from spec2bdd.project.loader import Project
from spec2bdd.project.outcome import LoadedRuns
from spec2bdd.project.run_diagnostics import describe_changed, diagnose_no_start, diagnose_removed

Listener = Callable[[Mapping[str, object]], None]

# By how much the clock of another machine may be fast.
_LARGEST_LEAD = timedelta(hours=1)
_LINES_SUFFIX = ".lines.json"
_HINT_FILES = "name a record file, or a folder of record files"
_HINT_REPLACE = "delete it, then run `spec2bdd verify`"


def load_runs(config: Config, names: Sequence[str]) -> LoadedRuns:
    """Load the record files that were named, or those of the last run."""
    return _read_files(names) if names else load_last_runs(config)


def load_last_runs(config: Config, *, tags: frozenset[str] = frozenset()) -> LoadedRuns:
    """Load the records of the last whole run and of the partial runs since then.

    With `tags`, only the results of scenarios that have one of these are loaded.
    """
    paths = [str(path) for path in find_last_run_files(config)]
    # A whole run alone has diagnostics of its own, such as which command to type first.
    if paths in ([], [str(config.records)]):
        return read_run(config.records, tags=tags)
    read = _read_files(paths, tags=tags)
    if str(config.records) not in paths:
        return read
    # A whole run ends the partial runs before it as soon as it has begun, even if it never ended itself.
    whole = next((run for run in read.runs if run.path == config.records.as_posix()), None)
    runs = [run for run in read.runs if whole and run.started >= whole.started]
    return replace(read, run=runs[-1] if runs else None, older=tuple(runs[:-1]))


def add_kept_runs(config: Config, ran: LoadedRuns) -> LoadedRuns:
    """Add the runs whose records are kept to a partial run that has just ended, as `mark` would read them together."""
    if ran.run is None:
        return ran
    kept = tuple(run for run in load_last_runs(config).runs if run.id != ran.run.id)
    return replace(ran, older=kept)


def load_other_shards(config: Config, run: TestRun | None) -> tuple[TestRun, ...]:
    """Load the runs that `mark` would judge together with a shard that has just ended: those of its other shards.

    Where earlier runs have results of all other scenarios, no shard is missing, and all of them are loaded.
    """
    if run is None or not run.shard:
        return ()
    # Few runs are shards.
    from spec2bdd.domain.verdicts.shards import has_all_results

    kept = tuple(other for other in load_last_runs(config).runs if other.id != run.id and other.tree == run.tree)
    if has_all_results((*kept, run)):
        return kept
    return tuple(other for other in kept if other.shard and other.partition == run.partition)


def run_and_store(
    project: Project,
    plan: RunOptions,
    on_event: Listener,
    *,
    whole: bool,
    preloaded: PreloadedBehave | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> LoadedRuns:
    """Run features; a whole run replaces the one before and the partial runs since then, a partial one its like."""
    config = project.config
    # Partial runs may run at the same time, so each has its own file.
    part = config.records.with_name(config.parts.replace("*", uuid4().hex))
    records = config.records if whole else part
    kept = [path for path in find_last_run_files(config) if path != records]
    ran = run_features(
        project,
        records,
        on_event,
        plan=plan,
        preloaded=preloaded,
        meanwhile=meanwhile,
        lines=config.record_lines and not plan.debugger and plan.executor == "local",
    )
    if ran.run and config.record_lines:
        # Few projects record lines.
        from spec2bdd.project.since.lines import store_lines

        store_lines(config, records, ran.run, known=(*kept, records))
    if ran.run:
        # Earlier records can claim to have started later: the clock was set back. The newest result counts, so they
        # would hide the new ones. Of runs of the same scenarios with the same results, one is kept: their number would
        # grow with each save.
        for path in kept:
            with suppress(OSError, UnicodeDecodeError, RecordError):
                with TextIOWrapper(open_file(path), encoding="utf-8") as stream:
                    earlier = parse_run_lines(stream, path=path.name)
                is_like = ran.run.complete and ran.run.repeats(earlier) and (bool(plan.kept) or not earlier.kept)
                # One that has run nothing only says what is known of today's files, as this one does.
                is_empty = bool(plan.kept) and all(result.status == "skipped" for result in earlier.results)
                is_replaced = path != config.records and (is_like or is_empty)
                if earlier.started > ran.run.started or is_replaced:
                    path.unlink()
                    path.with_suffix(_LINES_SUFFIX).unlink(missing_ok=True)
    if ran.run and ran.run.complete and whole:
        parts = config.parts.removesuffix(SUFFIX)
        for path in (*config.records.parent.glob(config.parts), *config.records.parent.glob(f"{parts}{_LINES_SUFFIX}")):
            # Another process may remove it at the same moment, and one too many does no harm.
            with suppress(OSError):
                path.unlink()
    return ran


def find_last_run_files(config: Config) -> tuple[Path, ...]:
    """Find the records of the last whole run and of the partial runs since then."""
    kept = [config.records, *sorted(config.records.parent.glob(config.parts))]
    return tuple(path for path in kept if path.exists())


def _read_files(names: Sequence[str], *, tags: frozenset[str] = frozenset()) -> LoadedRuns:
    """Read the record files that were named, runs from the oldest to the newest."""
    runs: list[TestRun] = []
    reports: list[ExternalReport] = []
    diagnostics: list[Diagnostic] = []
    seen: set[str] = set()
    for text in names:
        try:
            files = expand_name(text)
        except RecordError as error:
            diagnostics.append(diagnose_error(error))
            continue
        for file in files:
            # A file may be named twice, as by itself and by a pattern. `Path.resolve` fails on links in a circle.
            real = os.path.realpath(file)
            if real in seen:
                continue
            seen.add(real)
            try:
                results = _read_file(file.as_posix(), tags)
            except RecordError as error:
                diagnostics.append(diagnose_error(error))
                continue
            if isinstance(results, ExternalReport):
                reports.append(results)
            else:
                runs.append(results)
                diagnostics += (*results.diagnostics, *describe_changed(results))
    # By the time that they started, whatever their order on the command line.
    runs.sort(key=lambda run: (run.started, run.id))
    newest = runs[-1] if runs else None
    return LoadedRuns(run=newest, older=tuple(runs[:-1]), diagnostics=tuple(diagnostics), reports=tuple(reports))


def _read_file(path: str, tags: frozenset[str]) -> TestRun | ExternalReport:
    """Read one file: a run, or a report of another tool.

    Raises:
        RecordError: it cannot be read, or holds no results.
    """
    # Needed by `mark`, and not by a run that reads its own records.
    from spec2bdd.adapters.results.external.detect import is_external_report
    from spec2bdd.project.external_results import read_report

    try:
        with open_file(path) as stream:
            content = stream.read()
        if is_external_report(content):
            return read_report(content, path=path)
        run = parse_run(content.decode(), path=path, tags=tags)
    except FileNotFoundError as error:
        raise RecordError("file not found", path=path, hint="check the path") from error
    except UnicodeDecodeError as error:
        raise RecordError("cannot read the records: not UTF-8", path=path) from error
    except OSError as error:
        raise RecordError(f"cannot read the records: {error.strerror}", path=path, hint=_HINT_FILES) from error
    # It would count as the newest one, and hide every result that is newer.
    if run.started > (datetime.now(UTC) + _LARGEST_LEAD).isoformat(timespec="microseconds"):
        hint = "set the clock of the machine that ran it, or of this one, and run again"
        raise RecordError(f"the run claims to have started in the future, at {run.started}", path=path, hint=hint)
    return run


def run_features(
    project: Project,
    records: Path,
    on_event: Listener,
    *,
    plan: RunOptions = DEFAULT_RUN,
    preloaded: PreloadedBehave | None = None,
    meanwhile: Callable[[], None] | None = None,
    lines: bool = False,
) -> LoadedRuns:
    """Run Behave on the features of the plan, and read its records; `meanwhile` is called once Behave has begun.

    With `lines`, those that the scenarios run are recorded as well.
    """
    config = project.config
    if not project.feature_index.tags:
        return LoadedRuns()
    # The id in the records proves that they are of this run, and not left from an earlier one.
    run_id = uuid4().hex
    on_event = _report_as_judged(project, on_event)
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
            sources=config.sources,
            lines=lines,
            preloaded=preloaded,
            meanwhile=meanwhile,
        )
        read = read_run(records, run_id=run_id)
    except Spec2bddError as error:
        return LoadedRuns(diagnostics=(diagnose_error(error),))
    if read.run and read.run.complete:
        return read if read.run.changed else replace(read, today=read.run.fingerprint)
    diagnostics = list(read.run.diagnostics) if read.run else []
    if not records.parent.exists():
        return LoadedRuns(diagnostics=(diagnose_removed(records.parent.name),))
    if read.run is None and _holds_events(records):
        return read
    if read.run is None:
        # Without a header, not all step modules were loaded: find out whether one of them ends Python.
        try:
            query_registry(config.root, steps=config.steps, queries=())
        except Spec2bddError as error:
            return LoadedRuns(diagnostics=(diagnose_error(error),))
        return LoadedRuns(diagnostics=(diagnose_no_start(config, code=ended.code, output=ended.output),))
    return LoadedRuns(run=read.run, diagnostics=(*diagnostics, diagnose_crash(code=ended.code, output=ended.output)))


def _holds_events(records: Path) -> bool:
    """Whether there is anything in a record file, which may be of another run."""
    with suppress(OSError):
        return records.stat().st_size > 0
    return False


def _report_as_judged(project: Project, on_event: Listener) -> Listener:
    """Report what verdicts will depend on: outdated scenarios as stale, and vacuous steps only where these count."""
    outdated = {item.id for plan in project.plans for item in plan.tracked if item.known and not item.current}
    drops_vacuity = project.config.vacuous == "pass"
    if not (outdated or drops_vacuity):
        return on_event

    def listen(event: Mapping[str, object]) -> None:
        tags = event.get("tags") if outdated and event.get("event") == "scenario_start" else None
        ids = {tag for tag in tags if str(tag).startswith("ac_")} if isinstance(tags, list) else set()
        if ids and ids <= outdated:
            event = {**event, "stale": True}
        on_event({**event, "vacuous": False} if drops_vacuity and "vacuous" in event else event)

    return listen


def read_run(records: Path, *, run_id: str = "", tags: frozenset[str] = frozenset()) -> LoadedRuns:
    """Read a record file; one that is missing or cannot be read gives a diagnostic and no run."""
    name = f"{records.parent.name}/{records.name}"
    try:
        # Not read at once: records may be large.
        with TextIOWrapper(open_file(records), encoding="utf-8") as stream:
            run = parse_run_lines(stream, path=name, run_id=run_id, tags=tags)
        return LoadedRuns(run=run, diagnostics=(*run.diagnostics, *describe_changed(run)))
    except FileNotFoundError:
        error: Spec2bddError = RecordError("no results yet", hint="run `spec2bdd verify`")
    except OSError as cause:
        error = RecordError(f"cannot read the records: {cause.strerror or cause}", path=name, hint=_HINT_REPLACE)
    except UnicodeDecodeError as cause:
        error = RecordError(f"cannot read the records: {cause}", path=name)
    except RecordError as cause:
        error = cause
    return LoadedRuns(diagnostics=(diagnose_error(error),))
