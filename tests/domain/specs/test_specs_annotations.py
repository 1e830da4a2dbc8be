"""Ids that an author has unmistakably given to a criterion, and words that only look like one."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.criteria.annotations import AnnotatedText, parse_annotations
from spec2bdd.domain.specs.headings.priorities import Priority
from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.markdown.inline_text import InlineText
from spec2bdd.model import Tier

GIVEN = [
    ("[AC-1] words", "AC-1"),
    ("[AC-1]: words", "AC-1"),
    ("**[AC-1]** words", "AC-1"),
    ("**AC-1**\u2014words", "AC-1"),
    ("**AC-01** words", "AC-01"),
    ("**AC-US1-01**: words", "AC-US1-01"),
    ("**AC-01.** words", "AC-01"),
    ("**AC-01** \u2014 words", "AC-01"),
    ("**AC-01**: *words*", "AC-01"),
    ("**T1**: words", "T1"),
    ("**`REQ_12a`**: words", "REQ_12a"),
    ("AC1: words", "AC1"),
    ("C00: words", "C00"),
    ("req-12: words", "req-12"),
    ("US1.2:words", "US1.2"),
    ("HTTP-API-01: words", "HTTP-API-01"),
    ("FR-001 | words", "FR-001"),
    ("FR-001 : words", "FR-001"),
    ("OT-P0-001 | words", "OT-P0-001"),
    ("**TC-A001**: words", "TC-A001"),
    ("US-B-NF12: words", "US-B-NF12"),
    ("✅ **AC-01**: words", "AC-01"),
    ("**AC-01**: ✅ words", "AC-01"),
    ("#3 **AC-01**: words", "AC-01"),
    ("**AC-01**: words — **DONE**", "AC-01"),
    ("AC-01 - words", "AC-01"),
    ("AC-01 \u2014 words", "AC-01"),
    ("US1.2 \u2013 words", "US1.2"),
    ("AC-US1-01 - words", "AC-US1-01"),
    ("words {#Log.in:2}", "Log.in:2"),
    ("words <!-- ID: log_in -->", "log_in"),
    ("<!-- id: first --> words", "first"),
    ("**AC-01**: words {#brace}", "brace"),
]

NOT_GIVEN = [
    "[API] words",
    "words [AC-1]",
    "[UTF-8] words",
    "Note: words",
    "Note 1: words",
    "10:30 is early",
    "3.2: words",
    "AC-01 words",
    "AC-01, words",
    "AC-01-words",
    "COVID-19 - words",
    "AC-01 -",
    "see AC-01: words",
    "HTTP/2: words",
    "UTF-8: words",
    "SHA-256: words",
    "API-V2: words",
    "Windows-NT40: words",
    "I-BEAM: words",
    "IPv6: words",
    "S3: words",
    "v1.2: words",
    "OAuth2: words",
    "ISO-8601: words",
    "COVID: words",
    "E2E: words",
    "words {#}",
    "words {#a b}",
    "words {#a} and more",
    "AC-01:",
]


@pytest.mark.parametrize(("source", "given_id"), GIVEN)
def test_an_unmistakable_id_is_taken_out_of_the_text(source: str, given_id: str) -> None:
    assert AnnotatedText("words", given_id) == parse_annotations(parse_inline(source, {}))


@pytest.mark.parametrize("source", NOT_GIVEN)
def test_what_only_looks_like_an_id_stays_in_the_text(source: str) -> None:
    assert AnnotatedText(source) == parse_annotations(parse_inline(source, {}))


@pytest.mark.parametrize("source", ["**Note:** words", "**OAuth2** words", "**All** words", "**Must** words"])
def test_bold_words_that_are_no_id_stay_in_the_text(source: str) -> None:
    assert AnnotatedText(source.replace("**", "")) == parse_annotations(parse_inline(source, {}))


@pytest.mark.parametrize("source", ["words <!-- ids: x -->", "words <!-- id: a b -->", "words <!-- manually -->"])
def test_another_comment_is_only_left_out(source: str) -> None:
    assert AnnotatedText("words") == parse_annotations(parse_inline(source, {}))


# An item with the text `words`, and the priority or tier that the rest gives it.
RANKED = [
    ("words (P2)", Priority(level=2)),
    ("words [P0]", Priority(level=0)),
    ("words (P1, testable)", Priority(level=1)),
    ("words (Priority: P3)", Priority(level=3)),
    ("[P1] words", Priority(level=1)),
    ("(P2) words", Priority(level=2)),
    ("P2: words", Priority(level=2)),
    ("(Should) words", Priority(tier=Tier.SHOULD)),
    ("[Should] words", Priority(tier=Tier.SHOULD)),
    ("[Must Have]: words", Priority(tier=Tier.MUST)),
    ("**Must**: words", Priority(tier=Tier.MUST)),
    ("**Could have:** words", Priority(tier=Tier.COULD)),
    ("**P1** - words", Priority(level=1)),
    ("SHOULD: words", Priority(tier=Tier.SHOULD)),
    ("Could have: words", Priority(tier=Tier.COULD)),
    ("Nice-to-have: words", Priority(tier=Tier.COULD)),
    ("Won\u2019t have: words", Priority(tier=Tier.WONT)),
    ("**[P1]** words", Priority(level=1)),
    ("words (nice to have)", Priority(tier=Tier.COULD)),
    ("words (won't have)", Priority(tier=Tier.WONT)),
    ("✅ [Muss] words", Priority(tier=Tier.MUST)),
    ("words (P1) ✅", Priority(level=1)),
]

UNRANKED = [
    "words (P95)",
    "words (P0-P4)",
    "words (P0, P1)",
    "words (P1 incidents)",
    "words (must be quick)",
    "[P] words",
    "[Must]",
    "(P1)",
    "Must: words",
    "P1 words",
    "words (optional)",
    "words for P1",
]

# An item with the text `words`, with notes on how far the work on it is.
NOTED = [
    "words \u2014 verified 2026-05-04",
    "words. Evidence: 14 tests",
    "words - evidence: tests/test_a.py",
    "words (Proof: a link)",
    "words (tested by: Ana)",
    "words ^block-1",
    "words \U0001f4c5 2026-12-01",
    "words \u23eb",
    "DONE: words",
    "[WIP] words",
    "\u2705 DONE: words",
    "✅ words",
    "❌ words",
    "🚧 words",
    "⏳ words",
    "✔️ words",
    "✅ 🚧 words",
    "words ✅",
    "words ✅ DONE",
    "words ✅ 2025-01-01",
    "words ✅ (2025-01-01)",
    "words - DONE",
    "words — **IMPLEMENTED**",
    "words – Done",
    "words - ✅ COMPLETE (see the log)",
    "words - DEFERRED (will test later)",
    "words (done)",
    "words (deferred)",
    "words (done 2025-01-01)",
    "words (PENDING)",
    "words (Tested)",
    "words [DONE]",
    "words (deferred to future work - currently 64KB)",
    "words (done in Phase 2)",
    "words *(PARTIALLY COMPLETE - see note)*",
    "words (DEFERRED - optional)",
    "words (deferred) ✅",
    "#12 words",
    "#3: words",
]

NOT_NOTED = [
    "words are evidence: they count",
    "words ^2",
    "x ^ y",
    "words on \U0001f4c5",
    "Done: words",
    "FAILED: words",
    "[OK] words",
    "words",
    "✅",
    "DONE",
    "- DONE",
    "Completed",
    "words (pending)",
    "words (closed)",
    "words are done",
    "words - done",
    "words done",
    "words-DONE",
    "words (done by hand)",
    "words (completed in under 5 seconds)",
    "words (verified, signed and stored)",
    "words (❌ fails first, ✅ passes after)",
    "words with ✅ in them",
    "words like #12 words",
    "words (done: green, open: red)",
    "#1",
]


@pytest.mark.parametrize(("source", "priority"), RANKED)
def test_a_tier_on_the_item_itself_is_taken_out_of_the_text(source: str, priority: Priority) -> None:
    assert AnnotatedText("words", priority=priority) == parse_annotations(parse_inline(source, {}))


@pytest.mark.parametrize("source", UNRANKED)
def test_what_only_looks_like_a_tier_stays_in_the_text(source: str) -> None:
    assert AnnotatedText(source) == parse_annotations(parse_inline(source, {}))


@pytest.mark.parametrize("source", NOTED)
def test_a_note_of_state_and_a_number_for_display_are_taken_out_of_the_text(source: str) -> None:
    assert AnnotatedText("words") == parse_annotations(parse_inline(source, {}))


@pytest.mark.parametrize("source", NOT_NOTED)
def test_words_that_are_no_note_of_state_stay_in_the_text(source: str) -> None:
    assert AnnotatedText(source) == parse_annotations(parse_inline(source, {}))


def test_notes_at_the_end_of_code_are_part_of_the_text() -> None:
    assert AnnotatedText("words `(done)`".replace("`", "")) == parse_annotations(parse_inline("words `(done)`", {}))


NO_REASONS = ["", " ", "\u00a0", "\u200b", "\u2060 \u200b", "\ufeff", "\u3164"]


@pytest.mark.parametrize("note", ["words (waived: %s)", "words <!-- waived: %s -->"])
@pytest.mark.parametrize("reason", NO_REASONS, ids=range(len(NO_REASONS)))
def test_nothing_is_waived_without_a_reason_that_can_be_read(note: str, reason: str) -> None:
    assert parse_annotations(parse_inline(note % reason, {})).waived == ""


@pytest.mark.parametrize("note", ["words (waived: %s)", "words <!-- waived: %s -->"])
@pytest.mark.parametrize("reason", ["no users there", "#12", "\u2192 3.2", "not (yet) here", "\u4e0d\u8981", "x", "|"])
def test_a_reason_waives(note: str, reason: str) -> None:
    assert AnnotatedText("words", waived=reason) == parse_annotations(parse_inline(note % reason, {}))


LEFT_OVER = [
    "- words are",
    "\u2014 words are",
    ": words are",
    ", words are",
    "* words are",
    "> words are",
    "# words are",
]


@pytest.mark.parametrize("source", LEFT_OVER)
def test_punctuation_that_is_left_over_at_the_start_is_taken_out_of_the_text(source: str) -> None:
    assert AnnotatedText("words are") == parse_annotations(InlineText(source))


@pytest.mark.parametrize("source", ["-x words are", ".NET words are", "#tag words are", "+ words are", "- words"])
def test_signs_that_mean_something_stay_at_the_start_of_the_text(source: str) -> None:
    assert AnnotatedText(source) == parse_annotations(InlineText(source))


@pytest.mark.parametrize("source", ["words <!-- id: ... -->", "words <!-- id: _ -->", "words <!-- id: -->"])
def test_a_comment_without_a_letter_or_digit_is_no_id(source: str) -> None:
    assert AnnotatedText("words") == parse_annotations(parse_inline(source, {}))
