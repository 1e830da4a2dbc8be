"""What a generated feature file records about the criteria of its spec."""

from __future__ import annotations

from enum import StrEnum

from spec2bdd.model.spec import Criterion
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """The `# kept:` line of a criterion without a generated scenario; `state` is its tier, or `retired`.

    `above` is the criterion whose scenario follows the line, if there is one.
    """

    id: str
    state: str
    text: str
    unverified: bool = False
    reworded: str = ""
    above: str = ""


@dataclass(frozen=True, slots=True)
class RecordedCriterion:
    """What a generated feature file on disk records about one criterion; `intact` is false after an edit by hand.

    `reworded` is the wording that was accepted last, where `text` is a later one.
    """

    id: str
    state: str
    text: str
    line: int
    intact: bool = True
    unverified: bool = False
    reworded: str = ""


class ProofSource(StrEnum):
    """What a criterion is proved by; the values are part of the JSON output."""

    GENERATED = "generated"
    HAND_WRITTEN = "hand-written"
    CHILDREN = "children"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TrackedCriterion:
    """A criterion and its id in the whole project.

    `known` is false where no feature file records it yet; `current` is true if the scenario on disk is unedited and is
    what would be generated now; `files` are the feature files on disk that have its tag. `reworded` is the wording that
    was accepted last, where it has another one now; `revalued` is that wording where they differ in values alone.
    """

    criterion: Criterion
    id: str
    proof: ProofSource
    known: bool = False
    current: bool = False
    unverified: bool = False
    files: tuple[str, ...] = ()
    reworded: str = ""
    revalued: str = ""
