"""Parse the tokens of what an author wrote under a criterion into scripts of scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from spec2bdd.domain.gherkin.grammar.outlines import expand_text
from spec2bdd.domain.gherkin.grammar.step_arguments import Rows, find_doc_string_error, find_table_error
from spec2bdd.model import Examples, Step
from spec2bdd.model.values import dataclass


class TokenKind(StrEnum):
    """What a token is."""

    SCENARIO = "scenario"
    STEP = "step"
    TABLE = "table"
    DOC = "doc string"
    EXAMPLES = "examples"


@dataclass(frozen=True, slots=True)
class Token:
    """One token and its line: `text` is a name or a doc string, `rows` are those of a table."""

    kind: TokenKind
    line: int
    text: str = ""
    rows: Rows = ()
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class ScenarioScript:
    """One scenario that belongs to no criterion yet: its steps, its name if the author gave it one, its examples."""

    steps: tuple[Step, ...]
    name: str = ""
    examples: tuple[Examples, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptError:
    """Why something that the author wrote cannot become steps, and its line."""

    line: int
    message: str


# The state that a token leads to from another state; any other token is an error. A scenario may end in `step`,
# `ready` (the last step has its argument) and `rows`.
_NEXT_STATE = {
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
# What is missing where a scenario may not end, or where another token follows.
_MISSING = {
    "start": "no steps",
    "named": "a scenario without a step",
    "examples": "`Examples:` without a table",
}


def parse_scripts(tokens: Sequence[Token]) -> tuple[ScenarioScript, ...] | ScriptError:
    """Parse tokens into one script for each scenario, or find the first error."""
    if error := find_script_error(tokens):
        return error
    scenarios: list[list[Token]] = []
    for token in tokens:
        # The first scenario may have no heading.
        if token.kind is TokenKind.SCENARIO or not scenarios:
            scenarios.append([])
        scenarios[-1].append(token)
    scripts = tuple(map(_build_script, scenarios))
    for scenario, script in zip(scenarios, scripts, strict=True):
        # Behave finds no definition for an empty step.
        texts = (text for step in script.steps for text in expand_text(step.text, script.examples))
        if any(not text.strip() for text in texts):
            return ScriptError(scenario[0].line, "a row of the examples makes a step empty")
    return scripts


def find_script_error(tokens: Sequence[Token]) -> ScriptError | None:
    """Find the first token that is not allowed where it is, or that cannot be written."""
    # A small state machine; the empty state means that the token is not allowed.
    state = "start"
    for token in tokens:
        before, state = state, _NEXT_STATE.get((state, token.kind), "")
        if not state:
            # A misplaced table is reported as such: the reader sees the table, not what is missing before it.
            missing = _MISSING.get(before) if token.kind is not TokenKind.TABLE else None
            return ScriptError(token.line, missing or f"a {token.kind} is not allowed here")
        if message := _find_token_error(token, before):
            return ScriptError(token.line, message)
    return ScriptError(tokens[-1].line if tokens else 0, _MISSING[state]) if state in _MISSING else None


def resolve_kinds(steps: Iterable[Step]) -> Iterator[Step]:
    """Give `And`, `But` and `*` the kind that Behave gives them: that of the step before, else `given`."""
    kind = ""
    for step in steps:
        kind = (kind or "given") if step.kind in ("and", "but", "*") else step.kind
        yield replace(step, kind=kind)


def _find_token_error(token: Token, state: str) -> str:
    """Find the reason why a token cannot be written in this state; empty if it can."""
    if token.kind is TokenKind.DOC:
        return find_doc_string_error(token.text)
    if token.kind is TokenKind.TABLE:
        error = find_table_error(token.rows)
        if error or state != "examples":
            return error
        if len(token.rows) < 2:
            return "examples without rows"
        header = token.rows[0]
        return "" if len(set(header)) == len(header) else "duplicate column name in the examples"
    if token.step and token.step.kind in ("and", "but") and state in ("start", "named"):
        return f"`{token.step.keyword}` has no step before it"
    return ""


def _build_script(tokens: Sequence[Token]) -> ScenarioScript:
    """Build the script of one scenario from tokens in a valid order."""
    # `find_script_error` has checked the order: an argument always has a step before it.
    steps: list[Step] = []
    examples: list[Examples] = []
    name = ""
    for before, token in zip([None, *tokens[:-1]], tokens, strict=True):
        match token.kind:
            case TokenKind.SCENARIO:
                name = token.text
            case TokenKind.STEP if token.step:
                steps.append(token.step)
            case TokenKind.DOC:
                steps[-1] = replace(steps[-1], doc=token.text)
            case TokenKind.TABLE if before and before.kind is TokenKind.EXAMPLES:
                examples.append(Examples(token.rows, before.text))
            case TokenKind.TABLE:
                steps[-1] = replace(steps[-1], table=token.rows)
    return ScenarioScript(tuple(resolve_kinds(steps)), name, tuple(examples))
