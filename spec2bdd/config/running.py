"""What a configuration says of how to run in, the value out; what cannot be meant is refused with a hint."""

from __future__ import annotations

from spec2bdd.errors import ConfigError


def check_jobs(value: object) -> int | str:
    """Return how many processes run scenarios.

    Raises:
        ConfigError: it is neither a number from 1 nor `auto`.
    """
    if value == "auto":
        return "auto"
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise ConfigError(f"`jobs = {value!r}` is no number of processes", hint='write `jobs = 4`, or `jobs = "auto"`')


def check_timeout(value: object) -> float:
    """Return how many seconds a scenario may take; 0 is no limit.

    Raises:
        ConfigError: it is no number from 0.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise ConfigError(f"`timeout = {value!r}` is no number of seconds", hint="write `timeout = 60`")


def check_retries(value: object) -> int:
    """Return how often a scenario that fails is tried again.

    Raises:
        ConfigError: it is no number from 0.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ConfigError(f"`retries = {value!r}` is no number of tries", hint="write `retries = 1`")
