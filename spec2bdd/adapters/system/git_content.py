"""Name contents as git does: by the ids of its blobs, after its conversion of line ends and its other filters."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from spec2bdd.adapters.system.file_stamps import Since
from spec2bdd.adapters.system.git_process import read_git, start_git

# Git would otherwise refresh its index and start or ask a file system monitor; a question must not write anything. The
# settings make git compare files by all of their stamps, whatever the repository says.
READ_ONLY = (
    "--no-optional-locks",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.untrackedCache=keep"),
    *("-c", "core.trustctime=true"),
    *("-c", "core.checkStat=default"),
)
TIMEOUT = 60.0
_LINK, SUBMODULE = "120000", "160000"
# The content id of a file that changed while it was read. It never equals another one.
UNKNOWN = "unknown"
# That of a file that may not be read: neither may the steps, so that it is the same as long as this is so.
UNREADABLE = "unreadable"


def read_commit_files(root: Path, commit: str) -> dict[str, str] | None:
    """Read the content ids of all files in a commit, without submodules; nothing where git does not have it."""
    question = (*READ_ONLY, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
    # Without the variable, a partial clone would ask its server for objects that it does not have (git 2.44).
    process = start_git(root, question, variables={"GIT_NO_LAZY_FETCH": "1"})
    if process is None:
        return None
    try:
        output = read_git(process, timeout=TIMEOUT)[0]
    except subprocess.TimeoutExpired:
        return None
    if process.returncode:
        return None
    files: dict[str, str] = {}
    for line in filter(None, os.fsdecode(output).split("\0")):
        facts, _, path = line.partition("\t")
        mode, _, blob = facts.split(" ")
        if mode != SUBMODULE:
            files[path] = build_content_id(mode, blob)
    return files


def read_special(path: Path, since: Since | None, *, like: str = "") -> str | None:
    """Find the content id of a link, or an empty one for nothing; `None` for a plain file, which is to be read.

    With `since`, a file that may have changed since then has an unknown content.
    """
    try:
        status = path.lstat()
        if since and since.covers(status.st_ctime_ns):
            return UNKNOWN
        if stat.S_ISLNK(status.st_mode):
            # `Path.readlink` would normalize the target.
            return hash_link(os.fsencode(os.readlink(path)), like=like)  # noqa: PTH115
    except OSError:
        return ""
    return None if stat.S_ISREG(status.st_mode) else ""


def read_without_git(root: Path, paths: Iterable[str], since: Since | None = None) -> dict[str, str]:
    """Find the content ids of files without git; CRLF counts as LF. `since` is that of `read_special`."""
    entries: dict[str, str] = {}
    for path in paths:
        value = read_special(root / path, since)
        if value is None:
            try:
                value = hashlib.sha256((root / path).read_bytes().replace(b"\r\n", b"\n")).hexdigest()
            except OSError:
                value = UNREADABLE
        if value:
            entries[path] = value
    return entries


def hash_files(top: Path, paths: Sequence[str]) -> dict[str, str]:
    """Hash plain files as git would store them, after its conversion of line ends."""
    if not paths:
        return {}
    # Git reads one path from each line, so that a path with a line end has to be an argument.
    odd = [path for path in paths if "\n" in path or "\r" in path]
    plain = [path for path in paths if path not in odd]
    hashed = [(plain, _run_hash(top, ["--stdin-paths"], "".join(f"{path}\n" for path in plain)))] if plain else []
    hashed += [([path], _run_hash(top, ["--", f"./{path}"], "")) for path in odd]
    ids: dict[str, str] = {}
    for group, blobs in hashed:
        if len(blobs) == len(group):
            ids |= dict(zip(group, blobs, strict=True))
            continue
        # Git stops at the first file that it cannot read or convert, so these are hashed as they are on disk.
        for path in group:
            try:
                with (top / path).open("rb") as stream:
                    ids[path] = f"raw {hashlib.file_digest(stream, 'sha256').hexdigest()}"
            except OSError:
                ids[path] = UNREADABLE
    return ids


def hash_link(target: bytes, *, like: str) -> str:
    """Build the content id of a symbolic link, with the hash function of another id."""
    content = b"blob %d\0%s" % (len(target), target)
    hash_function = hashlib.sha256 if len(like) == hashlib.sha256().digest_size * 2 else hashlib.sha1
    return build_content_id(_LINK, hash_function(content, usedforsecurity=False).hexdigest())


def build_content_id(mode: str, blob: str) -> str:
    """Build a content id: links and files with the same content are different; the executable bit does not count."""
    return f"link {blob}" if mode == _LINK else blob


def _run_hash(top: Path, arguments: Sequence[str], paths: str) -> list[str]:
    """Hash files with git; too few ids come back where it fails."""
    question = (*READ_ONLY, "hash-object", *arguments)
    process = start_git(top, question, source=subprocess.PIPE)
    if process is None:
        return []
    try:
        output = read_git(process, timeout=TIMEOUT, content=os.fsencode(paths))[0]
    except subprocess.TimeoutExpired:
        return []
    return output.decode("ascii", "replace").split()
