"""The loop of `watch`: it waits for saves, keys and messages, and starts what they ask for.

This process loads no code of the project. Each run, and each `mark`, happens in a new process, which reads the
configuration and the step modules as they are then.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from spec2bdd.adapters.watching.file_events import FileEvents
from spec2bdd.adapters.watching.keyboard import Keyboard
from spec2bdd.adapters.watching.message_process import Message, MessageProcess
from spec2bdd.config import Config
from spec2bdd.domain.watching.orders import Action, Key, Order, merge_orders, parse_keys, plan_key, plan_saved
from spec2bdd.domain.watching.saves import SavedFiles, Snapshot, find_saved
from spec2bdd.errors import ConfigError
from spec2bdd.project.snapshot import take_snapshot

# Some editors delete a file and write it again; it is back before this time.
_SECONDS_OF_A_SAVE = 0.1


class WatchView(Protocol):
    """Shows what `watch` does; it alone writes to the terminal."""

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment variables with which a process prints for this terminal."""

    def show_start(self, order: Order) -> None:
        """Show what has begun."""

    def show_event(self, event: Message) -> None:
        """Show the progress of a run."""

    def show_answer(self, answer: str) -> None:
        """Show how it has ended."""

    def show_again(self) -> None:
        """Show what was shown last; called in a signal handler."""

    def show_end(self) -> None:
        """Leave the terminal to what comes after."""


class WatchSession:
    """What is going on: the process that works, if any, and the files as they were when it began."""

    def __init__(
        self, config: Config, read: Callable[[], Config], view: WatchView, module: str, options: Mapping[str, Any]
    ) -> None:
        self._config = config
        self._read = read
        self._view = view
        self._module = module
        self._options = options
        self._before = Snapshot()
        self._process: MessageProcess | None = None
        # Of the process, or of the last one.
        self._order = self._last_run = Order(Action.ALL)
        # While files are generated and specs are marked, a save looks like what is written.
        self._may_interrupt = False
        self._mark_next = False

    def __enter__(self) -> WatchSession:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._view.show_end()
        finally:
            self._stop()

    def follow(self, files: FileEvents, keyboard: Keyboard | None) -> None:
        """Wait for saves, keys and messages until the key `q`."""
        while True:
            sources = [source for source in (files, keyboard, self._process) if source]
            ready, _, _ = select.select(sources, [], [])
            if self._process in ready:
                self._read_messages()
            if files in ready:
                files.take()
                self._look()
            if keyboard in ready and keyboard:
                typed = keyboard.read()
                for key in (Key.QUIT,) if typed is None else parse_keys(typed):
                    if key is Key.QUIT:
                        return
                    self._press(key)

    def start(self, order: Order) -> None:
        """Start an order; what runs is interrupted."""
        self._stop()
        try:
            config = self._read()
            self._config = config if config.root == self._config.root else self._config
        except ConfigError:
            # The process reports it.
            pass
        self._before = take_snapshot(self._config)
        self._order, self._may_interrupt = order, False
        if order.action is not Action.MARK:
            self._last_run = order
        self._view.show_start(order)
        request = {"action": order.action, "paths": order.paths, **self._options}
        self._process = MessageProcess(self._module, request, variables=self._view.variables)

    def _stop(self) -> None:
        """Interrupt the process, if there is one; one that marks ends by itself."""
        if process := self._process:
            self._process = None
            if self._order.action is Action.MARK:
                process.finish()
            process.stop()

    def _press(self, key: Key) -> None:
        """Do what a key asks for; to mark waits for the end of a run."""
        saved = plan_saved(find_saved(self._before, self._take_settled())) if self._process is None else None
        order = plan_key(key, self._last_run)
        if order.action is Action.MARK and (saved or self._process):
            self._mark_next = True
            order = saved or self._order
        elif saved:
            # Else what was saved a moment ago would be left out.
            order = merge_orders(order, saved)
        if order is not self._order or self._process is None:
            self.start(order)

    def _look(self) -> None:
        """Look what was saved, and run it; a run of something older is interrupted."""
        if self._process is None:
            if order := plan_saved(find_saved(self._before, self._take_settled())):
                self.start(order)
        elif self._may_interrupt and self._order.action is not Action.MARK:
            saved = find_saved(self._before, self._take_settled()).drop_data()
            # A new file may be one that the run writes: it waits for the end of the run.
            if plan_saved(saved.keep_known(self._before)) and (order := plan_saved(saved)):
                self.start(merge_orders(self._order, order))

    def _take_settled(self) -> Snapshot:
        """Take a snapshot; what has vanished gets the time to be written again."""
        now = take_snapshot(self._config)
        if (self._before.texts.keys() - now.texts) or (self._before.others.keys() - now.others):
            time.sleep(_SECONDS_OF_A_SAVE)
            now = take_snapshot(self._config)
        return now

    def _read_messages(self) -> None:
        """Handle the messages of the process, and its end."""
        if (process := self._process) is None:
            return
        messages = process.read_messages()
        for message in messages or ():
            if message.get("event") == "written":
                self._before = self._before.note_written(message["digests"])
                self._may_interrupt = True
                self._look()
            else:
                self._view.show_event(message)
            if self._process is not process:
                return
        if messages is None:
            answer = process.finish()
            self._stop()
            self._view.show_answer(answer)
            self._go_on()

    def _go_on(self) -> None:
        """Start what was saved during a run, or what a key has asked for."""
        now = self._take_settled()
        saved: SavedFiles = find_saved(self._before, now).drop_data()
        self._before = now
        if order := plan_saved(saved):
            self.start(order)
        elif self._mark_next:
            self._mark_next = False
            self.start(Order(Action.MARK))
