"""Decide which probes of a scenario are run, one after the other, and what they say about it."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from spec2bdd.adapters.behave.challenges.faults import ChosenFault, choose_answer_faults, choose_mutants
from spec2bdd.adapters.behave.challenges.order import LineCounts
from spec2bdd.adapters.behave.challenges.probe import Probe
from spec2bdd.adapters.behave.challenges.product import LoadedProduct
from spec2bdd.adapters.behave.executors.worker_state import read_clock
from spec2bdd.model.values import dataclass

# The tag of a scenario whose steps must not run again and again.
OPT_OUT = "no_challenge"
# A generator that yields probes and is sent their results.
Probes = Generator[Probe, dict[str, Any], None]


@dataclass(frozen=True, slots=True)
class ChallengeLimits:
    """Which faults are tried: `every` one, or up to the first that is noticed; at most so many; until a time."""

    every: bool
    most: int | None
    deadline: float | None


@dataclass(slots=True)
class ChallengedScenario:
    """A scenario to challenge, by its feature and its position there, and what is known of it so far.

    The faults that are `wanted` are tried in any case.
    """

    feature: int
    place: int
    facts: Mapping[str, Any]
    tags: Sequence[str]
    key: str
    wanted: set[tuple[str, ...]] = field(default_factory=set)
    tries: list[Mapping[str, Any]] = field(default_factory=list)
    noticed: int = 0
    problem: str = ""
    opted_out: bool = False
    reached: Sequence[str] = ()
    lines: Mapping[str, Sequence[int]] | None = None
    data: Sequence[str] = ()
    checks: Sequence[str] = ()
    dropped: Sequence[tuple[str, ...]] = ()
    seconds: float = 0.0

    def try_answers(self, product: LoadedProduct, limits: ChallengeLimits) -> Probes:
        """Yield the probes up to those of faults in answers, and one that traces the lines, and take their results."""
        if OPT_OUT in self.tags:
            self.problem, self.opted_out = f"it has the tag `@{OPT_OUT}`", True
            return
        observed = yield from self._observe(product)
        self.dropped = _find_dropped(observed.get("answers", ()), self.wanted, product)
        self.wanted.difference_update(self.dropped)
        if not self.problem:
            yield from self._try_faults(choose_answer_faults(observed), product, limits)
        if self.lines is None and not self.problem:
            yield from self._trace(product)

    def try_mutants(self, product: LoadedProduct, limits: ChallengeLimits, counts: LineCounts) -> Probes:
        """Yield the probes of mutants of the traced lines; `counts` are the scenarios that run each line."""
        lines = self.lines or {}
        yield from self._try_faults(choose_mutants(lines, product.sources, product.origins, counts), product, limits)

    def _observe(self, product: LoadedProduct) -> Generator[Probe, dict[str, Any], dict[str, Any]]:
        """Yield the probe that lists the answers; it has to pass."""
        observed = yield Probe(self.feature, self.place, observes=True)
        if observed.get("modules"):
            product.load(observed["modules"])
            observed = yield Probe(self.feature, self.place, observes=True)
        self._require_pass(observed)
        if not self.problem:
            self.seconds, self.reached = observed["seconds"], observed["reached"]
            self.data, self.checks = observed["data"], observed["checks"]
        return observed

    def _trace(self, product: LoadedProduct) -> Generator[Probe, dict[str, Any], Mapping[str, Sequence[int]]]:
        """Yield the probe that traces the lines of the product, which has to pass."""
        plain = yield Probe(self.feature, self.place, traces=True)
        self._require_pass(plain)
        lines: Mapping[str, Sequence[int]] = {} if self.problem else plain["lines"]
        self.lines = lines
        product.read_sources(lines)
        if lines and "product" not in self.reached:
            # Such as the making of an object.
            self.reached = sorted({*self.reached, "product"})
        return lines

    def _require_pass(self, result: Mapping[str, Any]) -> None:
        """Note that a run without a fault has not passed."""
        if result.get("status") != "passed":
            why = str(result.get("crash") or result.get("error") or result.get("status"))
            # Of a traceback, the last line.
            self.problem = f"it does not pass again without a fault: {why.strip().splitlines()[-1]}"

    def _try_faults(self, faults: Iterator[ChosenFault], product: LoadedProduct, limits: ChallengeLimits) -> Probes:
        """Yield a probe for each fault, as long as more have to be tried."""
        for fault in faults:
            if not self.goes_on(limits):
                return
            if self.wanted:
                identity = fault.identify(product.origins)
                if self.noticed and not limits.every and identity not in self.wanted:
                    continue
                self.wanted.discard(identity)
            probe = Probe(self.feature, self.place, answer=fault.answer, mutant=fault.mutant, seconds=self.seconds)
            result = yield probe
            outcome = _judge(result)
            if outcome == "noticed" and not self.noticed:
                # Once more with and without it: a scenario that fails now and then has noticed nothing.
                again = yield probe
                if self.lines is None:
                    yield from self._trace(product)
                else:
                    self._require_pass((yield Probe(self.feature, self.place)))
                if _judge(again) != "noticed" or self.problem:
                    self.problem = "its result changes from run to run"
                    return
            if outcome:
                self.noticed += outcome == "noticed"
                end = {name: result.get(name) for name in ("step", "line", "location", "error")}
                self.tries.append({**fault.describe(product.origins), "outcome": outcome, **end})

    def goes_on(self, limits: ChallengeLimits) -> bool:
        """Whether another fault has to be tried."""
        if self.problem:
            return False
        if limits.deadline is not None and read_clock() > limits.deadline:
            self.problem = "the time of `--budget` is over"
            return False
        if limits.most is not None and len(self.tries) >= limits.most:
            return False
        return limits.every or not self.noticed or bool(self.wanted)


def _judge(result: Mapping[str, Any]) -> str:
    """Judge a try: `noticed`, `unnoticed` or `tripped`; empty if the fault was never reached, which is no try."""
    if result.get("crash"):
        return "tripped"
    if not result["is_put_in"]:
        return ""
    if result["status"] == "passed":
        return "unnoticed"
    return "noticed" if result["is_noticed"] else "tripped"


def _find_dropped(
    answers: Sequence[Mapping[str, Any]], wanted: Collection[tuple[str, ...]], product: LoadedProduct
) -> list[tuple[str, ...]]:
    """Find the wanted faults in answers of functions that still exist, but that the steps no longer call."""
    places = (answer["faults"][0]["place"] for answer in answers)
    called = {(place["path"], place["function"]) for place in places}
    exist = product.list_names() if wanted else set()
    named = {fault: (fault[1], fault[2].partition(": ")[0]) for fault in wanted if fault[0] != "mutant"}
    return sorted(fault for fault, name in named.items() if name in exist and name not in called)
