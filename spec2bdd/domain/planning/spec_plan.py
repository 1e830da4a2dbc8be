"""All specs and feature files in, one draft for each spec out: its ids, its feature, and what is in the way of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial

from spec2bdd.domain.gherkin.feature import derive_feature
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.gherkin.naming import derive_feature_stem, derive_key, derive_language, derive_titles
from spec2bdd.domain.planning.conflicts import (
    describe_copy,
    describe_edits,
    describe_faults,
    describe_language,
    describe_new_wordings,
    describe_same_texts,
    describe_shared_id,
    describe_shared_key,
    describe_taken_path,
    describe_twins,
)
from spec2bdd.domain.tracking.feature_files import assign_feature_files
from spec2bdd.domain.tracking.matching import CriterionMatch, match_criteria
from spec2bdd.domain.tracking.proof import compare_with_disk, track_criteria
from spec2bdd.model import Diagnostic, Feature, RecordedCriterion, Spec, TrackedCriterion
from spec2bdd.text.mapping import Mapper, map_serially
from spec2bdd.text.normalize import to_single_line


@dataclass(frozen=True, slots=True)
class SpecPlan:
    """What is to stand for one spec: its identified criteria, and its feature if it needs one."""

    spec: Spec
    identified: tuple[TrackedCriterion, ...]
    feature: Feature | None
    problems: tuple[Diagnostic, ...] = ()
    hand_edits: tuple[Diagnostic, ...] = ()

    @property
    def hand_edited(self) -> bool:
        """Whether the generated file on disk was edited by hand, so that it must not be written."""
        return bool(self.hand_edits)


@dataclass(frozen=True, slots=True)
class _PlanContext:
    """What the drafts of all specs go by: the file and the title of each, by its path."""

    library: FeatureIndex
    homes: Mapping[str, str]
    titles: Mapping[str, str]
    folder: str
    language: str


def plan_specs(
    specs: Sequence[Spec],
    library: FeatureIndex,
    *,
    folder: str,
    paths: Set[str],
    language: str = "en",
    spread: Mapper = map_serially,
) -> tuple[tuple[SpecPlan, ...], tuple[Diagnostic, ...]]:
    """Return a draft for each spec that shares neither key, file nor id with another, and a problem for each that does.

    `paths` names all spec files, those included that could not be read. `language` is that of the specs that name none.
    `spread` calls a function with each of many values, be it on several cores.
    """
    keys: dict[str, list[Spec]] = defaultdict(list)
    for spec in specs:
        keys[derive_key(spec)].append(spec)
    problems = [describe_shared_key(key, spec, twins) for key, twins in keys.items() for spec in twins if twins[1:]]
    there = frozenset(map(to_single_line, paths))
    homes, moved = assign_feature_files([twins[0] for twins in keys.values() if not twins[1:]], library, there=there)
    wanted = [spec for spec in specs if spec.path in homes]
    titles = dict(zip((spec.path for spec in wanted), derive_titles(wanted), strict=True))
    plan = _PlanContext(library, homes, titles, folder, language)
    drafts = spread(partial(_derive_draft, plan), wanted)
    problems += _find_taken_paths([draft for draft in drafts if not homes[draft.spec.path]], library)
    ids = Counter(item.id for draft in drafts for item in draft.identified)
    shared = [(draft, item) for draft in drafts for item in draft.identified if ids[item.id] > 1]
    problems += [describe_shared_id(draft.spec.path, item) for draft, item in shared]
    blocked = {problem.path for problem in problems}
    return tuple(draft for draft in drafts if draft.spec.path not in blocked), (*problems, *moved)


def find_orphans(drafts: Sequence[SpecPlan], library: FeatureIndex, *, paths: Set[str]) -> tuple[str, ...]:
    """Return the generated feature files whose spec is gone."""
    used = {draft.feature.path for draft in drafts if draft.feature}
    there = frozenset(map(to_single_line, paths))
    memories = library.memories.items()
    return tuple(path for path, memory in memories if path not in used and memory.spec_path not in there)


def find_unlinked(drafts: Sequence[SpecPlan], library: FeatureIndex) -> tuple[tuple[str, str], ...]:
    """Return the tags in feature files of your own that look like a criterion's and are none's, each with its path."""
    known = {item.id for draft in drafts for item in draft.identified}
    known |= {
        entry.id for memory in library.memories.values() for entry in memory.remembered if entry.state != "retired"
    }
    tags = sorted(tag for tag in library.files_by_tag if tag.startswith("ac_") and tag not in known)
    return tuple((path, tag) for tag in tags for path in library.files_by_tag[tag] if path not in library.memories)


def _derive_draft(plan: _PlanContext, spec: Spec) -> SpecPlan:
    """Return the draft of one spec, which remembers what its file does, if it has one."""
    library, home = plan.library, plan.homes[spec.path]
    path = home or f"{plan.folder}/{derive_feature_stem(spec)}.feature"
    memory = library.memories.get(home)
    remembered = memory.remembered if memory else ()
    matches = match_criteria(derive_key(spec), spec.criteria, remembered, reserved=library.ids)
    gone = _find_gone(remembered, matches)
    retiring = any(entry.state != "retired" for entry in gone)
    generated = library.memories.keys()
    identified = tuple(track_criteria(matches, files=library.files_by_tag, generated=generated, retiring=retiring))
    if not identified and not gone:
        return SpecPlan(spec, (), None)
    language = derive_language(spec, plan.language)
    title = plan.titles[spec.path]
    feature = derive_feature(spec, identified, path=path, name=title, remembered=remembered, language=language)
    hand_edits = describe_edits(path, memory)
    problems = (
        *hand_edits,
        *describe_twins(spec.path, matches),
        *describe_same_texts(spec.path, identified),
        *describe_language(spec),
        *describe_faults(spec.path, identified, language),
        *describe_new_wordings(spec.path, matches),
        *(describe_copy(file, spec.path, path) for file in library.find_generated(spec.path) if file != path),
    )
    return SpecPlan(spec, compare_with_disk(identified, feature, memory), feature, problems, hand_edits)


def _find_taken_paths(drafts: Sequence[SpecPlan], library: FeatureIndex) -> Iterator[Diagnostic]:
    """Yield an error for each spec without a file whose new one would be written over another.

    On many file systems two names that differ only in case are one file.
    """
    standing = {path.casefold(): path for path in library.tags}
    wanted = Counter(draft.feature.path.casefold() for draft in drafts if draft.feature)
    for spec_path, path in [(draft.spec.path, draft.feature.path) for draft in drafts if draft.feature]:
        taken = standing.get(path.casefold(), "")
        if taken or wanted[path.casefold()] > 1:
            yield describe_taken_path(spec_path, path, mine=taken not in library.memories and bool(taken))


def _find_gone(
    remembered: Sequence[RecordedCriterion], matches: Sequence[CriterionMatch]
) -> tuple[RecordedCriterion, ...]:
    """Return what is remembered and stands in the spec no more, each id once."""
    present = {match.id for match in matches}
    return tuple({entry.id: entry for entry in remembered if entry.id not in present}.values())
