"""The `lint --explain-reading` command: how each checkbox of a file was read."""

from __future__ import annotations

from pathlib import Path

from spec2bdd.commands.lint import _find_path
from spec2bdd.config import Config
from spec2bdd.errors import ConfigError
from spec2bdd.model import Checkbox
from spec2bdd.project.loader import explain_project_spec


def explain(config: Config, path: Path) -> tuple[str, tuple[Checkbox, ...]]:
    """Return how every checkbox of one file is read, and the path by which the project knows the file.

    Raises:
        ConfigError: the file lies outside the project, or cannot be read.
        SpecError: it is not UTF-8.
    """
    name = _find_path(config, path)
    try:
        content = (config.root / name).read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read: {error.strerror}", path=name) from error
    return name, explain_project_spec(config, name, content)
