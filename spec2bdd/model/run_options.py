"""What one run is asked to do, as the command line and the configuration say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How, and of what, a run is made; the defaults run everything, one scenario after the other.

    `jobs` counts worker processes. `timeout` is in seconds, for each scenario. `retries` counts further tries of a
    scenario that fails. `shard` is (i, n) with 1 <= i <= n: only the i-th of n parts is run. `only` holds criterion ids
    and `features` paths from the root with `/`: nothing else is run, and `None` means everything; both given, a
    scenario has to satisfy both. `arguments` are Behave's own.
    """

    jobs: int = 1
    timeout: float | None = None
    retries: int = 0
    shard: tuple[int, int] | None = None
    only: frozenset[str] | None = None
    features: frozenset[str] | None = None
    arguments: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Tell whether a part of the project is left out on purpose, as far as this plan says it."""
        return not (self.shard is None and self.only is None and self.features is None)


DEFAULT_RUN = RunOptions()
