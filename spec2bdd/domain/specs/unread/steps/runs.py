"""Gather the lines of steps that follow each other, wherever they are in a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import field
from operator import attrgetter

from spec2bdd.domain.specs.unread.places import ITEM, LinePlace, PlacedLine
from spec2bdd.domain.specs.unread.steps.prose import has_scenario, is_prose, is_sentence
from spec2bdd.domain.specs.unread.steps.step_lines import LEAD, StepLine, find_step_lines, is_title, strip_line
from spec2bdd.model.values import dataclass

# A fence in a quote, a definition or a footnote, and one of colons.
_FENCE = re.compile(rf"{LEAD}(?P<fence>`{{3,}}|~{{3,}}|:{{3,}})[ \t]*(?P<info>[^\s`]*)")
# What the fence of a block with Gherkin has after it: its name in any of the forms that renderers know, or nothing.
_GHERKIN_INFO = re.compile(r"\{?\.?(?:language-|lang-)?(?:gherkin|feature|cucumber)\b", re.IGNORECASE)
_PLAIN_INFO = re.compile(r"(?:bdd|te?xt|plain|plaintext|note|tip|info|important|warning)?", re.IGNORECASE)
_HIDDEN = frozenset({LinePlace.COMMENT, LinePlace.OPEN_CODE, LinePlace.OPEN_COMMENT})


@dataclass(slots=True)
class StepRun:
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

    @property
    def is_scenario(self) -> bool:
        """Whether a block of code begins with a step, and has all three kinds of steps."""
        if self.fence is None or self.lines[0][0].offset != self.fence.offset + len(self.fence.text):
            return False
        kinds = {pair for _, step in self.lines for pair in step.kinds}
        return any({(language, kind) for kind in ("given", "when", "then")} <= kinds for language, _ in kinds)

    def has_scenario(self) -> bool:
        """Whether an outcome follows a condition, and the lines are not the sentences of a text."""
        is_text = self.fence is None and not self.titles and is_prose(self.lines)
        return not is_text and has_scenario([step for _, step in self.lines])

    def has_sentence(self) -> bool:
        """Whether one line has a condition and its outcome."""
        return any(is_sentence(step) for _, step in self.lines)


def find_step_runs(
    lines: Sequence[PlacedLine], has_criterion: Callable[[int], bool], *, headings: Set[int], small: Set[int]
) -> Iterator[StepRun]:
    """Find the lines of steps that follow each other and were not read, each block of code by itself.

    Other lines may be between them, but none after an empty one. `headings` and `small` are the offsets of headings
    and of steps in small letters that are plain lines; `has_criterion` says whether the line at an offset is one of a
    criterion.
    """
    run, fence, is_open = StepRun(), "", False
    for line in lines:
        following = run
        if fence and set(marks := line.text.strip(" \t\r\n>")) == {fence[0]} and len(marks) >= len(fence):
            following, fence = StepRun(), ""
        elif not fence and (opening := _FENCE.match(line.text)):
            following, fence = StepRun(opening["info"], line), opening["fence"]
        elif line.place in _HIDDEN or (run.info is not None and not _may_be_gherkin(run.info)):
            continue
        elif words := strip_line(line.text):
            is_heading = not fence and line.offset in headings
            is_small = line.offset in small
            is_asked = is_heading or not run.lines
            steps = find_step_lines(line.text, is_code=is_small, is_heading=is_heading) if is_asked else ()
            is_read = bool(run.lines or steps) and has_criterion(line.offset)
            is_end = is_heading and not steps
            # What is under the heading of a step may be read as a criterion of its own, which it is not.
            if is_read and not steps and run.is_under_heading and run.lines[-1][0].text.lstrip(" >").startswith("#"):
                continue
            if (
                is_end
                or is_read
                or not (run.read(line, words, is_small=is_small, is_heading=is_heading) or is_open or fence)
            ):
                following = StepRun()
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
