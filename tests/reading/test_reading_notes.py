"""Ids that an author has unmistakably given to a criterion, and words that only look like one."""

from __future__ import annotations

import pytest

from spec2bdd.reading.inline import parse_inline
from spec2bdd.reading.notes import Notes, derive_notes

GIVEN = [
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
    ("words {#Log.in:2}", "Log.in:2"),
    ("words <!-- ID: log_in -->", "log_in"),
    ("<!-- id: first --> words", "first"),
    ("**AC-01**: words {#brace}", "brace"),
]

NOT_GIVEN = [
    "Note: words",
    "Note 1: words",
    "10:30 is early",
    "3.2: words",
    "#3: words",
    "AC-01 words",
    "AC-01, words",
    "see AC-01: words",
    "HTTP/2: words",
    "UTF-8: words",
    "SHA-256: words",
    "IPv6: words",
    "S3: words",
    "P0: words",
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
    assert Notes("words", given_id) == derive_notes(parse_inline(source, {}))


@pytest.mark.parametrize("source", NOT_GIVEN)
def test_what_only_looks_like_an_id_stays_in_the_text(source: str) -> None:
    assert Notes(source) == derive_notes(parse_inline(source, {}))


@pytest.mark.parametrize("source", ["**Note:** words", "**OAuth2** words", "**P1**: words", "**All** words"])
def test_bold_words_that_are_no_id_stay_in_the_text(source: str) -> None:
    assert Notes(source.replace("**", "")) == derive_notes(parse_inline(source, {}))


@pytest.mark.parametrize("source", ["words <!-- ids: x -->", "words <!-- id: a b -->", "words <!-- manually -->"])
def test_another_comment_is_only_left_out(source: str) -> None:
    assert Notes("words") == derive_notes(parse_inline(source, {}))
