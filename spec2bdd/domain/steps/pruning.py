"""Step definitions that no scenario uses in, out the step files without those that are stubs nobody has touched.

Step code may call steps by their text. What that text may be is judged too widely rather than too narrowly.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from spec2bdd.domain.steps.definitions import StepDefinition, parse_definitions
from spec2bdd.domain.steps.module_names import SOURCES, find_matcher
from spec2bdd.domain.steps.step_modules import decode_step_file
from spec2bdd.domain.steps.stubs import derive_doc
from spec2bdd.model import UnusedStep
from spec2bdd.text.edits import Edit, apply_edits
from spec2bdd.text.slugs import slugify

_WORD = re.compile(r"[^\W_]+")
_FIELD = re.compile(r"\(\?P<\w+>[^)]*\)|\{[^{}]*\}")
_HOLE = re.compile(r"\0|\{[^{}]*\}|%[sdr]|\$\w+")
_HEADER = re.compile(r"Steps for .+\. These are yours: spec2bdd only adds what is missing\.")
_DOC = re.compile(r"(?:Must|Should|Could): (.+)")
_NUMBER = re.compile(r"_\d+$")


@dataclass(frozen=True, slots=True)
class PruneResult:
    """Step files after pruning, by path, nothing for one that goes as a whole; and which definitions are unused."""

    files: Mapping[str, bytes | None] = field(default_factory=dict)
    unused: tuple[UnusedStep, ...] = ()
    stubs: frozenset[UnusedStep] = frozenset()


def find_prunable(unused: Sequence[UnusedStep], files: Mapping[str, bytes], *, criteria: Iterable[str]) -> PruneResult:
    """Return the definitions that are in no use, and the step files without the untouched stubs among them.

    `criteria` are all that a docstring of ours may say: `Must: ` and a text that is or was a criterion's.
    """
    texts = {path: text for path, content in files.items() if (text := decode_step_file(content)) is not None}
    known = {(one.path, one.kind, one.pattern): one for one in unused if one.path in texts}
    if not known:
        return PruneResult()
    called = [line for text in texts.values() for line in _list_called(text)]
    docs = frozenset(ast.literal_eval(f'"""{derive_doc(text)}"""') for text in criteria)
    left: dict[str, bytes | None] = {}
    found: list[UnusedStep] = []
    stubs: set[UnusedStep] = set()
    for path in sorted({one.path for one in known.values()}):
        places = [(one, known.get((path, one.kind, one.pattern))) for one in parse_definitions(texts[path])]
        gone = [(one, place) for one, place in places if place and not _may_be_called(one.pattern, called)]
        found += [place for _, place in gone]
        bare = [(one, place) for one, place in gone if _is_untouched(texts, texts[path], one, docs)]
        stubs |= {place for _, place in bare}
        if bare:
            left[path] = _cut(texts[path], [one for one, _ in bare])
    return PruneResult(left, tuple(found), frozenset(stubs))


def _list_called(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines of all strings in a step file that may be steps, and whether the file calls any.

    Patterns of decorators, docstrings and what a stub raises are none.
    """
    module = ast.parse(text.removeprefix("\ufeff"))
    calls = "execute_steps" in text
    left_out: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            left_out |= {id(one) for outer in getattr(node, "decorator_list", []) for one in ast.walk(outer)}
            left_out |= {id(node.body[0].value)} if ast.get_docstring(node) is not None else set()  # type: ignore[attr-defined]
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("StepNotImplementedError"):
            left_out |= {id(one) for one in ast.walk(node)}
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(one) for one in node.values}
    for node in ast.walk(module):
        whole = _read_string(node) if id(node) not in left_out else ""
        yield from ((line, calls) for line in whole.splitlines() if line.strip())


