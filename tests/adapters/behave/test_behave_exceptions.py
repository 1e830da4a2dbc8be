"""Whatever a step or a hook raises counts against its own scenario, and nothing else."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from behave.matchers import Match
from behave_project import Project, find_record, list_statuses

from spec2bdd.adapters.behave.glue.exceptions import describe_swallowed_error, record_errors, shorten_traceback

# What a step does, the status that it gets, and the error in the records.
ENDINGS = {
    "it exits": ("import sys; sys.exit(0)", "error", "SystemExit: 0"),
    "it quits": ("raise SystemExit", "error", "SystemExit"),
    "it fails by pytest": ("import pytest; pytest.fail('no')", "error", "Failed: no"),
    "it skips by pytest": ("import pytest; pytest.skip('not here')", "error", "Skipped: not here"),
    "it leaves pytest": ("import pytest; pytest.exit('enough')", "error", "Exit: enough"),
    "it closes a generator": ("raise GeneratorExit", "error", "GeneratorExit"),
    "it interrupts": ("raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
    "it interrupts below": ("interrupt()", "error", "KeyboardInterrupt: by hand"),
    "it is cancelled": ("import asyncio; raise asyncio.CancelledError('late')", "error", "CancelledError: late"),
    "it raises its own": ("raise Own('mine')", "error", "Own: mine"),
    "it is mute": ("raise Mute('x')", "error", "Mute: (its message cannot be printed)"),
    "it fails mutely": ("raise MuteFailure('x')", "failed", "(its message cannot be printed)"),
    "it is mute for good": ("raise Gagged('x')", "error", "Gagged: (its message cannot be printed)"),
    "it exits below": ("context.execute_steps('Then it exits')", "failed", "SystemExit: 0"),
    "it raises a group": ("raise BaseExceptionGroup('all', [SystemExit(0)])", "error", "BaseExceptionGroup: all"),
    "it counts 5 apples": ("pass", "error", "SystemExit: no apples"),
    "it counts 5 pears": ("pass", "error", "NotImplementedError: no pears"),
}

STEPS = """
import sys
from behave import register_type, then

class Own(BaseException):
    pass

class Mute(Exception):
    def __str__(self):
        raise TypeError("mute")

class MuteFailure(AssertionError):
    __str__ = Mute.__str__

class Gagged(Exception):
    def __str__(self):
        raise SystemExit

def interrupt():
    raise KeyboardInterrupt("by hand")

def count_apples(text):
    sys.exit("no apples")

def count_pears(text):
    raise NotImplementedError("no pears")

register_type(Apples=count_apples, Pears=count_pears)
"""

HOOKS = """
import pytest

def before_scenario(context, scenario):
    if "skips" in scenario.tags:
        pytest.skip("not today")
    if "interrupts" in scenario.tags:
        raise KeyboardInterrupt
    if "leaves" in scenario.tags:
        context.add_cleanup(pytest.fail, "dirty")

def after_scenario(context, scenario):
    if "exits" in scenario.tags:
        raise SystemExit(0)

def before_step(context, step):
    if step.name == "the hook minds":
        raise GeneratorExit
