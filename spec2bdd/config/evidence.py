"""The table `done` in, the demands that it makes of done items out; all that is wrong with it is told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from spec2bdd.config.errors import check_choice, collect_errors, find_unknown_keys
from spec2bdd.errors import ConfigError
from spec2bdd.model import EvidenceKind, EvidenceRequirement, Tier

_RATES = ("line", "branch", "combined")
_STATISTIC = re.compile(r"min|max|mean|median|stddev|q1|q3|p[1-9]\d?")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ns|us|\u00b5s|ms|s)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "\u00b5s": 1e-6, "ms": 1e-3, "s": 1.0}
_TIERS = (Tier.MUST, Tier.SHOULD, Tier.COULD)
# What says more about a kind of evidence, and means nothing without it.
_OWNERS: Mapping[str, EvidenceKind] = {
    "rate": EvidenceKind.COVERAGE,
    "minimum": EvidenceKind.COVERAGE,
    "name": EvidenceKind.BENCHMARK,
    "statistic": EvidenceKind.BENCHMARK,
    "maximum": EvidenceKind.BENCHMARK,
    "since": EvidenceKind.FILE,
    "timeout": EvidenceKind.COMMAND,
}


def check_evidence_table(value: object) -> tuple[EvidenceRequirement, ...]:
    """Return the demands in the order of the table.

    Raises:
        ConfigError: an entry cannot be meant; the others that are wrong come with it.
    """
    if not isinstance(value, dict):
        raise ConfigError("`done` is not a table", hint='write `"Code coverage > 85%" = { coverage = "coverage.xml" }`')
    demands, errors = [], []
    for key, entry in value.items():
        try:
            demands.append(_check_entry(key, entry))
        except ConfigError as error:
            errors.append(error)
    collect_errors(errors)
    return tuple(demands)


def check_paths(value: object, *, key: str) -> tuple[str, ...]:
    """Return paths or patterns of paths below the root; one may stand without a list."""
    paths: list[Any] = value if isinstance(value, list) else [value]
    if not paths or not all(isinstance(path, str) and path.strip() and path.isprintable() for path in paths):
        raise ConfigError(f"`{key}` is not a list of paths", hint=f'write `{key} = ["reports/*.xml"]`')
    return tuple(_check_path(path, key) for path in paths)


def _check_path(text: str, key: str) -> str:
    """Return one path or pattern below the root, with `/`."""
    path = PurePosixPath(text.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]) or not path.parts:
        hint = "name something below the folder that holds the configuration"
        raise ConfigError(f"`{key} = {text!r}` leads outside the project", hint=hint)
    return path.as_posix()


def _check_entry(key: str, entry: object) -> EvidenceRequirement:
    """Return the demand of one entry."""
    errors = list(_find_key_errors(key))
    if not isinstance(entry, dict):
        hint = 'write a table behind it, such as `{ criteria = "must" }`'
        raise ConfigError(f"`done.{key}` is not a table", hint=hint, others=errors)
    values: dict[str, Any] = {}
    errors += find_unknown_keys(entry, _CHECKS)
    for name in entry.keys() & _CHECKS.keys():
        try:
            values[name] = _CHECKS[name](entry[name])
        except ConfigError as error:
            errors.append(error)
    errors += _find_lost(entry)
    collect_errors(ConfigError(f"done.{key!r}: {error.message}", hint=error.hint) for error in errors)
    return EvidenceRequirement(key, **values)


def _find_key_errors(key: str) -> list[ConfigError]:
    """Return an error for a key that can match no item."""
    if not key.strip():
        return [ConfigError("`done` has an entry without a text", hint="write the text of an item in front of `=`")]
    if not is_regex(key):
        return []
    try:
        re.compile(key[1:-1])
    except re.error as error:
        return [ConfigError(f"not a regular expression: {error}", hint="without slashes the key is taken as it stands")]
    return []


def is_regex(key: str) -> bool:
    """Tell whether a key is a regular expression: it stands between slashes."""
    return len(key) > 2 and key.startswith("/") and key.endswith("/")


def _find_lost(entry: Mapping[str, object]) -> list[ConfigError]:
    """Return an error for each key that says more about a kind that is not asked for, and one where nothing is."""
    lost = [(name, owner) for name, owner in _OWNERS.items() if name in entry and owner not in entry]
    errors = [ConfigError(f"`{name}` says nothing without `{owner}`", hint=f"add `{owner}`") for name, owner in lost]
    if not any(kind in entry for kind in EvidenceKind):
        kinds = ", ".join(f"`{kind}`" for kind in EvidenceKind)
        errors.append(ConfigError("no evidence is named", hint=f"name one of {kinds}"))
    if EvidenceKind.FILE in entry and "since" not in entry:
        hint = 'add `since = "main"`, or another branch, tag or commit'
        errors.append(ConfigError("`file` needs `since`: that a file is there says little", hint=hint))
    return errors


def _check_report(value: object, *, key: str) -> str:
    """Return the path of one report."""
    if not isinstance(value, str):
        raise ConfigError(f"`{key}` is not a path", hint=f'write `{key} = "{key}.xml"`')
    return check_paths(value, key=key)[0]


def _check_word(value: object, *, key: str, example: str) -> str:
    """Return a word that is no option of another program."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or value.startswith("-"):
        raise ConfigError(f"`{key}` is not a name", hint=f'write `{key} = "{example}"`')
    return value


