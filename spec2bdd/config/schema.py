"""The keys of `[tool.spec2bdd]`, each with the function that validates its value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

from spec2bdd.config.errors import collect_errors, find_unknown_keys, render_choices, render_setting, spell_keys
from spec2bdd.config.evidence import check_evidence_table
from spec2bdd.config.validators import (
    check_choice,
    check_file,
    check_flag,
    check_folder,
    check_paths,
    check_patterns,
    check_tiers,
)
from spec2bdd.diagnostics.codes import find_current_name, is_configurable, load_codes
from spec2bdd.diagnostics.suppressions import render_code_hint
from spec2bdd.domain.expressions.matchers import MATCHERS
from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, find_language
from spec2bdd.domain.specs.dialects.registry import DIALECTS
from spec2bdd.errors import ConfigError
from spec2bdd.model import MOST_RETRIES, Status
from spec2bdd.text.suggest import suggest

STATUS_KEYS: Mapping[str, Status] = {status.lower().replace(" ", "-"): status for status in Status}
# A name is written into front matter of any quoting, so it holds no character that is special to YAML or Markdown.
_STATUS_NAME = re.compile(
    r"""
    (?![-?:\s])                                        # the beginning of a list, a key or a value
    [^\x00-\x1f\x7f-\x9f:#'"\\\[\]{}|>&*!%@`,]+
    (?<!\s)
    """,
    re.VERBOSE,
)

# The limits that ruff has for the length of a line, but that a stub needs some space.
SHORTEST_LINE, LONGEST_LINE = 40, 320

# What a heading can announce, and what the severity of a code can be changed to.
HEADINGS = ("must", "should", "could", "wont", "criteria", "done", "leave-out")
LEVELS = ("error", "warning", "suggestion", "off")

# Where a criterion has to be seen failing.
REQUIRE_RED = ("off", "history", "base")


def _check_language(value: object) -> str:
    """Check a language whose Gherkin keywords are known; it comes back as Behave spells it."""
    language = find_language(value) if isinstance(value, str) else ""
    if not language:
        message = f"invalid {render_setting('language', value)}"
        raise ConfigError(message, hint=f"use one of {render_choices(LANGUAGES)}")
    return language


def _check_line_length(value: object) -> int:
    """Check the length of a line in stubs."""
    # `True` is an `int` in Python.
    if isinstance(value, int) and not isinstance(value, bool) and SHORTEST_LINE <= value <= LONGEST_LINE:
        return value
    message = (
        f"invalid {render_setting('line-length', value)}: expected a number from {SHORTEST_LINE} to {LONGEST_LINE}"
    )
    raise ConfigError(message, hint="write `line-length = 88`")


def _check_require_red(value: object) -> str:
    """Check where a failure has to be seen; the older `true` and `false` mean `"history"` and `"off"`."""
    if isinstance(value, bool):
        return "history" if value else "off"
    return check_choice(value, key="require-red", choices=REQUIRE_RED, guess=True)


def _check_revision(value: object) -> str:
    """Check the name of a branch, tag or commit."""
    # Git takes what begins with `-` for an option.
    if isinstance(value, str) and value.isprintable() and value.split() == [value] and not value.startswith("-"):
        return value
    hint = 'write `base = "main"`'
    raise ConfigError(f"invalid {render_setting('base', value)}: expected the name of a branch", hint=hint)


def _check_headings(value: object) -> dict[str, tuple[str, ...]]:
    """Check the table of extra headings."""
    if not isinstance(value, dict):
        raise ConfigError("expected a table for `headings`", hint='write `headings = { must = ["Critical"] }`')
    errors = find_unknown_keys(value, HEADINGS, of="headings")
    for key, names in value.items():
        is_list = isinstance(names, list) and all(isinstance(name, str) and name.strip() for name in names)
        if key in HEADINGS and not is_list:
            errors.append(
                ConfigError(
                    f"expected a list of headings for `{key}` in `headings`", hint=f'write `{key} = ["Critical"]`'
                ).inside(key)
            )
    collect_errors(errors)
    return {key: tuple(names) for key, names in value.items()}


def _check_dialects(value: object) -> dict[str, str]:
    """Check the table of dialects by pattern."""
    if not isinstance(value, dict):
        raise ConfigError("expected a table for `dialect`", hint='write `dialect = { "docs/stories/*.md" = "bmad" }`')
    names = [dialect.name for dialect in DIALECTS]
    errors = []
    for pattern, name in value.items():
        if name not in names:
            close = suggest(str(name), names)
            hint = f"did you mean `{close}`?" if close else f"use one of {render_choices(names)}"
            message = f"unknown dialect `{name}` of `{pattern}` in `dialect`"
            errors.append(ConfigError(message, hint=hint).inside(pattern))
    collect_errors(errors)
    return dict(value)


def _check_levels(value: object) -> dict[str, str]:
    """Check the table of levels by code."""
    if not isinstance(value, dict):
        raise ConfigError("expected a table for `lint`", hint='write `lint = { vague-word = "off" }`')
    errors, levels = [], {find_current_name(code): level for code, level in value.items()}
    for code, level in value.items():
        if find_current_name(code) not in load_codes():
            errors.append(ConfigError(f"unknown code `{code}` in `lint`", hint=render_code_hint(code)).inside(code))
        elif not is_configurable(find_current_name(code)):
            message = f"the level of `{code}` cannot be changed"
            errors.append(ConfigError(message, hint="delete the line; this error is always reported").inside(code))
        elif level not in LEVELS:
            errors.append(
                ConfigError(
                    f"invalid level {render_setting(code, level)} in `lint`",
                    hint=f"use one of {render_choices(LEVELS)}",
                ).inside(code)
            )
    collect_errors(errors)
    return levels


def check_jobs(value: object) -> int | Literal["auto"]:
    """Check how many processes run scenarios: a number, or `auto`.

    Raises:
        ConfigError: it is neither a number from 1 nor `auto`.
    """
    if value == "auto":
        return "auto"
    # `True` is an `int` in Python.
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise ConfigError(
        f"invalid {render_setting('jobs', value)}: expected a positive integer or `auto`",
        hint='write `jobs = 4` or `jobs = "auto"`',
    )


def check_timeout(value: object) -> float:
    """Check how many seconds a scenario may take; 0 is no limit.

    Raises:
        ConfigError: it is no number from 0.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    is_number = isinstance(value, str) and re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", value)
    raise ConfigError(
        f"invalid {render_setting('timeout', value)}: expected a number of seconds, not negative",
        hint=f"write `timeout = {value if is_number else 60}`",
    )


def check_retries(value: object) -> int:
    """Check how often a scenario that fails is run again.

    Raises:
        ConfigError: it is no number from 0, or is so large that a run would not end.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_RETRIES:
        return value
    message = f"invalid {render_setting('retries', value)}: expected an integer from 0 to {MOST_RETRIES}"
    raise ConfigError(message, hint="write `retries = 1`")


def check_statuses(value: object) -> dict[Status, str]:
    """Check the table of status names; only those that it holds come back.

    Raises:
        ConfigError: a key is unknown, or a name cannot be written or is not unique.
    """
    if not isinstance(value, dict):
        raise ConfigError("expected a table for `statuses`", hint='write `statuses = { complete = "Done" }`')
    table: dict[str, Any] = spell_keys(value, STATUS_KEYS)
    names = {STATUS_KEYS[key]: name for key, name in table.items() if key in STATUS_KEYS}
    errors = find_unknown_keys(table, STATUS_KEYS, of="statuses")
    for status, name in names.items():
        key = next(key for key, named in STATUS_KEYS.items() if named is status)
        if not isinstance(name, str) or not name.isprintable() or not _STATUS_NAME.fullmatch(name):
            hint = "use words on one line, without quotes, brackets, colons and other YAML punctuation"
            message = f"invalid {render_setting(key, name)} in `statuses`"
            errors.append(ConfigError(message, hint=hint).inside(key))
    collect_errors(errors)
    # Specs may write a status with other case and separators, so names that differ only in these are the same.
    all_names = (names.get(status, str(status)) for status in Status)
    folded = {" ".join(name.replace("-", " ").replace("_", " ").split()).casefold() for name in all_names}
    if len(folded) < len(Status):
        raise ConfigError("duplicate name in `statuses`", hint="give each of the four statuses a different name")
    return names


# In the order of the documentation, which is also the order of the errors.
VALIDATORS: Mapping[str, Callable[[object], object]] = {
    "specs": partial(check_patterns, key="specs", example='["specs", "docs/*/spec.md"]'),
    "features": partial(check_folder, key="features"),
    "steps": partial(check_folder, key="steps"),
    "gate": partial(check_tiers, key="gate", example='["must", "should"]'),
    "dialect": _check_dialects,
    "marks": partial(check_choice, key="marks", choices=("auto", "comments", "cells")),
    "boxless": partial(check_flag, key="boxless"),
    "requirements": partial(check_flag, key="requirements"),
    "exclude": partial(check_patterns, key="exclude", example='["drafts"]', required=False),
    "template": partial(check_file, key="template", example='"docs/spec-template.md"'),
    "prd": partial(check_patterns, key="prd", example='"docs/prd.md"'),
    "plan": partial(check_patterns, key="plan", example='"docs/plan.md"'),
    "plan-boxes": partial(check_flag, key="plan-boxes"),
    "matcher": partial(check_choice, key="matcher", choices=MATCHERS, guess=True),
    "language": _check_language,
    "line-length": _check_line_length,
    "flaky": partial(check_choice, key="flaky", choices=("fail", "pass")),
    "vacuous": partial(check_choice, key="vacuous", choices=("pending", "pass")),
    "unlinked": partial(check_choice, key="unlinked", choices=("fail", "report")),
    "unverified": partial(check_choice, key="unverified", choices=("keep", "untick")),
    "require-red": _check_require_red,
    "base": _check_revision,
    "record-lines": partial(check_flag, key="record-lines"),
    "challenge": partial(check_choice, key="challenge", choices=("off", "warn", "require")),
    "step-helpers": partial(check_patterns, key="step-helpers", example='["support"]', required=False),
    "headings": _check_headings,
    "lint": _check_levels,
    "statuses": check_statuses,
    "without-done": partial(check_choice, key="without-done", choices=("review", "complete")),
    "upstream": partial(check_choice, key="upstream", choices=("show", "hold")),
    "done": check_evidence_table,
    "sources": partial(check_paths, key="sources"),
    "jobs": check_jobs,
    "timeout": check_timeout,
    "retries": check_retries,
}
