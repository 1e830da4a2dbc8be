"""Follow the events of a run: how many scenarios have ended with which verdict, and one line for each that failed.

The verdict is the one that the report will have: a scenario that passed only through steps that cannot fail is pending,
and one that differs from what `generate` writes is stale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field

from spec2bdd.model import Verdict
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.escape import render_visible, split_visible_lines
from spec2bdd.reporters.terminal.theme import find_status_verdict

Event = Mapping[str, object]

# From the worst: the first that a step or a hook of the scenario has decides.
_RANKS = (Verdict.FAILED, Verdict.NOT_RUN, Verdict.PENDING)
# Of steps with two definitions, and with one that may be in a file that did not load: their scenario is not run.
_UNUSABLE = frozenset({"ambiguous", "unknown"})


@dataclass(frozen=True, slots=True)
class FinishedScenario:
    """One scenario that has ended: where it is, its verdict, and the first error or pending step."""

    location: str
    name: str
    verdict: Verdict
    message: str = ""

    @property
    def line(self) -> str:
        """Describe it in one line."""
        return ": ".join(filter(None, (self.location, str(self.verdict), self.name, self.message)))


@dataclass(slots=True)
class _RunningScenario:
    """One scenario at work, and the worst verdict that one of its steps or hooks caused, with its message."""

    location: str
    name: str
    # Whether it has steps besides those of a background.
    has_steps: bool
    # Whether its result will not count.
    stale: bool = False
    verdict: Verdict | None = None
    message: str = ""
    # Of a step that did not run.
    unproved: Verdict | None = None


@dataclass(slots=True)
class RunProgress:
    """The state of a run so far; events that cannot be understood are ignored."""

    total: int | None = None
    done: int = 0
    name: str = ""
    # Faults that were tried; None while the features run.
    tried: int | None = None
    # The base with whose product scenarios are run again; empty before.
    base: str = ""
    _running: dict[object, _RunningScenario] = field(default_factory=dict)
    _verdicts: dict[object, Verdict] = field(default_factory=dict)

    @property
    def counts(self) -> str:
        """Count the verdicts so far, such as `5 passed, 1 failed`; a retried scenario counts by its last try."""
        counts = Counter(self._verdicts.values())
        return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])

    @property
    def summary(self) -> str:
        """Describe how far the run is."""
        if self.base:
            return f"{self.total} {'criterion' if self.total == 1 else 'criteria'} with the product of {self.base}"
        total = count_noun(self.total or 0, "scenario")
        if self.tried is not None:
            return f"challenged {self.done} of {total}: {count_noun(self.tried, 'fault')}"
        return f"{self.done} of {total}{': ' if self.counts else ''}{self.counts}"

    def _read_later_event(self, event: Event) -> None:
        """Process one event of the merge base or of challenges, which come after the run."""
        match event:
            case {"event": "comparison", "base": str(base), "criteria": int(total)}:
                self.total, self.done, self.base, self.name = total, 0, base, ""
            case {"event": "challenges", "scenarios": int(total)}:
                self.total, self.done, self.tried, self.base = total, 0, 0, ""
            case {"event": "challenge"}:
                self.tried = (self.tried or 0) + 1
            case {"event": "challenged", "name": str(name)}:
                self.done, self.name = self.done + 1, name

    def read_event(self, event: Event) -> FinishedScenario | None:
        """Process one event; the result is the scenario that ended with it, if one did."""
        match event:
            case {"event": "run", "chosen_scenarios": int(total)}:
                self.total = total
            case {"event": "comparison" | "challenges" | "challenge" | "challenged"}:
                self._read_later_event(event)
            case {"event": "scenario_start", "scenario": int(number), "name": str(name)}:
                self.name = render_visible(name)
                location = render_visible(f"{event.get('feature', '')}:{event.get('line', '')}")
                self._running[number] = _RunningScenario(
                    location, self.name, event.get("steps") != 0, event.get("stale") is True
                )
            case {"event": "step", "scenario": int(number)}:
                self._note_step(number, event)
            case {"event": "hook", "scenarios": list(numbers), "name": str(hook), "error": str(error)}:
                # A hook of a feature or rule fails all scenarios in it that are running.
                for number in numbers:
                    self._note(number, Verdict.FAILED, f"{hook}: {error}")
            case {"event": "scenario_end", "scenario": int(number), "status": str(status)}:
                # Steps that were not run have no events of their own.
                rest = event.get("rest")
                for step in rest if isinstance(rest, list) else ():
                    self._note_step(number, step if isinstance(step, dict) else {})
                return self._finish(number, status, vacuous=event.get("vacuous") is True)
        return None

    def _note_step(self, number: int, step: Event) -> None:
        """Note a step that did not pass: most that did have no event."""
        status, error = str(step.get("status") or ""), str(step.get("error") or "")
        verdict = find_status_verdict(status)
        if verdict is Verdict.PASSED and error:
            # A hook can set the status of a step that failed.
            verdict = Verdict.FAILED
        if verdict in (Verdict.FAILED, Verdict.PENDING) or status in _UNUSABLE:
            # An undefined step has no error: its own text says what is missing.
            self._note(number, verdict, error or f"{step.get('keyword')} {step.get('text')}")
        elif verdict is not Verdict.PASSED and (running := self._running.get(number)):
            running.unproved = running.unproved or verdict

    def _note(self, number: object, verdict: Verdict, message: str) -> None:
        """Note a verdict of a scenario, unless an earlier one is as bad."""
        running = self._running.get(number) if isinstance(number, int) else None
        if running and (running.verdict is None or _RANKS.index(verdict) < _RANKS.index(running.verdict)):
            running.verdict, running.message = verdict, message

    def _finish(self, number: int, status: str, *, vacuous: bool) -> FinishedScenario | None:
        """Count a scenario that has ended."""
        running = self._running.pop(number, None)
        # An end without a start: nothing is known of the scenario.
        if running is None:
            return None
        # Retried scenarios end more than once.
        self.done += number not in self._verdicts
        verdict = running.verdict or _judge_ended(running, status, vacuous=vacuous)
        verdict = self._verdicts[number] = Verdict.STALE if running.stale else verdict
        first = next(iter(split_visible_lines(running.message)), "")
        return FinishedScenario(running.location, running.name, verdict, "" if first == running.name else first)


def _judge_ended(running: _RunningScenario, status: str, *, vacuous: bool) -> Verdict:
    """Judge a scenario of which no step and no hook failed or is pending."""
    verdict = find_status_verdict(status)
    # A scenario may fail by its status alone.
    if verdict is not Verdict.PASSED:
        return verdict
    if running.unproved:
        return running.unproved
    return Verdict.PASSED if running.has_steps and not vacuous else Verdict.PENDING
