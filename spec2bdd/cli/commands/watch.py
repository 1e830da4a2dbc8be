"""The `watch` command."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from spec2bdd.cli.options import config_option, render_examples
from spec2bdd.cli.output import exit_on_error, read_config
from spec2bdd.cli.parsing import BehaveCommand
from spec2bdd.cli.run_options import RunFlags, add_run_options


@click.command(
    cls=BehaveCommand,
    short_help="Generate and run what is affected, whenever a file is saved.",
    epilog=render_examples("watch", "watch 3.2 -j auto"),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@partial(add_run_options, shards=False)
@config_option
def watch(*, run_flags: RunFlags, names: tuple[str, ...], config: str | None) -> None:
    """Generate and run what is affected, whenever a file is saved; scenarios that failed before come first.

    NAME is a spec, a criterion or a feature file, as for `verify`; by default, everything is watched. No spec is
    changed unless the key `m` is pressed. Keys: `a` runs everything, `f` what did not pass, `m` marks the specs, Enter
    runs the same again, `q` quits. An error in a file, or a project without a spec, does not end it: it waits for the
    next save. Arguments after `--` are passed to Behave. Exit code: 0 after `q`, 130 after Ctrl-C, 143 after SIGTERM,
    and 2 if it cannot start.
    """
    with exit_on_error():
        # Shows what the root is, if it is not the current folder.
        read_config(config)
        from spec2bdd.cli.watch_screen import WatchScreen
        from spec2bdd.commands.watching.watch import watch as run_watch
        from spec2bdd.config import read_config as read_again

        # A terminal that cannot be cleared is none.
        has_keys = sys.__stdin__ is not None and sys.__stdin__.isatty() and os.environ.get("TERM") != "dumb"
        is_live = has_keys and sys.stdout.isatty()
        try:
            run_watch(
                lambda: read_again(Path.cwd(), explicit=Path(config) if config else None),
                view=WatchScreen(sys.stdout, is_live=is_live),
                terminal=sys.stdout if is_live else None,
                module="spec2bdd.cli.watched_run",
                options={"names": names, "config": config, "flags": asdict(run_flags)},
            )
        except KeyboardInterrupt:
            sys.exit(130)
