"""Validate single values: each function returns the value as `Config` holds it, or raises a `ConfigError`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

from spec2bdd.config.errors import render_choices, render_setting
from spec2bdd.errors import ConfigError
from spec2bdd.model import Tier
from spec2bdd.text.suggest import suggest

# The tiers that can be asked for: what is in `wont` is not to be done.
TIERS = (Tier.MUST, Tier.SHOULD, Tier.COULD)


def check_choice(value: object, *, key: str, choices: Collection[str], guess: bool = False) -> str:
    """Check one of a few words; with `guess`, the hint names the word that is most like the value, if one is.

    Raises:
        ConfigError: it is none of them.
    """
    if value in choices:
        return str(value)
    close = suggest(str(value), choices) if guess else None
    hint = f"did you mean `{close}`?" if close else f"use one of {render_choices(choices)}"
    raise ConfigError(f"invalid {render_setting(key, value)}", hint=hint)


def check_flag(value: object, *, key: str) -> bool:
    """Check `true` or `false`.

    Raises:
        ConfigError: it is neither.
    """
    if not isinstance(value, bool):
        raise ConfigError(f"expected `true` or `false` for `{key}`", hint=f"write `{key} = true`")
    return value


def check_tiers(value: object, *, key: str, example: str) -> tuple[Tier, ...]:
    """Check a list of tiers, or one tier; they come back in their own order, each once.

    Raises:
        ConfigError: it is neither a tier nor a list, is empty, or holds anything else.
    """
    hint = f"write `{key} = {example}`"
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(tier, str) for tier in value):
        raise ConfigError(f"expected a list of tiers for `{key}`", hint=hint)
    if not value:
        raise ConfigError(f"`{key}` is empty", hint=hint)
    unknown = [tier for tier in value if tier not in TIERS]
    if unknown:
        close = suggest(unknown[0], TIERS)
        hint = f"did you mean `{close}`?" if close else f"use one of {render_choices(TIERS)}"
        if unknown[0] in ("all", "claimed"):
            hint = f"list tiers here; for other specs than those in Review, use `spec2bdd verify --gate {unknown[0]}`"
        raise ConfigError(f"unknown tier `{unknown[0]}` in `{key}`", hint=hint)
    return tuple(tier for tier in TIERS if tier in value)


def check_folder(value: object, *, key: str) -> str:
    """Check a folder under the root; it comes back with `/`.

    Raises:
        ConfigError: it is no text, is the root itself, or leads outside of it.
    """
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ConfigError(f"expected a folder name for `{key}`", hint=f'write `{key} = "{key}"`')
    folder = PurePosixPath(value.replace("\\", "/"))
    if leads_outside(folder) or not folder.parts:
        hint = "use a folder inside that of the configuration file"
        where = "is outside the project" if folder.parts else "is the project root"
        raise ConfigError(f"{render_setting(key, value)} {where}", hint=hint)
    return folder.as_posix()


def check_file(value: object, *, key: str, example: str) -> str:
    """Check a file under the root; it comes back with `/`.

    Raises:
        ConfigError: it is no text, or leads outside of the root.
    """
    hint = f"write `{key} = {example}`"
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ConfigError(f"expected a file name for `{key}`", hint=hint)
    path = PurePosixPath(value.replace("\\", "/"))
    if leads_outside(path) or not path.parts:
        raise ConfigError(f"{render_setting(key, value)} is outside the project", hint=hint)
    return path.as_posix()


def check_patterns(value: object, *, key: str, example: str, required: bool = True) -> tuple[str, ...]:
    """Check folders, files or globs under the root; a single one needs no list, and all come back with `/`.

    Raises:
        ConfigError: there is none though one is `required`, or one is no text, is the root itself or leads outside.
    """
    values: list[Any] = value if isinstance(value, list) else [value]
    if required and not values:
        raise ConfigError(f"`{key}` is empty", hint=f"write `{key} = {example}`")
    if not all(isinstance(path, str) and path.strip() and path.isprintable() for path in values):
        raise ConfigError(f"expected a list of paths for `{key}`", hint=f"write `{key} = {example}`")
    return tuple(check_folder(path, key=key) for path in values)


def check_paths(value: object, *, key: str) -> tuple[str, ...]:
    """Check paths, or patterns of paths, under the root; a single one needs no list, and all come back with `/`.

    Raises:
        ConfigError: one is no text, is the root itself, or leads outside of it.
    """
    values: list[Any] = value if isinstance(value, list) else [value]
    hint = f'write `{key} = ["src/**/*.py"]`'
    if not values:
        raise ConfigError(f"`{key}` is empty", hint=hint)
    if not all(isinstance(path, str) and path.strip() and path.isprintable() for path in values):
        raise ConfigError(f"expected a list of paths for `{key}`", hint=hint)
    paths = [PurePosixPath(text.replace("\\", "/")) for text in values]
    for text, path in zip(values, paths, strict=True):
        if leads_outside(path) or not path.parts:
            hint = "use a path inside the folder of the configuration file"
            raise ConfigError(f"{render_setting(key, text)} is outside the project", hint=hint)
    return tuple(path.as_posix() for path in paths)


def leads_outside(path: PurePosixPath) -> bool:
    """Whether a path leaves the project, also by a drive of Windows such as `C:`."""
    return path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1])
