"""Names that the process which runs features and the one that started it share.

This module imports nothing, so that either side can use it without loading the other.
"""

from __future__ import annotations

# Set for a runner that spec2bdd started, with this id; its options come on standard input.
RUN_ID = "SPEC2BDD_RUN_ID"
# Stays set for everything that the steps start: the folder whose records their run is writing.
RUN_RECORDS = "SPEC2BDD_RUN_RECORDS"
# Asks the runner to load the project, answer the registry's questions from this folder, and wait for an order to run.
PRELOAD = "SPEC2BDD_PRELOAD"

# The id of the process that started the runner, which may have ended since.
PARENT = "SPEC2BDD_PARENT"

# Holds the configured `sources` as JSON, for a project without git.
SOURCES = "SPEC2BDD_SOURCES"

# Set where steps may use a debugger on the terminal.
DEBUGGER = "SPEC2BDD_DEBUGGER"

# Questions and answers are files: a step module may print, and may read standard input.
QUESTION, ANSWER = "question.json", "answer.json"

# Where modules are imported from instead: a folder and its copy in another place, and the expression of the helpers of
# steps, as JSON.
REDIRECT = "SPEC2BDD_REDIRECT"

# Asks the runner to challenge scenarios and not to run the features: a file with the request as JSON.
CHALLENGES = "SPEC2BDD_CHALLENGES"

# Set for a host: a Behave process that runs the units which a Dask worker passes on to it, for a run elsewhere.
HOST = "SPEC2BDD_HOST"

# Set where the lines that scenarios run are recorded.
LINES = "SPEC2BDD_LINES"
