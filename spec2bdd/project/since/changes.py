"""Find what has changed in a project, since a revision or since a run, and what that can affect."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from spec2bdd.adapters.behave.lines.contents import compute_content_digest
from spec2bdd.adapters.behave.lines.program import describe_program
from spec2bdd.adapters.results.run_lines import CHANGED
from spec2bdd.adapters.system.file_tree import FileTree
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.adapters.system.git import ChangedPath, is_tracked, read_blob
from spec2bdd.adapters.system.trees.differences import find_differences
from spec2bdd.config import CACHE, Config
from spec2bdd.domain.changes.effects import ChangedFile
from spec2bdd.domain.changes.selection import LineRun
from spec2bdd.domain.planning.affected import may_affect_all
from spec2bdd.model import CodeFile, RunLines, TestRun
from spec2bdd.project.runs import find_last_run_files
from spec2bdd.project.since.lines import find_lines_file, list_uncounted, load_lines, read_code

# These files can affect any scenario, whatever it ran.
_SETTINGS = re.compile(
    r"""
    pyproject\.toml | spec2bdd\.toml | behave\.ini | \.behaverc | setup\.cfg | setup\.py | tox\.ini   # settings
    | .*requirements.*\.(?:txt|in) | constraints.*\.txt                                              # what is installed
    | (?:poetry|uv|pdm|pixi|conda)\.lock | Pipfile(?:\.lock)? | pylock.*\.toml | environment\.ya?ml
    | sitecustomize\.py | usercustomize\.py | .*\.pth
    """,
    re.VERBOSE,
)


def find_unknowable(config: Config, changes: Iterable[ChangedPath], *, known: bool) -> str:
    """Find the first of some changes that may affect anything, in words; without `known` lines, most may."""
    for change in changes:
        path = change.path
        if not may_affect_all(path, features=config.features) or path.startswith(f"{CACHE}/"):
            continue
        if change.kind in ("new", "removed"):
            return f"`{path}` {'is new' if change.kind == 'new' else 'was removed'}"
        is_known = known and change.kind == "changed" and not path.startswith("../")
        if not is_known or _SETTINGS.fullmatch(PurePosixPath(path).name):
            return f"`{path}` has changed"
    return ""


def read_changes_of_code(config: Config, changes: Iterable[ChangedPath]) -> tuple[ChangedFile, ...]:
    """Read both versions of the Python files among some changes since a revision, apart from the feature files."""
    root = config.root
    read: list[ChangedFile] = []
    for change in changes:
        before = after = None
        if change.path.endswith(".py") and change.kind == "changed":
            content = read_blob(root, change.blob)
            before = None if content is None else read_code(content)
            after = _read_today(root, change.path, None)
        read.append(ChangedFile(change.path, before, after))
        if change.kind in ("new", "removed"):
            # Code that lists the files of the folder.
            read.append(ChangedFile(f"{PurePosixPath(change.path).parent}/"))
    features = f"{config.features}/"
    read = [*{change.path: change for change in read}.values()]
    is_feature = {change.path: change.path.startswith(features) and change.path.endswith(".feature") for change in read}
    return tuple(change for change in read if not is_feature[change.path] and not change.path.startswith(f"{CACHE}/"))


def load_line_runs(config: Config, runs: Sequence[TestRun], values: Mapping[str, str]) -> tuple[LineRun, ...]:
    """Load the lines of those of the last runs that have any, and find what has changed since each of them.

    `values` are those that this run gives to the steps.
    """
    by_run = load_kept_lines(config)
    loaded = [(run, by_run[run.id]) for run in runs if run.id in by_run and not run.outdated]
    if not loaded:
        return ()
    tree = read_tree(ask_tree(config.root), features=config.features, sources=config.sources)
    program = describe_program(values)
    return tuple(_compare(config, run, lines, tree, program=program) for run, lines in loaded)


def load_kept_lines(config: Config) -> dict[str, RunLines]:
    """Load the lines that are kept with the records of the last runs, by the ids of these; none that git tracks."""
    kept: dict[str, RunLines] = {}
    for records in find_last_run_files(config):
        path = find_lines_file(records)
        # What was committed may come from anywhere, and say that nothing has to run again.
        if path.exists() and not is_tracked(config.root, path.relative_to(config.root).as_posix()):
            lines = load_lines(path)
            kept |= {lines.run: lines} if lines else {}
    return kept


def _compare(config: Config, run: TestRun, lines: RunLines, tree: FileTree, *, program: str) -> LineRun:
    """Compare a run with the project of today."""
    root = config.root
    if lines.program != program:
        return LineRun(
            run, lines, doubt="Python, an installed package or a value of `-D` has changed since the last run"
        )
    if any(not failure.feature for failure in run.failures) or not run.complete:
        return LineRun(run, lines, doubt="the last run ended with an error outside of the scenarios")
    differences = find_differences(root, run.fingerprint, tree, untracked=run.untracked)
    if differences is None:
        return LineRun(run, lines, doubt="git does not know what the last run ran from")
    # What git does not track may have been added or removed as well.
    uncounted, before = set(list_uncounted(config)), set(lines.untracked)
    tracked = differences.keys() | tree.entries.keys()
    changes = [*_classify(differences)]
    changes += [ChangedPath(path, "new") for path in sorted(uncounted - before) if path not in tracked]
    changes += [ChangedPath(path, "removed") for path in sorted(before - uncounted) if path not in tracked]
    if unknowable := find_unknowable(config, changes, known=True):
        return LineRun(run, lines, doubt=f"{unknowable} since the last run")
    paths = {change.path: ChangedFile(change.path) for change in changes}
    for path, file in lines.files.items():
        now = _read_today(root, path, file)
        if path in paths or now is not file:
            paths[path] = ChangedFile(path, file, now)
    for path, digest in lines.read.items():
        if digest == CHANGED or digest != compute_content_digest(root, path):
            paths.setdefault(path, ChangedFile(path))
    return LineRun(run, lines, tuple(paths[path] for path in sorted(paths)))


def _classify(differences: Mapping[str, tuple[str, str]]) -> Iterator[ChangedPath]:
    """Classify files by the ids of their contents in two trees."""
    for path, (before, after) in sorted(differences.items()):
        kind = "new" if not before else "removed" if not after else "changed"
        # Links, submodules, and files whose content is not known.
        is_plain = " " not in before + after and {before, after}.isdisjoint({"unknown", "unreadable"})
        yield ChangedPath(path, kind if is_plain or kind != "changed" else "special")


def _read_today(root: Path, path: str, known: CodeFile | None) -> CodeFile | None:
    """Read a Python file as it is now: the one that is known, if it is the same."""
    with suppress(OSError):
        content = (root / path).read_bytes()
        is_known = known is not None and known.digest == hashlib.sha256(content).hexdigest()
        return known if is_known else read_code(content)
    return None
