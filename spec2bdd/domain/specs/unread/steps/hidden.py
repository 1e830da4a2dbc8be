"""Report steps that are part of no criterion, whatever block they are in: a quote, code, HTML, a table, a paragraph.

`stray` looks at list items and `swallowed` at fences at the left margin, and both know more of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.heading_path import HeadingPath
from spec2bdd.domain.specs.unread.file_places import (
    FilePlaces,
    describe_criteria_place,
    find_body_start,
    find_places,
    list_read_lines,
)
from spec2bdd.domain.specs.unread.places import LinePlace, place_lines
from spec2bdd.domain.specs.unread.steps.runs import StepRun, find_step_runs
from spec2bdd.domain.specs.unread.steps.shown import is_shown
from spec2bdd.domain.specs.unread.steps.small_lines import find_small_steps
from spec2bdd.domain.specs.unread.steps.step_lines import (
    find_outcome_lines,
    find_possible_steps,
    strip_line,
)
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

# What begins a block of its own under a paragraph.
_STARTS_BLOCK = re.compile(r"[ \t]*(?:[><|]|`{3}|~{3}|:{3}|(?:[-+*]|\d{1,9}[.)])[ \t])")
_PLAIN_ROW = re.compile(r"[ \t]*(?:[-+*][ \t]|\d{1,9}[.)][ \t])?[*_`]*\w")
# Codes that say of all that is under a heading that it is not read.
_KNOWN_CODES = frozenset({"unread-steps", "unread-criterion", "unread-table", "criteria-without-boxes"})
# In lines.
_LONGEST_PARAGRAPH = 20
_HINTS = {
    LinePlace.QUOTE: ("in a quote", "remove the `>`"),
    LinePlace.HTML: ("in HTML", "write them as the steps of an item under a heading of criteria"),
}


def report_hidden_steps(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of steps that were not read and not reported, once under each heading."""
    read = _ReadLines(file, spec)
    rows, start = f"\n{file.text}", find_body_start(file.text)
    # Few files have any; what each line is in takes a look at all lines.
    outcomes = find_outcome_lines(rows, start)
    small = find_small_steps(rows, outcomes)
    possible = chain(find_possible_steps(rows, outcomes), small)
    if all(read.has(max(place - (rows[place] != "\n"), 0)) for place in possible):
        return
    places = find_places(file, spec, dialect, vocabulary)
    known = {
        places.find_path(file.places.find_start(line)) for line, code in places.reported.items() if code in _KNOWN_CODES
    }
    lines = place_lines(file.text, start)
    for run in find_step_runs(lines, read.has, headings={offset for offset, _ in places.paths}, small=small):
        path = places.find_path(run.first.offset)
        if path not in known and _is_unread(file, places, run, path) and _is_meant(file, places, run, path):
            known.add(path)
            yield _describe(file, dialect, run)


def _describe(file: SourceFile, dialect: Dialect, run: StepRun) -> Diagnostic:
    """Describe steps that are not read, by the first line of them."""
    first = run.first
    if run.lines[0][1].is_heading:
        message, hint = "these steps are headings, so they are not read", "write them as items: `- Given ...`"
    elif reason := _HINTS.get(first.place):
        message, hint = f"these steps are {reason[0]}, so they are not read", reason[1]
    else:
        what = "this Gherkin is" if run.info is not None else "these steps are"
        message = f"{what} part of no criterion: {describe_criteria_place(dialect)}"
        hint = "write its steps there" if run.info is not None else "move them there"
    hint += ", or put `<!-- spec2bdd: ignore unread-steps -->` above"
    lead = len(first.text) - len(first.text.lstrip())
    return file.build_warning(first.offset + lead, "unread-steps", message=message, hint=hint)


def _is_meant(file: SourceFile, places: FilePlaces, run: StepRun, path: HeadingPath) -> bool:
    """Whether the lines are surely steps that are meant to be met; among criteria, a sentence with both counts, too."""
    if path.is_wont:
        return False
    if places.is_among_criteria(path):
        return run.has_scenario() or run.has_sentence()
    if not run.has_scenario() or is_shown(file.text, run.first.offset, path):
        return False
    # Code that is not named may be anything, unless it is a whole scenario or has its title or the ids of criteria.
    has_ids = any(step.has_id for _, step in run.lines)
    return run.info is None or run.is_named or bool(run.titles) or has_ids or run.is_scenario


def _is_unread(file: SourceFile, places: FilePlaces, run: StepRun, path: HeadingPath) -> bool:
    """Whether none of the lines was reported, and no heading says that they are something else."""
    lines = {file.find_place(line.offset)[0] for line, _ in run.lines}
    if places.find_other_use(path) or not lines.isdisjoint(places.reported):
        return False
    own_line = file.find_place(path.headings[-1].offset)[0] if path.headings else 0
    if own_line in places.parts and run.first.place is LinePlace.TEXT and not run.titles and run.fence is None:
        # The heading is the scenario itself, and its steps are items or lines.
        return _PLAIN_ROW.match(run.first.text) is None
    return own_line not in places.reported or bool(run.titles) or run.first.place is not LinePlace.TEXT


class _ReadLines:
    """The lines of a file that are those of a criterion."""

    def __init__(self, file: SourceFile, spec: Spec) -> None:
        blocks = [block for criterion in spec.criteria for block in criterion.nested]
        self._file = file
        self._blocks = blocks
        self._texts: frozenset[str] | None = None
        self._lines = list_read_lines(spec)
        for block in blocks:
            self._lines.update(range(block.line, block.line + block.text.count("\n") + 1))

    def has(self, offset: int) -> bool:
        """Whether the line at an offset is one of a criterion, or goes on with its paragraph."""
        text, places = self._file.text, self._file.places
        last = places.find_line(offset)
        first = places.find_start(last)
        end = text.find("\n", first)
        if last in self._lines:
            return True
        if self._texts is None:
            # Most lines are known by their numbers.
            texts = (strip_line(row) for block in self._blocks for row in block.text.split("\n"))
            self._texts = frozenset(texts) - {""}
        if strip_line(text[first : end if end >= 0 else len(text)]) in self._texts:
            return True
        for number in range(last - 1, max(0, last - _LONGEST_PARAGRAPH), -1):
            below = places.find_start(number + 1)
            if _STARTS_BLOCK.match(text, below) or not text[places.find_start(number) : below].strip():
                return False
            if number in self._lines:
                return True
        return False
