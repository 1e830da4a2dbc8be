"""Move a generated scenario into a feature file of the user, and remove it from the generated file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from spec2bdd.diagnostics.broken_edits import suggest_undo
from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.manifest.entries import render_entry
from spec2bdd.domain.gherkin.manifest.index import index_features
from spec2bdd.domain.gherkin.manifest.manifest import ManifestBlock, cut_block, parse_manifest
from spec2bdd.domain.planning.spec_plan import SpecPlan, plan_specs
from spec2bdd.errors import UsageError
from spec2bdd.model import Criterion, TrackedCriterion
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class EjectedFiles:
    """The texts of two feature files by path. The user's `own` comes first: after a kill both have the scenarios."""

    texts: Mapping[str, str]
    own: str


def plan_ejected_files(plan: SpecPlan, tracked: TrackedCriterion, texts: Mapping[str, str]) -> EjectedFiles:
    """Build the feature files after the scenarios of a criterion became the user's; `texts` holds all feature files.

    The scenarios move as they are on disk, with any hand edits.

    Raises:
        UsageError: the criterion has no generated scenario on disk, or an edit has joined it with others.
    """
    path = plan.feature.path if plan.feature else ""
    manifest = parse_manifest(texts.get(path, ""))
    block = next((block for block in manifest.blocks if tracked.id in block.tags), None) if manifest else None
    if plan.feature is None or block is None:
        state = (
            "it is waived, so " if tracked.criterion.waived else "it is manual, so " if tracked.criterion.manual else ""
        )
        message = f"cannot eject `{tracked.criterion.text}`: {state}it has no generated scenario"
        line, column = tracked.criterion.line, tracked.criterion.column
        raise UsageError(message, path=plan.spec.path, line=line, column=column, hint=_find_hint(tracked))
    if block.mixed:
        message = f"cannot eject `{tracked.criterion.text}`: an edit has joined its lines with those of others"
        raise UsageError(message, path=path, line=block.line, hint=suggest_undo(path))

    # Append the scenarios to the user's file, in its line ends, or start one in the language of the generated file.
    own = str(PurePosixPath(path).with_name(f"{PurePosixPath(path).stem}_own.feature"))
    own_text = texts.get(own, "")
    newline = "\r\n" if "\r\n" in (own_text or texts[path]) else "\n"
    feature = plan.feature
    is_named = feature.language != "en" or feature.names_language
    language = f"# language: {feature.language}\n" if is_named else ""
    tags = " ".join(f"@{tag}" for tag in feature.tags)
    title = f"{LANGUAGES[feature.language].feature}: {feature.name} (hand-written)"
    head = own_text.rstrip() or f"{language}{tags}\n{title}".replace("\n", newline)
    scenarios = cut_block(texts[path], block).strip("\n").rstrip().replace("\n", newline)
    # A process that was killed in between has left the scenarios in both files.
    if scenarios not in own_text:
        own_text = head + newline * 2 + scenarios + newline

    # The generated file becomes what `generate` would write, or is only cut where that would be refused.
    ejected = {own: own_text, path: _cut(texts[path], block, tracked.criterion)}
    folder = str(PurePosixPath(path).parent)
    plans, _ = plan_specs(
        [plan.spec],
        index_features(ejected),
        folder=folder,
        paths=frozenset({plan.spec.path}),
        language=feature.language,
        names_language=feature.names_language,
    )
    features = [plan.feature for plan in plans if not plan.hand_edited]
    if features and features[0]:
        line_end = "\r\n" if "\r\n" in texts[path] else "\n"
        ejected[path] = render_feature(features[0]).replace("\n", line_end)
    return EjectedFiles(ejected, own)


def _find_hint(tracked: TrackedCriterion) -> str:
    """Find what a criterion needs before it has a generated scenario."""
    if tracked.criterion.manual:
        return f"run `spec2bdd manual {tracked.id} --off` first"
    if tracked.criterion.waived:
        return f"run `spec2bdd unwaive {tracked.id}` first"
    return "run `spec2bdd generate` first"


def _cut(text: str, block: ManifestBlock, criterion: Criterion) -> str:
    """Replace the scenario block of a generated file by the manifest line that keeps the id of its criterion.

    The scenario may have been renamed by hand, and its tier removed.
    """
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    memory = parse_manifest(text)
    entry = next(entry for entry in (memory.entries if memory else ()) if entry.line == block.line)
    start, stop = block.line - (2 if block.group else 1), block.last
    kept = render_entry(replace(entry, text=criterion.text, state=entry.state or criterion.tier.value))
    return "\n".join([*lines[:start], f"  {kept}{end}", *lines[stop:]])
