"""Find the lines that keep the status of a spec from being promoted: what looks like a criterion there is not read."""

from __future__ import annotations

from spec2bdd.diagnostics.suppressions import MARK, parse_suppressions
from spec2bdd.model import Spec
from spec2bdd.text.markdown_lines import split_markdown_lines

# A heading that is not recognized blocks only where its boxes are not read, which its reader knows.
_CODES = frozenset(
    {"unread-box", "unread-criterion", "unread-steps", "unread-table", "criteria-without-boxes", "too-deep"}
)


def find_blocking(spec: Spec) -> tuple[int, ...]:
    """Find the lines of a spec whose diagnostics block a promotion; what its author chose to ignore blocks nothing."""
    blocking = [
        diagnostic
        for diagnostic in spec.diagnostics
        if diagnostic.code in _CODES or (diagnostic.code == "unread-heading" and diagnostic.line in spec.unread)
    ]
    if not blocking:
        return ()
    ignored = parse_suppressions(split_markdown_lines(spec.path, spec.text)) if MARK in spec.text else ()
    lines = {found.line for found in blocking if not any(suppression.covers(found) for suppression in ignored)}
    return tuple(sorted(lines))
