"""All specs and feature files in, one draft for each spec out: its ids, its feature, and what is in the way of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from spec2bdd.model import Criterion, Feature, Identified, Problem, Proof, Remembered, Severity, Spec, Tier
from spec2bdd.writing.features import derive_feature, derive_feature_stem, derive_key, derive_scenario_block
from spec2bdd.writing.identity import Match, derive_matches
from spec2bdd.writing.memory import Memory, parse_memory, parse_tags
from spec2bdd.writing.names import derive_id, derive_line, derive_sameness


@dataclass(frozen=True, slots=True)
class Library:
    """The feature files on disk by path: the memory of the generated ones, and the tags that stand in each."""

    memories: Mapping[str, Memory] = field(default_factory=dict)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def find_files(self, tag: str) -> tuple[str, ...]:
        """Return the files that carry a tag."""
        return tuple(path for path, tags in self.tags.items() if tag in tags)

    def find_ids(self, *, apart: str) -> frozenset[str]:
        """Return the ids that the generated files remember, those apart that come from the spec of the file `apart`."""
        own = self.memories[apart].spec_path if apart in self.memories else ""
        others = (memory for memory in self.memories.values() if memory.spec_path != own)
        return frozenset(entry.id for memory in others for entry in memory.remembered)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to stand for one spec: its identified criteria, and its feature if it needs one."""

    spec: Spec
    identified: tuple[Identified, ...]
    feature: Feature | None
    problems: tuple[Problem, ...] = ()


def parse_library(texts: Mapping[str, str]) -> Library:
    """Return what the texts of all feature files hold for us."""
    memories = {path: memory for path, text in texts.items() if (memory := parse_memory(text))}
    return Library(memories, {path: parse_tags(text) for path, text in texts.items()})


def derive_drafts(
    specs: Sequence[Spec], library: Library, *, folder: str, paths: Set[str]
) -> tuple[tuple[Draft, ...], tuple[Problem, ...]]:
    """Return a draft for each spec that shares neither key, file nor id with another, and a problem for each that does.

    `paths` names all spec files, those included that could not be read.
    """
    keys: dict[str, list[Spec]] = defaultdict(list)
    for spec in specs:
        keys[derive_key(spec)].append(spec)
    problems = [_describe_shared_key(key, spec, twins) for key, twins in keys.items() for spec in twins if twins[1:]]
    drafts = [_derive_draft(twins[0], library, folder=folder, paths=paths) for twins in keys.values() if not twins[1:]]
    written = Counter(draft.feature.path.casefold() for draft in drafts if draft.feature)
    ids = Counter(item.id for draft in drafts for item in draft.identified)
    for draft in drafts:
        problems += _describe_taken_path(draft, library, written)
        problems += _describe_shared_ids(draft, ids)
    blocked = {problem.path for problem in problems}
    return tuple(draft for draft in drafts if draft.spec.path not in blocked), tuple(problems)


def find_orphans(drafts: Sequence[Draft], library: Library, *, paths: Set[str]) -> tuple[str, ...]:
    """Return the generated feature files whose spec is gone."""
    used = {draft.feature.path for draft in drafts if draft.feature}
    memories = library.memories.items()
    return tuple(path for path, memory in memories if path not in used and memory.spec_path not in paths)


def _derive_draft(spec: Spec, library: Library, *, folder: str, paths: Set[str]) -> Draft:
    """Return the draft of one spec."""
    key = derive_key(spec)
    path = _find_memory(spec, key, library, paths=paths) or f"{folder}/{derive_feature_stem(spec)}.feature"
    memory = library.memories.get(path)
    remembered = memory.remembered if memory else ()
    matches = derive_matches(key, spec.criteria, remembered, foreign=library.find_ids(apart=path))
    gone = _find_gone(remembered, matches)
    retiring = any(entry.state != "retired" for entry in gone)
    identified = tuple(
        _identify(match, spec.criteria, index=index, library=library, retiring=retiring)
        for index, match in enumerate(matches)
    )
    if not identified and not gone:
        return Draft(spec, (), None)
    feature = derive_feature(spec, identified, path=path, retired=gone)
    problems = (
        *_describe_edits(path, memory),
        *_describe_twins(spec.path, matches),
        *_describe_copies(spec.path, path, library),
    )
    return Draft(spec, _compare_with_disk(identified, feature, memory), feature, problems)


def _find_memory(spec: Spec, key: str, library: Library, *, paths: Set[str]) -> str:
    """Return the file that remembers a spec: by the spec's path, else by its key if the spec it names is gone."""
    written = {derive_line(spec_path) for spec_path in paths}
    named, left = [], []
    for path, memory in library.memories.items():
        if memory.spec_path == derive_line(spec.path):
            named.append(path)
        elif memory.spec_path not in written and f"spec_{key}" in library.tags[path]:
            left.append(path)
    # Of copies, the one that stands where it would be written today is the original.
    stem = f"{derive_feature_stem(spec)}.feature"
    return next(iter(sorted(named or left, key=lambda path: path.rpartition("/")[2] != stem)), "")


def _find_gone(remembered: Sequence[Remembered], matches: Sequence[Match]) -> tuple[Remembered, ...]:
    """Return what is remembered and stands in the spec no more, each id once."""
    present = {match.id for match in matches}
    return tuple({entry.id: entry for entry in remembered if entry.id not in present}.values())


def _identify(
    match: Match, criteria: Sequence[Criterion], *, index: int, library: Library, retiring: bool
) -> Identified:
    """Return a criterion with its id and what it is proved by."""
    criterion = match.criterion
    files = library.find_files(match.id)
    trusted = criterion.box.ticked and _tell_trust(match, retiring=retiring)
    children = any(other.parent == index for other in criteria)
    hand_written = any(file not in library.memories for file in files)
    proof = _derive_proof(criterion, children=children, hand_written=hand_written)
    provable = proof in (Proof.GENERATED, Proof.HAND_WRITTEN)
    known = match.remembered is not None
    return Identified(criterion, match.id, proof, known=known, trusted=trusted and provable, files=files)


