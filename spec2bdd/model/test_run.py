"""What Behave said: the records of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from spec2bdd.model.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step of a scenario in a run; `status` is Behave's word, `seconds` duration, `location` the definition's.

    `vacuous` is set where the body of the definition cannot fail: it proves nothing.
    """

    keyword: str
    kind: str
    text: str
    line: int
    status: str
    seconds: float = 0.0
    location: str = ""
    error: str = ""
    vacuous: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario (or outline row) in one run; `finished` is false where the run died before its end was written.

    `tags` are without `@` and hold the inherited ones. `failures` are errors of hooks, fixtures and clean-ups. `tries`
    are the earlier tries of a scenario that was tried again, the first one first. `output` is what a failing one
    printed and logged, with the tracebacks. `bare` is one without steps of its own: those of a background run even so.
    """

    feature: str
    line: int
    name: str
    tags: tuple[str, ...]
    status: str = "untested"
    finished: bool = False
    steps: tuple[StepResult, ...] = ()
    failures: tuple[str, ...] = ()
    tries: tuple[ScenarioResult, ...] = ()
    output: str = ""
    bare: bool = False


# Without slots, so that what is looked up for each criterion is gathered once.
@dataclass(frozen=True)
class TestRun:
    """The records of one run, read back from its file.

    `expected` counts, per criterion id, the scenarios (and outline rows) that the run found in its feature files;
    `features` names the feature files it loaded; `digests` maps every feature and step file it ran from to the digest
    of its content; `failures` are errors that belong to no scenario: `after_all` and the like, keyed by feature path,
    or by `""` where they concern the whole run. `complete` is true if the end record is there. `started` is when the
    run began, in a form that sorts; `commit` is where the project stood, if nothing differed from that commit.
    """

    # The name is Cucumber's and JUnit's; pytest must not collect it as a class of tests.
    __test__: ClassVar[bool] = False

    id: str
    complete: bool
    expected: Mapping[str, int] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    records: tuple[ScenarioResult, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    started: str = ""
    commit: str = ""
    # Where it was read from: a copy of a file is the same run.
    path: str = field(default="", compare=False)

    @cached_property
    def loaded(self) -> frozenset[str]:
        """Return the feature files that the run loaded."""
        return frozenset(self.features)

    @cached_property
    def records_by_tag(self) -> Mapping[str, tuple[ScenarioResult, ...]]:
        """Return the records that carry each tag."""
        found: dict[str, list[ScenarioResult]] = {}
        for record in self.records:
            for tag in dict.fromkeys(record.tags):
                found.setdefault(tag, []).append(record)
        return {tag: tuple(records) for tag, records in found.items()}
