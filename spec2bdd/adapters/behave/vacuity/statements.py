"""Analyse what the statements of a step definition can do: nothing, trip over something, or check something.

*Nothing* cannot raise at all, such as `pass`, constants, and `context.user = "ana"`. *May trip* can raise, but not
because something was checked: an attribute that is read, a call whose value is assigned. *May check* is everything
else: an assertion, `raise`, a call on a line of its own. What looks like a check and can never fail, such as
`assert (total == 5, "wrong total")`, is a weak check; it is collected in the scope. In any doubt, code may check.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import partial
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.vacuity.calls import (
    CallKind,
    classify_call,
    find_lazy,
    find_print,
    find_project_function,
    is_check,
    is_print,
    is_uncalled,
)
from spec2bdd.adapters.behave.vacuity.flow import (
    add_unreached,
    discards_errors,
    ends_any,
    ends_block,
    find_nested_function,
    has_break,
    is_raised_by_block,
    makes_nested_object,
    only_counts,
    runs_steps,
    swallows_wait,
)
from spec2bdd.adapters.behave.vacuity.managers import (
    ManagerKind,
    catches_assertions,
    classify_manager,
    swallows_from_stack,
)
from spec2bdd.adapters.behave.vacuity.methods import find_called_method
from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import (
    NO_ARGUMENT,
    TEXT_ARGUMENTS,
    UNKNOWN,
    Held,
    Scope,
    build_scope,
    is_one_of,
    list_calls,
    list_parameters,
)
from spec2bdd.adapters.behave.vacuity.sources import FunctionNode
from spec2bdd.adapters.behave.vacuity.stored.decisions import add_dropped, is_known_call
from spec2bdd.adapters.behave.vacuity.stored.questions import is_question
from spec2bdd.adapters.behave.vacuity.stored.results import holds_result
from spec2bdd.adapters.behave.vacuity.stored.targets import add_collected, add_stored, find_check, is_in_place
from spec2bdd.adapters.behave.vacuity.truth import find_truth, is_empty
from spec2bdd.adapters.behave.vacuity.unused import (
    decides_nothing,
    find_called_lambda,
    find_unread_collection,
    has_comparison,
    is_check_to_run,
    is_idle,
    is_lost_comparison,
    is_never_checked,
    list_branches,
)
from spec2bdd.adapters.behave.vacuity.values.comparisons import Truth, shorten
from spec2bdd.adapters.behave.vacuity.values.mocks import checks_own_mock, find_patched, follow_replacement
from spec2bdd.adapters.behave.vacuity.values.own_values import find_own_value, uses_only_text
from spec2bdd.adapters.behave.vacuity.values.shapes import is_true_object
from spec2bdd.adapters.behave.vacuity.values.tracking import (
    bind_value,
    enter_statement,
    find_own_items,
    forget,
    leave_statement,
)

# A helper that calls a helper and so on is followed this far.
_DEEPEST_CALL = 6
_GENERATOR = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR
_HARMLESS = (ast.Pass, ast.Global, ast.Nonlocal, ast.Break, ast.Continue)
_MAY_TRIP = (ast.Delete,)
# Deriving a class from one of these modules runs nothing.
_PLAIN_BASES = ("builtins", "unittest.case")
# A function that these decorate is not called by them.
_DECORATORS = (functools.lru_cache, functools.cache, contextlib.contextmanager)
# A context manager that calls these checks nothing.
_NEUTRAL = (isinstance, issubclass, bool, contextlib.suppress)


class Effect(IntEnum):
    """What code can do, from the least to the most."""

    NOTHING = 0
    MAY_TRIP = 1
    MAY_CHECK = 2


def analyse_block(statements: Sequence[ast.stmt], scope: Scope) -> Effect:
    """Analyse statements in order, up to one after which nothing is reached."""
    effect = Effect.NOTHING
    for number, statement in enumerate(statements, 1):
        enter_statement(statement, scope)
        own = _analyse_statement(statement, scope)
        effect, rest, is_shown = max(effect, own), statements[number:], partial(is_print, scope=scope)
        for branch in list_branches(statement, is_shown):
            if isinstance(branch, ast.If) and own is not Effect.MAY_CHECK:
                _add_printed(branch, statement, scope)
            if decides_nothing(branch, rest, scope, is_print=is_shown):
                scope.add_weak(statement, "the comparison decides nothing: `assert` or `raise` is missing")
        add_dropped(statement, rest, scope, is_print=is_shown)
        leave_statement(statement, scope)
        follow_replacement(statement, scope)
        if ends_block(statement, scope):
            add_unreached(statements[number:], scope)
            break
        if isinstance(statement, ast.If) and ends_any(statement.body, scope) and not find_truth(statement.test, scope):
            # What follows is reached only where the condition does not hold.
            scope.assumed = scope.assume(statement.test, value=False).assumed
    return effect


def _analyse_statement(statement: ast.stmt, scope: Scope) -> Effect:
    """Analyse one statement; one of an unknown kind may check anything."""
    if isinstance(statement, _HARMLESS):
        return Effect.NOTHING
    if isinstance(statement, ast.Import | ast.ImportFrom):
        names = {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
        # A module that is loaded is only looked up.
        return Effect.NOTHING if names <= scope.imports.keys() else Effect.MAY_TRIP
    if isinstance(statement, ast.AugAssign):
        changed = ast.BinOp(ast.Name(getattr(statement.target, "id", ""), ast.Load()), statement.op, statement.value)
        is_own = find_own_value(changed, scope) is not UNKNOWN
        if add_stored(statement.target, statement.value, scope, is_added=is_in_place(statement)):
            return Effect.MAY_CHECK
        _add_result(statement.target, statement.value, scope)
        return Effect.NOTHING if is_own else Effect.MAY_TRIP
    if isinstance(statement, _MAY_TRIP):
        return Effect.MAY_TRIP
    analyse = _ANALYSERS.get(type(statement))
    return analyse(statement, scope) if analyse else Effect.MAY_CHECK


def _analyse_return(statement: ast.Return, scope: Scope) -> Effect:
    """Analyse a `return`: Behave ignores what a step returns, but the caller of a helper may use it."""
    if statement.value is None:
        return Effect.NOTHING
    if scope.result_used:
        return _analyse_value(statement.value, scope)
    return _analyse_unused(statement.value, scope, returned=True)


def _analyse_assert(statement: ast.Assert, scope: Scope) -> Effect:
    """Analyse an assertion: one that is always true is a weak check."""
    # That a step has no table may be what it asserts.
    scope = scope.branch()
    scope.held = {key: held for key, held in scope.held.items() if held.node is not NO_ARGUMENT}
    truth = find_truth(statement.test, scope)
    if truth is None and checks_own_mock(statement.test, scope):
        truth = Truth(value=True, reason="only a mock that the step itself makes is checked")
    if truth is None and uses_only_text(statement.test, scope) and scope.ask(TEXT_ARGUMENTS):
        truth = Truth(value=True, reason="it uses nothing but the text of the step")
    if truth is None or not truth.value:
        return Effect.MAY_CHECK
    scope.add_weak(statement, f"the assertion always passes: {truth.reason}", is_assertion=True)
    return _analyse_value(statement.test, scope)


# --- expressions ------------------------------------------------------------------------------------------------------


def _analyse_unused(node: ast.expr, scope: Scope, *, returned: bool = False) -> Effect:
    """Analyse an expression whose value nothing uses."""
    if is_lost_comparison(node):
        what = "is returned, which Behave ignores" if returned else "is not used"
        scope.add_weak(node, f"the result of `{shorten(node)}` {what}: `assert` is missing")
        return _analyse_value(node, scope)
    if body := find_called_lambda(node, scope):
        return _analyse_unused(body, scope, returned=returned)
    match node:
        case ast.Await(value=ast.Call() as call) | (ast.Call() as call):
            return _analyse_call(call, scope, used=False, awaited=isinstance(node, ast.Await))
        case ast.Lambda() | ast.GeneratorExp():
            kind = "lambda" if isinstance(node, ast.Lambda) else "generator expression"
            scope.add_weak(node, f"the {kind} is never run")
            return Effect.NOTHING
        case ast.Name() | ast.Attribute() if is_uncalled(node, scope):
            scope.add_weak(node, f"`{shorten(node)}` is not called")
            return Effect.MAY_TRIP
        case ast.BoolOp(values=values):
            # As in `total == 5 or fail("wrong total")`: comparisons decide whether a call next to them runs.
            inner = _decide_by(ast.BoolOp(ast.And(), values[:-1]), scope.branch(), scope)
            return max(
                _analyse_value(value, scope) if isinstance(value, ast.Compare) else _analyse_unused(value, inner)
                for value in values
            )
        case ast.IfExp(test=test, body=body, orelse=other):
            branches = [_analyse_unused(branch, _decide_by(test, scope.branch(), scope)) for branch in (body, other)]
            return max([_analyse_value(test, scope), *branches])
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.Yield() | ast.YieldFrom() | ast.Await():
            return _analyse_comprehension(node, scope)
    if isinstance(node, ast.NamedExpr):
        add_unchecked(node.target.id, node.value, scope)
    return _analyse_value(node, scope)


def _analyse_comprehension(node: ast.expr, scope: Scope) -> Effect:
    """Analyse a comprehension whose value nothing uses; it may call checks for each of its elements."""
    generators = getattr(node, "generators", ())
    if generators and is_empty(generators[0].iter, scope):
        scope.add_weak(node, "the comprehension runs over nothing")
        return Effect.NOTHING
    elements = [getattr(node, name) for name in ("elt", "value") if getattr(node, name, None)]
    if generators and any(map(has_comparison, elements)):
        scope.add_weak(node, f"the result of `{shorten(elements[0])}` is not used: `assert` is missing")
    return Effect.MAY_CHECK if any(list_calls(node)) else Effect.MAY_TRIP


def _analyse_value(node: ast.expr, scope: Scope) -> Effect:
    """Analyse an expression whose value is used."""
    if _is_plain(node, scope):
        return Effect.NOTHING
    if isinstance(node, ast.Call) and classify_call(node, scope, used=True, awaited=False)[0] is CallKind.HARMLESS:
        return max([Effect.NOTHING, *(_analyse_value(argument, scope) for argument in node.args)])
    awaited = {id(part.value) for part in walk(node) if isinstance(part, ast.Await)}
    calls = [_analyse_call(call, scope, used=True, awaited=id(call) in awaited) for call in list_calls(node)]
    return max([Effect.MAY_TRIP, *calls])


def _is_plain(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is a constant or a known name, or a list, tuple or f-string of nothing else."""
    match node:
        case ast.Name(id=name):
            return name in scope.plain
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.JoinedStr(values=parts):
            return all(_is_plain(part, scope) for part in parts)
        case ast.FormattedValue(value=value, format_spec=None):
            return _is_plain(value, scope)
        case ast.Compare(left=left, ops=ops, comparators=others):
            # `is` compares without any code of the operands.
            return all(isinstance(op, ast.Is | ast.IsNot) for op in ops) and all(
                _is_plain(part, scope) for part in (left, *others)
            )
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


