"""The dialects that spec2bdd knows: where each tool keeps its files, and which module reads them.

This module is imported whenever a project is loaded, so it imports no dialect: a dialect is imported by the first file
that may be written in it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from spec2bdd.model.values import dataclass
from spec2bdd.text.globs import compile_glob

if TYPE_CHECKING:
    from spec2bdd.domain.specs.dialects.protocol import Dialect, ReadingOptions
    from spec2bdd.model import Spec
    from spec2bdd.text.source_file import SourceFile


@dataclass(frozen=True, slots=True)
class RegisteredDialect:
    """A dialect by its name and the class that reads it, which is imported when a file needs it.

    `markers` are folders in the root of a project, one of which the tool of this dialect creates; where one is there,
    the files that `patterns` name are read as specs. If `selective` is set, these patterns also match other files,
    which are specs only if the dialect detects them. `signatures` are texts: every file of the dialect has one of them.
    """

    name: str
    home: str
    markers: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    selective: bool = False

    def detects(self, path: str, text: str) -> bool:
        """Whether a file is written in this dialect."""
        return self.may_be_in(path, text) and self.load().detects(path, text)

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse a file in this dialect."""
        return self.load().parse(file, content, options)

    def may_be_in(self, path: str, text: str) -> bool:
        """Whether a file is in a place of this dialect, or has a signature of it."""
        # Without either, the dialect accepts every file.
        if not self.patterns and not self.signatures:
            return True
        if self.is_in_place(path):
            return True
        # Not `any()`: creating a generator takes longer than the search itself.
        for signature in self.signatures:  # noqa: SIM110
            if signature in text:
                return True
        return False

    def is_in_place(self, path: str) -> bool:
        """Whether a file is where the tool of this dialect keeps its specs."""
        return _compile_globs(self.patterns).fullmatch(path) is not None

    def load(self) -> Dialect:
        """Import the dialect: its class is named as `module:Class`, relative to this package."""
        return _load_dialect(self.home)


@functools.cache
def _load_dialect(home: str) -> Dialect:
    """Import the module of a dialect, and create it; it is the same for all files."""
    module, _, name = home.partition(":")
    create: Callable[[], Dialect] = getattr(import_module(f"spec2bdd.domain.specs.dialects.{module}"), name)
    return create()


@functools.cache
def _compile_globs(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Compile some patterns of paths into one that matches what any of them does; without any, nothing."""
    return re.compile("|".join(compile_glob(pattern).pattern for pattern in patterns) or r"(?!)")


DIALECTS: tuple[RegisteredDialect, ...] = (
    RegisteredDialect(
        "kiro",
        "kiro:KiroDialect",
        markers=(".kiro",),
        patterns=(".kiro/specs/**/requirements.md", ".kiro/specs/**/bugfix.md"),
        signatures=("#### Acceptance Criteria",),
    ),
    RegisteredDialect(
        "spec-kit",
        "speckit:SpecKitDialect",
        markers=(".specify",),
        patterns=("specs/*/spec.md", ".specify/specs/*/spec.md"),
        signatures=("**Acceptance Scenarios**", "User Scenarios & Testing", "**Feature Branch**"),
    ),
    RegisteredDialect(
        "openspec",
        "openspec:OpenSpecDialect",
        markers=("openspec",),
        patterns=("openspec/specs/**/spec.md", "openspec/changes/*/specs/**/spec.md"),
        signatures=("#### Scenario: ",),
    ),
    RegisteredDialect(
        "backlog",
        "backlog:BacklogDialect",
        markers=("backlog", ".backlog"),
        patterns=("backlog/tasks/*.md", "backlog/completed/*.md", ".backlog/tasks/*.md", ".backlog/completed/*.md"),
        signatures=("<!-- AC:BEGIN -->",),
    ),
    RegisteredDialect(
        "bmad",
        "bmad:BmadDialect",
        markers=("_bmad", ".bmad-core", "_bmad-output", "bmad"),
        patterns=("docs/stories/**/*.md", "docs/sprint-artifacts/**/*.md", "_bmad-output/**/*.md"),
        signatures=("## Tasks / Subtasks", "## Dev Agent Record"),
        selective=True,
    ),
    RegisteredDialect(
        "gherkin-markdown",
        "gherkin_markdown:GherkinMarkdownDialect",
        patterns=("**/*.feature.md",),
        signatures=("# Feature:", "# Scenario"),
    ),
    RegisteredDialect(
        "headings",
        "headings:HeadingsDialect",
        markers=(".agent-os", "agent-os", "context/spec", ".specweave"),
        patterns=(
            ".agent-os/specs/*/spec.md",
            "agent-os/specs/*/spec.md",
            "context/spec/*/functional-spec.md",
            ".specweave/increments/*/spec.md",
        ),
    ),
    RegisteredDialect("template", "template:TemplateDialect"),
)


def find_dialect(name: str) -> RegisteredDialect:
    """Return the dialect of that name, which is one of `DIALECTS`."""
    return next(dialect for dialect in DIALECTS if dialect.name == name)


def describe_detection(path: str, text: str) -> str:
    """Describe what shows in which dialect a file is written."""
    dialect = next(dialect for dialect in DIALECTS if dialect.detects(path, text))
    if dialect.is_in_place(path):
        pattern = next(pattern for pattern in dialect.patterns if compile_glob(pattern).fullmatch(path))
        return f"its path matches `{pattern}`"
    signature = next((signature for signature in dialect.signatures if signature in text), "")
    return f"it contains `{signature}`" if signature else "no other dialect matches it"
