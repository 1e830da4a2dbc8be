"""What `lint` was asked for in, its report out: findings on how specs are written, and fixes of what is mechanical."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from spec2bdd.adapters.system import files
from spec2bdd.config import Config
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.diagnostics.levels import apply_levels
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.lint.dependencies import derive_known_ids
from spec2bdd.domain.lint.fixes.apply import FixedSpec, can_be_fixed, fix_spec
from spec2bdd.domain.lint.rules import lint_spec
from spec2bdd.domain.planning.spec_plan import plan_specs
from spec2bdd.domain.verdicts.status.dependencies import find_cycles
from spec2bdd.domain.verdicts.status.status import check_known_status
from spec2bdd.errors import ConfigError
from spec2bdd.model import Diagnostic, FileChange, Report, Severity, SpecReport
from spec2bdd.project.assessment import build_status_policy, find_unmatched_requirements
from spec2bdd.project.loader import SPEC_SUFFIX, LoadedSpecs, find_specs, parse_project_spec, read_specs

# With one of these, a part of a spec was not read or a fix not written: what is told is not all.
_UNDONE = frozenset({"spec", "unreadable", "too-deep", "too-long", "misplaced-box", "write", "file-changed"})


@dataclass(frozen=True, slots=True)
class LintOptions:
    """What was asked for: which files or folders (none: all specs), to fix what can be, to write nothing."""

    paths: tuple[Path, ...] = ()
    fix: bool = False
    check: bool = False


@dataclass(frozen=True, slots=True)
class _LintResult:
    """The specs of one reading that were asked for, and what is to be told of each file."""

    read: LoadedSpecs
    chosen: frozenset[str]
    findings: Mapping[str, tuple[Diagnostic, ...]]


def lint(config: Config, wishes: LintOptions) -> Report:
    """Find what is amiss with the specs; what several of them share is judged over the whole project.

    Raises:
        ConfigError: there are no specs, or a path leads out of the project.
    """
    chosen = _find_chosen(config, wishes.paths)
    if wishes.fix and not wishes.check:
        return _fix(config, chosen)
    linted = _lint(config, chosen)
    fixed = _derive_fixes(config, linted)
    if not wishes.fix:
        return _derive_report(linted, notes=_describe_fixes(linted, fixed))
    return _derive_report(linted, changes=_derive_changes(linted, fixed), wrote=False)


def _fix(config: Config, chosen: frozenset[str]) -> Report:
    """Mend what can be mended, and find what is left."""
    with files.folder_lock(config.root):
        files.remove_stale_temp_files(config.root, {config.specs})
        linted = _lint(config, chosen)
        written = files.write_changes(config.root, _derive_changes(linted, _derive_fixes(config, linted)))
    problems = [diagnose_error(error) for error in written.errors]
    return _derive_report(_lint(config, chosen), problems=problems, changes=written.changes)


def _derive_changes(linted: _LintResult, fixed: Sequence[FixedSpec]) -> tuple[FileChange, ...]:
    """Return the changes that mend the specs."""
    return tuple(
        FileChange(one.spec.path, linted.read.contents[one.spec.path], one.spec.text.encode("utf-8")) for one in fixed
    )


def _find_chosen(config: Config, paths: Sequence[Path]) -> frozenset[str]:
    """Return the files that were asked for, from the root; without any, all specs."""
    if not paths:
        return frozenset([*find_specs(config), *_find_hidden(config, config.specs)])
    chosen = [found for path in paths for found in _find_below(config, path)]
    if not chosen:
        hint = f"name a `{SPEC_SUFFIX}` file, or a folder that holds some"
        raise ConfigError(f"no specs found: `{paths[0]}` holds no `{SPEC_SUFFIX}` file", hint=hint)
    return frozenset(chosen)


def _find_below(config: Config, path: Path) -> list[str]:
    """Return the file that a path names, or all specs in a folder."""
    name = _find_path(config, path)
    if not (config.root / name).is_dir():
        return [name]
    return [*files.find_files(config.root, name, suffix=SPEC_SUFFIX), *_find_hidden(config, name)]


def _find_hidden(config: Config, folder: str) -> list[str]:
    """Return what hides specs below a folder: whoever asks for all that is there is told of it."""
    return [path for path, _ in files.find_unreadable(config.root, folder, suffix=SPEC_SUFFIX)]


def _find_path(config: Config, path: Path) -> str:
    """Return a path as the project has it, from the root, with `/`."""
    # Links are kept: a spec is known by the path that the project has for it.
    name = Path(os.path.relpath(path.absolute(), config.root)).as_posix()
    if name.startswith("../") or name == ".." or Path(name).is_absolute():
        hint = "name files of one project at a time; `--config` names another project's configuration"
        raise ConfigError(f"`{path}` lies outside the project", hint=hint)
    return name


def _lint(config: Config, chosen: frozenset[str]) -> _LintResult:
    """Read all specs of the project, and find what is amiss with the chosen ones."""
    everything = files.find_files(config.root, config.specs, suffix=SPEC_SUFFIX)
    read = read_specs(config, sorted({*everything, *chosen}))
    known = derive_known_ids(read.specs)
    shared = [*_find_conflicts(config, read), *find_cycles(read.specs)]
    findings: dict[str, tuple[Diagnostic, ...]] = {
        problem.path: (problem,) for problem in read.problems if problem.path in chosen
    }
    for spec in read.specs:
        if spec.path in chosen:
            others = [
                *check_known_status(spec, build_status_policy(config)),
                *(one for one in shared if one.path == spec.path),
            ]
            findings[spec.path] = lint_spec(spec, known=known, others=others, levels=config.lint)
    if chosen.issuperset(everything):
        findings[""] = tuple(apply_levels(_find_idle_demands(config, read), config.lint))
    return _LintResult(read, chosen, findings)


def _find_conflicts(config: Config, read: LoadedSpecs) -> list[Diagnostic]:
    """Return what `generate` would refuse in specs that are new to it; repeated texts are found by linting itself."""
    paths = frozenset(read.contents)
    drafts, conflicts = plan_specs(
        read.specs, FeatureIndex(), folder=config.features, paths=paths, language=config.language
    )
    problems = [*conflicts, *(problem for draft in drafts for problem in draft.problems)]
    return [problem for problem in problems if problem.code != "same-text"]


def _find_idle_demands(config: Config, read: LoadedSpecs) -> Iterator[Diagnostic]:
    """Yield advice for each entry of the table `done` that speaks of no item."""
    for demand in find_unmatched_requirements(config.done, read.specs):
        message = f"no spec has a done item that `{demand.key}` below `[tool.spec2bdd.done]` speaks of"
        hint = "write the text of an item, or a regular expression between slashes"
        yield Diagnostic("", 0, 0, Severity.ADVICE, "idle-evidence", message, hint)


def _derive_fixes(config: Config, linted: _LintResult) -> list[FixedSpec]:
    """Return the specs that something can be mended in."""
    find = partial(lint_spec, known=derive_known_ids(linted.read.specs), others=(), levels=config.lint)
    fixable = {path for path, found in linted.findings.items() if any(can_be_fixed(one.code) for one in found)}
    specs = [spec for spec in linted.read.specs if spec.path in fixable]
    fixed = [fix_spec(spec, find, partial(parse_project_spec, config)) for spec in specs]
    return [one for one in fixed if one.mended]


def _describe_fixes(linted: _LintResult, fixed: Sequence[FixedSpec]) -> tuple[str, ...]:
    """Say how many of the findings can be mended without a person."""
    count = sum(finding in linted.findings[one.spec.path] for one in fixed for finding in one.mended)
    return (f"`spec2bdd lint --fix` mends {count} of them; `--diff` shows how",) if count else ()


def _derive_report(
    linted: _LintResult,
    *,
    problems: Sequence[Diagnostic] = (),
    changes: Sequence[FileChange] = (),
    wrote: bool = True,
    notes: tuple[str, ...] = (),
) -> Report:
    """Return the report, with its exit code: 0 nothing that matters, 1 findings, 2 something could not be read."""
    found = (*problems, *(one for path in sorted(linted.findings) for one in linted.findings[path]))
    specs = tuple(SpecReport(spec, ()) for spec in linted.read.specs if spec.path in linted.chosen)
    matter = any(one.severity is not Severity.ADVICE for one in found) or (changes and not wrote)
    code = 2 if any(one.code in _UNDONE for one in found) else int(bool(matter))
    return Report("lint", tuple(changes), wrote=wrote, specs=specs, problems=found, exit_code=code, notes=notes)
