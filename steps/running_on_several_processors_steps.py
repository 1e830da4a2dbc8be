"""Steps for specs/1.8-running-on-several-processors.md: two runs at once."""

import os
import shlex
import subprocess
import sys

from behave import given, then, when
from behave.runner import Context

try:
    import fcntl
except ImportError:  # Windows has no such locks, so no process waits there.
    fcntl = None


@given("another run is at work")
def another_run_is_at_work(context: Context) -> None:
    """Hold the records as a run does until it ends."""
    if fcntl is None:
        context.scenario.skip("there are no such locks here")
        return
    folder = context.folder / ".spec2bdd"
    folder.mkdir(exist_ok=True)
    context.other_run = os.open(folder, os.O_RDONLY)
    fcntl.flock(context.other_run, fcntl.LOCK_EX)


@when('"{command}" is started')
def command_is_started(context: Context, command: str) -> None:
    """Start a command, and do not wait for its end."""
    program, *arguments = shlex.split(command)
    assert program == "spec2bdd", command
    context.started = subprocess.Popen(
        [sys.executable, "-m", "spec2bdd", *arguments], cwd=context.folder, stderr=subprocess.PIPE, text=True
    )
    context.add_cleanup(context.started.kill)


@then('it waits and says "{words}"')
def it_waits_and_says(context: Context, words: str) -> None:
    """Read what it says up to these words; it has not ended by then."""
    said = next((line for line in context.started.stderr if words in line), "")
    assert said, "it never said so"
    assert context.started.poll() is None, "it did not wait"


@when("the other run has ended")
def the_other_run_has_ended(context: Context) -> None:
    """Give the records back, and wait for the command that waited for them."""
    os.close(context.other_run)
    context.started.communicate(timeout=60)
    assert context.started.returncode == 0, context.started.returncode
