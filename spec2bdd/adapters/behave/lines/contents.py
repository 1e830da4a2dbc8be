"""Compare what a run has read with what is there now: files by their contents, folders by the names in them."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

# Python, git and spec2bdd write these next to what is there.
_OWN = frozenset({"__pycache__", ".git", ".spec2bdd"})


def compute_content_digest(root: Path, path: str) -> str:
    """Compute the digest of a file, or of the names in a folder, whose path ends with `/`; empty if it is not there."""
    with suppress(OSError):
        if path.endswith("/"):
            names = sorted(set(os.listdir(root / path)) - _OWN)  # noqa: PTH208  `pathlib` calls it as well.
            content = "\n".join(names).encode("utf-8", "surrogateescape")
        else:
            content = (root / path).read_bytes()
        return hashlib.sha256(content).hexdigest()
    return ""
