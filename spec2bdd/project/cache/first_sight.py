"""Remember criteria that needed no new step, until a run has judged them: they may pass on their first run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from spec2bdd.config import CACHE, Config
from spec2bdd.errors import RunError
from spec2bdd.model import Report, Verdict
from spec2bdd.project.cache.folder import make_cache, open_cache, write_cache
from spec2bdd.project.loader import Project

_NAME = "first_sight.json"
_JUDGED = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)


def remember_defined(config: Config, ids: Iterable[str]) -> None:
    """Remember new criteria whose steps were all defined when their scenarios were generated; errors are ignored."""
    remembered = _read_ids(config)
    added = remembered | set(ids)
    if added != remembered:
        _write_ids(config, added)


def note_first_sight(project: Project, report: Report, *, writes: bool) -> Report:
    """Note how many of the remembered criteria pass though no run has seen them fail, and list them in the details.

    With `writes`, what the run has judged is forgotten, so that each criterion is counted once.
    """
    remembered = _read_ids(project.config)
    if not remembered:
        return report
    # `generate` does without SQLite.
    from spec2bdd.project.history import find_never_failed

    passed = [verdict for verdict in find_never_failed(project, report.specs) if verdict.id in remembered]
    judged = {verdict.id for spec in report.specs for verdict in spec.verdicts if verdict.verdict in _JUDGED}
    if writes and judged & remembered:
        _write_ids(project.config, remembered - judged)
    if not passed:
        return report
    note = "1 criterion passed on its first run: never seen failing"
    if len(passed) > 1:
        note = f"{len(passed)} criteria passed on their first run: never seen failing"
    notes = (*report.notes, note)
    texts = (f"passed on its first run: {verdict.criterion.text}" for verdict in passed)
    return replace(report, notes=notes, details=(*report.details, *texts))


def _read_ids(config: Config) -> frozenset[str]:
    """Read what is remembered; a file that is missing or malformed counts as empty."""
    with suppress(OSError, ValueError, TypeError, RecursionError), open_cache(config.root / CACHE / _NAME) as stream:
        return frozenset(map(str, json.loads(stream.read())))
    return frozenset()


def _write_ids(config: Config, ids: Iterable[str]) -> None:
    """Write what is remembered; the file is a cache, so it may be lost."""
    with suppress(OSError, RunError):
        make_cache(config.root / CACHE)
        write_cache(config.root / CACHE / _NAME, json.dumps(sorted(ids)).encode())
