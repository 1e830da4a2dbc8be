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

    @property
    def may_be_partial(self) -> bool:
        """Whether the run may leave something out on purpose; of Behave's own arguments, only values surely do not."""
        arguments = iter(self.arguments)
        for argument in arguments:
            if argument in ("-D", "--define"):
                next(arguments, None)
            elif not argument.startswith(("-D", "--define=")):
                return True
        return self.is_partial


DEFAULT_RUN = RunOptions()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which scenarios a run is limited to; several limits leave what satisfies all of them.

    `only` names criteria, specs or feature files, `failed` is what did not pass in the last records, and `since` is
    what can be affected by what has changed since a git revision.
    """

    only: tuple[str, ...] = ()
    failed: bool = False
    since: str = ""


EVERYTHING = Selection()
