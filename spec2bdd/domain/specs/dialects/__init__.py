"""The dialects that specs are written in, each read by a module of its own through one protocol.

A dialect decides which lines of a file are criteria and what identifies them. To add one, write a module with a class
that has the members of `Dialect`, and add an instance to `DIALECTS`; nothing else needs to know of it.
"""

from __future__ import annotations

from typing import Protocol

from spec2bdd.domain.specs.dialects.template import TemplateDialect
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Spec
from spec2bdd.text.source_file import SourceFile


class Dialect(Protocol):
    """One way to write criteria in Markdown.

    Implementations are matched by their members and need not inherit from this class, nor import this module.
    """

    @property
    def name(self) -> str:
        """The name of the dialect, unique among all dialects."""

    def detects(self, path: str, text: str) -> bool:
        """Whether a file is written in this dialect, given its path relative to the root, with `/`, and its text.

        It is asked for every spec, so it must be quick and must not load libraries.
        """

    def parse(self, file: SourceFile, content: bytes, vocabulary: HeadingVocabulary) -> Spec:
        """Parse a file that `detects` accepted, or that is known to be in this dialect.

        `content` is the file as bytes, which the spec keeps. Whatever is wrong with the file becomes a diagnostic of
        the spec, in any order; nothing is raised for it.
        """


# Asked in this order, and the first that detects a file parses it. The template accepts every file, so it is the last.
DIALECTS: tuple[Dialect, ...] = (TemplateDialect(),)
