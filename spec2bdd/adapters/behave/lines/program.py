"""Describe what runs a project besides its own files: Python, what is installed, and values for the steps."""

from __future__ import annotations

import hashlib
import os
import site
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from contextlib import suppress

from spec2bdd import __version__

_INSTALLED = (".dist-info", ".egg-info", ".egg-link", ".pth")


def describe_program(values: Mapping[str, str]) -> str:
    """Compute a digest of the version of Python, of the names and versions of packages, and of Behave's user data."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), site.getusersitepackages()}
    facts = [__version__, sys.version, sys.platform, repr(sorted(values.items()))]
    for folder in sorted(folders):
        with suppress(OSError):
            facts += sorted(name for name in os.listdir(folder) if name.endswith(_INSTALLED))  # noqa: PTH208
    return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogateescape")).hexdigest()


def parse_values(arguments: Sequence[str]) -> dict[str, str]:
    """Parse arguments such as `-D name=value` as Behave does."""
    texts = [argument.removeprefix("--define=").removeprefix("-D") for argument in arguments]
    if not arguments:
        return {}
    from behave.userdata import parse_user_define

    return dict(parse_user_define(text) for text in texts if text and text != "--define")
