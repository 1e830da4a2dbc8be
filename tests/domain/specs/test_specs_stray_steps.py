"""Steps as headings, alone above their words or in small letters are reported in each dialect; prose is left alone."""

from __future__ import annotations

import pytest
from dialect_files import STARTS, list_codes, read

STEPS = {
    "headings": "#### Given a reader\n\n#### When she logs in\n\n#### Then she sees her fines\n",
    "headings-without-blank-lines": "#### Given a reader\n#### When she logs in\n#### Then she sees her fines\n",
    "headings-above-items": (
        "#### Given\n\n- a reader\n\n#### When\n\n- she logs in\n\n#### Then\n\n- she sees her fines\n"
    ),
    "headings-above-words": "#### Given\n\na reader\n\n#### When\n\nshe logs in\n\n#### Then\n\nshe sees her fines\n",
    "headings-in-bold": "#### **Given** a reader\n\n#### **When** she logs in\n\n#### **Then** she sees her fines\n",
    "headings-in-small-letters": "#### given a reader\n\n#### when she logs in\n\n#### then she sees her fines\n",
    "headings-in-german": "#### Angenommen eine Leserin\n\n#### Wenn sie kommt\n\n#### Dann sieht sie die Gebühr\n",
    "headings-with-colons": "#### Given: a reader\n\n#### When: she logs in\n\n#### Then: she sees her fines\n",
    "underlined-headings": "Given a reader\n---\n\nWhen she logs in\n---\n\nThen she sees her fines\n---\n",
    "headings-in-html": "<h4>Given</h4>\n<p>a reader</p>\n<h4>Then</h4>\n<p>she sees her fines</p>\n",
    "an-outcome-under-a-heading": "#### When she logs in\n\nThen she sees her fines\n",
    "items-under-a-heading": "#### Given a reader\n\n- When she logs in\n- Then she sees her fines\n",
    "labels": "**Given**\n\na reader\n\n**When**\n\nshe logs in\n\n**Then**\n\nshe sees her fines\n",
    "labels-with-colons": "**Given:**\n- a reader\n\n**When:**\n- she logs in\n\n**Then:**\n- she sees her fines\n",
    "keywords-alone": "Given\na reader\nWhen\nshe logs in\nThen\nshe sees her fines\n",
    "small-items": "- given a reader\n- when she logs in\n- then she sees her fines\n",
    "small-numbers": "1. given a reader\n2. when she logs in\n3. then she sees her fines\n",
    "small-and-bold": "- **given** a reader\n- **when** she logs in\n- **then** she sees her fines\n",
    "small-and-nested": "- fines\n  - given a reader\n  - when she logs in\n  - then she sees her fines\n",
    "small-in-a-quote": "> - given a reader\n> - when she logs in\n> - then she sees her fines\n",
    "small-in-gherkin": (
        "```gherkin\nscenario: fines\n  given a reader\n  when she logs in\n  then she sees them\n```\n"
    ),
    "small-in-html": "<ul>\n<li>given a reader</li>\n<li>when she logs in</li>\n<li>then she sees it</li>\n</ul>\n",
    "small-in-german": "- angenommen eine Leserin\n- wenn sie kommt\n- dann sieht sie die Gebühr\n",
    "small-in-dutch": "- als zij komt, na één dag\n- dan ziet zij de boete\n",
    "small-sentence": "- **given** a reader, **when** she logs in, **then** she sees her fines\n",
    "strong-in-html": (
        "<ul>\n<li><strong>Given</strong> a reader</li>\n<li><strong>Then</strong> she sees it</li>\n</ul>\n"
    ),
    "lists-in-sentences": "Given a reader, a book and a fine\nThen the fine, and the book, are shown\n",
    "sentences-of-all-kinds": (
        "Given a reader, a book and a fine.\nWhen she pays in cash, by card or later.\nThen it is.\n"
    ),
    "paragraphs": "Given a reader.\n\nWhen she logs in.\n\nThen she sees her fines.\n",
    "paragraphs-without-given": "When she logs in.\n\nThen she sees her fines.\n",
    "small-lines": "given a reader\nwhen she logs in\nthen she sees her fines\n",
    "small-lines-with-commas": "given a reader,\nwhen she logs in,\nthen she sees her fines.\n",
    "small-lines-with-others": "given a reader\nand a fine\nwhen she logs in\nthen she sees it\nand its date\n",
    "small-lines-without-given": "when she logs in\nthen she sees her fines\n",
    "small-lines-under-a-heading": "### Fines\ngiven a reader\nthen she sees her fines\n",
    "small-lines-under-a-label": "**Fines**\ngiven a reader\nthen she sees her fines\n",
    "small-lines-under-a-title": "Scenario: fines\nwhen she logs in\nthen she sees her fines\n",
    "small-lines-of-an-item": "- Fines\n  given a reader\n  when she logs in\n  then she sees her fines\n",
    "small-lines-in-a-quote": "> given a reader\n> when she logs in\n> then she sees her fines\n",
    "small-lines-in-german": "angenommen eine Leserin\nwenn sie kommt\ndann sieht sie die Gebühr\n",
    "small-paragraphs": "given a reader\n\nwhen she logs in\n\nthen she sees her fines\n",
    "code-without-a-name": "**AC-1.1**\n```\nGiven a reader,\nWhen  she logs in,\nThen  she sees her fines\n```\n",
    "small-keywords-alone": "given\na reader\n\ngiven\nwhen\nthen\n",
    "only-the-first-word-with-a-capital": "Given a reader\nwhen she logs in\nthen she sees her fines\n",
    "an-item-with-all-steps": "- Given a reader, when she logs in, then she sees her fines.\n",
    "a-small-item-with-all-steps": "* given a reader, when she logs in, and then she sees her fines\n",
    "a-number-with-all-steps": "1. Given a reader; when she logs in; then she sees her fines.\n",
}


