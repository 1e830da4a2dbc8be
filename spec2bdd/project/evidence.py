"""The demands of the configuration in, what reports, git and commands say of them out; each is asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TypeVar

from spec2bdd.adapters.evidence.benchmark import parse_benchmark
from spec2bdd.adapters.evidence.coverage import parse_coverage
from spec2bdd.adapters.evidence.junit import join_tests, parse_junit
from spec2bdd.adapters.system import git
from spec2bdd.adapters.system.subprocess import follow_process, open_scratch, read_output, start_command
from spec2bdd.config import Config
from spec2bdd.errors import EvidenceError
from spec2bdd.model import (
    BenchmarkReport,
    CommandResult,
    EvidenceKind,
    EvidenceRequirement,
    EvidenceResult,
    FileCheck,
    FileChecks,
    Measurement,
)

Parsed = TypeVar("Parsed")


@dataclass(slots=True)
class _EvidenceCollector:
    """The project as far as it was looked at: the newest file of each set of sources, how each command ended."""

    config: Config
    newest: dict[tuple[str, ...], tuple[str, float]] = field(default_factory=dict)
    exits: dict[tuple[str, ...], EvidenceResult] = field(default_factory=dict)


def collect_evidence(
    config: Config, demands: Iterable[EvidenceRequirement], *, commands: bool
) -> Mapping[tuple[EvidenceRequirement, EvidenceKind], EvidenceResult]:
    """Return what there is of the evidence that the demands ask for, apart from criteria and tags.

    Reports that are missing, not whole, or older than the code are refused. Commands are run only with `commands`.
    """
    world = _EvidenceCollector(config)
    return {
        (demand, kind): _refuse_errors(world, demand, kind, commands=commands)
        for demand in dict.fromkeys(demands)
        for kind in demand.kinds
        if kind not in (EvidenceKind.TAGS, EvidenceKind.CRITERIA)
    }


def _refuse_errors(
    world: _EvidenceCollector, demand: EvidenceRequirement, kind: EvidenceKind, *, commands: bool
) -> EvidenceResult:
    """Return what there is of one kind of evidence; what cannot be used is refused with the reason."""
    try:
        if kind is EvidenceKind.COMMAND:
            return _find_exit(world, demand) if commands else _describe_unrun(demand)
        if kind is EvidenceKind.FILE:
            return EvidenceResult(_read_documents(world.config.root, demand))
        return _read_reports(world, demand, kind)
    except EvidenceError as error:
        place = f"`{error.path}`: " if error.path else ""
        return EvidenceResult(refusal=f"{place}{error.message}", hint=error.hint)


def _read_reports(world: _EvidenceCollector, demand: EvidenceRequirement, kind: EvidenceKind) -> EvidenceResult:
    """Return the fact that the reports of one kind hold, unless the code is newer than one of them."""
    patterns = {
        EvidenceKind.COVERAGE: (demand.coverage,),
        EvidenceKind.BENCHMARK: (demand.benchmark,),
        EvidenceKind.JUNIT: demand.junit,
    }[kind]
    paths = [path for pattern in patterns for path in _find_reports(world.config.root, pattern)]
    if kind is EvidenceKind.COVERAGE:
        fact: Measurement = _parse(world.config.root, paths[0], parse_coverage)
    elif kind is EvidenceKind.BENCHMARK:
        fact = _parse(world.config.root, paths[0], parse_benchmark)
    else:
        fact = join_tests([_parse(world.config.root, path, parse_junit) for path in paths])
    if isinstance(fact, BenchmarkReport) and fact.commit and _is_of_today(world, demand, fact.commit):
        return EvidenceResult(fact)
    old = _describe_age(world, demand, paths)
    return EvidenceResult(refusal=old, hint="write the report again", old=True) if old else EvidenceResult(fact)


def _find_reports(root: Path, pattern: str) -> list[str]:
    """Return the reports that a path or a pattern names; there has to be one."""
    found = sorted(path.relative_to(root).as_posix() for path in root.glob(pattern) if path.is_file())
    if not found:
        raise EvidenceError("there is no such file", path=pattern, hint="write the report before you verify")
    return found


def _parse(root: Path, path: str, parse: Callable[[bytes], Parsed]) -> Parsed:
    """Read and parse one report, and name it where it cannot be used."""
    try:
        content = (root / path).read_bytes()
        if not content.strip():
            raise EvidenceError("it is empty", hint="write the report again")
        return parse(content)
    except OSError as error:
        raise EvidenceError(f"cannot read: {error.strerror}", path=path) from error
    except EvidenceError as error:
        raise EvidenceError(error.message, hint=error.hint, path=path) from error


def _is_of_today(world: _EvidenceCollector, demand: EvidenceRequirement, commit: str) -> bool:
    """Tell whether no source differs from the commit that a report was made of."""
    patterns = _find_patterns(world, demand)
    left_out = [f":(exclude){world.config.specs}", f":(exclude){world.config.features}"]
    spoken = [f":(glob){pattern}" for pattern in patterns] or [".", *left_out]
    return git.is_same(world.config.root, commit, *spoken)


def _find_patterns(world: _EvidenceCollector, demand: EvidenceRequirement) -> tuple[str, ...]:
    """Return the patterns of the code that a demand's reports speak of; there may be none."""
    return demand.sources or world.config.sources


