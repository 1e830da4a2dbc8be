"""Timestamps and quotes of front matter."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from spec2bdd.text.scalars import TIMESTAMP, match_writable_timestamp, quote_scalar

WRITABLE = [
    "2026-05-04",
    "2026-05-04T09:00",
    "2026-05-04 09:00",
    "2026-05-04t09:00:00",
    "2026-05-04T09:00:00.123456",
    "2026-05-04T09:00Z",
    "2026-05-04T09:00:00-04:00",
    "2026-05-04 09:00:00 +0530",
    "2026-05-04T09:00:00+05",
]
# Timestamps that `datetime` cannot write in the same form.
NOT_WRITABLE = [
    "2026-05-04T09:00:00,5",
    "2026-05-04T09:00:00.1234567",
    "2026-05-04T09:00+24:00",
    "2026-05-04T09:00+01:60",
]
NO_TIMESTAMPS = [
    "",
    "May 4th",
    "2026-5-4",
    "2026-05-04T",
    "2026-05-04T9:00",
    "2026-05-04T09:00.5",
    "2026-05-04Z",
    "٢٠٢٦-05-04",
]


@pytest.mark.parametrize("text", WRITABLE)
def test_a_usual_timestamp_is_writable(text: str) -> None:
    assert match_writable_timestamp(text)


@pytest.mark.parametrize("text", NOT_WRITABLE)
def test_some_timestamps_are_not_writable(text: str) -> None:
    assert TIMESTAMP.fullmatch(text)
    assert match_writable_timestamp(text) is None


@pytest.mark.parametrize("text", NO_TIMESTAMPS)
def test_other_text_is_no_timestamp(text: str) -> None:
    assert TIMESTAMP.fullmatch(text) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a: b", '"a: b"'),
        ("it's", '"it\'s"'),
        ('say "a"', "'say \"a\"'"),
        ("a\\b", "'a\\b'"),
        ('"it\'s"', "'\"it''s\"'"),
    ],
)
def test_the_quotes_need_the_fewest_changes(value: str, expected: str) -> None:
    assert quote_scalar(value) == expected


@settings(deadline=None)
@given(st.text(alphabet="ab :#'\"\\{}[],&*!|>%@`-", max_size=30))
def test_a_quoted_value_is_the_value_for_yaml(value: str) -> None:
    assert yaml.safe_load(quote_scalar(value)) == value
