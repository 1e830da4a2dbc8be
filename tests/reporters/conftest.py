"""The reports that the tests of this room show: one builder for each case, and a mirror of the golden files."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from spec2bdd.model import (
    BlockingSpec,
    Box,
    Cause,
    CauseKind,
    Criterion,
    CriterionVerdict,
    Diagnostic,
    DoneItem,
    DoneItemVerdict,
    EvidenceKind,
    FailureKind,
    FailureReason,
    Field,
    FileChange,
    Report,
    RuleId,
    RunFailure,
    ScenarioResult,
    Severity,
    Spec,
    SpecReport,
    StepResult,
    TestRun,
    Tier,
    UnlinkedScenario,
    Verdict,
)

GOLDEN = Path(__file__).parent / "golden"
UPDATE = "SPEC2BDD_UPDATE_GOLDEN"
MARKS = {Verdict.PASSED: "x", Verdict.FAILED: " ", Verdict.PENDING: " "}

HOSTILE_TEXTS = {
    "markup": "[bold]loud[/bold] [link=file:///etc/passwd]here[/link] [/] :smile: and \\[escaped]",
    "escape sequences": "red \x1b[31mtext\x1b[0m, a title \x1b]0;owned\x07, a C1 one \x9b2J",
    "newlines": "first\nsecond\r\nthird\rfourth\u2028fifth\x0bsixth\x85seventh",
    "bidi controls": "access \u202e\u2066// only for admins\u2069 \u2066begin\u2069 \u200fright",
    "long words": "a " + "very" * 40 + " long word and /a/path/" + "without/a/blank/" * 12 + "end",
    "wide characters": "部屋の名前は四十文字まで、それより長い名前は拒否される。" * 3,
    "emoji": "a 👩\u200d👩\u200d👧 family, 🏳️\u200d🌈, 👍🏽, 🇨🇭 and e\u0301 are counted by what is seen " * 2,
    "hidden text": "zero\u200bwidth, soft\xadhyphen, \ufeffmark, tag\U000e0041\U000e0042, \ud83d lone, \x00 and \x7f",
    "tabs": "a\tb\t\tc",
    "nothing": "",
}


def make_judgement(
    text: str,
    verdict: Verdict,
    *,
    tier: Tier = Tier.MUST,
    line: int = 1,
    box: str = " ",
    mark: str | None = None,
    reason: str = "",
    record: ScenarioResult | None = None,
    step: StepResult | None = None,
) -> CriterionVerdict:
    """Build the judgement of one criterion; the mark follows from the verdict."""
    criterion = Criterion(tier, text, Box(box, 100 + line), line, 3)
    return CriterionVerdict(
        criterion, f"ac_1_{line}", verdict, reason, record, step, MARKS.get(verdict, box) if mark is None else mark
    )


def make_spec(
    feature_id: str,
    name: str,
    *judgements: CriterionVerdict,
    status: str = "Draft",
    after: str = "",
    reasons: tuple[FailureReason, ...] = (),
    done: tuple[DoneItemVerdict, ...] = (),
    why: tuple[Cause, ...] = (),
    blocking: tuple[BlockingSpec, ...] = (),
) -> SpecReport:
    """Build the report of one spec."""
    path = f"specs/{feature_id or 'x'}-{name.lower().replace(' ', '-')}.md"
    fields = (Field("feature_id", feature_id, 2, 13), Field("name", name, 3, 7), Field("status", status, 4, 9))
    spec = Spec(path, b"", fields, name, "", tuple(judgement.criterion for judgement in judgements))
    report = SpecReport(spec, judgements, status, after or status, passed=not reasons, reasons=reasons)
    return replace(report, done=done, why=why, blocking=blocking)


def make_steps(*steps: tuple[str, str, str]) -> tuple[StepResult, ...]:
    """Build steps of keyword, text and status on lines from 27."""
    return tuple(
        StepResult(keyword, keyword.lower(), text, 27 + n, status, 0.01, f"steps/returns_steps.py:{40 + 6 * n}")
        for n, (keyword, text, status) in enumerate(steps)
    )


def make_failed() -> CriterionVerdict:
    """Build a criterion that a step of its scenario disproves, with an error of several lines."""
    given, when, _, other = make_steps(
        ("Given", "Ana and then Ben reserved a lent book", "passed"),
        ("When", "the book is returned", "passed"),
        ("Then", "it is kept for Ana", "failed"),
        ("And", "Ben is next", "skipped"),
    )
    error = "expected the book to be kept for 'Ana'\n  kept for: 'Ben'\n  queue:    ['Ana']"
    then = StepResult("Then", "then", "it is kept for Ana", 29, "failed", 0.02, "steps/returns_steps.py:52", error)
    text = "Reservations are honoured in order"
    feature = "features/2_4_book_returns.feature"
    record = ScenarioResult(feature, 26, text, ("must",), "failed", finished=True, steps=(given, when, then, other))
    trace = f'Traceback (most recent call last):\n  File "steps/returns_steps.py", line 55\nAssertionError: {error}'
    record = replace(record, output=f"{trace}\nCAPTURED STDOUT: scenario\n\x1b[31mBen\x1b[0m\tis asked first\n----\n")
    return make_judgement(
        text,
        Verdict.FAILED,
        line=30,
        box="x",
        reason="expected the book to be kept for 'Ana'",
        record=record,
        step=then,
    )


def make_pending() -> CriterionVerdict:
    """Build a criterion whose step is a stub."""
    text = "A receipt is printed"
    step = StepResult("Then", "then", "a receipt is printed", 34, "pending", 0.0, "steps/returns_steps.py:70")
    record = ScenarioResult("features/2_4_book_returns.feature", 33, text, (), "pending", finished=True, steps=(step,))
    reason = "a step is not implemented yet"
    return make_judgement(text, Verdict.PENDING, tier=Tier.SHOULD, line=37, reason=reason, record=record, step=step)


def make_hooked() -> CriterionVerdict:
    """Build a criterion that only a clean-up keeps from passing."""
    (step,) = make_steps(
        ("Then", "a fine of 20 cents a day is due", "passed"),
    )
    record = ScenarioResult(
        "features/2_5_fines.feature",
        26,
        "Fines grow by the day (2)",
        (),
        "cleanup_error",
        finished=True,
        steps=(step,),
        failures=("clean-up of `till`: OSError: [Errno 28] No space left on device",),
    )
    return make_judgement("Fines grow by the day", Verdict.FAILED, line=24, reason="a clean-up failed", record=record)


def make_returns() -> SpecReport:
    """Build the spec of the example folder, with every common verdict."""
    return make_spec(
        "2.4",
        "Book returns",
        make_judgement("A returned book can be lent again at once", Verdict.PASSED, line=27),
        make_judgement(
            "When a book comes back late, the reader owes 20 cents for each day that it was late, Sundays included",
            Verdict.PASSED,
            line=28,
        ),
        make_judgement("Returning a book that was never lent is refused", Verdict.PASSED, line=29, box="x"),
        make_failed(),
        make_pending(),
        make_judgement("Return by post", Verdict.WAIVED, tier=Tier.COULD, line=40, box="~", reason="dropped in May"),
        make_judgement("Returns by drone", Verdict.MANUAL, tier=Tier.WONT, line=43),
        after="In Progress",
    )


def make_fines() -> SpecReport:
    """Build a spec that claims too much, with the rarer verdicts."""
    return make_spec(
        "2.5",
        "Fines",
        make_hooked(),
        replace(
            make_judgement(
                "Children pay nothing", Verdict.STALE, line=25, box="x", reason="reworded since it was accepted"
            ),
            rule=RuleId.REWORDED,
        ),
        make_judgement("Fines end at 5 euro", Verdict.NOT_RUN, line=26, reason="not selected"),
        make_judgement("Fines are fair", Verdict.UNVERIFIED, line=27, box="x", reason="a step is not implemented yet"),
        make_judgement("Fines can be paid", Verdict.PENDING, line=28, box="x", reason="a step has no definition"),
        make_judgement("The till is counted", Verdict.MANUAL, tier=Tier.SHOULD, line=29, box="x"),
        make_judgement("Fines are mailed", Verdict.SKIPPED, tier=Tier.SHOULD, line=30, reason="deselected by tags"),
        make_judgement("Fines are printed", Verdict.NOT_RUN, tier=Tier.COULD, line=33, reason="in no result"),
        status="Review",
        after="In Progress",
        reasons=(
            FailureReason(FailureKind.FAILED, 24, "must criterion failed"),
            FailureReason(FailureKind.UNPROVED, 26, "status is `Review`, but 1 must criterion has not been run"),
            FailureReason(FailureKind.DONE, 51, "ticked definition-of-done item fails", "2 failed"),
        ),
        done=make_done(),
        why=(Cause(CauseKind.DEMOTED, "must criterion failed (line 24)"),),
        blocking=(
            BlockingSpec("2.4", "specs/2.4-book-returns.md", "In Progress"),
            BlockingSpec("", "specs/till.md", ""),
        ),
    )


def make_done() -> tuple[DoneItemVerdict, ...]:
    """Build done items of every kind: ticked, unticked, without an answer, proved before, and a person's."""
    return (
        make_done_item(
            50, "Code coverage > 85%", Verdict.PASSED, EvidenceKind.COVERAGE, reason="line coverage is 91.2%"
        ),
        make_done_item(
            51,
            "All tests passing",
            Verdict.FAILED,
            EvidenceKind.JUNIT,
            EvidenceKind.CRITERIA,
            box="x",
            reason="2 failed",
        ),
        make_done_item(
            52, "Performance requirements met", Verdict.STALE, EvidenceKind.BENCHMARK, reason="it is too old"
        ),
        make_done_item(
            53, "Documentation updated", Verdict.PASSED, EvidenceKind.FILE, box="x", reason="changed since `main`"
        ),
        make_done_item(54, "The team is happy", Verdict.MANUAL, reason="the box is a person's"),
    )


