"""What the step registry of a project answers to a question, without the process that would be asked."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.step_registry import StepRegistry
from grouped import in_one_test

from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry
from spec2bdd.adapters.behave.protocol import ANSWER
from spec2bdd.adapters.behave.registry.access_log import AccessLog
from spec2bdd.adapters.behave.registry.client import RegistryClient, open_registry
from spec2bdd.adapters.behave.registry.server import answer_question
from spec2bdd.adapters.behave.registry.unread_values import find_unread_parameters
from spec2bdd.errors import RunError
from spec2bdd.model import StepChange, StepQuery, UnusedStep

SOURCE = """
def reads(context, total):
    assert context.total == total

def ignores(context, total):
    assert context.page
"""
READ = {"files": ["steps/a_steps.py"], "folders": [], "closed": True}


class Registry:
    """A registry, and a client that puts questions to it by the files that they share."""

    def __init__(self, folder: Path, *definitions: tuple[str, str, str]) -> None:
        self.folder = folder
        self._definitions = LenientStepRegistry.adopt(StepRegistry(), sources=False)
        names: dict[str, Any] = {}
        exec(compile(SOURCE, "steps/a_steps.py", "exec"), names)
        for kind, pattern, name in definitions:
            self._definitions.add_step_definition(kind, pattern, names[name])

    def ask(self, queries: Sequence[StepQuery] = (), **question: Any) -> RegistryClient:
        """Put a question, let it be answered, and return the client that has put it."""
        process: Any = SimpleNamespace(pid=-1, returncode=0, stdin=io.BytesIO(), poll=lambda: 0)
        client = RegistryClient(process, self.folder, io.BytesIO())
        client.put_question(queries, **question)
        is_collecting = gc.isenabled()
        try:
            with (self.folder / ANSWER).open("w", encoding="utf-8") as answer:
                answer_question(answer, self.folder, self._definitions, READ)
        finally:
            if is_collecting:
                gc.enable()
        return client


def test_the_answer_says_what_was_read_and_which_changed_values_no_function_reads(tmp_path: Path) -> None:
    registry = Registry(tmp_path, ("then", "the total is {total}", "reads"), ("then", "it costs {total}", "ignores"))
    changes = [
        StepChange("ac_one", "then", "the total is 5", "the total is 6"),
        StepChange("ac_two", "then", "it costs 5", "it costs 6"),
        StepChange("ac_three", "then", "it is 5", "it is 6"),
    ]
    reply = registry.ask(changes=changes).read_answer()
    assert reply.unread == (changes[1],)
    assert (reply.files, reply.folders, reply.closed) == (("steps/a_steps.py",), (), True)


def compile_function(parameters: str, body: str) -> Any:
    """Compile a function of a step."""
    names: dict[str, Any] = {}
    exec(f"def step(context, {parameters}):\n    {body}\n", names)
    return names["step"]


# Of the parameters `total` and `item`.
BODIES: dict[str, set[str]] = {
    "assert context.page": {"total", "item"},
    "assert context.total == total": {"item"},
    "assert context.total": {"total", "item"},
    "assert context.total()": {"total", "item"},
    "assert getattr(context, 'total')": {"total", "item"},
    "assert context.page[item:total]": set(),
    "total = 5": {"total", "item"},
    "total += 5": {"item"},
    "item, total = total, item": set(),
    "assert [n for n in context.page if n == total]": {"item"},
    "assert [total for total in context.page]": {"total", "item"},
    "assert (lambda: total)()": {"item"},
    "assert (lambda total: total)(item)": {"total"},
    "assert f'{total}'": {"item"},
    "assert eval('total')": set(),
    "assert vars()": set(),
}


@in_one_test("body", BODIES)
def test_a_parameter_is_unread_where_no_code_of_the_function_loads_it(body: str) -> None:
    # By the code of an inner comprehension, a variable may look like the parameter of its name.
    doubtful = {"total"} if "for total" in body and sys.version_info >= (3, 12) else set()
    for parameters in ("total, item", "total, *, item=None", "item, total=5"):
        found = find_unread_parameters(compile_function(parameters, body))
        assert found in (BODIES[body], BODIES[body] - doubtful)


def test_what_is_no_function_of_python_may_read_all_its_parameters() -> None:
    def ignores(context: Any, total: str) -> None:
        """Ignore the total."""

    class Callable:
        def __call__(self, context: Any, total: str) -> None:
            """Ignore it, too."""

    assert find_unread_parameters(ignores) == {"total"}
    assert [find_unread_parameters(function) for function in (Callable(), print, Callable)] == [frozenset()] * 3


def test_a_definition_that_would_match_many_other_steps_is_a_warning_only_where_a_query_needs_it(
    tmp_path: Path,
) -> None:
    registry = Registry(tmp_path, ("then", "{total}", "reads"))
    other = StepQuery("given", "a shop", ("a shop",))
    assert registry.ask([other]).read_answer().diagnostics == ()
    query = StepQuery("then", "the total is 5", ("the total is 5",))
    assert [found.code for found in registry.ask([query]).read_answer().diagnostics] == ["broad-step"]


def test_a_definition_is_unused_if_neither_a_query_nor_a_feature_has_a_step_that_it_matches(tmp_path: Path) -> None:
    definitions = [
        ("given", "a shop", "reads"),
        ("then", "the total is {total}", "reads"),
        ("step", "it costs {total}", "reads"),
        # Of another kind than the step.
        ("when", "it costs {total} in all", "ignores"),
        ("then", "nothing has {total}", "ignores"),
    ]
    feature = tmp_path / "a.feature"
    feature.write_text("Feature: A\n  Scenario: a\n    Given a shop\n    Then it costs 5\n", encoding="utf-8")
    query = StepQuery("then", "the total is 5", ("the total is 5",))
    unused = Registry(tmp_path, *definitions).ask([query], features=[str(feature)]).read_unused()
    assert unused == (
        UnusedStep("when", "it costs {total} in all", "steps/a_steps.py", 5),
        UnusedStep("then", "nothing has {total}", "steps/a_steps.py", 5),
    )
    feature.write_text("Scenario: without a feature\n", encoding="utf-8")
    assert Registry(tmp_path, *definitions).ask([query], features=[str(feature)]).read_unused() == ()


def test_definitions_are_named_by_their_place_and_those_of_one_function_are_numbered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "Feature: A\n  Scenario: a\n    Then it costs 5\n    Then the total is 5\n    Then it is 5\n"
    Path("a.feature").write_text(text, encoding="utf-8")
    definitions = [("then", "it costs {total}", "reads"), ("step", "the total is {total}", "reads")]
    uses = Registry(tmp_path, *definitions, ("then", "5", "ignores")).ask(traced=["a.feature"]).read_uses()
    assert [(found.id, found.kind, found.pattern) for found in uses.definitions] == [
        ("steps/a_steps.py:2", "step", "the total is {total}"),
        ("steps/a_steps.py:2#2", "then", "it costs {total}"),
        ("steps/a_steps.py:5", "then", "5"),
    ]
    (scenario,) = uses.scenarios
    assert scenario.id == "a.feature:2"
    assert [step.definition for step in scenario.steps] == ["steps/a_steps.py:2#2", "steps/a_steps.py:2", ""]


@pytest.mark.parametrize("keeps_open", [True, False])
def test_a_question_reaches_the_process_at_once(tmp_path: Path, keeps_open: bool) -> None:
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    with os.fdopen(theirs, "wb") as stdin, os.fdopen(ours, "rb", buffering=0) as source:
        client = RegistryClient(SimpleNamespace(stdin=stdin), tmp_path, io.BytesIO(), keep_open=keeps_open)  # type: ignore[arg-type]
        client.put_question([])
        assert (source.read(2), stdin.closed) == (b"\n", not keeps_open)


def test_a_python_that_cannot_be_started_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(RunError, match="Python could not be started: "),
        open_registry(tmp_path / "none", steps="steps"),
    ):
        pass


@pytest.mark.parametrize("path", ["/dev/null", "/proc/self/stat", "/sys/kernel/mm", "__pycache__/a.pyc"])
def test_what_belongs_to_the_system_or_is_derived_is_no_file_that_was_read(path: str) -> None:
    log = AccessLog()
    for name in (path, "steps/a_steps.py"):
        log._record("open", (name, "r", os.O_RDONLY))
    files = log.describe()["files"]
    assert os.path.abspath("steps/a_steps.py") in files  # noqa: PTH100  As the log does it.
    assert os.path.abspath(path) not in files  # noqa: PTH100
