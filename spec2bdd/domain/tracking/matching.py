"""Match the criteria of a spec with those that its feature file records, so that each keeps its id.

The passes go from the strictest to the loosest: the author's own id, the text, the text up to typography, a text before
a recorded renaming, the text of a spec that was merged into this one, a text that differs in values alone, the id of a
scenario whose name was edited by hand, and a text that is clearly similar. What is left is new, and gets an id made
from its text: no counters, so two branches never give one id to two criteria.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from itertools import count

from spec2bdd.domain.tracking.wording import normalize_shape, normalize_words
from spec2bdd.model import Criterion, RecordedCriterion
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import digest_text, drop_dangling, to_comparison_key, to_single_line
from spec2bdd.text.slugs import slugify_unique

# Longer where a shorter one is taken; 6 hexadecimal digits are enough for nearly every spec.
_DIGEST_LENGTHS = (6, 10, 16)


@dataclass(frozen=True, slots=True)
class CriterionMatch:
    """The id of one criterion, and the recorded criterion that it was matched with, None for a new one.

    `alike` holds the recorded texts that a new criterion may be a rewording of.
    """

    criterion: Criterion
    id: str
    recorded: RecordedCriterion | None = None
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _TextPass:
    """One way to compare criteria: by their normalized texts, and by their tiers too where `with_tier` is set."""

    normalize: Callable[[str], str]
    with_tier: bool

    def build_key(self, text: str, tier: str) -> tuple[str, str]:
        """Build the key that two criteria share if this pass matches them."""
        return self.normalize(text), tier if self.with_tier else ""


_SAME_TEXT_SAME_TIER = _TextPass(to_single_line, with_tier=True)
_SAME_TEXT = _TextPass(to_single_line, with_tier=False)
_SAME_WORDS_SAME_TIER = _TextPass(normalize_words, with_tier=True)
_SAME_WORDS = _TextPass(normalize_words, with_tier=False)
# The strictest pass goes first, or two criteria that differ in tier or typography alone would swap their ids.
_TEXT_PASSES = (_SAME_TEXT_SAME_TIER, _SAME_TEXT, _SAME_WORDS_SAME_TIER, _SAME_WORDS)


def match_criteria(
    key: str,
    criteria: Sequence[Criterion],
    remembered: Sequence[RecordedCriterion],
    *,
    merged: Sequence[RecordedCriterion] = (),
    reserved: Set[str] = frozenset(),
) -> tuple[CriterionMatch, ...]:
    """Match each criterion of the spec `key`, in order; no two matches have the same id.

    `merged` are the recorded criteria of specs that were merged into this one. They are matched by the same id or text.

    A new criterion gets none of the `reserved` ids: those that other specs record, since this spec may have got the
    number of one of them.
    """
    matching = _Matching(key, criteria, remembered, merged)
    matching.match_given_ids()
    with_given_id = frozenset(matching.matches)
    # A removed criterion comes back only if none that is still there has these words: the name of a scenario lacks the
    # punctuation at the end, which the record of a removed one has.
    for retired in (False, True):
        for text_pass in _TEXT_PASSES:
            matching.match_texts(text_pass, retired=retired)
    matching.match_former_texts()
    matching.match_merged_texts()
    matching.match_values()
    matching.match_edited_names()
    alike = matching.match_similar_texts()
    matching.add_new(alike, reserved=reserved)
    matching.stabilize_duplicates([index for index in range(len(criteria)) if index not in with_given_id])
    return tuple(matching.matches[index] for index in range(len(criteria)))


class _Matching:
    """The matches that the passes have found for the criteria of one spec, by index, and the entries still `free`.

    `merged` has the entries of merged specs that are still free.
    """

    def __init__(
        self,
        key: str,
        criteria: Sequence[Criterion],
        remembered: Sequence[RecordedCriterion],
        merged: Sequence[RecordedCriterion],
    ) -> None:
        self.key, self.criteria, self.remembered = key, criteria, remembered
        self.free = {entry.id: entry for entry in remembered}
        # After an interrupted `generate`, an entry may be in both files.
        self.merged = {entry.id: entry for entry in merged if entry.state != "retired" and entry.id not in self.free}
        self.matches: dict[int, CriterionMatch] = {}

    def _match(self, index: int, entry: RecordedCriterion) -> None:
        """Record a match; the entry is no longer free."""
        self.matches[index] = CriterionMatch(self.criteria[index], entry.id, self.free.pop(entry.id, entry))
        self.merged.pop(entry.id, None)

    def match_given_ids(self) -> None:
        """Match the criteria with an author's id; a second one with the same id is treated as if it had none."""
        taken: set[str] = set()
        for index, criterion in enumerate(self.criteria):
            slug = slugify_unique(criterion.given_id) if criterion.given_id else ""
            given = f"ac_{self.key}_{slug}"
            if not slug or given in taken:
                continue
            taken.add(given)
            entry = self.free.get(given)
            if entry is None:
                # The spec may have had another number: the only entry with this id and nearly these words is the same.
                others = (*self.free.values(), *self.merged.values())
                named = (old for old in others if old.id.endswith(f"_{slug}") and old.state != "retired")
                from spec2bdd.domain.tracking.similarity import is_similar

                similar = [old for old in named if is_similar(old.text, criterion.text)]
                entry = similar[0] if len(similar) == 1 else None
            if entry is None:
                self.matches[index] = CriterionMatch(criterion, given)
            else:
                self._match(index, entry)

    def match_texts(self, text_pass: _TextPass, *, retired: bool) -> None:
        """Match criteria with equal keys in their order, either with retired entries or with all others."""
        entries = [entry for entry in self.free.values() if (entry.state == "retired") is retired]
        if not entries:
            return
        by_key: dict[tuple[str, str], list[RecordedCriterion]] = defaultdict(list)
        for entry in entries:
            by_key[text_pass.build_key(entry.text, entry.state)].append(entry)
        for index, criterion in enumerate(self.criteria):
            key = text_pass.build_key(criterion.text, criterion.tier)
            if index not in self.matches and by_key[key]:
                self._match(index, by_key[key].pop(0))

    def match_former_texts(self) -> None:
        """Match criteria with the entries of the texts that they had before they were renamed."""
        entries = {normalize_words(entry.text): entry for entry in self.free.values() if entry.state != "retired"}
        for index, criterion in enumerate(self.criteria):
            former = (entries.pop(normalize_words(text), None) for text in criterion.former)
            if index not in self.matches and (entry := next(filter(None, former), None)):
                self._match(index, entry)

    def match_merged_texts(self) -> None:
        """Match criteria with equal texts in specs that were merged into this one."""
        own, self.free = self.free, dict(self.merged)
        for text_pass in _TEXT_PASSES:
            self.match_texts(text_pass, retired=False)
        self.free = own

    def match_values(self) -> None:
        """Match a criterion with the only entry that differs from it in values alone.

        Where several criteria differ in nothing else, a removed value and a new one need not be the same criterion.
        """
        living = [entry for entry in self.free.values() if entry.state != "retired"]
        if not living or len(self.matches) == len(self.criteria):
            return
        shapes = [normalize_shape(criterion.text) for criterion in self.criteria]
        counts = Counter(shapes)
        removed: dict[str, list[RecordedCriterion]] = defaultdict(list)
        for entry in living:
            removed[normalize_shape(entry.text)].append(entry)
        for index, shape in enumerate(shapes):
            if index not in self.matches and counts[shape] == 1 and len(removed[shape]) == 1:
                self._match(index, removed[shape][0])

    def match_edited_names(self) -> None:
        """Match criteria with scenarios whose names were edited by hand: an id that their text makes is theirs."""
        edited = {entry.id: entry for entry in self.free.values() if not entry.intact}
        for index, criterion in enumerate(self.criteria) if edited else ():
            made = filter(edited.get, self._make_ids(to_comparison_key(criterion.text)))
            if index not in self.matches and (entry := edited.pop(next(made, ""), None)):
                self.free[entry.id] = replace(entry, text=criterion.text)
                self._match(index, entry)

    def _make_ids(self, text: str) -> Iterator[str]:
        """Make the ids that a text may give, the shortest first."""
        digest = digest_text(text, length=64)
        return (f"ac_{self.key}_{digest[:length]}" for length in _DIGEST_LENGTHS)

    def match_similar_texts(self) -> dict[int, tuple[str, ...]]:
        """Match clearly similar texts; return, for each criterion without a clear match, the texts that it is like."""
        living = [entry for entry in self.remembered if entry.state != "retired"]
        free_old = {number for number, entry in enumerate(living) if entry.id in self.free}
        free_new = set(range(len(self.criteria))) - self.matches.keys()
        if not free_old or not free_new:
            return {}
        # Its tables take time to load, and most runs find no reworded criterion.
        from spec2bdd.domain.tracking.similarity import match_similar

        similar = match_similar(
            [entry.text for entry in living],
            [criterion.text for criterion in self.criteria],
            free_old=free_old,
            free_new=free_new,
        )
        for index, number in similar.pairs.items():
            self._match(index, living[number])
        return {index: tuple(living[number].text for number in numbers) for index, numbers in similar.doubts.items()}

    def add_new(self, alike: dict[int, tuple[str, ...]], *, reserved: Set[str]) -> None:
        """Give each criterion that no pass has matched a new id, made from its text."""
        taken = {match.id for match in self.matches.values()} | {entry.id for entry in self.remembered}
        # The salt that each text had last: all ids with smaller ones are taken, and trying them again for each of many
        # equal texts would take quadratic time.
        salts: dict[str, int] = {}
        for index, criterion in enumerate(self.criteria):
            if index in self.matches:
                continue
            text = to_comparison_key(criterion.text)
            for salt in count(salts.get(text, 0)):
                ids = self._make_ids(text + "\n" * salt)
                if new_id := next((free for free in ids if free not in taken and free not in reserved), ""):
                    salts[text] = salt
                    taken.add(new_id)
                    self.matches[index] = CriterionMatch(criterion, new_id, alike=alike.get(index, ()))
                    break

    def stabilize_duplicates(self, indices: Sequence[int]) -> None:
        """Assign the ids of criteria with one text and one tier in the order of the ids.

        Their order in the feature file may be another one, since rules come last there, and without this, they would
        swap their ids at each `generate`.
        """
        # Punctuation at the end that the name of a scenario does not have is not recorded either.
        duplicates: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index in indices:
            criterion = self.criteria[index]
            text = drop_dangling(to_single_line(criterion.text))
            duplicates[text, criterion.tier].append(index)
        for group in (group for group in duplicates.values() if len(group) > 1):
            matches = sorted((self.matches[index] for index in group), key=lambda match: (len(match.id), match.id))
            for index, match in zip(group, matches, strict=True):
                self.matches[index] = replace(match, criterion=self.criteria[index])
