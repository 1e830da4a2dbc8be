"""The dialect of Markdown with Gherkin: headings such as `## Scenario: Name`, with steps as bullets.

Cucumber reads such files, called `*.feature.md`; Behave does not. Each scenario is a criterion, with its own steps. A
tag of a tier (`@should`) gives its tier, one that looks like an id (`@AC-7`) its id, and the others are those of the
generated scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import ClassVar

from spec2bdd.domain.gherkin.grammar.keywords import find_language
from spec2bdd.domain.gherkin.phrasing.gherkin_block import parse_step
from spec2bdd.domain.gherkin.phrasing.scenario_split import read_heading, split_scenarios
from spec2bdd.domain.specs.criteria.gherkin_criteria import build_gherkin_criteria
from spec2bdd.domain.specs.dialects.protocol import ReadingOptions
from spec2bdd.domain.specs.dialects.reading.limits import check_size, diagnose_too_long
from spec2bdd.domain.specs.dialects.reading.spec_builder import SpecBuilder, open_spec
from spec2bdd.domain.specs.markdown.blocks import TooLongError
from spec2bdd.domain.specs.markdown.fences import find_fenced_blocks
from spec2bdd.model import Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import LINE_END
from spec2bdd.text.source_file import SourceFile

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<text>[^:]{1,60}:.*?|.*?)[ \t]*#*[ \t]*")
_SCENARIO = re.compile(r"^ {0,3}#{1,6} +Scenario(?: Outline| Template)? *:", re.MULTILINE)
_STEP = re.compile(r"[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?P<text>\S.*)")
_ROW = re.compile(r"[ ]{2,5}(?P<row>\|.*\|)[ \t]*")
_DELIMITER_ROW = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)+")
_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,})[ \t]*\w*[ \t]*")
_TAGS = re.compile(r"(?:[ \t]*`@[^`\s]+`)+(?:[ \t]*#.*)?[ \t]*")
# The headings that have steps below them.
_WITH_STEPS = ("scenario", "background")
_TAG = re.compile(r"`(@[^`\s]+)`")


@dataclass(frozen=True, slots=True)
class GherkinMarkdownDialect:
    """Reads Markdown with Gherkin."""

    name: ClassVar[str] = "gherkin-markdown"

    def detects(self, path: str, text: str) -> bool:
        """Whether a file is named as such, or has headings of features and of scenarios."""
        if path.casefold().endswith(".feature.md"):
            return True
        if not _SCENARIO.search(text) or "## Requirement:" in text:
            return False
        blocks = [(block.start, block.end) for block in find_fenced_blocks(text)]
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
        scenarios = list(split_scenarios(list(_to_gherkin(builder, language)), language, needs_heading=True))
        title = next((scenario.feature for scenario in scenarios if scenario.feature), "") or _find_title(file.text)
        builder.criteria += build_gherkin_criteria(file, scenarios, title=title)
        stem = PurePosixPath(file.path).stem
        return replace(builder.build(title=title), derived_id=stem.removesuffix(".feature"))


def _find_title(text: str) -> str:
    """Find the text of the first heading."""
    heading = re.search(r"^ {0,3}#+ +(.+?) *#* *$|^(\S.*)\r?\n=+ *$", text, re.MULTILINE)
    return (heading[1] or heading[2]).strip() if heading else ""


def _to_gherkin(builder: SpecBuilder, language: str) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of the file that are Gherkin, as Gherkin writes them, and warn about other bullets."""
    text = builder.file.text
    first_line = builder.file.find_place(builder.start)[0]
    fence, indent, kind = "", 0, ""
    for number, line in enumerate(LINE_END.split(text[builder.start :]), first_line):
        if fence:
            if line.strip() == fence:
                yield number, " " * indent + '"""'
                fence = ""
            else:
                # A line that would end the doc string is left for the parser to report.
                yield number, line
        elif match := _FENCE.fullmatch(line):
            fence, indent = match["fence"], len(match["indent"])
            yield number, match["indent"] + '"""'
        elif _TAGS.fullmatch(line):
            yield number, " ".join(_TAG.findall(line))
        elif row := _ROW.fullmatch(line):
            if not _DELIMITER_ROW.fullmatch(row["row"]):
                yield number, row["row"]
        elif match := _HEADING.fullmatch(line):
            # Any other heading ends what is above it, like one that begins a rule.
            kind = read_heading(match["text"], language)[0]
            yield number, match["text"] if kind else f"Rule: {match['text']}"
        elif match := _STEP.fullmatch(line):
            yield from _read_bullet(builder, number, match, language=language, is_in_scenario=kind in _WITH_STEPS)


def _read_bullet(
    builder: SpecBuilder, number: int, bullet: re.Match[str], *, language: str, is_in_scenario: bool
) -> Iterator[tuple[int, str]]:
    """Yield the step of a bullet, or warn if it is in a scenario and is none."""
    if parse_step(bullet["text"], language):
        yield number, bullet["text"]
    elif is_in_scenario:
        offset = builder.file.places.find_start(number) + bullet.start("text")
        message = f"`{bullet['text']}` is not read: it does not begin with a keyword such as `Given`"
        hint = "begin it with `And` if it is a step; write it as a paragraph if it is not"
        builder.warn(offset, "unread-steps", message=message, hint=hint)
