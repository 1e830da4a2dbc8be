"""Frozen values that the rooms hand to each other: what a spec says, what is made of it, what Behave said of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters: an error makes the exit code 2, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not understood or could not be done, with its place (line and column count from 1)."""

    path: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str = ""


# --- what a spec says (reading) -------------------------------------------------------------------------------------


class Tier(StrEnum):
    """How much a criterion matters to acceptance."""

    MUST = "must"
    SHOULD = "should"
    COULD = "could"
    WONT = "wont"


@dataclass(frozen=True, slots=True)
class Box:
    """The one character between the brackets of a checkbox, and its offset in the text of the spec."""

    mark: str
    offset: int

    @property
    def ticked(self) -> bool:
        """Tell whether the box counts as ticked; `~` and `-` do not."""
        return self.mark in ("x", "X")


@dataclass(frozen=True, slots=True)
class Field:
    """One front-matter value as raw text; `start` and `end` frame what may be replaced, `None` if nothing may.

    A quoted value is framed between its quotes, and `quote` names them (`'`, `"` or nothing). `value` is the text with
    quotes and escapes resolved, so that `3.10` stays "3.10". `placeholder` is set for a template's unfilled `[...]`.
    """

    key: str
    value: str
    line: int
    column: int
    start: int | None = None
    end: int | None = None
    quote: str = ""
    placeholder: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One checklist item that acceptance depends on.

    `text` is clean text (inline Markdown, ids and notes taken out, white space runs made single spaces); `given_id` is
    the id that the author wrote, if any; `bullets` are the clean texts of the plain list items right below it; `group`
    is the heading that gathers criteria where a spec has several blocks. `waived` holds the author's reason.
    """

    tier: Tier
    text: str
    box: Box
    line: int
    column: int
    given_id: str = ""
    group: str = ""
    bullets: tuple[str, ...] = ()
    parent: int | None = None
    manual: bool = False
    waived: str = ""


@dataclass(frozen=True, slots=True)
class DoneItem:
    """One item of the definition of done."""

    text: str
    box: Box
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Spec:
    """One Markdown spec as read: `path` is relative to the root, with `/`, `text` the whole decoded file.

    `parent` of a criterion is an index into `criteria`. Offsets count characters of `text`, BOM and CR included.
    """

    path: str
    text: str
    fields: tuple[Field, ...] = ()
    title: str = ""
    purpose: str = ""
    criteria: tuple[Criterion, ...] = ()
    done_items: tuple[DoneItem, ...] = ()
    problems: tuple[Problem, ...] = ()

    def find_field(self, key: str) -> Field | None:
        """Return the field of that name, if the spec has it filled in."""
        return next((field for field in self.fields if field.key == key and not field.placeholder), None)

    def find_value(self, key: str) -> str:
        """Return the filled-in value of that name, or nothing."""
        found = self.find_field(key)
        return found.value if found else ""


# --- what is generated (writing) ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One step line: the `keyword` as written (`And`), the `kind` that Behave looks it up by (`then`), the text."""

    keyword: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario to be generated for the criterion `id`; `trusted` boxes were ticked before spec2bdd met them."""

    id: str
    tier: Tier
    name: str
    steps: tuple[Step, ...]
    group: str = ""
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """The memory of a criterion without a generated scenario; `state` says why, such as `manual` or `retired`."""

    id: str
    state: str
    text: str
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Feature:
    """One `.feature` file to be generated from one spec."""

    path: str
    spec_path: str
    name: str
    description: str
    tags: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a generated feature file on disk remembers of one criterion; `intact` is false after an edit by hand."""

    id: str
    state: str
    text: str
    line: int
    intact: bool = True
    trusted: bool = False


class Proof(StrEnum):
    """What a criterion is proved by."""

    GENERATED = "generated"
    HAND_WRITTEN = "hand-written"
    CHILDREN = "children"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Identified:
    """A criterion and its id in the whole project.

    `known` is false where no feature file remembers it yet; `current` is true if the scenario on disk is untouched and
    the one that today's spec gives; `files` are the feature files on disk that carry its tag.
    """

    criterion: Criterion
    id: str
    proof: Proof
    known: bool = False
    current: bool = False
    trusted: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepQuery:
    """A step that a generated feature needs, and the patterns to define it by, best first; the last one is literal."""

    kind: str
    text: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """What Behave's registry says of a query: the pattern to write, or nothing where a definition matches already."""

    query: StepQuery
    pattern: str = ""


# --- what Behave said (running) -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of a scenario in a run; `status` is Behave's word, `seconds` duration, `location` the definition's."""

    keyword: str
    kind: str
    text: str
    line: int
    status: str
    seconds: float = 0.0
    location: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioRecord:
    """One scenario (or outline row) in one run; `finished` is false where the run died before its end was written.

    `tags` are without `@` and hold the inherited ones. `failures` are errors of hooks, fixtures and clean-ups.
    """

    feature: str
    line: int
    name: str
    tags: tuple[str, ...]
    status: str = "untested"
    finished: bool = False
    steps: tuple[StepRecord, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """The records of one run, read back from its file.

    `expected` counts, per criterion id, the scenarios (and outline rows) that the run found in its feature files;
    `features` names the feature files it loaded; `digests` maps every feature and step file it ran from to the digest
    of its content; `failures` are errors that belong to no scenario: `after_all` and the like, keyed by feature path,
    or by `""` where they concern the whole run. `complete` is true if the end record is there.
    """

    id: str
    complete: bool
    expected: Mapping[str, int] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    records: tuple[ScenarioRecord, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


# --- what it means (judging) ----------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """What the results mean for a criterion."""

    PASSED = "passed"
    FAILED = "failed"
    PENDING = "pending"
    STALE = "stale"
    SKIPPED = "skipped"
    NOT_RUN = "not run"
    MANUAL = "manual"
    WAIVED = "waived"
    ON_TRUST = "on trust"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict of one criterion, the reason in words, and the scenario and step that decided it, if any did."""

    criterion: Criterion
    id: str
    verdict: Verdict
    reason: str = ""
    record: ScenarioRecord | None = None
    step: StepRecord | None = None
    mark: str = " "

    @property
    def ticked(self) -> bool:
        """Tell whether the box is to be ticked by this mark and was not."""
        return self.mark == "x" and not self.criterion.box.ticked

    @property
    def unticked(self) -> bool:
        """Tell whether the box was ticked and is not to be."""
        return self.criterion.box.ticked and self.mark == " "


# --- what is to be done and told (files, reporting) -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One file to be written: its path from the root, what was read (`None`: no file yet), what is to stand."""

    path: str
    before: bytes | None
    after: bytes


@dataclass(frozen=True, slots=True)
class SpecReport:
    """One spec after judging: its judgements in file order, and its status before and after."""

    spec: Spec
    judgements: tuple[Judgement, ...]
    status_before: str = ""
    status_after: str = ""
    answer: bool = True
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that one command found and did; `wrote` is false under `--check`, `exit_code` is 0 yes, 1 no, 2 not done."""

    command: str
    changes: tuple[Change, ...] = ()
    wrote: bool = True
    specs: tuple[SpecReport, ...] = ()
    problems: tuple[Problem, ...] = ()
    run: Run | None = None
    exit_code: int = 0
    notes: tuple[str, ...] = ()
