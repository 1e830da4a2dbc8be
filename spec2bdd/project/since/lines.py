"""Keep the lines that the scenarios of a run ran next to its records, and load them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from spec2bdd.adapters.behave.challenges.origins import Origin
from spec2bdd.adapters.results.run_lines import LINES_LOG, parse_lines_log, parse_run_lines, render_run_lines
from spec2bdd.adapters.system.git import find_untracked
from spec2bdd.config import Config
from spec2bdd.domain.changes.blocks import split_blocks
from spec2bdd.domain.planning.affected import may_affect_all
from spec2bdd.model import CodeFile, ProcessLines, RunLines, TestRun
from spec2bdd.project.cache.folder import write_cache
from spec2bdd.project.since.product import build_origins

_SUFFIX = ".lines.json"


def find_lines_file(records: Path) -> Path:
    """Find where the lines of a run are kept, by its record file."""
    return records.with_suffix(_SUFFIX)


def store_lines(config: Config, records: Path, run: TestRun, *, known: Iterable[Path]) -> None:
    """Keep the lines of a run that has ended; of a run that was cut off or whose files have changed, nothing is kept.

    `known` are kept files of earlier runs: what they know of a file need not be found out again.
    """
    log = Path(f"{records}{LINES_LOG}")
    target = find_lines_file(records)
    # An earlier run may have had the same records.
    earlier = _collect_files(known)
    target.unlink(missing_ok=True)
    with suppress(OSError, ValueError, KeyError, TypeError):
        parsed = parse_lines_log(log.read_text(encoding="ascii"), run.id)
        if parsed and run.complete and not run.changed:
            lines, digests = parsed
            ran = {path for process in _list_processes(lines) for path in process}
            files = {path: _read_code(config.root, path, digests[path], earlier) for path in ran if path in digests}
            read = {path: digest for path, digest in digests.items() if path not in ran or path in _list_read(lines)}
            kept = replace(lines, files=files, read=read, untracked=list_uncounted(config))
            content = render_run_lines(_drop_own_lines(config, kept))
            write_cache(target, content.encode("ascii"))
    log.unlink(missing_ok=True)


def load_lines(path: Path) -> RunLines | None:
    """Load a file with the lines of a run; nothing if it is not there, or damaged."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        return parse_run_lines(path.read_text(encoding="ascii"))
    return None


def list_uncounted(config: Config) -> tuple[str, ...]:
    """List the files that no fingerprint counts although code may look for them: git does not track them."""
    untracked = find_untracked(config.root)
    return tuple(
        path for path in untracked if may_affect_all(path, features=config.features) and not path.endswith(".py")
    )


def read_code(content: bytes) -> CodeFile:
    """Read a version of a Python file."""
    return CodeFile(hashlib.sha256(content).hexdigest(), split_blocks(content))


def _read_code(root: Path, path: str, digest: str, earlier: Mapping[str, CodeFile]) -> CodeFile:
    """Read a file as it was in a run; one that has changed since has no blocks."""
    if digest in earlier:
        return earlier[digest]
    with suppress(OSError):
        code = read_code((root / path).read_bytes())
        if code.digest == digest:
            return code
    return CodeFile(digest)


def _collect_files(known: Iterable[Path]) -> dict[str, CodeFile]:
    """Collect the files of earlier runs by their digests."""
    files: dict[str, CodeFile] = {}
    for path in known:
        if lines := load_lines(find_lines_file(path)):
            files |= {file.digest: file for file in lines.files.values() if file.blocks}
    return files


def _drop_own_lines(config: Config, lines: RunLines) -> RunLines:
    """Drop what the steps run of step modules, hooks and tests: which step runs them is of no interest."""
    origins = build_origins(config)

    def drop(process: ProcessLines) -> ProcessLines:
        found = {
            keyword: {path: numbers for path, numbers in ran.items() if origins.find(path) is Origin.PRODUCT}
            for keyword, ran in (process.steps or {}).items()
        }
        steps = {keyword: ran for keyword, ran in found.items() if ran}
        return replace(process, steps=None if process.steps is None else steps)

    scenarios = tuple(replace(scenario, process=drop(scenario.process)) for scenario in lines.scenarios)
    return replace(lines, scenarios=scenarios)


def _list_processes(lines: RunLines) -> list[Mapping[str, frozenset[int]]]:
    """List the lines of all processes of a run."""
    return [lines.loaded.lines, *(scenario.process.lines for scenario in lines.scenarios)]


def _list_read(lines: RunLines) -> frozenset[str]:
    """List the files that any process of a run has read."""
    return lines.loaded.read.union(*(scenario.process.read for scenario in lines.scenarios))
