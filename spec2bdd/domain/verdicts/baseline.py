"""The baseline of a project: which criteria are proved, one id a line, so that it can only get better."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set

from spec2bdd.errors import BaselineError
from spec2bdd.model import CriterionVerdict, FailureKind, FailureReason, SpecReport, Verdict

BASELINE = "spec2bdd.lock"
"""The file of the baseline, in the root of a project."""

_HEAD = """\
# The criteria of this project that are proved: `spec2bdd verify --gate no-regression` fails if one no longer passes.
# Written by `spec2bdd verify --update-baseline`. The order of the lines does not matter.
"""
# What git writes into a file with a conflict.
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")
_ID = re.compile(r"[A-Za-z0-9_]+")


def parse_baseline(text: str) -> Mapping[str, int]:
    """Parse the baseline into the ids of the criteria, each with its line; an id may come several times.

    Raises:
        BaselineError: a line is neither an id nor a comment; `others` has the errors of further lines.
    """
    ids: dict[str, int] = {}
    errors: list[BaselineError] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        entry = line.strip()
        if _CONFLICT.match(entry):
            hint = "remove the marker and keep the lines of both sides; their order does not matter"
            errors.append(BaselineError("conflict marker", hint=hint, path=BASELINE, line=number, column=1))
        elif entry and entry[0] != "#" and not _ID.fullmatch(entry):
            message = f"`{entry}` is not the id of a criterion"
            column = len(line) - len(line.lstrip()) + 1
            hint = "write one id per line, such as `ac_3_2_5f3a9c`; `spec2bdd explain SPEC` shows ids"
            errors.append(BaselineError(message, hint=hint, path=BASELINE, line=number, column=column))
        elif entry and entry[0] != "#":
            ids.setdefault(entry, number)
    if errors:
        first, *others = errors
        first.others = tuple(others)
        raise first
    return ids


def render_baseline(ids: Iterable[str]) -> str:
    """Render a baseline: the same text for the same ids, one line for each, so that branches merge line by line."""
    return _HEAD + "".join(f"{id_}\n" for id_ in sorted(set(ids)))


def find_regressions(verdicts: Iterable[CriterionVerdict], baseline: Set[str]) -> tuple[FailureReason, ...]:
    """Find the criteria of the baseline that no longer pass; what its author waived, or ticked by hand, is none."""
    lost = [verdict for verdict in verdicts if verdict.id in baseline and not verdict.fulfilled]
    texts = ["was not run" if verdict.verdict is Verdict.NOT_RUN else f"is {verdict.verdict}" for verdict in lost]
    return tuple(
        FailureReason(FailureKind.LOST, verdict.criterion.line, f"criterion of `{BASELINE}` {text}")
        for verdict, text in zip(lost, texts, strict=True)
    )


def find_proved(reports: Iterable[SpecReport]) -> frozenset[str]:
    """Find the ids of all criteria that pass now."""
    return frozenset(
        verdict.id for report in reports for verdict in report.verdicts if verdict.verdict is Verdict.PASSED
    )


def update_baseline(baseline: Set[str], reports: Iterable[SpecReport], *, known: Set[str]) -> frozenset[str]:
    """Add the criteria that pass now, and remove those that are gone or that no result decides any more.

    One that no longer passes stays: a baseline only gets better. `known` are the ids of all criteria, also of those
    that were not judged.
    """
    reports = tuple(reports)
    decided = {
        verdict.id
        for report in reports
        for verdict in report.verdicts
        if verdict.verdict in (Verdict.WAIVED, Verdict.MANUAL)
    }
    return find_proved(reports) | {id_ for id_ in baseline if id_ in known and id_ not in decided}


def list_unknown(baseline: Mapping[str, int], known: Set[str]) -> Iterator[tuple[str, int]]:
    """List the ids of a baseline that no criterion has, with their lines."""
    return ((id_, line) for id_, line in baseline.items() if id_ not in known)
