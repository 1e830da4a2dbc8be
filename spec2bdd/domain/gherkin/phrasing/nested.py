"""Parse what an author wrote under a criterion into scripts, and report what cannot be used.

Bullets that start with Given, When, Then, And or But are steps at any depth; a table or code block right under one is
its argument. A bullet such as `Example: a late book` starts another scenario, and so does one that is a whole
`Given ..., when ..., then ...`. A `Given` after a `Then` does not, for it may depend on all steps before it. A
criterion that is itself a `Given` or a `When` is the first step of the bullets under it. Bullets under a step that ends
with a colon are its data. All other bullets are notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import groupby

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, compile_label
from spec2bdd.domain.gherkin.grammar.outlines import PLACEHOLDER
from spec2bdd.domain.gherkin.grammar.step_arguments import normalize_doc_string, normalize_rows
from spec2bdd.domain.gherkin.phrasing.gherkin_block import INFOS, parse_fenced, parse_step
from spec2bdd.domain.gherkin.phrasing.script import ScenarioScript, ScriptError, Token, TokenKind, parse_scripts
from spec2bdd.domain.gherkin.phrasing.sentences import parse_given_when_then, split_opening
from spec2bdd.model import Criterion, NestedBlock, NestedBlockKind, Step
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_single_line

# The end of a text whose outcomes are listed under it.
_OPEN_THEN = re.compile(r"(?<=\S),? then[:\uff1a]\s*$", re.IGNORECASE)
# The kinds of step with which bullets can continue a criterion that is a step itself, by the kind of that step.
_CONTINUATIONS = {
    "given": frozenset({"given", "when", "then", "and", "but"}),
    "when": frozenset({"when", "then", "and", "but"}),
    "then": frozenset({"and", "but"}),
}
# The longest keyword with a colon after it.
_LONGEST_KEYWORD = 24
# The same for a whole sentence.
_AFTER_SENTENCE = frozenset({"then", "and", "but"})


@dataclass(frozen=True, slots=True)
class PhrasingResult:
    """The scripts of a criterion, and the errors in what could not be used.

    `name` is that of the only scenario, where it is not the text of the criterion. `is_opened` says that its steps
    begin with the text of the criterion.
    """

    scripts: tuple[ScenarioScript, ...] = ()
    faults: tuple[ScriptError, ...] = ()
    name: str = ""
    is_opened: bool = False


def parse_nested(criterion: Criterion, language: str, sentence: Sequence[Step] = ()) -> PhrasingResult:
    """Parse what the author wrote under a criterion; an error in one part does not hide the others.

    `sentence` has the steps of the text of the criterion, if it is a whole sentence of steps.
    """
    blocks = _spread_keywords(list_nested_blocks(criterion), language)
    if not blocks:
        return PhrasingResult()
    if opened := _OPEN_THEN.search(criterion.text):
        criterion = replace(criterion, text=criterion.text[: opened.start()])
        blocks = _continue_then(blocks, language)
    opening = _find_opening(criterion, blocks, language, sentence)
    blocks = _gather_data([*opening, *blocks], language)
    scripts: list[ScenarioScript] = []
    errors: list[ScriptError] = []
    # Each fenced block is parsed alone, the bullets, tables and code between two of them together.
    for fenced, part in groupby(_mark_fenced(blocks, language), key=lambda pair: pair[0]):
        neighbours = [block for _, block in part]
        results: list[tuple[ScenarioScript, ...] | ScriptError] = []
        if fenced:
            for block in neighbours:
                result = parse_fenced(block.text, language)
                located = replace(result, line=block.line + result.line) if isinstance(result, ScriptError) else result
                results.append(located)
        elif tokens := list(_parse_tokens(neighbours, language)):
            results.append(parse_scripts(tokens))
        for result in results:
            if isinstance(result, ScriptError):
                errors.append(result)
            else:
                scripts += result
    return PhrasingResult(tuple(scripts), tuple(errors), is_opened=bool(opening))


def list_nested_blocks(criterion: Criterion) -> tuple[NestedBlock, ...]:
    """List what is under a criterion; a criterion that was not read from a file may have bullets alone."""
    return criterion.nested or tuple(NestedBlock(NestedBlockKind.BULLET, text) for text in criterion.bullets)


def parse_step_data(
    steps: Sequence[Step], criterion: Criterion, language: str
) -> tuple[ScenarioScript, ScriptError | None]:
    """Build the script of a criterion without scripts under it: the last step gets the table or the list under it.

    A table is a data table, or holds the examples if its columns are the placeholders of the steps. Bullets or a block
    of code are a doc string if the text announces them by a colon.
    """
    tokens = [Token(TokenKind.STEP, criterion.line, step=step) for step in steps]
    blocks = list_nested_blocks(criterion)
    if not blocks:
        return ScenarioScript(tuple(steps)), None
    opening = NestedBlock(NestedBlockKind.BULLET, criterion.text, depth=-1, line=criterion.line)
    # The text is no step with a keyword, so it is gathered by its colon alone.
    before, argument = _gather_data([opening, *blocks], language, steps={0})[:2]
    placeholders = {name for step in steps for name in PLACEHOLDER.findall(step.text)}
    if argument.kind is not NestedBlockKind.BULLET and argument.info.lower() not in INFOS:
        last = tokens[-1]
        is_announced = argument.kind is NestedBlockKind.TABLE or criterion.text.rstrip().endswith((":", "\uff1a"))
        tokens += (
            _parse_argument(argument, before, last, placeholders=placeholders, language=language)
            if is_announced
            else ()
        )
    scripts = parse_scripts(tokens)
    if isinstance(scripts, ScriptError):
        return ScenarioScript(tuple(steps)), scripts
    return scripts[0], None


def _spread_keywords(blocks: Sequence[NestedBlock], language: str) -> tuple[NestedBlock, ...]:
    """Make a step of each bullet under one that is only a keyword, as in `**Given:**`."""
    spread: list[NestedBlock] = []
    bare: NestedBlock | None = None
    keyword = ""
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        is_bullet = block.kind is NestedBlockKind.BULLET
        if bare and (block.depth <= bare.depth or not is_bullet):
            bare = bare if block.depth > bare.depth else None
        if bare and is_bullet and block.depth == bare.depth + 1 and not parse_step(block.text, language):
            spread.append(replace(block, text=f"{keyword} {block.text}"))
            keyword = LANGUAGES[language].steps["and"][0]
            continue
        word = block.text.rstrip(" :\uff1a") if is_bullet and len(block.text) <= _LONGEST_KEYWORD else ""
        step = parse_step(f"{word} x", language) if word else None
        is_open = following and following.kind is NestedBlockKind.BULLET and following.depth > block.depth
        if step and step.text == "x" and step.kind != "*" and is_open:
            bare, keyword = block, step.keyword
        else:
            spread.append(block)
    return tuple(spread)


def _continue_then(blocks: Sequence[NestedBlock], language: str) -> tuple[NestedBlock, ...]:
    """Make outcomes of the bullets under `Given ..., when ..., then:`."""
    words = LANGUAGES[language].steps
    continued: list[NestedBlock] = []
    for block in blocks:
        is_outcome = block.kind is NestedBlockKind.BULLET and not block.depth and not _parse_bullet(block, language)
        keyword = words["and" if continued else "then"][0]
        continued.append(replace(block, text=f"{keyword} {block.text}") if is_outcome else block)
    return tuple(continued)


def _find_opening(
    criterion: Criterion, blocks: Sequence[NestedBlock], language: str, sentence: Sequence[Step]
) -> list[NestedBlock]:
    """Find the steps in the text of a criterion that the bullets under it continue."""
    line = to_single_line(criterion.text)
    step = parse_step(line, language)
    # "Given, when and then ..." is prose.
    is_prose = step is None or line.removesuffix(step.text)[-2:-1] in (",", "\uff0c")
    if sentence:
        kinds, parts = _AFTER_SENTENCE, tuple(f"{part.keyword} {part.text}" for part in sentence)
    elif step and not is_prose and step.kind in _CONTINUATIONS:
        kinds, parts = _CONTINUATIONS[step.kind], split_opening(line, language)
    else:
        return []
    opening = [NestedBlock(NestedBlockKind.BULLET, part, depth=-1, line=criterion.line) for part in parts]
    examples = compile_label(language, "examples")
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if block.kind is NestedBlockKind.CODE and block.info.lower() in INFOS:
            return []
        if sentence and following and following.rows and examples.fullmatch(to_single_line(block.text)):
            return opening
        if tokens := _parse_bullet(block, language) if block.kind is NestedBlockKind.BULLET else []:
            # A heading, or a whole sentence, is a scenario of its own.
            first = tokens[0].step if len(tokens) == 1 else None
            return opening if first and first.kind in kinds else []
    return []


def _gather_data(
    blocks: Sequence[NestedBlock], language: str, *, steps: Set[int] = frozenset()
) -> tuple[NestedBlock, ...]:
    """Gather the bullets under a step that ends with a colon into one block of text, the data of the step.

    `steps` are the indices of blocks that are steps without a keyword.
    """
    gathered: list[NestedBlock] = []
    step: NestedBlock | None = None
    data: list[NestedBlock] = []
    for index, block in enumerate(blocks):
        is_bullet = block.kind is NestedBlockKind.BULLET
        tokens = _parse_bullet(block, language) if is_bullet and index not in steps else []
        is_data = step and is_bullet and not tokens and block.depth >= step.depth
        if is_data and not compile_label(language, "examples").fullmatch(to_single_line(block.text)):
            data.append(block)
            continue
        gathered += _join_data(data)
        data = []
        is_step = index in steps or (bool(tokens) and tokens[-1].kind is TokenKind.STEP)
        step = block if is_step and block.text.rstrip().endswith((":", "\uff1a")) else None
        gathered.append(block)
    return (*gathered, *_join_data(data))


def _join_data(bullets: Sequence[NestedBlock]) -> list[NestedBlock]:
    """Join bullets to one block of text with a line for each, indented as they are nested."""
    if not bullets:
        return []
    depth = min(bullet.depth for bullet in bullets)
    lines = ("  " * (bullet.depth - depth) + to_single_line(bullet.text) for bullet in bullets)
    return [NestedBlock(NestedBlockKind.CODE, "\n".join(lines), depth=depth + 1, line=bullets[0].line)]


def _mark_fenced(blocks: Sequence[NestedBlock], language: str) -> Iterator[tuple[bool, NestedBlock]]:
    """Yield each block, and whether it is a scenario in Gherkin; under a step, such a block is a doc string."""
    before: NestedBlock | None = None
    for block in blocks:
        is_gherkin = block.kind is NestedBlockKind.CODE and block.info.lower() in INFOS
        is_doc_string = (
            before is not None
            and before.kind is NestedBlockKind.BULLET
            and block.depth > before.depth
            and parse_step(before.text, language) is not None
        )
        yield is_gherkin and not is_doc_string, block
        before = block


def _parse_tokens(blocks: Sequence[NestedBlock], language: str) -> Iterator[Token]:
    """Yield the tokens of scenarios in the order of the file; what does not fit in is a note."""
    label: Token | None = None
    last: Token | None = None
    # The placeholders of the current scenario, by which a table of examples is recognized.
    placeholders: set[str] = set()
    for before, block in zip([None, *blocks[:-1]], blocks, strict=True):
        if block.kind is not NestedBlockKind.BULLET:
            tokens = _parse_argument(block, before, last, placeholders=placeholders, language=language) if last else []
        else:
            tokens = _parse_bullet(block, language)
            if tokens and tokens[0].kind is TokenKind.SCENARIO:
                # It is a heading only if a step follows, else a note.
                label, tokens = tokens[0], []
            elif tokens:
                if last is None and tokens[0].step and tokens[0].step.kind in ("and", "but"):
                    # "And so on" without a step before it is prose, and so is what follows.
                    return
                if len(tokens) > 1 and last and not label:
                    # A whole sentence is a scenario of its own.
                    label = Token(TokenKind.SCENARIO, block.line)
                tokens, label = [*([label] if label else ()), *tokens], None
        yield from tokens
        last = tokens[-1] if tokens else last
        if tokens and tokens[0].kind is TokenKind.SCENARIO:
            placeholders = set()
        for token in tokens:
            text = token.step.text if token.step else token.text if token.kind is TokenKind.DOC else ""
            placeholders.update(PLACEHOLDER.findall(text))


def _parse_bullet(block: NestedBlock, language: str) -> list[Token]:
    """Parse a bullet into its steps, one or those of a whole sentence, or into the heading of a scenario."""
    line = to_single_line(block.text)
    steps = parse_given_when_then(line, language)
    if not steps:
        step = parse_step(block.text, language)
        # A star starts a step only in Gherkin; here it is more likely a footnote.
        steps = (step,) if step and step.kind != "*" else ()
    if steps:
        return [Token(TokenKind.STEP, block.line, step=step) for step in steps]
    for keyword in ("scenario", "outline"):
        if label := compile_label(language, keyword).fullmatch(line):
            return [Token(TokenKind.SCENARIO, block.line, to_single_line(label[1] or ""))]
    return []


def _parse_argument(
    block: NestedBlock, before: NestedBlock | None, last: Token, *, placeholders: Set[str], language: str
) -> list[Token]:
    """Parse a table or code block: the argument of the step before it, examples, or nothing.

    A table holds examples after a bullet that says so, and where its columns include all placeholders of the scenario.
    """
    bullet = before if before and before.kind is NestedBlockKind.BULLET else None
    is_inside = bullet is not None and block.depth > bullet.depth
    rows = normalize_rows(block.rows)
    if rows:
        examples = compile_label(language, "examples").fullmatch(to_single_line(bullet.text)) if bullet else None
        # A table inside a step is its data table even if it has the right columns.
        if examples or (placeholders and not is_inside and placeholders <= set(block.rows[0])):
            name = to_single_line(examples[1] or "") if examples else ""
            return [Token(TokenKind.EXAMPLES, block.line, name), Token(TokenKind.TABLE, block.line, rows=rows)]
    # An argument belongs to the bullet right before it: it is nested in it, or announced by a colon.
    if bullet is None or last.kind is not TokenKind.STEP or last.line != bullet.line:
        return []
    if not (is_inside or bullet.text.endswith(":")):
        return []
    if block.kind is NestedBlockKind.TABLE:
        return [Token(TokenKind.TABLE, block.line, rows=rows)]
    return [Token(TokenKind.DOC, block.line, normalize_doc_string(block.text))]
