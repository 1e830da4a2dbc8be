"""The folder `.spec2bdd` for records, history and caches, which git ignores."""

from __future__ import annotations

from pathlib import Path

from spec2bdd.errors import RunError


def make_cache(folder: Path) -> None:
    """Make the folder for records, with a `.gitignore` in it that hides it from git.

    Raises:
        RunError: it cannot be made.
    """
    try:
        folder.mkdir(exist_ok=True)
        # pytest, mypy and ruff do the same with their caches, so that projects need no entry of their own.
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        hint = f"records are kept in the folder `{folder.name}/`; move the file of that name"
        raise RunError(f"cannot store records: {error.strerror}", path=folder.name, hint=hint) from error
