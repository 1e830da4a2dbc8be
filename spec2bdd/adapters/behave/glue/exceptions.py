"""Contain what steps and hooks raise, so that it counts against one scenario and does not end the run.

Behave 1.3.3 catches `Exception` around steps and hooks. It ends the whole run at any other `BaseException`, such as
`SystemExit` or pytest's `fail` and `skip`, and at an exception whose `__str__` raises, since it prints every one. The
module is imported in the process that runs the features.
"""

from __future__ import annotations

import asyncio
import dis
import signal
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any

from behave.matchers import Match

from spec2bdd.adapters.behave.glue.serialize import (
    ContainedAssertionError,
    ContainedError,
    describe_error,
    describe_type,
)
from spec2bdd.adapters.behave.glue.step_watch import StepWatch
from spec2bdd.adapters.behave.glue.unrun import check_hook_result
from spec2bdd.adapters.results.wire import JsonObject

# The attribute of a match that holds what its step raised, or None.
_RAISED, _NOT_RUN = "spec2bdd_raised", object()
# Twice as many frames of a traceback are kept at most; Python itself stops at 1,000.
_MOST_FRAMES = 2_000
_ASYNCIO = Path(asyncio.__file__).parent


def contain_step_errors(watch: StepWatch) -> None:
    """Contain the errors of all steps in this process, and raise what `watch` notices: patches `Match.run` of Behave.

    A runner has no hook around the call of a step function: `Step.run` of behave 1.3.3 calls `match.run` itself. What a
    step raised is kept at its match, because a hook may remove it from the step.
    """

    def run_contained(match: Match, context: Any) -> None:
        """Run a step, and record at its match what it raised."""
        leave = watch.enter_step(context)
        try:
            _call_function(match, context, watch)
            setattr(match, _RAISED, None)
        except BaseException as error:
            watch.end_forked_child()
            shorten_traceback(error)
            watch.on_error(error, watch.scenario)
            setattr(match, _RAISED, error)
            contained = contain_error(error)
            if contained is error:
                raise
            raise contained.with_traceback(error.__traceback__) from None
        finally:
            if leave:
                leave()
        watch.end_forked_child()

    Match.run = run_contained


def _call_function(match: Match, context: Any, watch: StepWatch) -> None:
    """Call the function of a step with its arguments, as `Match.run` of behave 1.3.3 does; its result is dropped."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for argument in match.arguments:
        if argument.name is None:
            positional.append(argument.value)
        else:
            named[argument.name] = argument.value
    with context.use_with_user_mode():
        watch.run_step(match.func, context, *positional, **named)


def record_errors(function: Callable[..., Any], record: Callable[[BaseException], None]) -> Callable[..., Any]:
    """Wrap a hook or clean-up: its errors are passed to `record`, contained, and raised; so is that it ran nothing."""

    @wraps(function)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        """Call the function, and record its error."""
        try:
            result = function(*args, **kwargs)
            if result is not None:
                check_hook_result(function, result)
        except BaseException as error:
            shorten_traceback(error)
            record(error)
            contained = contain_error(error)
            if contained is error:
                raise
            raise contained.with_traceback(error.__traceback__) from None
        return result

    return recorded


def shorten_traceback(error: BaseException) -> None:
    """Take the middle out of a traceback of very many frames, which Behave would format as a whole, for minutes."""
    frames: list[TracebackType] = []
    trace = error.__traceback__
    while trace and len(frames) < _MOST_FRAMES:
        frames.append(trace)
        trace = trace.tb_next
    if trace is None:
        return
    last: deque[TracebackType] = deque([trace], maxlen=_MOST_FRAMES)
    while last[-1].tb_next:
        last.append(last[-1].tb_next)
    frames[-1].tb_next = last[0]


def contain_error(error: BaseException) -> BaseException:
    """Wrap an exception that would end the whole Behave run; any other one, and a real Ctrl-C, is returned itself."""
    if isinstance(error, Exception):
        # Behave prints it, and the user's own `__str__` may raise anything at all.
        with suppress(BaseException):
            str(error)
            return error
    if isinstance(error, AssertionError):
        # Still an assertion for Behave: the step has failed, and is not an error.
        return ContainedAssertionError(error)
    return error if is_interruption(error) else ContainedError(error)


def describe_swallowed_error(match: Match) -> JsonObject:
    """Describe why a step with the status `passed` did not pass: its error was removed, or it was never called."""
    error = getattr(match, _RAISED, _NOT_RUN)
    if isinstance(error, BaseException):
        name = describe_type(error)
        return {"error": describe_error(error) or name, "exception": name}
    # A match class of the project may run its step in a way of its own.
    if error is _NOT_RUN and type(match).run is Match.run:
        return {"error": "its definition was never called"}
    return {}


def is_interruption(error: BaseException) -> bool:
    """Whether Ctrl-C raised this, which can interrupt any instruction, and not a `raise` statement of the project.

    A signal handler of the project, or the event loop, may raise it after Ctrl-C: that is Ctrl-C as well.
    """
    if not isinstance(error, KeyboardInterrupt):
        return False
    last = error.__traceback__
    handler = getattr(signal.getsignal(signal.SIGINT), "__code__", None)
    if last is None or any(frame.f_code is handler for frame, _ in traceback.walk_tb(last)):
        return True
    while last.tb_next:
        last = last.tb_next
    # The byte code at the innermost frame's last instruction is that of a `raise` only if the code raised it itself.
    code = last.tb_frame.f_code
    return dis.opname[code.co_code[last.tb_lasti]] != "RAISE_VARARGS" or Path(code.co_filename).parent == _ASYNCIO
