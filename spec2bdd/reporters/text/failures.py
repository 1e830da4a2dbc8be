"""Failed criteria and the errors of a run in, lines that show each in full out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spec2bdd.model import Judgement, Report, Run, ScenarioRecord, SpecReport, StepRecord, Verdict
from spec2bdd.reporters.summary import derive_judged
from spec2bdd.reporters.terminal.escape import derive_visible_lines
from spec2bdd.reporters.terminal.layout import BLANK, Line
from spec2bdd.reporters.terminal.theme import GLYPHS, STYLES, TIER_NAMES, find_step_look

_RED = STYLES[Verdict.FAILED]


def derive_failures(specs: Sequence[SpecReport], *, quiet: bool = False) -> Iterator[tuple[Line, ...]]:
    """Make a block for every criterion that failed; `quiet` leaves out its scenario, but not why it failed."""
    for spec in specs:
        for judgement in derive_judged(spec):
            if judgement.verdict is Verdict.FAILED:
                yield tuple(_derive_failure(spec.spec.path, judgement, quiet=quiet))


def _derive_failure(path: str, judgement: Judgement, *, quiet: bool) -> Iterator[Line]:
    """Show a criterion, where it stands, and the scenario that it failed by."""
    criterion, record = judgement.criterion, judgement.record
    yield Line(((f"{GLYPHS[Verdict.FAILED]} ", _RED), (criterion.text, "bold")), hang=2)
    place = f"{path}:{criterion.line}"
    yield Line(((place, "cyan"), (f"  {TIER_NAMES[criterion.tier]}, {judgement.id}", "dim")), indent=2, whole=True)
    if record:
        yield Line(((f"{record.feature}:{record.line}", "cyan"),), indent=2, whole=True)
    reason = derive_visible_lines(judgement.reason) if quiet else _find_reason(judgement)
    yield from (Line(((text, ""),), indent=2) for text in reason)
    if record and not quiet:
        yield BLANK
        yield from derive_scenario(record, judgement.step, name=record.name if record.name != criterion.text else "")


def _find_reason(judgement: Judgement) -> tuple[str, ...]:
    """Return the lines of a reason, unless the error of the step says the same."""
    reason = derive_visible_lines(judgement.reason)
    error = derive_visible_lines(judgement.step.error) if judgement.step else ()
    return () if reason == error[: len(reason)] else reason


def derive_scenario(record: ScenarioRecord, step: StepRecord | None, *, name: str = "") -> Iterator[Line]:
    """Show the steps of a scenario with their lines, and every error below the step that it belongs to."""
    cells = max(len(str(line)) for line in (record.line, *(known.line for known in record.steps)))
    if name:
        yield Line(((f"{record.line:>{cells}}   ", "dim"), (name, "")), indent=2, hang=cells + 3)
    for known in record.steps:
        glyph, style = find_step_look(known.status)
        number = (f"{known.line:>{cells}} ", "dim")
        bold = "bold" if known == step else ""
        yield Line((number, (f"{glyph} ", style), (f"{known.keyword} {known.text}", bold)), indent=2, hang=cells + 3)
        yield from _derive_error(known.error, known.location if known.error or known == step else "", indent=cells + 3)
    for failure in record.failures:
        yield from _derive_error(failure, "", indent=cells + 1)
    if not record.finished:
        yield Line((("The run ended before this scenario did.", _RED),), indent=2)
    yield from _derive_output(record.output)


def _derive_output(output: str) -> Iterator[Line]:
    """Show what a scenario printed and logged, and the tracebacks, all of it."""
    rows = derive_visible_lines(output)
    if rows:
        yield Line((("traceback and output:", "dim"),), indent=4)
    yield from (Line((("┊ ", "dim"), (text, "")), indent=4, hang=2) for text in rows)


def _derive_error(error: str, location: str, *, indent: int) -> Iterator[Line]:
    """Show an error of any number of lines, and where the code is that raised it."""
    bar = ("│ ", _RED)
    for text in derive_visible_lines(error):
        yield Line((bar, (text, "red")), indent=indent + 2, hang=2)
    if location:
        yield Line((("╰ ", _RED), (location, "cyan")), indent=indent + 2, whole=True)


def derive_run(report: Report) -> Iterator[Line]:
    """Say loudly that a run did not end, and list the errors that belong to no scenario."""
    run = report.run
    if run is None:
        return
    if not run.complete:
        yield Line((("✗ THE RUN DID NOT END. What it did not prove was not touched.", "bold red"),), hang=2)
        yield from _derive_stops(run)
    elif run.failures:
        yield Line((("✗ Errors outside the scenarios", "bold red"),), hang=2)
    for path, error in run.failures:
        yield Line(((path or "the whole run", "cyan"),), indent=2, whole=True)
        yield from _derive_error(error, "", indent=0)


def _derive_stops(run: Run) -> Iterator[Line]:
    """Name the scenarios in which a run broke off."""
    for record in run.records:
        if not record.finished:
            place = (f"{record.feature}:{record.line}", "cyan")
            yield Line((("it stopped in ", ""), (record.name, "")), indent=2, right=(place,), hang=2)