def _analyse_call(call: ast.Call, scope: Scope, *, used: bool, awaited: bool = False) -> Effect:
    """Analyse a call by what it calls: something known, a function of the project, or anything."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if (
        is_one_of(scope.resolve(call.func), (asyncio.run,))
        and len(call.args) == 1
        and isinstance(call.args[0], ast.Call)
    ):
        return _analyse_call(call.args[0], scope, used=used, awaited=True)
    values = max([Effect.NOTHING, *(_analyse_value(argument, scope) for argument in arguments)])
    kind, reason = classify_call(call, scope, used=used, awaited=awaited)
    if (stored := _analyse_storing_call(call, kind, scope, used=used)) is not None:
        return max(values, stored)
    if kind is CallKind.HARMLESS:
        return values
    if kind is CallKind.WEAK:
        scope.add_weak(call, reason)
        return max(values, Effect.MAY_TRIP)
    target = scope.resolve(call.func)
    if kind is not CallKind.CHECK and makes_nested_object(call, scope):
        return max(values, Effect.MAY_TRIP)
    if kind is not CallKind.CHECK and (nested := find_nested_function(call, scope)):
        effect = _analyse_nested_call(nested, call, scope, used=used, awaited=awaited)
        if effect is not None:
            return max(effect, values)
    if kind is not CallKind.CHECK:
        effect = _analyse_function(target, call, scope, used=used, awaited=awaited)
        if effect is not None:
            return max(effect, values)
    scope.unknown_calls += () if is_known_call(call, target) else (call,)
    # A value that is computed is not a check in itself; a call on a line of its own may be nothing else.
    return Effect.MAY_TRIP if used and kind is not CallKind.CHECK else Effect.MAY_CHECK


def _analyse_storing_call(call: ast.Call, kind: CallKind, scope: Scope, *, used: bool) -> Effect | None:
    """Remember what a call stores of the outcome of a check; None if it does, or may do, anything else."""
    match call.args:
        case [owner, ast.Constant(value=str(name)), value] if is_one_of(scope.resolve(call.func), (setattr,)):
            add_stored(ast.copy_location(ast.Attribute(owner, name, ast.Store()), call), value, scope)
    is_read = add_collected(call, scope) if kind is CallKind.UNKNOWN and not used else None
    return None if is_read is None else (Effect.MAY_CHECK if is_read else Effect.MAY_TRIP)


def _analyse_function(target: Any, call: ast.Call, scope: Scope, *, used: bool, awaited: bool) -> Effect | None:
    """Analyse the body of a function of the project that is called; None if it is none, or has a mark."""
    method = None if isinstance(target, FunctionType) else find_called_method(call.func, scope)
    target, offset = method or (target, 0)
    source = find_project_function(target, scope.sources)
    is_followed = source is not None and len(scope.callers) <= _DEEPEST_CALL
    if source is None or not is_followed or source.marked or target.__code__ in scope.callers:
        return None
    # Calling a coroutine or a generator function runs nothing of it.
    flags = target.__code__.co_flags
    if flags & _GENERATOR or (flags & inspect.CO_COROUTINE and not awaited):
        return Effect.NOTHING
    inner = build_scope(source.node, target, scope.sources, callers=scope.callers, methods=scope.methods)
    inner.context, inner.result_used, inner.questions, inner.stored = "", used, scope.questions, scope.stored
    inner.contexts = frozenset(_list_passed_contexts(source.node, call, scope, offset=offset))
    inner.outcome, inner.bound = scope.outcome, tuple(list_parameters(source.node)[:offset])
    inner.results = set(_list_passed(source.node, call, lambda part: holds_result(part, scope), offset=offset))
    inner.unknown_calls = scope.unknown_calls
    count = len(scope.stored)
    effect = analyse_block(source.node.body, inner)
    name = target.__name__
    for weak in inner.weak_checks:
        place = ast.Pass(lineno=weak.line, col_offset=0)
        reason = f"in `{name}`: {weak.reason}"
        scope.add_weak(place, reason, is_assertion=weak.is_assertion, swallows=weak.swallows)
    for dropped in inner.dropped:
        scope.add_dropped(ast.Pass(lineno=dropped.line, col_offset=0), f"in `{name}`: {dropped.reason}")
    is_lost = not used and effect is not Effect.MAY_CHECK and len(scope.stored) == count
    if is_lost and any(map(is_lost_comparison, call.args)):
        # It gets the outcome of a check, and does nothing with it that can fail.
        scope.add_weak(call, f"`{name}` checks nothing, whatever it gets")
    # What returns a value may be the product, whose body changes; only a helper without a value is known to be a check.
    returns = any(isinstance(node, ast.Return) and node.value for node in walk(source.node))
    is_product = effect is Effect.NOTHING and returns and not inner.weak_checks
    return None if is_product and not any(map(is_lost_comparison, call.args)) else effect


def _list_passed_contexts(function: FunctionNode, call: ast.Call, scope: Scope, *, offset: int) -> Iterator[str]:
    """List the parameters of a function that get Behave's context in a call."""
    return _list_passed(
        function, call, lambda part: isinstance(part, ast.Name) and part.id in scope.contexts, offset=offset
    )


