"""Blocks that show each failed criterion with its scenario, and the errors of a run outside of scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spec2bdd.model import (
    CriterionVerdict,
    Report,
    RunFailure,
    ScenarioResult,
    SpecReport,
    StepResult,
    UnlinkedScenario,
    Verdict,
)
from spec2bdd.reporters.summary import count_noun, list_counted, list_written_paths
from spec2bdd.reporters.terminal.escape import split_visible_lines
from spec2bdd.reporters.terminal.layout import Part, StyledLine
from spec2bdd.reporters.terminal.theme import GLYPHS, STYLES, TIER_NAMES, find_step_look

_RED = STYLES[Verdict.FAILED]
# The first line of a traceback says nothing that the others do not show.
_TRACEBACK = "Traceback (most recent call last):"
# What the blocks of a section are called, one and several of them.
_FAILED = ("failure", "failures")
_EARLIER = ("failure from an earlier run", "failures from an earlier run")

# The feature, the line and the name of a scenario.
_Place = tuple[str, int, str]


def build_failures(report: Report, *, width: int, quiet: bool = False) -> Iterator[tuple[StyledLine, ...]]:
    """Build a block for each failed criterion, and each failing or pending scenario without one, under their counts.

    `quiet` omits the steps, and the pending scenarios that fail nothing.
    """
    written, ran = list_written_paths(report), _list_ran(report)
    sections: dict[tuple[str, str], list[tuple[StyledLine, ...]]] = {_FAILED: [], _EARLIER: []}
    for spec in report.specs:
        for verdict in list_counted(spec):
            if verdict.verdict is Verdict.FAILED:
                section = _EARLIER if _is_earlier(verdict.record, ran) else _FAILED
                lines = _build_failure(spec, verdict, written=spec.spec.path in written, quiet=quiet)
                sections[section].append(tuple(lines))
    for scenario in sorted(report.unlinked, key=lambda scenario: not scenario.is_failing):
        section = _EARLIER if _is_earlier(scenario.record, ran) else _FAILED
        if is_pending := scenario.verdict is Verdict.PENDING:
            # In the words of the summary.
            label = f"without a criterion: {scenario.label}"
            section = (f"scenario {label}", f"scenarios {label}")
        if scenario.is_failing or (is_pending and not quiet):
            sections.setdefault(section, []).append(tuple(_build_unlinked(scenario, quiet=quiet)))
    for section, blocks in sections.items():
        for number, block in enumerate(blocks):
            title = count_noun(len(blocks), *section)
            style = _RED if section in (_FAILED, _EARLIER) else STYLES[Verdict.PENDING]
            rule = "─" * (width - len(title) - 1)
            heading = StyledLine(((f"{title} ", style), (rule, "dim")))
            yield block if number else (heading, *block)


def count_earlier_failures(report: Report) -> int:
    """Count the failures, with those of scenarios without a criterion, of which the result is of an earlier run."""
    ran = _list_ran(report)
    verdicts = (verdict for spec in report.specs for verdict in list_counted(spec))
    failed = [verdict.record for verdict in verdicts if verdict.verdict is Verdict.FAILED]
    failed += [scenario.record for scenario in report.unlinked if scenario.is_failing]
    return sum(_is_earlier(record, ran) for record in failed)


def _list_ran(report: Report) -> frozenset[_Place] | None:
    """List the scenarios that this command ran, where it also judged by earlier runs; else nothing."""
    if report.command != "verify" or not (report.older or report.nothing_run):
        return None
    results = report.run.results if report.run and not report.nothing_run else ()
    return frozenset((record.feature, record.line, record.name) for record in results if record.status != "skipped")


def _is_earlier(record: ScenarioResult | None, ran: frozenset[_Place] | None) -> bool:
    """Whether a result is from an earlier run than that of this command."""
    return ran is not None and record is not None and (record.feature, record.line, record.name) not in ran


def _build_failure(spec: SpecReport, verdict: CriterionVerdict, *, written: bool, quiet: bool) -> Iterator[StyledLine]:
    """Show one failed criterion: its text, where it and its scenario are, and what went wrong."""
    criterion, record = verdict.criterion, verdict.record
    yield StyledLine(((f"{GLYPHS[Verdict.FAILED]} ", _RED), (criterion.text, "bold")), hang=2)
    parts: list[Part] = [(f"{spec.spec.path}:{criterion.line}", "cyan")]
    parts.append((f"  {TIER_NAMES[criterion.tier]}, {verdict.id}", "dim"))
    if verdict.unticked:
        parts += [(", ", "dim"), ("unticked" if written else "would be unticked", _RED)]
    if verdict.flaky:
        parts += [(", ", "dim"), ("flaky", "bold yellow")]
    yield StyledLine(tuple(parts), indent=2, whole=True)
    if record:
        yield StyledLine(((f"{record.feature}:{record.line}", "cyan"),), indent=2, whole=True)
    reason = split_visible_lines(verdict.reason)
    if quiet or not _is_repeated(reason, record, verdict.step):
        yield from (StyledLine(((text, "red"),), indent=2) for text in reason)
    if record and not quiet:
        yield from build_scenario(record, verdict.step, title=criterion.text)


def _build_unlinked(scenario: UnlinkedScenario, *, quiet: bool) -> Iterator[StyledLine]:
    """Show one scenario that fails and has no criterion."""
    record = scenario.record
    yield StyledLine(((f"{GLYPHS[scenario.verdict]} ", STYLES[scenario.verdict]), (record.name, "bold")), hang=2)
    location = ((f"{record.feature}:{record.line}", "cyan"), ("  without a criterion", "dim"))
    yield StyledLine(location, indent=2, whole=True)
    reason = split_visible_lines(scenario.reason)
    if quiet or not _is_repeated(reason, record, scenario.step):
        yield from (StyledLine(((text, "red"),), indent=2) for text in reason)
    if not quiet:
        yield from build_scenario(record, scenario.step, title=record.name)


def _is_repeated(reason: Sequence[str], record: ScenarioResult | None, step: StepResult | None) -> bool:
    """Whether the scenario shows all that the reason says."""
    if record is None:
        return False
    errors = split_visible_lines(step.error) if step else ()
    hooks = split_visible_lines("; ".join(record.failures))
    return reason == errors[: len(reason)] or reason == hooks


def build_scenario(record: ScenarioResult, step: StepResult | None, *, title: str) -> Iterator[StyledLine]:
    """Show the steps of a scenario with their lines, and each error once: in its traceback, or else under its step.

    A name that only repeats the `title`, which is shown above, is left out, as is the traceback of a stub.
    """
    # Line numbers of one width, so that the steps are aligned.
    cells = max(len(str(line)) for line in (record.line, *(known.line for known in record.steps)))
    if record.name.casefold() != title.casefold():
        yield StyledLine(((f"{record.line:>{cells}}   ", "dim"), (record.name, "")), indent=2, hang=cells + 3)
    output = split_visible_lines(record.output)
    if output[:1] == (_TRACEBACK,):
        output = output[1:]
    # The lines of the output that are an error.
    errors: set[int] = set()
    for known in record.steps:
        glyph, style = find_step_look(known.status)
        # The step that decided the verdict is shown in bold, and with the location of its code.
        parts: list[Part] = [(f"{known.line:>{cells}} ", "dim"), (f"{glyph} ", style)]
        parts.append((f"{known.keyword} {known.text}", "bold" if known == step else ""))
        if known.location and (known.error or known == step):
            parts.append((f"  ({known.location})", "cyan"))
        yield StyledLine(tuple(parts), indent=2, hang=cells + 3)
        lines = () if _is_stub(known) else split_visible_lines(known.error)
        start = _find_error(lines, output)
        errors |= set(range(start, start + len(lines)))
        if start < 0:
            yield from _build_error(lines, indent=cells + 5)
    # Of hooks, fixtures and clean-ups: they belong to no step.
    for number, failure in enumerate(record.failures):
        location, calls = (record.failed_at, record.failure_traceback) if number == 0 else ("", "")
        yield from _build_hook_error(RunFailure(record.feature, failure, location, calls), indent=cells + 3)
    if not record.finished:
        yield StyledLine((("the run ended before this scenario did", _RED),), indent=2)
    # All of it: what a scenario printed is often the only hint at what went wrong.
    for number, text in enumerate(output):
        yield StyledLine((("┊ ", "dim"), (text, "red" if number in errors else "")), indent=cells + 5, hang=2)


def _is_stub(step: StepResult) -> bool:
    """Whether the error of a step says only that it is not implemented, as its glyph does."""
    return step.error == f"StepNotImplementedError: {step.text}"


def _find_error(error: Sequence[str], output: Sequence[str]) -> int:
    """Find where the output says the error, as a traceback does in its last lines; -1 if it does not."""
    if not error:
        return -1
    for start in range(len(output) - len(error) + 1):
        # The first line of a traceback's message follows the type of the exception.
        if output[start].endswith(error[0]) and output[start + 1 : start + len(error)] == error[1:]:
            return start
    # The error of an assertion without a message is its source line, which the traceback shows above the bare type.
    _, _, source = error[0].partition(": ")
    if len(error) == 1 and output and output[-1].strip() == "AssertionError":
        return next((number for number, text in enumerate(output) if source and text.strip() == source), -1)
    return -1


def _build_error(lines: Sequence[str], *, indent: int) -> Iterator[StyledLine]:
    """Show an error of any number of lines."""
    yield from (StyledLine((("│ ", _RED), (text, "red")), indent=indent, hang=2) for text in lines)


def _build_hook_error(failure: RunFailure, *, indent: int) -> Iterator[StyledLine]:
    """Show the error of a hook, fixture or clean-up, where it was raised, and the calls that led to it."""
    yield from _build_error(split_visible_lines(failure.message), indent=indent)
    if failure.location:
        yield StyledLine(((f"({failure.location})", "cyan"),), indent=indent, whole=True)
    lines = split_visible_lines(failure.traceback)
    for text in lines[1:] if lines[:1] == (_TRACEBACK,) else lines:
        yield StyledLine((("┊ ", "dim"), (text, "")), indent=indent + 2, hang=2)


def build_run(report: Report) -> Iterator[StyledLine]:
    """Show that a run did not finish, where it stopped, and the errors that belong to no scenario."""
    run = report.run
    if run is None:
        return
    if not run.complete:
        text = "the run did not finish; criteria without a result were left unchanged"
        yield StyledLine(((f"{GLYPHS[Verdict.FAILED]} {text}", "bold red"),), hang=2)
        for record in run.results:
            if not record.finished:
                location = (f"{record.feature}:{record.line}", "cyan")
                yield StyledLine((("it stopped in ", ""), (record.name, "")), indent=2, right=(location,), hang=2)
    # One heading is enough where the run has not finished: its errors are listed under that.
    elif run.failures:
        text, style = "errors outside the scenarios", "bold red"
        if run.is_past:
            text, style = f"{text} of an earlier run", "dim"
        yield StyledLine(((f"{GLYPHS[Verdict.FAILED]} {text}", style),), hang=2)
    for failure in run.failures:
        yield StyledLine(((failure.feature or "the whole run", "cyan"),), indent=2, whole=True)
        # Where it was raised may be another line today.
        shown = replace(failure, location="", traceback="") if run.is_past else failure
        yield from _build_hook_error(shown, indent=2)
