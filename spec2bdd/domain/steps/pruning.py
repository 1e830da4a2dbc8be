"""Remove the untouched stubs that no scenario uses from step files.

Step code may call steps by their text. What such a text can become is judged too widely rather than too narrowly.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field

from spec2bdd.domain.steps.definitions import StepDefinition, decode_step_file, parse_definitions
from spec2bdd.domain.steps.module_names import SOURCES, find_matcher
from spec2bdd.domain.steps.stubs import DEFAULT_WIDTH, LEGACY_WIDTH, render_docstring
from spec2bdd.model import UnusedStep
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import Edit, apply_edits
from spec2bdd.text.slugs import slugify_words

_WORD = re.compile(r"[^\W_]+")
# A parameter of a pattern, as a regular expression or in braces.
_FIELD = re.compile(r"\(\?P<\w+>[^)]*\)|\{[^{}]*\}")
# A part of a string that is filled in when the code runs: of an f-string (NUL, see below), or of a format string.
_HOLE = re.compile(r"\0|\{[^{}]*\}|%[sdr]|\$\w+")
# The docstring of `steps.jinja`.
_HEADER = re.compile(r"Steps for .+\. These are yours: spec2bdd only adds what is missing\.")
# The docstring of a stub.
_DOC = re.compile(r"(?:Must|Should|Could): (.+)")
# What a function name ends with if another function had it already.
_NUMBER = re.compile(r"_\d+$")


@dataclass(frozen=True, slots=True)
class PruneResult:
    """The step files without their unused stubs, by path, None for one to delete; and the unused definitions.

    `stubs` are those of `unused` that `files` no longer contains.
    """

    files: Mapping[str, bytes | None] = field(default_factory=dict)
    unused: tuple[UnusedStep, ...] = ()
    stubs: frozenset[UnusedStep] = frozenset()


def find_prunable(
    unused: Sequence[UnusedStep], files: Mapping[str, bytes], *, criteria: Iterable[str], width: int = DEFAULT_WIDTH
) -> PruneResult:
    """Find the definitions that are not in use, and remove the untouched stubs among them from the step files.

    `unused` are the definitions that match no step of a scenario. `criteria` are the texts that the docstring of a stub
    may have: `Must: ` and a text that a criterion has or had, shortened to lines of `width`.
    """
    texts = {path: text for path, content in files.items() if (text := decode_step_file(content)) is not None}
    known = {(step.path, step.kind, step.pattern): step for step in unused if step.path in texts}
    if not known:
        return PruneResult()
    called = [line for text in texts.values() for line in _list_called(text)]
    # The stub's docstring is escaped for its file; compare with what Python makes of it.
    docs = frozenset(
        ast.literal_eval(f'"""{render_docstring(text, width=length)}"""')
        for text in criteria
        for length in {width, DEFAULT_WIDTH, LEGACY_WIDTH}
    )
    pruned: dict[str, bytes | None] = {}
    uncalled: list[UnusedStep] = []
    removed: set[UnusedStep] = set()
    for path in sorted({step.path for step in known.values()}):
        stubs: list[StepDefinition] = []
        for definition in parse_definitions(texts[path]):
            step = known.get((path, definition.kind, definition.pattern))
            if step is None or _may_be_called(definition.pattern, called):
                continue
            uncalled.append(step)
            if _is_untouched(definition, path, texts, docs):
                removed.add(step)
                stubs.append(definition)
        if stubs:
            pruned[path] = _remove_stubs(texts[path], stubs)
    return PruneResult(pruned, tuple(uncalled), frozenset(removed))


def _list_called(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines of all strings in a step file that may be steps, and whether the file calls any steps."""
    module = ast.parse(text.removeprefix("\ufeff"))
    has_calls = "execute_steps" in text
    # Patterns of decorators, docstrings and what a stub raises are not called, nor are the parts of f-strings alone.
    ignored: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            decorators = getattr(node, "decorator_list", [])
            ignored |= {id(inner) for decorator in decorators for inner in ast.walk(decorator)}
            if ast.get_docstring(node) is not None and isinstance(node.body[0], ast.Expr):
                ignored.add(id(node.body[0].value))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("StepNotImplementedError"):
            ignored |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.JoinedStr):
            ignored |= {id(part) for part in node.values}
    for node in ast.walk(module):
        string = ""
        if isinstance(node, ast.JoinedStr) and id(node) not in ignored:
            # NUL, which no source text can contain, marks what is filled in.
            string = "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in ignored:
            string = node.value
        yield from ((line, has_calls) for line in string.splitlines() if line.strip())


