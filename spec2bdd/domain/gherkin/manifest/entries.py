"""The criteria of a spec and what is remembered of it in, out a line of memory for each one without a scenario.

A line stands where the scenario would: above the next one. So two branches that each take a scenario away, or bring one
back, do not meet in one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from spec2bdd.model import Identified, Kept, Proof, Remembered
from spec2bdd.text.normalize import derive_line


def derive_kept(
    identified: Sequence[Identified], remembered: Sequence[Remembered], *, rules: Set[str]
) -> tuple[Kept, ...]:
    """Return the lines of memory in order; `rules` are the criteria whose scenarios stand behind all others."""
    items = sorted(identified, key=lambda item: item.id in rules)
    lines: list[Kept] = []
    above = ""
    for one in reversed(list(_insert_retired(items, remembered))):
        if isinstance(one, Kept):
            lines.append(replace(one, above=above))
        else:
            above = one.id
    return tuple(reversed(lines))


def _insert_retired(items: Sequence[Identified], remembered: Sequence[Remembered]) -> Iterator[Identified | Kept]:
    """Yield the criteria with a scenario and the memory of the others; what is gone stays where it stood."""
    living = {item.id for item in items}
    gone: dict[str, list[Kept]] = defaultdict(list)
    before = ""
    for entry in {entry.id: entry for entry in remembered}.values():
        if entry.id in living:
            before = entry.id
        else:
            gone[before].append(Kept(entry.id, "retired", derive_line(entry.text), reworded=entry.reworded))
    yield from gone[""]
    for item in items:
        yield item if item.proof is Proof.GENERATED else _derive_line(item)
        yield from gone[item.id]


def _derive_line(item: Identified) -> Kept:
    """Return the line of memory of a criterion without a generated scenario."""
    tier = item.criterion.tier
    return Kept(item.id, tier.value, derive_line(item.criterion.text), item.trusted, reworded=item.reworded)
