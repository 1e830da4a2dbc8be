"""Where a project is: a folder in it, or its configuration; and which files are in it."""

from __future__ import annotations

import os
from pathlib import Path

from spec2bdd.config import Config, read_config
from spec2bdd.errors import UsageError

ProjectLocation = Config | str | os.PathLike[str]
"""A folder in a project, whose configuration is looked for from there upward, or a configuration already read."""


def resolve_config(project: ProjectLocation) -> Config:
    """Read the configuration of a project, unless it is one already.

    Raises:
        ConfigError: the configuration is invalid; `others` holds further errors of the same file.
    """
    return project if isinstance(project, Config) else read_config(Path(project))


def resolve_path(config: Config, path: Path) -> str:
    """Return a path relative to the project's root, with `/`; links are kept, since specs are known by their names.

    Raises:
        UsageError: the path is outside the project.
    """
    name = Path(os.path.relpath(path.absolute(), config.root)).as_posix()
    if name.startswith("../") or name == ".." or Path(name).is_absolute():
        hint = "use files of one project; `--config` selects another project"
        raise UsageError(f"`{path}` is outside the project", hint=hint)
    return name