def _list_passed(
    function: FunctionNode, call: ast.Call, is_wanted: Callable[[ast.expr], bool], *, offset: int
) -> Iterator[str]:
    """List the parameters of a function that get a wanted argument of a call, up to one that is unpacked."""
    parameters = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    for parameter, argument in zip(parameters[offset:], call.args, strict=False):
        if isinstance(argument, ast.Starred):
            return
        if is_wanted(argument):
            yield parameter
    yield from (keyword.arg for keyword in call.keywords if keyword.arg and is_wanted(keyword.value))


def _analyse_nested_call(
    function: FunctionNode, call: ast.Call, scope: Scope, *, used: bool, awaited: bool
) -> Effect | None:
    """Analyse a call of a function that the step itself defines; None if it is followed too deep."""
    generates = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in walk(function))
    if generates or (isinstance(function, ast.AsyncFunctionDef) and not awaited):
        if not used:
            kind, verb = ("generator", "run") if generates else ("coroutine", "awaited")
            scope.add_weak(call, f"the {kind} `{function.name}` is never {verb}")
        return Effect.NOTHING
    if function.name in scope.followed:
        return None
    inner = scope.branch()
    inner.held, inner.result_used, inner.contexts = {}, used, frozenset()
    inner.followed = scope.followed | {function.name}
    names = [node for node in walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    inner.locals = scope.locals | {name.id for name in names} | set(list_parameters(function))
    effect = analyse_block(function.body, inner)
    returns = any(isinstance(node, ast.Return) and node.value for node in walk(function))
    return None if effect is Effect.NOTHING and returns and not inner.weak_checks else effect


# --- statements with parts --------------------------------------------------------------------------------------------


def _analyse_assignment(statement: ast.Assign | ast.AnnAssign, scope: Scope) -> Effect:
    """Analyse an assignment, and remember what is known of its targets from here on."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    value = statement.value
    # An annotation without a value is evaluated, and may trip.
    if value is None:
        return Effect.MAY_TRIP
    effect = _analyse_value(value, scope)
    for target in targets:
        if add_stored(target, value, scope):
            effect = Effect.MAY_CHECK
        _add_result(target, value, scope)
        collection = find_unread_collection(target, scope, is_print=partial(is_print, scope=scope))
        if collection and find_check(value, scope):
            scope.add_weak(statement, f"nothing checks `{collection}`")
        match target:
            case ast.Name(id=name):
                scope.plain.add(name)
                add_unchecked(name, value, scope)
            case ast.Tuple(elts=names) if isinstance(value, ast.Tuple) and len(names) == len(value.elts):
                effect = max(effect, Effect.MAY_TRIP)
                for part, held in zip(names, value.elts, strict=True):
                    add_unchecked(part.id if isinstance(part, ast.Name) else "", held, scope)
            case ast.Attribute(value=ast.Name(id=name)) if name == scope.context:
                pass
            case _:
                effect = max(effect, Effect.MAY_TRIP)
    return effect


def add_unchecked(name: str, value: ast.expr, scope: Scope) -> None:
    """Remember a comparison, or a call that does nothing by itself, whose value a name holds and nothing checks."""
    parts = (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,)
    nested = find_nested_function(value, scope) if isinstance(value, ast.Call) else None
    is_lazy = nested is not None and (
        isinstance(nested, ast.AsyncFunctionDef) or any(isinstance(part, ast.Yield) for part in walk(nested))
    )
    lazy = f"nothing of `{name}` is ever run" if is_lazy else ""
    lazy = lazy or next(
        (reason for part in parts if isinstance(part, ast.Call) and (reason := find_lazy(part, scope))), ""
    )
    is_check = is_check_to_run(value) or holds_result(value, scope)
    if (lazy or is_check) and is_never_checked(name, scope, is_print=partial(is_print, scope=scope)):
        scope.add_weak(value, lazy or f"nothing checks `{name}`, which holds `{shorten(value)}`")


def _add_result(target: ast.expr, value: ast.expr, scope: Scope) -> None:
    """Remember a name that holds the outcome of a check from here on, or a flag that says which branch was taken."""
    is_flag = scope.outcome is not None and isinstance(value, ast.Constant) and isinstance(value.value, bool)
    if isinstance(target, ast.Name) and (is_flag or holds_result(value, scope)):
        scope.results.add(target.id)


def _decide_by(condition: ast.expr, inner: Scope, scope: Scope) -> Scope:
    """Let the statements of a scope be those that are reached, or not, as a condition decides; return it."""
    if not _is_choice(condition, scope) and (has_comparison(condition) or holds_result(condition, scope)):
        inner.outcome = condition
    return inner


def _is_choice(condition: ast.expr, scope: Scope) -> bool:
    """Whether a condition asks only for arguments of the step, or for what is missing: that checks nothing."""
    names = [part.id for part in walk(condition) if isinstance(part, ast.Name)]
    return all(name in scope.arguments for name in names) or not {"hasattr", "getattr"}.isdisjoint(names)


def _analyse_nested_function(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Effect:
    """Analyse a function that is defined inside a step: one that is never used runs nothing."""
    defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
    is_plain = all(is_one_of(scope.resolve(decorator), _DECORATORS) for decorator in node.decorator_list)
    uses = [name for name in walk(scope.node) if isinstance(name, ast.Name) and name.id == node.name]
    if is_plain and not uses and any(isinstance(part, ast.Assert) for part in walk(node)):
        scope.add_weak(node, f"the function `{node.name}` is never called")
    if node.decorator_list or not all(_is_plain(default, scope) for default in defaults):
        return Effect.MAY_TRIP
    scope.plain.add(node.name)
    return Effect.NOTHING


def _analyse_class(node: ast.ClassDef, scope: Scope) -> Effect:
    """Analyse a class that is defined inside a step: one that is never used runs none of its methods."""
    # One that is only made runs none of its methods but those with names of Python's own.
    made = [
        part.value.func
        for part in walk(scope.node)
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call) and isinstance(part.value.func, ast.Name)
    ]
    uses = [part for part in walk(scope.node) if isinstance(part, ast.Name) and part.id == node.name]
    is_only_made = all(use in made for use in uses) and not any(
        isinstance(part, ast.FunctionDef) and part.name.startswith("__") for part in node.body
    )
    bases = [scope.resolve(base) for base in node.bases]
    is_plain = (
        is_only_made
        and not (node.keywords or node.decorator_list)
        and all(getattr(base, "__module__", "") in _PLAIN_BASES for base in bases)
    )
    if is_plain and any(map(is_check, walk(node))):
        scope.add_weak(node, f"the class `{node.name}` is never used")
    return Effect.MAY_TRIP


def _analyse_if(statement: ast.If, scope: Scope) -> Effect:
    """Analyse a condition: only one branch if the other can never run, else both."""
    truth = find_truth(statement.test, scope)
    branches = [(statement.body, True), (statement.orelse, False)]
    effects = [Effect.NOTHING if truth else _analyse_value(statement.test, scope)]
    for body, value in branches:
        if truth and truth.value is not value:
            add_unreached(body, scope)
        else:
            # A name that is assigned in one branch may be undefined afterwards, so each branch gets a copy.
            inner = _decide_by(statement.test, scope.assume(statement.test, value=value), scope)
            effects.append(analyse_block(body, inner))
    return max(effects)


def _add_printed(branch: ast.If, statement: ast.stmt, scope: Scope) -> None:
    """Remember a condition that only decides what is printed, where nothing that it decides may check something."""
    if not any(find_print(block, scope) for block in (branch.body, branch.orelse)):
        return
    if has_comparison(branch.test) or is_question(branch.test, scope, is_print=partial(is_print, scope=scope)):
        scope.add_weak(statement, f"`{shorten(branch.test)}` only decides what is printed")


def _analyse_loop(statement: ast.For | ast.AsyncFor | ast.While, scope: Scope) -> Effect:
    """Analyse a loop, which may run over nothing."""
    if isinstance(statement, ast.While):
        truth = find_truth(statement.test, scope)
        runs, header = truth is None or truth.value, _analyse_value(statement.test, scope)
    else:
        runs, header = not is_empty(statement.iter, scope), _analyse_value(statement.iter, scope)
    loop = None if isinstance(statement, ast.While) else statement
    values = find_own_items(loop.iter, scope) if loop else []
    forget(statement, scope)
    after = analyse_block(statement.orelse, scope.branch())
    if not runs:
        add_unreached(statement.body, scope)
        return after
    inner = scope.branch()
    # A loop that tries again until something holds fails by running into the time limit; one that only counts its
    # tries, or looks at the clock, ends.
    counts = isinstance(statement, ast.While) and only_counts(statement, scope)
    inner.polls = (scope.polls or isinstance(statement, ast.While)) and not counts
    effects = [header, Effect.MAY_TRIP, after]
    for value in values:
        # What the step itself has put there is known.
        known = inner.branch()
        if loop:
            bind_value(loop.target, value, loop.iter, known)
        effects.append(analyse_block(statement.body, known))
    return max(effects) if values else max(*effects, analyse_block(statement.body, inner))


def _analyse_match(statement: ast.Match, scope: Scope) -> Effect:
    """Analyse a `match`: each of its cases may run, unless the step itself has made what is matched."""
    subject = find_own_value(statement.subject, scope)
    blocks = []
    for case in statement.cases:
        value = find_own_value(case.pattern.value, scope) if isinstance(case.pattern, ast.MatchValue) else UNKNOWN
        guard = find_truth(case.guard, scope) if case.guard else None
        if (UNKNOWN not in (subject, value) and subject != value) or (guard and not guard.value):
            add_unreached(case.body, scope)
        else:
            inner = scope.branch()
            if not _is_choice(statement.subject, scope):
                inner.outcome = scope.outcome or statement.subject
            blocks.append(analyse_block(case.body, inner))
    return max([Effect.MAY_TRIP, _analyse_value(statement.subject, scope), *blocks])


def _analyse_with(statement: ast.With | ast.AsyncWith, scope: Scope) -> Effect:
    """Analyse a `with`: only of `suppress` and `open` it is known what they do."""
    kinds = [
        classify_manager(item.context_expr, scope, is_harmless=lambda node: _is_harmless(node, scope))
        for item in statement.items
    ]
    inner = scope.branch()
    inner.patched |= {name for item in statement.items if (name := find_patched(item.context_expr, scope))}
    effect = analyse_block(statement.body, inner)
    if is_raised_by_block(statement):
        scope.add_weak(statement, "the block itself raises the error that is expected")
        return Effect.MAY_TRIP
    if swallows_from_stack(statement, scope):
        kinds[0] = ManagerKind.SWALLOWS
    # A sub-step that fails is noticed, even if its error is swallowed.
    if ManagerKind.SWALLOWS in kinds and effect is Effect.MAY_CHECK and not runs_steps(statement.body):
        name = shorten(statement.items[kinds.index(ManagerKind.SWALLOWS)].context_expr)
        scope.add_weak(statement, f"`{name}` swallows what is checked inside it", swallows=True)
        effect = Effect.MAY_TRIP
    manager = Effect.MAY_CHECK if ManagerKind.UNKNOWN in kinds else Effect.MAY_TRIP
    return max(manager, effect)


def _is_harmless(node: FunctionNode, scope: Scope) -> bool:
    """Whether nothing in a function of the project that is a context manager checks anything."""
    calls = (part for part in walk(node) if isinstance(part, ast.Call | ast.Assert | ast.Raise | ast.Await))
    known = node.decorator_list
    return all(
        part in known
        or (isinstance(part, ast.Call) and (is_print(part, scope) or is_one_of(scope.resolve(part.func), _NEUTRAL)))
        for part in calls
    )


def _analyse_try(statement: ast.Try | ast.TryStar, scope: Scope) -> Effect:
    """Analyse a `try`: a handler that catches failed assertions and does nothing makes checks useless."""
    inner = scope.branch()
    body = analyse_block(statement.body, inner)
    rest = [analyse_block(block, scope.branch()) for block in (statement.orelse, statement.finalbody)]
    for handler in statement.handlers:
        branch, count = inner.branch(), len(scope.stored)
        if handler.name and handler.type is not None:
            made = ast.Call(func=handler.type, args=[], keywords=[])
            if is_true_object(made, scope):
                truth = Truth(value=True, reason="an exception is always true")
                branch.held[handler.name] = Held(made, truth=truth)
        is_caught = handler.type is None or catches_assertions(handler.type, scope)
        if is_caught and body is Effect.MAY_CHECK:
            branch.outcome = _find_first_check(statement.body)
            branch.results |= {handler.name} if handler.name else set()
        handled = analyse_block(handler.body, branch)
        polls = (
            scope.polls
            and not has_break(handler.body)
            and not any(isinstance(part, ast.Return) for part in handler.body)
        )
        # A sub-step that fails is noticed, even if its error is swallowed.
        polls = polls or runs_steps(statement.body)
        if is_caught and not polls and handled is not Effect.MAY_CHECK and body is Effect.MAY_CHECK:
            _add_passed(statement, branch)
            # What is stored there may be looked at.
            if len(scope.stored) == count:
                scope.add_weak(handler, "`except` swallows what is checked above it", swallows=True)
            body = Effect.MAY_TRIP
        is_ignored = is_idle(handler.body, scope, is_print=partial(is_print, scope=scope), returns=True)
        if not polls and is_ignored and swallows_wait(statement.body, handler):
            scope.add_weak(handler, "`except` swallows what is waited for above it", swallows=True)
            body = Effect.MAY_TRIP
        rest.append(handled)
        # The handlers after it never see a failed assertion.
        if is_caught:
            break
    effect = max([Effect.MAY_TRIP, body, *rest])
    if discards_errors(statement.finalbody, scope) and effect is Effect.MAY_CHECK:
        scope.add_weak(statement.finalbody[0], "`finally` swallows what is checked above it", swallows=True)
        return Effect.MAY_TRIP
    return effect


def _find_first_check(body: Sequence[ast.stmt]) -> ast.expr:
    """Find the condition of the first assertion in the body of a `try`, or else its first call."""
    parts = [part for statement in body for part in walk(statement)]
    checks = [part.test for part in parts if isinstance(part, ast.Assert)]
    return next(iter((*checks, *(part for part in parts if isinstance(part, ast.Call)))), ast.Constant("..."))


def _add_passed(statement: ast.Try | ast.TryStar, scope: Scope) -> None:
    """Remember what a `try` stores only where none of its checks has failed."""
    checked = next((number for number, part in enumerate(statement.body) if any(map(is_check, walk(part)))), -1)
    for part in (*statement.body[checked + 1 :], *statement.orelse) if checked >= 0 else ():
        if isinstance(part, ast.Assign):
            for target in part.targets:
                add_stored(target, part.value, scope)


_ANALYSERS: Mapping[type[ast.stmt], Callable[[Any, Scope], Effect]] = {
    ast.Expr: lambda statement, scope: _analyse_unused(statement.value, scope),
    ast.Return: _analyse_return,
    ast.Assert: _analyse_assert,
    ast.Assign: _analyse_assignment,
    ast.AnnAssign: _analyse_assignment,
    ast.FunctionDef: _analyse_nested_function,
    ast.AsyncFunctionDef: _analyse_nested_function,
    ast.ClassDef: _analyse_class,
    ast.If: _analyse_if,
    ast.For: _analyse_loop,
    ast.AsyncFor: _analyse_loop,
    ast.While: _analyse_loop,
    ast.Match: _analyse_match,
    ast.With: _analyse_with,
    ast.AsyncWith: _analyse_with,
    ast.Try: _analyse_try,
    ast.TryStar: _analyse_try,
}
