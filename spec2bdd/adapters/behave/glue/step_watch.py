"""Notice what goes wrong in a step without being raised by it, and raise it: a step that passes has to have worked.

Python and Behave 1.3.3 let these pass: an exception in a thread, a coroutine or generator of which nothing was run, an
exception that Python can only print, a sub-step of `execute_steps` that failed and whose error the step swallowed, and
what `background/watch.py` notices. The module is imported in the process that runs the features.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
import traceback
import warnings
from bdb import BdbQuit
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from behave.api.pending_step import StepNotImplementedError
from behave.model import Step
from behave.model_type import Status

from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.adapters.behave.glue.background.watch import BackgroundWatch
from spec2bdd.adapters.behave.glue.serialize import describe_error, is_failed_check
from spec2bdd.adapters.behave.glue.unrun import UnraisedError, check_step_result, name_code
from spec2bdd.adapters.behave.vacuity.sources import SourceCache
from spec2bdd.model.values import dataclass

# The attribute of a thread that holds the scenario in which it was started.
_STARTED_IN = "spec2bdd_scenario"
_PENDING = frozenset({Status.pending, Status.pending_warn, Status.undefined})
# A step may replace them.
_exit, _getpid = os._exit, os.getpid
# The attribute of a thread by which Python calls `threading.excepthook` (all versions from 3.8 on).
_REPORT_ERROR = "_invoke_excepthook"
# Called by Python with each coroutine that it destroys and that was never awaited (all versions from 3.7 on).
_UNAWAITED_HOOK = "_warn_unawaited_coroutine"
# The name in `<function NAME at 0x7f>` or `<generator object NAME at 0x7f>`.
_REPRESENTATION = re.compile(r"<(?:[a-z_]+ )+(\S+) at 0x")


@dataclass(frozen=True, slots=True)
class UnraisedFailure:
    """A failure that no step raised, and the scenario in which it happened, or None outside of scenarios."""

    scenario: Any
    message: str
    error: BaseException | None = None


def _explain_debugger(error: BaseException, _scenario: Any) -> None:
    """Explain why a debugger in a step ended at once: it read the end of an empty standard input."""
    is_quit = isinstance(error, BdbQuit) and not error.args
    # From Python 3.14 on, pdb exits.
    if is_quit or (isinstance(error, SystemExit) and _find_raising_module(error) == "pdb"):
        error.args = ("steps have no terminal for a debugger; run `spec2bdd run --pdb`",)


def _find_raising_module(error: BaseException) -> str:
    """Find the name of the module that raised an error."""
    name = ""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        name = frame.f_globals.get("__name__", "")
    return name


class StepWatch:
    """What went unraised in this process since the last look; `scenario` is the one that is running, if any.

    Threads append to the lists and never read them, which needs no lock.
    """

    def __init__(self) -> None:
        self.scenario: Any = None
        # The context of the last step that ran.
        self.context: Any = None
        # Set once features are run: what happens in another process, or while modules are loaded, is not watched.
        self._process = -1
        # Called in a forked child before it is ended.
        self.on_fork: Callable[[], None] = lambda: None
        # Describes how a step, at this moment, differs from that of the feature file.
        self.describe_change: Callable[[Any, Any], str] = lambda _step, _scenario: ""
        # The step of the scenario that is running, unless a sub-step is, and what was changed when it was matched.
        self._step: Any = None
        self._change = ""
        # Called with the error of a step, and its scenario.
        self.on_error: Callable[[BaseException, Any], None] = _explain_debugger
        # Called before the function of each step of a scenario with its keyword (`when`), and after it with none.
        self.on_step: Callable[[str], None] | None = None
        # Called with the context before the function of each step of a scenario; what it returns is called after it.
        self.on_enter: Callable[[Any], Callable[[], None] | None] = lambda _context: None
        # Called at the end of each scenario, before the end is recorded.
        self.on_scenario_end: Callable[[], None] = lambda: None
        self._failures: list[UnraisedFailure] = []
        self._background = BackgroundWatch(lambda: self.scenario if _getpid() == self._process else None)
        # The functions of the sub-steps that the step has run; `substeps` are those of the last step of a scenario.
        self.substeps: list[Callable[..., Any]] = []
        self._ran: list[Callable[..., Any]] = []
        # The last result of each sub-step that did not pass: of the step that is running, or of hooks.
        self._substeps: dict[str, tuple[Status, str]] = {}

    def enter_step(self, context: Any) -> Callable[[], None] | None:
        """Remember the context of the step that runs next, or of its sub-step; return what to call after it."""
        self.context = context
        return self.on_enter(context) if self._step is not None else None

    def enter_process(self) -> None:
        """Watch this process from here on."""
        self._process = _getpid()

    def end_forked_child(self) -> None:
        """End this process if a step or hook forked it and it goes on with the run, as if it were the worker."""
        if self._process not in (-1, _getpid()):
            self.on_fork()
            _exit(1)

    def install(self) -> None:
        """Install the hooks of Python, and the patch of Behave's steps, in this process and those forked from it."""
        # Each hook of ours calls the one before, which prints.
        threading.excepthook = self._watch_hook(threading.excepthook, self._add_thread_error)
        sys.unraisablehook = self._watch_hook(sys.unraisablehook, self._add_unraisable)
        unawaited: Any = getattr(warnings, _UNAWAITED_HOOK, None)
        if unawaited:
            setattr(warnings, _UNAWAITED_HOOK, self._watch_hook(unawaited, self._add_unawaited))
        self._background.install()
        self._patch_threads()
        self._patch_event_loops()
        self._patch_steps()

    def watch_classes(self, functions: Iterable[Any], sources: SourceCache, origins: OriginIndex) -> None:
        """Watch the classes that collect failed checks, in the modules of these step functions."""
        self._background.watch_classes(functions, sources, origins)

    def run_step(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call the function of a step, and raise what went wrong in it and was not raised.

        Raises:
            UnraisedError: something failed.
            StepNotImplementedError: a sub-step is pending or undefined.
        """
        if self._step is not None and (change := self._change or self.describe_change(self._step, self.scenario)):
            raise UnraisedError(change)
        before, outer, self._substeps = len(self._failures), self._substeps, {}
        ran, self._ran = self._ran, []
        # A sub-step belongs to the step that runs it.
        on_step = self.on_step if self._step is not None else None
        if on_step:
            on_step(self._step.step_type)
        try:
            result = function(*args, **kwargs)
        finally:
            if on_step:
                on_step("")
            substeps, self._substeps = self._substeps, outer
            if self._step is not None:
                self.substeps = self._ran
            self._ran = [*ran, function]
        if result is not None:
            check_step_result(result)
        # The first sub-step that failed, or else the first one that is not written.
        for text, (status, error) in substeps.items():
            if status not in _PENDING:
                raise UnraisedError(f"{text} {error}, and the step that ran it with `execute_steps` went on")
        if substeps:
            text, (_, error) = next(iter(substeps.items()))
            raise StepNotImplementedError(f"{text} {error}")
        # Failures that belong to another scenario are left for it.
        new = self._failures[before:]
        if new and (own := [failure for failure in new if failure.scenario is self.scenario]):
            self._failures[before : before + len(new)] = [failure for failure in new if failure not in own]
            errors = [failure.error for failure in own if failure.error is not None]
            raise UnraisedError("; ".join(failure.message for failure in own), errors)
        return result

    def take_failures(self) -> list[UnraisedFailure]:
        """Take what was raised by no step, at the end of each scenario, and of the run.

        That is in hooks, between steps, in the background, or after the scenario of a thread.
        """
        self._failures += [UnraisedFailure(*unread) for unread in self._background.take_unread()]
        if not self._failures and not self._substeps:
            return []
        failures = self._failures[:]
        # A thread may have appended another one meanwhile.
        del self._failures[: len(failures)]
        outside, self._substeps = self._substeps, {}
        return failures + [UnraisedFailure(self.scenario, f"{text} {error}") for text, (_, error) in outside.items()]

    def _watch_hook(self, hook: Callable[[Any], Any], add: Callable[[Any], None]) -> Callable[[Any], Any]:
        """Make a hook of Python that records a failure of this process, and then does what the hook did before."""

        def watched(args: Any) -> Any:
            """Record and go on."""
            # A child process that a step forked has its own errors.
            if _getpid() == self._process:
                add(args)
            return hook(args)

        return watched

    def _add_thread_error(self, args: Any) -> None:
        """Add an exception that ended a thread; it belongs to the scenario that started the thread."""
        if args.exc_type is not SystemExit and args.exc_value is not None:
            started_in = getattr(args.thread, _STARTED_IN, None)
            scenario = self.scenario if started_in is None else started_in
            name = getattr(args.thread, "name", "")
            message = f"an exception ended the thread `{name}`: {describe_error(args.exc_value)}"
            self._failures.append(UnraisedFailure(scenario, message, args.exc_value))

    def _add_unraisable(self, args: Any) -> None:
        """Add an exception that Python could not raise, as in `__del__`."""
        if args.exc_value is not None and not isinstance(args.exc_value, KeyboardInterrupt):
            message = f"an exception{_name_place(args)} could not be raised: {describe_error(args.exc_value)}"
            self._failures.append(UnraisedFailure(self.scenario, message))

    def _add_unawaited(self, coroutine: Any) -> None:
        """Add a coroutine that was destroyed before anything of it was run."""
        message = f"{name_code(coroutine)} was never awaited"
        self._failures.append(UnraisedFailure(self.scenario, message))

    def _patch_threads(self) -> None:
        """Remember in each thread in which scenario it was started."""
        thread_class: Any = threading.Thread
        start = thread_class.start

        def start_watched(thread: threading.Thread) -> None:
            """Start a thread."""
            setattr(thread, _STARTED_IN, self.scenario)
            if report := getattr(thread, _REPORT_ERROR, None):
                setattr(thread, _REPORT_ERROR, partial(self._report_thread_error, report))
            start(thread)

        thread_class.start = start_watched

    def _report_thread_error(self, report: Callable[[Any], None], thread: Any) -> None:
        """Report what ends a thread, and record a failed check also where the project has a hook of its own."""
        before, error = len(self._failures), sys.exc_info()[1]
        report(thread)
        if self._is_missed(error, before):
            self._add_thread_error(threading.ExceptHookArgs((type(error), error, None, thread)))

    def _is_missed(self, error: BaseException | None, before: int) -> bool:
        """Whether an error is a failed check of this process, and none of the failures that were recorded since."""
        is_known = any(failure.error is error for failure in self._failures[before:])
        return is_failed_check(error) and not is_known and _getpid() == self._process

    def _patch_event_loops(self) -> None:
        """Record the exceptions that asyncio only logs, as of a task whose result is never asked for.

        A handler of the project may take all of them but failed checks.
        """
        loop_class: Any = asyncio.BaseEventLoop
        handle, call = loop_class.default_exception_handler, loop_class.call_exception_handler

        def add(error: BaseException) -> None:
            message = f"an exception in asyncio was never retrieved: {describe_error(error)}"
            self._failures.append(UnraisedFailure(self.scenario, message, error))

        def handle_watched(loop: asyncio.BaseEventLoop, context: dict[str, Any]) -> None:
            """Record and log an exception."""
            if isinstance(error := context.get("exception"), Exception) and _getpid() == self._process:
                add(error)
            handle(loop, context)

        def call_watched(loop: asyncio.BaseEventLoop, context: dict[str, Any]) -> None:
            """Call the handler of the loop, and record what it does not."""
            before = len(self._failures)
            call(loop, context)
            if isinstance(error := context.get("exception"), BaseException) and self._is_missed(error, before):
                add(error)

        loop_class.default_exception_handler, loop_class.call_exception_handler = handle_watched, call_watched

    def _patch_steps(self) -> None:
        """Know which step is running, and remember the results of sub-steps.

        `execute_steps` of behave 1.3.3 runs them with `quiet`, and calls no hook for those without a definition.
        """
        run = Step.run

        def run_watched(step: Any, runner: Any, quiet: bool = False, capture: bool = True) -> Any:  # noqa: FBT001, FBT002
            """Run a step or a sub-step."""
            if not quiet:
                # Behave looks up its definition next, then calls the hook `before_step`, and then runs it.
                self._step, self._change = step, self.describe_change(step, self.scenario)
                return run(step, runner, quiet, capture)
            outer, self._step = self._step, None
            goes_on = run(step, runner, quiet, capture)
            self._step = outer
            text, results = f"`{step.keyword} {step.name}`", self._substeps
            if step.status is Status.passed:
                # A step may try it again until it passes.
                results.pop(text, None)
            elif step.status in _PENDING:
                missing = "has no definition" if step.status is Status.undefined else "is not implemented yet"
                results[text] = (step.status, missing)
            elif step.status is not Status.skipped:
                reason = describe_error(step.exception) if step.exception else step.status.name
                results[text] = (step.status, f"failed: {reason}")
            return goes_on

        Step.run = run_watched


def _name_place(unraisable: Any) -> str:
    """Name what has raised an exception that could not be raised, as ` in `NAME``, or as nothing."""
    if unraisable.object is not None:
        return f" in `{getattr(unraisable.object, '__qualname__', None) or type(unraisable.object).__name__}`"
    # Since Python 3.14, it has only the text of a destructor, a generator or a callback.
    found = _REPRESENTATION.search(unraisable.err_msg or "")
    return f" in `{found[1]}`" if found else ""
