"""Find the files of a working tree that have not their content, but a pointer to it.

Git takes both for the same: a checkout without the program of a filter, or without its key, differs in nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from spec2bdd.adapters.system.git_content import READ_ONLY, TIMEOUT
from spec2bdd.adapters.system.git_process import run_git

# How a pointer of Git LFS and a file that git-crypt has locked begin.
_BEGINNINGS = (b"version https://git-lfs.github.com/spec/", b"\0GITCRYPT\0")
_ATTRIBUTES = ".gitattributes"
# What `git check-attr` says of a file without the attribute.
_NO_FILTER = (b"unspecified", b"unset")


def find_filtered(top: Path, paths: Iterable[str]) -> set[str]:
    """Find those of the files of a repository for which its attributes name a filter."""
    listed = [*paths]
    sources = [path for path in listed if path.rpartition("/")[2] == _ATTRIBUTES]
    if not any(b"filter" in _read_start(top / path, -1) for path in (*sources, ".git/info/attributes")):
        return set()
    question = (*READ_ONLY, "check-attr", "-z", "--stdin", "filter")
    answer, _ = run_git(top, *question, timeout=TIMEOUT, content=os.fsencode("".join(f"{path}\0" for path in listed)))
    # Of each file its path, the attribute, and the value.
    parts = iter((answer or b"").split(b"\0"))
    return {os.fsdecode(path) for path, _, value in zip(parts, parts, parts, strict=False) if value not in _NO_FILTER}


def find_pointers(top: Path, paths: Iterable[str]) -> Iterator[str]:
    """Find those of the files that only point to their content."""
    longest = max(map(len, _BEGINNINGS))
    return (path for path in paths if _read_start(top / path, longest).startswith(_BEGINNINGS))


def _read_start(path: Path, size: int) -> bytes:
    """Read the first bytes of a plain file, or all of them; none where there is no such file."""
    with suppress(OSError):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as stream:
                return stream.read(size)
    return b""
