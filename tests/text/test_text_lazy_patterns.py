"""Expressions that are compiled on their first use."""

from __future__ import annotations

import re
from unittest import mock

from spec2bdd.text.lazy_patterns import compile_lazily


def test_an_expression_is_compiled_when_it_is_first_used() -> None:
    with mock.patch.object(re, "compile", wraps=re.compile) as compiled:
        pattern = compile_lazily(r"(?P<word>[a-z]+)!", re.IGNORECASE)
        assert compiled.call_count == 0
        found = [pattern.search(text) for text in ("Stop!", "go", "Wait!")]
        assert compiled.call_count == 1
    assert [match and match["word"] for match in found] == ["Stop", None, "Wait"]


def test_it_has_the_methods_and_attributes_of_the_compiled_one() -> None:
    pattern = compile_lazily("a+")
    assert (pattern.pattern, pattern.sub("-", "baab"), pattern.split("aaba")) == ("a+", "b-b", ["", "b", ""])
