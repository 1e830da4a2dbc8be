"""Behave's context which also records failed clean-ups and aborts, and does cheaply what is done often.

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Collection
from functools import partial
from traceback import FrameSummary
from types import FrameType, SimpleNamespace, TracebackType
from typing import Any

from behave.runner import Context, ContextMode

# Wraps a function so that an error in it is passed to the second argument.
RecordErrors = Callable[[Callable[..., Any], Callable[[BaseException], None]], Callable[..., Any]]
# In Python 3.11, each look-up of a member in its class calls a function.
_BEHAVE, _USER = ContextMode.BEHAVE, ContextMode.USER


class StoredPlaces(dict[str, Any]):
    """Where each attribute was stored: code and line, which are read as the `FrameSummary` that Behave stores."""

    def __getitem__(self, name: str) -> Any:
        """Read where an attribute was stored; Behave never shows that of one that it has stored first."""
        place = super().__getitem__(name)
        if isinstance(place, FrameSummary):
            # A hook may have given the context a class of Behave's or of its own.
            return place
        code, line = place or (StoredPlaces.__getitem__.__code__, 0)
        return FrameSummary(code.co_filename, line, code.co_name, lookup_line=False)


class ContextModeSwitch:
    """Sets the mode of a context, and sets it back at its end: as Behave's own does, but without a generator."""

    __slots__ = ("_facts", "_mode", "_saved")

    def __init__(self, context: Any, mode: Any) -> None:
        # Past `__setattr__` of the context.
        self._facts, self._mode, self._saved = context.__dict__, mode, None

    def __enter__(self) -> None:
        """Set the mode."""
        self._saved, self._facts["_mode"] = self._facts["_mode"], self._mode

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Set the mode that was there before."""
        self._facts["_mode"] = self._saved


# The attributes that hold the sets of names that are watched, and the names that a step reads which only stores checks.
_WATCHED, _READS = "_spec2bdd_watched", "_spec2bdd_reads"


class RecordingContext(Context):  # type: ignore[misc]  # Behave has no types.
    """A context that records every clean-up that fails, also of those whose errors Behave is asked to ignore."""

    def __init__(self, runner: Any, record_errors: RecordErrors) -> None:
        self._record_errors = record_errors
        super().__init__(runner)

    def add_cleanup(self, cleanup_func: Any, *args: Any, layer: str | None = None, **kwargs: Any) -> None:
        """Add a clean-up as Behave does, but keep what it returns: behave 1.3.3 drops that of one with arguments."""
        if callable(cleanup_func) and self._stack and (args or kwargs):
            frame = self._select_stack_frame_by_layer(layer) if layer else self._stack[0]
            if cleanup_func in frame["@cleanups"]:
                return
            cleanup_func = partial(cleanup_func, *args, **kwargs)
        super().add_cleanup(cleanup_func, layer=layer)

    def _do_cleanups(self) -> None:
        """Run the clean-ups of the innermost layer, and record the errors of each."""
        for frame in self._stack[:1]:
            on_error = partial(self._runner.record_failure, "clean-up")
            frame["@cleanups"] = [self._record_errors(cleanup, on_error) for cleanup in frame["@cleanups"]]
        super()._do_cleanups()
        self._runner.watch.end_forked_child()

    def _pop(self, capture_sink: Any = None) -> None:
        """Leave the innermost layer as Behave does, but without capturing the output of clean-ups where there are none.

        Measured on 4,000 scenarios of three steps: behave 1.3.3 spends a tenth of its time on that.
        """
        if self._stack[0]["@cleanups"]:
            super()._pop(capture_sink)
        else:
            self._stack.pop(0)

    def use_with_user_mode(self) -> Any:
        """Return a context manager in which code of the project uses the context."""
        return ContextModeSwitch(self, _USER)

    def _use_with_behave_mode(self) -> Any:
        return ContextModeSwitch(self, _BEHAVE)

    def abort(self, reason: str | None = None) -> None:
        """Abort the run as Behave does, and record where and why: a run that did not finish has not passed."""
        if not self.aborted:
            self._runner.record_abort(reason or "", sys._getframe(1))
        super().abort(reason)

    def __setattr__(self, attr: str, value: Any) -> None:
        """Store a value as Behave does, but read the source line that stores it only if a warning needs it.

        Behave 1.3.3 calls `traceback.extract_stack` at every store. Measured on 4,000 scenarios of three steps that
        store one value each: 1.9 s of CPU time for the whole run instead of 2.6 s.
        """
        if attr[0] == "_":
            self.__dict__[attr] = StoredPlaces() if attr == "_record" else value
            return
        for frame in self._stack[1:]:
            # As in Behave: where it replaces a name that it has stored itself, no warning is due.
            if attr in frame and not (self._mode is self._origin[attr] is _BEHAVE):
                record = self._record[attr]
                place = {"attr": attr, "filename": record[0], "line": record[1], "function": record[3]}
                self._emit_warning(attr, place)
        if self._origin.setdefault(attr, self._mode) is _BEHAVE:
            self._record[attr] = None
        else:
            caller = sys._getframe(1)
            self._record[attr] = caller.f_code, caller.f_lineno
        self._stack[0][attr] = value


# Code that has the context reaches through these all that is stored there.
_DOORS = frozenset({"__dict__", "_stack", "_dump"})
_OWN = ("behave", "spec2bdd")
# Of these types, no method runs code of the project.
_PLAIN_TYPES = (list, dict, set, deque, OrderedDict, defaultdict, Counter, SimpleNamespace)


class ReadingContext(RecordingContext):
    """A context that notices which of some attributes are read, while a scenario has stored checks in them.

    Its class is exchanged for this one, so that reading costs nothing otherwise.
    """

    def __getattribute__(self, attr: str) -> Any:
        """Read an attribute of the object itself as Behave does: code of the project may look for others there."""
        if attr in _DOORS and _is_asked_by_project(sys._getframe(1)):
            self._note_all_read()
        return super().__getattribute__(attr)

    def __getattr__(self, attr: str) -> Any:
        """Read a value as Behave does."""
        self._note_read(attr)
        return super().__getattr__(attr)

    def __contains__(self, attr: str) -> bool:
        """Look for a name as Behave does: who asks may go on to read it elsewhere."""
        self._note_read(attr)
        return bool(super().__contains__(attr))

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Copy the context as Python does, with all that is stored there."""
        self._note_all_read()
        return super().__reduce_ex__(protocol)

    def _note_read(self, attr: str) -> None:
        """Note that an attribute is read."""
        reads = self.__dict__.get(_READS)
        if reads is not None:
            reads.add(attr)
            return
        for names in self.__dict__.get(_WATCHED, ()):
            names.discard(attr)

    def _note_all_read(self) -> None:
        """Note that any attribute may be read from here on."""
        for names in self.__dict__.get(_WATCHED, ()):
            names.clear()


