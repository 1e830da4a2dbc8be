"""List the small changes that can be made to a module: another operator, another constant, a statement left out.

What nobody could tell from the original by any result is not changed:

- annotations, docstrings, the first argument of `cast`, what only type checkers run, and `__all__`, which only they
  and `import *` read;
- decorators, bases of classes, and arguments that guard against mistakes of ours (`_NEUTRAL`);
- how long is waited between two looks, for how long at most, and how much is read, buffered or cached at once: the
  numbers in constants with such names (`_COSTS`), and calls of `sleep`;
- the collector of garbage: calls in statements of functions of `gc`;
- `return False` to `return None` where a function says that it returns `bool`; to `return True` it is changed;
- `encoding="utf-8"` to no encoding, which is the same where the locale has UTF-8.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# A function that ends processes or removes folders is not changed: what a change of it does could not be contained.
DANGEROUS = ("kill", "rmtree", "unlink", "os.remove")
# Arguments that guard against mistakes of ours or make a class; without them nothing else is done.
_NEUTRAL = {"strict", "slots", "frozen", "kw_only", "exist_ok", "missing_ok", "maxsize", "stacklevel", "help"}
# Constants that decide how long something takes or how much memory it needs, and nothing else.
_COSTS = re.compile(
    r"(?:^|_)(?:TIMEOUT|SECONDS|INTERVAL|PAUSE|CACHE_SIZE|CACHED|CHUNK|BATCH_SIZE|BUFFER_SIZE|SPOOL_BYTES)(?:_|$)"
)
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Mod: ast.Mult,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a module and what replaces it; `digest` is that of the whole module before.

    `lines` are those in functions of which one runs where the change can matter; of some code that runs at the import,
    none are known.
    """

    path: str
    line: int
    start: int
    end: int
    old: str
    new: str
    digest: str
    lines: frozenset[int]

    @property
    def key(self) -> str:
        """What names the change in results of earlier runs."""
        return f"{self.path}:{self.digest}:{self.start}:{self.end}:{self.new}"

    def apply(self, content: bytes) -> bytes:
        """Make the change."""
        return content[: self.start] + self.new.encode() + content[self.end :]


def list_changes(path: str, content: bytes) -> list[Change]:
    """List the changes of a module in their order."""
    text = content.decode()
    starts = [0]
    for line in content.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    digest = digest_content(content)
    changes = {}
    tree = ast.parse(text)
    lines = _list_lines(tree)
    for part, new in _walk(tree):
        last = part.end_lineno or part.lineno
        start, end = starts[part.lineno - 1] + part.col_offset, starts[last - 1] + (part.end_col_offset or 0)
        old = content[start:end].decode(errors="replace")
        change = Change(path, part.lineno, start, end, old, new, digest, lines.get(part.lineno, frozenset()))
        changes[change.key] = change
    return sorted(changes.values(), key=lambda change: (change.start, change.end, change.new))


