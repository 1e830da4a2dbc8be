"""Find out where a file has criteria and where it has something else, for reports on what was not read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from types import MappingProxyType

from spec2bdd.domain.specs.dialects.protocol import NOTHING, BoxHoldingDialect, Dialect
from spec2bdd.domain.specs.headings.classifier import HeadingKind, is_task_heading
from spec2bdd.domain.specs.headings.heading_path import HeadingPath, is_criteria_section
from spec2bdd.domain.specs.unread.line_paths import find_line_path, list_line_paths
from spec2bdd.domain.specs.unread.places import LinePlace, place_lines
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

_FRONT_MATTER = re.compile(r"\ufeff?\s*---[ \t]*\r?\n.*?^---[ \t]*\r?\n", re.MULTILINE | re.DOTALL)
# These are reported in the first line, and say nothing about it.
_ABOUT_FILE = frozenset({"no-criteria", "no-front-matter", "missing-field"})


@dataclass(frozen=True, slots=True)
class FilePlaces:
    """What each line is in, by its offset, the headings above each part of a file, and those above criteria.

    `parts` are the lines of criteria, `steps` the steps that are no list items, and `reported` has the codes of the
    diagnostics by their lines.
    """

    dialect: Dialect
    criteria_heading: re.Pattern[str]
    other_heading: re.Pattern[str]
    lines: Mapping[int, LinePlace]
    paths: Sequence[tuple[int, HeadingPath]]
    owners: Set[int]
    parts: Set[int]
    steps: Set[str]
    reported: Mapping[int, str]

    def find_path(self, offset: int) -> HeadingPath:
        """Find the headings above an offset."""
        return find_line_path(self.paths, offset)

    def is_among_criteria(self, path: HeadingPath) -> bool:
        """Whether the dialect has criteria right under the headings of a path, or one of them announces some."""
        if path.owner is not None:
            return is_criteria_section(path)
        if path.headings and path.headings[-1].offset in self.owners:
            return True
        return any(self.criteria_heading.match(heading.text) for heading in path.headings)

    def find_other_use(self, path: HeadingPath) -> str:
        """Find out what else than criteria is under the headings of a path; nothing if that is not known."""
        if other := next((heading for heading in path.headings if self.other_heading.match(heading.text)), None):
            return f"under `{other.text}`, where `{self.dialect.name}` has no criteria"
        if path.owner is not None and path.owner.kind is HeadingKind.LEFT_OUT:
            return f"under `{path.owner.text}`, which the configuration leaves out"
        if path.owner is not None and path.owner.kind is HeadingKind.OTHER:
            return f"under `{path.owner.text}`, which contains no criteria"
        if path.owner is not None and path.owner.kind is HeadingKind.DONE:
            return "in the definition of done"
        if self.is_among_criteria(path):
            return ""
        tasks = next((heading for heading in path.headings if is_task_heading(heading.text)), None)
        return f"under `{tasks.text}`, which contains no criteria" if tasks else ""


def find_places(file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary) -> FilePlaces:
    """Find the headings and blocks of a file, and which headings are above criteria; its title is none of them."""
    lines, paths = _find_layout(file.text, vocabulary)
    starts = (file.places.find_start(criterion.line) for criterion in spec.criteria)
    above = [find_line_path(paths, start + 1) for start in starts]
    nested = [block for criterion in spec.criteria for block in criterion.nested]
    described = dialect if isinstance(dialect, BoxHoldingDialect) else None
    return FilePlaces(
        dialect,
        described.criteria_heading if described else NOTHING,
        described.other_heading if described else NOTHING,
        lines,
        paths,
        owners=frozenset(heading.offset for path in above for heading in path.headings if heading.level > 1),
        parts=list_read_lines(spec),
        steps={row.strip() for block in nested if block.info == "gherkin" for row in block.text.split("\n")},
        reported={found.line: found.code for found in spec.diagnostics if found.code not in _ABOUT_FILE},
    )


# Several checks of a file need it, one after the other.
@lru_cache(maxsize=1)
def _find_layout(
    text: str, vocabulary: HeadingVocabulary
) -> tuple[Mapping[int, LinePlace], tuple[tuple[int, HeadingPath], ...]]:
    """Find what each line of a text is in, by its offset, and the headings above each part of it."""
    lines = place_lines(text, find_body_start(text))
    return MappingProxyType({line.offset: line.place for line in lines}), list_line_paths(lines, vocabulary)


def list_read_lines(spec: Spec) -> set[int]:
    """List the lines of the criteria, and of what is under them."""
    nested = (block.line for criterion in spec.criteria for block in criterion.nested)
    return {*(criterion.line for criterion in spec.criteria), *nested}


def find_body_start(text: str) -> int:
    """Find where the text under the front matter begins."""
    front_matter = _FRONT_MATTER.match(text)
    return front_matter.end() if front_matter else 0


def describe_criteria_place(dialect: Dialect) -> str:
    """Describe where the criteria of a dialect are."""
    place = dialect.criteria_place if isinstance(dialect, BoxHoldingDialect) else "elsewhere"
    return f"`{dialect.name}` has its criteria {place}"
