"""What Behave works out at every step in, the same answers from a table out.

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from behave import model_core, model_type
from behave.matchers import Match
from behave.model_type import Status

_make_location = Match.make_location
_locations: dict[int, tuple[Any, Any]] = {}
_QUESTIONS = ("has_failed", "is_error", "is_failure", "is_final", "is_hook_error", "is_passed", "is_untested")
_equals = Status.__eq__
_show_relative = cache(model_type.make_relpath_if_possible)


def install_speedups() -> None:
    """Let Behave remember in this process where functions stand, and what its statuses mean."""
    Match.make_location = staticmethod(_find_location)
    model_core.make_relpath_if_possible = model_type.make_relpath_if_possible = find_relative
    Status.__eq__ = _is_equal
    for name in _QUESTIONS:
        setattr(Status, name, _tabulate(getattr(Status, name)))


def _find_location(function: Any) -> Any:
    """Return the place of a function."""
    known = _locations.get(id(function))
    if known is None:
        # The function is kept as well, so that no other one gets its number.
        known = _locations[id(function)] = (function, _make_location(function))
    return known[1]


def find_relative(filename: str, base_directory: str | None = None) -> str:
    """Return a path as it is seen from a folder: by default, from the current one."""
    return str(_show_relative(filename, base_directory or str(Path.cwd())))


def _is_equal(status: Any, other: object) -> Any:
    """Tell whether two statuses are the same, or leave it to Behave to compare one with something else."""
    return status is other if other.__class__ is Status else _equals(status, other)


def _tabulate(question: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return a question about a status that looks the answer up."""
    yes = frozenset(status.name for status in Status if question(status))

    def answer(status: Any) -> bool:
        """Tell what Behave said of the status."""
        return status._name_ in yes

    return answer
