"""Report items in the forms of requirements, such as `WHEN ... THE SYSTEM SHALL ...`, where no criteria are read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.heading_path import HeadingPath, SectionHeading
from spec2bdd.domain.specs.unread.demands.indexes import FUNCTIONAL_ID, REQUIREMENT_ID
from spec2bdd.domain.specs.unread.file_places import (
    FilePlaces,
    describe_criteria_place,
    find_body_start,
    find_places,
    list_read_lines,
)
from spec2bdd.domain.specs.unread.places import LinePlace
from spec2bdd.domain.specs.unread.report import quote
from spec2bdd.domain.specs.unread.steps.shown import is_shown
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.source_file import SourceFile

# The words of a line, and of up to two lines that go on with it.
_WORDS = r"[^\r\n]*?(?:\r?\n[ \t]+(?!(?:[-+*]|\d{1,9}[.)])[ \t])[^\r\n]*?){0,2}?"
_CONDITION = "WHEN|WHILE|IF|WHERE|CUANDO|MIENTRAS|SI|DONDE|QUANDO|ENQUANTO|SE|ONDE"
_SHALL = "SHALL|DEBE|DEBER\u00c1|DEVE|DEVER\u00c1"
_DEMAND = compile_lazily(
    rf"""
    \n[ \t]*
    (?P<marker>(?:[-+*]|\d{{1,9}}[.)]|\d{{1,3}}(?:\.\d{{1,3}}){{1,4}}[.)]?)[ \t]+(?:\[.\][ \t]+)?)?
    [*_`]{{0,3}}
    (?:(?P<id>[A-Z]{{1,8}}[-_.]?\d[\w.-]{{0,12}})[*_`]{{0,3}}[ \t]?[:.)|\u2013\u2014-]?[*_`]{{0,3}}[ \t]+[*_`]{{0,3}})?
    (?:
        (?P<ears>(?:{_CONDITION})\b{_WORDS}\b(?:{_SHALL})\b)
      | (?P<condition>(?:When|Whenever|While|If|Where)\b[^\r\n,]*,[^\r\n]*?\bshall\b)
      | (?P<shall>{_WORDS}\bSHALL\b(?!/)|[Tt]he[ ](?:[\w-]+[ ]){{1,6}}shall\b)
    )
    """,
    re.VERBOSE,
)
# A line that may be a heading or a label, for a first look.
_HEADING = re.compile(r"\n(?:#|\*\*)")
_WORDS_OF_DEMANDS = ("SHALL", " shall ", "DEBE", "DEVE")
_MOST_LINES_ABOVE = 2
_GOES_ON = re.compile(r"\n[ \t]+(?!(?:[-+*]|\d{1,9}[.)])[ \t])\S")
# A single sentence of this kind may be about anything.
_LEAST_SENTENCES = 2
# The code that says so of a list under a heading of criteria.
_LISTED = frozenset({"criteria-without-boxes"})
# Codes that say of all that is under a heading that it is not read.
_KNOWN_CODES = frozenset({"unread-steps", "unread-criterion", "unread-table", "criteria-without-boxes", "no-scenario"})


def report_demand_items(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of items in the forms of requirements of which nothing was read, once under each outer heading."""
    # Most demands are criteria; where the headings are takes a look at all lines.
    read = list_read_lines(spec)
    demands = _find_demands(f"\n{file.text}", find_body_start(file.text))
    unread = [match for match in demands if file.find_place(match.start())[0] not in read]
    if not unread:
        return
    headings = [match.start() for match in _HEADING.finditer(file.text)]
    starts = (file.places.find_start(found.line) for found in spec.diagnostics if found.code in _LISTED)
    listed = {bisect_left(headings, start - 1) for start in starts}
    matches = sorted(
        (match for match in unread if bisect_left(headings, match.start() - 1) not in listed),
        key=lambda match: match.start(),
    )
    if not matches:
        return
    places = find_places(file, spec, dialect, vocabulary)
    reported = (file.places.find_start(line) for line, code in places.reported.items() if code in _KNOWN_CODES)
    known = {places.find_path(start) for start in reported}
    paths: dict[HeadingPath, list[re.Match[str]]] = defaultdict(list)
    for match in matches:
        if _is_unread(file, spec, places, match):
            paths[places.find_path(match.start())].append(match)
    groups: dict[SectionHeading | None, list[re.Match[str]]] = defaultdict(list)
    for path, found in paths.items():
        is_other = path.is_wont or places.find_other_use(path) or is_shown(file.text, found[0].start(), path)
        if path not in known and not is_other:
            inner = [heading for heading in path.headings if heading.level > 1] or path.headings
            groups[inner[0] if inner else None] += found
    for heading, found in groups.items():
        if _are_meant(found):
            yield _describe(file, dialect, heading, found)


def _find_demands(rows: str, start: int) -> Iterator[re.Match[str]]:
    """Find the lines that demand something, from an offset on, in a text with a line end before each line."""
    seen: set[int] = set()
    for word in _WORDS_OF_DEMANDS:
        place = rows.find(word, start)
        while place >= 0:
            begin = rows.rfind("\n", start, place)
            # The word may be on a line that goes on with the one above.
            for _ in range(_MOST_LINES_ABOVE):
                if begin > start and _GOES_ON.match(rows, begin):
                    begin = rows.rfind("\n", start, begin)
            match = _DEMAND.match(rows, begin) if begin >= 0 and begin not in seen else None
            # Without a number or an id, other lines are sentences of a text.
            if match and (match["marker"] or match["id"] or match["ears"]):
                yield match
            seen.add(begin)
            end = rows.find("\n", place)
            place = rows.find(word, end) if end >= 0 else -1


def _is_unread(file: SourceFile, spec: Spec, places: FilePlaces, match: re.Match[str]) -> bool:
    """Whether what begins at a line is no criterion, nor a requirement whose criteria are elsewhere."""
    if places.lines.get(match.start()) is not LinePlace.TEXT:
        return False
    line = file.find_place(match.start())[0]
    if line in places.reported:
        return False
    known = match["id"] or ""
    if spec.dialect == "spec-kit":
        # It has requirements besides its criteria.
        return FUNCTIONAL_ID.match(known) is None
    return not (spec.criteria and match["shall"] and REQUIREMENT_ID.match(known))


def _are_meant(found: Sequence[re.Match[str]]) -> bool:
    """Whether items are meant to be met: one in a form of EARS is, and several that say `shall` are."""
    return any(match["ears"] or match["condition"] for match in found) or len(found) >= _LEAST_SENTENCES


def _describe(
    file: SourceFile, dialect: Dialect, heading: SectionHeading | None, found: Sequence[re.Match[str]]
) -> Diagnostic:
    """Describe the items under a heading that are not read."""
    where = f"under `{heading.text}`" if heading else "above all headings"
    what, verb, it = (f"{len(found)} items", "look like criteria and are", "them")
    if len(found) == 1:
        what, verb, it = "1 item", "looks like a criterion and is", "it"
    message = f"{what} {where} {verb} not read: {describe_criteria_place(dialect)}"
    hint = f"move {it} there, or "
    if heading:
        hint += f'add `leave-out = ["{quote(heading.text)}"]` to `[tool.spec2bdd.headings]`'
    else:
        hint += "put `<!-- spec2bdd: ignore unread-criterion -->` above"
    offset = found[0].start() + len(found[0][0]) - len(found[0][0].lstrip())
    return file.build_warning(offset - 1, "unread-criterion", message=message, hint=hint)
