"""The glyphs and styles of verdicts, steps, statuses and diffs."""

from __future__ import annotations

from collections.abc import Mapping

from spec2bdd.model import Tier, Verdict

# The glyphs differ by shape, so that nothing is lost without colour, and none of them is drawn as an emoji.
GLYPHS: Mapping[Verdict, str] = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.PENDING: "○",
    Verdict.STALE: "≠",
    Verdict.SKIPPED: "»",
    Verdict.NOT_RUN: "?",
    Verdict.MANUAL: "◇",
    Verdict.WAIVED: "~",
    Verdict.UNVERIFIED: "◐",
}
STYLES: Mapping[Verdict, str] = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "bold red",
    Verdict.PENDING: "yellow",
    Verdict.STALE: "magenta",
    Verdict.SKIPPED: "dim",
    Verdict.NOT_RUN: "dim",
    Verdict.MANUAL: "cyan",
    Verdict.WAIVED: "dim",
    Verdict.UNVERIFIED: "blue",
}
TIER_NAMES: Mapping[Tier, str] = {Tier.MUST: "must", Tier.SHOULD: "should", Tier.COULD: "could", Tier.WONT: "won't"}
STATUS_STYLES: Mapping[str, str] = {"draft": "dim", "in progress": "yellow", "review": "cyan", "complete": "green"}
# By the first character of a line.
DIFF_STYLES: Mapping[str, str] = {"@": "cyan", "+": "green", "-": "red"}

# What Behave calls steps and scenarios (1.3.3); every other status means that it did not run.
_STATUS_VERDICTS: Mapping[str, Verdict] = {
    "passed": Verdict.PASSED,
    "failed": Verdict.FAILED,
    "error": Verdict.FAILED,
    "hook_error": Verdict.FAILED,
    "cleanup_error": Verdict.FAILED,
    "pending": Verdict.PENDING,
    "pending_warn": Verdict.PENDING,
    "untested_pending": Verdict.PENDING,
    "undefined": Verdict.PENDING,
    "untested_undefined": Verdict.PENDING,
    "skipped": Verdict.SKIPPED,
}


def find_status_verdict(status: str) -> Verdict:
    """Map a status of Behave's to the verdict that it means."""
    return _STATUS_VERDICTS.get(status, Verdict.NOT_RUN)


def find_step_look(status: str) -> tuple[str, str]:
    """Find the glyph and the style of a step's status."""
    verdict = find_status_verdict(status)
    return GLYPHS[verdict], STYLES[verdict]
