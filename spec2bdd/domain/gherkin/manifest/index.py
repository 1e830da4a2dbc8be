"""Index all feature files of a project: the manifests of the generated ones, and the tags of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TypeAlias

from spec2bdd.domain.gherkin.manifest.manifest import FeatureManifest, parse_manifest, parse_tags
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_single_line

ParsedFeature: TypeAlias = tuple[FeatureManifest | None, frozenset[str]]
"""The manifest of a feature file, if it was generated, and its tags."""


@dataclass(frozen=True, slots=True)
class FeatureIndex:
    """The feature files on disk by path: the manifests of the generated ones, and the tags in each."""

    manifests: Mapping[str, FeatureManifest] = field(default_factory=dict)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    files_by_tag: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files_by_spec: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()

    def find_files(self, tag: str) -> tuple[str, ...]:
        """Find the files that contain a tag."""
        return self.files_by_tag.get(tag, ())

    def find_generated(self, spec_path: str) -> tuple[str, ...]:
        """Find the files whose header says that they were generated from a spec."""
        return self.files_by_spec.get(to_single_line(spec_path), ())

    def drop_intact_blocks(self) -> FeatureIndex:
        """Drop the blocks that are as they were generated, which nothing but planning needs."""
        slim = {path: replace(manifest, blocks=manifest.edited) for path, manifest in self.manifests.items()}
        return replace(self, manifests=slim)


def index_features(texts: Mapping[str, str]) -> FeatureIndex:
    """Index the texts of all feature files."""
    return build_index({path: parse_feature(text) for path, text in texts.items()})


def build_index(parsed: Mapping[str, ParsedFeature]) -> FeatureIndex:
    """Build the index of feature files that were parsed, by their paths."""
    manifests = {path: manifest for path, (manifest, _) in parsed.items() if manifest}
    tags = {path: tags for path, (_, tags) in parsed.items()}
    return FeatureIndex(
        manifests,
        tags,
        files_by_tag=_group_paths((tag, path) for path, file_tags in tags.items() for tag in file_tags),
        files_by_spec=_group_paths((manifest.spec_path, path) for path, manifest in manifests.items()),
        ids=frozenset(record.id for manifest in manifests.values() for record in manifest.entries),
    )


def parse_feature(text: str) -> ParsedFeature:
    """Parse the manifest of a feature file, if it was generated, and its tags."""
    return parse_manifest(text), parse_tags(text)


def _group_paths(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Group the paths of (key, path) pairs by their keys."""
    paths: dict[str, list[str]] = defaultdict(list)
    for key, path in pairs:
        paths[key].append(path)
    # Most keys have one path, and many have the same one.
    alone = {group[0]: (group[0],) for group in paths.values()}
    return {key: tuple(group) if len(group) > 1 else alone[group[0]] for key, group in paths.items()}