def _list_lines(tree: ast.Module) -> dict[int, frozenset[int]]:
    """List for each line which lines in functions belong to it: those of its statement, or the uses of its variable."""
    lines: dict[int, frozenset[int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = range(node.body[0].lineno, (node.end_lineno or 0) + 1)
            # The defaults of its parameters matter when it runs.
            lines |= dict.fromkeys(range(node.lineno, body.start), frozenset(body))
            lines |= {line: frozenset({line}) for line in body}
    inside = {line for line, own in lines.items() if line in own}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not hasattr(node, "body") and node.lineno in inside:
            statement = range(node.lineno, (node.end_lineno or 0) + 1)
            lines |= dict.fromkeys(statement, frozenset(statement))
    uses: dict[str, set[int]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.lineno in inside:
            uses[node.id] |= lines[node.lineno]
    # A variable may be used by others, which are defined below it.
    for statement_node in reversed(tree.body):
        if isinstance(statement_node, ast.Assign | ast.AnnAssign):
            names = [node for node in ast.walk(statement_node) if isinstance(node, ast.Name)]
            own = set().union(*(uses[node.id] for node in names if isinstance(node.ctx, ast.Store)))
            for node in names:
                uses[node.id] |= own
            place = range(statement_node.lineno, (statement_node.end_lineno or 0) + 1)
            lines |= dict.fromkeys(place, frozenset(own))
    return lines


def rank_changes(changes: Iterable[Change], seed: int) -> dict[str, str]:
    """Give each change, by its key, a random rank that depends on its text, and not on other changes."""
    seen: Counter[str] = Counter()
    ranks = {}
    for change in changes:
        name = f"{seed}:{change.path}:{change.old}:{change.new}"
        seen[name] += 1
        ranks[change.key] = hashlib.sha256(f"{name}:{seen[name]}".encode()).hexdigest()
    return ranks


def digest_content(content: bytes) -> str:
    """Return a short digest of a file."""
    return hashlib.sha256(content).hexdigest()[:12]


def digest_file(path: Path) -> str:
    """Return a short digest of a file on disk."""
    return digest_content(path.read_bytes())


def digest_tests(path: Path) -> str:
    """Return a short digest of a module of tests and of the data next to it, if it names their folder."""
    content = path.read_bytes()
    folders = [path.with_name(name) for name in ("data", "cases") if f'"{name}'.encode() in content]
    data = sorted(place for folder in folders for place in folder.rglob("*") if place.is_file())
    return digest_content(b"".join([content, *(place.read_bytes() for place in data)]))


def _walk(tree: ast.AST, *, returns: str = "") -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield the nodes that can be changed with their replacements; `returns` is the annotation of the function."""
    for child in _list_children(tree):
        if isinstance(child, ast.stmt) and not (returns == "bool" and _is_false(child)):
            yield from ((child, new) for new in _replace_statement(child))
        if isinstance(child, ast.expr):
            yield from ((child, f"({ast.unparse(new)})") for new in _replace_expression(child))
        if isinstance(child, ast.FunctionDef) and _is_dangerous(child):
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _walk(child, returns=ast.unparse(child.returns) if child.returns else "")
        else:
            yield from _walk(child, returns=returns)


def _is_dangerous(function: ast.FunctionDef) -> bool:
    """Return whether a function ends processes or removes files."""
    text = ast.unparse(function)
    return any(word in text for word in DANGEROUS)


def _list_children(node: ast.AST) -> Iterator[ast.AST]:
    """List the children of a node that are code and can be told from others by what they do."""
    if _has_no_result(node):
        return
    skipped: list[ast.AST | None] = []
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            skipped = [node.returns, *node.decorator_list]
        case ast.AnnAssign() | ast.arg():
            skipped = [node.annotation]
        case ast.ClassDef():
            skipped = [*node.decorator_list, *node.bases]
        case ast.Call(func=ast.Name(id="cast")):
            skipped = [*node.args[:1]]
    for child in ast.iter_child_nodes(node):
        is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if not is_text and not any(child is one for one in skipped):
            yield child


def _has_no_result(node: ast.AST) -> bool:
    """Return whether the parts of a node are no behaviour, or are not known."""
    match node:
        case ast.If():
            return "TYPE_CHECKING" in ast.unparse(node.test)
        case ast.keyword(arg=str() as name):
            return name in _NEUTRAL
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name == "__all__" or _COSTS.search(name) is not None
        case ast.Call():
            return _is_sleep(node)
    # The words of an error are no behaviour, but that it is raised is. Python 3.11 does not know where the parts of
    # an f-string are.
    return isinstance(node, ast.Raise | ast.JoinedStr)


def _replace_statement(node: ast.stmt) -> Iterator[str]:
    """Yield what can replace a statement."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="gc")))):
            return
        case ast.Expr(value=ast.Call() as call) if _is_sleep(call):
            return
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield "pass"
        case ast.Continue():
            yield "break"
        case ast.Break():
            yield "continue"
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield "return None"


def _replace_expression(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what can replace an expression."""
    new = copy.copy(node)
    match new:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            new.ops = [_COMPARISONS[type(operator)]()]
            yield new
        case ast.BoolOp():
            new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
            yield new
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
            new.op = _OPERATORS[type(operator)]()
            yield new
        case ast.IfExp():
            new.test = ast.UnaryOp(ast.Not(), new.test)
            yield new
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        # A text with a blank is a message; a mark, a name or a piece of syntax is not.
        case ast.Constant(value=str() as value) if value and " " not in value.strip():
            yield ast.Constant(f"{value}XX")
        case ast.Call(keywords=[*_, ast.keyword(arg=str()) as last]) if not _is_neutral(last):
            new.keywords = new.keywords[:-1]
            yield new


def _is_sleep(call: ast.Call) -> bool:
    """Whether a call only waits."""
    return isinstance(call.func, ast.Name | ast.Attribute) and ast.unparse(call.func) in (
        "sleep",
        "_sleep",
        "time.sleep",
    )


def _is_neutral(argument: ast.keyword) -> bool:
    """Return whether a call does the same without an argument."""
    return argument.arg in _NEUTRAL or ast.unparse(argument) == "encoding='utf-8'"


def _is_false(node: ast.stmt) -> bool:
    """Return whether a statement is `return False`."""
    return isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and node.value.value is False


def _is_none(node: ast.expr) -> bool:
    """Return whether an expression is `None`."""
    return isinstance(node, ast.Constant) and node.value is None


def is_python(content: bytes) -> bool:
    """Return whether this can be parsed."""
    try:
        ast.parse(content)
    except SyntaxError:
        return False
    return True
