"""The answer of `challenge` for people: blind criteria with the faults that were not noticed, then a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from spec2bdd.model import (
    Challenge,
    ChallengedCriterion,
    ChallengeOutcome,
    ChallengeReport,
    CriterionStrength,
    Fault,
    Strength,
)
from spec2bdd.reporters.registry import RenderOptions
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.layout import BLANK, Parts, StyledLine, build_next, render_lines
from spec2bdd.reporters.terminal.theme import TIER_NAMES

_GLYPHS = {
    Strength.NOTICES: ("✓ ", "green"),
    Strength.WEAKER: ("✗ ", "red"),
    Strength.BLIND: ("✗ ", "bold red"),
    Strength.OUT_OF_REACH: ("◇ ", "cyan"),
    Strength.OPTED_OUT: ("~ ", "dim"),
    Strength.NOT_CHALLENGED: ("? ", "yellow"),
}
_FAILURES = (Strength.WEAKER, Strength.BLIND)
# The faults of a blind criterion that are shown without `--verbose`.
_MOST_FAULTS = 3


def render_challenges(report: ChallengeReport, options: RenderOptions) -> str:
    """Show the criteria that do not notice, with `verbose` all criteria and all faults, and the summary."""
    lines: list[StyledLine] = []
    for strength in (
        Strength.NOTICES,
        Strength.OPTED_OUT,
        Strength.OUT_OF_REACH,
        Strength.NOT_CHALLENGED,
        *_FAILURES,
    ):
        is_shown = options.verbose or (strength is not Strength.NOTICES and not options.quiet)
        for challenged in report.criteria:
            if challenged.strength.strength is strength and (is_shown or strength in _FAILURES):
                lines += [*_build_criterion(challenged, verbose=options.verbose), BLANK]
    lines.append(_build_summary(report))
    weak = next((each for each in report.criteria if each.strength.strength in _FAILURES), None)
    if not report.criteria:
        step = "run `spec2bdd verify`" if report.changed else "see what is open with `spec2bdd status`"
        lines.append(build_next(step, width=options.width))
    if weak:
        noun = "notice more" if weak.strength.strength is Strength.WEAKER else "check what the product returns"
        text = f"make the Then steps of `{weak.criterion.text}` {noun}, then `spec2bdd challenge`"
        lines.append(build_next(text, width=options.width))
    return render_lines(lines, width=options.width, color=options.color)


def describe_strength(strength: CriterionStrength) -> str:
    """Describe what challenges showed of the checks of a criterion."""
    # "noticed 3 of 13 faults" says that they notice.
    return strength.reason if strength.strength is Strength.NOTICES else f"{strength.strength}: {strength.reason}"


def _build_criterion(challenged: ChallengedCriterion, *, verbose: bool) -> Iterator[StyledLine]:
    """Show one criterion with its reason, and the faults that say the most about it."""
    criterion, strength = challenged.criterion, challenged.strength
    yield StyledLine((_GLYPHS[strength.strength], (criterion.text, "bold")), hang=2)
    facts = f"  {TIER_NAMES[criterion.tier]}  {describe_strength(strength)}"
    yield StyledLine(((f"{challenged.path}:{criterion.line}", "cyan"), (facts, "")), indent=2)
    challenges = [challenge for scenario in strength.scenarios for challenge in scenario.challenges]
    if verbose:
        shown = challenges
    else:
        wanted = [] if strength.strength is Strength.NOTICES else [ChallengeOutcome.UNNOTICED, ChallengeOutcome.TRIPPED]
        shown = sorted(
            (challenge for challenge in challenges if challenge.outcome in wanted),
            key=lambda challenge: wanted.index(challenge.outcome),
        )[:_MOST_FAULTS]
    for challenge in shown:
        yield from build_challenge(challenge)
    if len(shown) < len(challenges) and strength.strength is Strength.BLIND:
        text = f"{count_noun(len(challenges) - len(shown), 'more fault')}, shown with `-v`"
        yield StyledLine(((text, "dim"),), indent=4)


def describe_fault_place(fault: Fault) -> str:
    """Describe where a fault is put in."""
    # The line of a constant is not known.
    where = f"{fault.path}:{fault.line}" if fault.line else fault.path
    return where or "outside of this process"


def build_challenge(challenge: Challenge) -> Iterator[StyledLine]:
    """Show one fault, its place, and what came of it."""
    fault = challenge.fault
    place: Parts = ((describe_fault_place(fault), "cyan" if fault.path else "dim"),)
    end = f"{challenge.outcome}{f' by: {challenge.step}' if challenge.outcome is ChallengeOutcome.NOTICED else ''}"
    yield StyledLine((*place, (f"  {end}", "")), indent=4)
    if len(fault.change) == 1:
        yield StyledLine(((fault.change[0], ""),), indent=6, hang=2)
        return
    for sign, style, text in zip("-+", ("red", "green"), fault.change, strict=True):
        yield StyledLine(((f"{sign} {text}", style),), indent=6, hang=2)


def _build_summary(report: ChallengeReport) -> StyledLine:
    """Summarize in one line."""
    if not report.criteria:
        text = "the criterion has not passed" if report.not_passed else "no scenario"
        if report.changed:
            text = f"`{report.changed}` {report.state.phrase} since the results were recorded"
        elif report.not_passed > 1:
            text = f"none of {report.not_passed} criteria has passed"
        return StyledLine((("Nothing was challenged: ", "bold yellow"), (text, "")), hang=2)
    counts = Counter(challenged.strength.strength for challenged in report.criteria)
    head = "Error" if report.exit_code == 2 else "Failed" if any(map(counts.get, _FAILURES)) else "Passed"
    parts = [(f"{head}: ", "bold green" if head == "Passed" else "bold red")]
    noticing = count_noun(len(report.criteria), "criterion notices faults", "criteria notice faults")
    parts.append((f"{counts[Strength.NOTICES]} of {noticing}", ""))
    for strength in (*_FAILURES, Strength.OUT_OF_REACH, Strength.OPTED_OUT, Strength.NOT_CHALLENGED):
        if counts[strength]:
            parts += [(" · ", "dim"), (f"{counts[strength]} {strength}", _GLYPHS[strength][1])]
    if report.not_passed:
        parts += [(" · ", "dim"), (f"{report.not_passed} left out, not passed", "dim")]
    tried = sum(challenged.strength.tried for challenged in report.criteria)
    return StyledLine((*parts, (" · ", "dim"), (f"{count_noun(tried, 'fault')} tried", "")), hang=2, whole=True)