def _may_be_called(pattern: str, called: Sequence[tuple[str, bool]]) -> bool:
    """Whether a line of code has all the words of a pattern, or may become a step with them."""
    words = _list_words(_FIELD.sub(" ", pattern))
    for line, has_calls in called:
        if words <= _list_words(line):
            return True
        if has_calls:
            # A line with holes, or a keyword that the rest is appended to, may become any step that has its words.
            keyword, _, rest = line.strip().partition(" ")
            is_open = line != line.rstrip() and not rest
            if (is_open or _HOLE.search(line)) and keyword and _list_words(_HOLE.sub(" ", rest)) <= words:
                return True
    return False


def _list_words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


def _is_untouched(definition: StepDefinition, path: str, texts: Mapping[str, str], docs: Set[str]) -> bool:
    """Whether a definition is a stub as spec2bdd wrote it, to which nothing else refers."""
    text, span = texts[path], definition.span
    code = text[span.start : span.end]
    if not definition.is_stub or not definition.alone or _has_comment(code):
        return False
    # Its lines hold nothing else, and the line above is blank: a comment there would belong to the function.
    before, after = text[: span.start], text[span.end :]
    above = before.rstrip(" \t").splitlines()[-1:] if before.strip("\ufeff") else []
    if "".join(above).strip("\ufeff \t") or after.partition("\n")[0].strip():
        return False
    (function,) = ast.parse(code).body
    if not isinstance(function, ast.FunctionDef) or function.args.defaults or function.args.kwonlyargs:
        return False
    # The docstring is known, or it is that of a retired criterion, whose text made the name of the function.
    doc = ast.get_docstring(function, clean=False) or ""
    match = _DOC.fullmatch(doc)
    is_named_by_doc = match is not None and slugify_words(match[1]) == _NUMBER.sub("", function.name)
    mentions = sum(len(re.findall(rf"\b{function.name}\b", source)) for source in texts.values())
    return (doc in docs or is_named_by_doc) and mentions == 1


def _has_comment(code: str) -> bool:
    return any(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(io.StringIO(code).readline))


def _remove_stubs(text: str, stubs: Sequence[StepDefinition]) -> bytes | None:
    """Remove stubs and what only they needed from a step file; None if nothing but its header is left."""
    edits = []
    for stub in stubs:
        # The line end in front of the blank lines goes, and the one after the function is kept.
        start = len(text[: stub.span.start].rstrip())
        end = len(text) - len(text[stub.span.end :].lstrip(" \t"))
        edits.append(Edit(start, end, ""))
    after = apply_edits(text, edits)
    module = ast.parse(after.removeprefix("\ufeff"))
    has_header = _HEADER.fullmatch(ast.get_docstring(module) or "") is not None
    if has_header and not _has_comment(after) and all(_is_stub_support(node) for node in module.body[1:]):
        return None

    # Names that are left only in an import go too, if its line is as spec2bdd writes it. Words of strings count as
    # uses: a string may be an annotation or name something to export.
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    used |= {word for node in ast.walk(module) if isinstance(node, ast.Constant) for word in str(node.value).split()}
    trims: list[Edit] = []
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and _is_stub_support(node):
            names = [f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in node.names]
            kept = [name for name in names if name.split()[-1] in used]
            line = f"from {node.module} import {', '.join(names)}"
            match = re.search(rf"^{re.escape(line)}(  # noqa: E402)?\r?\n", after, re.MULTILINE)
            if match and kept and len(kept) < len(names):
                # The linter comment and the line end stay.
                end = match.start() + len(line)
                trims.append(Edit(match.start(), end, f"from {node.module} import {', '.join(kept)}"))
            elif match and not kept:
                trims.append(Edit(match.start(), match.end(), ""))
    return apply_edits(after, trims).encode("utf-8")


def _is_stub_support(node: ast.stmt) -> bool:
    """Whether a statement imports what stubs need, or chooses the matcher that they are written for."""
    if isinstance(node, ast.ImportFrom):
        return all(SOURCES.get(alias.name) == node.module for alias in node.names)
    return isinstance(node, ast.Expr) and find_matcher(node.value) is not None
