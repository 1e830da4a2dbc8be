"""A report in, the answer for a terminal out: specs, failures, files and a summary that says what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model import FileChange, Report
from spec2bdd.reporters.advice import find_next
from spec2bdd.reporters.summary import Summary, derive_judged, derive_written, summarize
from spec2bdd.reporters.terminal.layout import BLANK, Part, StyledLine, render_lines
from spec2bdd.reporters.text.failures import derive_failures, derive_run
from spec2bdd.reporters.text.specs import derive_count_parts, derive_spec_blocks

Block = tuple[StyledLine, ...]


def render_text(report: Report, *, width: int, color: bool, verbose: bool = False, quiet: bool = False) -> str:
    """Show a report; `verbose` lists also what is pending, `quiet` leaves only what failed and the summary."""
    blocks: list[Block] = [] if quiet else list(derive_spec_blocks(report, width=width, verbose=verbose))
    blocks += _derive_failed(report, width, quiet=quiet)
    blocks.append(tuple(derive_run(report)))
    blocks += [] if quiet else [(*_derive_files(report), *_derive_notes(report))]
    blocks += [tuple(_derive_reasons(report)), tuple(_derive_end(report))]
    return render_lines(_join_blocks(blocks), width=width, color=color)


def _join_blocks(blocks: list[Block]) -> Iterator[StyledLine]:
    """Put a blank line between blocks that say anything."""
    for n, block in enumerate(block for block in blocks if block):
        yield from (BLANK, *block) if n else block


def _derive_failed(report: Report, width: int, *, quiet: bool) -> Iterator[Block]:
    """Show all failures under one ruled heading."""
    failures = list(derive_failures(report.specs, quiet=quiet))
    if failures:
        yield (_derive_heading(_count(len(failures), "failure"), width, style="bold red"),)
    yield from failures


def _derive_heading(title: str, width: int, *, style: str) -> StyledLine:
    """Rule a heading off over the whole width."""
    rule = "─" * max(width - len(title) - 1, 3)
    return StyledLine(((f"{title} ", style), (rule, "dim")), whole=True)


def _derive_files(report: Report) -> Iterator[StyledLine]:
    """List the files that were written or would be."""
    if report.changes:
        yield StyledLine((("written" if report.wrote else "would be written", "bold"),))
    for change in report.changes:
        yield _derive_file(change)


def _derive_file(change: FileChange) -> StyledLine:
    """Show one file, new, changed or removed."""
    mark = ("- ", "red") if change.after is None else ("+ ", "green") if change.before is None else ("~ ", "yellow")
    return StyledLine((mark, (change.path, "")), indent=2, whole=True)


def _derive_notes(report: Report) -> Iterator[StyledLine]:
    """Show the notes of a command, each on lines of its own."""
    for note in report.notes:
        yield StyledLine((("· ", "dim"), (note, "")), indent=2, hang=2)


def _derive_reasons(report: Report) -> Iterator[StyledLine]:
    """Say why the answer is no."""
    refused = [spec for spec in report.specs if not spec.answer or spec.reasons]
    if refused:
        yield StyledLine((("The answer is no:", "bold red"),))
    for spec in refused:
        yield StyledLine(((spec.spec.path, "cyan"),), indent=2, whole=True)
        for reason in spec.reasons:
            yield StyledLine((("· ", "dim"), (reason, "")), indent=4, hang=2)


def _derive_end(report: Report) -> Iterator[StyledLine]:
    """Close with the numbers and the next thing to do."""
    pieces = [piece for piece in _derive_summary(report, summarize(report)) if piece]
    parts: list[Part] = []
    for piece in pieces:
        parts += [(" · ", "dim"), *piece] if parts else piece
    yield StyledLine(tuple(parts), hang=2, whole=True)
    advice = find_next(report)
    if advice:
        yield StyledLine((("next: ", "bold"), (advice, "")), hang=6)


def _derive_summary(report: Report, counts: Summary) -> Iterator[tuple[Part, ...]]:
    """Yield the pieces of the summary."""
    if report.specs:
        yield ((_count(counts.specs, "spec"), "bold"),)
        judged = [judgement for spec in report.specs for judgement in derive_judged(spec)]
        numbers = derive_count_parts(judged)
        criteria = _count(counts.criteria, "criterion", plural="criteria")
        yield ((f"{criteria}{':' if numbers else ''}", ""), *numbers)
    if counts.flaky:
        yield ((f"flaky: {counts.flaky}", "bold yellow"),)
    if counts.on_word:
        yield ((f"{counts.on_word} on a report's word", "bold yellow"),)
    yield _derive_box_part(report, counts)
    yield _derive_file_part(report, counts)
    if counts.errors:
        yield ((_count(counts.errors, "error"), "bold red"),)
    if counts.warnings:
        yield ((_count(counts.warnings, "warning"), "yellow"),)


def _derive_box_part(report: Report, counts: Summary) -> tuple[Part, ...]:
    """Say how many boxes changed, or would."""
    written = derive_written(report)
    changed = [spec for spec in report.specs if any(one.ticked or one.unticked for one in spec.boxes)]
    would = "" if all(spec.spec.path in written for spec in changed) else "would be "
    numbers = [(counts.ticked, "ticked"), (counts.unticked, "unticked")]
    first, *rest = [(count, word) for count, word in numbers if count] or [(0, "")]
    if not first[0]:
        return ()
    parts = [
        f"{_count(first[0], 'box', plural='boxes')} {would}{first[1]}",
        *(f" {count} {word}" for count, word in rest),
    ]
    return tuple((part if part is parts[-1] else f"{part},", "") for part in parts)


def _derive_file_part(report: Report, counts: Summary) -> tuple[Part, ...]:
    """Say how many files were written, or that none had to be."""
    if counts.files:
        return ((f"{_count(counts.files, 'file')} {'' if report.wrote else 'would be '}written", ""),)
    if report.exit_code == 2 or counts.errors:
        return (("nothing was written", ""),)
    if report.specs:
        return (("nothing to write", "dim"),)
    return (("nothing to write: all up to date", "green"),)


def _count(number: int, noun: str, *, plural: str = "") -> str:
    """Put a number before a noun."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
