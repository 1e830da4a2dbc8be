"""What is said about a run that left criteria without a result, or that could not begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import write_files
from verdict_values import make_judgement, make_run

from spec2bdd.config import read_config
from spec2bdd.model import Spec, SpecReport, Verdict
from spec2bdd.project.run_diagnostics import describe_settings, diagnose_no_start

REMOVE = "remove the setting"
LIMIT = "remove the setting, or pass it on the command line where needed: `spec2bdd run -- ...`"
STAGED = "replaces the folder of the steps and the file of the hooks"
# The setting in `behave.ini`, what the warning says of it, and the hint.
SETTINGS = {
    "dry_run = true": ("runs no step", REMOVE),
    "steps_catalog = true": ("runs no step", REMOVE),
    "stage = old": (STAGED, REMOVE),
    "lang = de": ("changes the language of features", REMOVE),
    "wip = true": ("limits what Behave runs", LIMIT),
    "name = lamp": ("limits what Behave runs", LIMIT),
}


def describe(root: Path, verdict: Verdict = Verdict.NOT_RUN) -> list[tuple[str, str]]:
    """Return the warnings about the settings of a run after which one criterion has a verdict."""
    report = SpecReport(Spec("specs/1.md", b"", ()), (make_judgement(verdict),))
    return [(item.message, item.hint) for item in describe_settings(read_config(root), make_run(), [report])]


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_of_behave_that_may_be_why_a_criterion_has_no_result_is_named(tmp_path: Path, setting: str) -> None:
    effect, hint = SETTINGS[setting]
    write_files(tmp_path, {"behave.ini": f"[behave]\n{setting}\n"})
    assert describe(tmp_path) == [(f"`{setting}` {effect}, and 1 criterion has no result", hint)]
    assert describe(tmp_path, Verdict.PASSED) == []


def test_a_stage_of_the_environment_is_named_as_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEHAVE_STAGE", "old")
    assert describe(tmp_path) == [(f"`BEHAVE_STAGE = old` {STAGED}, and 1 criterion has no result", REMOVE)]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"[behave]\n<<<<<<< ours\ntags = \xff\n", 2, "Behave cannot read its settings: "),
        (b"[behave\ntags = \xff\n", 0, "Behave cannot read its settings: "),
    ],
)
def test_settings_that_behave_cannot_read_are_named_whatever_their_bytes(
    tmp_path: Path, content: bytes, line: int, message: str
) -> None:
    write_files(tmp_path, {"behave.ini": content})
    found = diagnose_no_start(read_config(tmp_path), code=1, output="")
    assert (found.path, found.line, found.code) == ("behave.ini", line, "run-crashed")
    assert found.message.startswith(message)
