"""Keep the overview of a project, by the contents of everything that it was computed from.

No time counts, so that neither a clock that is wrong nor a switch of branches can bring back an old overview: the key
is a digest of the specs, the feature and step files, the records, and what git says of all other files.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress

from spec2bdd.adapters.system import files
from spec2bdd.adapters.system.digests import find_environment, hash_below, hash_path
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.config import CACHE, Config
from spec2bdd.errors import RunError
from spec2bdd.model import EvidenceKind
from spec2bdd.model.explanation import ProjectOverview
from spec2bdd.project.cache.folder import make_cache, write_cache
from spec2bdd.project.cache.overview_json import overview_from_json, overview_to_json
from spec2bdd.project.cache.program import describe_program

_FORMAT = 1
_NAME = "status.json"
_CHALLENGES = "challenges.json"
# Whatever is wrong with a cache that was damaged or edited, it counts as missing.
_INVALID = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
# Names of files may be any bytes.
_ANY_TEXT = ("utf-8", "surrogateescape")
# Evidence that follows from the records; any other comes from files and commands that the key does not name.
_RECORDED_EVIDENCE = {EvidenceKind.CRITERIA, EvidenceKind.TAGS}


def compute_overview_key(config: Config) -> str:
    """Compute the digest of everything that an overview depends on; empty where that cannot be known."""
    # What was at the merge base is not in the key either.
    if config.require_red == "base" or any(
        not _RECORDED_EVIDENCE.issuperset(requirement.kinds) for requirement in config.done
    ):
        return ""
    records = [str(config.records), *sorted(map(str, config.records.parent.glob(config.parts)))]
    # Git works while the files are read. Without a record, nothing is compared with today's files.
    query = ask_tree(config.root) if any(map(os.path.exists, records)) else None
    digest = hashlib.sha256(repr((_FORMAT, describe_program(config))).encode(*_ANY_TEXT))
    folders = [(files.find_base(pattern), ".md") for pattern in config.specs]
    folders += [(config.features, ".feature"), (config.steps, ".py")]
    for folder, suffix in dict.fromkeys(folders):
        # A pattern may be the path of one file.
        path = os.path.join(config.root, folder)  # noqa: PTH118  For thousands of files, `Path` takes longer.
        for hashed in hash_below(path, suffix) if os.path.isdir(path) else [hash_path(path)]:  # noqa: PTH112
            digest.update(hashed)
    environment = find_environment(config.root, features=config.features, steps=config.steps)
    others = [*records, *([str(environment)] if environment else [])]
    # What else verdicts depend on where the project asks for it.
    others += [str(config.history)] if config.require_red == "history" else []
    others += [str(config.root / CACHE / _CHALLENGES)] if config.challenge == "require" else []
    for path in others:
        digest.update(hash_path(path))
    if query:
        tree = read_tree(query, features=config.features, sources=config.sources)
        digest.update(repr((tree.fingerprint.digest, tree.fingerprint.commit)).encode(*_ANY_TEXT))
        # What a run has loaded although git ignores it is in its record only.
        for path in records:
            with suppress(*_INVALID), open(path, "rb") as stream:  # noqa: PTH123
                changed = json.loads(stream.readline())["fingerprint"]["changed"]
                for name in sorted(name for name in changed if name.endswith(".py") and name not in tree.entries):
                    digest.update(hash_path(str(config.root / tree.scope.show_path(name))))
    return digest.hexdigest()


def load_overview(config: Config, key: str) -> ProjectOverview | None:
    """Load the overview with this key; nothing where another one, or none, is kept."""
    with suppress(*_INVALID):
        head, _, body = (config.root / CACHE / _NAME).read_bytes().partition(b"\n")
        if key and head.decode() == _sign(key, body):
            return overview_from_json(json.loads(body))
    return None


def store_overview(config: Config, overview: ProjectOverview, key: str) -> None:
    """Store an overview in a cache folder that exists already; errors are ignored."""
    folder = config.root / CACHE
    # An overview with errors depends on files that could not be read; failures of a run are too rare to keep.
    is_plain = not overview.diagnostics and not (overview.run and overview.run.failures)
    if key and is_plain and folder.is_dir():
        body = json.dumps(overview_to_json(overview), separators=(",", ":")).encode()
        with suppress(OSError, RunError):
            make_cache(folder)
            write_cache(folder / _NAME, _sign(key, body).encode() + b"\n" + body)


def _sign(key: str, body: bytes) -> str:
    """Compute the first line of the file, which holds for its other lines and this key only."""
    return hashlib.sha256(key.encode() + body).hexdigest()
