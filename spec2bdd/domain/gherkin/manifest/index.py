"""The texts of all feature files in, out what they hold for us: the memory of the generated ones, and every tag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from spec2bdd.domain.gherkin.manifest.manifest import FeatureManifest, parse_manifest, parse_tags
from spec2bdd.text.mapping import Mapper, map_serially
from spec2bdd.text.normalize import to_single_line


@dataclass(frozen=True, slots=True)
class FeatureIndex:
    """The feature files on disk by path: the memory of the generated ones, and the tags that stand in each."""

    memories: Mapping[str, FeatureManifest] = field(default_factory=dict)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    files_by_tag: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files_by_spec: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()

    def find_files(self, tag: str) -> tuple[str, ...]:
        """Return the files that carry a tag."""
        return self.files_by_tag.get(tag, ())

    def find_generated(self, spec_path: str) -> tuple[str, ...]:
        """Return the files that say that they were generated from a spec."""
        return self.files_by_spec.get(to_single_line(spec_path), ())


def index_features(texts: Mapping[str, str], *, spread: Mapper = map_serially) -> FeatureIndex:
    """Return what the texts of all feature files hold for us; `spread` calls a function with each of many values."""
    parsed = dict(zip(texts, spread(_parse_text, tuple(texts.values())), strict=True))
    memories = {path: memory for path, (memory, _) in parsed.items() if memory}
    tags = {path: found for path, (_, found) in parsed.items()}
    return FeatureIndex(
        memories,
        tags,
        files_by_tag=_turn((tag, path) for path, found in tags.items() for tag in found),
        files_by_spec=_turn((memory.spec_path, path) for path, memory in memories.items()),
        ids=frozenset(entry.id for memory in memories.values() for entry in memory.remembered),
    )


def _parse_text(text: str) -> tuple[FeatureManifest | None, frozenset[str]]:
    """Return what one feature file remembers, if it was generated, and the tags in it."""
    return parse_manifest(text), parse_tags(text)


def _turn(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the second items of all pairs by the first."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}
