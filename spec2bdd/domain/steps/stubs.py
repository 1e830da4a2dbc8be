"""Steps that nobody has defined in, the text to append to a step file out; what stands in the file is never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spec2bdd.domain.expressions.matchers import CUCUMBER, PARSE, derive_type, derive_written, is_same_matcher
from spec2bdd.domain.expressions.patterns import derive_parameters, derive_words
from spec2bdd.domain.steps.module_names import SOURCES, ModuleNames, parse_module_names
from spec2bdd.domain.templates import render_part, render_template
from spec2bdd.model import Diagnostic, Severity
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.slugs import choose_function_name

_WIDTH = 120
_DOC_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Stub:
    """A step definition to be written: what Behave looks it up by, its pattern, and the criterion that asks for it.

    `matcher` is the one that the pattern is written for.
    """

    kind: str
    pattern: str
    criterion: str
    matcher: str = PARSE

    @property
    def written(self) -> str:
        """Return the pattern as its decorator has it."""
        return derive_written(self.pattern, self.matcher)


def render_step_file(before: str | None, stubs: Sequence[Stub], *, spec_path: str, default: str = PARSE) -> str:
    """Return the text of a step file with the stubs behind all that stands in it, in the line ends that it uses.

    Where another matcher is in force there than the stubs ask for, a line above them chooses theirs, so that nothing
    changes for what stands above that. `default` is the one in force where the file chooses none.

    Raises:
        SyntaxError: the file is not Python, so that nothing can be known about the names in it.
        ValueError: the file holds a NUL.
    """
    text = before if before is not None else render_template("steps.jinja", spec_path=_escape_doc(spec_path))
    bindings = parse_module_names(text)
    needed = {name for stub in stubs for name in (stub.kind, "StepNotImplementedError", "Context")}
    choice = _find_choice(stubs, bindings.matcher or default, new=before is None)
    needed |= {choice[0]} if choice else set()
    names = {name: bindings.provided.get(name) or _derive_alias(name, bindings.bound) for name in sorted(needed)}
    added = _render_imports(names, bindings)
    added += f"\n{names[choice[0]]}({choice[1]})\n" if choice else ""
    added = (_render_gap(text, bindings) if added else "") + added
    taken = {*bindings.used, *names.values()}
    for stub in stubs:
        name = choose_function_name(derive_words(stub.pattern), taken)
        taken.add(name)
        added += _render_stub(stub, name, names)
    newline = "\r\n" if "\r\n" in text else "\n"
    joint = "" if not text or text.endswith(("\n", "\r")) else newline
    return text + joint + added.replace("\n", newline)


def _find_choice(stubs: Sequence[Stub], current: str, *, new: bool) -> tuple[str, str] | None:
    """Return the function that chooses the matcher of the stubs, and its argument, or nothing if that one is chosen."""
    wanted = next((stub.matcher for stub in stubs), PARSE)
    if wanted == current or (is_same_matcher(wanted, current) and not new):
        return None
    if wanted == CUCUMBER:
        return "use_step_matcher_for_cucumber_expressions", ""
    return "use_step_matcher", f'"{wanted}"'


def render_literal(text: str) -> str:
    """Return a Python string literal for a text, in double quotes where that needs no more escapes.

    What has backslashes is easier to read in a raw string, where it can be one.
    """
    literal = repr(text)
    if "\\" in text and text.isprintable() and not text.endswith("\\") and len({"'", '"'} & set(text)) < 2:
        return f"r'{text}'" if '"' in text else f'r"{text}"'
    if literal[0] == '"' or text.count('"') > text.count("'"):
        return literal
    return '"' + literal[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'


def describe_unreadable(path: str, error: SyntaxError | ValueError) -> Diagnostic:
    """Return the error for a step file to which nothing can be appended."""
    line, column = (error.lineno, error.offset) if isinstance(error, SyntaxError) else (1, 1)
    message = f"not Python, so no stubs were added: {error.msg if isinstance(error, SyntaxError) else error}"
    hint = "mend the file, then type `spec2bdd generate` again"
    return Diagnostic(path, line or 1, column or 1, Severity.ERROR, "step-syntax", message, hint)


def _derive_alias(name: str, bound: Iterable[str]) -> str:
    """Return what to import one of Behave's names as: another name where the file has bound that one to its own."""
    if name not in bound:
        return name
    return f"Behave{name}" if name[0].isupper() else f"behave_{name}"


def _render_gap(text: str, bindings: ModuleNames) -> str:
    """Return the blank lines between what stands in a file and the imports that are added to it."""
    if bindings.late:
        return "\n\n"
    # Imports join those that stand there; a docstring or a comment wants one line of distance.
    return "\n" if text.strip("\ufeff \r\n") and not bindings.bound else ""


def _render_imports(names: dict[str, str], bindings: ModuleNames) -> str:
    """Return the import lines for the names that a file lacks; behind other code a linter is told that it is meant."""
    missing = [name for name in names if name not in bindings.provided]
    note = "  # noqa: E402" if bindings.late else ""
    lines: dict[str, list[str]] = {}
    for name in missing:
        alias = "" if names[name] == name else f" as {names[name]}"
        lines.setdefault(SOURCES[name], []).append(f"{name}{alias}")
    return "".join(f"from {module} import {', '.join(lines[module])}{note}\n" for module in sorted(lines))


def _render_stub(stub: Stub, name: str, names: dict[str, str]) -> str:
    """Return the text of one stub, two blank lines first."""
    pattern = render_literal(stub.written)
    typed = [
        f"{parameter.name}: {derive_type(parameter.type, stub.matcher)}"
        for parameter in derive_parameters(stub.pattern)
    ]
    parameters = [f"context: {names['Context']}", *typed]
    error = names["StepNotImplementedError"]
    return render_part(
        "stub.jinja",
        pattern=pattern,
        kind=names[stub.kind],
        decorator=f"@{names[stub.kind]}({pattern})",
        name=name,
        parameters=parameters,
        signature=f"def {name}({', '.join(parameters)}) -> None:",
        doc=derive_doc(stub.criterion),
        error=error,
        reason=f"    raise {error}({pattern})",
        width=_WIDTH,
    )


def derive_doc(text: str) -> str:
    """Return a text as the inside of a docstring, shortened to a line's length."""
    line = to_single_line(text)
    if len(line) > _DOC_WIDTH:
        return _escape_doc(line[:_DOC_WIDTH].rpartition(" ")[0]) + " ..."
    doc = _escape_doc(line).rstrip()
    return doc if doc.endswith(".") else f"{doc}."


def _escape_doc(text: str) -> str:
    """Return a text as one line that cannot end a docstring, without what does not show."""
    line = to_single_line(text)
    if not line.isprintable():
        line = "".join(char for char in line if char.isprintable())
    return line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
