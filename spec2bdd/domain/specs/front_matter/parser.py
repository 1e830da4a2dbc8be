"""Find the front matter of a spec and parse its fields, also where the YAML is broken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from spec2bdd.domain.specs.front_matter.fields import check_fields, find_fields, find_plain_fields
from spec2bdd.domain.specs.front_matter.recovery import diagnose_yaml_error, recover_fields
from spec2bdd.model import Diagnostic, Field
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

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

# Fields without the line above them, and whether there is one below. Values that are nested are indented.
_LOOSE_FIELDS = re.compile(
    r"""
    \s*
    (?:[a-z][a-z0-9_]*[ \t]*:(?:[ \t][^\r\n]*)?\r?(?:\n|\Z)  # A key, and its value
       (?:[ \t]+\S[^\r\n]*\r?(?:\n|\Z))*                    # Lines that belong to it
    )+
    (?P<below>---[ \t]*\r?(?:\n|\Z))?
    """,
    re.VERBOSE,
)
# Other than a status, these are read in front matter alone.
_IDENTITY = re.compile(r"^(?:feature_id|name)[ \t]*:", re.MULTILINE)
_NEW_FRONT_MATTER = "begin the file with the lines `---`, `status: Draft` and `---`"

# libyaml recurses on the C stack, and an overflow ends the process. Each level of nesting needs one of these signs, so
# a text with more of them than this is refused before it reaches libyaml.
_OPENERS = re.compile(r"[\[{]|[-?:][ \t\r\n]")
_MAX_OPENERS = 3000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a spec; without any, the body begins where the text does, and may state the status itself.

    `bare` is set where there is no front matter, and `loose` where its fields begin the file without it.
    """

    fields: tuple[Field, ...]
    diagnostics: tuple[Diagnostic, ...]
    body_start: int
    bare: bool = False
    loose: bool = False


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


def _suggest_front_matter(fields: re.Match[str] | None) -> str:
    """Suggest how to write the front matter of a text that has none, but may have its fields."""
    if fields is None:
        return _NEW_FRONT_MATTER
    above = "put a `---` line above the first field"
    return above if fields["below"] else f"{above}, and another one below the last field"


def parse_front_matter(file: SourceFile) -> FrontMatter:
    """Parse the front matter of a spec; whatever is wrong with it becomes a diagnostic."""
    span = _find_span(file.text)
    if span is None:
        start = len(file.text) - len(file.text.lstrip("\ufeff"))
        is_open = _HANDLER.detect(file.text[start:])
        fields = _LOOSE_FIELDS.match(file.text, start)
        message, hint = "there is no front matter", _suggest_front_matter(fields)
        if is_open:
            message = "the `---` that opens the front matter has no `---` to close it"
            hint = "put a `---` line after the last field"
        diagnostic = file.build_warning(start, "no-front-matter", message=message, hint=hint)
        is_loose = fields is not None and _IDENTITY.search(fields[0]) is not None
        return FrontMatter((), (diagnostic,), start, bare=not is_open, loose=is_loose)
    if plain_fields := find_plain_fields(file, span.start, span.end):
        return _check(file, span, plain_fields)
    if len(_OPENERS.findall(span.source)) > _MAX_OPENERS:
        return _diagnose_too_deep(file, span)
    try:
        root = _HANDLER.load(span.source, Loader=_NodeLoader)
    except yaml.YAMLError as error:
        if _HEADING.match(span.source):
            # Two rules around the first sections of a document.
            message, hint = "there is no front matter", _NEW_FRONT_MATTER
            diagnostic = file.build_warning(span.opening, "no-front-matter", message=message, hint=hint)
            return FrontMatter((), (diagnostic,), 0, bare=True)
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
