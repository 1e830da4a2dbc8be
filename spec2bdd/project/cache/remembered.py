"""Files of the cache folder that remember results which were costly to find, and that a verdict may depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from spec2bdd.adapters.system.git import is_tracked
from spec2bdd.config import CACHE, Config
from spec2bdd.errors import RunError
from spec2bdd.project.cache.folder import make_cache, open_cache, write_cache


def read_remembered(config: Config, name: str, *, version: int) -> dict[str, Any]:
    """Read the file with this name; one that is missing, damaged, of another version or committed counts as empty."""
    with (
        suppress(OSError, ValueError, TypeError, KeyError, RecursionError),
        open_cache(config.root / CACHE / name) as stream,
    ):
        facts = json.loads(stream.read())
        content: dict[str, Any] = facts["content"]
        # What was committed may come from any machine, and anyone can compute its digest.
        is_own = not is_tracked(config.root, f"{CACHE}/{name}")
        if is_own and facts["version"] == version and facts["digest"] == _digest(content):
            return content
    return {}


def write_remembered(config: Config, name: str, content: Mapping[str, Any], *, version: int) -> None:
    """Write a file; it is a cache, so an error of the system only means that it is not there the next time."""
    with suppress(OSError, RunError):
        make_cache(config.root / CACHE)
        facts = {"version": version, "digest": _digest(content), "content": content}
        write_cache(config.root / CACHE / name, json.dumps(facts).encode("ascii"))


def _digest(content: Mapping[str, Any]) -> str:
    """Compute the digest of what is remembered: nothing in a file of which a part was changed is relied on."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
