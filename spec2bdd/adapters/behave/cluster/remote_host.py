"""The run's handle of one host: its worker, its units, and what it has asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from spec2bdd.adapters.behave.cluster.host_stream import HostStream
from spec2bdd.adapters.behave.executors.work_units import WorkRequest, WorkUnit


@dataclass(slots=True)
class RemoteHost:
    """A host in the worker at an address.

    `unit` is the one that it runs now; `request` is set while it is idle. `lines` are to be sent with the next
    exchange, whose future is `pending`. `dismissed` means that it gets no further unit, `finished` that it has run its
    last hooks.
    """

    name: str
    address: str
    stream: HostStream
    unit: WorkUnit | None = None
    request: WorkRequest | None = None
    lines: list[str] = field(default_factory=list)
    pending: Any = None
    started: bool = False
    ready: bool = False
    dismissed: bool = False
    finished: bool = False
    # When the last exchange began, on the clock of the run.
    contact: float = 0.0

    @property
    def running(self) -> WorkUnit | None:
        """The unit that the host runs now, if it is not idle."""
        return self.unit if self.request is None else None

    @property
    def rest(self) -> WorkUnit | None:
        """What is left of the unit, if anything is."""
        unit = self.running
        if unit is None:
            return None
        places = tuple(place for place in unit.scenarios if unit.first + place not in self.stream.settled)
        return WorkUnit(unit.file, unit.first, places, unit.seconds, unit.serial, unit.urgent) if places else None
