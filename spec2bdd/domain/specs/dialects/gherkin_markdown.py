"""The dialect of Markdown with Gherkin: headings such as `## Scenario: Name`, with steps as bullets.

Cucumber reads such files, called `*.feature.md`; Behave does not. Each scenario is a criterion, with its own steps. A
tag of a tier (`@should`) gives its tier, one that looks like an id (`@AC-7`) its id, and the others are those of the
generated scenario.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import ClassVar

from spec2bdd.domain.gherkin.grammar.keywords import find_language
from spec2bdd.domain.gherkin.phrasing.gherkin_block import INFOS, parse_step
from spec2bdd.domain.gherkin.phrasing.scenario_split import read_heading, split_scenarios
from spec2bdd.domain.specs.criteria.gherkin_criteria import build_gherkin_criteria
from spec2bdd.domain.specs.dialects.protocol import NOTHING, ReadingOptions
from spec2bdd.domain.specs.dialects.reading.limits import check_size, diagnose_too_long
from spec2bdd.domain.specs.dialects.reading.spec_builder import SpecBuilder, open_spec
from spec2bdd.domain.specs.markdown.blocks import TooLongError
from spec2bdd.domain.specs.markdown.fences import find_fenced_blocks
from spec2bdd.model import Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import LINE_END
from spec2bdd.text.source_file import SourceFile

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<text>[^:]{1,60}:.*?|.*?)[ \t]*#*[ \t]*")
# A heading with steps right under it; remarks such as `**Category**: Error` may be between them.
_SCENARIO = re.compile(
    r"""
    ^[ ]{0,3}\#{1,6}[ ]+Scenario(?:[ ](?:Outline|Template))?(?:[ ]+\#?\d+[a-z]?)?[ ]*:[^\r\n]*+[\r\n]++
    (?:(?![ ]{0,3}\#|[ \t]*(?:[-*+][ \t]+)?[*_]{0,3}(?:Given|When|Then)\b)[^\r\n]*+[\r\n]++){0,8}?
    [ \t]*(?:(?:[-*+][ \t]+)?[*_]{0,3}(?:Given|When)\b|`{3,}(?:gherkin|cucumber)\b)
    """,
    re.MULTILINE | re.VERBOSE,
)
_BOX = re.compile(r"^[ \t]*[-*+] \[[ xX]\] ", re.MULTILINE)
# The number in `Scenario 2: Name`.
_COUNT = re.compile(r"[ ]+#?\d+[a-z]?[ ]*(?=:)")
_STEP = re.compile(r"[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?P<text>\S.*)")
_NUMBERED = re.compile(r"^\d{1,9}[.)][ \t]+(?:\[[ xX]\][ \t]+)?")
# A keyword in bold or emphasized letters, and the comma after its sentence.
_MARKED = re.compile(
    r"(?P<mark>\*{1,3}|_{1,3})(?P<word>[^\W\d_][^*_:]{0,20})[:,]?(?P=mark)[:,]?[ \t]+(?P<text>\S.*?)[,;]?[ \t]*"
)
_EXAMPLES = re.compile(r"[ \t]*(?:\*\*|__)(?P<text>(?:Examples|Scenarios)\b[^*_:]*):?(?:\*\*|__):?[ \t]*")
_ROW = re.compile(r"(?P<indent>[ ]{0,5})(?P<row>\|.*\|)[ \t]*")
_DELIMITER_ROW = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)+")
_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,})[ \t]*(?P<info>\w*)[ \t]*")
_TAGS = re.compile(
    r"(?P<label>[ \t]*[*_]{0,2}Tags:?[*_]{0,2}:?)?(?:[ \t,]*`@[^`\s]+`)+(?:[ \t]*#.*)?[ \t]*", re.IGNORECASE
)
# The headings that have steps under them.
_WITH_STEPS = ("scenario", "background")
_TAG = re.compile(r"`(@[^`\s]+)`")


@dataclass(frozen=True, slots=True)
class GherkinMarkdownDialect:
    """Reads Markdown with Gherkin."""

    name: ClassVar[str] = "gherkin-markdown"
    criteria_place: ClassVar[str] = "under `## Scenario: NAME`"
    criteria_heading: ClassVar[re.Pattern[str]] = NOTHING
    other_heading: ClassVar[re.Pattern[str]] = NOTHING

    def detects(self, path: str, text: str) -> bool:
        """Whether a file is named as such, or has headings of features and of scenarios."""
        if path.casefold().endswith(".feature.md"):
            return True
        # Where there are boxes, these are the criteria.
        if not _SCENARIO.search(text) or "## Requirement:" in text or _BOX.search(text):
            return False
        # The first line of a block shows that steps follow.
        blocks = [(block.content_start, block.end) for block in find_fenced_blocks(text)]
        edges = [0, *(edge for block in blocks for edge in block), len(text)]
        return any(_SCENARIO.search(text, *span) for span in zip(edges[::2], edges[1::2], strict=True))

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:  # noqa: ARG002
        """Parse the scenarios of a file."""
        builder = open_spec(file, content, dialect=self.name)
        try:
            check_size(file.text)
        except TooLongError as error:
            builder.diagnostics.append(diagnose_too_long(file, error))
            return builder.build()
        language = find_language(builder.spec.find_value("language")) or "en"
        scenarios = list(split_scenarios(_to_gherkin(builder, language), language, needs_heading=True))
        title = next((scenario.feature for scenario in scenarios if scenario.feature), "") or _find_title(file.text)
        builder.criteria += build_gherkin_criteria(file, scenarios, title=title)
        stem = PurePosixPath(file.path).stem
        return replace(builder.build(title=title), derived_id=stem.removesuffix(".feature"))


def _find_title(text: str) -> str:
    """Find the text of the first heading."""
    heading = re.search(r"^ {0,3}#+ +(.+?) *#* *\r?$|^(\S.*)\r?\n=+ *\r?$", text, re.MULTILINE)
    return (heading[1] or heading[2]).strip() if heading else ""


@dataclass(slots=True)
class _LineReader:
    """Converts lines of Markdown to Gherkin, in the order of the file.

    Steps may be lines without bullets, where none in the file is a bullet. A block of Gherkin right under a heading
    holds the steps, and any other block the doc string of the step above it.
    """

    language: str
    has_bullets: bool
    fence: str = ""
    indent: int = 0
    is_gherkin: bool = False
    is_example: bool = False
    is_scenario: bool = False
    has_steps: bool = False
    is_warned: bool = False

    def convert(self, line: str) -> str | None:
        """Convert a line to Gherkin; `None` if it is prose."""
        if self.fence:
            if line.strip() != self.fence:
                # A line that would end the doc string is left for the parser to report.
                return line
            self.fence = ""
            return None if self.is_gherkin else " " * self.indent + '"""'
        if match := _FENCE.fullmatch(line):
            self.fence, self.indent = match["fence"], len(match["indent"])
            self.is_gherkin = not self.has_steps and match["info"].lower() in INFOS
            return None if self.is_gherkin else match["indent"] + '"""'
        if _TAGS.fullmatch(line):
            return " ".join(_TAG.findall(line))
        if match := _ROW.fullmatch(line):
            # Without indentation, only examples are no table of the prose.
            is_table = self.is_example or len(match["indent"]) > 1
            return match["row"] if is_table and not _DELIMITER_ROW.fullmatch(match["row"]) else None
        return self.convert_heading(line) or self.convert_step(line)

    def convert_heading(self, line: str) -> str | None:
        """Convert a heading, or the label of examples; `None` if the line is neither."""
        if match := _EXAMPLES.fullmatch(line):
            self.is_example = True
            return f"{match['text'].strip()}:"
        match = _HEADING.fullmatch(line)
        if match is None:
            return None
        heading = _COUNT.sub("", match["text"], count=1)
        kind, _ = read_heading(heading, self.language)
        whole, _ = read_heading(f"{heading}:", self.language)
        if whole == "background" or (whole == "examples" and self.is_scenario):
            # The keyword may be all of the heading: `## Background`.
            kind, heading = whole, f"{heading.removesuffix(':')}:"
        self.is_warned = False
        self.is_example, self.is_scenario, self.has_steps = kind == "examples", kind in _WITH_STEPS, False
        # Any other heading ends what is above it, like one that begins a rule.
        return heading if kind else f"Rule: {match['text']}"

    def convert_step(self, line: str) -> str | None:
        """Convert a step; `None` if the line is none."""
        bullet = _STEP.fullmatch(line)
        step = _read_step(bullet["text"] if bullet else line.strip(), self.language)
        if not step or (bullet is None and self.has_bullets):
            return None
        self.has_steps = True
        return step


def _to_gherkin(builder: SpecBuilder, language: str) -> list[tuple[int, str]]:
    """List the numbered lines of the file that are Gherkin, as Gherkin writes them; prose is left out."""
    lines = LINE_END.split(builder.file.text[builder.start :])
    bullets = (match["text"] for match in map(_STEP.fullmatch, lines) if match)
    reader = _LineReader(language, any(_read_step(text, language) for text in bullets))
    found: list[tuple[int, str]] = []
    is_below_heading = False
    for number, line in enumerate(lines, builder.file.find_place(builder.start)[0]):
        converted = reader.convert(line)
        tags = None if reader.fence else _TAGS.fullmatch(line)
        if converted is not None and tags and tags["label"] and is_below_heading:
            # In Gherkin, the tags of a heading are above it.
            found.insert(-1, (found[-1][0], converted))
        elif converted is not None:
            found.append((number, converted))
            is_below_heading = not reader.fence and _HEADING.fullmatch(line) is not None
        elif not reader.has_bullets or not reader.is_scenario or reader.fence:
            continue
        elif bullet := _STEP.fullmatch(line):
            offset = builder.file.places.find_start(number) + bullet.start("text")
            message = f"`{bullet['text']}` is not read: it does not begin with a keyword such as `Given`"
            hint = "begin it with `And` if it is a step; write it as a paragraph if it is not"
            builder.warn(offset, "unread-steps", message=message, hint=hint)
        elif _read_step(_NUMBERED.sub("", line.strip()), language) and not reader.is_warned:
            reader.is_warned = True
            message = f"`{line.strip()}` is not read: the steps of this file are bullets"
            offset = builder.file.places.find_start(number) + len(line) - len(line.lstrip())
            builder.warn(offset, "unread-steps", message=message, hint="begin the line with `* `")
    return found


def _read_step(text: str, language: str) -> str:
    """Read a step without the markup of its keyword; nothing if the text is none."""
    marked = _MARKED.fullmatch(text)
    step = f"{marked['word']} {marked['text']}" if marked else text
    return step if parse_step(step, language) else ""
