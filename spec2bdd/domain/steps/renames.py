"""Find the steps of generated scenarios that were reworded, by comparing the plans with the feature files on disk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from unicodedata import is_normalized, normalize

from spec2bdd.domain.gherkin.grammar.outlines import StepLine, list_lines, walk_steps
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.gherkin.manifest.manifest import cut_block
from spec2bdd.domain.gherkin.phrasing.gherkin_block import parse_fenced
from spec2bdd.domain.gherkin.phrasing.script import ScriptError
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.stubs import describe_criterion
from spec2bdd.model import Tier, TrackedCriterion
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_comparison_key

_DOC_STRING = '"""'


@dataclass(frozen=True, slots=True)
class StepRename:
    """A step line of the criterion `id` whose text has changed.

    `old_docs` are what the docstring of its stub may say of the criterion as it was, `new_doc` is what it says now.
    """

    id: str
    before: StepLine
    after: StepLine
    old_docs: tuple[str, ...] = ()
    new_doc: str = ""


@dataclass(frozen=True, slots=True)
class CriterionRewording:
    """A reworded criterion, with its step lines on disk and its planned ones."""

    id: str
    before: tuple[StepLine, ...]
    after: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class _ChangedCriterion:
    """A criterion whose scenario on disk differs from the planned one: its step lines before and after.

    `reworded` is set where the scenario on disk has a wording that was not accepted yet; `texts` are the wordings that
    are recorded.
    """

    tracked: TrackedCriterion
    reworded: bool
    texts: tuple[str, ...]
    before: tuple[StepLine, ...]
    after: tuple[StepLine, ...]


def find_rewordings(
    plans: Iterable[SpecPlan], feature_index: FeatureIndex, contents: Mapping[str, bytes]
) -> tuple[CriterionRewording, ...]:
    """Find the criteria with a generated scenario whose new wording the feature file does not have yet."""
    return tuple(
        CriterionRewording(changed.tracked.id, changed.before, changed.after)
        for plan in plans
        for changed in _walk_changed(plan, feature_index, contents)
        if changed.tracked.reworded
    )


def find_decomposed(
    plans: Iterable[SpecPlan], missing: Set[tuple[str, str]], texts: Iterable[str]
) -> tuple[StepRename, ...]:
    """Find the `missing` steps that a definition in decomposed letters (NFD) may be meant for.

    Steps are written in composed letters (NFC). Behave takes the two for different texts, which look the same.
    """
    if not any(not text.isascii() for _, text in missing) or all(is_normalized("NFC", text) for text in texts):
        return ()
    renames: list[StepRename] = []
    for scenario in (scenario for plan in plans if plan.feature for scenario in plan.feature.scenarios):
        for line in list_lines(scenario.steps, scenario.examples):
            decomposed = normalize("NFD", line.text)
            if decomposed != line.text and any((line.kind, text) in missing for text in line.texts):
                renames.append(StepRename(scenario.id, replace(line, text=decomposed), line))
    return tuple(renames)


def find_renames(
    plans: Sequence[SpecPlan], feature_index: FeatureIndex, contents: Mapping[str, bytes]
) -> tuple[StepRename, ...]:
    """Find the steps whose definitions may follow: the old text is in no scenario any more, the new one is unambiguous.

    A step is renamed with its criterion's wording, whose verdict is stale until the rewording is accepted, by a change
    of typography, or by other rules of phrasing. Any other step that changes under the same wording is a different
    step: its verdict would not become stale, and a definition that followed would prove it unseen. `contents` holds the
    feature files on disk.
    """
    renames: list[StepRename] = []
    for changed in (changed for plan in plans for changed in _walk_changed(plan, feature_index, contents)):
        old, new = ({(line.kind, line.text) for line in lines} for lines in (changed.before, changed.after))
        # Going back to the accepted wording also reverts the definitions that had followed the other one.
        is_reworded = bool(changed.tracked.reworded or changed.reworded)
        # A step made from the very same text changes only where an earlier version phrased it by other rules.
        criterion = changed.tracked.criterion
        is_rephrased = not criterion.nested and not criterion.bullets and criterion.text in changed.texts
        for kind in ("given", "when", "then"):
            removed = [line for line in changed.before if line.kind == kind and (kind, line.text) not in new]
            added = [line for line in changed.after if line.kind == kind and (kind, line.text) not in old]
            # Lines are paired by their order, which is only sure where none was added or removed.
            for before, after in zip(removed, added, strict=True) if len(removed) == len(added) else ():
                if is_reworded or is_rephrased or to_comparison_key(before.text) == to_comparison_key(after.text):
                    new_doc = describe_criterion(changed.tracked.criterion.tier, changed.tracked.criterion.text)
                    docs = (describe_criterion(tier, text) for tier in Tier for text in changed.texts)
                    renames.append(StepRename(changed.tracked.id, before, after, tuple(docs), new_doc))
    if not renames:
        return ()
    scenarios = [scenario for plan in plans if plan.feature for scenario in plan.feature.scenarios]
    planned = {step for scenario in scenarios for step in walk_steps(scenario)}
    new_texts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for rename in renames:
        new_texts[rename.before.kind, rename.before.text].add(rename.after.text)
    return tuple(
        rename
        for rename in renames
        if planned.isdisjoint((rename.before.kind, text) for text in rename.before.texts)
        and len(new_texts[rename.before.kind, rename.before.text]) == 1
    )


def parse_lines(text: str, language: str) -> list[StepLine]:
    """Parse the step lines of a block of a generated feature file, each once."""
    # Only what an author could write into a fence can be parsed: the tags and the first line, which is one of them or
    # the name of the rule, are left out. A line of a doc string may look like a tag.
    script_lines: list[str] = []
    in_doc_string = False
    for line in text.split("\n")[1:]:
        in_doc_string ^= line.strip() == _DOC_STRING
        if in_doc_string or not line.strip().startswith("@"):
            script_lines.append(line)
    scripts = parse_fenced("\n".join(script_lines), language)
    if isinstance(scripts, ScriptError):
        return []
    return list(dict.fromkeys(line for script in scripts for line in list_lines(script.steps, script.examples)))


def _walk_changed(
    plan: SpecPlan, feature_index: FeatureIndex, contents: Mapping[str, bytes]
) -> Iterator[_ChangedCriterion]:
    """Yield the criteria of a plan whose scenario on disk differs from the planned one."""
    feature = plan.feature
    manifest = feature_index.manifests.get(feature.path) if feature else None
    if manifest is None or feature is None or plan.hand_edited:
        return
    blocks = {block.id: block for block in manifest.blocks if block.id}
    changed = [tracked for tracked in plan.tracked if not tracked.current and tracked.id in blocks]
    text = contents[feature.path].decode("utf-8", "replace") if changed else ""
    for tracked in changed:
        block = blocks[tracked.id]
        before = parse_lines(cut_block(text, block), feature.language)
        scenarios = (scenario for scenario in feature.scenarios if scenario.id == tracked.id)
        after = dict.fromkeys(line for scenario in scenarios for line in list_lines(scenario.steps, scenario.examples))
        texts = tuple(filter(None, (block.recorded.text, block.reworded)))
        yield _ChangedCriterion(tracked, bool(block.reworded), texts, tuple(before), tuple(after))
