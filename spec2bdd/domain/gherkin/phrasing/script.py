"""What an author wrote below a criterion in pieces in, the scripts of its scenarios out, or what makes no sense."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from spec2bdd.domain.gherkin.grammar.outlines import expand_text
from spec2bdd.domain.gherkin.grammar.step_arguments import Rows, find_doc_fault, find_table_fault
from spec2bdd.model import Examples, Step


class PieceKind(StrEnum):
    """What one piece of a script is."""

    SCENARIO = "scenario"
    STEP = "step"
    TABLE = "table"
    DOC = "doc string"
    EXAMPLES = "examples"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: `text` is a name or a doc string, `rows` are a table's; `line` is where it stands."""

    kind: PieceKind
    line: int
    text: str = ""
    rows: Rows = ()
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """One scenario that belongs to no criterion yet: its steps, its author's name for it, if any, its examples."""

    steps: tuple[Step, ...]
    name: str = ""
    examples: tuple[Examples, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something that the author wrote cannot become steps, and the line where it stands."""

    line: int
    message: str


# What may follow what: a state and a piece, and the state that they lead to. `ready` means that the scenario may end.
_NEXT = {
    ("start", PieceKind.SCENARIO): "named",
    ("start", PieceKind.STEP): "step",
    ("named", PieceKind.STEP): "step",
    ("step", PieceKind.STEP): "step",
    ("step", PieceKind.TABLE): "ready",
    ("step", PieceKind.DOC): "ready",
    ("step", PieceKind.EXAMPLES): "examples",
    ("step", PieceKind.SCENARIO): "named",
    ("ready", PieceKind.STEP): "step",
    ("ready", PieceKind.EXAMPLES): "examples",
    ("ready", PieceKind.SCENARIO): "named",
    ("examples", PieceKind.TABLE): "rows",
    ("rows", PieceKind.EXAMPLES): "examples",
    ("rows", PieceKind.SCENARIO): "named",
}
_WANTED = {
    "start": "there is no step",
    "named": "a scenario without a step",
    "examples": "`Examples:` without a table",
}


def parse_scripts(pieces: Sequence[Piece]) -> tuple[Script, ...] | Fault:
    """Return the script of each scenario, or the first place that makes no sense."""
    if fault := find_fault(pieces):
        return fault
    parts = _cut(pieces)
    scripts = tuple(map(_derive_script, parts))
    empty = (part[0].line for part, script in zip(parts, scripts, strict=True) if _tell_empty(script))
    return next((Fault(line, "a row of the examples leaves a step without words") for line in empty), scripts)


def find_fault(pieces: Sequence[Piece]) -> Fault | None:
    """Return the first piece that cannot stand where it stands, or that cannot be written."""
    state = "start"
    for piece in pieces:
        before, state = state, _NEXT.get((state, piece.kind), "")
        if not state:
            found = _WANTED.get(before) if piece.kind is not PieceKind.TABLE else None
            return Fault(piece.line, found or f"a {piece.kind} cannot stand here")
        if message := _find_odd(piece, before):
            return Fault(piece.line, message)
    return Fault(pieces[-1].line if pieces else 0, _WANTED[state]) if state in _WANTED else None


def derive_kinds(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield steps with the kind that Behave gives to `And`, `But` and `*`: that of the step before, else `given`."""
    kind = ""
    for step in steps:
        kind = (kind or "given") if step.kind in ("and", "but", "*") else step.kind
        yield replace(step, kind=kind)


def _find_odd(piece: Piece, state: str) -> str:
    """Return why a piece cannot be written, or nothing."""
    if piece.kind is PieceKind.DOC:
        return find_doc_fault(piece.text)
    if piece.kind is PieceKind.TABLE:
        return find_table_fault(piece.rows) or (_find_examples_fault(piece.rows) if state == "examples" else "")
    first = piece.step and state in ("start", "named") and piece.step.kind in ("and", "but")
    return f"`{piece.step.keyword}` has no step before it" if first and piece.step else ""


def _find_examples_fault(rows: Rows) -> str:
    """Return why rows cannot be the examples of an outline, or nothing."""
    if len(rows) < 2:
        return "examples without a row prove nothing"
    return "" if len(set(rows[0])) == len(rows[0]) else "two columns of the examples have one name"


def _tell_empty(script: Script) -> bool:
    """Tell whether a step of an outline has no words in some row: Behave finds no definition for that."""
    return any(not text.strip() for step in script.steps for text in expand_text(step.text, script.examples))


def _cut(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return the pieces of each scenario."""
    scenarios: list[list[Piece]] = []
    for piece in pieces:
        if piece.kind is PieceKind.SCENARIO or not scenarios:
            scenarios.append([])
        scenarios[-1].append(piece)
    return scenarios


def _derive_script(pieces: Sequence[Piece]) -> Script:
    """Return the script of one scenario; its pieces stand where they can."""
    steps: list[Step] = []
    examples: list[Examples] = []
    name = ""
    for before, piece in zip([None, *pieces[:-1]], pieces, strict=True):
        match piece.kind:
            case PieceKind.SCENARIO:
                name = piece.text
            case PieceKind.STEP if piece.step:
                steps.append(piece.step)
            case PieceKind.DOC:
                steps[-1] = replace(steps[-1], doc=piece.text)
            case PieceKind.TABLE if before and before.kind is PieceKind.EXAMPLES:
                examples.append(Examples(piece.rows, before.text))
            case PieceKind.TABLE:
                steps[-1] = replace(steps[-1], table=piece.rows)
    return Script(tuple(derive_kinds(steps)), name, tuple(examples))
