"""The configuration of a project as the rest of the program sees it: one frozen value, with the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from spec2bdd.model import EvidenceRequirement, Status, Tier

CACHE = ".spec2bdd"


@dataclass(frozen=True, slots=True)
class Config:
    """Where a project keeps its things: `root` is absolute, the folders relative to it; `gate` names tiers.

    `matcher` is the one of Behave's step matchers that stubs are written for, `language` that of the keywords in specs
    that name none. `headings` holds extra names of headings by what they announce, `lint` levels of findings by code.
    `statuses` says what statuses are called here; `without_done` is `review` or `complete`, `upstream` is `show` or
    `hold`, `flaky`, what contradictory results are worth, `fail` or `pass`, and `vacuous`, what passed steps are worth
    that cannot fail, `pending` or `pass`. `done` holds the demands of done items, `sources` the patterns of the code
    that reports speak of.
    With `require_red` a pass counts only where the criterion was seen failing or pending before.
    `jobs` is a number or `"auto"`, `timeout` in seconds for each scenario; 0 is no limit.
    """

    root: Path
    specs: str = "specs"
    features: str = "features"
    steps: str = "steps"
    gate: tuple[Tier, ...] = (Tier.MUST,)
    matcher: str = "parse"
    language: str = "en"
    flaky: str = "fail"
    vacuous: str = "pending"
    require_red: bool = False
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lint: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[Status, str] = field(default_factory=dict)
    without_done: str = "review"
    upstream: str = "show"
    done: tuple[EvidenceRequirement, ...] = ()
    sources: tuple[str, ...] = ()
    jobs: int | str = 1
    timeout: float = 0
    retries: int = 0

    @property
    def records(self) -> Path:
        """Return where the records of the last run are kept."""
        return self.root / CACHE / "records.ndjson"

    @property
    def history(self) -> Path:
        """Return where earlier runs are remembered."""
        return self.root / CACHE / "history.db"

    @property
    def parts(self) -> str:
        """Return what the record files are called, beside the records, of runs of a part since the last whole run."""
        return "part-*.ndjson"
