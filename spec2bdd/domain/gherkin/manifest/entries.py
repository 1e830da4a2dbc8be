"""The criteria of a spec and what is remembered of it in, out a line of memory for each one without a scenario.

A line stands where the scenario would: above the next one. So two branches that each take a scenario away, or bring one
back, do not meet in one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from spec2bdd.model import ManifestEntry, ProofSource, RecordedCriterion, TrackedCriterion
from spec2bdd.text.normalize import to_single_line


def derive_manifest_entries(
    identified: Sequence[TrackedCriterion], remembered: Sequence[RecordedCriterion], *, rules: Set[str]
) -> tuple[ManifestEntry, ...]:
    """Return the lines of memory in order; `rules` are the criteria whose scenarios stand behind all others."""
    items = sorted(identified, key=lambda item: item.id in rules)
    lines: list[ManifestEntry] = []
    above = ""
    for one in reversed(list(_insert_retired(items, remembered))):
        if isinstance(one, ManifestEntry):
            lines.append(replace(one, above=above))
        else:
            above = one.id
    return tuple(reversed(lines))


def _insert_retired(
    items: Sequence[TrackedCriterion], remembered: Sequence[RecordedCriterion]
) -> Iterator[TrackedCriterion | ManifestEntry]:
    """Yield the criteria with a scenario and the memory of the others; what is gone stays where it stood."""
    living = {item.id for item in items}
    gone: dict[str, list[ManifestEntry]] = defaultdict(list)
    before = ""
    for entry in {entry.id: entry for entry in remembered}.values():
        if entry.id in living:
            before = entry.id
        else:
            gone[before].append(ManifestEntry(entry.id, "retired", to_single_line(entry.text), reworded=entry.reworded))
    yield from gone[""]
    for item in items:
        yield item if item.proof is ProofSource.GENERATED else _derive_line(item)
        yield from gone[item.id]


def _derive_line(item: TrackedCriterion) -> ManifestEntry:
    """Return the line of memory of a criterion without a generated scenario."""
    tier = item.criterion.tier
    return ManifestEntry(item.id, tier.value, to_single_line(item.criterion.text), item.trusted, reworded=item.reworded)
