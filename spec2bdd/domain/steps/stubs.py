"""Render stubs for undefined steps, appended to a step file; the existing text of the file never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spec2bdd.domain.expressions.matchers import CUCUMBER, PARSE, choose_annotation, is_same_matcher, translate_pattern
from spec2bdd.domain.expressions.patterns import parse_parameters, strip_parameters
from spec2bdd.domain.steps.module_names import SOURCES, ModuleNames, parse_module_names
from spec2bdd.domain.templates import render_part, render_template
from spec2bdd.model import Diagnostic, Severity
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.slugs import choose_function_name

# What ruff and black break lines at if nothing is set.
DEFAULT_WIDTH = 88
# Docstrings of earlier versions had up to 100 characters.
LEGACY_WIDTH = 111
# The indent and the quotes of a docstring in a stub.
_AROUND_DOC = len('    """"""')


@dataclass(frozen=True, slots=True)
class Stub:
    """A step definition to be written: the step's kind, its pattern in the notation of `parse`, and its criterion.

    `matcher` is the one that the decorator's pattern is written for.
    """

    kind: str
    pattern: str
    criterion: str
    matcher: str = PARSE

    @property
    def written(self) -> str:
        """The pattern as it is written in the decorator."""
        return translate_pattern(self.pattern, self.matcher)


def render_step_file(
    before: str | None, stubs: Sequence[Stub], *, spec_path: str, default: str = PARSE, width: int = DEFAULT_WIDTH
) -> str:
    """Render a step file with stubs appended, in the line ends of the file; without `before`, a new one.

    If the stubs need another matcher than the one in force at the end of the file, a line above them chooses it, so the
    existing definitions keep theirs. `default` is the matcher of a file that chooses none, `width` the length of a
    line.

    Raises:
        SyntaxError: the file is not Python, so its names are unknown.
        ValueError: the file holds a NUL.
    """
    text = before if before is not None else render_template("steps.jinja", spec_path=escape_doc(spec_path))
    module = parse_module_names(text)

    # The call that chooses the matcher of the stubs, if another one is in force: its function and argument.
    wanted, current = next((stub.matcher for stub in stubs), PARSE), module.matcher or default
    chooser = argument = ""
    # `is_same_matcher` accepts notations that read the stubs alike; a new file names its own nevertheless.
    if wanted != current and (before is None or not is_same_matcher(wanted, current)):
        chooser = "use_step_matcher_for_cucumber_expressions" if wanted == CUCUMBER else "use_step_matcher"
        argument = "" if wanted == CUCUMBER else f'"{wanted}"'

    # Each of Behave's names is imported under another one where the file binds it to something of its own.
    needed = {name for stub in stubs for name in (stub.kind, "StepNotImplementedError", "Context")}
    needed |= {chooser} if chooser else set()
    names: dict[str, str] = {}
    for name in sorted(needed):
        alias = f"Behave{name}" if name[0].isupper() else f"behave_{name}"
        names[name] = module.provided.get(name) or (alias if name in module.bound else name)

    head = _render_imports(names, module) + (f"\n{names[chooser]}({argument})\n" if chooser else "")
    # Imports join those above them; other code, a docstring or a comment is kept at a distance.
    gap = "\n" if text.strip("\ufeff \r\n") and not module.bound else ""
    added = (("\n\n" if module.late else gap) + head) if head else ""

    taken = {*module.used, *names.values()}
    for stub in stubs:
        function = choose_function_name(strip_parameters(stub.pattern), taken)
        taken.add(function)
        added += _render_stub(stub, function, names, width=width)
    newline = "\r\n" if "\r\n" in text else "\n"
    joint = "" if not text or text.endswith(("\n", "\r")) else newline
    return text + joint + added.replace("\n", newline)


def render_literal(text: str) -> str:
    """Render a Python string literal, in double quotes unless that needs more escapes.

    A text with backslashes becomes a raw string where that is possible, since it is easier to read.
    """
    literal = repr(text)
    # A raw string cannot hold what `repr` would escape, both kinds of quotes, or a backslash at its end.
    if "\\" in text and text.isprintable() and not text.endswith("\\") and len({"'", '"'} & set(text)) < 2:
        return f"r'{text}'" if '"' in text else f'r"{text}"'
    if literal[0] == '"' or text.count('"') > text.count("'"):
        return literal
    # `repr` chose single quotes: turn its escapes over.
    return '"' + literal[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'


def describe_unreadable(path: str, error: SyntaxError | ValueError) -> Diagnostic:
    """Build the error for a step file that cannot be parsed, so that nothing can be appended."""
    line, column = (error.lineno, error.offset) if isinstance(error, SyntaxError) else (1, 1)
    message = f"invalid Python, so no stubs were added: {error.msg if isinstance(error, SyntaxError) else error}"
    hint = "fix the file, then rerun `spec2bdd generate`"
    return Diagnostic(path, line or 1, column or 1, Severity.ERROR, "step-syntax", message, hint)


def describe_criterion(tier: str, text: str) -> str:
    """Describe a criterion as the docstring of a stub does."""
    return f"{tier.capitalize()}: {text}"


def render_docstring(text: str, *, width: int = DEFAULT_WIDTH) -> str:
    """Shorten a text to the length of a line, and escape it for the docstring of a stub."""
    line, most = to_single_line(text), width - _AROUND_DOC
    # The final dot counts too.
    if len(line) + (not line.endswith(".")) > most:
        shortened = line[: most - len(" ...")]
        return escape_doc(shortened.rpartition(" ")[0] or shortened) + " ..."
    doc = escape_doc(line).rstrip()
    return doc if doc.endswith(".") else f"{doc}."


def escape_doc(text: str) -> str:
    """Escape a text so that it cannot end a docstring: one line, without characters that do not show."""
    line = to_single_line(text)
    if not line.isprintable():
        line = "".join(char for char in line if char.isprintable())
    return line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _render_imports(names: Mapping[str, str], module: ModuleNames) -> str:
    """Render the import lines for the names that a file lacks."""
    # Under other code, ruff would report an import that is not at the top of the file.
    note = "  # noqa: E402" if module.late else ""
    imports: dict[str, list[str]] = {}
    for name, local in names.items():
        if name not in module.provided:
            imports.setdefault(SOURCES[name], []).append(name if local == name else f"{name} as {local}")
    return "".join(f"from {source} import {', '.join(imports[source])}{note}\n" for source in sorted(imports))


def _render_stub(stub: Stub, function: str, names: Mapping[str, str], *, width: int) -> str:
    """Render one stub, with two blank lines above it."""
    pattern = render_literal(stub.written)
    typed = [
        f"{parameter.name}: {choose_annotation(parameter.type, stub.matcher)}"
        for parameter in parse_parameters(stub.pattern)
    ]
    parameters = [f"context: {names['Context']}", *typed]
    error = names["StepNotImplementedError"]
    # The template breaks the lines that are wider than `width`.
    return render_part(
        "stub.jinja",
        pattern=pattern,
        kind=names[stub.kind],
        decorator=f"@{names[stub.kind]}({pattern})",
        name=function,
        parameters=parameters,
        signature=f"def {function}({', '.join(parameters)}) -> None:",
        doc=render_docstring(stub.criterion, width=width),
        error=error,
        reason=f"    raise {error}({pattern})",
        width=width,
    )
