"""Recognize what has the name of a feature or step file and is none: a named pipe, a socket, a device, a folder."""

from __future__ import annotations

import os

from spec2bdd.adapters.results.wire import build_file_diagnostic
from spec2bdd.model import Diagnostic


def is_special_file(path: str | os.PathLike[str]) -> bool:
    """Whether a path exists and is no regular file; links are followed."""
    return os.path.exists(path) and not os.path.isfile(path)  # noqa: PTH110, PTH113  Called for each of thousands.


def build_special_file_diagnostic(path: str) -> Diagnostic:
    """Build the error for such a file, which is skipped."""
    return build_file_diagnostic(path, 0, code="special-file", message="not a regular file; skipped")
