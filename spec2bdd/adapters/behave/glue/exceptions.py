"""Whatever a step or hook raises in, an exception out that Behave survives and counts against one scenario.

Behave ends the whole run at a `BaseException` such as `SystemExit`, or pytest's `fail` and `skip`, and at an exception
that cannot be printed. The module is imported in the process that runs the features.
"""

from __future__ import annotations

import asyncio
import dis
import signal
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from behave.matchers import Match

from spec2bdd.adapters.behave.glue.serialize import (
    ContainedAssertionError,
    ContainedError,
    describe_error,
    describe_type,
)
from spec2bdd.adapters.results.wire import JsonObject

_run_match = Match.run
_RAISED, _UNKNOWN = "spec2bdd_raised", object()
_ASYNCIO = Path(asyncio.__file__).parent


def contain_step_errors() -> None:
    """Let no step of this process end more than its own scenario by what it raises."""
    Match.run = _run_guarded


def record_errors(function: Callable[..., Any], record: Callable[[BaseException], None]) -> Callable[..., Any]:
    """Return the function with any error recorded on its way out, and made one that Behave survives."""

    @wraps(function)
    def watched(*args: Any, **kwargs: Any) -> Any:
        """Call the function, and record its error."""
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            record(error)
            turned = contain_error(error)
            if turned is error:
                raise
            raise turned.with_traceback(error.__traceback__) from None

    return watched


def contain_error(error: BaseException) -> BaseException:
    """Return the error itself, if Behave can live with it or must not, else one of ours that stands for it.

    Only a real Ctrl-C must end the run.
    """
    if isinstance(error, AssertionError):
        return error if _is_printable(error) else ContainedAssertionError(error)
    if isinstance(error, Exception):
        return error if _is_printable(error) else ContainedError(error)
    return error if isinstance(error, KeyboardInterrupt) and not _is_raised_by_code(error) else ContainedError(error)


def describe_swallowed_error(match: Match) -> JsonObject:
    """Return what is wrong with a step that is called passed: what it raised was taken away, or nobody ran it."""
    error = getattr(match, _RAISED, _UNKNOWN)
    if isinstance(error, BaseException):
        name = describe_type(error)
        return {"error": describe_error(error) or name, "exception": name}
    # A match of somebody else's kind may run its step in a way of its own.
    if error is _UNKNOWN and type(match).run is Match.run:
        return {"error": "its definition was never called"}
    return {}


def _run_guarded(match: Match, context: object) -> None:
    """Run a step, and note at its match what it raised: a hook may take that away from the step."""
    try:
        _run_match(match, context)
        setattr(match, _RAISED, None)
    except BaseException as error:
        setattr(match, _RAISED, error)
        turned = contain_error(error)
        if turned is error:
            raise
        raise turned.with_traceback(error.__traceback__) from None


def _is_printable(error: BaseException) -> bool:
    """Tell whether an exception can be printed: Behave relies on it."""
    try:
        str(error)
    except BaseException:  # noqa: BLE001  The user's own `__str__` may raise anything at all.
        return False
    return True


def _is_raised_by_code(error: BaseException) -> bool:
    """Tell whether a `raise` made the error, and not Ctrl-C, which can strike at any instruction.

    A handler of the project's own, or the event loop, may raise what Ctrl-C began: that is Ctrl-C as well.
    """
    last = error.__traceback__
    handler = getattr(signal.getsignal(signal.SIGINT), "__code__", None)
    if last is None or any(frame.f_code is handler for frame, _ in traceback.walk_tb(last)):
        return False
    while last.tb_next:
        last = last.tb_next
    code = last.tb_frame.f_code
    return dis.opname[code.co_code[last.tb_lasti]] == "RAISE_VARARGS" and Path(code.co_filename).parent != _ASYNCIO
