"""The folder `.spec2bdd` for records, history and caches, which git ignores."""

from __future__ import annotations

from pathlib import Path

from spec2bdd.errors import RunError


def make_cache(folder: Path) -> None:
    """Make the folder of records one that git does not see, as other tools do with their caches."""
    try:
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        hint = f"the folder `{folder.name}/` holds the records of the last run; move what stands there out of the way"
        raise RunError(f"cannot keep records: {error.strerror}", path=folder.name, hint=hint) from error
