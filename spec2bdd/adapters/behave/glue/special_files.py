"""Recognize what has the name of a feature or step file and is none: a pipe, a device, a folder, a broken link."""

from __future__ import annotations

import os
from pathlib import Path

from spec2bdd.adapters.results.wire import build_file_diagnostic
from spec2bdd.model import Diagnostic


def is_special_file(path: str | os.PathLike[str]) -> bool:
    """Whether a path exists and is no regular file; links are followed, and one that leads nowhere is none either."""
    return not os.path.isfile(path) and os.path.lexists(path)  # noqa: PTH113  Called for each of thousands.


def build_special_file_diagnostic(path: str) -> Diagnostic:
    """Build the error for such a file, which is skipped."""
    message = "not a regular file; skipped" if Path(path).exists() else "the link leads nowhere; skipped"
    return build_file_diagnostic(path, 0, code="special-file", message=message)
