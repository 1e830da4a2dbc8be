"""The protocol that each dialect implements, and the options of reading that it gets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from spec2bdd.domain.specs.vocabulary import DEFAULT, HeadingVocabulary
from spec2bdd.model import Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a project reads its specs.

    With `boxless`, list items without a box are criteria, where they are under a heading of criteria; with
    `identified`, so are those with an id of a criterion, such as `AC-US1-01`. With `requirements`, so are the
    functional requirements of Spec Kit, such as `**FR-001**`. With `state_cells`, a word or a symbol in the cell
    `Status` of a row is the mark of its criterion.
    """

    vocabulary: HeadingVocabulary = DEFAULT
    boxless: bool = False
    requirements: bool = False
    state_cells: bool = False
    identified: bool = False


class Dialect(Protocol):
    """One way to write criteria in Markdown.

    Implementations are matched by their members and need not inherit from this class, nor import this module.
    """

    @property
    def name(self) -> str:
        """The name of the dialect, unique among all dialects."""

    def detects(self, path: str, text: str) -> bool:
        """Whether a file is written in this dialect, given its path relative to the root, with `/`, and its text.

        It must be quick: it may be asked for every spec of a project.
        """

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse a file that `detects` accepted, or that is known to be in this dialect.

        `content` is the file as bytes, which the spec keeps. Whatever is wrong with the file becomes a diagnostic of
        the spec, in any order; nothing is raised for it.
        """


@runtime_checkable
class RenamingDialect(Protocol):
    """A dialect whose tool records what it renames, in the files that `Spec.renamed_in` names."""

    def add_former_texts(self, spec: Spec, texts: Sequence[str]) -> Spec:
        """Add to each criterion the texts that it had before, given the texts of these files in the order of time."""


# Matches no heading.
NOTHING = re.compile(r"(?!)")


@runtime_checkable
class BoxHoldingDialect(Protocol):
    """A dialect that says where it has criteria, for reports about boxes in other places of its files."""

    @property
    def criteria_place(self) -> str:
        """Where the criteria are, as the end of a sentence: "under `#### Acceptance Criteria`"."""

    @property
    def criteria_heading(self) -> re.Pattern[str]:
        """What a heading begins with if criteria are expected under it."""

    @property
    def other_heading(self) -> re.Pattern[str]:
        """What a heading begins with if the tool has boxes under it that are no criteria."""
