"""Split Python source into the blocks that run as one, each with a digest that comments and formatting do not change.

What a function looks like from outside is a part of the block around it, since it can matter to code that never calls
it: its decorators, parameters, annotations and docstring, and whether it is a coroutine or a generator.
"""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections.abc import Collection, Iterator, Sequence

from spec2bdd.model import CodeBlock

_Function = ast.FunctionDef | ast.AsyncFunctionDef
# Expressions that Python evaluates in any case.
_RUN = (ast.Name, ast.Call, ast.Yield, ast.YieldFrom, ast.Await)
MODULE = ""


def split_blocks(source: bytes) -> tuple[CodeBlock, ...]:
    """Split the source of a Python file into its blocks, the module first; none if Python cannot compile it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            # Some errors are found by the compiler alone, such as a `return` outside of a function.
            compile(tree, "<source>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    try:
        functions = list(_take_bodies(tree, ""))
        blocks = [CodeBlock(MODULE, 1, source.count(b"\n") + 1, _compute_digest(tree.body))]
        names: dict[str, int] = {}
        for name, body in functions:
            # Such as the getter and the setter of a property.
            count = names[name] = names.get(name, 0) + 1
            last = max(statement.end_lineno or statement.lineno for statement in body)
            unique = name if count == 1 else f"{name}#{count}"
            blocks.append(CodeBlock(unique, _find_first_line(body[0]), last, _compute_digest(body)))
    except (RecursionError, ValueError):
        # Too deep, or a number with so many digits that Python does not write it.
        return ()
    return tuple(blocks)


def find_run_blocks(blocks: Sequence[CodeBlock], lines: Collection[int]) -> frozenset[str]:
    """Find the names of the blocks to which lines that ran belong; the module runs before any of its functions."""
    if not blocks:
        return frozenset()
    names = {MODULE}
    inner = blocks[1:]
    for line in lines:
        around = [block for block in inner if block.first <= line <= block.last]
        # A function can be inside of another one.
        names.update(block.name for block in around)
    return frozenset(names)


def find_changed_blocks(before: Sequence[CodeBlock], after: Sequence[CodeBlock]) -> frozenset[str] | None:
    """Find the names of the blocks that differ between two versions of a file; None where all of it may differ."""
    if not before or not after:
        return None
    then = {block.name: block.digest for block in before}
    now = {block.name: block.digest for block in after}
    return frozenset(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))


def _take_bodies(node: ast.AST, prefix: str) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Take the bodies of all functions out of a tree, and yield them with the names of the functions."""
    if isinstance(node, ast.ClassDef):
        prefix = f"{prefix}{node.name}."
    if isinstance(node, _Function):
        prefix = f"{prefix}{node.name}."
        if body := _take_body(node):
            # Functions inside of it have their own blocks, so that they are taken out before it is looked at.
            inner = [found for statement in body for found in _take_bodies(statement, prefix)]
            yield prefix[:-1], body
            yield from inner
    for child in ast.iter_child_nodes(node):
        yield from _take_bodies(child, prefix)


def _take_body(function: _Function) -> list[ast.stmt]:
    """Take the body of a function away from it, apart from the docstring; nothing where it has no lines of its own."""
    start = 0 if ast.get_docstring(function, clean=False) is None else 1
    body = function.body[start:]
    parts = [part for part in ast.walk(function.args) if isinstance(part, ast.expr)]
    parts += [function.returns] if function.returns else []
    header = max([function.lineno, *(part.end_lineno or 0 for part in parts)])
    if not any(map(_leaves_trace, body)) or _find_first_line(body[0]) <= header:
        return []
    function.body[start:] = [ast.Expr(ast.Constant("generator" if _is_generator(body) else ""))]
    return body


def _find_first_line(statement: ast.stmt) -> int:
    """Find the first line of a statement, decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _leaves_trace(statement: ast.stmt) -> bool:
    """Whether running a statement surely shows in the lines that ran: Python makes no code for some."""
    if isinstance(statement, (ast.Global, ast.Nonlocal)):
        return False
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return False
    # Such as a constant, or a branch that is never taken.
    tested = statement.value if isinstance(statement, ast.Expr) else getattr(statement, "test", None)
    return tested is None or any(isinstance(part, _RUN) for part in ast.walk(tested))


def _is_generator(body: Sequence[ast.stmt]) -> bool:
    """Whether a function with this body is a generator, which calling it does not run."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending += ast.iter_child_nodes(node)
    return False


def _compute_digest(statements: Sequence[ast.stmt]) -> str:
    """Compute the digest of statements without their places."""
    text = "\n".join(ast.dump(statement) for statement in statements)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
