"""Find the values that a step makes itself: an assertion about nothing else checks nothing of the product."""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Iterator
from typing import Any

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import UNKNOWN, Held, Scope

# Builtins whose results depend on nothing but their arguments; they run no code of the project for plain values.
_PURE_NAMES = frozenset(
    {"len", "str", "int", "float", "bool", "sorted", "tuple", "list", "set", "frozenset", "dict", "min", "max", "sum"}
    | {"abs", "any", "all", "isinstance", "issubclass", "type", "repr", "round", "ord", "chr", "enumerate", "zip"}
    | {"reversed", "iter", "next", "callable", "object", "bytes", "range", "divmod"}
)
# Methods of plain values that change nothing.
_PURE_METHODS = frozenset(
    {"upper", "lower", "strip", "lstrip", "rstrip", "startswith", "endswith", "join", "split", "replace", "count"}
    | {"find", "index", "title", "capitalize", "casefold", "isdigit", "isalpha", "isalnum", "isupper", "islower"}
    | {"items", "keys", "values", "get", "format", "issubset", "issuperset", "isdisjoint", "splitlines"}
)
_DISPLAYS = (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Slice, ast.JoinedStr, ast.FormattedValue)
_OPERATIONS = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.IfExp, ast.Subscript, ast.Starred, ast.keyword)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CONSTANTS = (str, int, float, bool)
# The result of these may be too large to compute.
_LARGE = (ast.Pow, ast.LShift, ast.Mult, ast.MatMult)
_LARGEST_NUMBER = 1_000


def find_own_value(node: ast.expr, scope: Scope) -> Any:
    """Find the value of an expression that uses nothing but what the step makes itself; `UNKNOWN` otherwise."""
    if isinstance(node, ast.Constant):
        return node.value
    names: dict[str, Any] = {}
    if not _is_own(node, scope, names, frozenset()):
        return UNKNOWN
    # An attribute of the context is no name: it becomes one in a copy.
    has_attribute = any(name.startswith("_context_") for name in names)
    inlined = _Inliner(scope).visit(copy.deepcopy(node)) if has_attribute else node
    code = ast.fix_missing_locations(ast.Expression(inlined))
    try:
        # Only the operations and the builtins above are in it.
        return eval(compile(code, "<own>", "eval"), {"__builtins__": {}, **names})  # noqa: S307
    except Exception:  # noqa: BLE001  Such as a division by zero: the step itself raises it.
        return UNKNOWN


def uses_only_text(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression uses nothing but values that the step makes itself, and arguments from its text."""
    stored = {part.id for part in walk(scope.node) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}
    arguments = {name for name in scope.arguments if name not in stored}
    used = {part.id for part in walk(node) if isinstance(part, ast.Name)}
    if not arguments & used:
        return False
    inner = scope.branch()
    inner.held |= {name: Held(node, "") for name in arguments}
    return _is_own(node, inner, {}, frozenset())


def is_changeable(value: object) -> bool:
    """Whether a value may hold another content later."""
    return not isinstance(value, str | bytes | int | float | complex | bool | type | range | None) and not (
        isinstance(value, tuple) and not any(map(is_changeable, value))
    )


def _is_own(node: ast.AST, scope: Scope, names: dict[str, Any], bound: frozenset[str]) -> bool:
    """Whether an expression can be computed here; `names` collects its values, `bound` are those of comprehensions."""
    match node:
        case ast.Constant(value=value):
            return not isinstance(value, int) or abs(value) <= _LARGEST_NUMBER
        case ast.Name(id=name) if name in bound:
            return True
        case ast.Name() | ast.Attribute() if held := scope.held.get(scope.find_key(node)):
            names[_name_key(scope.find_key(node))] = held.value
            return held.value is not UNKNOWN
        case ast.Name(id=name):
            constant = find_constant(name, scope)
            value = getattr(builtins, name, None) if name in _PURE_NAMES else None
            names[name] = value if constant is UNKNOWN else constant
            return constant is not UNKNOWN or (value is not None and scope.resolve(node) is value)
        case ast.Call(func=ast.Attribute(value=owner, attr=method)):
            parts = [owner, *node.args, *node.keywords]
            return method in _PURE_METHODS and all(_is_own(part, scope, names, bound) for part in parts)
        # With more arguments these two run a codec, which may be the project's.
        case ast.Call(func=ast.Name(id="str" | "bytes"), args=args, keywords=keywords) if len(args) + len(keywords) > 1:
            return False
        case ast.Call(func=ast.Name()):
            return all(_is_own(part, scope, names, bound) for part in (node.func, *node.args, *node.keywords))
        case ast.BinOp(op=operator) if isinstance(operator, _LARGE):
            return False
    if isinstance(node, _COMPREHENSIONS):
        targets = [part for generator in node.generators for part in walk(generator.target)]
        bound |= {part.id for part in targets if isinstance(part, ast.Name)}
        known = all(isinstance(part, ast.Name | ast.Tuple | ast.List | ast.expr_context) for part in targets)
        return known and all(_is_own(part, scope, names, bound) for part in _list_parts(node))
    is_known = isinstance(node, (*_DISPLAYS, *_OPERATIONS))
    return is_known and all(_is_own(part, scope, names, bound) for part in _list_parts(node))


def find_constant(name: str, scope: Scope) -> Any:
    """Find the value of a name that the file of the step sets once, and nothing sets again; `UNKNOWN` otherwise."""
    code = scope.function.__code__
    if name in scope.locals or name in code.co_freevars or type(scope.function.__globals__.get(name)) not in _CONSTANTS:
        return UNKNOWN
    return scope.sources.find_constants(code.co_filename).get(name, UNKNOWN)


def _list_parts(node: ast.AST) -> Iterator[ast.AST]:
    """List the expressions in an expression, without those that are bound in it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension):
            yield from (child.iter, *child.ifs)
        elif isinstance(child, ast.expr | ast.keyword):
            yield child


def _name_key(key: str) -> str:
    """Name the value of a key of `held`: that of an attribute of the context is no name."""
    return f"_context{key.replace('.', '_')}" if key.startswith(".") else key


class _Inliner(ast.NodeTransformer):
    """Replace the attributes of the context that hold a known value by names."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Replace an attribute of the context."""
        key = self._scope.find_key(node)
        if key in self._scope.held:
            return ast.Name(_name_key(key), ast.Load())
        return self.generic_visit(node)
