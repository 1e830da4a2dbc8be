"""The text of a spec in, its front matter out: the fields, their problems, and where the body begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml
from frontmatter.default_handlers import YAMLHandler

from spec2bdd.domain.specs.front_matter.fields import check_fields, find_fields, find_plain_fields
from spec2bdd.domain.specs.front_matter.recovery import derive_yaml_problem, recover_fields
from spec2bdd.model import Diagnostic, Field
from spec2bdd.text.source_file import SourceFile

# libyaml is ten times faster; where PyYAML was built without it, its own loader says the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOUNDARY = YAMLHandler.FM_BOUNDARY
_BEFORE = re.compile(r"\ufeff?(?:[ \t]*\r?\n)*")

# libyaml recurses on the C stack, which ends the process where it overflows: such a text never reaches it.
_OPENERS = re.compile(r"[\[{]|[-?:][ \t\r\n]")
_MAX_OPENERS = 3000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a spec; without any, the body begins where the text does, and may give the status itself.

    `bare` is set where nothing looks like front matter at all.
    """

    fields: tuple[Field, ...]
    problems: tuple[Diagnostic, ...]
    body_start: int
    bare: bool = False


@dataclass(frozen=True, slots=True)
class _FrontMatterSpan:
    """Where the YAML stands between its boundaries, and where they begin and end."""

    opening: int
    start: int
    end: int
    body_start: int


def parse_front_matter(page: SourceFile) -> FrontMatter:
    """Read the front matter of a spec."""
    frame = _find_frame(page.text)
    if frame is None:
        return _derive_bare_front(page)
    if plain := find_plain_fields(page, frame.start, frame.end):
        return _derive_checked(page, frame, plain)
    source = page.text[frame.start : frame.end]
    if len(_OPENERS.findall(source)) > _MAX_OPENERS:
        return FrontMatter((), (_derive_too_deep(page, frame),), frame.body_start)
    try:
        root = yaml.compose(source, Loader=_LOADER)
    except yaml.YAMLError as error:
        problem = derive_yaml_problem(page, error, start=frame.start, end=frame.end)
        return FrontMatter(recover_fields(page, frame.start, frame.end), (problem,), frame.body_start)
    except RecursionError:
        return FrontMatter((), (_derive_too_deep(page, frame),), frame.body_start)
    return _derive_front(page, frame, root)


def _find_frame(text: str) -> _FrontMatterSpan | None:
    """Find the two boundary lines; blank lines and a BOM may stand before the first."""
    before = _BEFORE.match(text)
    skip = before.end() if before else 0
    opening = _BOUNDARY.match(rest := text[skip:])
    closing = _BOUNDARY.search(rest, opening.end()) if opening else None
    if opening is None or closing is None:
        return None
    return _FrontMatterSpan(skip, skip + opening.end(), skip + closing.start(), skip + closing.end())


def _derive_front(page: SourceFile, frame: _FrontMatterSpan, root: yaml.Node | None) -> FrontMatter:
    """Read the fields of YAML that loads."""
    if root is not None and not isinstance(root, yaml.MappingNode):
        message = "what stands between the `---` lines is not front matter, and was read as text"
        hint = "write `key: value` lines there, such as `status: Draft`"
        return FrontMatter(
            (), (page.derive_warning(frame.opening, "front-matter-not-mapping", message=message, hint=hint),), 0
        )
    return _derive_checked(page, frame, find_fields(page, root, frame.start))


def _derive_checked(page: SourceFile, frame: _FrontMatterSpan, fields: Sequence[Field]) -> FrontMatter:
    """Return the front matter with those fields and their problems."""
    return FrontMatter(*check_fields(page, fields, frame.opening), frame.body_start)


def _derive_bare_front(page: SourceFile) -> FrontMatter:
    """Report that there is no front matter."""
    start = len(page.text) - len(page.text.lstrip("\ufeff"))
    opened = _BOUNDARY.match(page.text[start:]) is not None
    message = "the `---` that opens the front matter has no `---` to close it" if opened else "there is no front matter"
    hint = (
        "put a `---` line behind the last field"
        if opened
        else "begin the file with `---`, `status: Draft` and `---` lines"
    )
    problem = page.derive_warning(start, "no-front-matter", message=message, hint=hint)
    return FrontMatter((), (problem,), start, bare=not opened)


def _derive_too_deep(page: SourceFile, frame: _FrontMatterSpan) -> Diagnostic:
    """Report front matter that is nested more deeply than it can be read."""
    message = "the front matter is too long or nested too deeply, so none of it was read"
    return page.derive_error(frame.opening, "too-deep", message=message, hint="keep to `key: value` lines")
