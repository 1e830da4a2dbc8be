"""What is known of the names in a function that is analysed: its parameters, and what its globals hold."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from types import FunctionType, ModuleType
from typing import Any

from spec2bdd.adapters.behave.vacuity.bindings import find_bindings
from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.sources import FunctionNode, SourceCache
from spec2bdd.model.values import dataclass

# What a name that cannot be resolved resolves to; `None` is a value like any other.
UNKNOWN = object()

# What `context.failed` holds where a step runs: nothing of its scenario has failed before.
NOT_FAILED = ast.Constant(value=False)

# What `context.table` or `context.text` holds where the step has none.
NO_ARGUMENT = ast.Constant(value=None)

AttributePath = tuple[str, ...]
"""The names of attributes that lead from Behave's context to a value, such as `("page", "is_open")`."""


# Two more questions that only a run answers: whether all arguments of the step are what its text says, and whether none
# of the sub-steps that it ran can fail.
TEXT_ARGUMENTS: AttributePath = ("", "arguments")
VACUOUS_SUBSTEPS: AttributePath = ("", "execute_steps")
# Whether an attribute of the context is a logger; its name follows.
LOGGER: AttributePath = ("", "logger")
# Whether the step has no table or no text; which of them follows.
MISSING: AttributePath = ("", "missing")
# The question whether nothing reads some attributes of the context after the step; their names follow.
UNREAD: AttributePath = ("", "unread")
# Those of them that hold a collection to which the step adds: nothing else may refer to it.
COLLECTED: AttributePath = ("", "collected")


@dataclass(frozen=True, slots=True)
class WeakCheck:
    """Code that looks like a check and can never fail: its line and why.

    `is_assertion` says that it is an assertion, and `swallows` that it swallows all that is checked inside it.
    """

    line: int
    reason: str
    is_assertion: bool = False
    swallows: bool = False


@dataclass(frozen=True, slots=True)
class StoredCheck:
    """The outcome of a check that is only stored in an attribute of the context: the name, the line, and the check.

    With `is_added`, the attribute holds a collection to which it is added.
    """

    name: str
    line: int
    check: str
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What a name holds: the expression it was bound to, its value if that is known, and whether it is true.

    The value and the truth of a list or another object that can change count only until something may have changed it.
    """

    node: ast.expr
    value: Any = UNKNOWN
    truth: Any = None
    is_fixed: bool = True


@dataclass(slots=True)
class Scope:
    """The names of one function while its statements are analysed in order.

    `polls` is set inside a `while`; `plain` holds the names that can be read; `callers` are the code objects of the
    functions on the way here. `contexts` are the parameters that hold Behave's context. `questions` are the attributes
    from there on of which it decides whether they are methods, and `methods` those that are, as far as that is known.
    `held` is what local names, and attributes of the context, hold at this point; `followed` are the names of the
    functions inside the step on the way here. `arguments` are the parameters that get arguments of the step, `assumed`
    the conditions that have a known value wherever this point is reached, `patched` the full names of the attributes of
    modules that the step has replaced. `stored` are the outcomes of checks that attributes of the context hold, and
    `results` the local names that hold some. `outcome` is the check that decides whether this point is reached. `bound`
    are the parameters that get the object of a method. `dropped` are the conditions on plain values that decide
    nothing, which count only where `unknown_calls`, of the function and of those that it calls, are none.
    """

    function: FunctionType
    node: FunctionNode
    sources: SourceCache
    context: str
    result_used: bool = False
    polls: bool = False
    plain: set[str] = field(default_factory=set)
    locals: frozenset[str] = frozenset()
    weak_checks: list[WeakCheck] = field(default_factory=list)
    callers: frozenset[Any] = frozenset()
    contexts: frozenset[str] = frozenset()
    methods: frozenset[AttributePath] = frozenset()
    questions: list[AttributePath] = field(default_factory=list)
    aliases: Mapping[str, ast.expr] = field(default_factory=dict)
    imports: Mapping[str, Any] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    followed: frozenset[str] = frozenset()
    arguments: tuple[str, ...] = ()
    assumed: tuple[tuple[ast.expr, bool], ...] = ()
    patched: frozenset[str] = frozenset()
    stored: list[StoredCheck] = field(default_factory=list)
    results: set[str] = field(default_factory=set)
    outcome: ast.expr | None = None
    bound: tuple[str, ...] = ()
    dropped: list[WeakCheck] = field(default_factory=list)
    unknown_calls: list[ast.Call] = field(default_factory=list)

    def ask(self, question: AttributePath) -> bool:
        """Ask what only a run can answer, and find whether it is known to hold."""
        self.questions.append(question)
        return question in self.methods

    def add_weak(self, node: ast.AST, reason: str, *, is_assertion: bool = False, swallows: bool = False) -> None:
        """Remember code that looks like a check and can never fail."""
        self.weak_checks.append(WeakCheck(getattr(node, "lineno", 0), reason, is_assertion, swallows))

    def add_dropped(self, node: ast.AST, reason: str) -> None:
        """Remember a condition on plain values that decides nothing."""
        self.dropped.append(WeakCheck(getattr(node, "lineno", 0), reason))

    def branch(self) -> Scope:
        """Copy the scope for statements that may not run; weak checks are shared."""
        return replace(self, plain=set(self.plain), held=dict(self.held))

    def assume(self, condition: ast.expr, *, value: bool) -> Scope:
        """Copy the scope for what is reached only where a condition has a value."""
        inner = self.branch()
        inner.assumed = (*self.assumed, (condition, value))
        return inner

    def is_context(self, node: ast.expr) -> bool:
        """Whether an expression is a parameter that holds Behave's context and nothing else, or another name of it."""
        if (
            isinstance(node, ast.Name)
            and isinstance(alias := self.aliases.get(node.id), ast.Name)
            and alias is not node
        ):
            node = alias
        if not isinstance(node, ast.Name) or node.id not in self.contexts:
            return False
        names = (part for part in walk(self.node) if isinstance(part, ast.Name) and part.id == node.id)
        return all(isinstance(name.ctx, ast.Load) for name in names)

    def find_full_name(self, node: ast.AST) -> str:
        """Find the name of an attribute of a module, with that of the module; empty for anything else."""
        owner = self.resolve(node.value) if isinstance(node, ast.Attribute) else None
        return (
            f"{owner.__name__}.{node.attr}" if isinstance(owner, ModuleType) and isinstance(node, ast.Attribute) else ""
        )

    def find_key(self, node: ast.AST) -> str:
        """Find the key in `held` of a local name, or of an attribute of the context; empty for anything else."""
        match node:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in self.contexts:
                return f".{attribute}"
        return ""

    def follow(self, node: ast.expr) -> ast.expr:
        """Find the expression that a name or an attribute of the context was bound to; others stay as they are."""
        held = self.held.get(self.find_key(node))
        return held.node if held and self._is_lasting(held.node) else node

    def _is_lasting(self, node: ast.expr) -> bool:
        """Whether an expression has no local names, which may be bound to something else by now."""
        names = (part.id for part in walk(node) if isinstance(part, ast.Name))
        return not any(name in self.locals and name not in self.imports for name in names)

    def resolve(self, node: ast.expr) -> Any:
        """Find the object that a name, or an attribute of a module or a class, refers to; `UNKNOWN` if unsure."""
        if isinstance(node, ast.Attribute):
            owner = self.resolve(node.value)
            if type(owner) is type:
                parents = (vars(parent) for parent in owner.__mro__)
                value = next((names[node.attr] for names in parents if node.attr in names), UNKNOWN)
                value = value.__func__ if type(value) is staticmethod else value
                return value if type(value) is FunctionType else UNKNOWN
            # Attributes of other objects may be computed by code of the project.
            return vars(owner).get(node.attr, UNKNOWN) if isinstance(owner, ModuleType) else UNKNOWN
        if not isinstance(node, ast.Name):
            return UNKNOWN
        if node.id in self.locals:
            if node.id not in self.imports and (held := self.held.get(node.id)) and held.node is not node:
                return self.resolve(held.node) if self._is_lasting(held.node) else UNKNOWN
            return self.imports.get(node.id, UNKNOWN)
        closure = dict(zip(self.function.__code__.co_freevars, self.function.__closure__ or (), strict=True))
        if node.id in closure:
            try:
                return closure[node.id].cell_contents
            except ValueError:  # The cell is still empty.
                return UNKNOWN
        names = self.function.__globals__
        builtins = names.get("__builtins__", {})
        builtins = vars(builtins) if isinstance(builtins, ModuleType) else builtins
        return names.get(node.id, builtins.get(node.id, UNKNOWN))


