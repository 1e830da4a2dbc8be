"""A revision in, the paths of all files out that differ from it, as git tells them; new ones among them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path, PurePosixPath

from spec2bdd.errors import ConfigError

_HINT = "name a commit, a branch or a tag, such as `--since main`"


def read_changed_files(root: Path, revision: str) -> tuple[str, ...]:
    """Return the paths from `root` of all files that are changed, new or gone since the revision, committed or not.

    Raises:
        ConfigError: there is no git, no repository, or no such revision.
    """
    top = _ask(root, "rev-parse", "--show-prefix")
    if top is None:
        raise ConfigError("`--since` needs git, and this folder is in no repository", hint="run everything instead")
    commit = _ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise ConfigError(f"git knows no revision `{revision}`", hint=_HINT)
    changed = _ask(root, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", commit.strip(), "--")
    new = _ask(root, "ls-files", "--others", "--exclude-standard", "--full-name", "-z")
    if changed is None or new is None:
        raise ConfigError(f"git cannot compare with `{revision}`", hint=_HINT)
    names = {name for name in (*changed.split("\0"), *new.split("\0")) if name}
    prefix = top.rstrip("\n") or "."
    return tuple(sorted(PurePosixPath(os.path.relpath(name, prefix)).as_posix() for name in names))


def _ask(root: Path, *question: str) -> str | None:
    """Return git's answer, or nothing where it has none."""
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "--no-optional-locks", "-c", "core.fsmonitor=false", *question]
    asked = subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return os.fsdecode(asked.stdout) if asked.returncode == 0 else None
