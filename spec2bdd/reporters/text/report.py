"""The report of most commands for people: specs, failures, files, and a summary that says what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from spec2bdd.model import Report, Verdict
from spec2bdd.reporters.next_step import find_next
from spec2bdd.reporters.summary import Summary, count_noun, list_counted, list_written_paths, summarize
from spec2bdd.reporters.terminal.layout import BLANK, Part, StyledLine, render_lines
from spec2bdd.reporters.text.failures import build_failures, build_run, build_unlinked
from spec2bdd.reporters.text.specs import build_counts, build_spec_blocks

Block = tuple[StyledLine, ...]


def render_text(report: Report, *, width: int, color: bool, verbose: bool = False, quiet: bool = False) -> str:
    """Show a report; `verbose` also lists what is pending, `quiet` shows only failures and the summary."""
    blocks: list[Block] = [] if quiet else list(build_spec_blocks(report, width=width, verbose=verbose))
    failures = list(build_failures(report.specs, quiet=quiet))
    if failures:
        title = count_noun(len(failures), "failure")
        rule = "─" * max(width - len(title) - 1, 3)
        blocks.append((StyledLine(((f"{title} ", "bold red"), (rule, "dim")), whole=True),))
    blocks += [*failures, tuple(build_unlinked(report, quiet=quiet)), tuple(build_run(report))]
    blocks += [] if quiet else [tuple(_build_files(report))]
    # The summary is one line, broken only between its pieces.
    parts: list[Part] = []
    for piece in _build_summary(report, summarize(report)):
        parts += [(" · ", "dim"), *piece] if parts else piece
    end = [StyledLine(tuple(parts), hang=2, whole=True)]
    if step := find_next(report):
        end.append(StyledLine((("next: ", "bold"), (step, "")), hang=6))
    blocks += [tuple(_build_reasons(report)), tuple(end)]
    # A blank line between the blocks that are not empty.
    first, *others = [block for block in blocks if block]
    lines = (*first, *(line for block in others for line in (BLANK, *block)))
    return render_lines(lines, width=width, color=color)


def _build_files(report: Report) -> Iterator[StyledLine]:
    """List the files that were written or would be, and the notes of the command."""
    if report.changes:
        yield StyledLine((("written" if report.wrote else "would be written", "bold"),))
    for change in report.changes:
        mark = ("~ ", "yellow")
        if change.after is None:
            mark = ("- ", "red")
        elif change.before is None:
            mark = ("+ ", "green")
        yield StyledLine((mark, (change.path, "")), indent=2, whole=True)
    for note in report.notes:
        yield StyledLine((("· ", "dim"), (note, "")), indent=2, hang=2)


def _build_reasons(report: Report) -> Iterator[StyledLine]:
    """List the specs that failed, and why."""
    # A spec may fail without a reason of its own, by an error that is reported elsewhere.
    failed = [spec for spec in report.specs if not spec.answer or spec.reasons]
    if failed:
        yield StyledLine((("Failed:", "bold red"),))
    for spec in failed:
        yield StyledLine(((spec.spec.path, "cyan"),), indent=2, whole=True)
        for reason in spec.reasons:
            yield StyledLine((("· ", "dim"), (reason, "")), indent=4, hang=2)


def _build_unlinked(report: Report) -> Iterator[tuple[Part, ...]]:
    """Yield the count of the scenarios without a criterion, if there are any."""
    if report.unlinked:
        counted = Counter(scenario.verdict for scenario in report.unlinked)
        words = [f" {counted[verdict]} {verdict}" for verdict in Verdict if counted[verdict]]
        style = "bold red" if any(scenario.is_failing for scenario in report.unlinked) else ""
        # A comma after each but the last: a whole line is broken between its parts.
        texts = ["scenarios without a criterion:", *(f"{word}," for word in words[:-1]), words[-1]]
        yield tuple((text, style) for text in texts)


def _build_summary(report: Report, counts: Summary) -> Iterator[tuple[Part, ...]]:
    """Yield the pieces of the summary: specs and criteria, boxes, files, errors and warnings."""
    if report.specs:
        yield ((count_noun(counts.specs, "spec"), "bold"),)
        numbers = build_counts([judgement for spec in report.specs for judgement in list_counted(spec)])
        criteria = count_noun(counts.criteria, "criterion", "criteria")
        yield ((f"{criteria}{':' if numbers else ''}", ""), *numbers)
    yield from _build_unlinked(report)
    if counts.flaky:
        yield ((f"flaky: {counts.flaky}", "bold yellow"),)
    if counts.on_word:
        yield ((f"{counts.on_word} on a report's word", "bold yellow"),)
    boxes = [(count, word) for count, word in ((counts.ticked, "ticked"), (counts.unticked, "unticked")) if count]
    if boxes:
        # Boxes of a spec that could not be written are still only planned.
        written = list_written_paths(report)
        changed = [spec for spec in report.specs if any(box.ticked or box.unticked for box in spec.boxes)]
        would = "" if all(spec.spec.path in written for spec in changed) else "would be "
        (first, word), *rest = boxes
        texts = [f"{count_noun(first, 'box', 'boxes')} {would}{word}", *(f" {count} {word}" for count, word in rest)]
        # A comma after each but the last: a whole line is broken between its parts.
        yield (*((f"{text},", "") for text in texts[:-1]), (texts[-1], ""))
    # "Up to date" only where nothing went wrong: an error may have kept a file from being written.
    if counts.files:
        yield ((f"{count_noun(counts.files, 'file')} {'' if report.wrote else 'would be '}written", ""),)
    elif report.exit_code == 2 or counts.errors:
        yield (("nothing was written", ""),)
    elif report.specs:
        yield (("nothing to write", "dim"),)
    else:
        yield (("nothing to write: all up to date", "green"),)
    if counts.errors:
        yield ((count_noun(counts.errors, "error"), "bold red"),)
    if counts.warnings:
        yield ((count_noun(counts.warnings, "warning"), "yellow"),)
