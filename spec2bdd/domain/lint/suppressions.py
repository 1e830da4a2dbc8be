"""Check the `<!-- spec2bdd: ignore CODE -->` comments themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.diagnostics.codes import is_configurable, load_codes
from spec2bdd.diagnostics.suppressions import parse_directives, render_code_hint
from spec2bdd.model import Diagnostic
from spec2bdd.text.markdown_lines import MarkdownLines

# A comment about comments cannot be unused: what it suppresses is reported only after the other diagnostics.
_ABOUT_COMMENTS = frozenset({"unknown-code", "unused-ignore"})


def check_suppressions(document: MarkdownLines, diagnostics: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Report each comment that is no valid `ignore`, names an unknown code, or suppresses nothing.

    `diagnostics` are all those of the file.
    """
    for directive in parse_directives(document):
        if directive.suppressions is None:
            message = f"`{directive.text}` is not a directive of spec2bdd"
            hint = "write `<!-- spec2bdd: ignore CODE -->` with a code such as `vague-word`"
            at = document.find_place(directive.offset)
            yield build_diagnostic("unknown-code", message, path=document.path, at=at, hint=hint)
        for suppression in directive.suppressions or ():
            code, at = suppression.code, (suppression.line, suppression.column)
            if code not in load_codes():
                message, hint = f"unknown code `{code}`", render_code_hint(code)
                yield build_diagnostic("unknown-code", message, path=document.path, at=at, hint=hint)
            elif not is_configurable(code):
                message = f"`{code}` is an error and cannot be ignored"
                yield build_diagnostic("unused-ignore", message, path=document.path, at=at)
            elif code not in _ABOUT_COMMENTS and not any(map(suppression.covers, diagnostics)):
                message = f"`{code}` is ignored here, but is not reported"
                yield build_diagnostic("unused-ignore", message, path=document.path, at=at)