def make_done_item(
    line: int, text: str, verdict: Verdict, *kinds: EvidenceKind, box: str = " ", reason: str
) -> DoneItemVerdict:
    """Build the judgement of one done item."""
    item = DoneItem(text, Box(box, 500 + line), line, 3)
    return DoneItemVerdict(item, verdict, reason, kinds, MARKS.get(verdict, box))


def make_search() -> SpecReport:
    """Build a spec that has all it needs."""
    texts = ("Titles are found", "Authors are found", "Nothing found is said aloud")
    proved = [make_judgement(text, Verdict.PASSED, line=20 + n, box="x") for n, text in enumerate(texts)]
    return make_spec("10.12", "Search", *proved, status="Complete")


def make_changes() -> tuple[FileChange, ...]:
    """Build the changes of `verify` on the three specs."""
    return (
        FileChange("steps/returns_steps.py", b"a\n", b"a\nb\n"),
        FileChange("features/2_4_book_returns.feature", None, b"Feature: Book returns\n"),
        FileChange("specs/2.4-book-returns.md", b"- [ ] a\n", b"- [x] a\n"),
        FileChange("specs/2.5-fines.md", b"status: Review\n", b"status: In Progress\n"),
    )


def make_unlinked() -> tuple[UnlinkedScenario, ...]:
    """Build two scenarios without a criterion: one passed, one has an undefined step."""
    passed = ScenarioResult("features/smoke.feature", 2, "The page loads", (), "passed", finished=True)
    undefined = StepResult("Then", "then", "the sea is blue", 6, "undefined")
    failing = ScenarioResult("features/smoke.feature", 5, "The sea", (), "error", finished=True, steps=(undefined,))
    return (
        UnlinkedScenario(passed, Verdict.PASSED),
        UnlinkedScenario(failing, Verdict.PENDING, "a step has no definition", step=undefined, is_failing=True),
    )


