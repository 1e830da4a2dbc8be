"""Report steps that are not read: in quotes, in backgrounds that are no Gherkin, or where no criterion is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from enum import StrEnum

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.heading_path import HeadingPath
from spec2bdd.domain.specs.unread.file_places import describe_criteria_place, find_places, list_read_lines
from spec2bdd.domain.specs.unread.places import LinePlace, PlacedLine
from spec2bdd.domain.specs.unread.steps.prose import is_prose
from spec2bdd.domain.specs.unread.steps.step_lines import StepLine, find_step_lines
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

_MARKER = r"(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?(?:\[.\][ \t]+)?[*_]{0,3}"


class StrayKind(StrEnum):
    """The kinds of steps that are not read: in a quote, in a background, or where no criterion is."""

    QUOTED = "quoted"
    BACKGROUND = "background"
    LOOSE = "loose"

    @property
    def places(self) -> Set[LinePlace]:
        """Where lines of this kind are seen by a reader of the page."""
        return {LinePlace.TEXT} if self is StrayKind.LOOSE else {LinePlace.TEXT, LinePlace.QUOTE}


# With the keyword in bold letters, or in capitals, a step is no sentence of a text. Each begins with a line end, which
# `re` finds several times as fast as `^`.
_PATTERNS = {
    StrayKind.QUOTED: re.compile(
        rf"\n[ \t]*(?:[-+*][ \t]+)?>[ \t>]*{_MARKER}"
        r"(?P<word>Given|When|Then|And|But|GIVEN|WHEN|THEN|AND|BUT)\b(?:\*\*)?"
    ),
    StrayKind.BACKGROUND: re.compile(
        rf"\n[ \t>]*{_MARKER}(?P<word>Background)[*_]{{0,3}}[ \t]*:[ \t*_]*(?:(?:\r?\n[ \t>]*)+{_MARKER})?"
        r"(?:Given|And|When)\b",
        re.IGNORECASE,
    ),
    StrayKind.LOOSE: re.compile(
        r"\n[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[.\][ \t]+)?(?:\*\*(?=\w+[:,]?\*\*))?|\*\*(?=[A-Z]+[:,]?\*\*))"
        r"(?P<word>Given|When|Then|GIVEN|WHEN|THEN)\b"
    ),
}
# A line that goes on with the one above.
_WORDS = re.compile(r"[ \t>]*[^\W\d_]")
_OUTCOME = re.compile(r"\*\*(?:Then|THEN)\b|\bTHEN\b")
# A keyword in bold capitals, as OpenSpec writes it, begins a step, also of a scenario without an outcome.
_CAPITALS = re.compile(r"\n[^\r\n]*\*\*(?:GIVEN|WHEN|THEN)\b")
_LONGEST_SENTENCE = 1_000
# In lines.
_LONGEST_PARAGRAPH = 20
_MESSAGES = {
    StrayKind.QUOTED: ("these steps are in a quote, so they are not read", "remove the `>`"),
    StrayKind.BACKGROUND: (
        "this background is not read: each criterion has only its own steps",
        "begin each scenario with its steps, or write both as Gherkin in a fenced block",
    ),
    StrayKind.LOOSE: ("these steps are part of no criterion", "move them there"),
}


def report_stray_steps(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of steps that are part of no criterion and of quoted steps and backgrounds, once under each heading."""
    read = list_read_lines(spec)
    # With a line end above the first line, a match begins where its line does in the file.
    rows = f"\n{file.text}"
    matches = [
        (kind, match)
        for kind, pattern in _PATTERNS.items()
        for match in pattern.finditer(rows)
        if kind is not StrayKind.LOOSE or not _is_read(file, match.start(), read)
    ]
    kinds = {match["word"].lower() for _, match in matches}
    # Few files have any; where the headings are takes a look at all lines.
    if not matches or not (kinds & {"then", "background"} or any(_is_sure(*found) for found in matches)):
        return
    places = find_places(file, spec, dialect, vocabulary)
    groups: dict[tuple[StrayKind, HeadingPath], dict[str, int]] = defaultdict(dict)
    steps: dict[tuple[StrayKind, HeadingPath], list[tuple[PlacedLine, StepLine]]] = defaultdict(list)
    for kind, match in matches:
        path = places.find_path(match.start())
        is_unread = file.find_place(match.start())[0] not in places.reported
        # Steps are those of a criterion wherever they are, but a quote or a background may be about anything.
        is_near = places.is_among_criteria(path)
        if kind is StrayKind.LOOSE:
            own_line = file.find_place(path.headings[-1].offset)[0] if path.headings else 0
            # A heading may be the scenario itself, or be reported for what is under it.
            is_near = not places.find_other_use(path) and not (own_line in places.parts or own_line in places.reported)
        if is_unread and is_near and places.lines.get(match.start()) in kind.places:
            word = "**" if _is_sure(kind, match) else match["word"].lower()
            groups[kind, path].setdefault(word, match.start())
            steps[kind, path] += _read_steps(file.text, match.start())
    # A rule of the dialect may have reported other lines there, or another one the whole list that the steps are in.
    reported = {(code, places.find_path(file.places.find_start(line))) for line, code in places.reported.items()}
    for (kind, path), words in groups.items():
        is_listed = kind is StrayKind.LOOSE and ("criteria-without-boxes", path) in reported
        is_text = kind is not StrayKind.BACKGROUND and "**" not in words and is_prose(steps[kind, path])
        if is_listed or is_text or path.is_wont or ("unread-criterion", path) in reported:
            continue
        # A sentence may begin with one of these words, but a bold one in a quote is the keyword of a step.
        if kind is StrayKind.BACKGROUND or "**" in words or ("then" in words and len(words) > 1):
            message, hint = _MESSAGES[kind]
            place = f": {describe_criteria_place(dialect)}" if kind is StrayKind.LOOSE else ""
            hint += ", or put `<!-- spec2bdd: ignore unread-steps -->` above"
            yield file.build_warning(min(words.values()), "unread-steps", message=message + place, hint=hint)


def _read_steps(text: str, start: int) -> Iterator[tuple[PlacedLine, StepLine]]:
    """Read the steps in the line that begins at an offset."""
    end = text.find("\n", start) + 1 or len(text)
    line = PlacedLine(start, text[start:end], LinePlace.TEXT)
    is_wrapped = _WORDS.match(text, end) is not None
    yield from ((line, step._replace(is_wrapped=is_wrapped)) for step in find_step_lines(line.text))


def _is_read(file: SourceFile, start: int, read: Set[int]) -> bool:
    """Whether the line that begins at an offset is one of a criterion, or goes on with its paragraph."""
    line = file.find_place(start)[0]
    for number in range(line, max(0, line - _LONGEST_PARAGRAPH), -1):
        if number in read:
            return True
        above = file.text.rfind("\n", 0, start - 1) + 1
        if not file.text[above:start].strip():
            return False
        start = above
    return False


def _is_sure(kind: StrayKind, match: re.Match[str]) -> bool:
    """Whether a line is certainly a step: by a bold keyword in a quote or in capitals, or by its outcome."""
    rest = match.string[match.end() : match.end() + _LONGEST_SENTENCE].partition("\n")[0]
    is_sentence = _OUTCOME.search(rest) is not None or _CAPITALS.match(match[0]) is not None
    return match[0].endswith("**") or (kind is StrayKind.LOOSE and is_sentence)
