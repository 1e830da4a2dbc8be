"""Find outlines of which Behave runs nothing, or not all: without examples, or with tables of them without rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES

_OUTLINES = frozenset(chain.from_iterable(dialect.outline for dialect in LANGUAGES.values()))
_EXAMPLES = frozenset(chain.from_iterable(dialect.examples for dialect in LANGUAGES.values()))
_OTHERS = {"Background"}.union(
    *({dialect.feature, dialect.rule, *dialect.scenario} for dialect in LANGUAGES.values())
) - {""}
_DOC_STRING = re.compile(r"\s*(\"\"\"|```)")
# A heading, and a row.
_FEWEST_LINES = 2


def find_rowless(text: str) -> Iterator[int]:
    """Yield the line of each outline without examples, and of each table of examples without a row."""
    # The outline that has no examples yet; the table that is read, and its lines so far.
    outline = table = size = 0
    in_doc_string = False
    for number, line in enumerate([*text.removeprefix("\ufeff").splitlines(), "Background:"], 1):
        in_doc_string ^= bool(_DOC_STRING.match(line))
        word = line.partition(":")[0].strip() if ":" in line and not in_doc_string else ""
        if line.lstrip().startswith("|"):
            size += 1
        elif word in _EXAMPLES or word in _OUTLINES or word in _OTHERS:
            if table and size < _FEWEST_LINES:
                yield table
            if outline and word not in _EXAMPLES:
                yield outline
            outline = number if word in _OUTLINES else 0
            table = number if word in _EXAMPLES else 0
            size = 0
