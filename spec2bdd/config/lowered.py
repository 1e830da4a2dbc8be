"""Find the settings that ask for less than before, so that a criterion counts with a weaker proof or with none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from spec2bdd.config.config import Config
from spec2bdd.config.schema import STATUS_KEYS
from spec2bdd.diagnostics.codes import load_codes
from spec2bdd.model.history import SettingTransition

# The values of each key, those that ask for most first.
_SCALES: Mapping[str, tuple[object, ...]] = {
    "flaky": ("fail", "pass"),
    "vacuous": ("pending", "pass"),
    "unlinked": ("fail", "report"),
    "unverified": ("untick", "keep"),
    "require-red": ("base", "history", "off"),
    "challenge": ("require", "warn", "off"),
    "without-done": ("review", "complete"),
    "upstream": ("hold", "show"),
    "boxless": (True, False),
    "requirements": (True, False),
}
_LEVELS = ("error", "warning", "suggestion", "off")


def find_lowered(before: Config, after: Config) -> Iterator[SettingTransition]:
    """Find the settings by which a project asks for less than before, with both values as in the file.

    Of headings, dialects, names of statuses and the base that a branch is compared with, any change can be one.
    """
    for key, scale in _SCALES.items():
        values = [getattr(config, key.replace("-", "_")) for config in (before, after)]
        if scale.index(values[1]) > scale.index(values[0]):
            yield _build(key, *values)
    yield from _find_changed_lists(before, after)
    for key in ("headings", "dialect"):
        tables = [dict(getattr(config, key)) for config in (before, after)]
        if tables[0] != tables[1]:
            yield _build(key, *tables)
    names = [
        {key: config.statuses[status] for key, status in STATUS_KEYS.items() if status in config.statuses}
        for config in (before, after)
    ]
    if names[0] != names[1]:
        yield _build("statuses", *names)
    if before.require_red == "base" and before.base != after.base:
        yield _build("base", before.base, after.base)
    for code in sorted({*before.lint, *after.lint}):
        levels = [config.lint.get(code, str(load_codes()[code].severity)) for config in (before, after)]
        if _LEVELS.index(levels[1]) > _LEVELS.index(levels[0]):
            yield _build(f"lint.{code}", *levels)


def _find_changed_lists(before: Config, after: Config) -> Iterator[SettingTransition]:
    """Find the lists that name fewer tiers, specs or pieces of evidence than before, or exclude more specs or code."""
    for key in ("gate", "specs"):
        then, now = getattr(before, key), getattr(after, key)
        if not {*then} <= {*now}:
            yield _build(key, then, now)
    for key in ("exclude", "step-helpers"):
        then, now = (getattr(config, key.replace("-", "_")) for config in (before, after))
        if not {*now} <= {*then}:
            yield _build(key, then, now)
    if any(requirement not in after.done for requirement in before.done):
        yield _build("done", *([requirement.key for requirement in config.done] for config in (before, after)))


def _build(key: str, before: object, after: object) -> SettingTransition:
    """Build the transition of one key."""
    return SettingTransition(key, *(json.dumps(value, ensure_ascii=False) for value in (before, after)))
