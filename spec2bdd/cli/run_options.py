"""What the options of `run` and `verify` say in, a `RunOptions` out; what they leave open, the configuration says."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.config import Config
    from spec2bdd.model import RunOptions

AUTO = "auto"


class Jobs(click.ParamType):  # type: ignore[type-arg]  # Only newer versions of click are generic.
    """A number of processes, or as many as there are processors."""

    name = "N|auto"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, or `auto`."""
        if value != AUTO and not (str(value).isdecimal() and int(value) > 0):
            self.fail(f"`{value}` is neither a number from 1 nor `auto`", param, ctx)
        return value if value == AUTO else int(value)


class Shard(click.ParamType):  # type: ignore[type-arg]
    """One part of how many."""

    name = "I/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return both numbers."""
        part, slash, parts = str(value).partition("/")
        if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
            self.fail(f"`{value}` is no part of a run: write `1/3`, `2/3` and `3/3`", param, ctx)
        return int(part), int(parts)


@dataclass(frozen=True, slots=True)
class RunFlags:
    """What was typed of how to run; nothing where it was not typed."""

    jobs: int | str | None = None
    timeout: float | None = None
    retries: int | None = None
    shard: tuple[int, int] | None = None
    behave_args: tuple[str, ...] = ()

    def derive_plan(self, config: Config) -> RunOptions:
        """Return what a run is asked to do."""
        from spec2bdd.model import RunOptions

        jobs = self.jobs or config.jobs
        return RunOptions(
            jobs=jobs if isinstance(jobs, int) else _count_processors(),
            timeout=(self.timeout or config.timeout) or None,
            retries=config.retries if self.retries is None else self.retries,
            shard=self.shard,
            arguments=self.behave_args,
        )


def add_run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how, and what of the features, is run; the command gets them as one `RunFlags`."""

    @wraps(command)
    def wrapped(**options: Any) -> Any:
        """Call the command."""
        names = [field.name for field in fields(RunFlags)]
        return command(asked=RunFlags(**{name: options.pop(name) for name in names}), **options)

    for option in (
        click.argument("behave_args", nargs=-1, type=click.UNPROCESSED, metavar="[-- BEHAVE_ARGS]..."),
        click.option("--shard", type=Shard(), help="Run the I-th of N parts: disjoint, and together everything."),
        click.option(
            "--retries", metavar="N", type=click.IntRange(min=0), help="Try a scenario that fails up to N times more."
        ),
        click.option(
            "--timeout",
            metavar="SECONDS",
            type=click.FloatRange(min=0, min_open=True),
            help="Fail a scenario that takes more seconds.",
        ),
        click.option(
            "-j", "--jobs", metavar="N|auto", type=Jobs(), help="How many processes run scenarios; 1 by default."
        ),
    ):
        wrapped = option(wrapped)
    return wrapped


def _count_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
