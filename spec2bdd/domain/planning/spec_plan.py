"""Plan the feature file of each spec: its criteria with their ids, its feature, and the diagnostics about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Protocol

from spec2bdd.domain.gherkin.feature import build_feature
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.gherkin.naming import build_feature_stem, build_spec_key, choose_language, choose_titles
from spec2bdd.domain.planning.conflicts import (
    Former,
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
    describe_unproved_ticks,
)
from spec2bdd.domain.planning.ignored_parts import describe_ignored_parts
from spec2bdd.domain.planning.step_boxes import join_step_boxes
from spec2bdd.domain.tracking.feature_files import assign_feature_files, find_merged_files, is_taken_over
from spec2bdd.domain.tracking.matching import match_criteria
from spec2bdd.domain.tracking.proof import compare_with_disk, track_criteria
from spec2bdd.model import Diagnostic, Feature, Spec, TrackedCriterion
from spec2bdd.model.values import dataclass
from spec2bdd.text.mapping import Mapper, map_serially
from spec2bdd.text.normalize import to_single_line


@dataclass(frozen=True, slots=True)
class SpecPlan:
    """What `generate` makes of one spec: its tracked criteria, its feature if it needs one, and the diagnostics.

    `hand_edits` are those of the `diagnostics` that report a hand edit of the feature file on disk. `merged` are the
    feature files of specs that were merged into this one, all of whose criteria it has now.
    """

    spec: Spec
    tracked: tuple[TrackedCriterion, ...]
    feature: Feature | None
    diagnostics: tuple[Diagnostic, ...] = ()
    hand_edits: tuple[Diagnostic, ...] = ()
    merged: tuple[str, ...] = ()

    @property
    def hand_edited(self) -> bool:
        """Whether the feature file on disk was edited by hand, so that it must not be overwritten."""
        return bool(self.hand_edits)


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """What the plan of one spec depends on, besides the spec and the feature files on disk.

    `known_path` is the feature file that it has, `merged` are those of specs that were merged into it, and `former`
    says how it was met earlier. `folder` is that of the feature files, `language` that of the specs that name none;
    with `names_language` feature files name English, too. Without `scenarios`, the feature of the plan has none.
    """

    known_path: str
    title: str
    merged: tuple[str, ...]
    former: Former
    folder: str
    language: str
    names_language: bool
    scenarios: bool


class KnownPlans(Protocol):
    """Plans that were made before, and hold as long as their spec, feature file and inputs are the same."""

    def find(self, spec: Spec, inputs: PlanInputs, feature_index: FeatureIndex) -> SpecPlan | None:
        """Find the plan that would be made of a spec now."""

    def keep(self, plan: SpecPlan, inputs: PlanInputs) -> None:
        """Keep a plan that was made."""


def plan_specs(
    specs: Sequence[Spec],
    feature_index: FeatureIndex,
    *,
    folder: str,
    paths: Set[str],
    language: str = "en",
    names_language: bool = False,
    former: Mapping[str, Former] = MappingProxyType({}),
    scenarios: bool = True,
    known: KnownPlans | None = None,
    spread: Mapper = map_serially,
    left_out: Set[str] = frozenset(),
) -> tuple[tuple[SpecPlan, ...], tuple[Diagnostic, ...]]:
    """Plan each spec that shares neither key, file nor id with another; any other spec gets an error instead.

    `paths` names all spec files, including those that could not be read. `language` is that of the specs that name
    none; `names_language` is set if feature files have to name English, too. `former` names specs that were met
    earlier, or their feature files, so that they are not new. Without `scenarios`, features have none, unless a diff
    has to show them. `known` has plans that were made before. `spread` calls a function with each of many values,
    possibly on several cores. `left_out` names specs on disk that the configuration leaves out.
    """
    # Specs with the same key.
    specs_by_key: dict[str, list[Spec]] = defaultdict(list)
    for spec in specs:
        specs_by_key[build_spec_key(spec)].append(spec)
    diagnostics = [
        describe_shared_key(key, spec, twins) for key, twins in specs_by_key.items() for spec in twins if len(twins) > 1
    ]
    unique = [twins[0] for twins in specs_by_key.values() if len(twins) == 1]

    # The feature file and the title of each of the others.
    there = frozenset(map(to_single_line, paths))
    feature_paths, moved = assign_feature_files(unique, feature_index, there=there, left_out=left_out)
    merged = find_merged_files(unique, feature_index, used=frozenset(feature_paths.values()), there=there)
    planned = [spec for spec in specs if spec.path in feature_paths]
    titles = dict(zip((spec.path for spec in planned), choose_titles(planned), strict=True))
    inputs: dict[str, PlanInputs] = {}
    for spec in planned:
        path = feature_paths[spec.path] or f"{folder}/{build_feature_stem(spec)}.feature"
        own = (feature_paths[spec.path], titles[spec.path], merged.get(spec.path, ()))
        met = former.get(path, former.get(spec.path, Former.UNKNOWN))
        inputs[spec.path] = PlanInputs(*own, met, folder, language, names_language, scenarios)
    found = {spec.path: known.find(spec, inputs[spec.path], feature_index) for spec in planned} if known else {}
    changed = [spec for spec in planned if not found.get(spec.path)]
    for plan in spread(partial(_plan_spec, feature_index, inputs), changed):
        found[plan.spec.path] = plan
        if known:
            known.keep(plan, inputs[plan.spec.path])
    plans = [plan for spec in planned if (plan := found[spec.path])]

    # New files that would overwrite another one. On many file systems two names that differ only in case are one file.
    existing = {path.casefold(): path for path in feature_index.tags}
    new = [(plan.spec.path, plan.feature.path) for plan in plans if plan.feature and not feature_paths[plan.spec.path]]
    counts = Counter(path.casefold() for _, path in new)
    for spec_path, path in new:
        taken = existing.get(path.casefold(), "")
        if taken or counts[path.casefold()] > 1:
            mine = bool(taken) and taken not in feature_index.manifests
            diagnostics.append(describe_taken_path(spec_path, path, mine=mine))

    # Criteria with the same id.
    ids = Counter(tracked.id for plan in plans for tracked in plan.tracked)
    twins = [(plan.spec.path, tracked) for plan in plans for tracked in plan.tracked if ids[tracked.id] > 1]
    diagnostics += (describe_shared_id(path, tracked) for path, tracked in twins)
    blocked = {diagnostic.path for diagnostic in diagnostics}
    return tuple(plan for plan in plans if plan.spec.path not in blocked), (*diagnostics, *moved)


def find_orphans(plans: Sequence[SpecPlan], feature_index: FeatureIndex, *, paths: Set[str]) -> tuple[str, ...]:
    """Find the generated feature files whose spec no longer exists."""
    used = {plan.feature.path for plan in plans if plan.feature}
    there = frozenset(map(to_single_line, paths))
    manifests = feature_index.manifests.items()
    used |= {path for plan in plans for path in plan.merged}
    return tuple(path for path, manifest in manifests if path not in used and manifest.spec_path not in there)


def find_unlinked(plans: Sequence[SpecPlan], feature_index: FeatureIndex) -> tuple[tuple[str, str], ...]:
    """Find the tags in the user's own feature files that look like a criterion's and are none's, each with its path."""
    known = {tracked.id for plan in plans for tracked in plan.tracked}
    # The criteria of specs that could not be planned are known by their feature files.
    known |= {
        entry.id
        for manifest in feature_index.manifests.values()
        for entry in manifest.entries
        if entry.state != "retired"
    }
    tags = sorted(tag for tag in feature_index.files_by_tag if tag.startswith("ac_") and tag not in known)
    return tuple(
        (path, tag) for tag in tags for path in feature_index.files_by_tag[tag] if path not in feature_index.manifests
    )


