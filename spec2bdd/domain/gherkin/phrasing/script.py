"""What an author wrote below a criterion in pieces in, the scripts of its scenarios out, or what makes no sense."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from spec2bdd.domain.gherkin.grammar.outlines import expand_text
from spec2bdd.domain.gherkin.grammar.step_arguments import Rows, find_doc_fault, find_table_fault
from spec2bdd.model import Examples, Step


class TokenKind(StrEnum):
    """What one piece of a script is."""

    SCENARIO = "scenario"
    STEP = "step"
    TABLE = "table"
    DOC = "doc string"
    EXAMPLES = "examples"


@dataclass(frozen=True, slots=True)
class Token:
    """One piece: `text` is a name or a doc string, `rows` are a table's; `line` is where it stands."""

    kind: TokenKind
    line: int
    text: str = ""
    rows: Rows = ()
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class ScenarioScript:
    """One scenario that belongs to no criterion yet: its steps, its author's name for it, if any, its examples."""

    steps: tuple[Step, ...]
    name: str = ""
    examples: tuple[Examples, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptError:
    """Why something that the author wrote cannot become steps, and the line where it stands."""

    line: int
    message: str


# What may follow what: a state and a piece, and the state that they lead to. `ready` means that the scenario may end.
_NEXT = {
    ("start", TokenKind.SCENARIO): "named",
    ("start", TokenKind.STEP): "step",
    ("named", TokenKind.STEP): "step",
    ("step", TokenKind.STEP): "step",
    ("step", TokenKind.TABLE): "ready",
    ("step", TokenKind.DOC): "ready",
    ("step", TokenKind.EXAMPLES): "examples",
    ("step", TokenKind.SCENARIO): "named",
    ("ready", TokenKind.STEP): "step",
    ("ready", TokenKind.EXAMPLES): "examples",
    ("ready", TokenKind.SCENARIO): "named",
    ("examples", TokenKind.TABLE): "rows",
    ("rows", TokenKind.EXAMPLES): "examples",
    ("rows", TokenKind.SCENARIO): "named",
}
_WANTED = {
    "start": "there is no step",
    "named": "a scenario without a step",
    "examples": "`Examples:` without a table",
}


def parse_scripts(pieces: Sequence[Token]) -> tuple[ScenarioScript, ...] | ScriptError:
    """Return the script of each scenario, or the first place that makes no sense."""
    if fault := find_script_error(pieces):
        return fault
    parts = _cut(pieces)
    scripts = tuple(map(_derive_script, parts))
    empty = (part[0].line for part, script in zip(parts, scripts, strict=True) if _tell_empty(script))
    return next((ScriptError(line, "a row of the examples leaves a step without words") for line in empty), scripts)


def find_script_error(pieces: Sequence[Token]) -> ScriptError | None:
    """Return the first piece that cannot stand where it stands, or that cannot be written."""
    state = "start"
    for piece in pieces:
        before, state = state, _NEXT.get((state, piece.kind), "")
        if not state:
            found = _WANTED.get(before) if piece.kind is not TokenKind.TABLE else None
            return ScriptError(piece.line, found or f"a {piece.kind} cannot stand here")
        if message := _find_odd(piece, before):
            return ScriptError(piece.line, message)
    return ScriptError(pieces[-1].line if pieces else 0, _WANTED[state]) if state in _WANTED else None


def derive_kinds(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield steps with the kind that Behave gives to `And`, `But` and `*`: that of the step before, else `given`."""
    kind = ""
    for step in steps:
        kind = (kind or "given") if step.kind in ("and", "but", "*") else step.kind
        yield replace(step, kind=kind)


def _find_odd(piece: Token, state: str) -> str:
    """Return why a piece cannot be written, or nothing."""
    if piece.kind is TokenKind.DOC:
        return find_doc_fault(piece.text)
    if piece.kind is TokenKind.TABLE:
        return find_table_fault(piece.rows) or (_find_examples_fault(piece.rows) if state == "examples" else "")
    first = piece.step and state in ("start", "named") and piece.step.kind in ("and", "but")
    return f"`{piece.step.keyword}` has no step before it" if first and piece.step else ""


def _find_examples_fault(rows: Rows) -> str:
    """Return why rows cannot be the examples of an outline, or nothing."""
    if len(rows) < 2:
        return "examples without a row prove nothing"
    return "" if len(set(rows[0])) == len(rows[0]) else "two columns of the examples have one name"


def _tell_empty(script: ScenarioScript) -> bool:
    """Tell whether a step of an outline has no words in some row: Behave finds no definition for that."""
    return any(not text.strip() for step in script.steps for text in expand_text(step.text, script.examples))


def _cut(pieces: Sequence[Token]) -> list[list[Token]]:
    """Return the pieces of each scenario."""
    scenarios: list[list[Token]] = []
    for piece in pieces:
        if piece.kind is TokenKind.SCENARIO or not scenarios:
            scenarios.append([])
        scenarios[-1].append(piece)
    return scenarios


def _derive_script(pieces: Sequence[Token]) -> ScenarioScript:
    """Return the script of one scenario; its pieces stand where they can."""
    steps: list[Step] = []
    examples: list[Examples] = []
    name = ""
    for before, piece in zip([None, *pieces[:-1]], pieces, strict=True):
        match piece.kind:
            case TokenKind.SCENARIO:
                name = piece.text
            case TokenKind.STEP if piece.step:
                steps.append(piece.step)
            case TokenKind.DOC:
                steps[-1] = replace(steps[-1], doc=piece.text)
            case TokenKind.TABLE if before and before.kind is TokenKind.EXAMPLES:
                examples.append(Examples(piece.rows, before.text))
            case TokenKind.TABLE:
                steps[-1] = replace(steps[-1], table=piece.rows)
    return ScenarioScript(tuple(derive_kinds(steps)), name, tuple(examples))
