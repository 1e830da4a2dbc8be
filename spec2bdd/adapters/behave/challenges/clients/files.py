"""Intercept what steps read from files of the product: their content, whether they exist, and what is in a folder.

A file that a step wrote is the product's once the product has written it again. One that the product has had and left
as it was, or that it has not made, gives an answer as well: a product that touches it would be wrong.
"""

from __future__ import annotations

import builtins
import io
import os
import pathlib
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import EXISTENCE, UNTOUCHED, Alter, AnswerControl
from spec2bdd.adapters.behave.challenges.reach import Reach
from spec2bdd.adapters.behave.challenges.values.alterations import Alteration
from spec2bdd.adapters.behave.challenges.values.texts import alter_text
from spec2bdd.model.values import dataclass


def intercept_files(control: AnswerControl, reach: Reach) -> None:
    """Intercept what steps read by `Path`, and by `open`."""
    reads = FileReads(control, reach)
    for name in ("read_text", "read_bytes"):
        _patch(name, reads, alter_text, "file")
    for name in ("exists", "is_file"):
        _patch(name, reads, _negate, f"{EXISTENCE}{name}")
    for name in ("iterdir", "glob", "rglob"):
        _patch_listing(name, reads)
    original = builtins.open

    def open_file(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        """Open a file; a fault gives its changed content, without the file."""
        frame = sys._getframe(1)
        stream = original(file, mode, *args, **kwargs)
        is_reading = mode.startswith("r") and "+" not in mode and isinstance(file, (str, os.PathLike))
        if not is_reading or not reads.is_asked(frame) or not reads.find_name(file, "file"):
            return stream
        with stream:
            content = reads.read(file, stream.read, alter_text, frame, "file")
        return io.BytesIO(content) if isinstance(content, bytes) else io.StringIO(content)

    builtins.open = open_file


@dataclass(frozen=True, slots=True)
class FileReads:
    """What steps read from files of the product."""

    control: AnswerControl
    reach: Reach

    def is_asked(self, frame: FrameType) -> bool:
        """Whether a step reads from this frame, and not by another client."""
        return not self.control.is_inside_client and self.control.origins.find_step(frame) is not None

    def find_name(self, path: Any, what: str) -> str:
        """Find the name of the client that answers what is read of a path; empty if it is the steps' own."""
        if self.reach.is_from_product(path):
            return what
        return f"{UNTOUCHED} {what}" if self.reach.is_given(path) else ""

    def read(self, path: Any, read_now: Callable[[], Any], alter: Alter, frame: FrameType, what: str) -> Any:
        """Read something as the answer of a client."""
        if not self.is_asked(frame):
            return read_now()
        value = self.control.run_outermost(read_now)
        name = self.find_name(path, what)
        place = self.control.begin("", name, 0, frame) if name else None
        return value if place is None else self.control.end(place, value, alter)


def _patch(name: str, reads: FileReads, alter: Alter, what: str) -> None:
    """Patch one of the methods of `Path`."""
    original = getattr(pathlib.Path, name)

    def ask(self: pathlib.Path, *args: Any, **kwargs: Any) -> Any:
        return reads.read(self, partial(original, self, *args, **kwargs), alter, sys._getframe(1), what)

    setattr(pathlib.Path, name, ask)


def _patch_listing(name: str, reads: FileReads) -> None:
    """Patch one of the methods of `Path` that list a folder."""
    original = getattr(pathlib.Path, name)

    def list_paths(self: pathlib.Path, *args: Any, **kwargs: Any) -> Any:
        frame = sys._getframe(1)
        if not reads.is_asked(frame):
            return original(self, *args, **kwargs)
        paths = reads.control.run_outermost(lambda: list(original(self, *args, **kwargs)))
        other = self / str(args[0] if args else "x").replace("**/", "").replace("*", "x")
        of_product = [path for path in paths if reads.reach.is_from_product(path)]
        alter = partial(_alter_paths, of_product=of_product, other=other)
        where = of_product[-1] if of_product else other
        return iter(reads.read(where, lambda: paths, alter, frame, f"{EXISTENCE}{name}"))

    setattr(pathlib.Path, name, list_paths)


def _negate(value: Any, _words: Sequence[Any]) -> list[Alteration]:
    """Alter an answer to a question."""
    return [Alteration(f"{value} becomes {not value}", lambda: not value)]


def _alter_paths(
    paths: Sequence[pathlib.Path],
    _words: Sequence[Any],
    *,
    of_product: Sequence[pathlib.Path],
    other: pathlib.Path,
) -> list[Alteration]:
    """Alter a listing: it has one path more, or none of those that the product wrote."""
    fewer = [path for path in paths if path not in of_product]
    more = [Alteration(f"there is `{other.name}` as well", lambda: [*paths, other])]
    return more if not of_product else [Alteration("what the product wrote is missing", lambda: fewer), *more]
