"""Collect the evidence that `[done]` asks for: reports, files and commands, each looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from spec2bdd.adapters.evidence.junit import join_tests
from spec2bdd.adapters.evidence.readers import READERS, EvidenceReader, parse_evidence
from spec2bdd.adapters.git.merge_base import find_merge_base
from spec2bdd.adapters.system import git
from spec2bdd.adapters.system.file_stamps import describe_age, find_newest
from spec2bdd.adapters.system.files import open_file
from spec2bdd.adapters.system.subprocess import follow_process, open_scratch, read_output, start_command
from spec2bdd.config import Config
from spec2bdd.errors import EvidenceError, MergeBaseError
from spec2bdd.model import (
    BenchmarkReport,
    CommandResult,
    EvidenceKind,
    EvidenceRequirement,
    EvidenceResult,
    FileCheck,
    FileChecks,
    Measurement,
    TestCounts,
)
from spec2bdd.text.globs import compile_glob


def collect_evidence(
    config: Config,
    requirements: Iterable[EvidenceRequirement],
    *,
    commands: bool,
    readers: Sequence[EvidenceReader] = READERS,
) -> Mapping[tuple[EvidenceRequirement, EvidenceKind], EvidenceResult]:
    """Collect the evidence that requirements ask for, apart from criteria and tags.

    Reports that are missing, not whole, or older than the code are refused. Commands are run only with `commands`.
    """
    collector = _EvidenceCollector(config, readers)
    results: dict[tuple[EvidenceRequirement, EvidenceKind], EvidenceResult] = {}
    for requirement in dict.fromkeys(requirements):
        for kind in requirement.kinds:
            # These two are judged by results of scenarios.
            if kind in (EvidenceKind.TAGS, EvidenceKind.CRITERIA):
                continue
            try:
                results[requirement, kind] = collector.collect(requirement, kind, commands=commands)
            except EvidenceError as error:
                place = f"`{error.path}`: " if error.path else ""
                results[requirement, kind] = EvidenceResult(refusal=f"{place}{error.message}", hint=error.hint)
    return results


@dataclass(slots=True)
class _EvidenceCollector:
    """Collects evidence and caches what several requirements share: the newest source, and the results of commands."""

    config: Config
    readers: Sequence[EvidenceReader]
    newest: dict[tuple[str, ...], tuple[str, float]] = field(default_factory=dict)
    results: dict[tuple[str, ...], CommandResult] = field(default_factory=dict)

    def collect(self, requirement: EvidenceRequirement, kind: EvidenceKind, *, commands: bool) -> EvidenceResult:
        """Collect one kind of evidence.

        Raises:
            EvidenceError: it cannot be used.
        """
        if kind is EvidenceKind.FILE:
            return EvidenceResult(_check_files(self.config.root, requirement))
        if kind is not EvidenceKind.COMMAND:
            return self.read_reports(requirement, kind)
        command = requirement.command
        if not commands:
            return EvidenceResult(refusal=f"`{' '.join(command)}` runs only with `--allow-commands`", quiet=True)
        if command not in self.results:
            self.results[command] = _run_command(self.config.root, requirement)
        return EvidenceResult(self.results[command])

    def read_reports(self, requirement: EvidenceRequirement, kind: EvidenceKind) -> EvidenceResult:
        """Read the reports of one kind, and refuse them if the code is newer than one of them.

        Raises:
            EvidenceError: one of them is missing or cannot be used.
        """
        root = self.config.root
        patterns = {
            EvidenceKind.COVERAGE: (requirement.coverage,),
            EvidenceKind.BENCHMARK: (requirement.benchmark,),
            EvidenceKind.JUNIT: requirement.junit,
        }[kind]
        paths: list[str] = []
        for pattern in patterns:
            matched = sorted(path.relative_to(root).as_posix() for path in root.glob(pattern) if path.is_file())
            if not matched:
                raise EvidenceError(
                    "file not found", path=pattern, hint="generate the report before you run `spec2bdd verify`"
                )
            paths += matched
        # Tests of several reports add up. Coverage and benchmarks do not, and have one report each.
        read = paths if kind is EvidenceKind.JUNIT else paths[:1]
        measurements = [self.parse_report(kind, path) for path in read]
        counts = [measurement for measurement in measurements if isinstance(measurement, TestCounts)]
        measurement = join_tests(counts) if counts else measurements[0]
        # A report that names its commit needs no times, which a checkout sets to now.
        if isinstance(measurement, BenchmarkReport) and measurement.commit:
            sources = [f":(glob){pattern}" for pattern in requirement.sources or self.config.sources]
            aside = [f":(exclude,glob){pattern}" for pattern in _list_aside(self.config)]
            if git.is_same(root, measurement.commit, *(sources or [".", *aside])):
                return EvidenceResult(measurement)
        # Times of the file system, as a build tool compares them: the oldest report against the newest source.
        times = {path: (root / path).stat().st_mtime for path in paths}
        oldest = min(times, key=lambda path: times[path])
        age = describe_age(oldest, times[oldest], self.find_newest_source(requirement, paths))
        return (
            EvidenceResult(refusal=age, hint="regenerate the report", old=True) if age else EvidenceResult(measurement)
        )

    def parse_report(self, kind: EvidenceKind, path: str) -> Measurement:
        """Read and parse one report.

        Raises:
            EvidenceError: it cannot be used; the error names the report.
        """
        try:
            with open_file(self.config.root / path) as stream:
                content = stream.read()
            if not content.strip():
                raise EvidenceError("the file is empty", hint="regenerate the report")
            return parse_evidence(kind, content, readers=self.readers)
        except OSError as error:
            raise EvidenceError(f"cannot read: {error.strerror}", path=path) from error
        except EvidenceError as error:
            raise EvidenceError(error.message, hint=error.hint, path=path) from error

    def find_newest_source(self, requirement: EvidenceRequirement, reports: Sequence[str]) -> tuple[str, float]:
        """Find the source that changed last, and when.

        The sources are what the patterns of the requirement name, or else what git tracks besides specs and features.

        Raises:
            EvidenceError: there is none.
        """
        patterns = requirement.sources or self.config.sources
        if patterns in self.newest:
            return self.newest[patterns]
        root = self.config.root
        sources = [path for pattern in patterns for path in root.glob(pattern)]
        if not patterns:
            aside = [compile_glob(pattern) for pattern in _list_aside(self.config)]
            tracked = git.find_tracked(root) or ()
            sources = [root / path for path in tracked if not any(pattern.fullmatch(path) for pattern in aside)]
        # Patterns of sources may match the reports, too.
        own = {root / path for path in reports}
        newest = find_newest(root, [path for path in sources if path not in own and path.is_file()])
        if not newest[0]:
            hint = 'set the files that reports cover: `sources = ["src/**/*.py"]`'
            raise EvidenceError("no source files found, so the age of the report cannot be checked", hint=hint)
        self.newest[patterns] = newest
        return newest


def _list_aside(config: Config) -> list[str]:
    """List the patterns of what is no source: the specs and the features, as files, folders or globs."""
    return [pattern for name in (*config.specs, config.features) for pattern in (name, f"{name}/**")]


def _check_files(root: Path, requirement: EvidenceRequirement) -> FileChecks:
    """Check the files of a requirement against the commit at which the current branch began."""
    # Not the revision itself: changes that others made there since then are none of this branch.
    try:
        fork = find_merge_base(root, requirement.since).commit
    except MergeBaseError as error:
        message = f"cannot compare with `{requirement.since}`: {error.message}"
        raise EvidenceError(message, hint=error.hint) from error
    checks = []
    for path in requirement.file:
        is_file = (root / path).is_file()
        filled = is_file and bool((root / path).read_bytes().strip())
        checks.append(FileCheck(path, there=is_file, filled=filled, changed=not git.is_same(root, fork, path)))
    return FileChecks(tuple(checks), requirement.since)


def _run_command(root: Path, requirement: EvidenceRequirement) -> CommandResult:
    """Run a command in the project's folder; one that takes too long is stopped, with all that it started."""
    deadline = monotonic() + requirement.timeout

    # `follow_process` stops the command when this raises.
    def check_deadline() -> None:
        if monotonic() > deadline:
            raise TimeoutError

    shown = " ".join(requirement.command)
    with open_scratch() as output:
        try:
            code = follow_process(start_command(root, requirement.command, output=output), check_deadline)
        except TimeoutError as error:
            hint = "raise `timeout` in its entry"
            raise EvidenceError(f"`{shown}` timed out after {requirement.timeout:g} s", hint=hint) from error
        except FileNotFoundError as error:
            hint = "install it, or correct `command` in its entry"
            raise EvidenceError(f"command not found: `{requirement.command[0]}`", hint=hint) from error
        # A null byte in an argument raises a ValueError.
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise EvidenceError(f"cannot start `{shown}`: {reason}", hint="correct `command` in its entry") from error
        lines = [line.strip() for line in read_output(output).splitlines() if line.strip()]
    # Tools end with their summary.
    return CommandResult(code, lines[-1] if lines else "")
