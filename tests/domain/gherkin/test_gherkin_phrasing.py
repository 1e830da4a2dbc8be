"""How a criterion becomes steps: what is split, and what is not."""

from __future__ import annotations

import json
import re
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest
from domain.gherkin.test_gherkin_hostile import check_feature
from planned_project import World, make_criterion

from spec2bdd.domain.gherkin.phrasing.clauses import drop_full_stop, is_quoted
from spec2bdd.domain.gherkin.phrasing.phrasing import list_criterion_steps
from spec2bdd.domain.specs.parser import parse_spec

DATA = Path(__file__).parent / "data"
CASES = json.loads((DATA / "phrasing.json").read_text(encoding="utf-8"))
RULES = tomllib.loads((DATA / "phrasing.toml").read_text(encoding="utf-8"))["rule"]
DOCUMENTED = [(rule.get("language", "en"), case) for rule in RULES for case in rule["cases"]]


def test_what_is_inside_quotes_follows_an_odd_number_of_them() -> None:
    line = 'a "b" c'
    assert "".join(sign if is_quoted(line, place) else " " for place, sign in enumerate(line)) == '   b"  '


def test_a_step_loses_the_full_stop_of_its_sentence_and_no_other() -> None:
    texts = ["it works.", "それは動く。", "a.", ".", "it works, etc.", "it works..", "it works ."]
    assert [drop_full_stop(text) for text in texts] == [
        "it works",
        "それは動く",
        "a",
        ".",
        "it works, etc.",
        "it works..",
        "it works",
    ]


def phrase(text: str, *bullets: str) -> list[list[str]]:
    """Phrase a criterion as keywords and texts of steps."""
    return [[step.keyword, step.text] for step in list_criterion_steps(make_criterion(text, bullets=bullets))]


@pytest.mark.parametrize("text", CASES["splits"])
def test_it_splits_a_clear_clause(text: str) -> None:
    assert phrase(text) == CASES["splits"][text]


@pytest.mark.parametrize("text", CASES["leaves"].values(), ids=CASES["leaves"])
def test_everything_else_becomes_one_then(text: str) -> None:
    ((keyword, step_text),) = phrase(text)
    assert keyword == "Then"
    assert text.casefold() == step_text.casefold()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A book is lent.", "a book is lent"),
        ("Returning a book is free", "returning a book is free"),
        ("The list is short ...", "the list is short ..."),
        ("Names, dates etc.", "Names, dates etc."),
        ("Ana is informed", "Ana is informed"),
        ("API keys are hidden", "API keys are hidden"),
        ("A", "A"),
        (".", "."),
        ("It", "It"),
    ],
)
def test_a_function_word_loses_its_capital_and_a_sentence_its_dot(text: str, expected: str) -> None:
    assert phrase(text) == [["Then", expected]]


def test_bullets_with_keywords_are_the_steps_word_for_word() -> None:
    bullets = [
        "Given Ana waits.",
        "and Ben waits",
        "a note",
        "WHEN: the book is back",
        "Then, Ana has it",
        "But Ben waits",
    ]
    assert phrase("When x happens here, y is the case", *bullets) == [
        ["Given", "Ana waits."],
        ["And", "Ben waits"],
        ["When", "the book is back"],
        ["Then", "Ana has it"],
        ["But", "Ben waits"],
    ]


def test_and_has_the_kind_of_the_step_before_it() -> None:
    steps = list_criterion_steps(make_criterion("x", bullets=("Given a", "And b", "Then c", "But d")))
    assert [step.kind for step in steps] == ["given", "given", "then", "then"]


@pytest.mark.parametrize(
    "bullets", [("And a", "Then b"), ("see the wiki", "andante"), ("Given",), ("Givens are kept",), ("Thenceforth x",)]
)
def test_bullets_that_are_no_steps_are_ignored(bullets: tuple[str, ...]) -> None:
    assert phrase("A book is lent", *bullets) == [["Then", "a book is lent"]]


@pytest.mark.parametrize(("language", "case"), DOCUMENTED, ids=[case["spec"].strip()[:60] for _, case in DOCUMENTED])
def test_a_criterion_of_a_spec_becomes_what_the_page_of_phrasing_shows(language: str, case: dict[str, Any]) -> None:
    text = f"---\nfeature_id: 1.1\nlanguage: {language}\n---\n\n## Acceptance Criteria\n\n{case['spec'].strip()}\n"
    spec = parse_spec("specs/1.md", text.encode())
    world = World().generate(spec)
    check_feature(spec)
    _, _, blocks = world.feature.partition("\n\n")
    lines = [line for line in blocks.splitlines() if not re.match(r" +(?:# digest|@ac_)", line)]
    assert case["outcome"].strip("\n") == textwrap.dedent("\n".join(lines))
    assert ([case["warning"]] if "warning" in case else []) == [diagnostic.message for diagnostic in world.diagnostics]
