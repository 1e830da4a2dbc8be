"""Whatever a step or a hook raises counts against its own scenario, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from behave_project import Project, find_record, list_statuses

from spec2bdd.model import TestRun

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


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> TestRun:
    """Return one run of all errors, each followed by a step and a scenario that have nothing to do with it."""
    project = Project(tmp_path_factory.mktemp("endings"))
    definitions = "".join(define(text, body) for text, (body, _, _) in ENDINGS.items())
    more = define("it works", "assert True") + define("the hook minds", "assert True")
    project.write(steps__ending_steps_py=STEPS.strip() + "\n" + definitions + more, environment_py=HOOKS)
    scenarios = "".join(f"  Scenario: {text}\n    Then {text}\n    Then it works\n" for text in ENDINGS)
    tagged = "".join(
        f"  @{tag}\n  Scenario: {tag}\n    Then it works\n" for tag in ("skips", "interrupts", "leaves", "exits")
    )
    minds = "  Scenario: minds\n    Then the hook minds\n  Scenario: last\n    Then it works\n"
    return project.write(features__endings_feature="Feature: Endings\n" + scenarios + tagged + minds).run()


def test_the_run_goes_on_to_its_end(run: TestRun) -> None:
    assert (run.complete, find_record(run, "last").status) == (True, "passed")
    assert len(run.results) == len(ENDINGS) + 6
    assert run.failures == ()


@pytest.mark.parametrize(("text", "status", "error"), [(text, *case[1:]) for text, case in ENDINGS.items()])
def test_what_a_step_raises_is_its_own_error(run: TestRun, text: str, status: str, error: str) -> None:
    record = find_record(run, text)
    assert [step.status for step in record.steps] == [status, "skipped"]
    assert error in record.steps[0].error
    assert (record.status, record.finished) == (status, True)


@pytest.mark.parametrize(
    ("name", "status", "failure"),
    [
        ("skips", "hook_error", "before_scenario: Skipped: not today"),
        ("interrupts", "hook_error", "before_scenario: KeyboardInterrupt"),
        ("leaves", "cleanup_error", "clean-up: Failed: dirty"),
        ("exits", "hook_error", "after_scenario: SystemExit: 0"),
    ],
)
def test_what_a_hook_raises_is_a_failure_of_its_scenario(run: TestRun, name: str, status: str, failure: str) -> None:
    record = find_record(run, name)
    assert (record.status, record.failures) == (status, (failure,))


def test_what_a_hook_of_a_step_raises_is_a_failure_too(run: TestRun) -> None:
    assert find_record(run, "minds").failures == ("before_step: GeneratorExit",)


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