def _is_asked_by_project(frame: FrameType) -> bool:
    """Whether the code that asks for something is neither Behave's nor ours."""
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] not in _OWN


def watch_reads(context: Context, names: set[str]) -> set[str]:
    """Remove from a set the attributes of the context that are read after the step that runs next.

    Return the set that gets those that this step reads, until `end_reads`.
    """
    reads: set[str] = set()
    if type(context) in (RecordingContext, ReadingContext):
        # Behave stores what begins with an underscore in the dictionary of the object.
        object.__setattr__(context, "__class__", ReadingContext)
        if _has_shared_layers(context):
            names.clear()
        context.__dict__.setdefault(_WATCHED, []).append(names)
        context.__dict__[_READS] = reads
    else:
        # A context of the project's own is not watched.
        names.clear()
    return reads


def end_reads(context: Context, names: set[str], *, collected: Collection[str]) -> None:
    """Let what is read from here on count: the step that only stores checks in these attributes has ended.

    If one that holds a collection may be read elsewhere, all count as read.
    """
    context.__dict__.pop(_READS, None)
    if not all(_is_only_in_context(context, name) for name in names.intersection(collected)):
        names.clear()


def _has_shared_layers(context: Context) -> bool:
    """Whether code has kept the layers of a context, or the innermost one, from when nothing was watched."""
    facts = context.__dict__
    probe: dict[str, list[dict[str, Any]]] = {"_stack": [{}]}
    is_kept = sys.getrefcount(facts["_stack"]) > sys.getrefcount(probe["_stack"])
    return is_kept or sys.getrefcount(facts["_stack"][0]) > sys.getrefcount(probe["_stack"][0])


def _is_only_in_context(context: Context, name: str) -> bool:
    """Whether an attribute of the innermost layer is a plain collection that nothing else refers to.

    What is in an outer layer may be read after the scenario.
    """
    layer = context.__dict__["_stack"][0]
    probe: dict[str, Any] = {name: []}
    is_plain = name in layer and type(layer[name]) in _PLAIN_TYPES
    return is_plain and sys.getrefcount(layer[name]) <= sys.getrefcount(probe[name])


def end_watch(context: Context) -> None:
    """Stop to watch what is read."""
    if type(context) is ReadingContext:
        object.__setattr__(context, "__class__", RecordingContext)
        context.__dict__.pop(_WATCHED, None)


# Behave names the class in the error for an attribute that no step has set.
RecordingContext.__name__ = ReadingContext.__name__ = Context.__name__
