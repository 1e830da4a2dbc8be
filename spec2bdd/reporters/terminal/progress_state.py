"""Events of a run in, how many scenarios have ended how, and one line for each of them, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from spec2bdd.reporters.terminal.escape import derive_visible_lines, render_visible
from spec2bdd.reporters.terminal.theme import find_step_verdict

Event = Mapping[str, object]
PASSED, FAILED, PENDING = "passed", "failed", "pending"
_FAILED = frozenset({"failed", "error", "hook_error", "cleanup_error"})


@dataclass(frozen=True, slots=True)
class FinishedScenario:
    """One scenario that has ended: where it stands, how it ended, and what kept it from passing."""

    place: str
    name: str
    word: str
    message: str = ""

    @property
    def line(self) -> str:
        """Say it in one line."""
        return ": ".join(filter(None, (self.place, self.word, self.name, self.message)))


@dataclass(slots=True)
class _RunningScenario:
    """One scenario at work, and the first thing that was amiss with it, as a word and what is to be said of it."""

    place: str
    name: str
    amiss: tuple[str, str] = ("", "")


@dataclass(slots=True)
class RunProgress:
    """What is known of a run up to now; what cannot be understood is passed over."""

    total: int | None = None
    done: int = 0
    name: str = ""
    _begun: dict[object, _RunningScenario] = field(default_factory=dict)
    _words: dict[object, str] = field(default_factory=dict)

    @property
    def counts(self) -> str:
        """Return how many passed, failed and are pending; what was tried again counts by its last try."""
        counts = Counter(self._words.values())
        return "/".join(str(counts[word]) for word in (PASSED, FAILED, PENDING))

    @property
    def standing(self) -> str:
        """Return how far the run is."""
        return f"[{self.counts}] {self.done} of {self.total} scenarios"

    def read_event(self, event: Event) -> FinishedScenario | None:
        """Take one event in, and return the scenario that ended by it, if one did."""
        match event:
            case {"event": "run", "chosen_scenarios": int(total)}:
                self.total = total
            case {"event": "scenario_start", "scenario": int(number), "name": str(name)}:
                self.name = render_visible(name)
                self._begun[number] = _RunningScenario(_derive_place(event), self.name)
            case {"event": "step", "scenario": int(number)}:
                self._note_step(number, event)
            case {"event": "hook", "scenarios": list(numbers), "name": str(hook), "error": str(error)}:
                for number in numbers:
                    self._note(number, FAILED, f"{hook}: {error}")
            case {"event": "scenario_end", "scenario": int(number), "status": str(status)}:
                return self._end(number, status, event.get("rest"))
        return None

    def _note_step(self, number: int, facts: Event) -> None:
        """Keep in mind what was amiss with a step."""
        verdict = find_step_verdict(str(facts.get("status")))
        if verdict in (FAILED, PENDING):
            self._note(number, verdict, str(facts.get("error") or "") or f"{facts.get('keyword')} {facts.get('text')}")

    def _note(self, number: object, word: str, message: str) -> None:
        """Keep in mind what was amiss first; a failure is worse than what is pending."""
        begun = self._begun.get(number) if isinstance(number, int) else None
        if begun and (not begun.amiss[0] or (begun.amiss[0], word) == (PENDING, FAILED)):
            begun.amiss = (word, message)

    def _end(self, number: int, status: str, rest: object) -> FinishedScenario | None:
        """Note that a scenario has ended."""
        for facts in rest if isinstance(rest, list) else ():
            self._note_step(number, facts if isinstance(facts, dict) else {})
        begun = self._begun.pop(number, None)
        if begun is None:
            return None
        self.done += number not in self._words
        word, message = begun.amiss
        word = word or (FAILED if status in _FAILED else status)
        self._words[number] = word
        first = next(iter(derive_visible_lines(message)), "")
        return FinishedScenario(begun.place, begun.name, word, first)


def _derive_place(event: Event) -> str:
    """Return where a scenario stands."""
    return render_visible(f"{event.get('feature', '')}:{event.get('line', '')}")
