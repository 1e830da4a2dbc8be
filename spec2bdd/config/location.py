"""Where a project is: a folder in it, or its configuration."""

from __future__ import annotations

import os
from pathlib import Path

from spec2bdd.config import Config, read_config

ProjectLocation = Config | str | os.PathLike[str]
"""A folder in a project, whose configuration is looked for from there upward, or a configuration already read."""


def resolve_config(project: ProjectLocation) -> Config:
    """Read the configuration of a project, unless it is one already.

    Raises:
        ConfigError: the configuration is invalid; `others` holds further errors of the same file.
    """
    return project if isinstance(project, Config) else read_config(Path(project))
