"""The options of one run, from the command line and the configuration."""

from __future__ import annotations

from dataclasses import dataclass


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
    # Passed to Behave.
    arguments: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether these options leave out a part of the project; `arguments` may do so too."""
        return not (self.shard is None and self.only is None and self.features is None)


DEFAULT_RUN = RunOptions()
