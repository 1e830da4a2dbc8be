"""Find the record files that a name on the command line means."""

from __future__ import annotations

import glob
from pathlib import Path

from spec2bdd.errors import RecordError

SUFFIX = ".ndjson"


def expand_name(text: str, *, required: bool = True) -> list[Path]:
    """Expand a file, a folder or a pattern into files.

    Raises:
        RecordError: it matches none, and one is `required`.
    """
    path = Path(text)
    if path.is_dir():
        files = sorted(file for file in path.rglob(f"*{SUFFIX}") if file.is_file())
        if not files and required:
            hint = f"name the files if they do not end in `{SUFFIX}`"
            raise RecordError("no record files in this folder", path=text, hint=hint)
        return files
    # A file may have a name that looks like a pattern.
    if path.exists() or not glob.has_magic(text):
        return [path]
    matched = sorted(Path(match) for match in glob.iglob(text, recursive=True))  # noqa: PTH207  It may be absolute.
    if not matched and required:
        raise RecordError("no file matches this pattern", path=text, hint="check the pattern or name the files")
    return [
        file
        for match in matched
        for file in (expand_name(str(match), required=required) if match.is_dir() else [match])
    ]
