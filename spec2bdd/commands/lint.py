"""The `lint` command: check how specs are written, and apply fixes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

from spec2bdd.adapters.system import files
from spec2bdd.commands._report import apply_changes, compute_exit_code
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import Config
from spec2bdd.config.location import ProjectLocation, resolve_config, resolve_path
from spec2bdd.config.spec_places import diagnose_missing_places
from spec2bdd.config.tables import name_tables_in_diagnostics
from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.diagnostics.codes import is_fixable
from spec2bdd.diagnostics.levels import apply_levels
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.lint.dependencies import collect_known_ids
from spec2bdd.domain.lint.fixes.apply import FixedSpec, fix_spec
from spec2bdd.domain.lint.rules import lint_spec
from spec2bdd.domain.lint.sections import check_sections
from spec2bdd.domain.planning.spec_plan import SpecPlan, plan_specs
from spec2bdd.domain.verdicts.status.dependencies import find_cycles
from spec2bdd.domain.verdicts.status.status import check_known_status, raise_set_aside
from spec2bdd.errors import UsageError
from spec2bdd.model import Diagnostic, FileChange, Report, Severity, SpecReport
from spec2bdd.model.values import dataclass
from spec2bdd.project.assessment import build_status_policy, describe_unmatched, find_unmatched_requirements
from spec2bdd.project.spec_files import (
    NO_CONTENTS,
    SPEC_SUFFIX,
    LoadedSpecs,
    find_specs,
    find_unreadable_specs,
    list_specs,
    parse_project_spec,
    read_specs,
)
from spec2bdd.project.trace.documents import read_documents

# After one of these, a part of a spec was not read or a fix not written, so the report is incomplete.
_INCOMPLETE = frozenset(
    {
        "spec-encoding",
        "conflict-marker",
        "unreadable",
        "too-deep",
        "too-long",
        "misplaced-box",
        "write-failed",
        "file-changed",
    }
)


# Path, line and code.
_Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class _LintResult:
    """The specs of one reading, the paths that were asked for, and the diagnostics of each file."""

    read: LoadedSpecs
    selected: frozenset[str]
    unsaved: Mapping[str, bytes]
    diagnostics: Mapping[str, tuple[Diagnostic, ...]]


def lint(
    project: ProjectLocation = ".",
    *,
    paths: Sequence[Path | str] = (),
    fix: bool = False,
    mode: WriteMode = WriteMode.WRITE,
    unsaved: Mapping[str, bytes] = NO_CONTENTS,
) -> Report:
    """Check how specs are written; with `fix`, also fix missing checkboxes, quoting and mixed list markers.

    `paths` are files, folders or names of specs; without any, all specs are checked. Every rule sees the whole project,
    since some compare specs with each other. With `fix` and another `mode` than `WRITE`, the fixes are reported and not
    written. `unsaved` are contents of files that are open in an editor, by path; if there are any, only these files are
    checked, and nothing is written.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a path is outside the project, or a name matches no spec.
    """
    config = resolve_config(project)
    unsaved = {resolve_path(config, Path(path)): content for path, content in unsaved.items()}
    selected = frozenset(unsaved) or _select_files(config, paths)
    writes = fix and mode.writes and not unsaved
    # No other process may write between the check that a fix is based on and the fix.
    with files.folder_lock(config.root) if writes else nullcontext():
        if writes:
            files.remove_stale_temp_files(config.root, set(map(files.find_base, config.specs)))
        result = _lint_specs(config, selected, unsaved)
        fixed = _fix_specs(config, result)
        if not fix:
            report = _mark_fixable(_build_report(config, result), config, result, fixed)
            count = sum(diagnostic.fixable for diagnostic in report.diagnostics)
            note = f"[*] {count} fixable with `spec2bdd lint --fix`; `--diff` shows the changes"
            return replace(report, notes=(note,) if count else ())
        changes = [
            FileChange(fix.spec.path, result.read.contents[fix.spec.path], fix.spec.text.encode("utf-8"))
            for fix in fixed
        ]
        if not writes:
            return _mark_fixable(_build_report(config, result, changes=changes, wrote=False), config, result, fixed)
        written = apply_changes(config, changes, mode)
    left = _lint_specs(config, selected, unsaved)
    report = _build_report(config, left, diagnostics=written.diagnostics, changes=written.changes)
    return replace(report, notes=(_describe_fixed(result, left),) if written.changes else ())


def _describe_fixed(before: _LintResult, after: _LintResult) -> str:
    """Count what was fixed and what is left, with what only the fixes have brought to light."""
    was, left = _count_diagnostics(before), _count_diagnostics(after)
    new = (left - was).total()
    found = f", {new} of them found after the fixes" if new else ""
    return f"{(was - left).total()} fixed, {left.total()} left{found}"


def _count_diagnostics(result: _LintResult) -> Counter[_Key]:
    """Count diagnostics by path, line and code: no fix adds or removes a line."""
    return Counter(map(_get_key, (found for items in result.diagnostics.values() for found in items)))


def _get_key(found: Diagnostic) -> _Key:
    """Return what identifies a diagnostic before and after fixes."""
    return found.path, found.line, found.code


def _mark_fixable(report: Report, config: Config, result: _LintResult, fixed: Sequence[FixedSpec]) -> Report:
    """Mark the diagnostics that `--fix` resolves, as many as it then counts: a fix may resolve others than its own."""
    if not fixed:
        return report
    contents = {fix.spec.path: fix.spec.text.encode("utf-8") for fix in fixed}
    after = _lint_specs(config, result.selected, {**result.unsaved, **contents})
    resolved = _count_diagnostics(result) - _count_diagnostics(after)
    own = {_get_place(diagnostic) for fix in fixed for diagnostic in fix.fixed}
    marked = set()
    # Of two that are alike in one line, one may be fixed.
    for found in sorted(report.diagnostics, key=lambda found: _get_place(found) not in own):
        if resolved[_get_key(found)] > 0:
            resolved[_get_key(found)] -= 1
            marked.add(id(found))
    diagnostics = (replace(found, fixable=id(found) in marked) for found in report.diagnostics)
    return replace(report, diagnostics=tuple(diagnostics))


def _get_place(found: Diagnostic) -> tuple[_Key, int]:
    """Return what distinguishes diagnostics that are alike in one line."""
    return _get_key(found), found.column


def _select_files(config: Config, paths: Sequence[Path | str]) -> frozenset[str]:
    """Find the files that were asked for; without paths, all specs of the project.

    A file or folder that hides specs because it cannot be read is selected too, so that its error is reported.
    """
    if not paths:
        return frozenset([*find_specs(config), *(path for path, _ in find_unreadable_specs(config))])
    selected: list[str] = []
    specs: frozenset[str] = frozenset()
    for path in paths:
        if not Path(path).exists():
            selected.append(_find_named_spec(config, str(path)))
            continue
        name = resolve_path(config, Path(path))
        if (config.root / name).is_dir():
            selected += files.find_matching(config.root, [name], exclude=config.exclude, suffix=SPEC_SUFFIX)
            selected += [path for path, _ in files.find_unreadable(config.root, name, suffix=SPEC_SUFFIX)]
        elif name.endswith(SPEC_SUFFIX) or name in (specs := specs or frozenset(find_specs(config))):
            selected.append(name)
        else:
            raise UsageError("not a Markdown file", path=name, hint=f"name a `{SPEC_SUFFIX}` file or a folder")
    if not selected:
        hint = f"name a `{SPEC_SUFFIX}` file, or a folder with `{SPEC_SUFFIX}` files"
        raise UsageError(f"no specs found: no `{SPEC_SUFFIX}` files in `{paths[0]}`", hint=hint)
    return frozenset(selected)


def _find_named_spec(config: Config, name: str) -> str:
    """Find the path of the spec that is named by something else than a path.

    Raises:
        UsageError: no spec matches, or several do.
    """
    # Needed for names alone, and only the specs' own words decide.
    from spec2bdd.project.lookup import find_spec

    return find_spec(
        [SpecPlan(spec, (), None) for spec in read_specs(config, find_specs(config)).specs], name
    ).spec.path


def _lint_specs(config: Config, selected: frozenset[str], unsaved: Mapping[str, bytes]) -> _LintResult:
    """Read all specs of the project and run every rule over the selected ones."""
    every_path = list_specs(config)
    read = read_specs(config, sorted({*every_path, *selected}), unsaved=unsaved)
    known_ids = collect_known_ids(read.specs)
    documents = read_documents(config)
    shared = [*_find_conflicts(config, read), *find_cycles(read.specs)]
    diagnostics: dict[str, tuple[Diagnostic, ...]] = {
        diagnostic.path: (diagnostic,) for diagnostic in read.diagnostics if diagnostic.path in selected
    }
    for spec in read.specs:
        if spec.path in selected:
            policy = build_status_policy(config).adapt_to(spec)
            found = (diagnostic for diagnostic in shared if diagnostic.path == spec.path)
            others = [
                *check_known_status(spec, policy),
                *check_sections(spec, documents.sections),
                *raise_set_aside(found, spec, policy),
            ]
            diagnostics[spec.path] = lint_spec(spec, known=known_ids, others=others, levels=config.lint)
    if selected.issuperset(every_path):
        # An entry of `[done]` that matches no item is only certain once every spec was looked at.
        unmatched = [
            build_diagnostic("unused-evidence", describe_unmatched(requirement))
            for requirement in find_unmatched_requirements(config.done, read.specs)
        ]
        unmatched += [*diagnose_missing_places(config, every_path), *documents.diagnostics]
        diagnostics[""] = tuple(apply_levels(unmatched, config.lint))
    return _LintResult(read, selected, unsaved, diagnostics)


def _find_conflicts(config: Config, read: LoadedSpecs) -> list[Diagnostic]:
    """Find what `generate` would refuse in specs that it has never seen; a rule of its own reports repeated texts."""
    plans, conflicts = plan_specs(
        read.specs, FeatureIndex(), folder=config.features, paths=frozenset(read.contents), language=config.language
    )
    diagnostics = [*conflicts, *(diagnostic for plan in plans for diagnostic in plan.diagnostics)]
    return [diagnostic for diagnostic in diagnostics if diagnostic.code != "same-text"]


def _fix_specs(config: Config, result: _LintResult) -> list[FixedSpec]:
    """Fix each spec that has a fixable diagnostic; only specs that the fixes change are returned."""
    run_rules = partial(lint_spec, known=collect_known_ids(result.read.specs), others=(), levels=config.lint)
    fixable = {
        path
        for path, diagnostics in result.diagnostics.items()
        if any(is_fixable(diagnostic.code) for diagnostic in diagnostics)
    }
    specs = [spec for spec in result.read.specs if spec.path in fixable]
    fixed = [fix_spec(spec, run_rules, partial(parse_project_spec, config)) for spec in specs]
    return [fix for fix in fixed if fix.fixed]


def _build_report(
    config: Config,
    result: _LintResult,
    *,
    diagnostics: Sequence[Diagnostic] = (),
    changes: Sequence[FileChange] = (),
    wrote: bool = True,
) -> Report:
    """Build the report; anything but a suggestion fails it."""
    by_path = (diagnostic for path in sorted(result.diagnostics) for diagnostic in result.diagnostics[path])
    diagnostics = tuple(name_tables_in_diagnostics((*diagnostics, *by_path), config))
    specs = tuple(SpecReport(spec, ()) for spec in result.read.specs if spec.path in result.selected)
    is_failed = any(diagnostic.severity is not Severity.SUGGESTION for diagnostic in diagnostics)
    is_failed |= bool(changes) and not wrote
    is_incomplete = any(diagnostic.code in _INCOMPLETE for diagnostic in diagnostics)
    exit_code = compute_exit_code(failed=is_failed, incomplete=is_incomplete)
    return Report("lint", tuple(changes), wrote=wrote, specs=specs, diagnostics=diagnostics, exit_code=exit_code)
