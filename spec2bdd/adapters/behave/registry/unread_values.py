"""Find changed values that reach no step: the parameter that receives one is never read by the definition's function.

Decided on the byte code, so that no source has to be kept; in any doubt a parameter is read. The module is imported in
the process that has the project's step modules loaded.
"""

from __future__ import annotations

import dis
import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from types import FunctionType, SimpleNamespace
from typing import Any

from behave.async_step import AsyncStepFunction
from behave.matchers import MatchWithError

# Through these a function can read its parameters without naming them. One that names the last is a stub, which cannot
# pass whatever it reads.
_UNSURE = frozenset(("locals", "vars", "eval", "exec", "_getframe", "currentframe", "stack", "StepNotImplementedError"))


def find_unread(changes: Iterable[Sequence[str]], definitions: Any) -> Iterator[int]:
    """Yield the numbers of the changes, of kind, old text and new text, in which a changed value reaches no step."""
    for number, (kind, before, after) in enumerate(changes):
        # The converter of a parameter may raise anything; the run reports it.
        with suppress(Exception):
            matcher = definitions.find_step_definition(SimpleNamespace(step_type=kind, name=after))
            if matcher is not None:
                # The two texts differ in more than the arguments that the function reads.
                rests = [_cut_read_arguments(matcher.match(text), text) for text in (before, after)]
                if None not in rests and rests[0] != rests[1]:
                    yield number


def _cut_read_arguments(match: Any, text: str) -> str | None:
    """Cut out of a text the arguments that a function reads, or may read; None if they are not known."""
    if match is None or isinstance(match, MatchWithError):
        return None
    unread = find_unread_parameters(match.func)
    # The parameters that receive unnamed arguments, after the context.
    function = match.func.coro_func if isinstance(match.func, AsyncStepFunction) else match.func
    code = getattr(function, "__code__", None)
    positional = iter(code.co_varnames[1 : code.co_argcount] if inspect.iscode(code) else ())
    rest, reached = "", 0
    for argument in sorted(match.arguments or (), key=lambda argument: argument.start):
        name = argument.name or next(positional, "")
        # An optional group that matched nothing starts before the text.
        if name not in unread and argument.start >= reached:
            rest, reached = f"{rest}{text[reached : argument.start]}\0", argument.end
    return rest + text[reached:]


def find_unread_parameters(function: Any) -> frozenset[str]:
    """Find the parameters of a definition's function, without the context, that it never reads; in doubt none."""
    if isinstance(function, AsyncStepFunction):
        function = function.coro_func
    # Without `assert`, a parameter may look as if it were unread.
    if type(function) is not FunctionType or sys.flags.optimize:
        return frozenset()
    code = function.__code__
    names = {*code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]}
    if any(not _UNSURE.isdisjoint(inner.co_names) for inner in _walk_code(code)):
        return frozenset()
    # The variables of a cell are shared with a nested function.
    names -= {*code.co_cellvars}
    for instruction in dis.get_instructions(code):
        # Not an attribute or a global of the same name. One instruction may load two variables.
        if "LOAD_FAST" in instruction.opname:
            loaded = instruction.argval
            names -= {*loaded} if isinstance(loaded, tuple) else {str(loaded)}
    return frozenset(names)


def _walk_code(code: Any) -> Iterator[Any]:
    """Yield the code of a function and of all functions in it."""
    yield code
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from _walk_code(constant)
