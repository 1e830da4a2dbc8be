"""Do in less time what Behave does for every step: find locations and keywords, make paths relative, ask for statuses.

These patches replace functions of behave 1.3.3 in this process; each gives the same results as the original.
Measured on 4,000 scenarios of three steps that do nothing: 1.9 s of CPU time for the whole run instead of 2.6 s.

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from behave import model_core, model_type
from behave.matchers import Match
from behave.model import Step
from behave.model_core import TagAndStatusStatement
from behave.model_type import Status
from behave.parser import Parser

_make_location = Match.make_location
_locations: dict[int, tuple[Any, Any]] = {}
_STATUS_PREDICATES = ("has_failed", "is_error", "is_failure", "is_final", "is_hook_error", "is_passed", "is_untested")
_equals = Status.__eq__
_parse_step = Parser.parse_step
# The kinds of steps that have a kind of their own, in the order in which Behave tries their keywords.
_STEP_TYPES = ("given", "when", "then")
_Keywords = list[tuple[str, str, str]]
_keywords: dict[int, tuple[Any, _Keywords]] = {}
_make_relative = cache(model_type.make_relpath_if_possible)


def install_speedups() -> None:
    """Replace what Behave does again and again for every step and scenario."""
    # Every match of a step asks `inspect` for the location of its function.
    Match.make_location = staticmethod(_cached_location)
    # Printing a location resolves its path again; both modules hold a name of the function.
    model_core.make_relpath_if_possible = model_type.make_relpath_if_possible = find_relative

    def is_equal(status: Any, other: object) -> Any:
        """Compare two statuses by identity, and leave the comparison with anything else, such as a name, to Behave."""
        return status is other if other.__class__ is Status else _equals(status, other)

    # Behave's own `__eq__` and predicates go through several Python calls each, some dozen times per step.
    Status.__eq__ = is_equal
    Parser.parse_step = parse_step
    TagAndStatusStatement.effective_tags = property(find_effective_tags)
    for name in _STATUS_PREDICATES:
        setattr(Status, name, _tabulate(getattr(Status, name)))
    for status in Status:
        # As Python 3.12 does: in 3.11, each look-up of a member in its class calls a function.
        type.__setattr__(Status, status.name, status)


def parse_step(parser: Any, line: str) -> Any:
    """Parse the line of a step, or return None for any other; a step that takes its kind from others is left to Behave.

    Behave converts the line and each keyword to lower case for each comparison.
    """
    known = _keywords.get(id(parser.keywords))
    if known is None:
        # The keywords are kept as well, so that no others get their id.
        known = _keywords[id(parser.keywords)] = (parser.keywords, _list_keywords(parser.keywords))
    lowered = line.lower()
    for kind, keyword, lowered_keyword in known[1]:
        if line.startswith(keyword) or lowered.startswith(lowered_keyword):
            if keyword.startswith("*"):
                break
            parser.last_step_type = kind
            return Step(parser.filename, parser.line, keyword.rstrip(), kind, line[len(keyword) :].strip())
    return _parse_step(parser, line)


def _list_keywords(keywords: Any) -> _Keywords:
    """List the kinds and keywords of steps in the order in which Behave tries them, and each in lower case."""
    return [(kind, keyword, keyword.lower()) for kind in _STEP_TYPES for keyword in keywords[kind]]


def find_effective_tags(statement: Any) -> set[Any]:
    """Find the tags of a statement, and those that it inherits."""
    tags = set(statement.tags)
    if parent := statement.parent:
        tags |= parent.effective_tags
    return tags


def find_relative(filename: str, base_directory: str | None = None) -> str:
    """Make a path relative to a folder: by default, to the current one."""
    # The current folder is part of the key: a step may change it.
    return str(_make_relative(filename, base_directory or str(Path.cwd())))


def _cached_location(function: Any) -> Any:
    """Find the location of a function, once."""
    cached = _locations.get(id(function))
    if cached is None:
        # The function is kept as well, so that no other one gets its id.
        cached = _locations[id(function)] = (function, _make_location(function))
    return cached[1]


def _tabulate(predicate: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Replace a predicate of a status by a look-up in the set of statuses for which it is true."""
    names = frozenset(status.name for status in Status if predicate(status))

    def tabulated(status: Any) -> bool:
        """Whether the predicate is true of the status."""
        # `name` is a property in Python, `_name_` a plain attribute.
        return status._name_ in names

    return tabulated