@pytest.mark.parametrize("path", STARTS)
@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_steps_outside_of_the_criteria_are_reported_and_block_a_promotion(steps: str, path: str) -> None:
    spec = read(path, f"## Behaviour\n\n{steps}")
    assert list_codes(spec).count("unread-steps") == 1
    assert len(spec.unread) == 1


@pytest.mark.parametrize("path", STARTS)
def test_steps_in_capitals_and_in_small_letters_are_reported_alike(path: str) -> None:
    items = "- Given a reader\n- When she logs in\n- Then she sees her fines\n"
    found = [read(path, f"## Behaviour\n\n{text}").unread for text in (items, items.lower())]
    assert found[0] == found[1] != ()


def test_steps_as_headings_under_a_criterion_are_reported_as_headings() -> None:
    spec = read("specs/a.md", "#### Given a reader\n\n#### Then she sees her fines\n")
    (found,) = spec.diagnostics
    assert (found.line, found.code, found.message, found.hint) == (
        11,
        "unread-steps",
        "these steps are headings, so they are not read",
        "write them as items: `- Given ...`, or put `<!-- spec2bdd: ignore unread-steps -->` above",
    )


@pytest.mark.parametrize("path", ["specs/001-a/spec.md", ".kiro/specs/a/requirements.md", "docs/stories/1.1.a.md"])
def test_the_heading_of_a_step_is_reported_where_what_is_under_it_is_read(path: str) -> None:
    text = "#### Acceptance Criteria\n\n##### Given\n\n- a reader\n\n##### Then\n\n- she sees her fines\n"
    assert "unread-steps" in list_codes(read(path, text))


