"""Documents that no author would write: only a `SpecError` is raised, and chunks give the same spec as the whole.

A few are tried each time. `SPEC2BDD_INPUTS=1000000` and `SPEC2BDD_DOCUMENTS=30000` try more, from the first one on or
from `SPEC2BDD_FIRST`; `-s` shows how far they are. What they find joins the table of named cases.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from random_specs import render_document

from spec2bdd.domain.lint.fixes.apply import fix_spec
from spec2bdd.domain.lint.rules import lint_spec
from spec2bdd.domain.specs.dialects.template import TemplateDialect
from spec2bdd.domain.specs.explain import explain_reading
from spec2bdd.domain.specs.markdown.blocks import MarkdownBody
from spec2bdd.domain.specs.markdown.marko_blocks import parse_blocks
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.errors import SpecError
from spec2bdd.model import Diagnostic, Spec

INPUTS = int(os.environ.get("SPEC2BDD_INPUTS", "600"))
DOCUMENTS = int(os.environ.get("SPEC2BDD_DOCUMENTS", "400"))
FIRST = int(os.environ.get("SPEC2BDD_FIRST", "0"))

# Every so many documents, the slower things are asked of one, too.
SELDOM = 50


def count_up(number: int) -> Iterator[int]:
    """Yield the numbers of the documents to try, and say after each ten thousand how many there were."""
    for n in range(FIRST, FIRST + number):
        yield n
        if (n + 1) % 10_000 == 0:
            sys.stderr.write(f"{n + 1 - FIRST} documents tried\n")


class EndlessError(Exception):
    """A document took so much longer than any other that parsing it will practically never end."""


@contextmanager
def expect_end(seconds: float = 10) -> Iterator[None]:
    """Raise an `EndlessError` if the processor has worked on a document for that long; mostly it is a thousandth."""

    def stop(*_: object) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def find_all(spec: Spec) -> tuple[Diagnostic, ...]:
    """Return the findings on a spec by itself."""
    return lint_spec(spec, known=frozenset(), others=(), levels={})


def parse_whole(text: str, start: int, vocabulary: HeadingVocabulary) -> MarkdownBody:
    """Have marko read all of a body."""
    return parse_blocks(text, start)


def use(number: int) -> None:
    """Read the document of that number, and ask all of it that `lint` does."""
    content = render_document(number)
    try:
        spec = parse_spec("specs/a.md", content)
    except SpecError:
        return
    find_all(spec)
    if number % SELDOM == 0:
        explain_reading("specs/a.md", content)
        fix_spec(spec, find_all, parse_spec)


def test_nothing_but_our_own_error_is_raised() -> None:
    raised = []
    for number in count_up(INPUTS):
        try:
            with expect_end():
                use(number)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is a find)
            raised.append((number, repr(error)))
            sys.stderr.write(f"document {number}: {error!r}\n")
    assert raised == []


def test_chunks_give_the_same_spec_as_the_whole() -> None:
    different = []
    for number in count_up(DOCUMENTS):
        content = render_document(number)
        try:
            spec = parse_spec("specs/a.md", content, dialects=(TemplateDialect(),))
        except SpecError:
            continue
        if spec != parse_spec("specs/a.md", content, dialects=(TemplateDialect(body_parser=parse_whole),)):
            different.append(number)
            sys.stderr.write(f"document {number} differs\n")
    assert different == []
