"""Keep what was parsed of feature files: the manifests of the generated ones, and the tags of each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.config import Config
from spec2bdd.domain.gherkin.manifest.index import ParsedFeature, parse_feature
from spec2bdd.domain.gherkin.manifest.manifest import FeatureManifest, ManifestBlock
from spec2bdd.model import RecordedCriterion
from spec2bdd.project.cache.row_cache import RowCache

_NAME = "features.json"
_VERSION = 1


def parse_features(config: Config, contents: Mapping[str, bytes]) -> dict[str, ParsedFeature]:
    """Parse feature files; what the cache has is not parsed again."""
    cache = RowCache(config, _NAME, version=_VERSION)
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    found = {path: cache.find(path, digest, _feature_from_row) for path, digest in digests.items()}
    changed = [path for path, parsed in found.items() if parsed is None]
    for path, parsed in zip(changed, parallel_map(_parse, [contents[path] for path in changed]), strict=True):
        found[path] = parsed
        cache.keep(path, digests[path], parsed, _feature_to_row)
    cache.store(names=contents.keys())
    return {path: parsed for path, parsed in found.items() if parsed}


def _parse(content: bytes) -> ParsedFeature:
    """Parse a feature file; what is not UTF-8 is reported by the caller."""
    # Not before, since all texts together would be a large part of the memory in use.
    return parse_feature(content.decode("utf-8", "replace"))


def _feature_to_row(parsed: ParsedFeature) -> list[Any]:
    """Turn what was parsed into a row."""
    manifest, tags = parsed
    return [sorted(tags), manifest and _manifest_to_row(manifest)]


def _manifest_to_row(manifest: FeatureManifest) -> list[Any]:
    """Turn a manifest into a row."""
    entries = [
        [entry.id, entry.state, entry.text, entry.line, entry.intact, entry.unverified, entry.reworded]
        for entry in manifest.entries
    ]
    blocks = [
        [
            *(block.line, block.last, block.digest, block.intact, block.unverified, block.name, block.reworded),
            *(block.tags, block.group, block.criterion),
        ]
        for block in manifest.blocks
    ]
    return [manifest.spec_path, entries, blocks, manifest.odd_lines]


def _feature_from_row(row: list[Any]) -> ParsedFeature:
    """Turn a row back into what was parsed.

    Raises:
        ValueError, TypeError: it is not that of a feature file.
    """
    tags, manifest = row
    if not manifest:
        return None, frozenset(tags)
    spec_path, entries, rows, odd_lines = manifest
    blocks = [
        ManifestBlock(line, last, digest, intact, unverified, name, reworded, tuple(own), group, criterion)
        for line, last, digest, intact, unverified, name, reworded, own, group, criterion in rows
    ]
    recorded = tuple([RecordedCriterion(*entry) for entry in entries])
    return FeatureManifest(spec_path, recorded, tuple(blocks), tuple(odd_lines)), frozenset(tags)
