"""Hooks, clean-ups and fixtures of which Behave runs nothing, because they are generators or coroutines."""

from __future__ import annotations

from behave_project import Project, find_record
from grouped import in_one_test

from spec2bdd.domain.verdicts.scenarios.scenario import judge_record
from spec2bdd.model import Verdict

FEATURE = "Feature: Unrun\n  @must\n  Scenario: one\n    Then it runs\n"
STEPS = "from behave import then\n\n@then('it runs')\ndef it_runs(context):\n    assert context.text is None\n"
FIXTURES = """
import asyncio, functools
from contextlib import ExitStack, contextmanager
from behave import fixture, use_fixture
from behave.fixture import use_fixture_by_tag

def plain(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper

@fixture
def cart(context):
    yield (number for number in [5])

@fixture
@plain
def wrapped(context):
    yield

@contextmanager
def managed(context):
    yield

@fixture
async def asynchronous(context):
    yield

def close(*args):
    yield

def check(one, two):
    assert one + two == 3
"""
HOOKS = "def before_scenario(context, scenario):\n    "
# The hooks, and what is said of them.
UNRUN = {
    "def after_scenario(context, scenario):\n    yield": "the generator `after_scenario`",
    "def before_scenario(context, scenario):\n    yield": "the generator `before_scenario`",
    "def after_step(context, step):\n    yield": "the generator `after_step`",
    "def before_tag(context, tag):\n    yield": "the generator `before_tag`",
    "async def after_scenario(context, scenario):\n    pass": "the coroutine `after_scenario`",
    "async def after_scenario(context, scenario):\n    yield": "the async_generator `after_scenario`",
    "@plain\ndef after_scenario(context, scenario):\n    yield": "the generator `after_scenario`",
    f"{HOOKS}context.add_cleanup(close)": "the generator `close`",
    f"{HOOKS}context.add_cleanup(close, 1)": "the generator `close`",
    f"{HOOKS}use_fixture(wrapped, context)": "the generator `wrapped`",
    f"{HOOKS}use_fixture(managed, context)": "the generator `managed`",
    f"{HOOKS}use_fixture(asynchronous, context)": "the async_generator `asynchronous`",
    "def before_tag(context, tag):\n    use_fixture_by_tag(tag, context, {'must': managed})": "the generator `managed`",
}
RUN = (
    "def after_scenario(context, scenario):\n    return [5]",
    f"{HOOKS}use_fixture(cart, context)",
    f"{HOOKS}context.add_cleanup(check, 1, two=2)",
    f"{HOOKS}context.add_cleanup(check, 1, two=2, layer='feature')",
    f"{HOOKS}context.stack = ExitStack()\n    context.stack.enter_context(use_fixture(managed, context))",
    f"{HOOKS}made = use_fixture(asynchronous, context)\n    asyncio.run(made.__anext__())",
    "def before_tag(context, tag):\n    return use_fixture_by_tag(tag, context, {'must': cart})",
)


def judge_hooks(project: Project, hooks: str) -> tuple[Verdict, str]:
    """Judge a scenario that is run with hooks."""
    project.write(features__a_feature=FEATURE, steps__a_steps_py=STEPS, environment_py=f"{FIXTURES}\n{hooks}\n")
    ruling = judge_record(find_record(project.run(), "one"))
    return ruling.verdict, ruling.reason


@in_one_test("hooks, name", UNRUN.items())
def test_a_hook_or_fixture_of_which_nothing_is_run_fails_the_scenario(project: Project, hooks: str, name: str) -> None:
    verdict, reason = judge_hooks(project, hooks)
    assert (verdict, name in reason, "was never" in reason) == (Verdict.FAILED, True, True)


@in_one_test("hooks", RUN)
def test_a_hook_or_fixture_that_is_run_does_not(project: Project, hooks: str) -> None:
    assert judge_hooks(project, hooks) == (Verdict.PASSED, "")
