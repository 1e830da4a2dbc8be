"""What a generated feature file records about the criteria of its spec."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from spec2bdd.model.spec import Criterion


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """The memory of a criterion without a generated scenario; `state` is its tier, or `retired`.

    `above` is the criterion whose scenario comes next, if there is one.
    """

    id: str
    state: str
    text: str
    trusted: bool = False
    reworded: str = ""
    above: str = ""


@dataclass(frozen=True, slots=True)
class RecordedCriterion:
    """What a generated feature file on disk remembers of one criterion; `intact` is false after an edit by hand.

    `reworded` is the wording that was accepted last, where `text` is a later one.
    """

    id: str
    state: str
    text: str
    line: int
    intact: bool = True
    trusted: bool = False
    reworded: str = ""


class ProofSource(StrEnum):
    """What a criterion is proved by."""

    GENERATED = "generated"
    HAND_WRITTEN = "hand-written"
    CHILDREN = "children"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class TrackedCriterion:
    """A criterion and its id in the whole project.

    `known` is false where no feature file remembers it yet; `current` is true if the scenario on disk is untouched and
    the one that today's spec gives; `files` are the feature files on disk that carry its tag. `reworded` is the wording
    that was accepted last, where it has another one today.
    """

    criterion: Criterion
    id: str
    proof: ProofSource
    known: bool = False
    current: bool = False
    trusted: bool = False
    files: tuple[str, ...] = ()
    reworded: str = ""
