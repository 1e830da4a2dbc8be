"""Notice what failed in the background of a scenario and is read by nothing: futures, pools, processes, checks.

Python keeps the exception of a `concurrent.futures.Future` or of a call in a pool of `multiprocessing`, and the exit
code of a `multiprocessing.Process`, for the code that asks for it. Until the end of the scenario that began it, any
code may ask. Code that has read one error of a pool, or that has stopped to wait for a future, may go on without the
others. Of an asyncio task, whose other exceptions the event loop reports, a failed check must not be dropped where it
is asked for. What a callback of a future raises is only logged, and so is a check that fails in a request of a server.
The module is imported in the process that runs the features.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.adapters.behave.glue.background.collectors import CollectorWatch
from spec2bdd.adapters.behave.glue.background.futures import FutureWatch
from spec2bdd.adapters.behave.glue.background.lost_checks import LostCheckWatch
from spec2bdd.adapters.behave.glue.background.processes import ProcessWatch
from spec2bdd.adapters.behave.glue.background.tasks import TaskWatch
from spec2bdd.adapters.behave.vacuity.sources import SourceCache


class BackgroundWatch:
    """What was begun in scenarios, failed, and was not asked how it ended.

    `find_scenario` finds the scenario that is running, or None also where this process is not watched.
    """

    def __init__(self, find_scenario: Callable[[], Any]) -> None:
        self._collectors = CollectorWatch(find_scenario)
        background = (FutureWatch(find_scenario), TaskWatch(find_scenario), ProcessWatch(find_scenario))
        self._watches = (*background, LostCheckWatch(find_scenario), self._collectors)

    def install(self) -> None:
        """Patch the classes of Python, in this process and those forked from it."""
        for watch in self._watches:
            watch.install()

    def watch_classes(self, functions: Iterable[Any], sources: SourceCache, origins: OriginIndex) -> None:
        """Watch the classes that collect failed checks, in the modules of these step functions."""
        self._collectors.watch_classes(functions, sources, origins)

    def take_unread(self) -> Iterator[tuple[Any, str]]:
        """Take what failed, and the scenario that began it: of the one that is running, or else of all of them.

        What another scenario began may still be read in this one.
        """
        for watch in self._watches:
            if not watch.is_idle:
                yield from watch.take_unread()
