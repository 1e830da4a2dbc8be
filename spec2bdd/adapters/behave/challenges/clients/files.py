"""Intercept what steps read from files of the product: their content, whether they exist, and what is in a folder.

A file that a step wrote is the product's once the product has written it again. One that the product has had and left
as it was, or that it has not made, gives an answer as well: a product that touches it would be wrong.
"""

from __future__ import annotations

import builtins
import glob
import io
import os
import pathlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from types import FrameType, SimpleNamespace
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import UNTOUCHED, Alter, AnswerControl
from spec2bdd.adapters.behave.challenges.reach import Reach
from spec2bdd.adapters.behave.challenges.values.alterations import Alteration, list_alterations
from spec2bdd.adapters.behave.challenges.values.elements import GETS_FILE
from spec2bdd.adapters.behave.challenges.values.texts import alter_text
from spec2bdd.model.values import dataclass

# Whether something is at a path, by its name in `pathlib` and in `os.path`.
_QUESTIONS = (
    *((pathlib.Path, name) for name in ("exists", "is_file", "is_dir", "is_symlink")),
    *((os.path, name) for name in ("exists", "isfile", "isdir", "islink")),
)


class _Entries:
    """The entries of a folder, as `os.scandir` gives them."""

    def __init__(self, entries: Iterable[Any]) -> None:
        self._entries = iter(entries)

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the entries."""
        return self._entries

    def __next__(self) -> Any:
        """Find the next entry."""
        return next(self._entries)

    def __enter__(self) -> _Entries:
        """Enter nothing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close nothing."""

    def close(self) -> None:
        """Close nothing."""


# What lists a folder, with what becomes of the list, and how it shows a path.
_LISTINGS: tuple[tuple[Any, str, Callable[[Any], Any], Callable[[str], Any] | None], ...] = (
    *((pathlib.Path, name, iter, pathlib.Path) for name in ("iterdir", "glob", "rglob")),
    (os, "listdir", list, os.path.basename),
    (os, "scandir", _Entries, None),
    (glob, "glob", list, str),
)


def intercept_files(control: AnswerControl, reach: Reach, own: Sequence[dict[str, Any]]) -> None:
    """Intercept what steps read by `Path`, by `open` and by `os`, also where modules have imported it by name.

    `own` are the names in the modules of the project.
    """
    reads = FileReads(control, reach)
    _patch(pathlib.Path, "read_text", reads, alter_text, "file")
    _patch(pathlib.Path, "read_bytes", reads, alter_text, "file")
    exchanged = [_patch(owner, name, reads, _negate, _name(owner, name)) for owner, name in _QUESTIONS]
    exchanged += [_patch_listing(listing, reads) for listing in _LISTINGS]
    exchanged.append(_patch(os.path, "getsize", reads, _alter_size, "os.path.getsize"))
    _patch(pathlib.Path, "stat", reads, _alter_size, "Path.stat")
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

    # `Path.open` and `zipfile` find it in the second place.
    builtins.open = io.open = open_file
    replaced = {id(before): after for before, after in exchanged}
    for namespace in own:
        for name, value in list(namespace.items()):
            if id(value) in replaced:
                namespace[name] = replaced[id(value)]


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
        if not self.is_asked(frame) or isinstance(path, int):
            return read_now()
        value = self.control.run_outermost(read_now)
        name = self.find_name(path, what)
        place = self.control.begin("", name, 0, frame) if name else None
        return value if place is None else self.control.end(place, value, alter)


def _patch(owner: Any, name: str, reads: FileReads, alter: Alter, what: str) -> tuple[Any, Any]:
    """Patch a function of a path; it and what takes its place are returned."""
    original = getattr(owner, name)

    def ask(path: Any, *args: Any, **kwargs: Any) -> Any:
        return reads.read(path, partial(original, path, *args, **kwargs), alter, sys._getframe(1), what)

    setattr(owner, name, ask)
    return original, ask


def _patch_listing(listing: Any, reads: FileReads) -> tuple[Any, Any]:
    """Patch a function that lists a folder; it and what takes its place are returned."""
    owner, name, build, show = listing
    original = getattr(owner, name)

    def list_paths(*args: Any, **kwargs: Any) -> Any:
        frame = sys._getframe(1)
        folder = args[0] if args and owner is not glob else ""
        if not reads.is_asked(frame) or not isinstance(folder, (str, os.PathLike)):
            return original(*args, **kwargs)
        found = reads.control.run_outermost(lambda: list(original(*args, **kwargs)))
        pattern = str(args[-1]) if args[owner is not glob :] else "x"
        other = os.path.join(folder, pattern.replace("**/", "").replace("*", "x"))  # noqa: PTH118
        paths = [os.path.join(folder, item) if isinstance(item, str) else item for item in found]  # noqa: PTH118
        of_product = [item for item, path in zip(found, paths, strict=True) if reads.reach.is_from_product(path)]
        name_other = os.path.basename(other)  # noqa: PTH119
        more = [Alteration(f"there is `{name_other}` {GETS_FILE}", lambda: build([*found, show(other)]))]
        fewer = [item for item in found if item not in of_product]
        less = [Alteration("what the product wrote is missing", lambda: build(fewer))]
        where = os.fspath(paths[found.index(of_product[-1])]) if of_product else other
        alterations = [*(less if of_product else []), *(more if show else [])]
        return reads.read(where, lambda: build(found), lambda *_: alterations, frame, _name(owner, name))

    setattr(owner, name, list_paths)
    return original, list_paths


def _name(owner: Any, name: str) -> str:
    """Name the function of an owner."""
    return f"{owner.__name__.replace('posixpath', 'os.path')}.{name}"


def _negate(value: Any, _words: Sequence[Any]) -> list[Alteration]:
    """Alter an answer to a question."""
    return [Alteration(f"{value} becomes {not value}", lambda: not value)]


def _alter_size(value: Any, words: Sequence[Any]) -> list[Alteration]:
    """Alter the size of a file, or all that is known of it."""
    if isinstance(value, os.stat_result):
        value = SimpleNamespace(**{name: getattr(value, name) for name in dir(value) if name.startswith("st_")})
    return list_alterations(value, words, is_product=lambda _: False)
