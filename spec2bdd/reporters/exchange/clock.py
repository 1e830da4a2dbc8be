"""The times of results: the records have when a run began and how long each step took."""

from __future__ import annotations

from datetime import UTC, datetime

_NANOS = 1_000_000_000


class Clock:
    """A clock that begins when a run did, and that only the steps move."""

    def __init__(self, started: str) -> None:
        try:
            time = datetime.fromisoformat(started)
        except ValueError:
            time = datetime.fromtimestamp(0, UTC)
        self._nanos = round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000) * 1_000_000

    @property
    def milliseconds(self) -> int:
        """The time since 1970, in milliseconds."""
        return self._nanos // 1_000_000

    @property
    def timestamp(self) -> dict[str, int]:
        """The time as a timestamp of Cucumber's."""
        return {"seconds": self._nanos // _NANOS, "nanos": self._nanos % _NANOS}

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._nanos += round(seconds * _NANOS)
