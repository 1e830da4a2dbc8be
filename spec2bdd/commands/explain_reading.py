"""The `lint --explain-reading` command: how each checkbox of a file is classified."""

from __future__ import annotations

from pathlib import Path

from spec2bdd.adapters.system.files import read_file
from spec2bdd.config.location import ProjectLocation, resolve_config, resolve_path
from spec2bdd.errors import UsageError
from spec2bdd.model import SpecReading
from spec2bdd.project.spec_files import SPEC_SUFFIX, explain_project_spec, list_specs


def explain_reading(project: ProjectLocation, path: Path) -> SpecReading:
    """Classify every checkbox of one file, and say in which dialect the file is written.

    Raises:
        ConfigError: the configuration is invalid.
        UsageError: the file is outside the project or cannot be read.
        SpecError: the file is not UTF-8.
    """
    config = resolve_config(project)
    name = resolve_path(config, path)
    if not name.endswith(SPEC_SUFFIX) and (config.root / name).is_file() and name not in list_specs(config):
        raise UsageError("not a Markdown file", path=name, hint=f"name a `{SPEC_SUFFIX}` file")
    try:
        content = read_file(config.root, name)
    except OSError as error:
        raise UsageError(f"cannot read: {error.strerror}", path=name, hint="name a Markdown file") from error
    if content is None:
        raise UsageError("cannot read: no such file", path=name)
    return explain_project_spec(config, name, content)
