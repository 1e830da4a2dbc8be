"""Validate the table `[tool.spec2bdd.done]`: the evidence that done items require."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from spec2bdd.config.errors import collect_errors, find_unknown_keys, render_choices, render_setting
from spec2bdd.config.validators import check_choice, check_paths, check_tiers
from spec2bdd.errors import ConfigError
from spec2bdd.model import EvidenceKind, EvidenceRequirement

_STATISTIC = re.compile(r"min|max|mean|median|stddev|q1|q3|p[1-9]\d?")
_SEARCH_SECONDS = 1.0
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ns|us|\u00b5s|ms|s)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "\u00b5s": 1e-6, "ms": 1e-3, "s": 1.0}
# Keys that refine one kind of evidence, and mean nothing without it.
_REFINED_KINDS: Mapping[str, EvidenceKind] = {
    "rate": EvidenceKind.COVERAGE,
    "minimum": EvidenceKind.COVERAGE,
    "name": EvidenceKind.BENCHMARK,
    "statistic": EvidenceKind.BENCHMARK,
    "maximum": EvidenceKind.BENCHMARK,
    "since": EvidenceKind.FILE,
    "timeout": EvidenceKind.COMMAND,
}


def check_evidence_table(value: object) -> tuple[EvidenceRequirement, ...]:
    """Check all entries; the requirements come back in the order of the table.

    Raises:
        ConfigError: an entry is invalid; the other errors of the table are in `others`.
    """
    if not isinstance(value, dict):
        raise ConfigError(
            "expected a table for `done`",
            hint='write `done = { "Code coverage > 85%" = { coverage = "coverage.xml" } }`',
        )
    requirements, errors = [], []
    for key, entry in value.items():
        try:
            requirements.append(_check_entry(key, entry))
        except ConfigError as error:
            errors.append(error.inside(key))
    collect_errors(errors)
    return tuple(requirements)


def is_regex(key: str) -> bool:
    """Whether a key is a regular expression, which is written between slashes."""
    return len(key) > 2 and key.startswith("/") and key.endswith("/")


def search_key(key: str, text: str) -> bool:
    """Whether the regular expression of a key is found in a text, regardless of case.

    Raises:
        ConfigError: the search takes too long, as with `(a+)+$`.
    """
    # Few projects have such keys. `re` has no time limit.
    import regex

    try:
        return regex.search(key[1:-1], text, regex.IGNORECASE, timeout=_SEARCH_SECONDS) is not None
    except TimeoutError as error:
        hint = "avoid nested repetitions such as `(a+)+`"
        raise ConfigError(f"the search for `{key}` takes more than {_SEARCH_SECONDS:g} s", hint=hint) from error


def _check_entry(key: str, entry: object) -> EvidenceRequirement:
    """Check one entry: its key, each of its values, and that they go together."""
    errors: list[ConfigError] = []
    if not key.strip():
        hint = "write the text of an item before the `=`"
        errors.append(ConfigError("empty key", hint=hint))
    elif is_regex(key):
        try:
            import regex  # Few projects have such keys.

            regex.compile(key[1:-1])
        except regex.error as error:
            hint = "remove the slashes to match the text literally"
            errors.append(ConfigError(f"invalid regular expression: {error}", hint=hint))
    if not isinstance(entry, dict):
        hint = 'write a table after the `=`, such as `{ criteria = "must" }`'
        raise ConfigError(
            f"expected a table for `done.{json.dumps(key, ensure_ascii=False)}`", hint=hint, others=errors
        )
    errors += find_unknown_keys(entry, EVIDENCE_VALIDATORS)
    values: dict[str, Any] = {}
    for name, validate in EVIDENCE_VALIDATORS.items():
        try:
            values |= {name: validate(entry[name])} if name in entry else {}
        except ConfigError as error:
            errors.append(error.inside(name))
    errors += _find_missing_keys(entry)
    collect_errors(
        ConfigError(f"`done.{json.dumps(key, ensure_ascii=False)}`: {error.message}", hint=error.hint).inside(
            *error.keys
        )
        for error in errors
    )
    return EvidenceRequirement(key, **values)


def _find_missing_keys(entry: Mapping[str, object]) -> list[ConfigError]:
    """Find the keys that an entry lacks: any evidence at all, or what another of its keys needs."""
    missing = [(name, kind) for name, kind in _REFINED_KINDS.items() if name in entry and kind not in entry]
    errors = [ConfigError(f"`{name}` requires `{kind}`", hint=f"add `{kind}`") for name, kind in missing]
    if not any(kind in entry for kind in EvidenceKind):
        errors.append(ConfigError("no kind of evidence given", hint=f"add one of {render_choices(EvidenceKind)}"))
    if EvidenceKind.FILE in entry and "since" not in entry:
        hint = 'add `since = "main"`, or another branch, tag or commit'
        errors.append(ConfigError("`file` requires `since`: a file that merely exists is no evidence", hint=hint))
    return errors


def _check_report(value: object, *, key: str) -> str:
    """Check the path of one report."""
    if not isinstance(value, str):
        raise ConfigError(f"expected a path for `{key}`", hint=f'write `{key} = "{key}.xml"`')
    return check_paths(value, key=key)[0]


def _check_word(value: object, *, key: str, example: str) -> str:
    """Check a word that becomes an argument of another program, which must not take it for an option."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or value.startswith("-"):
        raise ConfigError(f"expected a name for `{key}`", hint=f'write `{key} = "{example}"`')
    return value


def _check_number(value: object, *, key: str, most: float) -> float:
    """Check a number above 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise ConfigError(
            f"invalid {render_setting(key, value)}: expected a number above 0, at most {most:g}",
            hint=f"write `{key} = {most:g}`",
        )
    return float(value)


def _check_tags(value: object) -> tuple[str, ...]:
    """Check tags; they come back without `@`."""
    tags: list[Any] = value if isinstance(value, list) else [value]
    if not tags or not all(isinstance(tag, str) and re.fullmatch(r"@?[^\s@]+", tag) for tag in tags):
        raise ConfigError("expected a tag or a list of tags for `tags`", hint='write `tags = "performance"`')
    return tuple(tag.removeprefix("@") for tag in tags)


def _check_statistic(value: object) -> str:
    """Check a statistic of benchmarks."""
    if not isinstance(value, str) or not _STATISTIC.fullmatch(value):
        hint = "use `mean`, `median`, `min`, `max` or a percentile such as `p95`"
        raise ConfigError(f"invalid {render_setting('statistic', value)}", hint=hint)
    return value


def _check_duration(value: object) -> float:
    """Check a duration with its unit; it comes back in seconds."""
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ConfigError(
            f"invalid {render_setting('maximum', value)}: expected a duration", hint='write `maximum = "200 ms"`'
        )
    return float(match[1]) * _SECONDS[match[2]]


def _check_command(value: object) -> tuple[str, ...]:
    """Check a program and its arguments; it is run without a shell, so it has to be a list."""
    if isinstance(value, list) and value and all(isinstance(part, str) and "\0" not in part for part in value):
        return tuple(value)
    hint = 'write `command = ["make", "audit"]`; no shell is used'
    raise ConfigError("expected a list of strings for `command`", hint=hint)


EVIDENCE_VALIDATORS: Mapping[str, Callable[[object], object]] = {
    "coverage": partial(_check_report, key="coverage"),
    "rate": partial(check_choice, key="rate", choices=("line", "branch", "combined")),
    "minimum": partial(_check_number, key="minimum", most=100),
    "junit": partial(check_paths, key="junit"),
    "tags": _check_tags,
    "criteria": partial(check_tiers, key="criteria", example='"must"'),
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
