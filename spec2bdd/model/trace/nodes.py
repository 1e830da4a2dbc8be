"""What a trace consists of, from the sections of documents to step definitions and results, with links both ways."""

from __future__ import annotations

from enum import StrEnum

from spec2bdd.model.diagnostic import Diagnostic
from spec2bdd.model.spec import Tier
from spec2bdd.model.values import dataclass
from spec2bdd.model.verdict import Verdict


class SectionKind(StrEnum):
    """The documents whose sections specs name in their front matter."""

    PRD = "prd"
    PLAN = "plan"

    @property
    def label(self) -> str:
        """What the document is called in messages."""
        return "PRD" if self is SectionKind.PRD else "plan"


@dataclass(frozen=True, slots=True)
class TracedSection:
    """A section of a document, or one that specs name without a place: it is `unknown` if there is a document.

    `id` is unique, such as `prd:4.2`; `number` is empty for a heading without one; `specs` are paths.
    """

    id: str
    kind: SectionKind
    number: str
    title: str
    path: str = ""
    line: int = 0
    specs: tuple[str, ...] = ()
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class TracedSpec:
    """A spec: the ids of the sections that it names and of its criteria, and the paths of the specs that it waits for.

    `cyclic` are those of `depends_on` that wait for this spec as well, directly or through others.
    """

    path: str
    feature_id: str = ""
    name: str = ""
    status: str = ""
    sections: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    cyclic: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedCriterion:
    """A criterion with its last verdict, if it is judged, and the ids of its scenarios.

    `lacks_scenario` is set where it needs one and has none; manual and waived ones, and those with others nested in
    them, need none.
    """

    id: str
    spec: str
    number: int
    text: str
    tier: Tier
    line: int
    tags: tuple[str, ...] = ()
    parent: str = ""
    verdict: Verdict | None = None
    reason: str = ""
    lacks_scenario: bool = False
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastResult:
    """The last result of a scenario; `outdated` says why it does not count for today's files, if it does not."""

    verdict: Verdict
    reason: str = ""
    outdated: str = ""


@dataclass(frozen=True, slots=True)
class TracedStep:
    """A step of a scenario, backgrounds included; `definition` is the id of its definition, empty without one."""

    keyword: str
    kind: str
    text: str
    line: int
    definition: str = ""


@dataclass(frozen=True, slots=True)
class TracedScenario:
    """A scenario, or an outline with all of its rows: `id` is its place, `tags` are without `@`.

    `rows` are the lines and names under which its results are recorded.
    """

    id: str
    path: str
    line: int
    name: str
    tags: tuple[str, ...] = ()
    rows: tuple[tuple[int, str], ...] = ()
    steps: tuple[TracedStep, ...] = ()
    criteria: tuple[str, ...] = ()
    result: LastResult | None = None


@dataclass(frozen=True, slots=True)
class TracedDefinition:
    """A step definition; `id` is its place, with a number where one function has several; `last` is its last line.

    `callers` are the places of functions that run a step with it. `scenarios` use it, be it through these functions.
    """

    id: str
    path: str
    line: int
    last: int
    kind: str
    pattern: str
    callers: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where its function is."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class StepUses:
    """The step definitions of a project, the scenarios of its feature files, and which definition each step has.

    `diagnostics` are errors in step modules and in feature files: what could not be loaded is missing.
    """

    definitions: tuple[TracedDefinition, ...] = ()
    scenarios: tuple[TracedScenario, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