PROSE = {
    "lines": "Given the size of the team, we start small.\nThen we looked at other tools.\n",
    "paragraphs": "Given the size of the team, we start small.\n\nThen we looked at other tools.\n",
    "wrapped": (
        "When the build breaks, the team stops, and\neverybody looks at it.\n\nThen the fix is made, and we go on.\n"
    ),
    "several-sentences": "When the build breaks, the team stops. All look at it.\nThen the fix is made.\n",
    "without-a-comma": "Given the small team we chose Go.\n\nThen we wrote it.\n",
    "in-the-middle": (
        "We thought about it.\nGiven the size of the team, it was hard,\nas it is.\nThen we looked around.\n"
    ),
    "all-kinds": "When we meet, we talk.\n\nGiven enough time, we agree.\n\nThen we write it down.\n",
    "items": "- Given the size of the team, we start small.\n- Then we grow.\n",
    "numbers": "1. When the build fails, look at the log.\n2. Then fix it.\n",
    "a-quote": "> Given the size of the team, we start small.\n> Then we looked at other tools.\n",
    "german": "Wenn das Team wächst, brauchen wir mehr Platz.\n\nDann sehen wir weiter.\n",
    "german-in-one-sentence": "Wenn das Team wächst, dann brauchen wir mehr Platz.\n\nDann sehen wir weiter.\n",
    "german-als": "Als wir anfingen, gab es nichts.\n\nDan kam dazu.\n",
    "dutch": "Als het team groeit, hebben we meer ruimte nodig.\n\nDan kijken we verder.\n",
    "dutch-than": "Als de lijst langer is dan tien regels, wordt hij gekort.\n",
    "french": "Quand le projet grandit, nous ajoutons un serveur.\n\nAlors nous mesurons encore.\n",
    "spanish": "Cuando el equipo crece, hay que dividirlo.\n\nEntonces se mide otra vez.\n",
    "italian": "Quando il gruppo cresce, serve spazio.\n\nAllora si vede.\n",
    "portuguese": "Quando a equipe cresce, dividimos o trabalho.\n\nEntão medimos de novo.\n",
    "polish": "Kiedy zespół rośnie, dzielimy go.\n\nWtedy mierzymy ponownie.\n",
    "russian": "Когда команда растёт, мы её делим.\n\nТогда мы измеряем снова.\n",
    "chinese": "当团队变大时，我们会拆分它。\n\n那么我们再看。\n",
    "japanese": "もしチームが大きくなったら、分割します。\n\nならば、再度測定します。\n",
    "headings-of-a-guide": "### When to use it\n\nFor long lists.\n\n### Then what?\n\n- Then drop it\n",
    "a-heading-of-a-guide": "### When the list is long\n\nOpen it in the reader.\n\n- Then close it\n",
    "given-data": "#### Given data\n\nOrders.\n\n#### Find\n\nThe path.\n",
    "small-words-of-a-text": "We look at it\nwhen the build breaks, and\nthen the fix is made.\n",
    "small-words-after-a-sentence": "When the build breaks, we stop, and\nthen it is fixed.\n\nThen it is released.\n",
    "small-words-of-an-item": "- We look at it\n  when the build breaks, and\n  then the fix is made.\n",
    "small-sentences": "when the build breaks, the team stops.\nthen the fix is made.\n",
    "small-words-far-apart": "given the size\n\nthen we grow\n",
    "an-item-with-a-small-then": "- Given that it starts when the disk is full, we then delete a file.\n",
    "an-item-without-an-event": "- Given a small team, we talk first, then we write.\n",
    "code-without-an-event": "```\nGiven 3 books\nThen 2\n```\n",
    "output-in-code": "```\n$ report\nGiven 3\nWhen 4\nThen 2\n```\n",
    "an-example-in-code": "For example:\n\n```\nGiven a book\nWhen it is lent\nThen it is gone\n```\n",
    "a-sentence-with-all-words": "Given a small team, when we grow, then we split.\n",
}


@pytest.mark.parametrize("path", STARTS)
@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE)
def test_sentences_of_a_text_are_left_alone(text: str, path: str) -> None:
    assert list_codes(read(path, f"## Overview\n\n{text}")) == list_codes(read(path, ""))


QUIET_AMONG_CRITERIA = {
    "then-in-the-middle": "Given the size of the team, we then decided to keep it small.\n",
    "then-after-another-clause": "When both are set, they apply in order: first one, then the other.\n",
    "dutch-than": "Als de lijst langer is dan tien regels, wordt hij gekort.\n",
    "paragraphs": "Given the size of the team, we start small.\n\nThen we grow.\n",
}


@pytest.mark.parametrize("text", QUIET_AMONG_CRITERIA.values(), ids=QUIET_AMONG_CRITERIA)
def test_sentences_among_criteria_are_left_alone(text: str) -> None:
    assert read("specs/a.md", text).diagnostics == ()


LOUD_AMONG_CRITERIA = {
    "clauses": "Given a reader, when she logs in, then she sees her fines.\n",
    "an-event-without-commas": "Given a reader when she logs in then she sees her fines.\n",
    "one-condition": "When she logs in, then she sees her fines.\n",
    "german": "Wenn sie kommt, dann sieht sie die Gebühr.\n",
}


@pytest.mark.parametrize("text", LOUD_AMONG_CRITERIA.values(), ids=LOUD_AMONG_CRITERIA)
def test_a_sentence_of_steps_among_criteria_is_reported(text: str) -> None:
    assert list_codes(read("specs/a.md", text)) == ["unread-steps"]
