"""The answer of `explain` for people: one criterion in full, or a table of all criteria of a spec."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from spec2bdd.model import (
    BoxKind,
    CriterionExplanation,
    CriterionLines,
    CriterionVerdict,
    Explanation,
    ProofSource,
    Tier,
)
from spec2bdd.reporters.next_step.of_explanation import find_next_of, find_next_of_all
from spec2bdd.reporters.overview_counts import name_holds
from spec2bdd.reporters.summary import count_noun, describe_status, list_counted
from spec2bdd.reporters.terminal.layout import BLANK, Part, StyledLine, build_next, render_lines
from spec2bdd.reporters.terminal.theme import GLYPHS, STATUS_STYLES, STYLES, TIER_NAMES
from spec2bdd.reporters.text.challenges import describe_strength
from spec2bdd.reporters.text.failures import build_scenario
from spec2bdd.reporters.text.history import describe_history, describe_run
from spec2bdd.reporters.text.spec_status import render_box
from spec2bdd.reporters.trace.code_lines import RUNS_NOTHING, list_ranges

# The longest label, `verdict`, and some room.
_LABEL_CELLS = 10
# Files with lines that a criterion runs; the JSON has all of them.
_MOST_FILES = 5
_PROOFS = {
    ProofSource.GENERATED: "scenario",
    ProofSource.HAND_WRITTEN: "scenarios of your own",
    ProofSource.CHILDREN: "the criteria nested under it",
    ProofSource.NONE: "no scenario",
}


def render_explanation(explanation: Explanation, *, width: int, color: bool) -> str:
    """Show an explanation."""
    build = _build_criterion if explanation.single else _build_table
    return render_lines(build(explanation, width), width=width, color=color)


def _build_criterion(explanation: Explanation, width: int) -> Iterator[StyledLine]:
    """Show one criterion in full: its name and location, the facts, the scenario that decided, the next command."""
    spec = explanation.spec.spec
    key = spec.find_value("feature_id")
    for entry in explanation.entries:
        criterion, judgement = entry.item.criterion, entry.judgement
        yield StyledLine((_build_glyph(judgement), (criterion.text, "bold")), hang=2)
        number = f", {key}#{entry.number}" if key else f", #{entry.number}"
        names = (f"  {TIER_NAMES[criterion.tier]}, {entry.item.id}{number}", "dim")
        yield StyledLine(((f"{spec.path}:{criterion.line}", "cyan"), names), indent=2, whole=True)
        yield BLANK
        for label, text, style in _list_facts(explanation, entry):
            yield StyledLine(((f"{label:<{_LABEL_CELLS}}", "dim"), (text, style)), indent=2, hang=_LABEL_CELLS)
        if judgement and judgement.record:
            record = judgement.record
            yield BLANK
            yield StyledLine(((f"{record.feature}:{record.line}", "cyan"),), indent=2, whole=True)
            yield from build_scenario(record, judgement.step, title=criterion.text)
        yield BLANK
        yield build_next(find_next_of(explanation, entry) or "nothing to do", width=width)


def _build_glyph(judgement: CriterionVerdict | None) -> Part:
    """Build the glyph of a verdict; a dot for a criterion without any."""
    return (f"{GLYPHS[judgement.verdict]} ", STYLES[judgement.verdict]) if judgement else ("· ", "dim")


def _list_facts(explanation: Explanation, entry: CriterionExplanation) -> Iterator[tuple[str, str, str]]:
    """List what is known of a criterion: label, text and style of each fact."""
    item, judgement = entry.item, entry.judgement
    if judgement:
        # The whole error is shown under its step.
        first, *others = judgement.reason.strip().split("\n")
        reason = f"{': ' if first else ''}{first}{' ...' if others else ''}"
        yield "verdict", f"{judgement.label}{reason}", STYLES[judgement.verdict]
        if judgement.last:
            yield "last", f"{judgement.last}, before that", STYLES[judgement.last]
    else:
        yield "verdict", "not required", "dim"
    # Where the documentation explains it is in the JSON: the pages are not in the project of the user.
    yield "rule", entry.rule.sentence, ""
    yield "box", _describe_box(explanation, entry), ""
    files = f" in {', '.join(item.files)}" if item.files else ""
    # The scenario is what will prove it; `generate` has not written it.
    is_missing = item.proof is ProofSource.GENERATED and not item.known
    yield "proof", "no scenario yet" if is_missing else f"{_PROOFS[item.proof]}{files}", ""
    if item.reworded:
        yield "wording", f"last accepted: `{item.reworded}`", ""
    yield "run", describe_run(explanation.run), ""
    if entry.strength:
        yield "checks", describe_strength(entry.strength), ""
    yield from _list_lines(entry.lines)
    if judgement and judgement.comparison:
        yield "base", judgement.comparison.summary, ""
    for number, line in enumerate(describe_history(entry.past)):
        yield "" if number else "history", line, ""


def _describe_box(explanation: Explanation, entry: CriterionExplanation) -> str:
    """Describe the mark in the box of a criterion, and what changes it next."""
    criterion, judgement = entry.item.criterion, entry.judgement
    if criterion.box.kind is BoxKind.NONE:
        return "none: this file has no place for a mark"
    mark, place = f"[{criterion.box.mark}]", (explanation.spec.spec.path, criterion.line)
    if judgement and (judgement.ticked or judgement.unticked):
        return f"{mark}, and `spec2bdd mark` would {'tick' if judgement.ticked else 'untick'} it"
    if any(item.code == "unproved-tick" and (item.path, item.line) == place for item in explanation.diagnostics):
        return f"{mark}, and `spec2bdd verify` unticks it unless its scenario passes"
    stays = {"x": "stays ticked", "X": "stays ticked", " ": "stays empty"}
    return f"{mark}, {stays.get(criterion.box.mark, 'stays as it is')}"


def _list_lines(lines: CriterionLines) -> Iterator[tuple[str, str, str]]:
    """List the lines of the product that a criterion runs, as facts of it."""
    shown = [f"{path}:{ranges}  {steps}".rstrip() for path, ranges, steps in list_ranges(lines)]
    for number, text in enumerate(shown[:_MOST_FILES]):
        yield "" if number else "lines", text, ""
    if rest := len(shown) - _MOST_FILES if shown[_MOST_FILES:] else 0:
        yield "", f"and lines of {rest} more {'file' if rest == 1 else 'files'}", "dim"
    if lines.runs_product is False:
        yield "" if shown else "lines", RUNS_NOTHING, "yellow"


def _build_table(explanation: Explanation, width: int) -> Iterator[StyledLine]:
    """Show all criteria and done items of a spec, and what blocks its next status."""
    spec = explanation.spec.spec
    status = describe_status(explanation.spec.status_before, spec.dialect)
    name = spec.find_value("name") or spec.title or spec.path
    key = spec.find_value("feature_id")
    right = ((status, STATUS_STYLES.get(status.lower(), "")),)
    yield StyledLine(((f"{key}  " if key else "", "bold cyan"), (name, "bold")), right=right)
    yield StyledLine(((spec.path, "dim"),), whole=True)
    # Criteria first, then done items, then what follows from both.
    for tier in Tier:
        yield from _build_tier(explanation, tier)
    if explanation.spec.done:
        yield BLANK
        yield StyledLine((("definition of done", "bold"),))
    for item in explanation.spec.done:
        parts = ((f"[{item.item.box.mark}] ", ""), (item.item.text, ""))
        yield StyledLine(parts, indent=2, hang=4, right=((f":{item.item.line}", "dim"),))
        # Items without evidence belong to people: there is no verdict to show.
        if item.kinds:
            why = ": ".join(filter(None, (item.label, item.reason)))
            yield StyledLine(((why, "dim"),), indent=6)
    yield BLANK
    step = find_next_of_all(explanation)
    if not explanation.holds:
        yield StyledLine(((_describe_open(explanation, step), "green"),))
    for blocked in explanation.blocked:
        if blocked.holds:
            yield StyledLine(((name_holds(blocked.status, reached=blocked.reached), "bold"),))
        for hold in blocked.holds:
            yield StyledLine((("· ", "dim"), (hold, "")), indent=2, hang=2)
    yield StyledLine((("run: ", "bold"), (describe_run(explanation.run), "")), hang=5)
    yield build_next(step or "nothing to do", width=width)


def _describe_open(explanation: Explanation, step: str) -> str:
    """Describe what is open in a spec whose status lacks nothing: criteria outside of the gate, and done items."""
    report = explanation.spec
    open_criteria = Counter(verdict.criterion.tier for verdict in list_counted(report) if not verdict.fulfilled)
    counts = [count_noun(open_criteria[tier], tier) for tier in Tier if open_criteria[tier]]
    parts = [f"{' and '.join(counts)} {'is' if open_criteria.total() == 1 else 'are'} open"] if counts else []
    if items := sum(not item.box_ticked for item in report.done):
        noun = count_noun(items, "item of the definition of done is", "items of the definition of done are")
        parts.append(f"{noun} not ticked")
    if not (parts or step):
        return "nothing is missing"
    nothing = f"no {' or '.join(report.gate)} is open"
    for last in (blocked for blocked in explanation.blocked[-1:] if blocked.status):
        nothing = f"nothing {'endangers' if last.reached else 'blocks'} {last.status}"
    return "; ".join((nothing, *parts))


def _build_tier(explanation: Explanation, tier: Tier) -> Iterator[StyledLine]:
    """Show the criteria of one tier: number, box, verdict and text, with the reason below."""
    entries = [entry for entry in explanation.entries if entry.item.criterion.tier is tier]
    cells = max((len(str(entry.number)) for entry in entries), default=0)
    if entries:
        yield BLANK
        yield StyledLine(((TIER_NAMES[tier], "bold"),))
    for entry in entries:
        criterion, judgement = entry.item.criterion, entry.judgement
        box = render_box(criterion)
        parts = ((f"#{entry.number:<{cells}} {box}", "dim"), _build_glyph(judgement), (criterion.text, ""))
        yield StyledLine(parts, indent=2, hang=cells + len(box) + 4, right=((f":{criterion.line}", "dim"),))
        # Only won't-haves have no verdict.
        why = "never ticked"
        if judgement:
            why = ": ".join(filter(None, (judgement.label, judgement.reason.strip().split("\n")[0])))
        yield StyledLine(((why, "dim"),), indent=cells + len(box) + 6)