def build_scope(
    node: FunctionNode,
    function: FunctionType,
    sources: SourceCache,
    *,
    callers: frozenset[Any] = frozenset(),
    methods: frozenset[AttributePath] = frozenset(),
    offset: int = 0,
) -> Scope:
    """Build the scope at the start of a function; its first parameter after `offset` others is Behave's context."""
    parameters = list_parameters(node)
    code = function.__code__
    context = (*node.args.posonlyargs, *node.args.args)[offset : offset + 1]
    names = function.__globals__
    known = names.get("__builtins__")
    # `__builtins__` is the module in `__main__`, and its dictionary elsewhere; anything else is the project's.
    is_replaced = known is not builtins and known is not vars(builtins)
    aliases, imports = find_bindings(node)
    return Scope(
        function,
        node,
        sources,
        context[0].arg if context else "",
        plain={*parameters, *code.co_freevars},
        # With builtins of the project's own, no name means what it seems to mean.
        locals=frozenset((*code.co_varnames, *code.co_cellvars, *(dir(builtins) if is_replaced else ()))),
        callers=callers | {code},
        contexts=frozenset({context[0].arg} if context else ()),
        methods=methods,
        aliases=aliases,
        imports=imports,
        bound=tuple(parameters[:offset]),
    )


def list_parameters(node: FunctionNode) -> list[str]:
    """List the names of all parameters."""
    arguments = node.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [parameter.arg for parameter in parameters if parameter]


def is_literal(node: ast.expr) -> bool:
    """Whether an expression is a constant, such as `-1` or `{"a": [1]}`."""
    if isinstance(node, ast.Constant):
        return True
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


def is_one_of(value: object, known: Iterable[object]) -> bool:
    """Whether an object is one of those known; `==` could run code of the project, and `mock.ANY` equals everything."""
    return any(value is other for other in known)


def list_calls(node: ast.AST) -> Iterator[ast.Call]:
    """List the calls in an expression that run when it is evaluated: not those inside a lambda or a generator."""
    if isinstance(node, ast.Lambda | ast.GeneratorExp):
        return
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from list_calls(child)
