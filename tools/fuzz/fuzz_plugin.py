"""A plug-in of pytest that repeats properties with new random examples for a time, and counts the examples."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest

_EXAMPLES = re.compile(r"(\d+) passing")


class Repeater:
    """It repeats all properties in turn; one that failed is not repeated."""

    def __init__(self, report: Path, seconds: float) -> None:
        self._report = report
        self._seconds = seconds
        self.examples = 0
        self.failed: set[str] = set()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the properties in turn until the time is over, and write what came of it."""
        if session.testsfailed:
            return False
        items = list(session.items)
        end = time.monotonic() + self._seconds
        while items and time.monotonic() < end:
            for number, item in enumerate(items):
                following = items[(number + 1) % len(items)]
                # For the case that it hangs, and this process is killed.
                self._report.with_suffix(".running").write_text(item.nodeid, encoding="utf-8")
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                found = _EXAMPLES.findall(str(getattr(item, "hypothesis_statistics", "")))
                self.examples += sum(map(int, found))
                if time.monotonic() >= end:
                    break
            items = [item for item in items if item.nodeid not in self.failed]
        # What was set up for the last test is torn down.
        session._setupstate.teardown_exact(None)
        names = sorted(self.failed)
        data = {"properties": len(session.items), "examples": self.examples, "failed": names}
        self._report.write_text(json.dumps(data), encoding="utf-8")
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what failed."""
        if report.failed:
            self.failed.add(report.nodeid)


def pytest_configure(config: pytest.Config) -> None:
    """Repeat, where the variables say for how long."""
    if "SPEC2BDD_FUZZ_REPORT" in os.environ:
        seconds = float(os.environ["SPEC2BDD_FUZZ_SECONDS"])
        config.pluginmanager.register(Repeater(Path(os.environ["SPEC2BDD_FUZZ_REPORT"]), seconds))
