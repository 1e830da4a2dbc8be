"""The table of output formats: what fits which answer, and what a new format has to bring along."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from spec2bdd.model import FailureKind, FailureReason, FileChange, Report, SpecReport, Verdict
from spec2bdd.reporters.registry import (
    FOLDER_FORMATS,
    REPORTERS,
    Answer,
    AnswerKind,
    LazyReporter,
    RenderOptions,
    Reporter,
    list_formats,
)

MakeReport = Callable[[str], Report]

EXCHANGED = ["csv", "junit", "junit-strict", "badge-svg", "badge-json", "cucumber-messages", "cucumber-json", "allure"]
FORMATS: dict[AnswerKind, list[str]] = {
    "report": ["text", "json", "diff", "github", "sarif", "gitlab", "markdown"],
    "judgement": ["text", "json", "diff", "github", "sarif", "gitlab", "markdown", *EXCHANGED],
    "run": ["text", "json", "github", "sarif", "gitlab", "markdown", *EXCHANGED],
    "decision": ["text", "json", "diff"],
    "lint": ["text", "json", "diff", "github", "sarif", "gitlab"],
    "reading": ["text", "json"],
    "explanation": ["text", "json"],
    "history": ["text", "json"],
    "rebuilt-history": ["text", "json"],
    "challenge": ["text", "json", "github", "sarif", "gitlab"],
    "capabilities": ["text", "json"],
    "status": ["text", "json", "markdown"],
    "spec-status": ["text", "json", "markdown"],
    "trace": ["text", "json", "markdown", "csv", "needs", "openfasttrace", "mermaid", "dot"],
    "documentation": ["text", "json", "github", "sarif", "gitlab", "markdown", "csv", "html", *EXCHANGED[1:]],
    "branch": ["text", "json", "github", "sarif", "gitlab", "markdown"],
}


def test_every_kind_of_answer_has_the_formats_that_fit_it() -> None:
    assert {kind: list_formats(kind) for kind in get_args(AnswerKind)} == FORMATS


def test_several_kinds_have_the_formats_of_all_of_them() -> None:
    assert list_formats("reading", "lint") == ["text", "json", "diff", "github", "sarif", "gitlab"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (name, kind)
        for kind, names in FORMATS.items()
        if kind in ("report", "judgement", "run", "lint")
        for name in names
        if name not in FOLDER_FORMATS
    ],
)
def test_every_format_renders_every_report_that_it_fits(name: str, kind: AnswerKind, make_report: MakeReport) -> None:
    report = make_report("mixed")
    rendered = REPORTERS[name].render(Answer(kind, report, report.diagnostics), RenderOptions())
    assert rendered.endswith("\n")
    if name == "github":
        # One command for each scenario without a criterion and each criterion that fails.
        titles = [line.split("title=")[1].split("::")[0] for line in rendered.splitlines()]
        assert titles == ["unlinked-failed", *["criterion-failed"] * (len(titles) - 1)]


@pytest.mark.parametrize("kept", [True, False])
def test_a_failed_criterion_is_annotated_in_its_spec(kept: bool, make_report: MakeReport) -> None:
    report = make_report("mixed")
    spec = next(spec for spec in report.specs if any(verdict.verdict is Verdict.FAILED for verdict in spec.verdicts))
    failed = next(verdict for verdict in spec.verdicts if verdict.verdict is Verdict.FAILED)
    reason = FailureReason(FailureKind.FAILED, failed.criterion.line, "must criterion failed")
    one = replace(spec, verdicts=(failed,), reasons=(reason,) if kept else ())
    report = replace(report, specs=(one,), unlinked=(), diagnostics=())
    rendered = REPORTERS["github"].render(Answer("report", report), RenderOptions())
    place = f"file={spec.spec.path},line={failed.criterion.line},col=1,title=criterion-failed"
    assert rendered.startswith(f"::{'error' if kept else 'warning'} {place}::must criterion failed: ")
    assert len(rendered.splitlines()) == 1


def test_a_report_without_anything_to_do_has_no_annotation(make_report: MakeReport) -> None:
    assert REPORTERS["github"].render(Answer("report", make_report("passed")), RenderOptions()) == ""


@pytest.mark.parametrize("name", ["json", "sarif"])
def test_formats_for_programs_ignore_width_and_color(name: str, make_report: MakeReport) -> None:
    answer = Answer("report", make_report("hostile"))
    plain = REPORTERS[name].render(answer, RenderOptions())
    assert REPORTERS[name].render(answer, RenderOptions(40, color=True, verbose=True, quiet=True)) == plain
    assert json.loads(plain)


def test_the_diff_of_a_report_is_that_of_its_changes(make_report: MakeReport) -> None:
    report = Report("mark", (FileChange("a.md", b"a\n", b"b\n"),), specs=make_report("mixed").specs)
    rendered = REPORTERS["diff"].render(Answer("report", report), RenderOptions())
    assert rendered == "diff --git a/a.md b/a.md\n--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n-a\n+b\n"


def test_a_rebuilt_history_is_its_notes() -> None:
    report = Report("history", notes=("recorded 2 runs", "one more thing"))
    rendered = REPORTERS["text"].render(Answer("rebuilt-history", report), RenderOptions())
    assert rendered == "recorded 2 runs\none more thing\n"


@dataclass(frozen=True)
class LineReporter:
    """A second implementation of the protocol: one line for each spec."""

    name: str = "lines"
    verbatim: bool = False

    @property
    def kinds(self) -> Mapping[AnswerKind, bool]:
        return {"report": False}

    def render(self, answer: Answer, options: RenderOptions) -> str:
        specs: tuple[SpecReport, ...] = answer.value.specs
        return "".join(f"{spec.spec.path}: {spec.passed}\n" for spec in specs)


def test_another_implementation_of_the_protocol_joins_the_table(
    make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter: Reporter = LineReporter()
    monkeypatch.setitem(REPORTERS, reporter.name, reporter)
    assert list_formats("report") == ["text", "json", "diff", "github", "sarif", "gitlab", "markdown", "lines"]
    assert "lines" not in list_formats("run")


def test_a_reporter_is_imported_when_it_renders() -> None:
    missing = LazyReporter("not_there", {"report": True})
    with pytest.raises(ModuleNotFoundError):
        missing.render(Answer("report", Report("run")), RenderOptions())
