"""The `watch` command: after each save, generate and run what is affected; a key runs more, or marks."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, TextIO

from spec2bdd.adapters.system.subprocess import exit_on_signals
from spec2bdd.adapters.watching.file_events import follow_files
from spec2bdd.adapters.watching.keyboard import open_keyboard
from spec2bdd.commands.watching.session import WatchSession, WatchView
from spec2bdd.config import Config
from spec2bdd.domain.watching.orders import Action, Order
from spec2bdd.errors import UsageError


def watch(
    read: Callable[[], Config],
    *,
    view: WatchView,
    terminal: TextIO | None,
    module: str,
    options: Mapping[str, Any],
) -> None:
    """Run everything, then wait for saves and keys until the key `q`.

    `read` reads the configuration, which may change. `module` is what a process runs, and `options` is sent to it with
    each order. Keys are those of `terminal`; without one, only a signal ends the command.

    Raises:
        ConfigError: the configuration is invalid at the start.
        UsageError: watchfiles is not installed, or the system cannot do this, or a name in the options matches nothing.
        SystemCallError: the folder cannot be watched.
        KeyboardInterrupt: Ctrl-C.
        SystemExit: the process was ended by another signal.
    """
    if sys.platform == "win32":
        raise UsageError(
            "`watch` does not run on Windows", hint="use `spec2bdd verify`, or the Windows Subsystem for Linux"
        )
    config = read()
    if names := options.get("names"):
        _check_names(config, names)
    with (
        exit_on_signals(signal.SIGQUIT),
        follow_files(config.root) as files,
        open_keyboard(0, terminal, view.show_again) if terminal else nullcontext() as keyboard,
        WatchSession(config, read, view, module, options) as session,
    ):
        session.start(Order(Action.ALL))
        session.follow(files, keyboard)


def _check_names(config: Config, names: Sequence[str]) -> None:
    """Check that names match what there is, or what will be generated: a name that matches nothing waits in vain.

    Raises:
        UsageError: a name matches nothing or more than one thing.
    """
    # Only with names does this process read the specs.
    from spec2bdd.project.loader import load_project
    from spec2bdd.project.lookup import is_partial_path, normalize_path
    from spec2bdd.project.selection import check_names, find_feature

    project = load_project(config, sources=False, scenarios=False)
    check_names(project, names)
    planned = [plan.feature.path for plan in project.plans if plan.feature]
    for name in names:
        if not any(is_partial_path(path, normalize_path(name)) for path in planned):
            find_feature(project, name)
