"""Follow the events of a run: how many scenarios have finished how, and one line for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from spec2bdd.model import Verdict
from spec2bdd.reporters.terminal.escape import render_visible, split_visible_lines
from spec2bdd.reporters.terminal.theme import find_status_verdict

Event = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FinishedScenario:
    """One scenario that has finished: where it is, how it ended, and the first error or pending step."""

    location: str
    name: str
    word: str
    message: str = ""

    @property
    def line(self) -> str:
        """Describe it in one line."""
        return ": ".join(filter(None, (self.location, self.word, self.name, self.message)))


@dataclass(slots=True)
class _RunningScenario:
    """One scenario at work, and the first failure, or else the first pending step, with its message."""

    location: str
    name: str
    verdict: Verdict | None = None
    message: str = ""


@dataclass(slots=True)
class RunProgress:
    """The state of a run so far; events that cannot be understood are ignored."""

    total: int | None = None
    done: int = 0
    name: str = ""
    _running: dict[object, _RunningScenario] = field(default_factory=dict)
    _words: dict[object, str] = field(default_factory=dict)

    @property
    def counts(self) -> str:
        """Count what passed, failed and is pending; a retried scenario counts by its last try."""
        # Skipped scenarios are in the total and among the done, and in none of the three.
        counts = Counter(self._words.values())
        return "/".join(str(counts[word]) for word in (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING))

    @property
    def summary(self) -> str:
        """Describe how far the run is."""
        return f"[{self.counts}] {self.done} of {self.total} scenarios"

    def read_event(self, event: Event) -> FinishedScenario | None:
        """Process one event; the result is the scenario that finished with it, if one did."""
        match event:
            case {"event": "run", "chosen_scenarios": int(total)}:
                self.total = total
            case {"event": "scenario_start", "scenario": int(number), "name": str(name)}:
                self.name = render_visible(name)
                location = render_visible(f"{event.get('feature', '')}:{event.get('line', '')}")
                self._running[number] = _RunningScenario(location, self.name)
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
                return self._finish(number, status)
        return None

    def _note_step(self, number: int, step: Event) -> None:
        """Note a step that failed or is pending."""
        # An undefined step has no error: its own text says what is missing.
        verdict = find_status_verdict(str(step.get("status")))
        if verdict in (Verdict.FAILED, Verdict.PENDING):
            self._note(number, verdict, str(step.get("error") or "") or f"{step.get('keyword')} {step.get('text')}")

    def _note(self, number: object, verdict: Verdict, message: str) -> None:
        """Note the first failure of a scenario, or its first pending step until there is a failure."""
        running = self._running.get(number) if isinstance(number, int) else None
        if running and (running.verdict is None or (running.verdict, verdict) == (Verdict.PENDING, Verdict.FAILED)):
            running.verdict, running.message = verdict, message

    def _finish(self, number: int, status: str) -> FinishedScenario | None:
        """Count a scenario that has finished."""
        running = self._running.pop(number, None)
        # An end without a start: nothing is known of the scenario.
        if running is None:
            return None
        # Retried scenarios finish more than once.
        self.done += number not in self._words
        # A scenario may fail by its status alone; any other status is shown as Behave has it.
        failed = find_status_verdict(status) is Verdict.FAILED
        word = str(running.verdict or (Verdict.FAILED if failed else status))
        self._words[number] = word
        first = next(iter(split_visible_lines(running.message)), "")
        return FinishedScenario(running.location, running.name, word, first)
