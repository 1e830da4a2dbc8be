"""Steps that nobody has defined in, the text to append to a step file out; what stands in the file is never changed."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from spec2bdd.model import Problem, Severity
from spec2bdd.templates import render_template
from spec2bdd.writing.names import derive_function_name, derive_line
from spec2bdd.writing.patterns import derive_parameters, derive_words

_WIDTH = 120
_DOC_WIDTH = 100
_SOURCES = {
    "given": "behave",
    "when": "behave",
    "then": "behave",
    "StepNotImplementedError": "behave.api.pending_step",
    "Context": "behave.runner",
}


@dataclass(frozen=True, slots=True)
class Stub:
    """A step definition to be written: what Behave looks it up by, its pattern, and the criterion that asks for it."""

    kind: str
    pattern: str
    criterion: str


def render_step_file(before: str | None, stubs: Sequence[Stub], *, spec_path: str) -> str:
    """Return the text of a step file with the stubs behind all that stands in it, in the line ends that it uses.

    Raises:
        SyntaxError: the file is not Python, so that nothing can be known about the names in it.
    """
    text = before if before is not None else render_template("steps.jinja", spec_path=derive_line(spec_path))
    names = _find_names(text)
    missing = sorted({name for stub in stubs for name in (stub.kind, "StepNotImplementedError", "Context")} - names)
    added = _render_imports(missing, late=before is not None)
    for stub in stubs:
        name = derive_function_name(derive_words(stub.pattern), names)
        names.add(name)
        added += _render_stub(stub, name)
    newline = "\r\n" if "\r\n" in text else "\n"
    joint = "" if not text or text.endswith(("\n", "\r")) else newline
    return text + joint + added.replace("\n", newline)


def render_literal(text: str) -> str:
    """Return a Python string literal for a text, in double quotes where that needs no more escapes."""
    literal = repr(text)
    if literal[0] == '"' or text.count('"') > text.count("'"):
        return literal
    return '"' + literal[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'


def _find_names(text: str) -> set[str]:
    """Return the names that are bound at the top of a module."""
    names: set[str] = set()
    for node in ast.parse(text.removeprefix("\ufeff")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.module == "behave" and node.names[0].name == "*":
                names |= {"given", "when", "then"}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        else:
            names |= {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
    return names


def _render_imports(missing: Sequence[str], *, late: bool) -> str:
    """Return the import lines for the names that a file lacks; behind other code a linter is told that it is meant."""
    modules = sorted({_SOURCES[name] for name in missing})
    note = "  # noqa: E402" if late else ""
    lines = [
        f"from {module} import {', '.join(name for name in missing if _SOURCES[name] == module)}{note}\n"
        for module in modules
    ]
    return ("\n\n" if late and lines else "") + "".join(lines)


def _render_stub(stub: Stub, name: str) -> str:
    """Return the text of one stub, two blank lines first."""
    pattern = render_literal(stub.pattern)
    parameters = "".join(f", {parameter.name}: {parameter.type}" for parameter in derive_parameters(stub.pattern))
    return render_template(
        "stub.jinja",
        kind=stub.kind,
        name=name,
        pattern=pattern,
        decorator=f"@{stub.kind}({pattern})",
        parameters=f"context: Context{parameters}",
        doc=_render_doc(stub.criterion),
        reason=f"    raise StepNotImplementedError({pattern})",
        width=_WIDTH,
    )


def _render_doc(text: str) -> str:
    """Return a text as the inside of a docstring, shortened to a line's length."""
    line = "".join(char for char in derive_line(text) if char.isprintable())
    if len(line) > _DOC_WIDTH:
        line = line[:_DOC_WIDTH].rpartition(" ")[0] + " ..."
    return line.rstrip(".").replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + "."


def describe_unreadable(path: str, error: SyntaxError) -> Problem:
    """Return the error for a step file to which nothing can be appended."""
    message = f"not Python, so no stubs were added: {error.msg}"
    return Problem(path, error.lineno or 1, error.offset or 1, Severity.ERROR, "step-syntax", message)
