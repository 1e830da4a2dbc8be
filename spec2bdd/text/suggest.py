"""Suggest the nearest known name for a misspelt one."""

from __future__ import annotations

import difflib

from spec2bdd.errors import ConfigError


def describe_unknown(key: str, known: tuple[str, ...]) -> ConfigError:
    """Return the error for a key that means nothing."""
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(f'`{one}`' for one in known)}"
    return ConfigError(f"unknown key `{key}`", hint=hint)
