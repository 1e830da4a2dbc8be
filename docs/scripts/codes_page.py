"""Render `codes.md` from the table of diagnostic codes."""

from __future__ import annotations

from spec2bdd.diagnostics.codes import Code, load_code_groups

_HEAD = """\
# Codes

<!-- Generated from `spec2bdd/diagnostics/codes.toml` by `make generated`; edit it there. -->

Every diagnostic has a code. It is printed in brackets at the end of the message. Where a
code had another name before, comments and the configuration may still use that.
[Linting](linting.md) explains how to fix, ignore and configure diagnostics.

- An **error** stops some of the work. It can be neither turned off nor ignored.
- A **warning** is reported by `spec2bdd lint`, and by other commands where it concerns what they read, generate
  or run. Its level can be configured; a comment can ignore it.
- A **suggestion** is reported only by `spec2bdd lint` and never makes it fail. Its level can be configured; a comment
  can ignore it.

"""
_FENCE = "```"


def render_page(_: str = "") -> str:
    """Render the whole page."""
    groups = load_code_groups()
    codes = [code for group in groups.values() for code in group]
    overview = "".join(_render_row(code) for code in codes)
    sections = "".join(
        f"\n## {title}\n{''.join(_render_code(code) for code in group)}" for title, group in groups.items()
    )
    return f"{_HEAD}| code | level | `--fix` | meaning |\n|---|---|---|---|\n{overview}{sections}"


def _render_row(code: Code) -> str:
    """Render the row of one code in the overview."""
    fix = "fixes it" if code.fixable else ""
    return f"| [`{code.name}`](#{code.name}) | {code.severity} | {fix} | {code.meaning} |\n"


def _render_code(code: Code) -> str:
    """Render the section of one code."""
    fix = " `spec2bdd lint --fix` fixes the unambiguous cases." if code.fixable else ""
    former = f" Its name was `{code.former}` before." if code.former else ""
    head = f"\n### {code.name}\n\n{str(code.severity).capitalize()}: {code.meaning}.{fix}{former}\n"
    return f"{head}\n{_FENCE}text\n{code.example}\n{_FENCE}\n\nWhat to do: {code.fix}.\n"
