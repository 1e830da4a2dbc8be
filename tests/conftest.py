"""Settings of all tests: property tests try the same examples every time and have no deadline.

`SPEC2BDD_EXPLORE=1 make test` looks for new examples; what it finds joins the tables of named cases.
`SPEC2BDD_EXAMPLES` sets how many examples a test tries that does not say so itself.
"""

from __future__ import annotations

import functools
import gc
import os
import signal

from hypothesis import settings

# A shell that starts tests in the background lets them, and so all that they start, ignore these.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGQUIT"):
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)

EXAMPLES = int(os.environ.get("SPEC2BDD_EXAMPLES", "100"))
settings.register_profile("same", derandomize=True, database=None, max_examples=EXAMPLES, deadline=None)
settings.register_profile("new", max_examples=EXAMPLES, deadline=None)
settings.load_profile("new" if os.environ.get("SPEC2BDD_EXPLORE") else "same")


def pytest_sessionstart() -> None:
    """Forget what caches hold where a change of the code is tried: the process that it comes from has run it all."""
    if os.environ.get("MUTANT_UNDER_TEST"):
        for one in gc.get_objects():
            if isinstance(one, functools._lru_cache_wrapper) and str(one.__module__).startswith("spec2bdd."):
                one.cache_clear()
