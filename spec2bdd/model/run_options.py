"""The options of one run and of judging it, from the command line and the configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Literal

from spec2bdd.model.files import FileChange
from spec2bdd.model.values import dataclass

# A run in which a scenario fails again and again has to end.
MOST_RETRIES = 100


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What to run, and how; the defaults run everything, one scenario after the other."""

    # Worker processes.
    jobs: int = 1
    # Seconds for each scenario.
    timeout: float | None = None
    # Further tries of a scenario that fails.
    retries: int = 0
    # (i, n) with 1 <= i <= n: run only the i-th of n parts.
    shard: tuple[int, int] | None = None
    # Criterion ids, and paths of feature files from the root; `None` means all. A scenario has to satisfy both.
    only: frozenset[str] | None = None
    features: frozenset[str] | None = None
    # Feature files that are run whole, in addition to what has one of the ids.
    also: frozenset[str] = frozenset()
    # By the id of an earlier run, whose results in it are those of this project: ids, or places of scenarios without.
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Besides the criteria of `only`: scenarios by the path of their feature file and their name.
    scenarios: frozenset[tuple[str, str]] = frozenset()
    # Passed to Behave.
    arguments: tuple[str, ...] = ()
    # Criterion ids, whose scenarios are run before all others.
    urgent: frozenset[str] = frozenset()
    # Seconds that scenarios took earlier, by the path of their feature file and their name; None if not asked for.
    durations: Mapping[str, Mapping[str, float]] | None = None
    # The names of record files with durations that do not exist.
    without_durations: tuple[str, ...] = ()
    # What runs the scenarios, at most so many workers of a cluster (0: all of them), and the address of its scheduler.
    executor: Literal["local", "dask"] = "local"
    cluster_workers: int = 0
    scheduler: str = ""
    # Start pdb on the terminal where a step fails or asks for it; for one worker without a time limit.
    debugger: bool = False

    @property
    def local(self) -> RunOptions:
        """The same options for a run on this machine."""
        return replace(self, executor="local", cluster_workers=0, scheduler="")

    @property
    def is_partial(self) -> bool:
        """Whether these options leave out a part of the project; `arguments` may do so too."""
        return not (self.shard is None and self.only is None and self.features is None)

    @property
    def may_be_partial(self) -> bool:
        """Whether the run may leave something out on purpose; of Behave's own arguments, only values surely do not."""
        return self.is_partial or self.values != self.arguments

    @property
    def values(self) -> tuple[str, ...]:
        """Those of Behave's own arguments that give the hooks and steps a value, as `-D name=value`."""
        arguments, values = iter(self.arguments), list[str]()
        for argument in arguments:
            if argument in ("-D", "--define"):
                values += [argument, *(value for value in [next(arguments, None)] if value is not None)]
            elif argument.startswith(("-D", "--define=")):
                values.append(argument)
        return tuple(values)


DEFAULT_RUN = RunOptions()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which scenarios a run is limited to; several limits leave what satisfies all of them.

    `names` are those of specs, criteria or feature files, `failed` is what did not pass in the last records, and
    `since` is what can be affected by what has changed since a git revision. `changed` are the paths of specs and
    feature files, from the root, of which only the scenarios are run. `failed_first` leaves nothing out: what did not
    pass in the last records is run before the rest.
    """

    names: tuple[str, ...] = ()
    failed: bool = False
    since: str = ""
    changed: tuple[str, ...] = ()
    failed_first: bool = False

    @property
    def may_be_everything(self) -> bool:
        """Whether all scenarios may be run: what was generated for a spec that changed may affect every one."""
        return not (self.names or self.failed or self.since)

    def add_generated(self, changes: Sequence[FileChange]) -> Selection:
        """Select everything that is named where step files were generated: they count for the results of all."""
        if self.changed and any(change.path.endswith(".py") for change in changes):
            return replace(self, changed=())
        return self

    @property
    def is_failed_only(self) -> bool:
        """Whether only what passed before is left out."""
        return self.failed and not self.names and not self.since


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class JudgeOptions:
    """How specs are judged.

    `strict` unticks boxes that were ticked by hand before the first run, `gate_all` requires all criteria of the gate
    whatever the status of the spec claims, `commands` allows to run the commands of the configuration for evidence,
    and `trust_external` accepts passes that only other tools report. `gate_baseline` requires the criteria of the
    baseline and no others, and `update_baseline` writes it; `baseline` has their ids with their lines once it was
    read. `partial` means that a part was left out on purpose, which is then no reason to fail.
    """

    strict: bool = False
    gate_all: bool = False
    commands: bool = False
    partial: bool = False
    trust_external: bool = False
    gate_baseline: bool = False
    update_baseline: bool = False
    baseline: Mapping[str, int] | None = None


def ignore_event(event: Mapping[str, object]) -> None:
    """Ignore an event of a run: the listener of callers that show no progress, for whom events need not be read."""
