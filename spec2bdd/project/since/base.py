"""Find what `--since REV` compares with: the commit at which the current branch left REV."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spec2bdd.adapters.git.merge_base import find_merge_base
from spec2bdd.adapters.system.git import ChangedPath, read_changes
from spec2bdd.errors import MergeBaseError, UsageError


def read_changes_since(root: Path, since: str) -> tuple[ChangedPath, ...]:
    """List all files that differ, committed or not, from the merge base with a branch, a tag or a commit.

    Raises:
        UsageError: git cannot compare.
    """
    with refuse_since(since):
        return read_changes(root, find_merge_base(root, since).commit)


@contextmanager
def refuse_since(since: str) -> Iterator[None]:
    """Report that git cannot compare as an error of the option; what may be configured has no part in it.

    Raises:
        UsageError: git cannot compare.
    """
    try:
        yield
    except MergeBaseError as error:
        # Not the name that has just been refused.
        example = "" if since == "main" else ", such as `--since main`"
        hint = error.hint or f"use a branch, a tag or a commit that this branch comes from{example}"
        raise UsageError(f"cannot compare with `{since}`: {error.message}", hint=hint) from error
