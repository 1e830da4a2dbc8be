"""The formats of other tools' results, and where another format docks.

A new format is a class with the members of `ResultReader` and an entry in `READERS`; nothing else has to know it.
"""

from __future__ import annotations

from typing import Protocol

from spec2bdd.adapters.results.external.behave_json import BehaveJsonReader
from spec2bdd.adapters.results.external.cucumber_json import CucumberJsonReader
from spec2bdd.adapters.results.external.cucumber_messages import CucumberMessagesReader
from spec2bdd.adapters.results.external.junit import JunitReader
from spec2bdd.model import ExternalReport


class ResultReader(Protocol):
    """Reads the results of scenarios from one format."""

    def detects(self, content: bytes) -> bool:
        """Whether a file looks like this format; it may still turn out not to be one.

        Our own event logs begin with `{"event"`, which no reader may claim.
        """

    def parse(self, content: bytes, path: str) -> ExternalReport:
        """Parse a report; `path` becomes part of it.

        Raises:
            EvidenceError: it is not of this format, is not whole, or holds no results.
        """


# The first that detects a file reads it. Behave's JSON is what is left of lists when Cucumber's are taken out.
READERS: tuple[ResultReader, ...] = (
    JunitReader(),
    CucumberMessagesReader(),
    CucumberJsonReader(),
    BehaveJsonReader(),
)
