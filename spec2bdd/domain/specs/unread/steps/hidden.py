"""Report steps that are part of no criterion, whatever block they are in: a quote, code, HTML, a table, a paragraph.

`stray` looks at list items and `swallowed` at fences at the left margin, and both know more of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import field
from itertools import chain
from operator import attrgetter

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.heading_path import HeadingPath
from spec2bdd.domain.specs.unread.file_places import (
    FilePlaces,
    describe_criteria_place,
    find_body_start,
    find_places,
    list_read_lines,
)
from spec2bdd.domain.specs.unread.places import ITEM, LinePlace, PlacedLine, place_lines
from spec2bdd.domain.specs.unread.steps.prose import has_scenario, is_prose, is_sentence
from spec2bdd.domain.specs.unread.steps.shown import is_shown
from spec2bdd.domain.specs.unread.steps.small_lines import find_small_steps
from spec2bdd.domain.specs.unread.steps.step_lines import (
    LEAD,
    StepLine,
    find_outcome_lines,
    find_possible_steps,
    find_step_lines,
    is_title,
    strip_line,
)
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

# A fence in a quote, a definition or a footnote, and one of colons.
_FENCE = re.compile(rf"{LEAD}(?P<fence>`{{3,}}|~{{3,}}|:{{3,}})[ \t]*(?P<info>[^\s`]*)")
# What the fence of a block with Gherkin has after it: its name in any of the forms that renderers know, or nothing.
_GHERKIN_INFO = re.compile(r"\{?\.?(?:language-|lang-)?(?:gherkin|feature|cucumber)\b", re.IGNORECASE)
_PLAIN_INFO = re.compile(r"(?:bdd|te?xt|plain|plaintext|note|tip|info|important|warning)?", re.IGNORECASE)
# What begins a block of its own under a paragraph.
_STARTS_BLOCK = re.compile(r"[ \t]*(?:[><|]|`{3}|~{3}|:{3}|(?:[-+*]|\d{1,9}[.)])[ \t])")
_PLAIN_ROW = re.compile(r"[ \t]*(?:[-+*][ \t]|\d{1,9}[.)][ \t])?[*_`]*\w")
_HIDDEN = frozenset({LinePlace.COMMENT, LinePlace.OPEN_CODE, LinePlace.OPEN_COMMENT})
# Codes that say of all that is under a heading that it is not read.
_KNOWN_CODES = frozenset({"unread-steps", "unread-criterion", "unread-table", "criteria-without-boxes"})
# In lines.
_LONGEST_PARAGRAPH = 20
_HINTS = {
    LinePlace.QUOTE: ("in a quote", "remove the `>`"),
    LinePlace.HTML: ("in HTML", "write them as the steps of an item under a heading of criteria"),
}


@dataclass(slots=True)
class _Run:
    """Lines of steps with nothing between them, each with its steps, and the titles among them.

    `fence` is the line of the fence that they are in, and `info` the word after it; both are `None` without a fence.
    """

    info: str | None = None
    fence: PlacedLine | None = None
    lines: list[tuple[PlacedLine, StepLine]] = field(default_factory=list)
    titles: list[PlacedLine] = field(default_factory=list)

    @property
    def first(self) -> PlacedLine:
        """The line that the steps begin with, which may be that of the fence or of a title."""
        return self.fence or min((line for line in (*self.titles, self.lines[0][0])), key=attrgetter("offset"))

    def read(self, line: PlacedLine, words: str, *, is_small: bool, is_heading: bool) -> bool:
        """Read another line, and return whether it is a step or a title; other words go on with the step above."""
        steps = find_step_lines(line.text, is_code=is_small or self.info is not None, is_heading=is_heading)
        has_title = is_title(line.text)
        self.lines += [(line, step) for step in steps]
        self.titles += [line] if has_title else []
        if self.lines and not steps and not has_title:
            above, step = self.lines[-1]
            # An item under a step is a part of it.
            is_wrapped = step.is_wrapped or step.is_heading or ITEM.match(line.text) is None
            self.lines[-1] = above, step._replace(rest=f"{step.rest} {words}", is_wrapped=is_wrapped)
        return bool(steps) or has_title

    @property
    def is_under_heading(self) -> bool:
        """Whether what follows belongs to a step: it is a heading, or a keyword alone."""
        return bool(self.lines) and (self.lines[-1][1].is_heading or not self.lines[-1][1].rest)

    @property
    def is_named(self) -> bool:
        """Whether the fence says that this is Gherkin."""
        return self.info is not None and _GHERKIN_INFO.match(self.info) is not None

    def has_scenario(self) -> bool:
        """Whether an outcome follows a condition, and the lines are not the sentences of a text."""
        is_text = self.fence is None and not self.titles and is_prose(self.lines)
        return not is_text and has_scenario([step for _, step in self.lines])

    def has_sentence(self) -> bool:
        """Whether one line has a condition and its outcome."""
        return any(is_sentence(step) for _, step in self.lines)


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
    for run in _find_runs(lines, read, headings={offset for offset, _ in places.paths}, small=small):
        path = places.find_path(run.first.offset)
        if path not in known and _is_unread(file, places, run, path) and _is_meant(file, places, run, path):
            known.add(path)
            yield _describe(file, dialect, run)


def _describe(file: SourceFile, dialect: Dialect, run: _Run) -> Diagnostic:
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


def _find_runs(lines: Sequence[PlacedLine], read: _ReadLines, *, headings: Set[int], small: Set[int]) -> Iterator[_Run]:
    """Find the lines of steps that follow each other and were not read, each block of code by itself.

    Other lines may be between them, but none after an empty one. `headings` and `small` are the offsets of headings
    and of steps in small letters that are plain lines.
    """
    run, fence, is_open = _Run(), "", False
    for line in lines:
        following = run
        if fence and set(marks := line.text.strip(" \t\r\n>")) == {fence[0]} and len(marks) >= len(fence):
            following, fence = _Run(), ""
        elif not fence and (opening := _FENCE.match(line.text)):
            following, fence = _Run(opening["info"], line), opening["fence"]
        elif line.place in _HIDDEN or (run.info is not None and not _may_be_gherkin(run.info)):
            continue
        elif words := strip_line(line.text):
            is_heading = not fence and line.offset in headings
            is_small = line.offset in small
            is_asked = is_heading or not run.lines
            steps = find_step_lines(line.text, is_code=is_small, is_heading=is_heading) if is_asked else ()
            is_read = bool(run.lines or steps) and read.has(line.offset)
            is_end = is_heading and not steps
            # What is under the heading of a step may be read as a criterion of its own, which it is not.
            if is_read and not steps and run.is_under_heading and run.lines[-1][0].text.lstrip(" >").startswith("#"):
                continue
            if (
                is_end
                or is_read
                or not (run.read(line, words, is_small=is_small, is_heading=is_heading) or is_open or fence)
            ):
                following = _Run()
            is_open = True
            if following is run:
                continue
        else:
            is_open = run.is_under_heading
            continue
        if following is not run:
            yield from [run] if run.lines else []
            run, is_open = following, True
    yield from [run] if run.lines else []


def _may_be_gherkin(info: str) -> bool:
    """Whether a block with this word after its fence may hold Gherkin."""
    return _GHERKIN_INFO.match(info) is not None or _PLAIN_INFO.fullmatch(info) is not None


def _is_meant(file: SourceFile, places: FilePlaces, run: _Run, path: HeadingPath) -> bool:
    """Whether the lines are surely steps that are meant to be met; among criteria, a sentence with both counts, too."""
    if path.is_wont:
        return False
    if places.is_among_criteria(path):
        return run.has_scenario() or run.has_sentence()
    if not run.has_scenario() or is_shown(file.text, run.first.offset, path):
        return False
    # Code that is not named may be anything, unless it has the title of a scenario or the ids of criteria.
    has_ids = any(step.has_id for _, step in run.lines)
    return run.info is None or run.is_named or bool(run.titles) or has_ids


def _is_unread(file: SourceFile, places: FilePlaces, run: _Run, path: HeadingPath) -> bool:
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
