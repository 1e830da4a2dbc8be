"""Describe what runs a project besides its own files: Python, and everything that is installed."""

from __future__ import annotations

import hashlib
import os
import site
import sys
import sysconfig
from contextlib import suppress

from spec2bdd import __version__

_INSTALLED = (".dist-info", ".egg-info", ".egg-link", ".pth")


def describe_installed() -> str:
    """Compute a digest of the version of Python, and of the names and versions of all installed packages."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), site.getusersitepackages()}
    facts = [__version__, sys.version, sys.platform]
    for folder in sorted(folders):
        with suppress(OSError):
            facts += sorted(name for name in os.listdir(folder) if name.endswith(_INSTALLED))  # noqa: PTH208
    return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogateescape")).hexdigest()
