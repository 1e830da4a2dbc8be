"""The configuration of a project, with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from spec2bdd.config.tool_settings import DEFAULT_LINE_LENGTH
from spec2bdd.model import EvidenceRequirement, Status, Tier

# The folder below the root for everything that can be made again.
CACHE = ".spec2bdd"


@dataclass(frozen=True, slots=True)
class Config:
    """The validated `[tool.spec2bdd]` of a project."""

    # Absolute; the three folders are relative to it, with `/`.
    root: Path
    specs: str = "specs"
    features: str = "features"
    steps: str = "steps"
    # The tiers that acceptance depends on.
    gate: tuple[Tier, ...] = (Tier.MUST,)
    # Patterns of files and folders that are not read as specs.
    exclude: tuple[str, ...] = ()
    # The step matcher of Behave that stubs are written for.
    matcher: str = "parse"
    # The language of the keywords in specs that name none.
    language: str = "en"
    # The language that Behave takes for that of a feature file that names none; empty for English.
    behave_language: str = ""
    # The length of a line in stubs.
    line_length: int = DEFAULT_LINE_LENGTH
    # What contradictory results of one commit count as.
    flaky: Literal["fail", "pass"] = "fail"
    # What passed steps count as whose definitions cannot fail.
    vacuous: Literal["pending", "pass"] = "pending"
    # Count a pass only if the criterion was seen failing or pending before.
    require_red: bool = False
    # Extra headings by what they announce.
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Levels by code.
    lint: Mapping[str, Literal["error", "warning", "advice", "off"]] = field(default_factory=dict)
    # The names of statuses that have another one in this project.
    statuses: Mapping[Status, str] = field(default_factory=dict)
    # The status of a spec with all criteria passed and no definition of done.
    without_done: Literal["review", "complete"] = "review"
    # Whether an incomplete upstream dependency holds back the status, or is only shown.
    upstream: Literal["show", "hold"] = "show"
    # The evidence that done items require.
    done: tuple[EvidenceRequirement, ...] = ()
    # Patterns of the source files that reports are about.
    sources: tuple[str, ...] = ()
    jobs: int | Literal["auto"] = 1
    # Seconds for each scenario; 0 is no limit.
    timeout: float = 0
    retries: int = 0

    @property
    def records(self) -> Path:
        """The file with the records of the last run."""
        return self.root / CACHE / "records.ndjson"

    @property
    def history(self) -> Path:
        """The database with the results of earlier runs."""
        return self.root / CACHE / "history.db"

    @property
    def parts(self) -> str:
        """The pattern of the record files, in the folder of the records, of partial runs since the last whole run."""
        return "part-*.ndjson"
