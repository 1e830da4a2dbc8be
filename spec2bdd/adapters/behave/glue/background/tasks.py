"""Notice the failed checks of asyncio tasks whose exception is asked for and dropped.

Python takes an exception as retrieved once `exception()` has returned it, and then no event loop logs it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from spec2bdd.adapters.behave.glue.background.frames import drops_answer
from spec2bdd.adapters.behave.glue.serialize import describe_error, is_failed_check


class TaskWatch:
    """The tasks that a failed check has ended, and of which code of the project has dropped the exception.

    `find_scenario` is that of `FutureWatch`. Other threads change the dictionary by single operations, which needs no
    lock.
    """

    def __init__(self, find_scenario: Callable[[], Any]) -> None:
        self._find_scenario = find_scenario
        # By `id` of the task: its scenario, the error, and the traceback of that, which is another once it was raised.
        self._dropped: dict[int, tuple[Any, BaseException, TracebackType | None]] = {}

    def install(self) -> None:
        """Let event loops make tasks of a class that notices who asks for an exception.

        Python code cannot change a method of the class itself. Its name stays, and so does `asyncio.Task`, of which
        the new class is a subclass.
        """
        tasks: Any = asyncio.tasks
        watch = self

        class Task(tasks.Task):  # type: ignore[misc]
            """A task that notices who asks for its exception."""

            def exception(self) -> BaseException | None:
                """Return the exception as Python does, and remember a failed check that the caller drops."""
                error: BaseException | None = super().exception()
                if error is not None and is_failed_check(error):
                    watch._note_asked(id(self), error, is_used=not drops_answer(sys._getframe(1)))
                return error

        Task.__module__, Task.__qualname__ = tasks.Task.__module__, tasks.Task.__qualname__
        tasks.Task = Task

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to take, which is so after nearly all scenarios."""
        return not self._dropped

    def take_unread(self) -> Iterator[tuple[Any, str]]:
        """Take what failed, with its scenario."""
        dropped, self._dropped = self._dropped, {}
        for scenario, error, trace in dropped.values():
            # Code that has waited for the task has raised the error again.
            if error.__traceback__ is trace:
                yield scenario, f"nothing read the exception of a task: {describe_error(error)}"

    def _note_asked(self, key: int, error: BaseException, *, is_used: bool) -> None:
        """Note that the exception of a task was asked for."""
        scenario = self._find_scenario()
        if is_used or scenario is None:
            self._dropped.pop(key, None)
        else:
            self._dropped[key] = scenario, error, error.__traceback__
