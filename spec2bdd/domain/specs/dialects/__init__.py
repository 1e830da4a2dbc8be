"""The dialects that specs are written in, each read by a module of its own through one protocol.

A dialect decides which lines of a file are criteria and what identifies them. To add one, write a module with a class
that has the members of `Dialect`, and list it in `registry.DIALECTS`; nothing else needs to know of it.
"""

from spec2bdd.domain.specs.dialects.protocol import BoxHoldingDialect, Dialect, ReadingOptions, RenamingDialect
from spec2bdd.domain.specs.dialects.registry import DIALECTS, RegisteredDialect, describe_detection, find_dialect

__all__ = [
    "DIALECTS",
    "BoxHoldingDialect",
    "Dialect",
    "ReadingOptions",
    "RegisteredDialect",
    "RenamingDialect",
    "describe_detection",
    "find_dialect",
]
