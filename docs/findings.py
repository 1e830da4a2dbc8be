"""Generate `findings.md` from the table of diagnostic codes; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from spec2bdd.diagnostics.codes import Code, load_code_groups

PAGE = Path(__file__).resolve().parent / "findings.md"

_HEAD = """\
# Findings

<!-- Generated from `spec2bdd/diagnostics/codes.toml` by `make picture`: change it there. -->

Every diagnostic has a code. It is in brackets at the end of the message, and it does not change.
[Linting](linting.md) says how to find, fix, ignore and configure them.

- An **error** stops some of the work. It can be neither turned off nor ignored.
- A **warning** is reported by every command, and changes nothing else. Its level may be set; a comment may ignore it.
- A **suggestion** is reported by `spec2bdd lint` alone, and never makes it fail. Its level may be set too.

"""
_FENCE = "```"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` return 1 if it is not up to date."""
    if "--check" not in arguments:
        PAGE.write_text(render_page(), encoding="utf-8")
        return 0
    same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == render_page()
    if not same:
        sys.stdout.write(f"{PAGE.name} is out of date: run `make picture`\n")
    return int(not same)


def render_page() -> str:
    """Render the whole page."""
    groups = load_code_groups()
    overview = "".join(_render_row(code) for codes in groups.values() for code in codes)
    sections = "".join(
        f"\n## {title}\n{''.join(_render_code(code) for code in codes)}" for title, codes in groups.items()
    )
    return f"{_HEAD}| code | level | `--fix` | what it says |\n|---|---|---|---|\n{overview}{sections}"


def _render_row(code: Code) -> str:
    """Render the row of one code in the overview."""
    fix = "fixes it" if code.fixable else ""
    return f"| [`{code.name}`](#{code.name}) | {code.severity} | {fix} | {code.meaning} |\n"


def _render_code(code: Code) -> str:
    """Render the section of one code."""
    fix = " `spec2bdd lint --fix` fixes the unambiguous cases." if code.fixable else ""
    head = f"\n### {code.name}\n\n{str(code.severity).capitalize()}: {code.meaning}.{fix}\n"
    return f"{head}\n{_FENCE}text\n{code.example}\n{_FENCE}\n\nWhat to do: {code.fix}.\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