def _plan_spec(feature_index: FeatureIndex, inputs_by_path: Mapping[str, PlanInputs], spec: Spec) -> SpecPlan:
    """Plan one spec, with the ids that its feature file records, if it has one."""
    inputs = inputs_by_path[spec.path]
    path = inputs.known_path or f"{inputs.folder}/{build_feature_stem(spec)}.feature"
    manifest = feature_index.manifests.get(inputs.known_path)
    recorded = manifest.entries if manifest else ()
    language = choose_language(spec, inputs.language)
    criteria = join_step_boxes(spec.criteria, language)
    merged = {file: feature_index.manifests[file] for file in inputs.merged}
    matches = match_criteria(
        build_spec_key(spec),
        criteria,
        recorded,
        merged=[entry for other in merged.values() for entry in other.entries],
        reserved=feature_index.ids,
    )
    present = {match.id for match in matches}
    removed = [entry for entry in recorded if entry.id not in present]
    generated = feature_index.manifests.keys()
    is_new = manifest is None and inputs.former is Former.UNKNOWN
    lost = "" if manifest or is_new else path
    identified = tuple(track_criteria(matches, files=feature_index.files_by_tag, generated=generated, is_new=is_new))
    # The feature file of a spec without criteria is needed as long as it records the ids of removed ones.
    if not identified and not removed:
        return SpecPlan(spec, (), None)
    feature = build_feature(
        spec,
        identified,
        path=path,
        name=inputs.title,
        remembered=recorded,
        language=language,
        names_language=inputs.names_language,
    )
    hand_edits = describe_edits(path, manifest, present)
    diagnostics = (
        *hand_edits,
        *describe_twins(spec.path, matches),
        *describe_same_texts(spec.path, identified),
        *describe_language(spec),
        *describe_faults(spec.path, identified, language),
        *describe_ignored_parts(spec, criteria, language),
        *describe_new_wordings(spec.path, matches),
        # An edit may keep a criterion from being recognized, so that it only looks new.
        *(() if hand_edits else describe_unproved_ticks(spec.path, identified, lost=lost, former=inputs.former)),
        *(describe_copy(file, spec.path, path) for file in feature_index.find_generated(spec.path) if file != path),
    )
    tracked = compare_with_disk(identified, feature, manifest)
    if not inputs.scenarios and not hand_edits:
        # Sending thousands of them takes longer than making them.
        feature = replace(feature, scenarios=(), manifest_entries=())
    return SpecPlan(
        spec,
        tracked,
        feature,
        diagnostics,
        hand_edits,
        () if hand_edits else tuple(file for file, other in merged.items() if is_taken_over(other, matches)),
    )