def _read_string(node: ast.AST) -> str:
    """Return what a string says, with NUL for what it takes from elsewhere."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "\0" for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _may_be_called(pattern: str, called: Sequence[tuple[str, bool]]) -> bool:
    """Tell whether a line of code has all the words of a pattern, or may become a step with them."""
    words = _list_words(_FIELD.sub(" ", pattern))
    return any(words <= _list_words(line) or (calls and _may_become(line, words)) for line, calls in called)


def _may_become(line: str, words: Set[str]) -> bool:
    """Tell whether a line with holes, or one that ends in the middle of a step, has no word besides these."""
    start, _, rest = line.strip().partition(" ")
    open_end = line != line.rstrip() and not rest
    return bool((_HOLE.search(line) or open_end) and start and _list_words(_HOLE.sub(" ", rest)) <= words)


def _list_words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(word.casefold() for word in _WORD.findall(text))


def _is_untouched(texts: Mapping[str, str], text: str, one: StepDefinition, docs: Set[str]) -> bool:
    """Tell whether a definition is a stub as we wrote it, that nothing else refers to."""
    code = text[one.span.start : one.span.end]
    if not one.is_stub or not one.alone or _has_comment(code) or not _stands_alone(text, one):
        return False
    (function,) = ast.parse(code).body
    if not isinstance(function, ast.FunctionDef) or function.args.defaults or function.args.kwonlyargs:
        return False
    doc = ast.get_docstring(function, clean=False) or ""
    told = _DOC.fullmatch(doc)
    named = bool(told) and slugify(told[1] if told else "") == _NUMBER.sub("", function.name)
    uses = sum(len(re.findall(rf"\b{function.name}\b", other)) for other in texts.values())
    return (doc in docs or named) and uses == 1


def _has_comment(code: str) -> bool:
    """Tell whether somebody wrote a comment into code."""
    return any(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(io.StringIO(code).readline))


def _stands_alone(text: str, one: StepDefinition) -> bool:
    """Tell whether a function has its lines for itself, with no comment right above them."""
    before, after = text[: one.span.start], text[one.span.end :]
    above = before.rstrip(" \t").splitlines()[-1:] if before.strip("\ufeff") else []
    return not "".join(above).strip("\ufeff \t") and not after.partition("\n")[0].strip()


def _cut(text: str, stubs: Sequence[StepDefinition]) -> bytes | None:
    """Return the bytes of a step file without stubs and what only they needed, or nothing if nothing is left of it."""
    edits = []
    for one in stubs:
        start = len(text[: one.span.start].rstrip())
        end = len(text) - len(text[one.span.end :].lstrip(" \t"))
        # The line end in front of the blank lines goes, and the one behind the function stays.
        edits.append(Edit(start, end, ""))
    after = apply_edits(text, edits)
    if _is_empty(after):
        return None
    return apply_edits(after, list(_trim_imports(after))).encode("utf-8")


def _is_empty(text: str) -> bool:
    """Tell whether a file holds nothing but what we put above the first stub."""
    module = ast.parse(text.removeprefix("\ufeff"))
    ours = _HEADER.fullmatch(ast.get_docstring(module) or "") is not None
    return ours and not _has_comment(text) and all(_is_ours(node) for node in module.body[1:])


def _is_ours(node: ast.stmt) -> bool:
    """Tell whether a statement imports what stubs need, or chooses the matcher that they are written for."""
    if isinstance(node, ast.ImportFrom):
        return all(SOURCES.get(alias.name) == node.module for alias in node.names)
    return isinstance(node, ast.Expr) and find_matcher(node.value) is not None


def _trim_imports(text: str) -> Iterator[Edit]:
    """Yield the edits that take unused names out of imports, where these stand as we write them."""
    module = ast.parse(text.removeprefix("\ufeff"))
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    used |= {line for node in ast.walk(module) if isinstance(node, ast.Constant) for line in str(node.value).split()}
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and _is_ours(node):
            names = [f"{one.name} as {one.asname}" if one.asname else one.name for one in node.names]
            kept = [name for name in names if name.split()[-1] in used]
            line = f"from {node.module} import {', '.join(names)}"
            match = re.search(rf"^{re.escape(line)}(  # noqa: E402)?\r?\n", text, re.MULTILINE)
            if match and len(kept) < len(names):
                whole = f"from {node.module} import {', '.join(kept)}" if kept else ""
                end = match.start() + len(line) if kept else match.end()
                yield Edit(match.start(), end, whole)
