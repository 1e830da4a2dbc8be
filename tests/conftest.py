"""What holds for all tests: random ones try the same examples every time, unless somebody asks for new ones.

`SPEC2BDD_EXPLORE=1 make test` looks for new examples; what it finds joins the tables of named cases.
`SPEC2BDD_EXAMPLES` sets how many examples a test tries that does not say so itself.
"""

from __future__ import annotations

import os

from hypothesis import settings

EXAMPLES = int(os.environ.get("SPEC2BDD_EXAMPLES", "100"))
settings.register_profile("same", derandomize=True, database=None, max_examples=EXAMPLES)
settings.register_profile("new", max_examples=EXAMPLES)
settings.load_profile("new" if os.environ.get("SPEC2BDD_EXPLORE") else "same")
