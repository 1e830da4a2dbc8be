"""Assign each spec its generated feature file, also after the spec was renamed.

A spec whose file name and `feature_id` changed at once is found by the texts of its criteria.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.gherkin.manifest.manifest import FeatureManifest
from spec2bdd.domain.gherkin.naming import build_feature_stem, build_spec_key
from spec2bdd.domain.tracking.matching import CriterionMatch
from spec2bdd.domain.tracking.wording import normalize_words
from spec2bdd.model import Diagnostic, Severity, Spec
from spec2bdd.text.globs import compile_glob
from spec2bdd.text.normalize import to_comparison_key

# A single criterion may have a text that many specs have, so a spec with fewer texts is never moved on their evidence.
_MIN_TEXTS = 2


def assign_feature_files(
    specs: Sequence[Spec], feature_index: FeatureIndex, *, there: Set[str], left_out: Set[str] = frozenset()
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Assign each spec its feature file by path, empty for a new spec; `there` are the paths of all specs.

    A file that was found by the texts of its criteria alone gets a warning, and so does an ambiguous find. The specs of
    `left_out` are on disk, though the configuration leaves them out: a spec with their criteria is none of them.
    """
    feature_paths: dict[str, str] = {}
    for spec in specs:
        # The file that names the spec, else one with the spec's key whose own spec no longer exists.
        tagged = feature_index.find_files(f"spec_{build_spec_key(spec)}")
        orphans = [
            path
            for path in tagged
            if path in feature_index.manifests and feature_index.manifests[path].spec_path not in there
        ]
        candidates = feature_index.find_generated(spec.path) or orphans
        # Of several copies, the one with the name that would be written today is the original.
        name = f"{build_feature_stem(spec)}.feature"
        named = (path for path in candidates if path.rpartition("/")[2] == name)
        feature_paths[spec.path] = next(named, next(iter(candidates), ""))

    # What is left on both sides is compared by the texts of the criteria.
    new = [spec for spec in specs if not feature_paths[spec.path] and spec.criteria]
    used = frozenset(feature_paths.values())
    left = {
        path: manifest.spec_path
        for path, manifest in feature_index.manifests.items()
        if path not in used and manifest.spec_path not in there | left_out
    }
    likely = _find_files_by_text(new, left, feature_index) if new and left else {}
    claims = Counter(path for paths in likely.values() for path in paths)
    few = {spec.path for spec in new if spec.path in likely and len(_collect_texts(spec)) < _MIN_TEXTS}
    sure = {
        spec: paths[0]
        for spec, paths in likely.items()
        if len(paths) == 1 and claims[paths[0]] == 1 and spec not in few
    }
    diagnostics = (_describe_rename(spec, [left[path] for path in paths], sure) for spec, paths in likely.items())
    taken = _describe_taken(feature_paths, feature_index, left_out)
    return feature_paths | sure, (*diagnostics, *taken)


def find_merged_files(
    specs: Sequence[Spec], feature_index: FeatureIndex, *, used: Set[str], there: Set[str]
) -> dict[str, tuple[str, ...]]:
    """Find for each spec the feature files of the specs that were merged into it and are gone, by its path."""
    left = {
        path: manifest.spec_path
        for path, manifest in feature_index.manifests.items()
        if path not in used and manifest.spec_path not in there
    }
    merging = [spec for spec in specs if spec.merged_from] if left else []
    return {spec.path: tuple(path for path, gone in left.items() if is_merged(gone, spec)) for spec in merging}


def is_merged(path: str, spec: Spec) -> bool:
    """Whether the criteria of the spec that was at a path belong to another spec now that it is gone."""
    return bool(spec.merged_from) and compile_glob(spec.merged_from).fullmatch(path) is not None


def _find_files_by_text(
    specs: Iterable[Spec], paths: Mapping[str, str], feature_index: FeatureIndex
) -> dict[str, list[str]]:
    """Find for each spec the files that share most texts with it: more than half of its own, and of theirs.

    `paths` has the paths of the specs of these files. A spec that was merged into another one was not renamed to it.
    """
    texts = {
        path: frozenset(
            to_comparison_key(entry.text) for entry in feature_index.manifests[path].entries if entry.state != "retired"
        )
        for path in paths
    }
    files_by_text: Mapping[str, list[str]] = defaultdict(list)
    for path, recorded in texts.items():
        for text in recorded:
            files_by_text[text].append(path)
    likely: dict[str, list[str]] = {}
    for spec in specs:
        own = _collect_texts(spec)
        shared = Counter(path for text in own for path in files_by_text.get(text, ()))
        files = [
            path
            for path, count in shared.items()
            if 2 * count > max(len(own), len(texts[path])) and not is_merged(paths[path], spec)
        ]
        if files:
            likely[spec.path] = sorted(files)
    return likely


def _collect_texts(spec: Spec) -> frozenset[str]:
    return frozenset(to_comparison_key(criterion.text) for criterion in spec.criteria)


def _describe_rename(path: str, old_paths: Sequence[str], sure: Mapping[str, str]) -> Diagnostic:
    """Build the warning for a spec that was taken for a removed one, or may be one."""
    names = " or ".join(f"`{old_path}`" for old_path in old_paths)
    if path in sure:
        message = f"matched with the deleted spec {names} by its criteria; their ids are kept"
        hint = f"if it is a different spec, delete `{sure[path]}` and rerun `spec2bdd generate`"
    else:
        message = f"possibly a rename of {names}; the ids of its criteria were not carried over"
        hint = "to keep the ids, restore the old `feature_id` or file name and rerun `spec2bdd generate`"
    return Diagnostic(path, 1, 1, Severity.WARNING, "spec-moved", message, hint)


def _describe_taken(
    feature_paths: Mapping[str, str], feature_index: FeatureIndex, left_out: Set[str]
) -> Iterator[Diagnostic]:
    """Warn of each spec that has the `feature_id`, and so the feature file, of one that is only left out."""
    for path, feature in feature_paths.items():
        owner = feature_index.manifests[feature].spec_path if feature in feature_index.manifests else path
        if owner != path and owner in left_out:
            message = f"has the `feature_id` of `{owner}`, which `specs` or `exclude` leaves out; its ids are kept"
            hint = "if it is a different spec, change its `feature_id`"
            yield Diagnostic(path, 1, 1, Severity.WARNING, "spec-moved", message, hint)


def is_taken_over(manifest: FeatureManifest, matches: Sequence[CriterionMatch]) -> bool:
    """Whether a feature file can go: it is as it was generated, and each of its criteria is one of the matches now."""
    texts = {normalize_words(match.criterion.text) for match in matches} | {match.id for match in matches}
    living = [entry for entry in manifest.entries if entry.state != "retired"]
    return manifest.is_intact and all(entry.id in texts or normalize_words(entry.text) in texts for entry in living)
