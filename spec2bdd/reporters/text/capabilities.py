"""The answer of `capabilities` for people: what there is, by name."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.reporters.capabilities import Capabilities
from spec2bdd.reporters.terminal.layout import StyledLine, render_lines


def render_capabilities(capabilities: Capabilities, *, width: int, color: bool) -> str:
    """Show one line for each command, and one for each kind of name; `--format json` has the rest."""
    return render_lines(list(_build_lines(capabilities)), width=width, color=color)


def _build_lines(capabilities: Capabilities) -> Iterator[StyledLine]:
    """Build the lines."""
    for command in capabilities.commands:
        formats = f" ({', '.join(command.formats)})" if command.formats else ""
        yield StyledLine(((f"{command.name}: ", "bold"), (f"{command.summary}{formats}", "")), hang=2)
    lists = {
        "versions": (" ".join(pair) for pair in capabilities.versions),
        "exit codes": (f"{code} {meaning}" for code, meaning in capabilities.exit_codes),
        "dialects": (dialect.name for dialect in capabilities.dialects),
        "schemas": (schema.name for schema in capabilities.schemas),
        "codes": (code.name for code in capabilities.codes),
    }
    for name, entries in lists.items():
        yield StyledLine(((f"{name}: ", "bold"), (", ".join(entries), "")), hang=2)