def make_mixed() -> Report:
    """Build a report with some of everything."""
    run = TestRun("7d1f", complete=True, expected={"ac_1_27": 1}, features=("features/2_4_book_returns.feature",))
    specs = (make_returns(), make_fines(), make_search())
    details = ("1 new stub in `steps/returns_steps.py`",)
    unlinked = make_unlinked()
    return Report("verify", make_changes(), specs=specs, run=run, exit_code=1, details=details, unlinked=unlinked)


def make_checked() -> Report:
    """Build the same report under `--check`."""
    mixed = make_mixed()
    return Report("verify", mixed.changes, wrote=False, specs=mixed.specs, run=mixed.run, exit_code=1)


def make_passed() -> Report:
    """Build a report where all is proved and nothing is left to write."""
    return Report("verify", specs=(make_search(),), run=TestRun("7d1f", complete=True))


def make_generated() -> Report:
    """Build the report of a first `generate`."""
    changes = (
        FileChange("features/2_4_book_returns.feature", None, b"Feature: Book returns\n"),
        FileChange("steps/book_returns_steps.py", None, b"    raise StepNotImplementedError('a')\n"),
        FileChange("features/2_5_fines.feature", b"Feature: Fine\n", b"Feature: Fines\n"),
    )
    return Report(
        "generate",
        changes,
        notes=("9 new stubs in `steps/book_returns_steps.py`", "1 box unverified: ac_2_5_1c9f0a"),
        details=("unused step definition `@then('a')` in steps/a_steps.py:3",),
    )


def make_planned() -> Report:
    """Build the report of `generate --check` where something is to write."""
    generated = make_generated()
    return Report("generate", generated.changes, wrote=False, exit_code=1, notes=generated.notes)


def make_refused() -> Report:
    """Build the report of a `generate` that could not read a spec."""
    error = Diagnostic(
        "specs/2.4-returns.md", 6, 9, Severity.ERROR, "front-matter", "YAML does not load", "quote the value"
    )
    warning = Diagnostic(
        "specs/2.5-fines.md", 0, 0, Severity.WARNING, "no-status", "no `status`", "add `status: Draft`"
    )
    return Report("generate", diagnostics=(error, warning), exit_code=2)


