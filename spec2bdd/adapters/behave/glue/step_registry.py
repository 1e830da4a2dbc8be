"""Behave's step registry, which records errors in definitions and goes on.

Behave ends the whole run at the first definition whose text another one matches. Here the clash is recorded, and both
definitions are disabled: a step that matches either of them cannot be run. Nor can a step whose definition may be in a
module that could not be loaded. The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from behave.matchers import Match, make_step_matcher
from behave.step_registry import StepRegistry
from behave.textutil import text as _to_text

from spec2bdd.adapters.behave.glue.broad_patterns import describe_breadth, may_be_broad
from spec2bdd.adapters.behave.glue.broken_modules import find_lost_patterns
from spec2bdd.adapters.behave.glue.exceptions import contain_error
from spec2bdd.adapters.behave.glue.pattern_words import is_literal, is_plain, make_parsers_lazily
from spec2bdd.adapters.behave.glue.serialize import UnusableStepError, describe_error
from spec2bdd.adapters.behave.glue.step_index import StepIndex
from spec2bdd.adapters.behave.glue.unread_argument import find_unread_argument
from spec2bdd.adapters.behave.vacuity.definitions import Vacuity, find_vacuity
from spec2bdd.adapters.behave.vacuity.methods import is_logger_of_context, is_method_of_context, is_missing
from spec2bdd.adapters.behave.vacuity.scope import (
    LOGGER,
    MISSING,
    TEXT_ARGUMENTS,
    UNREAD,
    VACUOUS_SUBSTEPS,
    AttributePath,
)
from spec2bdd.adapters.behave.vacuity.sources import SourceCache
from spec2bdd.adapters.results.wire import JsonObject, build_file_diagnostic
from spec2bdd.model import Diagnostic
from spec2bdd.model.values import dataclass
from spec2bdd.text.clean import clean_text

AMBIGUOUS, UNKNOWN = "ambiguous", "unknown"


@dataclass(frozen=True, slots=True)
class UnusableReason:
    """Why a step was not run although it may be defined: its status in the records, and the reason in words."""

    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisabledDefinition:
    """A definition that no step may use, and why not."""

    matcher: Any
    reason: UnusableReason


def with_unusable_reason(facts: JsonObject, reason: UnusableReason | None) -> JsonObject:
    """Replace the status and the error in the facts of a step by those of a reason, if there is one."""
    # The location would be that of our own code, which replaces the definition.
    error = reason and {"status": reason.status, "error": clean_text(reason.reason), "location": ""}
    return {**facts, **error} if error else facts


class FailingMatch(Match):  # type: ignore[misc]  # Behave has no types.
    """The match of a step that cannot be run: running it raises an error."""

    def __init__(self, function: Any, error: BaseException) -> None:
        super().__init__(function, [])
        self.error = error

    def run(self, context: Any) -> None:  # noqa: ARG002  Behave passes it.
        """Raise the error."""
        raise self.error


class LenientStepRegistry(StepRegistry):  # type: ignore[misc]  # Behave has no types.
    """Behave's registry, which records errors instead of raising them; made by `adopt`.

    `diagnostics` are the errors, `broken` the modules that could not be loaded, `sources` the step files as they were
    loaded.
    """

    diagnostics: list[Diagnostic]
    broken: list[str]
    sources: SourceCache
    # Kind, matcher and file of each definition, in the order in which they were loaded.
    _origins: list[tuple[str, Any, str]]
    _disabled: dict[str, list[DisabledDefinition]]
    _reasons: list[UnusableReason]
    _vacuous: dict[tuple[int, frozenset[AttributePath]], tuple[Any, Vacuity]]
    _indexes: dict[str, StepIndex]
    # Diagnostics that steps caused when they were run, by the ids of two definitions.
    _found: dict[tuple[int, int], Diagnostic]
    # How many of those, and of `diagnostics`, were taken.
    _taken: tuple[int, int]
    # Whether a definition may be broad, by its id.
    _broad: dict[int, bool]
    # The matchers of steps by kind and text, where the only definition of a step is a literal, with the list that has
    # it, its position there, and for how many definitions of the step's kind and of the kind `step` that was found.
    _literals: dict[tuple[str, str], tuple[Any, str, int, int, int]]

    @classmethod
    def adopt(cls, registry: Any, *, sources: bool = True) -> LenientStepRegistry:
        """Turn Behave's registry into one of this class, in place.

        In place, because behave 1.3.3 makes its only registry at import: the decorators `given`, `when`, `then` and
        `step` are closures over that object, and modules import them from there. Another object would never get a
        definition. For the same reason the attributes are set here and not in an `__init__`, which nothing calls.
        Without `sources`, the content of the step files is not kept, and no definition is known to be vacuous.
        """
        make_parsers_lazily()
        registry.__class__ = cls
        adopted: LenientStepRegistry = registry
        adopted.diagnostics = []
        adopted.broken = []
        adopted.sources = SourceCache(kept=sources)
        adopted._origins = []
        adopted._disabled = {kind: [] for kind in registry.steps}
        adopted._reasons = []
        adopted._vacuous = {}
        adopted._indexes = {}
        adopted._found = {}
        adopted._taken = (0, 0)
        adopted._broad = {}
        adopted._literals = {}
        return adopted

    def add_step_definition(self, keyword: str, step_text: str, func: Any) -> None:
        """Add a definition as Behave does, or record with which other one it clashes."""
        kind, text = sys.intern(keyword.lower()), _to_text(step_text)
        new = make_step_matcher(func, text, kind)
        # Plain patterns always compile, and compiling them would take longer than everything else here.
        if not (is_literal(new) or is_plain(new)) and not self.is_good_step_definition(new):
            return
        self._literals.clear()
        index = self._find_index(kind)
        for known in index.find_matchers(text):
            # The same function under the same text: its module was loaded twice.
            if self.same_step_matcher(known, new):
                return
            if known.matches(text):
                # Which one Behave would use depends on the order in which the files load, so none is used.
                ours, other, place = new.describe(), known.describe(), known.location
                again = f"`{ours}` is already defined in {place}"
                message = again if ours == other else f"`{ours}` and `{other}` ({place}) match the same step"
                self._record_error(new, code="ambiguous-step", message=clean_text(" ".join(message.split())))
                reason = UnusableReason(
                    AMBIGUOUS, clean_text(f"two step definitions match: {place} and {new.location}")
                )
                self._disabled[kind] += [DisabledDefinition(known, reason), DisabledDefinition(new, reason)]
                return
        self.steps[kind].append(new)
        index.add_matcher(new)
        self._origins.append((kind, new, _find_running_file()))

    def on_bad_step_definition(self, step_matcher: Any, error: BaseException) -> None:
        """Record a pattern that does not compile; Behave only prints a line and drops the definition."""
        message = f"Behave ignores `{step_matcher.describe()}`: {describe_error(error)}"
        self._record_error(step_matcher, code="bad-step-pattern", message=message)

    def find_match(self, step: Any) -> Any:
        """Find the match of a step as Behave does; if the step cannot be run, one that raises when it is run."""
        kind = step.step_type
        if known := self._literals.get((kind, step.name)):
            matcher, place, position, *counts = known
            is_same = counts == [len(self.steps[kind]), len(self.steps["step"])]
            # A hook may replace a definition, or its function.
            if step.table is step.text is None and is_same and self.steps[place][position] is matcher:
                return Match(matcher.func, [])
        return self._find_new_match(step, kind)

    def _find_new_match(self, step: Any, kind: str) -> Any:
        """Find the match of a step as `find_match` does, without what is known of its text."""
        disabled_definitions = [*self._disabled[kind], *(self._disabled["step"] if kind != "step" else ())]
        for disabled in disabled_definitions:
            if disabled.matcher.match(step.name):
                self._reasons.append(disabled.reason)
                return FailingMatch(disabled.matcher.func, UnusableStepError(disabled.reason.reason))
        try:
            match, rival = self._find_only_match(step.name, kind)
        except BaseException as error:
            # The converter of a parameter may raise anything. Outside of a step even an `Exception` ends Behave's run.
            contained = contain_error(error)
            if isinstance(contained, KeyboardInterrupt):
                raise
            return FailingMatch(None, contained)
        if rival:
            self._reasons.append(rival)
            return FailingMatch(match.func, UnusableStepError(rival.reason))
        if match is None and self.broken:
            self._reasons.append(self.describe_unknown())
        elif match and (argument := find_unread_argument(step, match.func, self.sources)):
            message = clean_text(f"the step `{step.name}` has a {argument} that its definition never reads")
            self._found.setdefault((id(match.func), 1), _diagnose(match, code="unread-argument", message=message))
        return match

    def find_enabled_match(self, text: str, kind: str) -> Any:
        """Find the first match in the order of the definitions, as Behave's own registry does."""
        return self._find_only_match(text, kind)[0]

    def find_step_definition(self, step: Any) -> Any:
        """Find the definition of a step as Behave does."""
        candidates = self._find_candidates(step.name, step.step_type)
        return next((matcher for matcher, _, _ in candidates if matcher.match(step.name)), None)

    def find_vacuity(
        self, function: Any, context: Any = None, *, arguments: Sequence[Any] = (), substeps: Sequence[Any] = ()
    ) -> str:
        """Find why a definition's function can never fail; empty if it can. The result is cached.

        `context` is Behave's, after the step has run: it shows which of its attributes are methods. `arguments` are
        those of the step's match, and `substeps` the functions of the sub-steps that it ran.
        """
        vacuity = self._find_cached(function, frozenset())
        if vacuity.reason or not vacuity.questions or context is None:
            return vacuity.reason
        answers = set()
        for question in vacuity.questions:
            if question == TEXT_ARGUMENTS:
                is_so = all(map(is_plain_argument, arguments))
            elif question == VACUOUS_SUBSTEPS:
                is_so = all(self.find_vacuity(substep, context) for substep in substeps)
            elif question[:2] == MISSING:
                is_so = is_missing(context, question[2])
            elif question[:2] == LOGGER:
                is_so = is_logger_of_context(context, question[2])
            else:
                is_so = bool(question[0]) and is_method_of_context(context, question)
            if is_so:
                answers.add(question)
        return self._find_cached(function, frozenset(answers)).reason if answers else ""

    def find_stored(self, function: Any) -> frozenset[str]:
        """Find the attributes of the context in which a definition's function only stores the outcomes of checks."""
        return self._find_cached(function, frozenset()).stored

    def find_collected(self, function: Any) -> frozenset[str]:
        """Find those of these attributes that hold a collection to which the outcomes are added."""
        return self._find_cached(function, frozenset()).collected

    def explain_unread(self, function: Any) -> str:
        """Explain why a definition's function can never fail if nothing reads what it stores; empty if it can."""
        questions = self._find_cached(function, frozenset()).questions
        return self._find_cached(function, frozenset(path for path in questions if path[:2] == UNREAD)).reason

    def may_be_vacuous(self, function: Any) -> bool:
        """Whether a definition's function cannot fail, or may be so, which only a run shows."""
        vacuity = self._find_cached(function, frozenset())
        return bool(vacuity.reason or vacuity.questions)

    def _find_cached(self, function: Any, methods: frozenset[AttributePath]) -> Vacuity:
        """Find the vacuity of a function for these methods of the context, once."""
        known = self._vacuous.get((id(function), methods))
        if known is None:
            # With the function, so that no other one can get the same id.
            known = self._vacuous[id(function), methods] = (function, find_vacuity(function, self.sources, methods))
        return known[1]

    def list_indexes(self) -> dict[str, StepIndex]:
        """List the index of each kind of step."""
        return {kind: self._find_index(kind) for kind in self.steps}

    def list_found(self) -> list[Diagnostic]:
        """List the diagnostics that steps have caused so far, and leave them to `take_diagnostics`."""
        return list(self._found.values())

    def take_diagnostics(self) -> list[Diagnostic]:
        """Take the diagnostics that steps, and definitions that come during the run, have caused since the last call.

        Those of `diagnostics` count as taken when the run begins: see `begin_run`.
        """
        count = len(self._found), len(self.diagnostics)
        if count == self._taken:
            return []
        (found, recorded), self._taken = self._taken, count
        return [*list(self._found.values())[found:], *self.diagnostics[recorded:]]

    def begin_run(self) -> None:
        """Count the diagnostics of what was loaded as taken: they are recorded at the beginning of the run."""
        self._taken = self._taken[0], len(self.diagnostics)

    def note_broad_definitions(self, queries: Iterable[tuple[str, str]]) -> None:
        """Record which definitions match one of these steps, given by kind and text, and would match many others."""
        texts = list(queries)
        for kind, matchers in self.steps.items():
            for matcher in filter(may_be_broad, matchers):
                matched = (
                    text for wanted, text in texts if kind in (wanted, "step") and describe_breadth(matcher, text)
                )
                # A converter may raise anything.
                with suppress(Exception):
                    if text := next((text for text in matched if _match_text(matcher, text)), ""):
                        self._note_breadth(matcher, text)

    def _note_breadth(self, matcher: Any, text: str) -> None:
        """Record that a definition that matches a step would match many others, once for each definition."""
        known = self._broad.get(id(matcher))
        if known is None:
            known = self._broad[id(matcher)] = may_be_broad(matcher)
        if known and (breadth := describe_breadth(matcher, text)):
            message = clean_text(f"{matcher.describe()} {breadth}")
            self._found.setdefault((id(matcher), 0), _diagnose(matcher, code="broad-step", message=message))

    def take_unusable_reason(self) -> UnusableReason | None:
        """Take the first reason, since the last call, why a step or a sub-step could not be run."""
        if not self._reasons:
            return None
        reasons, self._reasons = self._reasons, []
        return reasons[0]

    def describe_unknown(self) -> UnusableReason:
        """Describe why a step without a definition may have one: some modules could not be loaded."""
        modules = ", ".join(f"`{path}`" for path in self.broken)
        return UnusableReason(UNKNOWN, f"undefined step, but {modules} cannot be loaded")

    def drop_module(self, path: str, content: bytes, unfinished: set[str]) -> None:
        """Disable what a module defined before it failed, and what its text shows that it would have defined.

        `unfinished` are the files that were not loaded completely: the module, and what it was just importing. Another
        definition that matches the same step must not be run in place of a disabled one: it may not be the one meant.
        """
        self.broken.append(path)
        self._literals.clear()
        reason = UnusableReason(UNKNOWN, f"a step may be defined in `{path}`, which cannot be loaded")
        for kind, matcher, _ in [origin for origin in self._origins if origin[2] in unfinished]:
            if matcher in self.steps[kind]:
                self.steps[kind].remove(matcher)
                self._indexes.pop(kind, None)
                self._disabled[kind].append(DisabledDefinition(matcher, reason))
        for kind, matcher in find_lost_patterns(content):
            self._disabled[kind].append(DisabledDefinition(matcher, reason))

    def _find_only_match(self, text: str, kind: str) -> tuple[Any, UnusableReason | None]:
        """Find the match that Behave uses, and why it cannot be used if another definition matches as well."""
        candidates = list(self._find_candidates(text, kind))
        for index, (matcher, place, position) in enumerate(candidates, 1):
            if match := _match_text(matcher, text):
                self._note_breadth(matcher, text)
                others = [candidate[0] for candidate in candidates[index:]]
                if is_literal(matcher) and not (others or self._disabled[kind] or self._disabled["step"]):
                    counts = len(self.steps[kind]), len(self.steps["step"])
                    self._literals[kind, text] = (matcher, place, position, *counts)
                return match, self._find_rival(text, matcher, others) if others else None
        return None, None

    def _find_rival(self, text: str, used: Any, others: list[Any]) -> UnusableReason | None:
        """Find why a step that has a definition cannot be run: one of another kind, as `@step`, matches it as well.

        Behave 1.3.3 prefers the kind of the step, however general that pattern is. Of two definitions of one kind it
        takes the one that was loaded first, which is a warning.
        """
        reason = None
        for other in others:
            matches = False
            # A converter may raise anything; the step has its definition already. A function may have several patterns.
            with suppress(Exception):
                matches = other.func is not used.func and bool(_match_text(other, text))
            if matches:
                message = clean_text(
                    f"`{other.describe()}` matches the step `{text}`, for which Behave uses `{used.describe()}`"
                    f" ({used.location})"
                )
                # Once for each two definitions, with the first step that both match.
                pair = id(used), id(other)
                if other.step_type == used.step_type:
                    self._found.setdefault(pair, _diagnose(other, code="several-definitions", message=message))
                else:
                    self._found.setdefault(pair, _diagnose(other, code="ambiguous-step", message=message))
                    reason = UnusableReason(
                        AMBIGUOUS, clean_text(f"two step definitions match: {used.location} and {other.location}")
                    )
        return reason

    def _find_candidates(self, text: str, kind: str) -> Iterator[tuple[Any, str, int]]:
        """Yield the definitions that can match a text, in the order in which Behave tries them all.

        Each is given by its matcher, the kind in whose list that is, and its position there.
        """
        # Definitions by `@step` are tried after those of the step's own kind.
        for searched in (kind,) if kind == "step" else (kind, "step"):
            index = self._find_index(searched)
            if not index.holds(self.steps[searched]):
                index = self._indexes[searched] = StepIndex(self.steps[searched])
            yield from ((self.steps[searched][at], searched, at) for at in index.find_positions(text))

    def _find_index(self, kind: str) -> StepIndex:
        """Find the index of a kind of step; it is built again if other code has changed the list of definitions."""
        index = self._indexes.get(kind)
        if index is None or index.count != len(self.steps[kind]):
            index = self._indexes[kind] = StepIndex(self.steps[kind])
        return index

    def _record_error(self, matcher: Any, *, code: str, message: str) -> None:
        """Record an error at the location of a definition."""
        self.diagnostics.append(_diagnose(matcher, code=code, message=message))


def is_plain_argument(argument: Any) -> bool:
    """Whether the value of an argument is what the text of its step says: itself, or the number that it writes."""
    value, original = argument.value, argument.original
    if type(value) in (int, float):
        with suppress(TypeError, ValueError):
            return str(value) == original or bool(float(original) == value)
        return False
    return (type(value) is str and value == original) or (value is None and original is None)


def _match_text(matcher: Any, text: str) -> Any:
    """Match a text with a definition that the index has found for it."""
    # The index finds a literal by its whole text; compiling it would take longer than the rest of the step.
    return Match(matcher.func, []) if is_literal(matcher) else matcher.match(text)


def _diagnose(matcher: Any, *, code: str, message: str) -> Diagnostic:
    """Build the diagnostic of a definition."""
    location = matcher.location
    return build_file_diagnostic(Path(location.filename).as_posix(), location.line, code=code, message=message)


def _find_running_file() -> str:
    """Find the file of the innermost module that is being loaded right now."""
    # The function of a definition does not say: a factory in another module may have made it.
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return frame.f_code.co_filename
