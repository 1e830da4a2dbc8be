"""The options of `run` and `verify` that say how scenarios are run; the configuration has their defaults."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal

import click

from spec2bdd.cli.params import AUTO, ChoiceType, JobsType, RetriesType, SecondsType, ShardType
from spec2bdd.cli.terminal import has_terminal

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.config import Config
    from spec2bdd.model import RunOptions


@dataclass(frozen=True, slots=True)
class RunFlags:
    """The options as they were given; `None` for those that were not."""

    jobs: int | str | None = None
    timeout: float | None = None
    retries: int | None = None
    shard: tuple[int, int] | None = None
    durations: tuple[str, ...] = ()
    executor: Literal["local", "dask"] = "local"
    scheduler: str = ""
    behave_args: tuple[str, ...] = ()

    def build_run_options(self, config: Config, *, debugger: bool = False) -> RunOptions:
        """Fill the options that were not given from the configuration; a `debugger` needs one process and no limit.

        Raises:
            UsageError: there is no terminal for the debugger, or more than one process was asked for.
            RecordError: a file with durations cannot be read.
        """
        from spec2bdd.errors import UsageError
        from spec2bdd.model import RunOptions

        if self.scheduler and self.executor != "dask":
            raise UsageError("`--scheduler` needs `--executor dask`", hint="add `--executor dask`")
        if debugger:
            if self.executor != "local":
                raise UsageError("`--pdb` needs one process", hint="remove `--executor`")
            if self.jobs not in (None, 1):
                raise UsageError("`--pdb` needs one process", hint="remove `-j`")
            if not has_terminal():
                raise UsageError("`--pdb` needs a terminal", hint="run it in a terminal, without redirecting its input")
            return RunOptions(shard=self.shard, arguments=self.behave_args, debugger=True)
        jobs = self.jobs or config.jobs
        if jobs == AUTO:
            # In a container or under `taskset`, a process may use fewer processors than there are.
            jobs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        durations, missing = None, tuple[str, ...]()
        if self.durations:
            if not self.shard and jobs == 1 and self.executor == "local":
                hint = "add `--shard`, such as `--shard 1/3`"
                raise UsageError("`--durations` has no effect without `--shard`", hint=hint)
            # Few runs are given durations.
            from spec2bdd.adapters.results.durations import find_missing, load_durations

            durations, missing = load_durations(self.durations), find_missing(self.durations)
        return RunOptions(
            jobs=int(jobs),
            # The configuration has 0 for no limit.
            timeout=(config.timeout if self.timeout is None else self.timeout) or None,
            retries=config.retries if self.retries is None else self.retries,
            shard=self.shard,
            durations=durations,
            without_durations=missing,
            executor=self.executor,
            cluster_workers=int(jobs) if self.jobs and self.executor != "local" else 0,
            scheduler=self.scheduler,
            arguments=self.behave_args,
        )

    def keep_standby(self, *, debugger: bool = False) -> AbstractContextManager[None]:
        """Import Behave in another process from now on, unless these flags rule out that the run uses it."""
        if self.behave_args or debugger:
            return nullcontext()
        from spec2bdd.adapters.behave.standby import keep_standby

        return keep_standby()


def add_run_options(command: Callable[..., Any], *, shards: bool = True) -> Callable[..., Any]:
    """Add the options that say how scenarios are run; the command gets them as one `RunFlags`, `run_flags`."""

    @wraps(command)
    def wrapped(**options: Any) -> Any:
        names = [field.name for field in fields(RunFlags) if field.name in options]
        return command(run_flags=RunFlags(**{name: options.pop(name) for name in names}), **options)

    # From last to first, as click lists options in the order in which decorators are read.
    parts = (
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            default="",
            help="Address of the Dask scheduler; by default, a local cluster is started.",
        ),
        click.option(
            "--executor",
            type=ChoiceType("local", "dask"),
            default="local",
            help="What runs the scenarios: processes on this machine (`local`, the default), or a Dask cluster.",
        ),
        click.option(
            "--durations",
            metavar="RECORDS",
            multiple=True,
            help="With --shard, divide the scenarios so that the parts take equally long, by these records.",
        ),
        click.option("--shard", type=ShardType(), help="Run only part I of N of the scenarios, such as 1/3."),
    )
    for option in (
        *(parts if shards else ()),
        click.option(
            "--retries",
            type=RetriesType(),
            help="Retry a failed scenario up to N times; by default, `retries` of the configuration, or 0.",
        ),
        click.option(
            "--timeout",
            type=SecondsType(or_none=True),
            help="Time limit for each scenario; 0: no limit. By default, `timeout` of the configuration, or 0.",
        ),
        click.option(
            "-j",
            "--jobs",
            metavar="N|auto",
            type=JobsType(),
            help="Number of processes that run scenarios; by default, `jobs` of the configuration, or 1.",
        ),
    ):
        wrapped = option(wrapped)
    return wrapped
