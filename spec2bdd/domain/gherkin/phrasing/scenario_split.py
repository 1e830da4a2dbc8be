"""Split Gherkin text into its scenarios, so that each can be the text of one criterion.

The lines of each scenario are kept as they are, with the steps of the backgrounds above it in front of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.phrasing.gherkin_block import parse_step
from spec2bdd.model.values import dataclass

_TAGS = re.compile(r"\s*@\S+(?:\s+@\S+)*\s*(?:#.*)?")
_TAG = re.compile(r"@(\S+)")
_DELIMITER = re.compile(r'\s*("""|```)')
# In the languages whose keywords are known; Behave 1.3.3 and the official parser agree on these.
_BACKGROUNDS = (
    "Background",
    "Hintergrund",
    "Grundlage",
    "Voraussetzungen",
    "Vorbedingungen",
    "Contexte",
    "Antecedentes",
    "Contexto",
    "Cenário de Fundo",
    "Cenario de Fundo",
    "Fundo",
    "Contesto",
    "Achtergrond",
    "Założenia",
    "Предыстория",
    "Контекст",
    "背景",
    "배경",
)
_HEADING = re.compile(r"\s*([^:\"]{1,60}):\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class GherkinScenario:
    """One scenario of a text: its name, its tags without `@`, the line of its heading, and its text."""

    name: str
    line: int
    text: str
    tags: tuple[str, ...] = ()
    feature: str = ""


@dataclass(slots=True)
class _Splitter:
    """What is known after the lines read so far."""

    language: str
    needs_heading: bool
    feature: str = ""
    background: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    feature_tags: tuple[str, ...] = ()
    # The heading, its line and the lines of the scenario that is open.
    name: str | None = None
    line: int = 0
    body: list[str] = field(default_factory=list)
    own_tags: tuple[str, ...] = ()
    in_background: bool = False

    def close(self) -> Iterator[GherkinScenario]:
        """End the scenario that is open, if there is one."""
        if self.name is not None:
            keyword = LANGUAGES[self.language].scenario[0]
            text = "\n".join([f"{keyword}: {self.name}", *self.background, *self.body])
            yield GherkinScenario(self.name, self.line, text, self.own_tags, self.feature)
        self.name, self.body = None, []


def split_scenarios(
    lines: Sequence[tuple[int, str]], language: str = "en", *, needs_heading: bool = False
) -> Iterator[GherkinScenario]:
    """Yield the scenarios of numbered lines of Gherkin.

    Steps that are in no scenario begin one without a name, unless each `needs_heading`.
    """
    splitter = _Splitter(language, needs_heading)
    delimiter = ""
    for number, line in lines:
        match = _DELIMITER.match(line)
        if delimiter or match:
            # Inside of a doc string, nothing is a keyword.
            delimiter = "" if match and delimiter == match[1] else delimiter or (match[1] if match else "")
            (splitter.background if splitter.in_background else splitter.body).append(line)
            continue
        kind, name = read_heading(line, language)
        if kind == "":
            _add_line(splitter, number, line)
            continue
        if kind != "examples":
            yield from splitter.close()
            splitter.in_background = kind == "background"
        if kind == "examples":
            splitter.body.append(line)
            splitter.tags.clear()
        elif kind == "scenario":
            splitter.name, splitter.line = name, number
            splitter.own_tags = (*splitter.feature_tags, *splitter.tags)
            splitter.tags.clear()
        elif kind == "feature":
            splitter.feature, splitter.feature_tags = name, tuple(splitter.tags)
            splitter.background.clear()
            splitter.tags.clear()
    yield from splitter.close()


def _add_line(splitter: _Splitter, number: int, line: str) -> None:
    """Add a line that is no heading to what is open."""
    if _TAGS.fullmatch(line):
        splitter.tags += _TAG.findall(line.partition(" #")[0])
    elif splitter.in_background:
        splitter.background.append(line)
    elif splitter.name is not None:
        splitter.body.append(line)
    elif not splitter.needs_heading and parse_step(line, splitter.language) is not None:
        splitter.name, splitter.line, splitter.own_tags = "", number, splitter.feature_tags
        splitter.body.append(line)


def read_heading(line: str, language: str) -> tuple[str, str]:
    """Read the kind and the name of a heading; the kind is empty if the line is none."""
    heading = _HEADING.fullmatch(line)
    if not heading:
        return "", ""
    keyword = heading[1].strip()
    for dialect in (LANGUAGES[language], LANGUAGES["en"]):
        kinds = {
            "scenario": (*dialect.scenario, *dialect.outline),
            "examples": dialect.examples,
            "background": _BACKGROUNDS,
            "feature": (dialect.feature,),
            "rule": (dialect.rule, "Rule"),
        }
        for kind, keywords in kinds.items():
            if keyword in keywords:
                return kind, heading[2]
    return "", ""
