"""The answer of `report` in a terminal: how far the project is, and what the last run changed."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model.explanation import Documentation
from spec2bdd.model.history import Change
from spec2bdd.model.spec import name_tiers
from spec2bdd.reporters.html.overview import build_row, sum_states, write_headline, write_standing
from spec2bdd.reporters.html.states import State
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, render_lines
from spec2bdd.reporters.timeline import list_changes

_STYLES = {Change.REGRESSED: "red", Change.FIXED: "green", Change.NEWLY_PASSED: "green", Change.NEW: "cyan"}
# So many of each kind are named; the page has all of them.
_MOST_CHANGES = 5


def render_documentation(documentation: Documentation, *, width: int, color: bool) -> str:
    """Show the summary of a project."""
    return render_lines(build_lines(documentation), width=width, color=color)


def build_lines(documentation: Documentation) -> Iterator[StyledLine]:
    """Show the headline, the numbers, and what the last run changed."""
    rows = [build_row(document) for document in documentation.specs]
    headline, standing = write_headline(rows, documentation.unusable), write_standing(rows, documentation.unusable)
    yield StyledLine(((f"{headline}." if standing else headline, "bold"), (f" {standing}" if standing else "", "")))
    totals = sum_states(rows)
    if total := sum(totals.values()):
        required = name_tiers(documentation.specs[0].explanation.spec.gate, total)
        yield StyledLine(((f"{totals[State.PROVED]} of {total} {required} proved", ""),))
    changes = list(list_changes(documentation))
    for change, style in _STYLES.items():
        changed = [item for item in changes if item.change is change]
        if changed:
            yield BLANK
            # One that was left out of all runs before, as by a shard, is not new itself.
            words = "with a first result" if change is Change.NEW else change
            counted = count_noun(len(changed), "criterion", "criteria")
            yield StyledLine(((f"{counted} {words} since the previous run", style),))
        for item in changed[:_MOST_CHANGES]:
            place = f"  {item.document.explanation.spec.spec.path}"
            yield StyledLine(((item.text, ""), (place, "dim")), indent=2, hang=2)
        if more := changed[_MOST_CHANGES:]:
            yield StyledLine(((f"and {len(more)} more", "dim"),), indent=2)
