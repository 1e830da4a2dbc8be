"""What every command does at its end: merge changes, settle diagnostics, compute the exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from spec2bdd.adapters.system import files
from spec2bdd.commands.options import Options
from spec2bdd.config import Config
from spec2bdd.diagnostics.codes import is_configurable
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.diagnostics.levels import finalize_diagnostics
from spec2bdd.model import Diagnostic, FileChange, Report, Severity
from spec2bdd.project.assessment import Assessment, JudgeOptions, judge_project
from spec2bdd.project.loader import Project
from spec2bdd.project.outcome import StageResult


def _judge(project: Project, ran: StageResult, options: Options, *, partial: bool) -> Assessment:
    """Judge all specs by what was run."""
    manner = JudgeOptions(
        strict=options.strict,
        gate_all=options.gate_all,
        commands=options.commands,
        partial=partial,
        trust_foreign=options.trust_foreign,
    )
    return judge_project(project, ran.runs, manner, ran.reports)


def _finish(project: Project, report: Report, options: Options, *, problems: Iterable[Diagnostic]) -> Report:
    """Return the report as it is told."""
    return finish_report(project, report, problems=problems, check=options.check, writes=options.writes)


def _write(config: Config, changes: Sequence[FileChange], options: Options) -> StageResult:
    """Write the changes, or only count them; one that cannot be written does not keep back the others."""
    if not options.writes:
        return StageResult(tuple(changes))
    with files.folder_lock(config.root):
        written = files.write_changes(config.root, changes)
    return StageResult(written.changes, problems=tuple(diagnose_error(error) for error in written.errors))


def merge_changes(changes: Iterable[FileChange]) -> tuple[FileChange, ...]:
    """Return one change for each file, from what stood there first to what stands there last."""
    merged: dict[str, FileChange] = {}
    for change in changes:
        earlier = merged.get(change.path)
        merged[change.path] = replace(change, before=earlier.before) if earlier else change
    return tuple(merged.values())


def finish_report(
    project: Project, report: Report, *, problems: Iterable[Diagnostic], check: bool, writes: bool
) -> Report:
    """Return the report with its problems, each once, and the exit code: 0 yes, 1 no, 2 it could not all be done."""
    unsettled = dict.fromkeys(problems)
    told = {problem.path for problem in unsettled} & project.contents.keys()
    texts = {path: _read_text(project, path) for path in told}
    settled = finalize_diagnostics(unsettled, texts, project.config.lint)
    found = tuple(problem for problem in settled if problem.severity is not Severity.ADVICE)
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    broken = any(not is_configurable(problem.code) for problem in errors)
    broken = broken or any(not feature for run in report.runs for feature, _ in run.failures)
    no = errors or any(not spec.answer for spec in report.specs) or (check and report.changes)
    return replace(report, wrote=writes, problems=found, exit_code=2 if broken else int(bool(no)))


def _read_text(project: Project, path: str) -> str:
    """Return the text of a file of the project, from the disk where its bytes were not kept."""
    with suppress(OSError):
        return (project.contents[path] or files.read_file(project.config.root, path) or b"").decode("utf-8", "replace")
    return ""
