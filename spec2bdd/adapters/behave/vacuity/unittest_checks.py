"""Find checks in the manner of `unittest`, and those of hamcrest, that always pass."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from spec2bdd.adapters.behave.vacuity.scope import Scope
from spec2bdd.adapters.behave.vacuity.truth import find_truth, is_empty
from spec2bdd.adapters.behave.vacuity.values.comparisons import Truth, shorten
from spec2bdd.adapters.behave.vacuity.values.shapes import matches_everything

# What `unittest` and its relatives call a check, and how many values it compares.
_TRUE_CHECKS = frozenset({"assertTrue", "assert_true", "ok_"})
_FALSE_CHECKS = frozenset({"assertFalse", "assert_false"})
_COMPARISONS: Mapping[str, type[ast.cmpop]] = {
    **dict.fromkeys(("assertEqual", "assertEquals", "assert_equal", "assert_equals", "eq_"), ast.Eq),
    **dict.fromkeys(("assertCountEqual", "assertListEqual", "assertTupleEqual", "assertSetEqual"), ast.Eq),
    **dict.fromkeys(("assertDictEqual", "assertAlmostEqual", "assertMultiLineEqual", "assertSequenceEqual"), ast.Eq),
    "assertNotEqual": ast.NotEq,
    "assertIs": ast.Is,
    "assertIsNot": ast.IsNot,
    "assertIn": ast.In,
    "assertGreater": ast.Gt,
    "assertGreaterEqual": ast.GtE,
    "assertLess": ast.Lt,
    "assertLessEqual": ast.LtE,
}
# What these checks call their arguments, in order.
_ARGUMENT_NAMES = ("first", "member", "expr", "expr1", "obj", "second", "container", "expr2", "cls")


def find_unittest_truth(call: ast.Call, scope: Scope) -> Truth | None:
    """Find whether a check as `unittest` has them always passes; None if it may fail, or is none."""
    name = get_called_name(call)
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    arguments = [*call.args, *(named[word] for word in _ARGUMENT_NAMES if word in named)]
    if name in _TRUE_CHECKS and arguments:
        return find_truth(arguments[0], scope)
    if name in _FALSE_CHECKS and arguments:
        truth = find_truth(arguments[0], scope)
        return Truth(not truth.value, truth.reason) if truth else None
    if name in _COMPARISONS and len(arguments) > 1:
        comparison = ast.Compare(left=arguments[0], ops=[_COMPARISONS[name]()], comparators=[arguments[1]])
        return find_truth(comparison, scope)
    if name == "assertIsNotNone" and arguments:
        comparison = ast.Compare(left=arguments[0], ops=[ast.IsNot()], comparators=[ast.Constant(None)])
        return find_truth(comparison, scope)
    if name == "assertIsNone" and arguments and isinstance(arguments[0], ast.Constant) and arguments[0].value is None:
        return Truth(value=True, reason="`None` is a constant")
    if name in ("assertRegex", "assertRegexpMatches") and len(arguments) > 1 and matches_everything(arguments[1]):
        return Truth(value=True, reason=f"`{shorten(arguments[1])}` matches every text")
    if name == "assertNotIn" and len(arguments) > 1 and is_empty(arguments[1], scope):
        return Truth(value=True, reason="nothing is in an empty collection")
    if name == "assertIsInstance" and len(arguments) > 1:
        check = ast.Call(func=ast.Name("isinstance", ast.Load()), args=arguments[:2], keywords=[])
        return find_truth(check, scope)
    return _find_matcher_truth(call, scope) if name == "assert_that" else None


def _find_matcher_truth(call: ast.Call, scope: Scope) -> Truth | None:
    """Find whether `assert_that` of hamcrest always passes: with a matcher for anything, or a value that is true."""
    target = scope.resolve(call.func)
    if str(getattr(target, "__module__", "")).partition(".")[0] != "hamcrest" or not call.args:
        return None
    matcher = call.args[1] if len(call.args) > 1 else None
    if isinstance(matcher, ast.Call) and get_called_name(matcher) in ("anything", "is_anything"):
        return Truth(value=True, reason="`anything()` matches every value")
    return find_truth(call.args[0], scope) if matcher is None else None


def get_called_name(call: ast.Call) -> str:
    """Get the last part of the name of what is called; empty if it has none."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
