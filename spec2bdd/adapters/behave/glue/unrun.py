"""Notice what a step or a hook returned and of which nothing was run, such as a coroutine that nothing awaits."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Sequence
from contextlib import _GeneratorContextManager
from functools import partial, wraps
from importlib import import_module
from types import AsyncGeneratorType, FrameType, GeneratorType
from typing import Any

from spec2bdd.adapters.behave.glue.background.frames import drops_result
from spec2bdd.adapters.behave.vacuity.sources import is_library_file


class UnraisedError(AssertionError):
    """Something failed in a step, which went on: for Behave a failure, whose message needs no type before it.

    `errors` are the exceptions that were not raised in the step, where they are known.
    """

    def __init__(self, message: str, errors: Sequence[BaseException] = ()) -> None:
        super().__init__(message)
        self.errors = errors


def check_step_result(result: Any) -> None:
    """Raise an error if what a step returned is something of which nothing, or not all, was run."""
    if inspect.iscoroutine(result) or inspect.isgenerator(result):
        if _find_frame(result) is not None:
            _refuse(result, "the step", "awaited" if inspect.iscoroutine(result) else "run to its end")
    elif isinstance(result, asyncio.Future) and result.done():
        if not result.cancelled() and (error := result.exception()):
            raise error
    elif inspect.isasyncgen(result) or inspect.isawaitable(result):
        raise UnraisedError(f"a `{type(result).__name__}`, which the step returned, was never awaited")


def check_hook_result(hook: Any, result: Any) -> None:
    """Raise an error if a hook or clean-up is a generator or coroutine function, and nothing of it was run.

    What a hook returns of a fixture is any other value.
    """
    function = hook.func if isinstance(hook, partial) else hook
    own = getattr(inspect.unwrap(function), "__code__", None)
    if own is not None and own is _find_code(result) and _has_not_begun(result):
        _refuse(result, "the hook", "awaited" if inspect.iscoroutine(result) else "run: a hook cannot use `yield`")


def watch_fixtures() -> None:
    """Refuse fixtures of which nothing is run, in this process and those forked from it.

    `use_fixture` of behave 1.3.3 runs generator functions up to their `yield`. What is made of one by a decorator,
    such as `contextmanager`, and an asynchronous one, it only calls.
    """
    # The name `behave.fixture` is that of the decorator.
    fixtures: Any = import_module("behave.fixture")
    use = fixtures._setup_fixture

    @wraps(use)
    def use_watched(fixture: Any, *args: Any, **kwargs: Any) -> Any:
        result = use(fixture, *args, **kwargs)
        is_object = isinstance(result, _GeneratorContextManager | AsyncGeneratorType | GeneratorType)
        if is_object and not fixtures.is_context_manager(fixture):
            caller: FrameType | None = sys._getframe(1)
            while caller and is_library_file(caller.f_code.co_filename):
                caller = caller.f_back
            made = getattr(result, "gen", result)
            # Other code may enter it.
            if caller is not None and drops_result(caller) and _has_not_begun(made):
                _refuse(made, "the fixture", "run: a fixture must be a generator function itself")
        return result

    fixtures._setup_fixture = use_watched


def _has_not_begun(result: Any) -> bool:
    """Whether an object is a coroutine or generator of which nothing was run."""
    if not (inspect.iscoroutine(result) or inspect.isgenerator(result) or inspect.isasyncgen(result)):
        return False
    # Python 3.11 has no `ag_suspended`.
    suspended = (getattr(result, name, False) for name in ("cr_suspended", "gi_suspended", "ag_suspended"))
    return _find_frame(result) is not None and not any(suspended)


def _refuse(result: Any, returned_by: str, missing: str) -> None:
    """Raise an error about what was returned and not run."""
    name = name_code(result)
    if not inspect.isasyncgen(result):
        # Without this, Python would warn of the coroutine again, later.
        result.close()
    raise UnraisedError(f"{name}, which {returned_by} returned, was never {missing}")


def _find_frame(result: Any) -> Any:
    """Find the frame of a coroutine or generator; None if it has ended."""
    return next((getattr(result, name) for name in ("cr_frame", "gi_frame", "ag_frame") if hasattr(result, name)), None)


def name_code(result: Any) -> str:
    """Name a coroutine or generator with the place of its function."""
    code = _find_code(result)
    name = f"the {type(result).__name__} `{getattr(result, '__qualname__', '')}`"
    return f"{name} ({code.co_filename}:{code.co_firstlineno})" if code else name


def _find_code(result: Any) -> Any:
    """Find the code of a coroutine or generator; None for anything else."""
    return next((getattr(result, name) for name in ("cr_code", "gi_code", "ag_code") if hasattr(result, name)), None)
