"""The caches give the same results as Behave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from behave.i18n import languages
from behave.model_type import make_relpath_if_possible
from behave.parser import Parser, ParserError, parse_feature

from spec2bdd.adapters.behave.plugin import speedups
from spec2bdd.adapters.behave.plugin.speedups import find_relative

FILES = ["features/a.feature", "/elsewhere/b.feature", "../c.feature", "<string>", "."]


@pytest.mark.parametrize("filename", FILES)
def test_a_path_is_shown_as_behave_shows_it_from_wherever_the_process_stands(
    filename: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    for folder in (tmp_path, inner, tmp_path):
        monkeypatch.chdir(folder)
        assert make_relpath_if_possible(filename) == find_relative(filename)
        assert make_relpath_if_possible(str(tmp_path / filename), "/") == find_relative(str(tmp_path / filename), "/")


LINES = [
    "Given a",
    "given  a",
    "WHEN a",
    "Then a ",
    "And a",
    "but a",
    "* a",
    "Givena",
    "Étant donné que a",
    "",
    "Feature",
]


@pytest.mark.parametrize("language", ["en", "fr", "zh-CN", "el", "tr"])
def test_a_line_is_parsed_as_behave_parses_it_in_all_languages(language: str) -> None:
    words = [word for kind in ("given", "when", "then", "and", "but") for word in languages[language][kind]]
    for first in ("", "given", "then"):
        for line in [*LINES, *(f"{word}a b" for word in words), *(f"{word}a".upper() for word in words)]:
            found: list[Any] = []
            for parse in (speedups._parse_step, speedups.parse_step):
                parser = Parser(language=language)
                parser.keywords, parser.last_step_type, parser.line = languages[language], first or None, 7
                parser.filename = "a.feature"
                try:
                    step = parse(parser, line)
                except ParserError as error:
                    found.append(str(error))
                    continue
                facts = step and (step.keyword, step.step_type, step.name, step.filename, step.line)
                found.append((facts, parser.last_step_type))
            assert found[0] == found[1], line


def test_tags_are_inherited_as_in_behave() -> None:
    text = (
        "@a\nFeature: f\n @b\n Rule: r\n  @c\n  Scenario Outline: s\n   Given x\n   @d\n   Examples:\n   |n|\n   |1|\n"
    )
    feature = parse_feature(text)
    for scenario in feature.walk_scenarios(with_outlines=True):
        expected = set(scenario.tags) | set(scenario.inherited_tags)
        if scenario.type == "scenario":
            assert speedups.find_effective_tags(scenario) == expected
