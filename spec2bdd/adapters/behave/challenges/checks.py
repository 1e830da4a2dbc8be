"""Decide what ended a scenario: a check of a step that noticed something, or anything else."""

from __future__ import annotations

import ast
import dis
import linecache
import re
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from behave.model_type import Status

from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.behave.glue.serialize import ContainedError, describe_error, show_location
from spec2bdd.adapters.behave.glue.unrun import UnraisedError

# Errors of code that was given something of another kind; others, such as `KeyError`, may be what a check looks for.
_SLIPS = (TypeError, AttributeError, NameError)
# Functions of libraries that are called for the error that they may raise.
_CHECKS = re.compile(r"_?(?:assert|check|ensure|expect|raise_for|validate|verify)")


# What is run once, or for each item of something.
_ONCE = (ast.With, ast.AsyncWith, ast.Try)
_BRANCHES = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.Match)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def describe_end(scenario: Any, origins: OriginIndex, *, was_empty: bool = False) -> dict[str, Any]:
    """Describe the step that ended a scenario, if one did, and whether that was a check that noticed something.

    With `was_empty`, the fault has put an item into what was empty. A check of each item, which is none without the
    fault, has noticed nothing.
    """
    for step in scenario.all_steps:
        if step.status in (Status.passed, Status.skipped, Status.untested):
            continue
        error = step.exception
        location = getattr(step, "location", "")
        # A check of a hook is one of no step: it would vouch for every criterion. So would one that all scenarios
        # share, such as a `When` that wants no traceback of a command; a `Given` checks the set-up.
        is_setup = step.step_type != "then" and any(other.step_type == "then" for other in scenario.all_steps)
        is_of_step = not is_setup and step.status is not Status.hook_error
        return {
            "step": f"{step.keyword} {step.name}",
            "line": step.line,
            "location": show_location(str(location)),
            "is_noticed": is_of_step
            and error is not None
            and _is_check(error, origins)
            and not (was_empty and _depends_on_items(error, origins)),
            "error": describe_error(error) if error is not None else step.status.name,
        }
    return {"step": "", "line": 0, "location": "", "is_noticed": False, "error": ""}


def _is_check(error: BaseException, origins: OriginIndex) -> bool:
    """Whether a step raised an error because a check of it failed, and the product was not just running."""
    raised = error.error if isinstance(error, ContainedError) else error
    # What pytest raises for a failed check, such as `pytest.fail` and `pytest.raises`, is no `AssertionError`.
    failures = AssertionError, getattr(sys.modules.get("_pytest.outcomes"), "Failed", AssertionError)
    if isinstance(raised, UnraisedError):
        return any(_is_check(each, origins) for each in raised.errors)
    origin, is_raised = _find_innermost(raised, origins)
    is_raised = is_raised or _is_asked_for(raised, origins)
    # An assertion of the product is not one of the steps; another error is one of theirs if their code raises it.
    if origin is not Origin.STEPS or not (
        isinstance(raised, failures) or (is_raised and isinstance(raised, Exception))
    ):
        return False
    cause = raised.__cause__ or raised.__context__
    while cause and not isinstance(cause, failures):
        # A step that raises an assertion for whatever went wrong has noticed a crash, unless the product refuses.
        origin, is_raised = _find_innermost(cause, origins)
        if not is_raised and (origin is Origin.PRODUCT or isinstance(cause, _SLIPS)):
            return False
        cause = cause.__cause__ or cause.__context__
    return True


def _find_innermost(error: BaseException, origins: OriginIndex) -> tuple[Origin, bool]:
    """Find the origin of the innermost code of the project that an error passed, and whether that code raised it."""
    origin, is_raised = Origin.LIBRARY, False
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        found = origins.find(code.co_filename)
        if found is not Origin.LIBRARY:
            origin = found
            is_raised = not trace.tb_next and dis.opname[code.co_code[trace.tb_lasti]] == "RAISE_VARARGS"
        trace = trace.tb_next
    return origin, is_raised


def _is_asked_for(error: BaseException, origins: OriginIndex) -> bool:
    """Whether steps have called a check of a library, such as `jsonschema.validate`, only for the error that it raises.

    What that check returns, and what each function of the steps returns that leads to it, is used for nothing.
    """
    if isinstance(error, _SLIPS):
        return False
    trace, is_checking = error.__traceback__, False
    while trace:
        code = trace.tb_frame.f_code
        origin = origins.find(code.co_filename)
        if origin is Origin.STEPS:
            if not _discards(trace):
                return False
            called = trace.tb_next.tb_frame.f_code.co_name if trace.tb_next else ""
            is_checking = bool(_CHECKS.match(called))
        elif origin is Origin.PRODUCT:
            return False
        trace = trace.tb_next
    return is_checking


def _discards(trace: TracebackType) -> bool:
    """Whether the value of the call that is running in a frame is used for nothing."""
    # Python 3.11 points to the last of the caches that follow the call.
    later = (each for each in dis.get_instructions(trace.tb_frame.f_code) if each.offset > trace.tb_lasti)
    return getattr(next(later, None), "opname", "") == "POP_TOP"


def _depends_on_items(error: BaseException, origins: OriginIndex) -> bool:
    """Whether the check that raised an error may be one that runs only if there is an item."""
    raised = error.error if isinstance(error, ContainedError) else error
    trace = raised.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        # Comprehensions and lambdas have no names.
        if origins.find(code.co_filename) is Origin.STEPS and (
            code.co_name.startswith("<") or not _always_runs(code.co_filename, trace.tb_lineno)
        ):
            return True
        trace = trace.tb_next
    return False


def _always_runs(filename: str, line: int) -> bool:
    """Whether a line of a function is run whenever the function is."""
    tree = ast.parse("".join(linecache.getlines(filename)))
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    around = [function for function in functions if function.lineno <= line <= (function.end_lineno or 0)]
    # The innermost one begins last.
    for statement in _walk_to(max(around, key=lambda function: function.lineno, default=tree).body, line):
        is_above = (statement.end_lineno or 0) < line
        if is_above and any(isinstance(node, ast.Return) for node in ast.walk(statement)):
            return False
        if not is_above and isinstance(statement, _BRANCHES):
            # "if found: raise" looks at what was found.
            return isinstance(statement, ast.If) and any(_refuses(inner, line) for inner in statement.body)
        if not is_above and not isinstance(statement, _ONCE):
            return not any(isinstance(node, _COMPREHENSIONS) for node in ast.walk(statement))
    return True


def _refuses(statement: ast.stmt, line: int) -> bool:
    """Whether a statement at a line does nothing but raise an error, as `pytest.fail` does."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    is_fail = isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "fail"
    return statement.lineno <= line <= (statement.end_lineno or 0) and (is_fail or isinstance(statement, ast.Raise))


def _walk_to(body: list[ast.stmt], line: int) -> Iterator[ast.stmt]:
    """Walk through the statements of a function up to one with the line, also through what is run once."""
    for statement in body:
        if statement.lineno <= line:
            yield statement
        if isinstance(statement, _ONCE) and statement.lineno <= line <= (statement.end_lineno or 0):
            yield from _walk_to(statement.body, line)