def make_died() -> Report:
    """Build a report whose run broke off in its second scenario."""
    (step,) = make_steps(
        ("Then", "the till opens", "passed"),
    )
    ended = ScenarioResult(
        "features/2_5_fines.feature", 8, "The till opens", (), "passed", finished=True, steps=(step,)
    )
    broken = ScenarioResult("features/2_5_fines.feature", 12, "The till is counted at night", ())
    run = TestRun(
        "7d1f",
        complete=False,
        results=(ended, broken),
        failures=(
            RunFailure("", "before_all: RuntimeError: no till\n  on this machine"),
            RunFailure("features/2_6.feature", "after_feature: boom"),
        ),
    )
    till = make_spec(
        "2.5",
        "Till",
        make_judgement("The till opens", Verdict.PASSED, line=8),
        make_judgement("The till is counted at night", Verdict.NOT_RUN, line=9, reason="the run ended before it"),
    )
    change = FileChange("specs/2.5-till.md", b"- [ ] The till opens\n", b"- [x] The till opens\n")
    return Report("verify", (change,), specs=(till,), run=run, exit_code=2)


def make_hostile() -> Report:
    """Build a report in which every text that a person can write is hostile."""
    # How wide an emoji of several characters is depends on the version of rich, so the golden files hold none.
    texts = [text for name, text in HOSTILE_TEXTS.items() if name != "emoji"]
    verdicts = (Verdict.PASSED, Verdict.FAILED, Verdict.STALE)
    judgements = [
        make_judgement(text, verdicts[n % 3], line=n + 1, box=" x "[n % 3], reason=text)
        for n, text in enumerate(texts * 2)
    ]
    name = HOSTILE_TEXTS["escape sequences"]
    spec = make_spec(
        HOSTILE_TEXTS["bidi controls"],
        name,
        *judgements,
        status="\x1b[2J",
        reasons=(FailureReason(FailureKind.UNPROVED, 3, name),),
    )
    spec = replace(spec, spec=replace(spec.spec, path="specs/\x1b[1m.md"))
    failures = tuple(RunFailure(text, text) for text in texts)
    changes = tuple(FileChange(text, None, b"") for text in texts)
    notes = tuple(texts)
    run = TestRun("\x1b", complete=False, failures=failures)
    return Report("verify", changes, specs=(spec,), run=run, exit_code=1, notes=notes)


def make_crowded() -> Report:
    """Build a report of a spec with more criteria than glyphs fit into a row."""
    verdicts = (Verdict.PASSED, Verdict.PASSED, Verdict.FAILED, Verdict.PENDING, Verdict.UNVERIFIED)
    many = [
        make_judgement(f"Rule {n} holds", verdicts[n % 5], line=n, box="x" if n % 5 == 4 else " ", mark="")
        for n in range(1, 65)
    ]
    few = make_judgement("It is quick", Verdict.PENDING, tier=Tier.SHOULD, line=80)
    return Report("status", specs=(make_spec("", "Many rules", *many, few), make_spec("7", "No rules", status="")))


CASES: dict[str, Callable[[], Report]] = {
    "mixed": make_mixed,
    "checked": make_checked,
    "passed": make_passed,
    "generated": make_generated,
    "planned": make_planned,
    "refused": make_refused,
    "died": make_died,
    "hostile": make_hostile,
    "crowded": make_crowded,
    "empty": lambda: Report("generate"),
}


@pytest.fixture(params=list(CASES))
def case(request: pytest.FixtureRequest) -> str:
    """Name every case in turn."""
    return str(request.param)


@pytest.fixture
def report(case: str) -> Report:
    """Build the report of the case."""
    return CASES[case]()


@pytest.fixture
def make_report() -> Callable[[str], Report]:
    """Build the report of a case that a test names."""
    return lambda name: CASES[name]()


@pytest.fixture(params=list(HOSTILE_TEXTS))
def hostile(request: pytest.FixtureRequest) -> str:
    """Give every hostile text in turn."""
    return HOSTILE_TEXTS[str(request.param)]


@pytest.fixture
def read_golden() -> Callable[[str, str], str]:
    """Read a golden file; write it first where the environment asks for new ones."""

    def read(name: str, found: str) -> str:
        path = GOLDEN / name
        if os.environ.get(UPDATE):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(found.encode("utf-8", "surrogateescape"))
        return path.read_bytes().decode("utf-8", "surrogateescape")

    return read


@pytest.fixture
def golden_names() -> set[str]:
    """Name all golden files, which must be of cases that there are."""
    names = {path.name for path in GOLDEN.iterdir()}
    assert set(CASES) == {name.partition(".")[0] for name in names}
    return names
