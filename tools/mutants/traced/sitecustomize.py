"""Trace the lines of spec2bdd in each Python process that a test starts: this folder is on its `PYTHONPATH` then."""

from __future__ import annotations

from line_trace import trace_process

trace_process()
