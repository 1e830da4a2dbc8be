"""The quick controller of captures gives what Behave's own gives."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from behave.capture import CaptureController, Captured
from behave.configuration import Configuration
from behave.parser import parse_feature

from spec2bdd.adapters.behave.plugin.captured_output import KeptOutput, QuickCapture

STEPS: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "print": lambda: sys.stdout.write("out"),
    "error": lambda: sys.stderr.write("err"),
    "log": lambda: logging.getLogger("a").warning("logged"),
}


@pytest.fixture(autouse=True)
def _keep_logging() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


def play(controller: Any, scenarios: list[list[str]]) -> list[object]:
    """Capture some scenarios as Behave does, and return what it keeps of the steps and of the scenarios."""
    found: list[object] = []
    for scenario in scenarios:
        controller.setup_capture(name="scenario")
        for step in scenario:
            controller.start_capture()
            STEPS[step]()
            controller.stop_capture()
            found.append(controller.make_captured_delta(failed=True, name="step").make_report())
            found.append(repr(controller.delta_bookmark))
        found.append(controller.make_captured(failed=False, name="scenario").make_report())
        controller.update_delta_bookmark()
        found.append(repr(controller.delta_bookmark))
        controller.teardown_capture()
        found.append((logging.getLogger().level, len(logging.getLogger().handlers)))
    return found


SCENARIOS = [["nothing"], ["print", "nothing", "log"], ["nothing", "log"], [], ["error", "print"], ["nothing"]]


@pytest.mark.parametrize("arguments", [[], ["--no-capture"], ["--no-logcapture"], ["--logging-clear-handlers"]])
def test_it_captures_what_behave_captures(arguments: list[str]) -> None:
    config = Configuration([*arguments, "--logging-level=INFO"], load_config=False)
    assert play(QuickCapture(config), SCENARIOS) == play(CaptureController(config), SCENARIOS)


def is_taken_again(change: Callable[[Any], object], *, step: str = "nothing") -> bool:
    """Whether the handler of a scenario is also that of the next ones if something is changed in between."""
    controller = QuickCapture(Configuration([], load_config=False))
    controller.setup_capture(name="scenario")
    controller.start_capture()
    STEPS[step]()
    controller.stop_capture()
    controller.teardown_capture()
    # Described anew with each new handler.
    made, kept = controller._made, [change(controller)]
    for _ in range(2):
        controller.setup_capture(name="scenario")
        controller.teardown_capture()
    return controller._made is made and kept != [()]


@pytest.mark.parametrize("step", STEPS)
def test_the_handler_of_the_last_scenario_is_taken_again(step: str) -> None:
    assert is_taken_again(lambda _: None, step=step)


CHANGES: dict[str, Callable[[Any], object]] = {
    "kept": lambda controller: controller.capture_log,
    "another level": lambda controller: controller.capture_log.setLevel(logging.ERROR),
    "a filter": lambda controller: controller.capture_log.addFilter(lambda record: False),
    "another formatter": lambda controller: controller.capture_log.setFormatter(logging.Formatter("%(message)s")),
    "another format": lambda controller: setattr(controller.capture_log.formatter, "datefmt", "%S"),
    "an attribute": lambda controller: setattr(controller.capture_log, "own", 1),
    "another configuration": lambda controller: setattr(controller.config, "logging_level", logging.ERROR),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_handler_that_was_changed_or_is_kept_is_left_alone(name: str) -> None:
    assert not is_taken_again(CHANGES[name])


def make_loud_scenarios(count: int, *, stdout: str = "", log: str = "") -> list[Any]:
    """Make scenarios with one step each, both of which keep the same output, as Behave lets them."""
    text = "Feature: F\n" + "".join(f"  Scenario: {number}\n    Then it is loud\n" for number in range(count))
    scenarios = list(parse_feature(text, filename="f.feature").walk_scenarios())
    for item in (item for scenario in scenarios for item in (scenario, *scenario.steps)):
        item.captured.add_captured(Captured(stdout=stdout, log=log, name="loud", failed=True))
        # Behave computes it once.
        assert item.captured.stdout == stdout
    return scenarios


def test_of_a_long_output_both_ends_are_kept_with_the_count_of_what_is_left_out() -> None:
    (scenario,) = make_loud_scenarios(1, stdout="a" * 150_000 + "b" * 150_000, log="short")
    KeptOutput().shorten(scenario)
    kept = "a" * 100_000 + "\n... 100000 characters are left out here ...\n" + "b" * 100_000
    for item in (scenario, *scenario.steps):
        assert (item.captured.stdout, item.captured.log) == (kept, "short")
        assert item.captured.make_report() == f"----\nCAPTURED STDOUT: loud\n{kept}\n\nCAPTURED LOG: loud\nshort\n----"


def test_what_is_kept_of_all_scenarios_has_a_limit_beyond_which_short_ends_are_kept() -> None:
    output = KeptOutput()
    scenarios = make_loud_scenarios(40, stdout="x" * 200_000)
    for scenario in scenarios:
        output.shorten(scenario)
    # The scenario and its step have the same output.
    assert [len(scenario.captured.stdout) for scenario in scenarios[:25]] == [200_000] * 25
    cut = f"{'x' * 1_000}\n... 198000 characters are left out here ...\n{'x' * 1_000}"
    assert [scenario.captured.stdout for scenario in scenarios[25:]] == [cut] * 15