"""


def define(text: str, body: str) -> str:
    """Return a step definition for a text."""
    pattern = text.replace("5 apples", "{n:Apples} apples").replace("5 pears", "{n:Pears} pears")
    return f"\n@then({pattern!r})\ndef step(context, **words):\n    {body}\n"


# The status and the failure of a scenario in which a hook raises something.
HOOKED = {
    "skips": ("hook_error", "before_scenario: Skipped: not today"),
    "interrupts": ("hook_error", "before_scenario: KeyboardInterrupt"),
    "leaves": ("cleanup_error", "clean-up: Failed: dirty"),
    "exits": ("hook_error", "after_scenario: SystemExit: 0"),
    "minds": ("error", "before_step: GeneratorExit"),
}


# One run for all of them: each is followed by a step and a scenario that have nothing to do with it.
def test_what_a_step_or_a_hook_raises_is_an_error_of_its_own_scenario(tmp_path: Path) -> None:
    definitions = "".join(define(text, body) for text, (body, _, _) in ENDINGS.items())
    more = define("it works", "assert True") + define("the hook minds", "assert True")
    project = Project(tmp_path).write(environment_py=HOOKS)
    project.write(steps__ending_steps_py=STEPS.strip() + "\n" + definitions + more)
    scenarios = "".join(f"  Scenario: {text}\n    Then {text}\n    Then it works\n" for text in ENDINGS)
    tagged = "".join(f"  @{tag}\n  Scenario: {tag}\n    Then it works\n" for tag in HOOKED if tag != "minds")
    minds = "  Scenario: minds\n    Then the hook minds\n  Scenario: last\n    Then it works\n"
    run = project.write(features__endings_feature="Feature: Endings\n" + scenarios + tagged + minds).run()
    of_steps = {text: find_record(run, text) for text in ENDINGS}
    found = {text: [record.status, *(step.status for step in record.steps)] for text, record in of_steps.items()}
    assert found == {text: [status, status, "skipped"] for text, (_, status, _) in ENDINGS.items()}
    errors = {text: record.steps[0].error for text, record in of_steps.items()}
    assert {text: errors[text] for text, (_, _, error) in ENDINGS.items() if error not in errors[text]} == {}
    hooked = {name: (find_record(run, name).status, *find_record(run, name).failures) for name in HOOKED}
    assert (hooked, find_record(run, "last").status) == (HOOKED, "passed")
    assert (run.complete, run.failures, len(run.results)) == (True, (), len(ENDINGS) + len(HOOKED) + 1)
    assert {record.finished for record in run.results} == {True}


def test_an_exit_in_the_first_hook_runs_nothing_and_says_so(project: Project) -> None:
    project.write(environment_py="def before_all(context):\n    raise SystemExit(0)\n")
    run = project.write(features__one_feature="Feature: One\n  Scenario: one\n    Then it works\n").run()
    assert list_statuses(run) == {"one": "untested"}
    assert [(failure.feature, failure.message) for failure in run.failures] == [("", "before_all: SystemExit: 0")]


@pytest.mark.parametrize(
    "body",
    [
        "os.kill(os.getpid(), signal.SIGINT); time.sleep(60)",
        "signal.raise_signal(signal.SIGINT)",
        "import asyncio; asyncio.run(press())",
        "signal.signal(signal.SIGINT, handle); signal.raise_signal(signal.SIGINT)",
    ],
)
def test_a_real_interruption_ends_the_run(project: Project, body: str) -> None:
    step = f"""
        import os, signal, time

        signal.signal(signal.SIGINT, signal.default_int_handler)

        def handle(number, frame):
            raise KeyboardInterrupt

        async def press():
            import asyncio
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(60)

        @then("it is interrupted")
        def step(context):
            {body}
        """
    feature = "Feature: One\n  Scenario: one\n    Then it is interrupted\n  Scenario: two\n    Then it works\n"
    run = project.write(steps__press_steps_py=step, features__one_feature=feature).run()
    assert list_statuses(run) == {"one": "error", "two": "untested"}
    assert [record.interrupted for record in run.results] == [True, False]


def test_an_attribute_that_no_step_has_set_gives_the_error_of_behave(tmp_path: Path) -> None:
    code = "from behave import then\n\n\n@then('it reads')\ndef f(context):\n    assert context.basket\n"
    project = Project(tmp_path).write(steps__common_steps_py=code)
    project.write_file("features/a.feature", "Feature: A\n  Scenario: a\n    Then it reads\n")
    error = find_record(project.run(), "a").steps[0].error
    assert error == "AttributeError: 'Context' object has no attribute 'basket'"


def make_error(count: int) -> ValueError:
    """Make an error whose traceback has so many frames, which are numbered as lines."""
    trace: TracebackType | None = None
    for line in range(count, 0, -1):
        trace = TracebackType(trace, sys._getframe(), 0, line)
    return ValueError("deep").with_traceback(trace)


def list_lines(error: BaseException) -> list[int]:
    """List the lines of the traceback of an error."""
    return [line for _, line in traceback.walk_tb(error.__traceback__)]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, [1]),
        (2_000, [*range(1, 2_001)]),
        (2_001, [*range(1, 2_002)]),
        (4_000, [*range(1, 4_001)]),
        (5_000, [*range(1, 2_001), *range(3_001, 5_001)]),
    ],
)
def test_of_very_many_frames_the_first_and_the_last_are_kept(count: int, expected: list[int]) -> None:
    error = make_error(count)
    shorten_traceback(error)
    assert list_lines(error) == expected


def test_the_error_of_a_hook_is_recorded_and_raised_with_few_frames() -> None:
    recorded: list[int] = []

    def hook() -> None:
        raise make_error(9_000)

    with pytest.raises(ValueError, match="deep") as caught:
        record_errors(hook, lambda error: recorded.append(len(list_lines(error))))()
    assert (recorded, len(list_lines(caught.value)) < 4_010) == ([4_000], True)


class OwnMatch(Match):  # type: ignore[misc]  # Behave has no types.
    """A match of a project, which runs its step in a way of its own."""

    def run(self, context: Any) -> None:
        """Do anything."""


@pytest.mark.parametrize(
    ("kind", "raised", "expected"),
    [
        (Match, (), {"error": "its definition was never called"}),
        (Match, (None,), {}),
        (Match, (ValueError("no"),), {"error": "ValueError: no", "exception": "ValueError"}),
        (OwnMatch, (), {}),
        (OwnMatch, (ValueError("no"),), {"error": "ValueError: no", "exception": "ValueError"}),
    ],
)
def test_why_a_step_did_not_pass_is_known_whatever_its_status_is(
    kind: type[Match], raised: tuple[BaseException | None, ...], expected: dict[str, str]
) -> None:
    match = kind(make_error, [])
    for error in raised:
        match.spec2bdd_raised = error
    assert describe_swallowed_error(match) == expected
