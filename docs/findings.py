"""The table of codes in, `findings.md` out; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from spec2bdd.diagnostics.codes import GROUPS, Code

PAGE = Path(__file__).resolve().parent / "findings.md"

_HEAD = """\
# Findings

<!-- Made from `spec2bdd/codes/` by `make picture`: change it there. -->

Every problem that spec2bdd tells has a code. It stands in brackets at the end of the message, and it does not change.
[Linting](linting.md) says how to find, fix, ignore and configure them.

- An **error** keeps something from being done. It can be neither turned off nor ignored.
- A **warning** is told by every command, and changes nothing else. Its level may be set, and a comment may ignore it.
- **Advice** is given by `spec2bdd lint` alone, and makes no answer no. The same holds for its level.

"""
_FENCE = "```"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is up to date; 1 if it is not."""
    if "--check" not in arguments:
        PAGE.write_text(render_page(), encoding="utf-8")
        return 0
    same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == render_page()
    if not same:
        sys.stdout.write(f"{PAGE.name} is not what the table of codes says\n")
    return int(not same)


def render_page() -> str:
    """Return the whole page."""
    overview = "".join(_render_row(code) for codes in GROUPS.values() for code in codes)
    groups = "".join(
        f"\n## {title}\n{''.join(_render_code(code) for code in codes)}" for title, codes in GROUPS.items()
    )
    return f"{_HEAD}| code | level | `--fix` | what it says |\n|---|---|---|---|\n{overview}{groups}"


def _render_row(code: Code) -> str:
    """Return the row of one code in the overview."""
    mends = "mends it" if code.fixable else ""
    return f"| [`{code.name}`](#{code.name}) | {code.severity} | {mends} | {code.meaning} |\n"


def _render_code(code: Code) -> str:
    """Return the section of one code."""
    mends = " `spec2bdd lint --fix` mends it where it is beyond doubt." if code.fixable else ""
    head = f"\n### {code.name}\n\n{str(code.severity).capitalize()}: {code.meaning}.{mends}\n"
    return f"{head}\n{_FENCE}text\n{code.example}\n{_FENCE}\n\nWhat to do: {code.fix}.\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
