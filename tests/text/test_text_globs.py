"""Which paths a pattern names."""

from __future__ import annotations

import re

import pytest

from spec2bdd.text.globs import build_expression, compile_glob

NAMED = [
    ("specs/*.md", "specs/a.md"),
    ("specs/?.md", "specs/a.md"),
    ("**/*.md", "a.md"),
    ("**/*.md", "x/y/a.md"),
    ("specs/**/a.md", "specs/a.md"),
    ("specs/**/a.md", "specs/x/y/a.md"),
    ("**/**/a.md", "x/a.md"),
    ("specs/**", "specs/a.md"),
    ("[0-9]-*.md", "1-a.md"),
    ("[!0-9]-*.md", "a-b.md"),
    ("[a!]/x", "!/x"),
    ("[!!]x", "ax"),
    ("[!a!]x", "bx"),
    ("[\\d]", "\\"),
    ("a+(b).md", "a+(b).md"),
]
NOT_NAMED = [
    ("specs/*.md", "specs/x/a.md"),
    ("specs/?.md", "specs/ab.md"),
    ("specs/?.md", "specs//.md"),
    ("**/*.md", "a.mdx"),
    ("specs/**/a.md", "other/a.md"),
    ("[!0-9]-*.md", "1-a.md"),
    ("[!!]x", "!x"),
    ("[!a!]x", "!x"),
    ("[\\d]", "1"),
    ("a.md", "axmd"),
    ("a+", "aa"),
]


@pytest.mark.parametrize(("pattern", "path"), NAMED)
def test_a_pattern_names(pattern: str, path: str) -> None:
    assert compile_glob(pattern).fullmatch(path)


@pytest.mark.parametrize(("pattern", "path"), NOT_NAMED)
def test_a_pattern_does_not_name(pattern: str, path: str) -> None:
    assert not compile_glob(pattern).fullmatch(path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a", True), ("a/b/c", True), ("x.md", True), ("x.md/y", True), ("ab", False), ("y/a", False)],
)
def test_an_expression_matches_what_patterns_name_and_all_below_it(path: str, expected: bool) -> None:
    assert (re.fullmatch(build_expression(["a", "*.md"]), path) is not None) == expected
