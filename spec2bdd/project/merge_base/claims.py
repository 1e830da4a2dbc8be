"""Read the specs of a merge base, and which criteria they claimed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from spec2bdd.adapters.git.merge_base import MergeBase, list_base_files, read_blobs
from spec2bdd.adapters.system.files import match_listed
from spec2bdd.config import Config
from spec2bdd.domain.gherkin.manifest.index import index_features
from spec2bdd.domain.gherkin.step_blocks import collect_steps
from spec2bdd.domain.planning.spec_plan import SpecPlan, plan_specs
from spec2bdd.domain.specs.identity import assign_derived_ids
from spec2bdd.domain.verdicts.merge_base import BaseClaims, is_claimed
from spec2bdd.errors import SpecError
from spec2bdd.model import Spec
from spec2bdd.project.loader import Project
from spec2bdd.project.merge_base.settings import read_base_config
from spec2bdd.project.spec_files import SPEC_SUFFIX, is_spec, parse_project_spec, read_contents
from spec2bdd.text.normalize import to_comparison_key

# Of so many specs, one that is where it was shows that the project was not moved.
_MOST_COMPARED = 20


def read_claims(project: Project, base: MergeBase, changed: Collection[str]) -> BaseClaims:
    """Read the criteria that were ticked at a merge base, with their wording; `changed` is as in `read_base_plans`.

    Raises:
        MergeBaseError: git does not have the commit.
    """
    config = read_base_config(project.config, base, changed).config
    return _collect(read_base_plans(project, base, changed, config=config))


def follow_move(project: Project, base: MergeBase) -> MergeBase:
    """Find where the project was at a merge base, if all of it was moved to another folder since.

    Raises:
        MergeBaseError: git does not have the commit.
    """
    paths = [plan.spec.path for plan in project.plans][:_MOST_COMPARED]
    files = list_base_files(replace(base, prefix=""))
    if any(f"{base.prefix}{path}" in files for path in paths):
        return base
    prefixes = Counter(name.removesuffix(path) for path in paths for name in files if f"/{name}".endswith(f"/{path}"))
    for prefix, _ in prefixes.most_common():
        # One that is still there is another project.
        if not any((base.top / prefix / path).exists() for path in paths):
            return replace(base, prefix=prefix)
    return base


def read_base_plans(project: Project, base: MergeBase, changed: Collection[str], *, config: Config) -> list[SpecPlan]:
    """Read the specs of a merge base with the configuration that the project had there.

    `changed` are the files that differ from it, by their paths from the top of the repository: a spec that does not,
    with its feature file, is read as it is today.

    Raises:
        MergeBaseError: git does not have the commit.
    """
    cut = len(base.prefix)
    here = {path[cut:] for path in changed if path.startswith(base.prefix)}
    features = {plan.spec.path: plan.feature.path if plan.feature else "" for plan in project.plans}
    same = [plan for plan in project.plans if here.isdisjoint((plan.spec.path, features[plan.spec.path]))]
    same = same if config == project.config else []
    # A spec that is gone today may be one that was moved, or one that the configuration no longer names.
    gone = {path for path in here if path.endswith((SPEC_SUFFIX, ".feature")) and path not in project.contents}
    if same and len(same) == len(project.plans) and not gone and not project.orphans:
        return same
    files = list_base_files(base)
    now = {plan.spec.path for plan in same}
    named = {features[path] for path in features.keys() - now} | {*here, *project.orphans}
    if not same:
        named |= {path for path in files if path.startswith(f"{config.features}/")}
    texts = sorted(path for path in named & files.keys() if path.endswith(".feature"))
    blobs = read_blobs(base.top, [files[path] for path in texts])
    index = index_features({path: blobs.get(files[path], b"").decode("utf-8", "replace") for path in texts})
    # What cannot be used today has an error of its own.
    unusable = project.contents.keys() - features.keys()
    specs = match_listed(files.keys() - now - unusable, config.specs, exclude=config.exclude, suffix=SPEC_SUFFIX)
    blobs = read_blobs(base.top, [files[path] for path in specs])
    specs = [path for path in specs if is_spec(config, path, blobs.get(files[path], b""))]
    parsed: list[Spec] = []
    for path in specs:
        try:
            parsed.append(parse_project_spec(config, path, blobs.get(files[path], b"")))
        except SpecError:
            # It claims nothing.
            continue
    plans, _ = plan_specs(
        assign_derived_ids([spec for spec in parsed if not spec.is_template]),
        index,
        folder=config.features,
        paths=frozenset(files),
        language=config.language,
        names_language=bool(config.behave_language),
    )
    return [*same, *plans]


def find_restepped(project: Project, base: MergeBase, changed: Collection[str]) -> frozenset[str]:
    """Find the ids of criteria whose scenarios have other steps than at a merge base; `changed` is as above.

    Raises:
        MergeBaseError: git does not have the commit.
    """
    cut, files = len(base.prefix), list_base_files(base)
    here = [path[cut:] for path in changed if path.startswith(base.prefix) and path.endswith(".feature")]
    blobs = read_blobs(base.top, [files[path] for path in here if path in files])
    then = {path: blobs.get(files[path], b"") for path in here if path in files}
    now, _ = read_contents(project.config, [path for path in here if path in project.contents])
    before, after = ({**_merge_steps(texts)} for texts in (then, now))
    return frozenset(tag for tag in before.keys() & after.keys() if before[tag] != after[tag])


def _merge_steps(features: Mapping[str, bytes]) -> Mapping[str, list[list[str]]]:
    """Merge the steps of several feature files, by tag."""
    merged: dict[str, list[list[str]]] = defaultdict(list)
    for content in features.values():
        for tag, blocks in collect_steps(content.decode("utf-8", "replace")).items():
            merged[tag] = sorted([*merged[tag], *blocks])
    return merged


def _collect(plans: Iterable[SpecPlan]) -> BaseClaims:
    """Collect the claims of specs."""
    by_id: dict[str, str] = {}
    by_path: dict[str, set[str]] = defaultdict(set)
    for plan in plans:
        for tracked in plan.tracked:
            criterion = tracked.criterion
            wording = to_comparison_key(criterion.text) if is_claimed(criterion) else ""
            by_id[tracked.id] = wording
            if wording:
                by_path[plan.spec.path].add(wording)
    return BaseClaims(by_id, {path: frozenset(wordings) for path, wordings in by_path.items()})
