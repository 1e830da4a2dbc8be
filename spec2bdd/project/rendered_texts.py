"""Keep the texts that templates gave, so that a run in which they are the same needs no jinja2.

The cache can only save time, and never counts on another machine or from a commit: it names the inodes and times of the
templates that it was rendered with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from spec2bdd.adapters.system.file_stamps import stamp_file
from spec2bdd.config import CACHE, Config
from spec2bdd.domain import templates
from spec2bdd.errors import RunError
from spec2bdd.project.cache_dir import make_cache, write_cache

_NAME = "rendered.json"


def recall_rendered(config: Config) -> None:
    """Recall the texts of the last run in this project; a cache that is missing, damaged or of others is ignored."""
    texts: Mapping[str, str] = {}
    with suppress(OSError, ValueError, RecursionError):
        digest, _, body = (config.root / CACHE / _NAME).read_bytes().partition(b"\n")
        if _compute_digest(body) == digest:
            texts = json.loads(body)
    templates.recall_texts(texts)


def store_rendered(config: Config) -> None:
    """Store the texts of this run if any of them is new, and there is a cache folder; errors are ignored."""
    folder = config.root / CACHE
    texts = templates.list_new_texts()
    if texts and folder.is_dir():
        body = json.dumps(texts, separators=(",", ":")).encode()
        with suppress(OSError, RunError):
            make_cache(folder)
            write_cache(folder / _NAME, _compute_digest(body) + b"\n" + body)


def _compute_digest(body: bytes) -> bytes:
    """Compute the digest of a cache and of the templates on this machine."""
    folder = Path(templates.__file__).parent
    stamps = [(path.name, stamp_file(str(path))) for path in sorted(folder.iterdir()) if path.is_file()]
    return hashlib.sha256(repr(stamps).encode() + body).hexdigest().encode()
