"""Which pattern a missing step is defined by, where the project's own types of parameters decide."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from behave.matchers import ParseMatcher
from parse import with_pattern

from spec2bdd.adapters.behave.registry.pattern_selection import choose_patterns
from spec2bdd.model import StepQuery

QUERY = StepQuery("then", "it costs 5", ("it costs {amount:d}", "it costs 5"))


@pytest.fixture(autouse=True)
def _types() -> Iterator[None]:
    """Forget the types that a test registers."""
    yield
    ParseMatcher.clear_registered_types()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\d+", "it costs {amount:d}"),
        # It matches other texts.
        ("[a-z]+", "it costs 5"),
        # It cannot be compiled.
        ("(", "it costs 5"),
    ],
)
def test_a_pattern_is_chosen_only_where_the_type_of_the_project_fits_the_step(pattern: str, expected: str) -> None:
    def convert(text: str) -> str:
        return text

    ParseMatcher.register_type(d=with_pattern(pattern)(convert))
    assert list(choose_patterns({"then": [], "step": []}, [QUERY])) == [expected]
