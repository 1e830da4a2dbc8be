"""Manifest entries: one comment line in the feature file for each criterion without a generated scenario.

    # kept: ac_1_1_0b1d2e must "A book is lent", digest 1a2b3c, unverified

An entry is in the place where the scenario would be: above the next one. So two branches that each remove a scenario,
or restore one, do not change the same lines.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace

from spec2bdd.domain.gherkin.manifest.digests import compute_entry_digest
from spec2bdd.model import ManifestEntry, ProofSource, RecordedCriterion, TrackedCriterion
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.normalize import to_quotable, to_single_line

# The accepted wording contains no double quotes, so the last digest of a line is always the generated one.
NOTE = r'(?P<note>(?P<unverified>, unverified)|, reworded from "(?P<reworded>[^"]*)")?'
# The text of a criterion whose scenario has another name, with a backslash before a quote or a backslash.
CRITERION_TEXT = r'(?:, criterion "(?P<criterion>(?:[^"\\]|\\.)*)")?'
_ESCAPE = re.compile(r"\\(.)")
_ENTRY = r'(?:  )?# kept: (?P<id>ac_[a-z0-9_]+) (?P<state>[a-z]+) "(?P<text>.*)"'
ENTRY_LINE = re.compile(rf"{_ENTRY}, digest (?P<digest>[0-9a-f]+){NOTE}")
# The digest was removed: the line is still an entry, but an edited one.
_ENTRY_WITHOUT_DIGEST = compile_lazily(rf"{_ENTRY}(?P<digest>){NOTE}")


def build_manifest_entries(
    criteria: Sequence[TrackedCriterion], recorded: Sequence[RecordedCriterion], *, rules: Set[str]
) -> tuple[ManifestEntry, ...]:
    """Build the entries for a feature file, in order, from its criteria and from what it records already.

    `rules` are the ids of criteria whose scenarios form a rule: these come after all others.
    """
    # Sorting is stable, so that the order of the spec is kept otherwise.
    ordered = sorted(criteria, key=lambda tracked: tracked.id in rules)
    ids = {tracked.id for tracked in ordered}
    # A retired criterion stays after the one that it came after; those at the beginning have the key "".
    retired: dict[str, list[ManifestEntry]] = defaultdict(list)
    before = ""
    for record in {record.id: record for record in recorded}.values():
        if record.id in ids:
            before = record.id
        else:
            text = to_single_line(record.text)
            retired[before].append(ManifestEntry(record.id, "retired", text, reworded=record.reworded))
    # From the end, so that the scenario under an entry is known.
    entries: list[ManifestEntry] = []
    above = ""
    for tracked in reversed(ordered):
        entries += (replace(entry, above=above) for entry in reversed(retired[tracked.id]))
        if tracked.proof is ProofSource.GENERATED:
            above = tracked.id
        else:
            state, text = tracked.criterion.tier.value, to_single_line(tracked.criterion.text)
            entries.append(
                ManifestEntry(tracked.id, state, text, tracked.unverified, reworded=tracked.reworded, above=above)
            )
    entries += (replace(entry, above=above) for entry in reversed(retired[""]))
    return tuple(reversed(entries))


def render_entry(entry: ManifestEntry | RecordedCriterion) -> str:
    """Render the line of an entry, without its indent."""
    digest = compute_entry_digest(entry.id, entry.state, entry.text)
    note = render_note(unverified=entry.unverified, reworded=entry.reworded)
    return f'# kept: {entry.id} {entry.state} "{entry.text}", digest {digest}{note}'


def parse_entry(line: str, number: int) -> RecordedCriterion | None:
    """Parse the line of an entry, or return `None` if it is something else."""
    match = ENTRY_LINE.fullmatch(line) or _ENTRY_WITHOUT_DIGEST.fullmatch(line)
    if not match:
        return None
    intact = compute_entry_digest(match["id"], match["state"], match["text"]) == match["digest"]
    unverified, reworded = parse_note(match)
    return RecordedCriterion(match["id"], match["state"], match["text"], number, intact, unverified, reworded)


def render_criterion_text(text: str) -> str:
    """Render the text of a criterion for the line of a digest; empty if the scenario has it for its name."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f', criterion "{escaped}"' if text else ""


def parse_criterion_text(match: re.Match[str]) -> str:
    """Read from a match of `CRITERION_TEXT` the text of a criterion."""
    return _ESCAPE.sub(r"\1", match["criterion"] or "")


def render_note(*, unverified: bool, reworded: str) -> str:
    """Render the note after a digest, which most criteria do not have."""
    if reworded:
        return f', reworded from "{to_quotable(reworded)}"'
    return ", unverified" if unverified else ""


def parse_note(match: re.Match[str]) -> tuple[bool, str]:
    """Read from a match of `NOTE` whether a criterion is unverified, and its accepted wording if that has changed."""
    return bool(match["unverified"]), match["reworded"] or ""
