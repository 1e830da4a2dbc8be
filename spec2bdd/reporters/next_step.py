"""One explained criterion in, what to type next out; nothing where there is nothing to do."""

from __future__ import annotations

from spec2bdd.model import Entry, Explanation, Report, Verdict
from spec2bdd.reporters.advice import find_next


def find_next_of(explanation: Explanation, entry: Entry) -> str:
    """Return the one most useful thing to do about a criterion."""
    found = entry.judgement
    if found is None:
        return ""
    box = found.criterion.box
    if found.verdict is Verdict.WAIVED:
        return f"ask for it again, if it is wanted: `spec2bdd unwaive {found.id}`"
    if found.verdict is Verdict.MANUAL:
        return "" if box.ticked else f"look whether it holds, then `spec2bdd tick {found.id}`"
    if found.unseen:
        return "break what it checks and see it fail with `spec2bdd run`; then mend it, and `spec2bdd verify`"
    if found.verdict is Verdict.PENDING and box.mark in ("~", "-"):
        return f'empty the box, or `spec2bdd waive {found.id} --reason "..."`'
    if found.verdict is Verdict.SKIPPED:
        return "run it: `spec2bdd verify`"
    if found.verdict is Verdict.ON_TRUST:
        return "write its steps, then `spec2bdd verify`"
    one = Report("run", specs=(type(explanation.spec)(explanation.spec.spec, (found,)),), run=explanation.run)
    return find_next(one)


def find_next_of_all(explanation: Explanation) -> str:
    """Return the one most useful thing to do about a spec."""
    return find_next(Report("run", specs=(explanation.spec,), run=explanation.run))
