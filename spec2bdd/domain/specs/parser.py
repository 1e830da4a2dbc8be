"""Parse one Markdown file into a `Spec`, in whatever dialect it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from spec2bdd.domain.specs.dialects import DIALECTS, Dialect, ReadingOptions, RegisteredDialect
from spec2bdd.domain.specs.unread.blocking import find_blocking
from spec2bdd.domain.specs.unread.disguised_headings import report_disguised_headings
from spec2bdd.domain.specs.unread.odd_line_ends import report_odd_line_ends
from spec2bdd.domain.specs.unread.places import LinePlace, place_lines
from spec2bdd.domain.specs.unread.steps.hidden import report_hidden_steps
from spec2bdd.domain.specs.vocabulary import DEFAULT, HeadingVocabulary
from spec2bdd.errors import MergeConflictError, SpecError
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.conflicts import RESOLVE, list_conflict_markers
from spec2bdd.text.encoding import SAVE_AS_UTF8, describe_bad_byte
from spec2bdd.text.source_file import SourceFile, parse_source_file

# The template's reader itself accounts for all boxes.
_READ_BY_TEMPLATE = frozenset({"template", "headings"})

# What has to be in a text for the checks of tables and of steps to find anything. Those that look at the start of a
# line begin with a line end, which `re` finds several times as fast as `^`; they need one above the first line.
_TABLE = re.compile(
    r"\|[ \t*_`]{0,8}(?:(?:must|should|could|moscow|p[0-3]|then|(?:\w+ )?criteri(?:a|on)|(?-i:WHEN|WHILE|IF|WHERE))\b"
    r"|[^\x00-\x7f])",
    re.IGNORECASE,
)
# What is under the header of a table.
_DELIMITER = re.compile(r"\|[ \t]*:?--|--:?[ \t]*\|")
_STEPS = re.compile(
    r"""
    \n(?=[ \t]*[-+*>\d\[_Bb])(?:                        # most lines begin with something else
        [ \t]*(?:[-+*][ ]+)?>.*\b(?:Then|THEN|And|AND|But|BUT)\b
      | [ \t>]*(?:[-+*][ ]+)?(?:\[.\][ ]+)?[*_]*[Bb]ackground\b
      | [ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[.\][ \t]+)?(?:\*\*)?(?:Given|When|Then|GIVEN|WHEN|THEN)\b
      | [ \t]*\*\*(?:GIVEN|WHEN|THEN)\b
    )
    """,
    re.VERBOSE,
)
# A fence is looked for by all of it, which `re` finds faster than one of two, and its line is read up to the next one:
# otherwise, a line of many would be read as many times.
_GHERKIN = {
    fence: re.compile(
        rf"""
        {fence}(?:
            [ \t]*(?i:gherkin|feature|cucumber)\b
          | (?:[^\r\n{fence[0]}]|{fence[0]}(?!{fence[1:]}))*+[\r\n]+
            [ \t]*(?:@|\#|Feature:|Background:|Scenario|Given\b|When\b|GIVEN\b|WHEN\b)
        )
        """,
        re.VERBOSE,
    )
    for fence in ("```", "~~~")
}
# A fence with a plain text or data, whose first lines may be a list.
_CODE = re.compile(
    r"\n[ ]{0,3}(?:`{3}|~{3})[ \t]*(?:te?xt|plain|ya?ml|json|md|markdown)?[a-z]*[ \t]*\r?\n[^\n]*(?:[-+*.)\]:\"\[{])"
)
_LOOSE = re.compile(
    r"""
    \n(?=[ \t]*[->+*\d_a])[ \t]*(?:
        >.*\[[ xX]\]
      | (?:[-+*]|\d{1,9}[.)])[ \t]+[*\[(]{0,3}(?:must|should|could)\b
      | [*_]{0,2}acceptance[ ]criteri
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A heading or a label with a line of words under it, and an item in a quote.
_PROSE = re.compile(
    r"""
    \n(?:
        (?:
            (?:[ ]{0,3}\#{1,6}[ \t]|\*\*|__)[^\r\n]*
          | (?:(?<=[^\r\n]\n)|(?<=[^\r\n]\r\n))[ ]{0,3}(?:=+|-{2,})[ \t]*    # the line under a heading
        )
        \r?\n(?:[ \t]*\r?\n)*[ ]{0,3}(?![-+*][ \t]|\d{1,9}[.)][ \t])[^\s\#|<>`~]
      | [ ]?>[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]
    )
    """,
    re.VERBOSE,
)
# The keys of most specs, which name no criteria, and front matter of which nothing was read.
_USUAL_KEYS = frozenset(
    {
        *("feature_id", "id", "name", "title", "status", "owner", "branch", "created", "updated", "version", "date"),
        *("prd_section", "implementation_plan_section"),
    }
)
_NO_FIELDS = re.compile(r"\ufeff?\s*---[ \t]*\r?\n\s*[-\[{]")
UnreadCheck = Callable[[SourceFile, Spec, Dialect, HeadingVocabulary], Iterator[Diagnostic]]
# The checks that take their own first look at a text, since most texts need it.
_OF_ALL_TEXTS: tuple[UnreadCheck, ...] = (report_hidden_steps, report_odd_line_ends, report_disguised_headings)


def parse_spec(
    path: str,
    content: bytes,
    vocabulary: HeadingVocabulary = DEFAULT,
    *,
    dialects: Sequence[Dialect] = DIALECTS,
    options: ReadingOptions | None = None,
) -> Spec:
    """Parse one spec with the first of the dialects that detects it.

    `options` replace the `vocabulary` where a project has set more than that. Whatever is wrong with the spec becomes
    one of its diagnostics, in the order of the file. A file that no dialect detects is parsed by the last of them.

    Raises:
        SpecError: the content is not UTF-8; the position is that of the first wrong byte.
        MergeConflictError: there is a conflict marker outside of code.
    """
    try:
        # A BOM remains part of the text, so that every offset counts it.
        file = parse_source_file(path, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        bad = describe_bad_byte(error)
        raise SpecError(bad.message, hint=SAVE_AS_UTF8, path=path, line=bad.line, column=bad.column) from error
    _check_conflict(file)
    dialect = next((dialect for dialect in dialects if dialect.detects(path, file.text)), dialects[-1])
    spec = dialect.parse(file, content, options or ReadingOptions(vocabulary))
    spec = _report_unread(file, spec, dialect, (options or ReadingOptions(vocabulary)).vocabulary)
    if not spec.diagnostics:
        return spec
    in_order = sorted(spec.diagnostics, key=lambda diagnostic: (diagnostic.line, diagnostic.column))
    return replace(spec, diagnostics=tuple(in_order), unread=find_blocking(spec))


def _report_unread(file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary) -> Spec:
    """Add warnings about what looks like a criterion and was read by no dialect."""
    # Nothing of it was read, which is reported as an error.
    if any(found.code == "too-long" for found in spec.diagnostics):
        return spec
    reader = dialect.load() if isinstance(dialect, RegisteredDialect) else dialect
    if spec.dialect not in _READ_BY_TEMPLATE:
        # It costs start-up time, and most projects have one dialect.
        from spec2bdd.domain.specs.unread.other_boxes import account_for_boxes

        spec = account_for_boxes(file, spec, reader, vocabulary)
    for check in _find_checks(spec, file.text, vocabulary) if not spec.is_template else ():
        if found := tuple(check(file, spec, reader, vocabulary)):
            unread = (diagnostic.line for diagnostic in found if diagnostic.code == "unread-heading")
            spec = replace(spec, diagnostics=(*spec.diagnostics, *found), unread=(*spec.unread, *unread))
    return spec


def _find_checks(spec: Spec, text: str, vocabulary: HeadingVocabulary) -> Iterator[UnreadCheck]:
    """Find the checks that a text may need; few files need any."""
    rows = f"\n{text}"
    is_html = "<table" in text or "<TABLE" in text
    may_be_any = spec.dialect not in _READ_BY_TEMPLATE or _has_demand_in_row(text)
    if is_html or _TABLE.search(text) or (may_be_any and _DELIMITER.search(text)):
        from spec2bdd.domain.specs.unread.demands.tables import report_demand_tables

        yield report_demand_tables
    if _STEPS.search(rows):
        from spec2bdd.domain.specs.unread.steps.stray import report_stray_steps

        yield report_stray_steps
    if _LOOSE.search(rows):
        from spec2bdd.domain.specs.unread.loose_items import report_loose_items

        yield report_loose_items
    if _PROSE.search(rows):
        from spec2bdd.domain.specs.unread.plain_prose import may_have_prose, report_plain_prose

        if may_have_prose(text, vocabulary):
            yield report_plain_prose
    if any(field.key not in _USUAL_KEYS for field in spec.fields) or _NO_FIELDS.match(text):
        from spec2bdd.domain.specs.unread.front_matter_keys import report_front_matter_criteria

        yield report_front_matter_criteria
    yield from _find_code_checks(text)
    yield from _OF_ALL_TEXTS
    # The steps of a scenario may be demands, too. OpenSpec has demands in the text of each requirement.
    if spec.dialect != "openspec" and _may_have_demands(text):
        from spec2bdd.domain.specs.unread.demands.items import report_demand_items

        yield report_demand_items


def _find_code_checks(text: str) -> Iterator[UnreadCheck]:
    """Find the checks of blocks of code, and of blocks that are not closed, that a text may need."""
    if any(pattern.search(text) for fence, pattern in _GHERKIN.items() if fence in text):
        from spec2bdd.domain.specs.unread.swallowed import report_unread_gherkin

        yield report_unread_gherkin
    if text.count("```") % 2 or text.count("~~~") % 2 or text.count("<!--") > text.count("-->"):
        from spec2bdd.domain.specs.unread.swallowed import report_swallowed_headings

        yield report_swallowed_headings
    if ("```" in text or "~~~" in text) and _CODE.search(f"\n{text}"):
        from spec2bdd.domain.specs.unread.demands.code import report_code_criteria

        yield report_code_criteria


def _has_demand_in_row(text: str) -> bool:
    """Whether a line with the word for a demand may be the row of a table, for a first look."""
    position = text.find("SHALL")
    while position >= 0:
        end = text.find("\n", position)
        if "|" in text[text.rfind("\n", 0, position) + 1 : end if end >= 0 else len(text)]:
            return True
        position = text.find("SHALL", end) if end >= 0 else -1
    return False


def _may_have_demands(text: str) -> bool:
    """Whether a text has the word for a demand, for a first look."""
    return "SHALL" in text or " shall " in text or "DEBE" in text or "DEVE" in text


def _check_conflict(file: SourceFile) -> None:
    """Raise an error if there is a conflict marker outside of code."""
    markers = tuple(list_conflict_markers(file.text))
    # Few files have any; what each line is in takes a look at all lines.
    lines = place_lines(file.text, 0) if markers else ()
    code = {line.offset for line in lines if line.place is LinePlace.CODE}
    if marker := next((marker for marker in markers if marker.offset not in code), None):
        message = f"{marker.message}, so the spec is not read"
        raise MergeConflictError(message, hint=RESOLVE, path=file.path, line=marker.line, column=1)