def _describe_age(world: _EvidenceCollector, demand: EvidenceRequirement, paths: list[str]) -> str:
    """Return why reports are too old, with the times that were compared, or nothing."""
    times = {path: (world.config.root / path).stat().st_mtime for path in paths}
    oldest = min(times, key=lambda path: times[path])
    source, changed = _find_newest(world, _find_patterns(world, demand), frozenset(paths))
    if times[oldest] >= changed:
        return ""
    return f"`{oldest}` is of {_render_time(times[oldest])}, and `{source}` changed at {_render_time(changed)}"


def _find_newest(world: _EvidenceCollector, patterns: tuple[str, ...], reports: frozenset[str]) -> tuple[str, float]:
    """Return the source that changed last, and when."""
    if patterns not in world.newest:
        paths = _find_sources(world.config, patterns)
        times = {path: (world.config.root / path).stat().st_mtime for path in paths if path not in reports}
        if not times:
            hint = 'name the code that reports speak of: `sources = ["src/**/*.py"]`'
            raise EvidenceError("nobody knows how old the code is: no source file was found", hint=hint)
        newest = max(times, key=lambda path: times[path])
        world.newest[patterns] = (newest, times[newest])
    return world.newest[patterns]


def _find_sources(config: Config, patterns: tuple[str, ...]) -> list[str]:
    """Return the files of the code: what the patterns name, else what git tracks besides specs and features."""
    if patterns:
        found = (path for pattern in patterns for path in config.root.glob(pattern))
        return [path.relative_to(config.root).as_posix() for path in found if path.is_file()]
    aside = tuple(f"{folder}/" for folder in (config.specs, config.features))
    tracked = git.find_tracked(config.root) or ()
    return [path for path in tracked if not path.startswith(aside) and (config.root / path).is_file()]


def _render_time(seconds: float) -> str:
    """Write a time of the file system as local time."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _read_documents(root: Path, demand: EvidenceRequirement) -> FileChecks:
    """Look at the files of a demand, and at what they were where today's branch began."""
    fork = git.find_fork(root, demand.since)
    if fork is None:
        hint = "fetch it: a shallow clone holds no other branch (`fetch-depth: 0`)"
        raise EvidenceError(f"git does not know the revision `{demand.since}` here", hint=hint)
    return FileChecks(tuple(_read_document(root, path, fork) for path in demand.file), demand.since)


def _read_document(root: Path, path: str, commit: str) -> FileCheck:
    """Look at one file."""
    target = root / path
    filled = target.is_file() and bool(target.read_bytes().strip())
    return FileCheck(path, there=target.is_file(), filled=filled, changed=not git.is_same(root, commit, path))


def _describe_unrun(demand: EvidenceRequirement) -> EvidenceResult:
    """Return what there is of a command that was not allowed to run."""
    return EvidenceResult(refusal=f"`{' '.join(demand.command)}` runs only with `--allow-commands`", quiet=True)


def _find_exit(world: _EvidenceCollector, demand: EvidenceRequirement) -> EvidenceResult:
    """Return how a command ended; each is run once."""
    if demand.command not in world.exits:
        world.exits[demand.command] = EvidenceResult(_run_command(world.config.root, demand))
    return replace(world.exits[demand.command])


def _run_command(root: Path, demand: EvidenceRequirement) -> CommandResult:
    """Run a command in the project's folder; one that takes too long is stopped, with all that it started."""
    end = monotonic() + demand.timeout

    def look() -> None:
        """Stop waiting when the time is over."""
        if monotonic() > end:
            raise TimeoutError

    shown = " ".join(demand.command)
    with open_scratch() as output:
        try:
            code = follow_process(start_command(root, demand.command, output=output), look)
        except TimeoutError as error:
            hint = "set `timeout` in its entry"
            raise EvidenceError(f"`{shown}` did not end in {demand.timeout:g} seconds", hint=hint) from error
        except (OSError, ValueError) as error:
            raise EvidenceError(f"`{shown}` cannot be started: {error}") from error
        lines = [line.strip() for line in read_output(output).splitlines() if line.strip()]
    return CommandResult(code, lines[-1] if lines else "")
