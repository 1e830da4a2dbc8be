"""Index the step files of a project: their definitions, and the lines that may use one of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from spec2bdd.domain.expressions.ambiguity import compile_pattern
from spec2bdd.domain.expressions.matchers import CFPARSE, MATCHERS, PARSE, REGEX, translate_pattern
from spec2bdd.domain.expressions.patterns import build_patterns
from spec2bdd.domain.gherkin.grammar.outlines import StepLine
from spec2bdd.domain.steps.definitions import StepDefinition, parse_definitions
from spec2bdd.model.values import dataclass
from spec2bdd.text.lazy_patterns import compile_lazily

StepKey = tuple[str, str]

# A line of a feature file that is certainly not a step. Section keywords of other languages are not listed: their
# lines count as uses of a step, which at worst prevents a rewrite.
_NOT_A_STEP = compile_lazily(
    r"""
    \s*
    (?:
        [@#|]                       # a tag, a comment or a table row
      |
        (?: feature | rule | background | examples? | scenarios? | scenario\ outline )
        \s* :                       # the first line of a section
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
PLACEHOLDER = re.compile(r"<[^<>]+>")
_FIELD = re.compile(r"(\{\{|\}\}|\{[^{}]*\})")
_ANY = ".*"
# Step code can call steps: `context.execute_steps("Given a book is lent")`.
STEP_CALL = compile_lazily(r"(?:given|when|then|and|but|\*)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DefinitionSite:
    """A step definition, the path of its file, and its pattern in the notation of `parse`."""

    path: str
    definition: StepDefinition
    pattern: str

    @property
    def key(self) -> StepKey:
        """The kind and the pattern, which Behave allows only once."""
        return self.definition.kind, self.definition.pattern


@dataclass(frozen=True, slots=True)
class StepSources:
    """The texts and definitions of step files, the lines of the user's features, and the code lines that call steps."""

    texts: Mapping[str, str]
    definitions: Mapping[StepKey, tuple[tuple[str, StepDefinition], ...]]
    uses: Sequence[str] = ()
    calls: Sequence[str] = ()

    def find_sites(self, line: StepLine) -> list[DefinitionSite]:
        """Find the definitions with a pattern that spec2bdd writes for a step line, for any matcher and step kind."""
        patterns = (line.template, *(pattern for text in line.texts for pattern in build_patterns(text)))
        sites: list[DefinitionSite] = []
        for pattern in dict.fromkeys(filter(None, patterns)):
            # Most patterns are written alike for all matchers, so each notation is looked up once.
            for written in dict.fromkeys(translate_pattern(pattern, matcher) for matcher in MATCHERS):
                for kind in (line.kind, "step"):
                    sites += (
                        DefinitionSite(path, definition, pattern)
                        for path, definition in self.definitions.get((kind, written), ())
                        if definition.matcher in MATCHERS and translate_pattern(pattern, definition.matcher) == written
                    )
        return sites

    def is_undefined(self, line: StepLine) -> bool:
        """Whether no definition may match a step line, also none with a pattern that spec2bdd would not write."""
        return not any(
            kind in (line.kind, "step") and any(_may_match(definition, text) for text in line.texts)
            for (kind, _), sites in self.definitions.items()
            for _, definition in sites
        )


def parse_step_sources(texts: Mapping[str, str], *, features: Iterable[str], default: str = PARSE) -> StepSources:
    """Index step files by their definitions, and collect all lines that may use a step.

    `features` are the texts of the user's own feature files. A step file that is not Python has no definitions.
    `default` is the matcher of a file that chooses none.
    """
    definitions: dict[StepKey, list[tuple[str, StepDefinition]]] = defaultdict(list)
    for path, text in texts.items():
        # Planning the stubs reports a file that cannot be parsed; here it only has nothing to rewrite.
        with suppress(SyntaxError, ValueError):
            for definition in parse_definitions(text, default=default):
                definitions[definition.kind, definition.pattern].append((path, definition))
    calls = [line.strip() for text in texts.values() for line in text.splitlines() if STEP_CALL.search(line)]
    uses = [line.strip() for text in features for line in text.splitlines() if not _NOT_A_STEP.match(line)]
    # The placeholders of an outline may become a number or a word.
    uses += [PLACEHOLDER.sub(value, line) for line in uses if "<" in line for value in ("1", "x")]
    return StepSources(texts, {key: tuple(sites) for key, sites in definitions.items()}, uses, calls)


def is_every_row_matched(line: StepLine, patterns: Iterable[str]) -> bool:
    """Whether each text that an outline makes of a step line matches one of the patterns."""
    expressions = [compile_pattern(pattern) for pattern in patterns]
    return all(any(expression.fullmatch(text) for expression in expressions) for text in line.texts)


def _may_match(definition: StepDefinition, text: str) -> bool:
    """Whether a definition may match a step; where its matcher is one of the project's own, it may."""
    if definition.matcher in (PARSE, CFPARSE):
        parts = _FIELD.split(definition.pattern)
        # The odd ones are fields, of any type, and doubled braces.
        parts[1::2] = [part[0] if part in ("{{", "}}") else _ANY for part in parts[1::2]]
        pattern = "".join(part if part == _ANY else re.escape(part) for part in parts)
        return re.search(pattern, text, re.IGNORECASE) is not None
    with suppress(re.error):
        return definition.matcher != REGEX or re.search(definition.pattern, text, re.IGNORECASE) is not None
    return True
