"""Keep the overview of a project, by the contents of everything that it was computed from.

No time counts, so that neither a clock that is wrong nor a switch of branches can bring back an old overview: the key
has digests of the specs, the feature and step files, the records, and what git says of all other files.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field

from spec2bdd.adapters.system import files
from spec2bdd.adapters.system.digests import find_environment, hash_below, hash_path
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.config import CACHE, Config
from spec2bdd.errors import RunError
from spec2bdd.model import EvidenceKind
from spec2bdd.model.explanation import ProjectOverview
from spec2bdd.model.values import dataclass
from spec2bdd.project.cache.folder import make_cache, open_cache, write_cache
from spec2bdd.project.cache.overview_json import overview_from_json, overview_to_json
from spec2bdd.project.cache.program import describe_program

_FORMAT = 2
_NAME = "status.json"
_CHALLENGES = "challenges.json"
# Whatever is wrong with a cache that was damaged or edited, it counts as missing.
_INVALID = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
# Evidence that follows from the records; any other comes from files and commands that the key does not name.
_RECORDED_EVIDENCE = {EvidenceKind.CRITERIA, EvidenceKind.TAGS}


@dataclass(frozen=True, slots=True)
class OverviewKey:
    """What an overview depends on: the digests of the files in the folders of the specs, and one of all else.

    The files are named by their paths from the project.
    """

    specs: Mapping[str, str]
    others: str


@dataclass(frozen=True, slots=True)
class SpecFacts:
    """What the project takes from a spec besides its row: a digest of what other specs may depend on, its warnings."""

    identity: str
    warnings: int


@dataclass(frozen=True, slots=True)
class KnownOverview:
    """An overview, and what it takes to replace the rows of a few specs in it.

    `facts` are those of the specs that can be replaced; `waits` is set if any spec waits for another one. `specs` are
    the digests of the key that it was found with.
    """

    overview: ProjectOverview
    facts: Mapping[str, SpecFacts]
    waits: bool
    specs: Mapping[str, str] = field(default_factory=dict)


def compute_overview_key(config: Config) -> OverviewKey | None:
    """Compute the digests of everything that an overview depends on; nothing where that cannot be known."""
    # What was at the merge base is not in the key either.
    if config.require_red == "base" or any(
        not _RECORDED_EVIDENCE.issuperset(requirement.kinds) for requirement in config.done
    ):
        return None
    records = [str(config.records), *sorted(map(str, config.records.parent.glob(config.parts)))]
    # Git works while the files are read. Without a record, nothing is compared with today's files.
    query = ask_tree(config.root) if any(map(os.path.exists, records)) else None
    digest = hashlib.sha256(repr((_FORMAT, describe_program(config))).encode())
    specs: dict[str, str] = {}
    root = os.path.join(config.root, "")  # noqa: PTH118
    folders = [(files.find_base(pattern), ".md") for pattern in config.specs]
    for folder, suffix in dict.fromkeys([*folders, (config.features, ".feature"), (config.steps, ".py")]):
        # A pattern may be the path of one file.
        path = os.path.join(config.root, folder)  # noqa: PTH118  For thousands of files, `Path` takes longer.
        for hashed in hash_below(path, suffix) if os.path.isdir(path) else [hash_path(path)]:  # noqa: PTH112
            if suffix == ".md":
                name, _, content = hashed.partition(b"\0")
                specs[os.fsdecode(name).removeprefix(root).replace(os.sep, "/")] = content.hex()
            else:
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
        digest.update(repr((tree.fingerprint.digest, tree.fingerprint.commit)).encode())
        # What a run has loaded although git ignores it is in its record only.
        for path in records:
            with suppress(*_INVALID), files.open_file(path) as stream:
                changed = json.loads(stream.readline())["fingerprint"]["changed"]
                for name in sorted(name for name in changed if name.endswith(".py") and name not in tree.entries):
                    digest.update(hash_path(str(config.root / tree.scope.show_path(name))))
    return OverviewKey(specs, digest.hexdigest())


def load_overview(config: Config, key: OverviewKey) -> KnownOverview | None:
    """Load the overview of the project as it was when all but its specs was the same."""
    with suppress(*_INVALID), open_cache(config.root / CACHE / _NAME) as stream:
        head, _, body = stream.read().partition(b"\n")
        if head.decode() == _sign(key, body):
            document = json.loads(body)
            facts = {path: SpecFacts(*row) for path, row in document["facts"].items()}
            return KnownOverview(overview_from_json(document), facts, document["waits"], document["files"])
    return None


def store_overview(config: Config, known: KnownOverview, key: OverviewKey) -> None:
    """Store an overview in a cache folder that exists already; errors are ignored."""
    folder = config.root / CACHE
    overview = known.overview
    # An overview with errors depends on files that could not be read; failures of a run are too rare to keep.
    is_plain = not overview.diagnostics and not (overview.run and overview.run.failures)
    if is_plain and folder.is_dir():
        document = overview_to_json(overview) | {"files": key.specs, "waits": known.waits}
        document |= {"facts": {path: [facts.identity, facts.warnings] for path, facts in known.facts.items()}}
        body = json.dumps(document, separators=(",", ":")).encode()
        with suppress(OSError, RunError):
            make_cache(folder)
            write_cache(folder / _NAME, _sign(key, body).encode() + b"\n" + body)


def _sign(key: OverviewKey, body: bytes) -> str:
    """Compute the first line of the file, which holds for its other lines and this key only."""
    return hashlib.sha256(key.others.encode() + body).hexdigest()
