"""Specs and the feature files on disk in, out which file remembers which spec, whatever became of its name and its id.

A spec that has another file name and another `feature_id` at once is known by the words of its criteria.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.gherkin.naming import derive_feature_stem, derive_key
from spec2bdd.model import Diagnostic, Severity, Spec
from spec2bdd.text.normalize import to_comparison_key

# One criterion alone may be such as many specs have, so that is told and not believed.
_LEAST_SURE = 2


def assign_feature_files(
    specs: Sequence[Spec], library: FeatureIndex, *, there: Set[str]
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Return the feature file of each spec by its path, nothing for a new one; `there` are the paths of all specs.

    What was found by its words alone is told, and so is what could be meant and is not sure.
    """
    homes = {spec.path: _find_home(spec, library, there=there) for spec in specs}
    new = [spec for spec in specs if not homes[spec.path] and spec.criteria]
    used = frozenset(homes.values())
    left = [path for path, memory in library.memories.items() if path not in used and memory.spec_path not in there]
    likely = _find_likely(new, left, library) if new and left else {}
    counts = Counter(path for paths in likely.values() for path in paths)
    single = {spec.path for spec in new if spec.path in likely and len(_list_texts(spec)) < _LEAST_SURE}
    sure = {
        spec: paths[0]
        for spec, paths in likely.items()
        if len(paths) == 1 and counts[paths[0]] == 1 and spec not in single
    }
    gone = {path: library.memories[path].spec_path for path in left}
    problems = (_describe(spec, [gone[one] for one in paths], sure) for spec, paths in likely.items())
    return homes | sure, tuple(problems)


def _find_home(spec: Spec, library: FeatureIndex, *, there: Set[str]) -> str:
    """Return the file that remembers a spec: the one that names it, else one with its key whose spec is not `there`."""
    tagged = library.find_files(f"spec_{derive_key(spec)}")
    left = [path for path in tagged if path in library.memories and library.memories[path].spec_path not in there]
    # Of copies, the one that stands where it would be written today is the original.
    name = f"{derive_feature_stem(spec)}.feature"
    return min(library.find_generated(spec.path) or left, key=lambda path: path.rpartition("/")[2] != name, default="")


def _find_likely(specs: Iterable[Spec], paths: Iterable[str], library: FeatureIndex) -> dict[str, list[str]]:
    """Return for each spec the files that share most texts with it: most of its own, and most of theirs."""
    texts = {path: frozenset(_list_remembered(path, library)) for path in paths}
    index: Mapping[str, list[str]] = defaultdict(list)
    for path, found in texts.items():
        for text in found:
            index[text].append(path)
    likely: dict[str, list[str]] = {}
    for spec in specs:
        own = _list_texts(spec)
        shared = Counter(path for text in own for path in index.get(text, ()))
        most = [path for path, count in shared.items() if 2 * count > max(len(own), len(texts[path]))]
        likely |= {spec.path: sorted(most)} if most else {}
    return likely


def _list_texts(spec: Spec) -> frozenset[str]:
    """Return what the criteria of a spec say."""
    return frozenset(to_comparison_key(criterion.text) for criterion in spec.criteria)


def _list_remembered(path: str, library: FeatureIndex) -> Iterator[str]:
    """Yield what the criteria say that a feature file remembers and that were not gone when it was written."""
    entries = library.memories[path].remembered
    return (to_comparison_key(entry.text) for entry in entries if entry.state != "retired")


def _describe(path: str, others: Sequence[str], sure: Mapping[str, str]) -> Diagnostic:
    """Return the warning for a spec that is taken for one that is gone, or may be one."""
    names = " or ".join(f"`{other}`" for other in others)
    if path in sure:
        message = f"taken for {names}, which is gone and had the same words; the ids of its criteria stay"
        hint = f"if it is another spec, delete `{sure[path]}` and generate anew"
    else:
        message = f"may be {names} under another name and id; nobody can be sure, so its criteria are new"
        hint = "to keep the ids, give it the old `feature_id`, or the file its old name, and generate"
    return Diagnostic(path, 1, 1, Severity.WARNING, "spec-moved", message, hint)
