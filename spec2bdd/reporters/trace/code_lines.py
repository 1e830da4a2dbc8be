"""Lines of code in the answer of `trace` for people: who runs one and notices a change there, and which none runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from spec2bdd.model.explanation import CriterionLines
from spec2bdd.model.trace import LineUse, TracedCriterion, TracedLine, Untested
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, build_next
from spec2bdd.reporters.terminal.theme import TIER_NAMES
from spec2bdd.reporters.text.challenges import build_challenge

_NEVER_LOADED = "no scenario loads it"
RUNS_NOTHING = "its When and Then steps run no line of the product"
"""What is said of a criterion whose steps make no use of the product where it is known what they run."""


def describe_use(use: LineUse) -> str:
    """Describe whether a criterion notices a change in a line that it runs."""
    if not use.challenged:
        return "not challenged"
    if not use.challenges:
        return "no fault was tried there"
    noun = count_noun(len(use.challenges), "fault")
    return "notices a change there" if use.notices else f"noticed none of {noun} there"


def describe_steps(use: LineUse) -> str:
    """Describe in which steps of a criterion a line runs; empty where that is not known."""
    if use.steps is None:
        return ""
    return f"in {' and '.join(step.capitalize() for step in use.steps)}" if use.steps else "outside of its steps"


def list_ranges(lines: CriterionLines) -> list[tuple[str, str, str]]:
    """List the files of which a criterion runs lines: path, lines, and in which steps these run, where it is known."""
    rows = []
    for path, ranges in lines.ranges.items():
        by_step = {keyword.capitalize(): own.replace(",", ", ") for keyword, own in lines.select(path).items()}
        # Where the steps of one keyword run all of them, there is nothing to repeat.
        is_one = list(by_step.values()) == [ranges.replace(",", ", ")]
        words = "; ".join(keyword if is_one else f"{keyword} {own}" for keyword, own in by_step.items())
        rows.append((path, ranges.replace(",", ", "), f"({words})" if words else ""))
    return rows


def describe_line(line: TracedLine) -> str:
    """Describe who runs a line."""
    criteria = count_noun(len(line.uses), "criterion", "criteria")
    return f"runs when its module is loaded, by {criteria}" if line.loaded else f"run by {criteria}"


def describe_untested(untested: Untested) -> str:
    """Describe how many lines no criterion runs, and what was looked at."""
    of = f"{count_noun(untested.checked, 'file')} of the product"
    if untested.since:
        of += f" that changed since the merge base with `{untested.since}`"
    if not untested.files:
        return f"all lines of {of} are run by a criterion" if untested.checked else f"nothing to look at: {of}"
    return f"{count_noun(untested.count, 'line')} that no criterion runs, in {len(untested.files)} of {of}"


def describe_elsewhere(untested: Untested) -> str:
    """Describe why lines may be listed although a scenario runs them; empty if there is no reason."""
    if not untested.elsewhere or not untested.files:
        return ""
    return (
        f"{count_noun(untested.elsewhere, 'scenario')} may run lines that are not recorded, in other processes; "
        "`spec2bdd challenge` also traces the Python processes that steps start"
    )


def build_lines(
    lines: tuple[TracedLine, ...], criteria: Mapping[str, TracedCriterion], *, width: int
) -> Iterator[StyledLine]:
    """Show each named line with the criteria that run it, and the faults that were tried there."""
    for line in lines:
        where = f"  {line.functions[-1]}" if line.functions else ""
        yield StyledLine(((line.place, "bold cyan"), (where, ""), (f"  {describe_line(line)}", "dim")), whole=True)
        for use in line.uses:
            criterion = criteria[use.criterion]
            is_blind = bool(use.challenges) and not use.notices
            style = "green" if use.notices else "red" if is_blind else "dim"
            head = ("✓ " if use.notices else "✗ " if is_blind else "· ", style)
            tier = (f"{TIER_NAMES[criterion.tier]:<7}", "dim")
            steps = f"{words}, " if (words := describe_steps(use)) else ""
            right = ((steps, "dim"), (describe_use(use), style))
            yield StyledLine((head, tier, (criterion.text, "")), indent=2, right=right)
            for challenge in use.challenges:
                yield from build_challenge(challenge)
        yield BLANK
    uses = [use for line in lines for use in line.uses]
    if any(not use.challenges for use in uses):
        is_every = all(use.challenged for use in uses)
        text = "`spec2bdd challenge --all` tries every fault" if is_every else "`spec2bdd challenge` tries faults"
        yield build_next(text, width=width)
        yield BLANK


def build_untested(untested: Untested) -> Iterator[StyledLine]:
    """Show the lines of each file that no criterion runs, with the functions that they are in."""
    for file in untested.files:
        note = "" if file.loaded else f"  {_NEVER_LOADED}"
        yield StyledLine(((file.path, "bold cyan"), (note, "yellow")), whole=True)
        cells = max(len(part.label) for part in file.ranges)
        for part in file.ranges:
            yield StyledLine(((f"{part.label:<{cells}}", "yellow"), (f"  {part.function}", "")), indent=2)
        yield BLANK
    yield StyledLine(((describe_untested(untested), "bold"),), hang=2)
    if note := describe_elsewhere(untested):
        yield StyledLine((("note: ", "bold"), (note, "")), hang=6)
