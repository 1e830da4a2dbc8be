"""The answers that steps get: list those that one run of a scenario gets, or put a fault into one of them.

An answer is what a call of a step comes back with, from a function of the product or from a client through which it
reaches a product elsewhere. This module decides; `functions.py` and `clients.py` intercept the calls.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from enum import StrEnum
from functools import partial
from itertools import chain
from types import CodeType, FrameType
from typing import Any

from spec2bdd.adapters.behave.challenges.clients.clocks import ScenarioClocks
from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.behave.challenges.values.alterations import Alteration
from spec2bdd.adapters.behave.challenges.values.elements import GETS_FILE, GETS_ITEM, GETS_ROW
from spec2bdd.model.values import dataclass

# The answers of one function to a step that are altered, apart from the last one.
MOST_PER_STEP = 2
# What alters an answer, knowing the words of the step that gets it.
Alter = Callable[[Any, Sequence[Any]], Sequence[Alteration]]
_LONGEST_WORD = 60
# How the name of a client begins that a step may have to wait for.
_SLOW = ("asyncio", "http", "os.system", "Popen", "requests", "subprocess")
# In the name of a client, for what the product could have changed and has not.
UNTOUCHED = "untouched"
# How the name of a client begins that says whether a file is there, or more than that.
EXISTENCE = ("Path.", "os.path.", "os.listdir", "os.scandir", "glob.")
# Since Python 3.14, the flag of code whose first constant is its docstring; before, that of each function is, or None.
_HAS_DOCSTRING = 0x4000000


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """One answer: the function that gave it, and how many of its answers came before; `path` is empty for a client."""

    path: str
    function: str
    line: int
    number: int


class AnswerFaultKind(StrEnum):
    """What can be done to an answer."""

    # Another value is returned.
    ALTERED = "altered"
    # The call does nothing; only for calls that return None.
    SKIPPED = "skipped"
    # The error that was raised is not raised.
    SWALLOWED = "swallowed"
    # A variable of a module or an attribute of a class has another value.
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """A fault in one answer; `index` counts the alterations of its value."""

    place: AnswerPlace
    kind: AnswerFaultKind
    index: int = 0
    description: str = ""

    @property
    def fills_nothing(self) -> bool:
        """Whether the fault puts an item, a row or a file where there may be none."""
        # `Alteration` has no other field that goes through the log.
        return self.description.endswith((GETS_ITEM, GETS_ROW, GETS_FILE))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that a step got, the index of the step, -1 for a hook, and the faults that can be put into it."""

    step: int
    faults: tuple[AnswerFault, ...]