def _tell_trust(match: Match, *, retiring: bool) -> bool:
    """Tell whether a ticked box may be trusted: where it was, in the same words, or where it is met for the first time.

    Beside a criterion that has just gone a new one is not trusted: it may be the same in other words, and a tick does
    not survive a new wording.
    """
    entry = match.remembered
    if entry is None:
        return not retiring
    return entry.trusted and derive_sameness(entry.text) == derive_sameness(match.criterion.text)


def _derive_proof(criterion: Criterion, *, children: bool, hand_written: bool) -> Proof:
    """Return what a criterion is proved by; one that was set aside with `[~]` or `[-]` asks for no proof."""
    aside = criterion.box.mark in ("~", "-")
    if criterion.tier is Tier.WONT or criterion.manual or criterion.waived or aside:
        return Proof.NOBODY
    if children:
        return Proof.CHILDREN
    return Proof.HAND_WRITTEN if hand_written else Proof.GENERATED


def _compare_with_disk(
    identified: Sequence[Identified], feature: Feature, memory: Memory | None
) -> tuple[Identified, ...]:
    """Return the criteria with `current` set where the scenario on disk is the one that the spec gives today."""
    intact = {block.id: block.digest for block in memory.blocks if block.intact} if memory else {}
    planned = {scenario.id: derive_scenario_block(scenario).digest for scenario in feature.scenarios}
    return tuple(
        replace(item, current=item.id not in planned or intact.get(item.id) == planned[item.id]) for item in identified
    )


def _describe_edits(path: str, memory: Memory | None) -> tuple[Problem, ...]:
    """Return an error for each place of a generated file that was edited by hand."""
    if memory is None:
        return ()
    hint = (
        "undo the edit; or move the scenario to a feature file of your own, its `@ac_...` tag with it; "
        "or delete it here to have it generated anew"
    )
    lines = [*memory.odd_lines, *(block.line for block in memory.edited)]
    message = "edited by hand, so the file was left as it is: generated scenarios are made from the spec"
    return tuple(Problem(path, line, 1, Severity.ERROR, "edited-by-hand", message, hint) for line in sorted(lines))


def _describe_shared_key(key: str, spec: Spec, twins: Sequence[Spec]) -> Problem:
    """Return the error for a spec whose id another spec has too."""
    others = ", ".join(f"`{twin.path}`" for twin in twins if twin is not spec)
    place = spec.find_field("feature_id")
    line, column = (place.line, place.column) if place else (1, 1)
    message = f"the id `{key}` is also that of {others}; none of them was touched"
    return Problem(
        spec.path, line, column, Severity.ERROR, "duplicate-id", message, "give each spec its own `feature_id`"
    )


def _describe_taken_path(draft: Draft, library: Library, written: Counter[str]) -> list[Problem]:
    """Return an error if the draft's feature would be written over a file that is not its own."""
    path = draft.feature.path if draft.feature else ""
    # On many file systems two names that differ only in case are one file.
    twins = [] if path in library.memories else [file for file in library.tags if file.casefold() == path.casefold()]
    foreign = any(file not in library.memories for file in twins)
    if not twins and written[path.casefold()] < 2:
        return []
    what = "a feature file of your own" if foreign else "another spec"
    message = f"its feature file `{path}` is taken by {what}"
    hint = "rename that file, or give the spec another `name` or `feature_id`"
    return [Problem(draft.spec.path, 1, 1, Severity.ERROR, "path-taken", message, hint)]


def _describe_shared_ids(draft: Draft, ids: Counter[str]) -> list[Problem]:
    """Return an error for each criterion whose id a criterion of another spec has too."""
    hint = "give the criterion another id, or the spec another `feature_id`"
    message = "the id `{}` is also that of a criterion in another spec; neither spec was touched"
    shared = [item for item in draft.identified if ids[item.id] > 1]
    return [_describe_at(draft.spec.path, item.criterion, message.format(item.id), hint) for item in shared]


def _describe_twins(path: str, matches: Sequence[Match]) -> list[Problem]:
    """Return an error for each criterion whose author's id an earlier criterion of the spec has too."""
    first: dict[str, Criterion] = {}
    problems: list[Problem] = []
    for criterion in (match.criterion for match in matches if match.criterion.given_id):
        twin = first.setdefault(derive_id(criterion.given_id), criterion)
        if twin is not criterion:
            same = criterion.given_id == twin.given_id
            alike = "" if same else f" as `{twin.given_id}`, which makes the same tag"
            message = f"the id `{criterion.given_id}` stands in line {twin.line} already{alike}"
            problems.append(_describe_at(path, criterion, message, "give each criterion an id of its own"))
    return problems


def _describe_copies(spec_path: str, path: str, library: Library) -> list[Problem]:
    """Return an error for each further file that says it was generated from a spec."""
    message = f"says that it was generated from `{spec_path}`, but the file of that spec is `{path}`; Behave runs both"
    hint = "delete it; or take off its first line and the tags, to make it a file of your own"
    copies = [file for file, memory in library.memories.items() if memory.spec_path == derive_line(spec_path)]
    return [Problem(file, 1, 1, Severity.ERROR, "generated-twice", message, hint) for file in copies if file != path]


def _describe_at(path: str, criterion: Criterion, message: str, hint: str) -> Problem:
    """Return an error at the place of a criterion."""
    return Problem(path, criterion.line, criterion.column, Severity.ERROR, "duplicate-id", message, hint)
