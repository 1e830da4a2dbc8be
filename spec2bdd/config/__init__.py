"""Read and validate `[tool.spec2bdd]` of pyproject.toml, or spec2bdd.toml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spec2bdd.config.config import CACHE, Config
from spec2bdd.config.discovery import CONFIG_NAMES, find_config, read_table
from spec2bdd.config.errors import collect_errors, find_unknown_keys, spell_keys
from spec2bdd.config.key_positions import locate_errors
from spec2bdd.config.schema import VALIDATORS
from spec2bdd.config.spec_places import find_default_specs
from spec2bdd.config.steps_folder import check_features_folder, find_steps_folder
from spec2bdd.config.tool_settings import read_behave_defaults, read_line_length
from spec2bdd.domain.gherkin.grammar.keywords import find_language
from spec2bdd.errors import ConfigError

__all__ = ["CACHE", "KEYS", "Config", "read_config"]

KEYS = tuple(VALIDATORS)


def read_config(start: Path, *, explicit: Path | None = None) -> Config:
    """Read the configuration for `start`: the nearest one upward, or the defaults with `start` as root.

    Raises:
        ConfigError: a file is not TOML, a key is unknown, a value has the wrong type or leads outside the project; the
            further errors of the table are in `others`.
    """
    path = explicit or find_config(start.resolve())
    root, name = (path.resolve().parent, path.name) if path else (start.resolve(), "")
    table: Mapping[str, object] = (read_table(path) if path else None) or {}
    if name != CONFIG_NAMES[1] and isinstance(tool := table.get("tool"), dict) and "spec2bdd" in tool:
        message = f"the keys are at the top level of `{name}`, not under `[tool.spec2bdd]`"
        hint = "remove `[tool.spec2bdd]`, and `tool.spec2bdd.` before names"
        raise locate_errors(ConfigError(message, hint=hint).inside("tool", "spec2bdd"), path or start)
    table = spell_keys(table, KEYS)
    values: dict[str, Any] = {}
    errors = find_unknown_keys(table, KEYS)
    for key, validate in VALIDATORS.items():
        try:
            values |= {key.replace("-", "_"): validate(table[key])} if key in table else {}
        except ConfigError as error:
            errors.append(error.inside(key))
    behave = read_behave_defaults(root)
    try:
        collect_errors(errors)
        if "features" in values:
            check_features_folder(root, values["features"])
        values["steps"] = find_steps_folder(
            root, behave, features=values.get("features", "features"), configured=values.get("steps")
        )
    except ConfigError as error:
        raise (locate_errors(error, path) if path else error) from error.__cause__
    values.setdefault("specs", find_default_specs(root))
    values.setdefault("language", find_language(behave.language) or "en")
    values.setdefault("line_length", read_line_length(root))
    return Config(root, name, **values, behave_language=behave.language)
