"""Blocks that show each failed criterion with its scenario, and the errors of a run outside of scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spec2bdd.model import Report, ScenarioResult, SpecReport, StepResult, Verdict
from spec2bdd.reporters.summary import count_noun, list_counted
from spec2bdd.reporters.terminal.escape import split_visible_lines
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine
from spec2bdd.reporters.terminal.theme import GLYPHS, STYLES, TIER_NAMES, find_step_look

_RED = STYLES[Verdict.FAILED]


def build_failures(specs: Sequence[SpecReport], *, quiet: bool = False) -> Iterator[tuple[StyledLine, ...]]:
    """Build a block for every criterion that failed; `quiet` omits its scenario, but not why it failed."""
    judgements = [(spec.spec.path, judgement) for spec in specs for judgement in list_counted(spec)]
    for path, judgement in judgements:
        if judgement.verdict is not Verdict.FAILED:
            continue
        criterion, record = judgement.criterion, judgement.record
        location = (f"{path}:{criterion.line}", "cyan")
        names = (f"  {TIER_NAMES[criterion.tier]}, {judgement.id}", "dim")
        lines = [
            StyledLine(((f"{GLYPHS[Verdict.FAILED]} ", _RED), (criterion.text, "bold")), hang=2),
            StyledLine((location, names), indent=2, whole=True),
        ]
        if record:
            lines.append(StyledLine(((f"{record.feature}:{record.line}", "cyan"),), indent=2, whole=True))
        reason = split_visible_lines(judgement.reason)
        error = split_visible_lines(judgement.step.error) if judgement.step else ()
        # The error is shown below its step: a reason that only repeats its beginning is not shown twice.
        if quiet or reason != error[: len(reason)]:
            lines += [StyledLine(((text, ""),), indent=2) for text in reason]
        if record and not quiet:
            name = record.name if record.name != criterion.text else ""
            lines += [BLANK, *build_scenario(record, judgement.step, name=name)]
        yield tuple(lines)


def build_unlinked(report: Report, *, quiet: bool = False) -> Iterator[StyledLine]:
    """Show the scenarios without a criterion that fail; `quiet` omits their steps."""
    failing = [scenario for scenario in report.unlinked if scenario.is_failing]
    if failing:
        title = f"{count_noun(len(failing), 'scenario')} without a criterion failed"
        yield StyledLine(((title, "bold red"),))
    for scenario in failing:
        record = scenario.record
        yield BLANK
        yield StyledLine(((f"{GLYPHS[Verdict.FAILED]} ", _RED), (record.name, "bold")), hang=2)
        yield StyledLine(((f"{record.feature}:{record.line}", "cyan"),), indent=2, whole=True)
        error = split_visible_lines(scenario.step.error) if scenario.step else ()
        reason = split_visible_lines(scenario.reason)
        if quiet or reason != error[: len(reason)]:
            yield from (StyledLine(((text, ""),), indent=2) for text in reason)
        if not quiet:
            yield BLANK
            yield from build_scenario(record, scenario.step)


def build_scenario(record: ScenarioResult, step: StepResult | None, *, name: str = "") -> Iterator[StyledLine]:
    """Show the steps of a scenario with their lines, and every error below the step that it belongs to."""
    # Line numbers of one width, so that the steps are aligned.
    cells = max(len(str(line)) for line in (record.line, *(known.line for known in record.steps)))
    if name:
        yield StyledLine(((f"{record.line:>{cells}}   ", "dim"), (name, "")), indent=2, hang=cells + 3)
    for known in record.steps:
        glyph, style = find_step_look(known.status)
        number = (f"{known.line:>{cells}} ", "dim")
        # The step that decided the verdict is shown in bold, and with the location of its code.
        bold = "bold" if known == step else ""
        parts = (number, (f"{glyph} ", style), (f"{known.keyword} {known.text}", bold))
        yield StyledLine(parts, indent=2, hang=cells + 3)
        yield from _build_error(known.error, known.location if known.error or known == step else "", indent=cells + 3)
    # Of hooks, fixtures and clean-ups: they belong to no step.
    for failure in record.failures:
        yield from _build_error(failure, "", indent=cells + 1)
    if not record.finished:
        yield StyledLine((("The run ended before this scenario did.", _RED),), indent=2)
    # All of it: what a scenario printed is often the only hint at what went wrong.
    output = split_visible_lines(record.output)
    if output:
        yield StyledLine((("traceback and output:", "dim"),), indent=4)
    yield from (StyledLine((("┊ ", "dim"), (text, "")), indent=4, hang=2) for text in output)


def _build_error(error: str, location: str, *, indent: int) -> Iterator[StyledLine]:
    """Show an error of any number of lines, and the location of the code that raised it."""
    for text in split_visible_lines(error):
        yield StyledLine((("│ ", _RED), (text, "red")), indent=indent + 2, hang=2)
    if location:
        yield StyledLine((("╰ ", _RED), (location, "cyan")), indent=indent + 2, whole=True)


def build_run(report: Report) -> Iterator[StyledLine]:
    """Show that a run did not end, where it stopped, and the errors that belong to no scenario."""
    run = report.run
    if run is None:
        return
    if not run.complete:
        yield StyledLine((("✗ THE RUN DID NOT END. What it did not prove was not touched.", "bold red"),), hang=2)
        for record in run.results:
            if not record.finished:
                location = (f"{record.feature}:{record.line}", "cyan")
                yield StyledLine((("it stopped in ", ""), (record.name, "")), indent=2, right=(location,), hang=2)
    # One heading is enough where the run has not ended: its errors are listed below that.
    elif run.failures:
        yield StyledLine((("✗ Errors outside the scenarios", "bold red"),), hang=2)
    for path, error in run.failures:
        yield StyledLine(((path or "the whole run", "cyan"),), indent=2, whole=True)
        yield from _build_error(error, "", indent=0)
