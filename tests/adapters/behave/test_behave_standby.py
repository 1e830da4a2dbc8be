"""A process on standby is a Behave that has only imported itself before it gets its order."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from spec2bdd.adapters.behave import standby
from spec2bdd.adapters.behave.standby import keep_standby, start_behave
from spec2bdd.adapters.system.subprocess import open_scratch, read_output

pytestmark = pytest.mark.usefixtures("new_processes")

ENVIRONMENT = """import json, os, sys
from pathlib import Path

def before_all(context):
    facts = {"cwd": os.getcwd(), "given": os.environ["GIVEN"], "arguments": sys.argv[1:], "input": sys.stdin.read()}
    Path("facts.json").write_text(json.dumps(facts))
"""


def write_project(root: Path) -> Path:
    """Write a project with one scenario that passes."""
    for name in ("features", "steps"):
        (root / name).mkdir(parents=True)
    (root / "environment.py").write_text(ENVIRONMENT)
    (root / "features" / "lamp.feature").write_text("Feature: Lamp\n  Scenario: On\n    Given power\n")
    (root / "steps" / "lamp_steps.py").write_text("from behave import given\n\n@given('power')\ndef p(c): pass\n")
    return root


def test_an_order_starts_behave_in_its_folder(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project")
    with keep_standby(), open_scratch() as output_file:
        ordered = start_behave(root, arguments=["features"], variables={"GIVEN": "x"}, output=output_file)
        assert ordered.output is not output_file
        assert ordered.process.stdin is not None
        ordered.process.stdin.close()
        code = ordered.process.wait()
        output = read_output(ordered.output)
    assert (code, "1 scenario passed" in output) == (0, True)
    facts = json.loads((root / "facts.json").read_text())
    assert facts == {"cwd": str(root), "given": "x", "arguments": ["features"], "input": ""}


@pytest.mark.parametrize("is_on_standby", [True, False])
def test_an_order_may_hold_all_that_behave_reads(tmp_path: Path, is_on_standby: bool) -> None:
    root = write_project(tmp_path / "project")
    with keep_standby() if is_on_standby else nullcontext(), open_scratch() as output:
        started = start_behave(
            root, arguments=["features"], variables={"GIVEN": "x"}, output=output, source=b"what the plan says"
        )
        assert (started.process.wait(), started.output is output) == (0, not is_on_standby)
    assert json.loads((root / "facts.json").read_text())["input"] == "what the plan says"


def test_a_process_imports_the_modules_that_are_named(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project")
    (root / "environment.py").write_text("import sys\nprint('decimal' in sys.modules)\n")
    with keep_standby("decimal"), open_scratch() as output:
        started = start_behave(root, arguments=["features"], variables={}, output=output, source=b"")
        assert started.process.wait() == 0
        assert read_output(started.output).splitlines()[1] == "True"


def test_there_is_one_process_for_one_order(tmp_path: Path) -> None:
    with keep_standby(), open_scratch() as output:
        waiting = standby._waiting[0].process
        started = [
            start_behave(tmp_path, arguments=["--version"], variables={}, output=output, source=b"").process
            for _ in range(2)
        ]
        assert [process.wait() for process in started] == [0, 0]
        assert [process is waiting for process in started] == [True, False]


def test_a_process_without_an_order_is_stopped() -> None:
    with keep_standby():
        process = standby._waiting[0].process
    assert process.returncode is not None


def test_a_process_that_is_on_standby_already_is_kept() -> None:
    with keep_standby():
        process = standby._waiting[0].process
        with keep_standby():
            assert [waiting.process for waiting in standby._waiting] == [process]
        assert process.poll() is None
