"""Name the tables of the configuration as they are written in the file that a project has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from spec2bdd.config.config import Config
from spec2bdd.config.discovery import CONFIG_NAMES
from spec2bdd.model import Diagnostic

_TABLE = re.compile(r"`\[tool\.spec2bdd\.(?P<name>[\w-]+)\]`")
_TOP = re.compile(r"\b(?:below|under) `\[tool\.spec2bdd\]`")


def name_tables(text: str, config: Config) -> str:
    """Name the tables in a message or hint that names them as in pyproject.toml, such as `[tool.spec2bdd.lint]`."""
    if config.file in ("", CONFIG_NAMES[1]) or "`[tool.spec2bdd" not in text:
        return text
    text = _TABLE.sub(lambda match: f"`[{match['name']}]` of `{config.file}`", text)
    return _TOP.sub(f"at the top of `{config.file}`", text)


def name_tables_in_diagnostics(diagnostics: Iterable[Diagnostic], config: Config) -> Iterator[Diagnostic]:
    """Name the tables in the messages and hints of diagnostics."""
    for diagnostic in diagnostics:
        message, hint = name_tables(diagnostic.message, config), name_tables(diagnostic.hint, config)
        changed = (message, hint) != (diagnostic.message, diagnostic.hint)
        yield replace(diagnostic, message=message, hint=hint) if changed else diagnostic