class AnswerControl:
    """Lists the answers of this process; with a fault, puts it into the answer that has its place."""

    def __init__(
        self,
        origins: OriginIndex,
        *,
        find_step: Callable[[], int],
        fault: AnswerFault | None = None,
        words: Sequence[Sequence[Any]] = (),
        clocks: ScenarioClocks | None = None,
        setup: Collection[int] = (),
    ) -> None:
        """Control the answers to the steps that `find_step` finds; `words` are the parameters of each step.

        With `clocks`, which the steps read, an answer can come late. Of the answers of one function to a step of
        `setup`, only the first ones count.
        """
        self.answers: list[Answer] = []
        self.origins = origins
        # Whether the product's own code has run at all, called by anything; and whether the fault has been put in.
        self.has_run = False
        self.has_altered = False
        self._find_step = find_step
        self._fault = fault
        self._words, self._clocks, self._setup = words, clocks, frozenset(setup)
        self._counts: dict[tuple[str, str, int], int] = {}
        # How many answers of each function a step got.
        self._given: Counter[tuple[int, str, str]] = Counter()
        # By step, function and value, the answers that are equal: a faulty product would give the same wrong one.
        self._equal: dict[tuple[int, str, str, int, str], AnswerPlace] = {}
        # The code of the steps that wait for an answer.
        self._steps: dict[AnswerPlace, FrameType] = {}
        # A client may be built on another one: only the outermost gives the answer.
        self._inside = threading.local()

    def begin(self, path: str, function: str, line: int, frame: FrameType | None) -> AnswerPlace | None:
        """Begin a call that was made from this frame; None if no step or hook made it."""
        step = self.origins.find_step(frame)
        if step is None:
            return None
        key = path, function, line
        number = self._counts[key] = self._counts.get(key, -1) + 1
        place = AnswerPlace(*key, number)
        self._steps[place] = step
        return place

    def run_outermost(self, call: Callable[[], Any]) -> Any:
        """Run a call of a client, inside of which no other client gives an answer."""
        self._inside.client = True
        try:
            return call()
        finally:
            self._inside.client = False

    @property
    def is_inside_client(self) -> bool:
        """Whether this thread is inside of a client's call."""
        return getattr(self._inside, "client", False)

    def skips(self, place: AnswerPlace) -> bool:
        """Whether the fault is that this call does nothing."""
        return self._use(place, AnswerFaultKind.SKIPPED) is not None

    def swallows(self, place: AnswerPlace, error: Exception) -> bool:
        """Note the error that a call raised; whether the fault is that it is not raised."""
        self._note(AnswerFault(place, AnswerFaultKind.SWALLOWED, description=f"{type(error).__name__} is not raised"))
        return self._use(place, AnswerFaultKind.SWALLOWED) is not None

    def end(self, place: AnswerPlace, value: Any, alter: Alter) -> Any:
        """Note the value that a call returned, and return it, or what the fault makes of it."""
        frame = self._steps.pop(place)
        step = self._find_step()
        group = step, place.path, place.function
        self._given[group] += 1
        if self._fault is None and step in self._setup and self._given[group] > MOST_PER_STEP:
            return value
        key = step, place.path, place.function, place.line, _identify(value)
        first = self._equal.setdefault(key, place)
        if self._fault is None:
            skipped = AnswerFault(place, AnswerFaultKind.SKIPPED, description="the call does nothing")
            faults = [
                AnswerFault(place, AnswerFaultKind.ALTERED, index, alteration.description)
                for index, alteration in enumerate(self._list_alterations(place, value, frame, alter))
                if first is place
            ]
            self._note(*([skipped] if value is None and place.path else []), *faults)
        elif self._fault.place == first and self._fault.kind is AnswerFaultKind.ALTERED:
            alterations = self._list_alterations(place, value, frame, alter)
            if self._fault.index < len(alterations):
                self.has_altered = True
                return alterations[self._fault.index].make()
        return value

    def _list_alterations(
        self, place: AnswerPlace, value: Any, frame: FrameType | None, alter: Alter
    ) -> Sequence[Alteration]:
        """List the alterations of an answer to the step with this frame."""
        # From a client, it means that there is no row.
        is_nothing = value is None and place.path
        alterations = [] if is_nothing else list(alter(value, self._list_words(frame)))
        if self._clocks and (place.path or place.function.startswith(_SLOW)):
            late = Alteration("it comes an hour later", partial(self._clocks.pass_time, value))
            alterations.insert(1, late)
        return alterations

    def _list_words(self, frame: FrameType | None) -> list[Any]:
        """List what a check may compare with: parameters of steps, and constants and variables of the step's code.

        Those of the running step come first, and then those of the others, since a later one may check the answer.
        """
        step = self._find_step()
        words = [*(self._words[step] if 0 <= step < len(self._words) else ()), *chain.from_iterable(self._words)]
        found: list[Any] = []
        while frame is not None:
            if self.origins.find(frame.f_code.co_filename) is Origin.STEPS:
                found[:0] = [*_list_constants(frame.f_code), *frame.f_locals.values()]
            frame = frame.f_back
        return list(
            dict.fromkeys(
                word
                for word in (*words, *found)
                if (type(word) is str and 0 < len(word) <= _LONGEST_WORD) or type(word) in (int, float)
            )
        )

    def _note(self, *faults: AnswerFault) -> None:
        """Note the faults that can be put into the answer of the running step."""
        if self._fault is None and faults:
            self.answers.append(Answer(self._find_step(), faults))

    def _use(self, place: AnswerPlace, kind: AnswerFaultKind) -> AnswerFault | None:
        """Use the fault, if it is of that kind and at that place."""
        if self._fault is None or self._fault.place != place or self._fault.kind is not kind:
            return None
        self.has_altered = True
        return self._fault


def _identify(value: Any) -> str:
    """Identify a value among the answers of one function; what cannot be shown is like no other."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001  The product's own `__repr__` may raise anything at all.
        return f"<{id(value)}>"


def _list_constants(code: CodeType) -> Iterator[Any]:
    """List the constants of code and of what is compiled into it, such as a generator expression; no docstring."""
    is_function = not code.co_name.startswith("<")
    has_docstring = bool(code.co_flags & _HAS_DOCSTRING) if sys.version_info >= (3, 14) else is_function
    for place, const in enumerate(code.co_consts):
        if isinstance(const, CodeType):
            yield from _list_constants(const)
        elif place or not has_docstring:
            yield const
