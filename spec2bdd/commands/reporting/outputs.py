"""Keep the files of a project from being overwritten with the answer of a command."""

from __future__ import annotations

from pathlib import Path

from spec2bdd.config import read_config
from spec2bdd.errors import Spec2bddError, WriteError
from spec2bdd.project.spec_files import SPEC_SUFFIX, list_specs

# No format is written in such a file.
_SOURCES = {
    ".py": "a Python file",
    ".feature": "a feature file",
    ".toml": "a configuration file",
    ".lock": "a lock file",
}


def refuse_source(file: Path, *, config: Path | None = None, shown: str = "") -> None:
    """Refuse to overwrite a spec or source code, such as that of `mark --patch SPEC` to mark only one spec.

    `config` is the configuration that the command line names, and `shown` the file as it does.

    Raises:
        WriteError: the file is one.
    """
    kind = _SOURCES.get(file.suffix.lower(), "")
    if file.suffix.lower() == SPEC_SUFFIX and file.is_file():
        try:
            read = read_config(Path.cwd(), explicit=config)
            kind = "a spec" if any(file.samefile(read.root / path) for path in list_specs(read)) else ""
        except (OSError, Spec2bddError):
            # Without a project there are no specs.
            kind = ""
    if kind and file.is_file():
        raise WriteError(f"this is {kind}, which is not overwritten", path=shown, hint="name another file")
