"""Dialects: the first that detects a file parses it, and a new one needs no change elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from spec2bdd.domain.specs.dialects import DIALECTS, Dialect, ReadingOptions
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.verdicts.status.status import StatusPolicy, check_known_status
from spec2bdd.errors import SpecError
from spec2bdd.model import Box, Criterion, Diagnostic, Spec, Status, Tier
from spec2bdd.text.source_file import SourceFile

CALC = b"# Calculator\n\nPASS? must: adds two numbers\nPASS? could: divides\nPASS? maybe: sings\nPASS? or: dances\n"


@dataclass(frozen=True)
class MarkerDialect:
    """A second implementation of the protocol: each line that begins with `PASS?` is a criterion."""

    name: str = "marker"

    def detects(self, path: str, text: str) -> bool:
        return path.startswith("calc/") and "PASS?" in text

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        criteria: list[Criterion] = []
        diagnostics: list[Diagnostic] = []
        for match in re.finditer(r"(?m)^PASS(\?) (\w+): (.*)$", file.text):
            if match[2] in list(Tier):
                box = Box(match[1], match.start(1))
                criteria.append(Criterion(Tier(match[2]), match[3], box, *file.find_place(match.start())))
            else:
                diagnostics.insert(0, file.build_warning(match.start(2), "unknown-tier", message="no such tier"))
        return Spec(file.path, content, criteria=tuple(criteria), diagnostics=tuple(diagnostics))


BOTH: tuple[Dialect, ...] = (MarkerDialect(), *DIALECTS)


def test_a_second_dialect_parses_the_files_that_it_detects() -> None:
    spec = parse_spec("calc/basic.md", CALC, dialects=BOTH)
    expected = [(Tier.MUST, "adds two numbers", 3), (Tier.COULD, "divides", 4)]
    assert [(criterion.tier, criterion.text, criterion.line) for criterion in spec.criteria] == expected
    assert all(spec.text[criterion.box.offset] == criterion.box.mark for criterion in spec.criteria)


def test_the_diagnostics_of_any_dialect_come_in_the_order_of_the_file() -> None:
    assert [diagnostic.line for diagnostic in parse_spec("calc/basic.md", CALC, dialects=BOTH).diagnostics] == [5, 6]


@pytest.mark.parametrize(
    ("path", "content"),
    [("specs/basic.md", CALC), ("calc/basic.md", b"---\nstatus: Draft\n---\n## Must Have\n\n- [ ] adds two numbers\n")],
)
def test_a_second_dialect_leaves_other_files_to_the_template(path: str, content: bytes) -> None:
    assert parse_spec(path, content) == parse_spec(path, content, dialects=BOTH)


def test_the_last_dialect_parses_what_none_detects() -> None:
    spec = parse_spec("specs/basic.md", CALC, dialects=(MarkerDialect(),))
    assert [criterion.text for criterion in spec.criteria] == ["adds two numbers", "divides"]


def test_no_dialect_is_asked_of_a_file_that_is_not_text() -> None:
    with pytest.raises(SpecError, match="byte 0xFF is not valid UTF-8"):
        parse_spec("calc/basic.md", CALC + b"\xff", dialects=BOTH)


def test_dialects_have_names_of_their_own() -> None:
    assert len(DIALECTS) == len({dialect.name for dialect in DIALECTS})


@pytest.mark.parametrize("text", ["", "# A", "---\nstatus: Draft\n---\n", "no Markdown at all"])
def test_the_template_is_asked_last_and_accepts_every_file(text: str) -> None:
    assert DIALECTS[-1].name == "template"
    assert DIALECTS[-1].detects("any/file.md", text)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (".specweave/increments/0001-returns/spec.md", "active", ("planned", "active", "completed")),
        ("context/spec/001-lending/functional-spec.md", "Approved", ("Draft", "In Progress", "Completed")),
        (".agent-os/specs/2026-05-04-login/spec.md", "Completed", ("Draft", "In Progress", "Completed")),
    ],
)
def test_the_words_of_a_status_are_those_of_the_tool(path: str, status: str, words: tuple[str, ...]) -> None:
    text = f"---\nstatus: {status}\n---\n\n# Lending\n\n## Acceptance Criteria\n\n- [ ] A book is lent\n"
    spec = parse_spec(path, text.encode())
    policy = StatusPolicy((Tier.MUST,), {}, Status.REVIEW).adapt_to(spec)
    assert check_known_status(spec, policy) == ()
    written = [
        next(word for word, known in spec.statuses if known is kind)
        for kind in (Status.DRAFT, Status.IN_PROGRESS, Status.COMPLETE)
    ]
    assert tuple(written) == words
