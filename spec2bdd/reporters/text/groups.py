"""Lists of criteria and done items that need attention, grouped by reason: each reason is shown once, with a count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spec2bdd.model import (
    CauseKind,
    CriterionVerdict,
    DoneItemVerdict,
    FailureKind,
    Report,
    RuleId,
    SpecReport,
    Verdict,
    describe_blocking,
)
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.summary import list_counted, list_written_paths
from spec2bdd.reporters.terminal.escape import split_visible_lines
from spec2bdd.reporters.terminal.layout import StyledLine
from spec2bdd.reporters.terminal.theme import GLYPHS, STYLES

# So many entries of one reason are listed without `--verbose`.
_MOST_ENTRIES = 3

# Reasons that are shown nowhere else.
_UNSHOWN = (FailureKind.UNPROVED, FailureKind.LOST)
# Only its author knows why a step skips a criterion, and no step has to be written for one that is set aside.
_OF_AUTHORS = (RuleId.SKIPPED_BY_CODE, RuleId.SET_ASIDE)
_ONE_CRITERION = re.compile(r"\b1 (\w+) criterion (is|has|passed, but does|passed)\b")
_PLURALS = {"is": "are", "has": "have", "passed": "passed", "passed, but does": "passed, but do"}

Boxed = CriterionVerdict | DoneItemVerdict


@dataclass(frozen=True, slots=True)
class _Entry:
    """One criterion or done item: what is said of it, why, and where it is; one that is listed elsewhere counts."""

    verdict: Verdict
    words: str
    reason: str
    text: str
    location: str
    is_listed: bool = True


def build_failing_groups(report: Report, *, quiet: bool) -> Iterator[StyledLine]:
    """List what makes the check fail besides the failed criteria: other boxes that are unticked, unproved criteria.

    Those which `build_attention_groups` lists are only counted, unless `quiet` leaves its list out.
    """
    written = list_written_paths(report)
    for spec in report.specs:
        unticked = [verdict for verdict in spec.verdicts if verdict.unticked and verdict.verdict is not Verdict.FAILED]
        unticked_items = [item for item in spec.done if item.unticked]
        word = "unticked" if spec.spec.path in written else "would be unticked"
        boxes: list[Boxed] = [*unticked, *unticked_items]
        yield from _build_groups([_build_entry(spec, box, f"{word}, {box.label}") for box in boxes], verbose=True)
        # The criteria for lack of which a spec must not have its status, if they are shown nowhere else.
        texts = {reason.line: reason.text for reason in spec.reasons if reason.kind in _UNSHOWN}
        unproved = [
            verdict
            for verdict in spec.verdicts
            if verdict.criterion.line in texts and verdict.verdict is not Verdict.FAILED
        ]
        entries = [
            replace(
                _build_entry(
                    spec,
                    verdict,
                    texts[verdict.criterion.line],
                    reason=None if verdict.rule in _OF_AUTHORS else "",
                ),
                is_listed=quiet or not _needs_attention(verdict),
            )
            for verdict in unproved
        ]
        yield from _build_groups(entries, verbose=False)
        # Criteria explain themselves; other specs that hold this one back are shown nowhere else.
        if spec.status_after != spec.status_before:
            held = [cause.text for cause in spec.why if cause.kind is CauseKind.HELD]
            location = ((f"{spec.spec.path}: ", "dim"),)
            yield from (StyledLine((*location, (text, "")), hang=2) for text in held)


def build_attention_groups(report: Report, *, verbose: bool) -> Iterator[StyledLine]:
    """List the criteria that wait for a decision or a repair: stale and flaky ones, vacuous steps, and those not run.

    Of those that one broken file keeps from being run, only the count is shown unless `verbose`, and so it is with what
    is stale in specs that the run left out.
    """
    left_out: set[str] = set()
    if report.run and report.command in ("verify", "run") and not verbose:
        ran = {tag for result in report.run.results if not result.left_out for tag in result.tags}
        left_out = {spec.spec.path for spec in report.specs if not any(box.id in ran for box in spec.verdicts)}
        # A run of no criterion at all left out none of the specs.
        left_out = left_out if len(left_out) < len(report.specs) else set()
    stale = [
        verdict
        for spec in report.specs
        for verdict in list_counted(spec)
        if spec.spec.path in left_out and verdict.verdict is Verdict.STALE
    ]
    entries = [
        _build_entry(spec, verdict, "flaky" if verdict.verdict is Verdict.PASSED else verdict.label)
        for spec in report.specs
        for verdict in list_counted(spec)
        if _needs_attention(verdict) and not (spec.spec.path in left_out and verdict.verdict is Verdict.STALE)
    ]
    yield from _build_groups(entries, verbose=verbose)
    if stale:
        text = f"{GLYPHS[Verdict.STALE]} {len(stale)} stale in specs that were not run (`-v` lists them)"
        yield StyledLine(((text, STYLES[Verdict.STALE]),), hang=2)


def build_details(spec: SpecReport, *, written: bool) -> Iterator[StyledLine]:
    """List what a spec has beyond its row: why it has its status, boxes that are ticked, and all that is open."""
    yield StyledLine(((spec.spec.path, "bold"),), whole=True)
    for cause in spec.why:
        word = "" if cause.kind is CauseKind.HELD else "demoted: "
        yield StyledLine(((f"{word}{cause.text}", "yellow"),), indent=2, hang=2)
    # A cause that names the specs it waits for says it already.
    if spec.blocking and not any(cause.kind is CauseKind.HELD for cause in spec.why):
        yield StyledLine(((describe_blocking(spec.blocking), "dim"),), indent=2, hang=2)
    would = "" if written else "would be "
    boxes: list[Boxed] = [*list_counted(spec), *(item for item in spec.done if item.kinds)]
    entries = [
        _build_entry(spec, box, f"{would}ticked" if box.ticked else box.label, path="")
        for box in boxes
        if not box.unticked and not _is_shown(box) and (box.ticked or box.verdict is not Verdict.PASSED)
    ]
    yield from _build_groups(entries, verbose=True, indent=2)


def _is_shown(box: Boxed) -> bool:
    """Whether a verdict is listed whatever the options are."""
    return isinstance(box, CriterionVerdict) and (box.verdict is Verdict.FAILED or _needs_attention(box))


def _needs_attention(verdict: CriterionVerdict) -> bool:
    """Whether the reason of a verdict asks the reader to do something."""
    # Other failures have blocks of their own, which say that they are flaky.
    if verdict.flaky and verdict.verdict is Verdict.PASSED:
        return True
    kept = verdict.verdict is Verdict.NOT_RUN and verdict.rule is RuleId.BAD_FILE
    vacuous = verdict.verdict is Verdict.PENDING and verdict.rule is RuleId.VACUOUS
    return (verdict.verdict is Verdict.STALE or kept or vacuous) and not verdict.unticked


def _build_entry(
    spec: SpecReport, box: Boxed, words: str, *, reason: str | None = None, path: str | None = None
) -> _Entry:
    """Build the entry of a criterion or a done item, with the first line of its reason unless another is given.

    `path` is empty where a heading names the spec.
    """
    if reason is None:
        # The whole reason is shown by `explain`.
        first, *others = split_visible_lines(box.reason) or ("",)
        reason = first + (" …" if others else "")
    item = box.criterion if isinstance(box, CriterionVerdict) else box.item
    return _Entry(box.verdict, words, reason, item.text, f"{spec.spec.path if path is None else path}:{item.line}")


def _build_groups(entries: Iterable[_Entry], *, verbose: bool, indent: int = 0) -> Iterator[StyledLine]:
    """Show entries under a line for each reason; without `verbose`, only the first few of many."""
    groups: dict[tuple[str, str], list[_Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.words, entry.reason), []).append(entry)
    for (words, reason), group in groups.items():
        verdict = group[0].verdict
        number = f" ({len(group)})" if len(group) > 1 else ""
        if number and (one := _ONE_CRITERION.search(words)):
            # What is said of one criterion is said of all of them.
            many = f"{len(group)} {one[1]} criteria {_PLURALS[one[2]]}"
            number, words = "", f"{words[: one.start()]}{many}{words[one.end() :]}"
        elif number and words.endswith(")"):
            number, words = "", f"{len(group)} {words}"
        parts = ((f"{GLYPHS[verdict]} {words}{number}", STYLES[verdict]), (f": {reason}" if reason else "", ""))
        yield StyledLine(parts, indent=indent, hang=2)
        most = 0 if verdict is Verdict.NOT_RUN and reason else _MOST_ENTRIES
        listed = [entry for entry in group if entry.is_listed]
        shown: Sequence[_Entry] = listed if verbose or len(listed) <= most + 1 else listed[:most]
        for entry in shown:
            yield StyledLine(((entry.text, ""),), indent=indent + 4, right=((entry.location, "dim"),))
        if shown and (more := len(listed) - len(shown)):
            yield StyledLine(((f"... and {more} more", "dim"),), indent=indent + 4)
