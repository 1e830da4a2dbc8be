"""Render the table of keys in `configuration.md` from the fields of `Config` and the strings under them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

from generated_part import replace_part
from spec2bdd.config import KEYS, Config
from spec2bdd.config.json_schemas import read_key_docs
from spec2bdd.config.schema import HEADINGS, LEVELS, STATUS_KEYS
from spec2bdd.config.validators import TIERS
from spec2bdd.domain.expressions.matchers import MATCHERS

# What the annotation of a field does not say: the values of its strings, or what its table holds.
_STRINGS: Mapping[str, Collection[str]] = {"matcher": MATCHERS, "gate": TIERS}
_TABLES: Mapping[str, str] = {
    "dialect": "table of patterns: strings",
    "headings": f"table of {', '.join(f'`{name}`' for name in HEADINGS)}: arrays of strings",
    "lint": "table of codes: " + ", ".join(f'`"{level}"`' for level in LEVELS),
    "statuses": f"table of {', '.join(f'`{name}`' for name in STATUS_KEYS)}: strings",
    "done": "table of tables",
}
_RELATED_PAGES: Mapping[str, str] = {
    "specs": "[reading](reading.md)",
    "gate": "[verdicts](verdicts.md#exit-code)",
    "marks": "[dialects](dialects.md#where-a-criterion-has-no-box)",
    "exclude": "[adopting](adopting.md)",
    "template": "[creating specs](creating.md)",
    "prd": "[tracing](trace.md)",
    "plan": "[tracing](trace.md)",
    "plan-boxes": "[tracing](trace.md)",
    "matcher": "[generating](generating.md)",
    "line-length": "[generating](generating.md)",
    "language": "[generating](generating.md)",
    "flaky": "[verdicts](verdicts.md)",
    "vacuous": "[verdicts](verdicts.md)",
    "unlinked": "[verdicts](verdicts.md)",
    "require-red": "[verdicts](verdicts.md)",
    "base": "[merge base](merge-base.md)",
    "headings": "[reading](reading.md)",
    "lint": "[linting](linting.md)",
    "statuses": "[verdicts](verdicts.md)",
    "without-done": "[verdicts](verdicts.md)",
    "record-lines": "[choosing what is run](choosing.md#recorded-lines)",
    "challenge": "[challenges](challenges.md)",
    "step-helpers": "[challenges](challenges.md#product)",
    "upstream": "[verdicts](verdicts.md)",
    "done": "[evidence](evidence.md)",
    "sources": "[evidence](evidence.md)",
    "jobs": "[running](running.md)",
    "timeout": "[running](running.md)",
    "retries": "[running](running.md)",
}


def render_page(page: str) -> str:
    """Return the page with its table of keys up to date."""
    meanings = read_key_docs()
    if missing := [key for key in KEYS if to_field(key) not in meanings]:
        raise SystemExit(f"write what `{missing[0]}` means in a string under the field of `Config`")
    defaults = Config(Path())
    rows = "".join(
        f"| `{key}` | {_render_type(key)} | {_render_default(key, getattr(defaults, to_field(key)))} | "
        f"{meanings[to_field(key)]}{f' See {_RELATED_PAGES[key]}.' if key in _RELATED_PAGES else ''} |\n"
        for key in KEYS
    )
    return replace_part(page, "keys", f"| key | type | default | meaning |\n|---|---|---|---|\n{rows}")


def to_field(key: str) -> str:
    """Return the name of the field of `Config` that a key sets."""
    return key.replace("-", "_")


def _render_type(key: str) -> str:
    """Render the type of a key as TOML has it, or the values to choose from."""
    if key in _TABLES:
        return _TABLES[key]
    hint = get_type_hints(Config)[to_field(key)]
    # `Literal["fail", "pass"]`, or `int | Literal["auto"]`.
    literals = [text for choice in (hint, *get_args(hint)) for text in get_args(choice) if isinstance(text, str)]
    strings = ", ".join(f'`"{text}"`' for text in (literals or _STRINGS.get(key, ())))
    default = next(field.default for field in fields(Config) if field.name == to_field(key))
    if isinstance(default, tuple):
        # One of them needs no list.
        return f"{strings or 'string'}, or an array of them"
    if isinstance(default, str):
        return strings or "string"
    name = "boolean" if isinstance(default, bool) else "number" if hint is float else "integer"
    return f"{name} or {strings}" if strings else name


def _render_default(key: str, default: object) -> str:
    """Render a default as TOML has it."""
    if key in _TABLES:
        return "`{}`"
    if isinstance(default, tuple):
        return "`[" + ", ".join(f'"{item}"' for item in default) + "]`"
    return f'`"{default}"`' if isinstance(default, str) else f"`{str(default).lower()}`"
