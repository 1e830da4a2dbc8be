"""Settings of all tests: property tests try the same examples every time and have no deadline, and Behave is forked.

`SPEC2BDD_EXPLORE=1 make test` looks for new examples; what it finds joins the tables of named cases.
`SPEC2BDD_EXAMPLES` sets how many examples a test tries that does not say so itself. `SPEC2BDD_NEW_PROCESSES=1`
starts each Behave of the tests in a new process.
"""

from __future__ import annotations

import functools
import gc
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from forked import ForkServer, fork_behave, start_behave
from hypothesis import settings

# A shell that starts tests in the background lets them, and so all that they start, ignore these.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGQUIT"):
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)

EXAMPLES = int(os.environ.get("SPEC2BDD_EXAMPLES", "100"))
settings.register_profile("same", derandomize=True, database=None, max_examples=EXAMPLES, deadline=None)
settings.register_profile("new", max_examples=EXAMPLES, deadline=None)
settings.load_profile("new" if os.environ.get("SPEC2BDD_EXPLORE") else "same")


@pytest.fixture(scope="session", autouse=True)
def _forked_behave(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fork what runs Behave, where the system can and no coverage is measured."""
    measured = request.config.getoption("cov_source", None)
    if sys.platform != "linux" or measured or os.environ.get("SPEC2BDD_NEW_PROCESSES"):
        yield
        return
    with ForkServer() as server, fork_behave(server):
        yield


@pytest.fixture
def new_processes() -> Iterator[None]:
    """Start what runs Behave as users do, in new processes, for a test of that start."""
    with start_behave():
        yield


def pytest_sessionstart() -> None:
    """Forget what caches hold where a change of the code is tried: the process that it comes from has run it all."""
    if os.environ.get("MUTANT_UNDER_TEST"):
        for one in gc.get_objects():
            if isinstance(one, functools._lru_cache_wrapper) and str(one.__module__).startswith("spec2bdd."):
                one.cache_clear()
