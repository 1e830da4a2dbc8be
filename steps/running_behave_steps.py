"""Steps for specs/1.3-running-behave.md: runs that go well, go wrong, or are cut off."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from behave import given, then, when
from behave.runner import Context
from lamp_project import (
    SPEC,
    STEPS,
    derive_environment,
    read_box,
    read_state,
    run_command,
    write_file,
    write_project,
)

RECORDS = ".spec2bdd/records.ndjson"
SECONDS_TO_START = 30.0
HOOKED_STEP = """
from behave import then


@then("it has power")
def it_has_power(context):
    assert context.power == "on"
"""
BROKEN_STEPS = """\
from behave import then


@then("{text}")
def defined_in_vain(context):
    assert context.lamp == "on"


import nothing_of_this_name
"""
SECOND_STEPS = """\
from behave import then


@then("{text}")
def defined_again(context):
    assert context.lamp == "on"
"""


@given("the hook {hook:w} {does:w}")
def the_hook(context: Context, hook: str, does: str) -> None:
    """Write an environment.py with one hook, which switches the power on or fails."""
    body = {"works": 'context.power = "on"', "fails": 'raise RuntimeError("no power")'}[does]
    write_project(context.folder)
    arguments = "context" if hook.endswith("_all") else "context, model"
    write_file(context.folder, "environment.py", f"def {hook}({arguments}):\n    {body}\n")


@given("a step that needs what the hook made")
def a_step_that_needs_the_hook(context: Context) -> None:
    """Add a step file of one step."""
    write_file(context.folder, "steps/power_steps.py", HOOKED_STEP)


@given('a step file that defines "{text}" and cannot be loaded')
def a_step_file_that_cannot_be_loaded(context: Context, text: str) -> None:
    """Write a file that fails after its definition."""
    write_file(context.folder, "steps/broken_steps.py", BROKEN_STEPS.format(text=text))


@given('a second definition of "{text}"')
def a_second_definition(context: Context, text: str) -> None:
    """Write a file that defines a step of the lamp again."""
    write_file(context.folder, "steps/second_steps.py", SECOND_STEPS.format(text=text))


@given("the steps are in features/steps, and no folder is configured")
def the_steps_are_inside(context: Context) -> None:
    """Move the steps to where Behave's own examples have them."""
    target = context.folder / "features" / STEPS
    target.parent.mkdir(parents=True)
    (context.folder / STEPS).rename(target)
    (context.folder / "steps").rmdir()


@given("the project is under git")
def the_project_is_under_git(context: Context) -> None:
    """Make a repository of the folder."""
    subprocess.run(["git", "init", "--quiet"], cwd=context.folder, check=True)


@when('"{command}" is run with {variable:w} set')
def command_is_run_with(context: Context, command: str, variable: str) -> None:
    """Run a command with an environment variable set to 1."""
    run_command(context, *command.split()[1:], **{variable: "1"})


@when("Ctrl-C is pressed while a scenario runs")
def ctrl_c_is_pressed(context: Context) -> None:
    """Start the main job, wait until a step says that it runs, and interrupt as a terminal would."""
    run_command(context, "generate")
    context.states.append(read_state(context.folder))
    # A shell that starts us in the background has Ctrl-C ignored, and programs that we start would inherit that.
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "spec2bdd", "verify", "--quiet"]
    with subprocess.Popen(
        command, cwd=context.folder, env=derive_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        signal.signal(signal.SIGINT, ours)
        context.waiting = find_waiting(context.folder, process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    context.code, context.err = process.returncode, err.decode()


def find_waiting(folder: Path, process: subprocess.Popen[bytes]) -> int:
    """Return the process that the waiting step runs in, as soon as it says so."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        if text := (folder / "waiting").read_text() if (folder / "waiting").exists() else "":
            return int(text)
        time.sleep(0.02)
    raise AssertionError(f"no step began to wait; spec2bdd ended with {process.poll()}")


@then("the command ends with {code:d}, Behave has ended too, and no spec was touched")
def the_command_was_interrupted(context: Context, code: int) -> None:
    """Compare the exit code, look for the process of the step, and compare the spec."""
    assert context.code == code, f"{context.code}: {context.err}"
    assert "no spec was changed" in context.err, context.err
    assert not is_running(context.waiting), "Behave still runs"
    assert context.states[-1][SPEC] == read_state(context.folder)[SPEC]


def is_running(process: int) -> bool:
    """Return whether a process exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@when("the record file is cut off, is something else, and is gone")
def the_record_file_is_damaged(context: Context) -> None:
    """Mark by each of them."""
    records = context.folder / RECORDS
    whole = records.read_bytes()
    cut_off = whole[: whole.index(b'"event": "scenario_end"')]
    context.answers = []
    for content in (cut_off, b"Nothing of the kind\n", None):
        records.unlink()
        if content is not None:
            records.write_bytes(content)
        run_command(context, "mark", "--format", "json")
        context.answers.append(context.answer)


@then('"{text}" is marked by none of them')
def it_is_marked_by_none(context: Context, text: str) -> None:
    """Compare the answers and the box."""
    # Records that are cut off are judged as far as they go; where there are none at all, nothing is judged.
    assert context.answers[0].find_criterion(text)["verdict"] == "not_run", context.answers[0]
    assert [answer.out for answer in context.answers[1:]] == ["", ""], context.answers
    assert [answer.code for answer in context.answers] == [2, 2, 2], context.answers
    assert read_box(context.folder, text) == " "


@then("plain Behave runs the same scenarios, and they pass")
def plain_behave_passes(context: Context) -> None:
    """Run Behave without spec2bdd."""
    command = [sys.executable, "-m", "behave", "features"]
    done = subprocess.run(command, cwd=context.folder, env=derive_environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    assert b"1 scenario passed, 0 failed" in done.stdout, done.stdout.decode()


@then("git does not see what spec2bdd remembers of the run")
def git_does_not_see_the_records(context: Context) -> None:
    """Look at the status."""
    command = ["git", "status", "--porcelain", "--untracked-files=all"]
    status = subprocess.run(command, cwd=context.folder, capture_output=True, check=True).stdout.decode()
    assert (context.folder / RECORDS).exists()
    assert "features/1_1_lamp.feature" in status, status
    assert ".spec2bdd" not in status, status