def _check_number(value: object, *, key: str, most: float) -> float:
    """Return a number above 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise ConfigError(f"`{key} = {value!r}` is not a number from 0 to {most:g}", hint=f"write `{key} = {most:g}`")
    return float(value)


def _check_tags(value: object) -> tuple[str, ...]:
    """Return tags without `@`."""
    tags: list[Any] = value if isinstance(value, list) else [value]
    if not tags or not all(isinstance(tag, str) and re.fullmatch(r"@?[^\s@]+", tag) for tag in tags):
        raise ConfigError("`tags` is not a list of tags", hint='write `tags = "performance"`')
    return tuple(tag.removeprefix("@") for tag in tags)


def _check_criteria(value: object) -> tuple[Tier, ...]:
    """Return the tiers whose criteria have to be fulfilled."""
    tiers = value if isinstance(value, list) else [value]
    if not tiers or any(tier not in _TIERS for tier in tiers):
        raise ConfigError("`criteria` is not a list of tiers", hint='write `criteria = "must"`')
    return tuple(tier for tier in _TIERS if tier in tiers)


def _check_statistic(value: object) -> str:
    """Return a statistic of benchmarks."""
    if not isinstance(value, str) or not _STATISTIC.fullmatch(value):
        hint = "one of `mean`, `median`, `min`, `max`, or a percentile such as `p95`"
        raise ConfigError(f"`statistic = {value!r}` is not known", hint=hint)
    return value


def _check_duration(value: object) -> float:
    """Return a duration in seconds."""
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ConfigError(f"`maximum = {value!r}` is not a duration", hint='write `maximum = "200 ms"`')
    return float(match[1]) * _SECONDS[match[2]]


def _check_command(value: object) -> tuple[str, ...]:
    """Return a program and its arguments; there is no shell that would take a line apart."""
    if (
        not isinstance(value, list)
        or not value
        or not all(isinstance(part, str) and "\0" not in part for part in value)
    ):
        hint = 'write `command = ["make", "audit"]`; no shell reads it'
        raise ConfigError("`command` is not a list of words", hint=hint)
    return tuple(value)


_CHECKS: Mapping[str, Callable[[object], object]] = {
    "coverage": partial(_check_report, key="coverage"),
    "rate": partial(check_choice, key="rate", choices=_RATES),
    "minimum": partial(_check_number, key="minimum", most=100),
    "junit": partial(check_paths, key="junit"),
    "tags": _check_tags,
    "criteria": _check_criteria,
    "benchmark": partial(_check_report, key="benchmark"),
    "name": partial(_check_word, key="name", example="test_search*"),
    "statistic": _check_statistic,
    "maximum": _check_duration,
    "file": partial(check_paths, key="file"),
    "since": partial(_check_word, key="since", example="main"),
    "command": _check_command,
    "timeout": partial(_check_number, key="timeout", most=3600),
    "sources": partial(check_paths, key="sources"),
    "specs": partial(check_paths, key="specs"),
}
