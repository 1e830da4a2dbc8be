"""A generated scenario in, the same in a feature file of the user's out, and the generated file without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.manifest.entries import render_entry
from spec2bdd.domain.gherkin.manifest.index import index_features
from spec2bdd.domain.gherkin.manifest.manifest import ManifestBlock, cut_block, parse_manifest
from spec2bdd.domain.planning.spec_plan import SpecPlan, plan_specs
from spec2bdd.errors import ConfigError
from spec2bdd.model import Feature, TrackedCriterion


@dataclass(frozen=True, slots=True)
class EjectedFiles:
    """The texts of two feature files, by path, the user's `own` first: a kill in between leaves both scenarios."""

    texts: Mapping[str, str]
    own: str


def derive_ejection(draft: SpecPlan, item: TrackedCriterion, texts: Mapping[str, str]) -> EjectedFiles:
    """Return the feature files after the scenarios of a criterion became its author's; `texts` holds all of them.

    What somebody edited by hand goes with it, as it stands.

    Raises:
        ConfigError: the criterion has no generated scenario on disk.
    """
    path = draft.feature.path if draft.feature else ""
    memory = parse_manifest(texts.get(path, ""))
    block = next((block for block in memory.blocks if block.id == item.id), None) if memory else None
    if draft.feature is None or block is None:
        message = f"`{item.id}` has no generated scenario that could become your own"
        place = (draft.spec.path, item.criterion.line)
        raise ConfigError(message, path=place[0], line=place[1], column=1, hint="type `spec2bdd generate` first")
    own = str(PurePosixPath(path).with_name(f"{PurePosixPath(path).stem}_own.feature"))
    texts = {
        own: _append(texts.get(own, ""), cut_block(texts[path], block), draft.feature),
        path: _cut(texts[path], block),
    }
    return EjectedFiles(texts | {path: _settle(draft, texts, path=path)}, own)


def _append(text: str, block: str, feature: Feature) -> str:
    """Return a feature file of the user's with the scenarios of a block at its end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    head = text.rstrip() or _render_head(feature)
    scenarios = block.strip("\n").rstrip()
    return head + newline * 2 + scenarios.replace("\n", newline) + newline


def _render_head(feature: Feature) -> str:
    """Return the head of a new feature file of the user's."""
    language = "" if feature.language == "en" else f"# language: {feature.language}\n"
    tags = " ".join(f"@{tag}" for tag in feature.tags)
    return f"{language}{tags}\n{LANGUAGES[feature.language].feature}: {feature.name}, in our own words"


def _cut(text: str, block: ManifestBlock) -> str:
    """Return a generated file without a block, in the place of which a line of memory stays."""
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    memory = parse_manifest(text)
    entry = next(entry for entry in (memory.remembered if memory else ()) if entry.line == block.line)
    start, stop = block.line - (2 if block.group else 1), block.last
    return "\n".join([*lines[:start], f"  {render_entry(entry)}{end}", *lines[stop:]])


def _settle(draft: SpecPlan, texts: Mapping[str, str], *, path: str) -> str:
    """Return the generated file as `generate` would write it, or as it was cut where that would be refused."""
    folder = str(PurePosixPath(path).parent)
    drafts, _ = plan_specs([draft.spec], index_features(texts), folder=folder, paths=frozenset({draft.spec.path}))
    whole = [one.feature for one in drafts if not any(problem.code == "edited-by-hand" for problem in one.problems)]
    return render_feature(whole[0]) if whole and whole[0] else texts[path]
