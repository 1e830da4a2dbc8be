"""An explanation in, the answer for a terminal out: one criterion in full, or a table of all of a spec."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model import CriterionExplanation, Explanation, ProofSource, TestRun, Tier
from spec2bdd.reporters.advice import find_next_of, find_next_of_all
from spec2bdd.reporters.terminal.layout import BLANK, Part, StyledLine, render_lines
from spec2bdd.reporters.terminal.theme import GLYPHS, STATUS_STYLES, STYLES, TIER_NAMES
from spec2bdd.reporters.text.failures import derive_scenario
from spec2bdd.reporters.text.history import describe_history, describe_time

_LABEL = 10
_PROOFS = {
    ProofSource.GENERATED: "its generated scenario",
    ProofSource.HAND_WRITTEN: "scenarios of your own",
    ProofSource.CHILDREN: "the criteria nested below it",
    ProofSource.NOBODY: "no scenario",
}


def render_explanation(explanation: Explanation, *, width: int, color: bool) -> str:
    """Show an explanation."""
    derive = _derive_single if explanation.single else _derive_table
    return render_lines(derive(explanation), width=width, color=color)


def _derive_single(explanation: Explanation) -> Iterator[StyledLine]:
    """Show one criterion in full."""
    for entry in explanation.entries:
        yield from _derive_head(explanation, entry)
        yield BLANK
        yield from _derive_facts(explanation, entry)
        found = entry.judgement
        if found and found.record:
            yield BLANK
            yield StyledLine(((f"{found.record.feature}:{found.record.line}", "cyan"),), indent=2, whole=True)
            yield from derive_scenario(found.record, found.step)
        yield BLANK
        yield _derive_next(find_next_of(explanation, entry))


def _derive_head(explanation: Explanation, entry: CriterionExplanation) -> Iterator[StyledLine]:
    """Name the criterion, and where it stands."""
    criterion = entry.item.criterion
    path = explanation.spec.spec.path
    key = explanation.spec.spec.find_value("feature_id")
    name = f", {key}#{entry.number}" if key else f", #{entry.number}"
    yield StyledLine((*_derive_glyph(entry), (criterion.text, "bold")), hang=2)
    place = (f"{path}:{criterion.line}", "cyan")
    yield StyledLine((place, (f"  {TIER_NAMES[criterion.tier]}, {entry.item.id}{name}", "dim")), indent=2, whole=True)


def _derive_glyph(entry: CriterionExplanation) -> tuple[Part, ...]:
    """Return the glyph of a verdict."""
    verdict = entry.judgement.verdict if entry.judgement else None
    return ((f"{GLYPHS[verdict]} ", STYLES[verdict]),) if verdict else (("· ", "dim"),)


def _derive_facts(explanation: Explanation, entry: CriterionExplanation) -> Iterator[StyledLine]:
    """Say what is known of a criterion, each fact behind its label."""
    item, found = entry.item, entry.judgement
    first, *others = (found.reason if found else "").strip().split("\n")
    style = STYLES[found.verdict] if found else "dim"
    verdict = f"{found.verdict}{': ' if first else ''}{first}{' ...' if others else ''}" if found else "not asked for"
    yield _derive_fact("verdict", verdict, style)
    yield _derive_fact("rule", f"{entry.rule.sentence} ({entry.rule.place})")
    yield _derive_fact("box", _describe_box(entry))
    files = f" in {', '.join(item.files)}" if item.files else ""
    yield _derive_fact("proof", f"{_PROOFS[item.proof]}{files}")
    if item.reworded:
        yield _derive_fact("wording", f'it was "{item.reworded}" when it was accepted last')
    yield _derive_fact("run", describe_run(explanation.run))
    for line in describe_history(entry.past):
        yield _derive_fact("past", line)


def _derive_fact(label: str, text: str, style: str = "") -> StyledLine:
    """Put a fact behind its label."""
    return StyledLine(((f"{label:<{_LABEL}}", "dim"), (text, style)), indent=2, hang=_LABEL)


def _describe_box(entry: CriterionExplanation) -> str:
    """Say what stands in the box, and what a mark would make of it."""
    found, mark = entry.judgement, entry.item.criterion.box.mark
    if found and (found.ticked or found.unticked):
        return f"[{mark}], and `spec2bdd mark` would {'tick' if found.ticked else 'untick'} it"
    return f"[{mark}], and it stays"


def describe_run(run: TestRun | None) -> str:
    """Say which run it was."""
    if run is None:
        return "none yet: `spec2bdd run`"
    facts = [run.id, describe_time(run.started), f"commit {run.commit[:9]}" if run.commit else ""]
    facts += [] if run.complete else ["which did not come to its end"]
    return ", ".join(filter(None, facts))


def _derive_table(explanation: Explanation) -> Iterator[StyledLine]:
    """Show all criteria and done items of a spec, and what holds it back."""
    spec = explanation.spec.spec
    status = explanation.spec.status_before or "no status"
    name = spec.find_value("name") or spec.title or spec.path
    key = spec.find_value("feature_id")
    right = ((status, STATUS_STYLES.get(status.lower(), "")),)
    yield StyledLine(((f"{key}  " if key else "", "bold cyan"), (name, "bold")), right=right)
    yield StyledLine(((spec.path, "dim"),), whole=True)
    for tier in Tier:
        yield from _derive_tier(explanation, tier)
    yield from _derive_done(explanation)
    yield BLANK
    yield from _derive_holds(explanation)
    yield StyledLine((("run: ", "bold"), (describe_run(explanation.run), "")), hang=5)
    yield _derive_next(find_next_of_all(explanation))


def _derive_tier(explanation: Explanation, tier: Tier) -> Iterator[StyledLine]:
    """Show the criteria of one tier: number, box, verdict and text, with the reason below."""
    entries = [entry for entry in explanation.entries if entry.item.criterion.tier is tier]
    cells = max((len(str(entry.number)) for entry in entries), default=0)
    if entries:
        yield BLANK
        yield StyledLine(((TIER_NAMES[tier], "bold"),))
    for entry in entries:
        criterion, found = entry.item.criterion, entry.judgement
        head = (f"#{entry.number:<{cells}} [{criterion.box.mark}] ", "dim")
        parts = (head, *_derive_glyph(entry), (criterion.text, ""))
        yield StyledLine(parts, indent=2, hang=cells + 8, right=((f":{criterion.line}", "dim"),))
        why = ": ".join(filter(None, (str(found.verdict), found.reason.strip().split("\n")[0]))) if found else ""
        yield StyledLine(((why or "never ticked", "dim"),), indent=cells + 10)


def _derive_done(explanation: Explanation) -> Iterator[StyledLine]:
    """Show the done items, with what their evidence says where they have some."""
    if explanation.spec.done:
        yield BLANK
        yield StyledLine((("definition of done", "bold"),))
    for one in explanation.spec.done:
        head, place = (f"[{one.item.box.mark}] ", ""), (f":{one.item.line}", "dim")
        yield StyledLine((head, (one.item.text, "")), indent=2, hang=4, right=(place,))
        if one.kinds:
            why = ": ".join(filter(None, (str(one.verdict), one.reason)))
            yield StyledLine(((why, "dim"),), indent=6)


def _derive_holds(explanation: Explanation) -> Iterator[StyledLine]:
    """Say what keeps the status from going on."""
    if not explanation.holds:
        yield StyledLine((("Nothing holds it back.", "green"),))
    else:
        yield StyledLine((("What holds it back:", "bold"),))
    for hold in explanation.holds:
        yield StyledLine((("· ", "dim"), (hold, "")), indent=2, hang=2)


def _derive_next(advice: str) -> StyledLine:
    """Say what to type next."""
    return StyledLine((("next: ", "bold"), (advice or "nothing is left to do here", "")), hang=6)
