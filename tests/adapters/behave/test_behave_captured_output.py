"""The quick controller of captures gives what Behave's own gives."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from behave.capture import CaptureController
from behave.configuration import Configuration

from spec2bdd.adapters.behave.plugin.captured_output import QuickCapture

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
