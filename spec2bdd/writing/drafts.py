"""All specs and feature files in, one draft for each spec out: its ids, its feature, and what is in the way of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from spec2bdd.model import Criterion, Feature, Identified, Problem, Proof, Remembered, Spec, Tier
from spec2bdd.writing.conflicts import (
    describe_copy,
    describe_edits,
    describe_new_wordings,
    describe_same_texts,
    describe_shared_id,
    describe_shared_key,
    describe_taken_path,
    describe_twins,
)
from spec2bdd.writing.faults import describe_faults, describe_language
from spec2bdd.writing.features import (
    derive_feature,
    derive_feature_stem,
    derive_key,
    derive_language,
    derive_titles,
)
from spec2bdd.writing.identity import Match, derive_matches
from spec2bdd.writing.memory import Memory, parse_memory, parse_tags
from spec2bdd.writing.names import derive_line, derive_sameness
from spec2bdd.writing.scenarios import derive_blocks
from spec2bdd.writing.wording import find_accepted


@dataclass(frozen=True, slots=True)
class Library:
    """The feature files on disk by path: the memory of the generated ones, and the tags that stand in each."""

    memories: Mapping[str, Memory] = field(default_factory=dict)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    files_by_tag: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files_by_spec: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()

    def find_files(self, tag: str) -> tuple[str, ...]:
        """Return the files that carry a tag."""
        return self.files_by_tag.get(tag, ())

    def find_generated(self, spec_path: str) -> tuple[str, ...]:
        """Return the files that say that they were generated from a spec."""
        return self.files_by_spec.get(derive_line(spec_path), ())


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
    tags = {path: parse_tags(text) for path, text in texts.items()}
    return Library(
        memories,
        tags,
        files_by_tag=_turn((tag, path) for path, found in tags.items() for tag in found),
        files_by_spec=_turn((memory.spec_path, path) for path, memory in memories.items()),
        ids=frozenset(entry.id for memory in memories.values() for entry in memory.remembered),
    )


def derive_drafts(
    specs: Sequence[Spec], library: Library, *, folder: str, paths: Set[str], language: str = "en"
) -> tuple[tuple[Draft, ...], tuple[Problem, ...]]:
    """Return a draft for each spec that shares neither key, file nor id with another, and a problem for each that does.

    `paths` names all spec files, those included that could not be read. `language` is that of the specs that name none.
    """
    keys: dict[str, list[Spec]] = defaultdict(list)
    for spec in specs:
        keys[derive_key(spec)].append(spec)
    problems = [describe_shared_key(key, spec, twins) for key, twins in keys.items() for spec in twins if twins[1:]]
    there = frozenset(map(derive_line, paths))
    homes = {twins[0].path: _find_home(twins[0], library, there=there) for twins in keys.values() if not twins[1:]}
    wanted = [spec for spec in specs if spec.path in homes]
    titles = derive_titles(wanted)
    drafts = [
        _derive_draft(spec, library, home=homes[spec.path], folder=folder, title=title, language=language)
        for spec, title in zip(wanted, titles, strict=True)
    ]
    problems += _find_taken_paths([draft for draft in drafts if not homes[draft.spec.path]], library)
    ids = Counter(item.id for draft in drafts for item in draft.identified)
    shared = [(draft, item) for draft in drafts for item in draft.identified if ids[item.id] > 1]
    problems += [describe_shared_id(draft.spec.path, item) for draft, item in shared]
    blocked = {problem.path for problem in problems}
    return tuple(draft for draft in drafts if draft.spec.path not in blocked), tuple(problems)


def find_orphans(drafts: Sequence[Draft], library: Library, *, paths: Set[str]) -> tuple[str, ...]:
    """Return the generated feature files whose spec is gone."""
    used = {draft.feature.path for draft in drafts if draft.feature}
    there = frozenset(map(derive_line, paths))
    memories = library.memories.items()
    return tuple(path for path, memory in memories if path not in used and memory.spec_path not in there)


def find_unlinked(drafts: Sequence[Draft], library: Library) -> tuple[tuple[str, str], ...]:
    """Return the tags in feature files of your own that look like a criterion's and are none's, each with its path."""
    known = {item.id for draft in drafts for item in draft.identified}
    known |= {
        entry.id for memory in library.memories.values() for entry in memory.remembered if entry.state != "retired"
    }
    tags = sorted(tag for tag in library.files_by_tag if tag.startswith("ac_") and tag not in known)
    return tuple((path, tag) for tag in tags for path in library.files_by_tag[tag] if path not in library.memories)


def _turn(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the second items of all pairs by the first."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


def _derive_draft(spec: Spec, library: Library, *, home: str, folder: str, title: str, language: str) -> Draft:
    """Return the draft of one spec, which remembers what its file `home` does, if it has one."""
    path = home or f"{folder}/{derive_feature_stem(spec)}.feature"
    memory = library.memories.get(home)
    remembered = memory.remembered if memory else ()
    matches = derive_matches(derive_key(spec), spec.criteria, remembered, reserved=library.ids)
    gone = _find_gone(remembered, matches)
    retiring = any(entry.state != "retired" for entry in gone)
    identified = tuple(
        _identify(match, spec.criteria, index=index, library=library, retiring=retiring)
        for index, match in enumerate(matches)
    )
    if not identified and not gone:
        return Draft(spec, (), None)
    language = derive_language(spec, language)
    feature = derive_feature(spec, identified, path=path, name=title, retired=gone, language=language)
    problems = (
        *describe_edits(path, memory),
        *describe_twins(spec.path, matches),
        *describe_same_texts(spec.path, identified),
        *describe_language(spec),
        *describe_faults(spec.path, identified, language),
        *describe_new_wordings(spec.path, matches),
        *(describe_copy(file, spec.path, path) for file in library.find_generated(spec.path) if file != path),
    )
    return Draft(spec, _compare_with_disk(identified, feature, memory), feature, problems)


def _find_home(spec: Spec, library: Library, *, there: Set[str]) -> str:
    """Return the file that remembers a spec: the one that names it, else one with its key whose spec is not `there`."""
    tagged = library.find_files(f"spec_{derive_key(spec)}")
    left = [path for path in tagged if path in library.memories and library.memories[path].spec_path not in there]
    # Of copies, the one that stands where it would be written today is the original.
    name = f"{derive_feature_stem(spec)}.feature"
    return min(library.find_generated(spec.path) or left, key=lambda path: path.rpartition("/")[2] != name, default="")


def _find_taken_paths(drafts: Sequence[Draft], library: Library) -> Iterator[Problem]:
    """Yield an error for each spec without a file whose new one would be written over another.

    On many file systems two names that differ only in case are one file.
    """
    standing = {path.casefold(): path for path in library.tags}
    wanted = Counter(draft.feature.path.casefold() for draft in drafts if draft.feature)
    for spec_path, path in [(draft.spec.path, draft.feature.path) for draft in drafts if draft.feature]:
        taken = standing.get(path.casefold(), "")
        if taken or wanted[path.casefold()] > 1:
            yield describe_taken_path(spec_path, path, mine=taken not in library.memories and bool(taken))


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
    reworded = find_accepted(criterion, match.remembered, proof)
    trusted = trusted and provable and not reworded
    return Identified(criterion, match.id, proof, known=known, trusted=trusted, files=files, reworded=reworded)


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
    # Without a scenario on disk there is nothing to compare with, and rendering takes time.
    today = {block.id: block.digest for block in derive_blocks(feature)} if intact else {}
    planned = {scenario.id for scenario in feature.scenarios}
    texts = {entry.id: entry.text for entry in memory.remembered} if memory else {}
    return tuple(
        replace(item, current=item.id in intact and intact[item.id] == today[item.id])
        if item.id in planned
        # A proof of its author's own is today's unless the wording is one that nobody has been told of.
        else replace(item, current=not item.reworded or texts.get(item.id) == derive_line(item.criterion.text))
        for item in identified
    )
