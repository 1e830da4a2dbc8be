"""Load a project from disk: its specs, feature files and plans, with a diagnostic for whatever cannot be used."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from spec2bdd.adapters.system.digests import read_digests
from spec2bdd.adapters.system.files import open_file
from spec2bdd.adapters.system.git import find_former, find_indexed
from spec2bdd.adapters.system.memory import pause_collector
from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.config import Config
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.config.spec_places import diagnose_missing_places
from spec2bdd.diagnostics.build import build_error
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex, build_index, index_features
from spec2bdd.domain.planning.conflicts import Former
from spec2bdd.domain.planning.hand_edits import with_hand_edit_diffs
from spec2bdd.domain.planning.spec_plan import SpecPlan, find_orphans, find_unlinked, plan_specs
from spec2bdd.domain.planning.tag_places import diagnose_tags
from spec2bdd.domain.steps.step_homes import find_with_step_file
from spec2bdd.model import Diagnostic, FileChange, Severity, Spec
from spec2bdd.model.values import dataclass
from spec2bdd.project.cache.folder import recall_rendered
from spec2bdd.project.renames import add_former_texts
from spec2bdd.project.spec_files import (
    LEAST_CACHED,
    find_specs,
    parse_project_spec,
    read_contents,
    read_specs,
)
from spec2bdd.text.encoding import SAVE_AS_UTF8, describe_bad_byte
from spec2bdd.text.suggest import suggest


@dataclass(frozen=True, slots=True)
class Project:
    """The plan of each spec that could be read, the feature files, and the digests of what a run depends on.

    `orphans` are the generated feature files whose spec is gone, `left_out` the specs that conflict with others, and
    `unusable` counts these and the files that could not be read.
    """

    config: Config
    plans: tuple[SpecPlan, ...]
    feature_index: FeatureIndex
    contents: Mapping[str, bytes]
    digests: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    orphans: tuple[str, ...] = ()
    left_out: tuple[Spec, ...] = ()
    unusable: int = 0


@pause_collector()
def load_project(
    project: ProjectLocation = ".",
    *,
    sources: bool = True,
    scenarios: bool = True,
    only: Collection[str] | None = None,
) -> Project:
    """Load the project; what cannot be read becomes a diagnostic and does not hide the rest.

    With `only`, no other specs than these are read, and nothing is compared with the others. Without `sources`, the
    bytes of the specs are not kept, and `contents` has empty ones for them; nor is what it takes to plan them again.
    Only commands that edit specs need either.
    Without `scenarios`, the features of the plans have none, which only commands that write feature files need.

    Raises:
        ConfigError: there are no specs at all.
        RunError: a feature or step file cannot be read.
    """
    config = resolve_config(project)
    recall_rendered(config)
    # Specs and features.
    paths = find_specs(config)
    chosen = paths if only is None else [path for path in paths if path in only]
    read = read_specs(config, chosen, sources=sources)
    contents, diagnostics = read.contents, [*diagnose_missing_places(config, paths), *read.diagnostics]
    digests = read_digests(config.root, features=config.features, steps=config.steps)
    features, unreadable = read_contents(config, [path for path in digests if path.endswith(".feature")])
    for path, content in features.items():
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            # Behave 1.3.3 would refuse the file and run nothing at all.
            bad = describe_bad_byte(error)
            # Column 1, as a run reports it: the two are shown once.
            at = (bad.line, 1)
            unreadable.append(build_error("feature-encoding", bad.message, path=path, at=at, hint=SAVE_AS_UTF8))
    if len(features) < LEAST_CACHED:
        library = index_features({path: content.decode("utf-8", "replace") for path, content in features.items()})
    else:
        # Small projects do without.
        from spec2bdd.project.cache.feature_cache import parse_features

        library = build_index(parse_features(config, features))
    # The plan of each spec.
    known = frozenset(paths)
    specs = add_former_texts(config.root, [spec for spec in read.specs if not spec.is_template], library)
    templates = tuple(spec for spec in read.specs if spec.is_template)
    diagnostics += [diagnostic for spec in templates for diagnostic in spec.diagnostics]
    kept = None
    if len(specs) >= LEAST_CACHED:
        # Small projects do without.
        from spec2bdd.project.cache.plan_cache import PlanCache

        kept = PlanCache(config, read.digests, features)
    plans, conflicts = plan_specs(
        specs,
        library,
        folder=config.features,
        paths=known,
        language=config.language,
        names_language=bool(config.behave_language),
        former=_find_former(config, specs, library, digests),
        scenarios=scenarios,
        known=kept,
        spread=parallel_map,
        left_out=_find_left_out(config, library, known),
    )
    if kept:
        kept.store(known)
    plans = tuple(_show_edits(plan, features) for plan in plans)
    diagnostics += [*unreadable, *conflicts]
    diagnostics += [diagnostic for plan in plans for diagnostic in (*plan.spec.diagnostics, *plan.diagnostics)]
    # What is in the feature files without a spec.
    orphans = find_orphans(plans, library, paths=known)
    for path in orphans:
        manifest = library.manifests[path]
        is_there = (config.root / manifest.spec_path).is_file()
        what = "is left out by `specs` or `exclude`" if is_there else "does not exist"
        message = f"its spec `{manifest.spec_path}` {what}; Behave still runs this file"
        remedy = "configure the spec" if is_there else "restore the spec"
        hint = f"run `spec2bdd generate --prune` to delete it, or {remedy}"
        if not manifest.is_intact:
            hint = f"{remedy}, or delete the file by hand: it was edited, so `--prune` keeps it"
        diagnostics.append(Diagnostic(path, 1, 1, Severity.WARNING, "orphan", message, hint))
    # A tag may belong to a spec that could not be read.
    unlinked = find_unlinked(plans, library) if len(plans) + len(templates) == len(paths) else ()
    known_ids = [item.id for plan in plans for item in plan.tracked] if unlinked else []
    diagnostics += [_describe_unlinked(path, tag, features[path], known_ids) for path, tag in unlinked]
    diagnostics += diagnose_tags(plans, library, features)
    planned = {plan.spec.path for plan in plans}
    left_out = tuple(spec for spec in specs if spec.path not in planned)
    if not sources:
        # What is on disk is compared with the plan where it differs only.
        library = library.drop_blocks({item.id for plan in plans for item in plan.tracked if item.current})
    return Project(
        config,
        plans,
        library,
        {**contents, **features},
        digests,
        tuple(diagnostics),
        orphans,
        left_out,
        unusable=len(chosen) - len(plans) - len(templates),
    )


def suggest_criteria(project: Project) -> str:
    """Suggest where to write the first criteria; empty where a spec has some already, or cannot be read."""
    if not project.plans or project.unusable or any(plan.tracked for plan in project.plans):
        return ""
    return f"write the criteria in `{project.plans[0].spec.path}`, then `spec2bdd generate`"


def update_project(project: Project, changes: Sequence[FileChange]) -> Project:
    """Build the project as it is after changes of its specs and feature files; nothing is read or written."""
    config = project.config
    after = {change.path: change.after for change in changes}
    contents = {path: content for path, content in {**project.contents, **after}.items() if content is not None}
    index = project.feature_index
    if any(path.endswith(".feature") for path in after):
        features = {path: content for path, content in contents.items() if path.endswith(".feature")}
        index = index_features({path: content.decode("utf-8", "replace") for path, content in features.items()})
    specs = [
        parse_project_spec(config, plan.spec.path, after[plan.spec.path] or b"")
        if plan.spec.path in after
        else plan.spec
        for plan in project.plans
    ]
    known = frozenset(find_specs(config))
    plans, _ = plan_specs(
        specs,
        index,
        folder=config.features,
        paths=known,
        language=config.language,
        former=_find_former(config, specs, index, project.digests),
        spread=parallel_map,
        left_out=_find_left_out(config, index, known),
    )
    return replace(
        project, plans=tuple(_show_edits(plan, contents) for plan in plans), feature_index=index, contents=contents
    )


def _find_left_out(config: Config, library: FeatureIndex, known: frozenset[str]) -> frozenset[str]:
    """Find the specs that feature files were generated from and that are on disk, but not among the known ones."""
    others = {manifest.spec_path for manifest in library.manifests.values()} - known
    return frozenset(path for path in others if (config.root / path).is_file())


def _find_former(
    config: Config, specs: Sequence[Spec], library: FeatureIndex, digests: Mapping[str, str]
) -> Mapping[str, Former]:
    """Find what is left of specs that were met before, by path, if a spec without a feature file has ticked boxes.

    These are the feature files that git knows from earlier, or that the last run has read, and the specs for which
    there is a generated step file.
    """
    unknown = [spec for spec in specs if not library.find_generated(spec.path)]
    if not any(criterion.box.ticked for spec in unknown for criterion in spec.criteria):
        return {}
    step_files, _ = read_contents(config, [path for path in digests if path.endswith(".py")])
    former = dict.fromkeys(find_with_step_file(unknown, step_files), Former.SPEC)
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError), open_file(config.records) as stream:
        former |= dict.fromkeys(map(str, json.loads(stream.readline())["features"]), Former.FEATURE)
    former |= dict.fromkeys(find_former(config.root, config.features), Former.FEATURE)
    return former | dict.fromkeys(find_indexed(config.root, config.features), Former.TRACKED)


def refresh_digests(project: Project) -> Project:
    """Read the digests of the feature and step files again.

    Raises:
        RunError: a feature or step file cannot be read.
    """
    config = project.config
    return replace(project, digests=read_digests(config.root, features=config.features, steps=config.steps))


def _show_edits(plan: SpecPlan, features: Mapping[str, bytes]) -> SpecPlan:
    """Attach to each hand edit the diff to what would be generated."""
    content = features.get(plan.feature.path, b"") if plan.feature else b""
    return with_hand_edit_diffs(plan, content.decode("utf-8", "replace"))


def _describe_unlinked(path: str, tag: str, content: bytes, known_ids: Sequence[str]) -> Diagnostic:
    """Build the warning for a tag of a criterion that no spec has."""
    lines = content.decode("utf-8", "replace").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if f"@{tag}" in text.split()), 1)
    column = lines[line - 1].find(f"@{tag}") + 1 if lines else 1
    message = f"no criterion has the id `{tag}`, so this scenario proves nothing"
    close = suggest(tag, known_ids, most=2)
    hint = f"did you mean `@{close}`?" if close else "correct the tag or give the criterion this id"
    return Diagnostic(path, line, max(column, 1), Severity.WARNING, "unlinked-tag", message, hint)
