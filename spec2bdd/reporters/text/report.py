"""The report of most commands for people: failures, the table of specs, files, and a summary with the next step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spec2bdd.model import FailureKind, Outcome, Report
from spec2bdd.model.report import count_unlinked
from spec2bdd.reporters.next_step.after_command import find_next
from spec2bdd.reporters.outcome import describe_outcome, is_only_outdated, list_open
from spec2bdd.reporters.summary import Summary, count_noun, describe_gate, list_counted, list_written_paths, summarize
from spec2bdd.reporters.terminal.layout import BLANK, Part, Parts, StyledLine, build_next, render_lines
from spec2bdd.reporters.text.failures import build_failures, build_run, count_earlier_failures
from spec2bdd.reporters.text.groups import build_attention_groups, build_details, build_failing_groups
from spec2bdd.reporters.text.specs import build_counts, build_table

Block = tuple[StyledLine, ...]

# Next to the table of specs, more of the other files than this are only counted.
_MOST_WRITTEN = 3

_OUTCOME_STYLES = {Outcome.PASSED: "bold green", Outcome.FAILED: "bold red", Outcome.ERROR: "bold red"}


def render_text(report: Report, *, width: int, color: bool, verbose: bool = False, quiet: bool = False) -> str:
    """Show a report; `verbose` also lists what is pending and what was written, `quiet` only failures and the summary.

    Each fact is shown once: failures first, then the table of specs, then one summary line and the next step.
    """
    next_step = find_next(report)
    is_marked = any(box.ticked or box.unticked for spec in report.specs for box in spec.boxes)
    if report.run is None and report.outcome is Outcome.ERROR and not is_marked:
        # Verdicts without any result would only repeat the error.
        report = replace(report, specs=())
    blocks: list[Block] = []
    if report.nothing_run:
        # Why nothing was run comes first, whatever the options are: no other line says it.
        blocks.append(_build_notes(report.notes))
    blocks += [
        *build_failures(report, width=width, quiet=quiet),
        tuple(build_run(report)),
        tuple(build_failing_groups(report, quiet=quiet)),
    ]
    if not quiet:
        blocks.append(tuple(build_attention_groups(report, verbose=verbose)))
        blocks.append(tuple(build_table(report, width=width, verbose=verbose)))
        written = list_written_paths(report)
        if verbose:
            details = (tuple(build_details(spec, written=spec.spec.path in written)) for spec in report.specs)
            # A line that only names the spec says nothing.
            blocks += [block for block in details if len(block) > 1]
        notes = (*(() if report.nothing_run else report.notes), *(report.details if verbose else ()))
        blocks.append((*_build_files(report, verbose=verbose), *_build_notes(notes)))
    summary = _build_summary(report)
    end = [summary] if summary.parts else []
    if next_step:
        end.append(build_next(next_step, width=width))
    blocks.append(tuple(end))
    # A blank line between the blocks that are not empty. Where `quiet` would leave none, the notes are the answer.
    first, *others = [block for block in blocks if block] or [_build_notes(report.notes)]
    lines = (*first, *(line for block in others for line in (BLANK, *block)))
    return render_lines(lines, width=width, color=color)


def _build_notes(notes: Iterable[str]) -> Block:
    """Show each note on a line."""
    return tuple(StyledLine(((note, ""),), hang=2) for note in notes)


def _build_files(report: Report, *, verbose: bool) -> Iterator[StyledLine]:
    """List the files that were written or would be.

    What became of the specs is in the table, so those that were written are listed on request only; those that would be
    written are the news of a check, so each one that the summary counts is listed.
    """
    specs = {spec.spec.path for spec in report.specs} if report.wrote and not verbose else frozenset[str]()
    changes = [change for change in report.changes if change.path not in specs]
    for change in changes if len(changes) <= _MOST_WRITTEN or not specs else ():
        mark = ("~ ", "yellow")
        if change.after is None:
            mark = ("- ", "red")
        elif change.before is None:
            mark = ("+ ", "green")
        yield StyledLine((mark, (change.path, "")), whole=True)


def _build_summary(report: Report) -> StyledLine:
    """Build the summary: one line that says first how the command ended, broken only between its pieces."""
    counts = summarize(report)
    pieces = [*_list_verdict_pieces(report, counts), *_list_change_pieces(report, counts)]
    if counts.errors:
        pieces.append(((count_noun(counts.errors, "error"), "bold red"),))
    if counts.warnings:
        pieces.append(((count_noun(counts.warnings, "warning"), "yellow"),))
    parts: list[Part] = []
    # A command that judges nothing and went well is known by what it wrote.
    if report.specs or report.outcome is not Outcome.PASSED:
        word = describe_outcome(report, counts)
        style = _OUTCOME_STYLES[report.outcome] if word == report.outcome else "bold yellow"
        parts.append((f"{word.capitalize()}: ", style))
    for number, piece in enumerate(pieces):
        parts += [(" · ", "dim"), *piece] if number else piece
    return StyledLine(tuple(parts), hang=2, whole=True)


def _list_verdict_pieces(report: Report, counts: Summary) -> Iterator[Parts]:
    """Yield what was judged: the gate, the criteria of each verdict; first, what alone made a check fail."""
    if report.specs and is_only_outdated(report, counts):
        yield ((f"{count_noun(counts.files, 'file is', 'files are')} out of date", "bold red"),)
    if report.specs:
        gating = [verdict for spec in report.specs for verdict in spec.gating if not verdict.fulfilled]
        # Without a word about the others, "passed" and "1 of 3" would contradict each other.
        words = list_open(report, counts)
        # A part for each, between which a narrow line is broken.
        *others, last = (describe_gate(report, counts), *(f" {word}" for word in words))
        yield tuple((text, "bold") for text in (*(f"{other}," for other in others), last))
        # What is ticked and not proved may be outside of the gate.
        regressed = sum(reason.kind is FailureKind.REGRESSED for spec in report.specs for reason in spec.reasons)
        if regressed and report.outcome is Outcome.FAILED and not gating:
            yield ((f"{regressed} ticked and not proved", "bold red"),)
        # Of what the selection of this run left out, this alone fails it.
        if earlier := count_earlier_failures(report) if report.outcome is Outcome.FAILED else 0:
            yield ((f"{earlier} failed in an earlier run", "bold red"),)
        numbers = build_counts([verdict for spec in report.specs for verdict in list_counted(spec)])
        criteria = count_noun(counts.criteria, "criterion", "criteria")
        yield ((f"{criteria}{':' if numbers else ''}", ""), *numbers)
    if report.unlinked:
        words = [f" {count} {label}" for label, count in count_unlinked(report.unlinked).items()]
        style = "bold red" if any(scenario.is_failing for scenario in report.unlinked) else ""
        # A comma after each but the last: a whole line is broken between its parts.
        texts = ["scenarios without a criterion:", *(f"{word}," for word in words[:-1]), words[-1]]
        yield tuple((text, style) for text in texts)
    if counts.flaky:
        yield ((f"{counts.flaky} flaky", "bold yellow"),)
    if counts.external_only:
        yield ((f"{counts.external_only} passed in an external report only", "bold yellow"),)


def _list_change_pieces(report: Report, counts: Summary) -> Iterator[Parts]:
    """Yield what changed: boxes and files."""
    if counts.ticked or counts.unticked:
        # Boxes of a spec that could not be written are still only planned.
        written = list_written_paths(report)
        changed = [spec for spec in report.specs if any(box.ticked or box.unticked for box in spec.boxes)]
        would = "" if all(spec.spec.path in written for spec in changed) else "would be "
        yield ((_join_counts(("box", "boxes"), would, ticked=counts.ticked, unticked=counts.unticked), ""),)
    if counts.files and not (report.specs and is_only_outdated(report, counts)):
        deleted = sum(change.after is None for change in report.changes)
        would = "" if report.wrote else "would be "
        yield ((_join_counts(("file", "files"), would, written=counts.files - deleted, deleted=deleted), ""),)
    elif report.command == "run":
        # It never writes.
        if report.outcome is Outcome.ERROR and not report.specs:
            has_run = report.run is not None and not report.nothing_run
            yield (("no spec could be judged" if has_run else "nothing was run", ""),)
    elif report.outcome is Outcome.ERROR or counts.errors:
        yield (("nothing was written", ""),)
    elif report.folders:
        created = "created" if report.wrote else "would be created"
        yield ((f"{count_noun(len(report.folders), 'folder')} {created}", ""),)
    # "Up to date" only where nothing went wrong, and where no note of a decision says it already.
    elif report.additions:
        yield ((f"nothing was written: lines are missing in {' and '.join(report.additions)}", "yellow"),)
    elif not report.specs and (report.command in ("generate", "init") or not report.notes):
        yield (("nothing to write: all up to date", "green"),)


def _join_counts(noun: tuple[str, str], would: str, **counts: int) -> str:
    """Render what happened to how many, such as `2 files written, 1 deleted`; a count of 0 is left out."""
    (first, word), *others = [(count, word) for word, count in counts.items() if count]
    return ", ".join([f"{count_noun(first, *noun)} {would}{word}", *(f"{count} {word}" for count, word in others)])
