"""Failed criteria and the errors of a run in, lines that show each in full out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spec2bdd.model import CriterionVerdict, Report, ScenarioResult, SpecReport, StepResult, TestRun, Verdict
from spec2bdd.reporters.summary import derive_judged
from spec2bdd.reporters.terminal.escape import derive_visible_lines
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine
from spec2bdd.reporters.terminal.theme import GLYPHS, STYLES, TIER_NAMES, find_step_look

_RED = STYLES[Verdict.FAILED]


def derive_failures(specs: Sequence[SpecReport], *, quiet: bool = False) -> Iterator[tuple[StyledLine, ...]]:
    """Make a block for every criterion that failed; `quiet` leaves out its scenario, but not why it failed."""
    for spec in specs:
        for judgement in derive_judged(spec):
            if judgement.verdict is Verdict.FAILED:
                yield tuple(_derive_failure(spec.spec.path, judgement, quiet=quiet))


def _derive_failure(path: str, judgement: CriterionVerdict, *, quiet: bool) -> Iterator[StyledLine]:
    """Show a criterion, where it stands, and the scenario that it failed by."""
    criterion, record = judgement.criterion, judgement.record
    yield StyledLine(((f"{GLYPHS[Verdict.FAILED]} ", _RED), (criterion.text, "bold")), hang=2)
    place = f"{path}:{criterion.line}"
    yield StyledLine(
        ((place, "cyan"), (f"  {TIER_NAMES[criterion.tier]}, {judgement.id}", "dim")), indent=2, whole=True
    )
    if record:
        yield StyledLine(((f"{record.feature}:{record.line}", "cyan"),), indent=2, whole=True)
    reason = derive_visible_lines(judgement.reason) if quiet else _find_reason(judgement)
    yield from (StyledLine(((text, ""),), indent=2) for text in reason)
    if record and not quiet:
        yield BLANK
        yield from derive_scenario(record, judgement.step, name=record.name if record.name != criterion.text else "")


def _find_reason(judgement: CriterionVerdict) -> tuple[str, ...]:
    """Return the lines of a reason, unless the error of the step says the same."""
    reason = derive_visible_lines(judgement.reason)
    error = derive_visible_lines(judgement.step.error) if judgement.step else ()
    return () if reason == error[: len(reason)] else reason


def derive_scenario(record: ScenarioResult, step: StepResult | None, *, name: str = "") -> Iterator[StyledLine]:
    """Show the steps of a scenario with their lines, and every error below the step that it belongs to."""
    cells = max(len(str(line)) for line in (record.line, *(known.line for known in record.steps)))
    if name:
        yield StyledLine(((f"{record.line:>{cells}}   ", "dim"), (name, "")), indent=2, hang=cells + 3)
    for known in record.steps:
        glyph, style = find_step_look(known.status)
        number = (f"{known.line:>{cells}} ", "dim")
        bold = "bold" if known == step else ""
        yield StyledLine(
            (number, (f"{glyph} ", style), (f"{known.keyword} {known.text}", bold)), indent=2, hang=cells + 3
        )
        yield from _derive_error(known.error, known.location if known.error or known == step else "", indent=cells + 3)
    for failure in record.failures:
        yield from _derive_error(failure, "", indent=cells + 1)
    if not record.finished:
        yield StyledLine((("The run ended before this scenario did.", _RED),), indent=2)
    yield from _derive_output(record.output)


def _derive_output(output: str) -> Iterator[StyledLine]:
    """Show what a scenario printed and logged, and the tracebacks, all of it."""
    rows = derive_visible_lines(output)
    if rows:
        yield StyledLine((("traceback and output:", "dim"),), indent=4)
    yield from (StyledLine((("┊ ", "dim"), (text, "")), indent=4, hang=2) for text in rows)


def _derive_error(error: str, location: str, *, indent: int) -> Iterator[StyledLine]:
    """Show an error of any number of lines, and where the code is that raised it."""
    bar = ("│ ", _RED)
    for text in derive_visible_lines(error):
        yield StyledLine((bar, (text, "red")), indent=indent + 2, hang=2)
    if location:
        yield StyledLine((("╰ ", _RED), (location, "cyan")), indent=indent + 2, whole=True)


def derive_run(report: Report) -> Iterator[StyledLine]:
    """Say loudly that a run did not end, and list the errors that belong to no scenario."""
    run = report.run
    if run is None:
        return
    if not run.complete:
        yield StyledLine((("✗ THE RUN DID NOT END. What it did not prove was not touched.", "bold red"),), hang=2)
        yield from _derive_stops(run)
    elif run.failures:
        yield StyledLine((("✗ Errors outside the scenarios", "bold red"),), hang=2)
    for path, error in run.failures:
        yield StyledLine(((path or "the whole run", "cyan"),), indent=2, whole=True)
        yield from _derive_error(error, "", indent=0)


def _derive_stops(run: TestRun) -> Iterator[StyledLine]:
    """Name the scenarios in which a run broke off."""
    for record in run.records:
        if not record.finished:
            place = (f"{record.feature}:{record.line}", "cyan")
            yield StyledLine((("it stopped in ", ""), (record.name, "")), indent=2, right=(place,), hang=2)
