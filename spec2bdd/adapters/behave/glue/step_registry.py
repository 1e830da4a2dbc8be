"""Step definitions in as their modules load, the definition of each step out, or the doubt that stands against it.

Behave stops everything at the first definition whose text another one matches. Here it is noted, and both are out of
use: a step that either of them matches is in doubt. So is a step whose definition may be in a module that did not
load. The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behave.matchers import Match, make_step_matcher
from behave.step_registry import StepRegistry
from behave.textutil import text as _to_text

from spec2bdd.adapters.behave.glue.broken_modules import find_lost_patterns
from spec2bdd.adapters.behave.glue.exceptions import contain_error
from spec2bdd.adapters.behave.glue.pattern_words import is_literal, is_plain
from spec2bdd.adapters.behave.glue.serialize import describe_error
from spec2bdd.adapters.behave.glue.step_index import StepIndex
from spec2bdd.adapters.behave.vacuity.definitions import is_vacuous
from spec2bdd.adapters.behave.vacuity.sources import SourceCache
from spec2bdd.adapters.results.wire import JsonObject, build_file_diagnostic
from spec2bdd.model import Diagnostic
from spec2bdd.text.clean import clean_text

AMBIGUOUS, UNKNOWN = "ambiguous", "unknown"


@dataclass(frozen=True, slots=True)
class UnusableReason:
    """Why a step was not run although it may be defined: the status it has in the records, and the reason in words."""

    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisabledDefinition:
    """A definition that no step may use, and why not."""

    matcher: Any
    doubt: UnusableReason


def with_unusable_reason(facts: JsonObject, doubt: UnusableReason | None) -> JsonObject:
    """Return the facts of a step with the status and the reason of a doubt, if there is one."""
    return {**facts, "status": doubt.status, "error": clean_text(doubt.reason)} if doubt else facts


class FailingMatch(Match):  # type: ignore[misc]  # Behave has no types.
    """The match of a step that cannot be run: to run it is an error."""

    def __init__(self, function: Any, error: BaseException) -> None:
        super().__init__(function, [])
        self.error = error

    def run(self, context: Any) -> None:  # noqa: ARG002  Behave hands it over.
        """Refuse to run."""
        raise self.error


class LenientStepRegistry(StepRegistry):  # type: ignore[misc]  # Behave has no types.
    """Behave's registry, which takes note of trouble instead of stopping at it; made by `make_lenient`."""

    problems: list[Diagnostic]
    broken: list[str]
    sources: SourceCache
    _owners: list[tuple[str, Any, str]]
    _suspects: dict[str, list[DisabledDefinition]]
    _doubts: list[UnusableReason]
    _vacuous: dict[int, tuple[Any, bool]]
    _indexes: dict[str, StepIndex]

    def add_step_definition(self, keyword: str, step_text: str, func: Any) -> None:
        """Add a definition as Behave does, or note with which other one it clashes."""
        kind, text = keyword.lower(), _to_text(step_text)
        new = make_step_matcher(func, text, kind)
        # Nothing can be wrong with plain patterns, and to compile them takes longer than all else.
        if not (is_literal(new) or is_plain(new)) and not self.is_good_step_definition(new):
            return
        index = self._find_index(kind)
        for known in index.find_matchers(text):
            if self.same_step_matcher(known, new):
                return
            if known.matches(text):
                self._note_clash(kind, known, new)
                return
        self.steps[kind].append(new)
        index.add_matcher(new)
        self._owners.append((kind, new, _find_running_file()))

    def on_bad_step_definition(self, step_matcher: Any, error: BaseException) -> None:
        """Note a pattern that does not compile, which Behave drops with no more than a line of output."""
        message = f"Behave ignores {step_matcher.describe()}: {describe_error(error)}"
        self._note_problem(step_matcher, code="bad-step-pattern", message=message)

    def find_match(self, step: Any) -> Any:
        """Return the match of a step as Behave does, but one that cannot be run if the step is in doubt."""
        for suspect in self._find_suspects(step.step_type):
            if suspect.matcher.match(step.name):
                self._doubts.append(suspect.doubt)
                return FailingMatch(suspect.matcher.func, LookupError(suspect.doubt.reason))
        try:
            match = self._find_match(step.name, step.step_type)
        except BaseException as error:
            # The converter of a parameter may raise anything; Behave survives less here than in a step.
            turned = contain_error(error)
            if isinstance(turned, KeyboardInterrupt):
                raise
            return FailingMatch(None, turned)
        if match is None and self.broken:
            self._doubts.append(self.describe_unknown())
        return match

    def find_step_definition(self, step: Any) -> Any:
        """Return the definition of a step as Behave does."""
        candidates = self._find_candidates(step.name, step.step_type)
        return next((matcher for matcher in candidates if matcher.match(step.name)), None)

    def is_vacuous(self, function: Any) -> bool:
        """Tell whether a definition's function proves nothing; it is looked at once."""
        known = self._vacuous.get(id(function))
        if known is None:
            # The function is kept as well, so that no other one gets its number.
            known = self._vacuous[id(function)] = (function, is_vacuous(function, self.sources))
        return known[1]

    def list_indexes(self) -> dict[str, StepIndex]:
        """Return the index of each kind of step."""
        return {kind: self._find_index(kind) for kind in self.steps}

    def take_doubt(self) -> UnusableReason | None:
        """Return the first doubt that a step, or a step within it, met since this was asked last."""
        doubts, self._doubts = self._doubts, []
        return doubts[0] if doubts else None

    def describe_unknown(self) -> UnusableReason:
        """Return the doubt against a step that has no definition, while nobody knows all definitions."""
        modules = ", ".join(f"`{path}`" for path in self.broken)
        return UnusableReason(UNKNOWN, f"a step has no definition, but {modules} cannot be loaded: nobody knows")

    def drop_module(self, path: str, content: bytes, unfinished: set[str]) -> None:
        """Take back what a module defined before it failed, and hold what it would have defined in doubt.

        `unfinished` are the files, it and what it imported, that did not come to their end. A definition further on
        that matches the same step might not be the one that is meant.
        """
        self.broken.append(path)
        doubt = UnusableReason(UNKNOWN, f"a step may be defined in `{path}`, which cannot be loaded")
        for kind, matcher, _ in [owner for owner in self._owners if owner[2] in unfinished]:
            if matcher in self.steps[kind]:
                self.steps[kind].remove(matcher)
                self._indexes.pop(kind, None)
                self._suspects[kind].append(DisabledDefinition(matcher, doubt))
        for kind, matcher in find_lost_patterns(content):
            self._suspects[kind].append(DisabledDefinition(matcher, doubt))

    def _find_match(self, text: str, kind: str) -> Any:
        """Return the first match of a text in the order of the definitions."""
        for matcher in self._find_candidates(text, kind):
            # A literal was found by its whole text; to compile it would take longer than the rest of the step.
            match = Match(matcher.func, []) if is_literal(matcher) else matcher.match(text)
            if match:
                return match
        return None

    def _find_candidates(self, text: str, kind: str) -> Iterator[Any]:
        """Yield the definitions that can match a text, in the order in which Behave tries them all."""
        for each in (kind,) if kind == "step" else (kind, "step"):
            yield from self._find_index(each).find_matchers(text)

    def _find_index(self, kind: str) -> StepIndex:
        """Return the index of a kind of step; it is made anew where somebody else has changed the list."""
        index = self._indexes.get(kind)
        if index is None or index.count != len(self.steps[kind]):
            index = self._indexes[kind] = StepIndex(self.steps[kind])
        return index

    def _find_suspects(self, kind: str) -> Iterator[DisabledDefinition]:
        """Yield the definitions out of use that Behave would look at for a kind of step."""
        yield from self._suspects[kind]
        if kind != "step":
            yield from self._suspects["step"]

    def _note_clash(self, kind: str, old: Any, new: Any) -> None:
        """Put two definitions out of use, of which one matches the text of the other."""
        place = old.describe(old.SCHEMA_AT_LOCATION)
        message = clean_text(" ".join(f"{new.describe()} has already been defined in existing step {place}".split()))
        self._note_problem(new, code="ambiguous-step", message=message)
        doubt = UnusableReason(AMBIGUOUS, message)
        self._suspects[kind] += [DisabledDefinition(old, doubt), DisabledDefinition(new, doubt)]

    def _note_problem(self, matcher: Any, *, code: str, message: str) -> None:
        """Note a problem at the place of a definition."""
        place = matcher.location
        self.problems.append(
            build_file_diagnostic(Path(place.filename).as_posix(), place.line, code=code, message=message)
        )


def make_lenient(registry: Any, *, sources: bool = True) -> LenientStepRegistry:
    """Make Behave's registry one of ours, in place: the decorators hold on to the object.

    Without `sources`, nobody can tell what is vacuous, and the content of the step files is not kept.
    """
    registry.__class__ = LenientStepRegistry
    registry.problems, registry.broken, registry.sources = [], [], SourceCache(kept=sources)
    registry._owners, registry._doubts, registry._vacuous, registry._indexes = [], [], {}, {}
    registry._suspects = {kind: [] for kind in registry.steps}
    adopted: LenientStepRegistry = registry
    return adopted


def _find_running_file() -> str:
    """Return the file of the module that is being loaded right now, the innermost one."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return frame.f_code.co_filename
