"""Find the front matter of a spec and parse its fields, also where the YAML is broken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from spec2bdd.domain.specs.front_matter.fields import check_fields, find_fields, find_plain_fields
from spec2bdd.domain.specs.front_matter.recovery import diagnose_yaml_error, recover_fields
from spec2bdd.model import Diagnostic, Field
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

if TYPE_CHECKING:
    from spec2bdd.domain.specs.front_matter.boundaries import BrokenFrontMatter

# libyaml is ten times faster; where PyYAML was built without it, its own loader gives the same result.
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _NodeLoader(_SafeLoader):  # type: ignore[misc, valid-type]
    """Loads YAML as nodes, which have positions and keep `3.10` as it is written, and not as Python values."""

    def get_single_data(self) -> Any:
        """Compose the only document, as `yaml.compose` does; `yaml.load` returns what this returns."""
        return self.get_single_node()


_HANDLER = YAMLHandler()
# What may precede the first boundary line; python-frontmatter itself allows neither a BOM nor blank lines there.
_BEFORE = re.compile(r"\ufeff?(?:[ \t]*\r?\n)*")

# Markdown that begins with a heading, which would be a comment in YAML.
_HEADING = re.compile(r"[ \t]*\r?\n#{1,6}[ \t]")

_NEW_FRONT_MATTER = "begin the file with the lines `---`, `status: Draft` and `---`"

# What may be a misspelt boundary line.
_DASHES = re.compile(r"\n[ \t]*[-=_*~.+\u2010-\u2015\u2212][-=_*~.+\u2010-\u2015\u2212 \t]*\r?(?=\n)")

# libyaml recurses on the C stack, and an overflow ends the process. Each level of nesting needs one of these signs, so
# a text with more of them than this is refused before it reaches libyaml.
_OPENERS = re.compile(r"[\[{]|[-?:][ \t\r\n]")
_MAX_OPENERS = 3000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a spec; without any, the body begins where the text does, and may state the status itself.

    `bare` is set where there is no front matter.
    """

    fields: tuple[Field, ...]
    diagnostics: tuple[Diagnostic, ...]
    body_start: int
    bare: bool = False


@dataclass(frozen=True, slots=True)
class _FrontMatterSpan:
    """The YAML between the boundary lines, and the offsets of the first boundary, of the YAML and of the body."""

    source: str
    opening: int
    start: int
    body_start: int

    @property
    def end(self) -> int:
        """The offset after the YAML."""
        return self.start + len(self.source)


def parse_front_matter(file: SourceFile) -> FrontMatter:
    """Parse the front matter of a spec; whatever is wrong with it becomes a diagnostic."""
    span = _find_span(file.text)
    if span is None:
        return _parse_without_span(file)
    if plain_fields := find_plain_fields(file, span.start, span.end):
        return _check(file, span, plain_fields)
    if len(_OPENERS.findall(span.source)) > _MAX_OPENERS:
        return _diagnose_too_deep(file, span)
    if _DASHES.search(span.source) and (broken := _find_closed_too_late(file, span)):
        return broken
    try:
        root = _HANDLER.load(span.source, Loader=_NodeLoader)
    except yaml.YAMLError as error:
        if _HEADING.match(span.source):
            # Two rules around the first sections of a document.
            message, hint = "there is no front matter", _NEW_FRONT_MATTER
            diagnostic = file.build_warning(span.opening, "no-front-matter", message=message, hint=hint)
            return FrontMatter((), (diagnostic,), 0, bare=True)
        if broken := _find_closed_too_late(file, span):
            return broken
        diagnostic = diagnose_yaml_error(file, error, start=span.start, end=span.end)
        return FrontMatter(recover_fields(file, span.start, span.end), (diagnostic,), span.body_start)
    except RecursionError:
        return _diagnose_too_deep(file, span)
    if root is not None and not isinstance(root, yaml.MappingNode):
        # The text between two rules is not front matter, so the body begins at the top.
        message, hint = "front matter is not a mapping", "write `key: value` lines there, such as `status: Draft`"
        diagnostic = file.build_warning(span.opening, "front-matter-not-mapping", message=message, hint=hint)
        return FrontMatter((), (diagnostic,), 0)
    return _check(file, span, find_fields(file, root, span.start))


def _parse_without_span(file: SourceFile) -> FrontMatter:
    """Parse a text without two boundary lines; its fields may still be meant as front matter."""
    # Few specs have none, or half of one.
    from spec2bdd.domain.specs.front_matter.boundaries import find_unclosed, find_unopened

    before = _BEFORE.match(file.text)
    skip = before.end() if before else 0
    is_open = _HANDLER.detect(file.text[skip:])
    broken = find_unclosed(file, skip) if is_open else find_unopened(file, skip)
    if broken:
        return _recover(file, broken)
    start = len(file.text) - len(file.text.lstrip("\ufeff"))
    message = "there is no front matter"
    diagnostic = file.build_warning(start, "no-front-matter", message=message, hint=_NEW_FRONT_MATTER)
    return FrontMatter((), (diagnostic,), start, bare=True)


def _find_closed_too_late(file: SourceFile, span: _FrontMatterSpan) -> FrontMatter | None:
    """Find front matter that is not closed above the first headings of the body."""
    from spec2bdd.domain.specs.front_matter.boundaries import find_closed_too_late

    broken = find_closed_too_late(file, span.opening, span.end)
    return _recover(file, broken) if broken else None


def _recover(file: SourceFile, broken: BrokenFrontMatter) -> FrontMatter:
    """Recover the fields of front matter without one of its boundary lines, none of which may be written."""
    return FrontMatter(recover_fields(file, broken.start, broken.end), (broken.diagnostic,), broken.body_start)


def _find_span(text: str) -> _FrontMatterSpan | None:
    """Find the YAML between two boundary lines; a BOM and blank lines may precede the first."""
    before = _BEFORE.match(text)
    skip = before.end() if before else 0
    rest = text[skip:]
    opening = _HANDLER.FM_BOUNDARY.match(rest)
    if opening is None:
        return None
    try:
        source, body = _HANDLER.split(rest)
    except ValueError:
        # There is no second boundary line.
        return None
    return _FrontMatterSpan(source, skip, skip + opening.end(), len(text) - len(body))


def _check(file: SourceFile, span: _FrontMatterSpan, fields: Sequence[Field]) -> FrontMatter:
    """Check the fields, and build the front matter with them and their diagnostics."""
    return FrontMatter(*check_fields(file, fields, span.opening), span.body_start)


def _diagnose_too_deep(file: SourceFile, span: _FrontMatterSpan) -> FrontMatter:
    """Report front matter that is nested too deeply to be parsed."""
    message = "the front matter is too long or nested too deeply, so none of it was read"
    hint = "use only `key: value` lines"
    diagnostic = file.build_error(span.opening, "too-deep", message=message, hint=hint)
    return FrontMatter((), (diagnostic,), span.body_start)
