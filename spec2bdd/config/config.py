"""The configuration of a project, with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Literal

from spec2bdd.config.tool_settings import DEFAULT_LINE_LENGTH
from spec2bdd.model import EvidenceRequirement, Status, Tier
from spec2bdd.model.values import dataclass

# The folder under the root for everything that can be made again.
CACHE = ".spec2bdd"


@dataclass(frozen=True, slots=True)
class Config:
    """The validated `[tool.spec2bdd]` of a project."""

    # Absolute; all other paths are relative to it, with `/`.
    root: Path
    file: str = field(default="", compare=False)
    """Name of the file that the table is in; empty without one. It is no key."""
    specs: tuple[str, ...] = ("specs",)
    """Folders, files or patterns of the specs: `["specs", "docs/*/spec.md"]`. In a folder, every `*.md` is one,
    and a pattern may name folders: `services/*/specs`.
    Where the key is missing, also the places of each dialect whose folder is in the project."""
    features: str = "features"
    """Folder of the feature files, generated and hand-written."""
    steps: str = "steps"
    """Folder of the step files. Where the key is missing and `features/steps` exists, it is that folder."""
    gate: tuple[Tier, ...] = (Tier.MUST,)
    """The gate: the tiers that acceptance depends on. The option `--gate` of a command says how strictly they count
    for its exit code."""
    dialect: Mapping[str, str] = field(default_factory=dict)
    """Dialects of files that would be read as another one, by pattern: `{ "docs/stories/*.md" = "bmad" }`."""
    marks: Literal["auto", "comments", "cells"] = "auto"
    """Where marks of criteria without a box go. `"auto"`: nowhere; `"comments"`: into comments; `"cells"`: into the
    state column of a table, such as `Status` or `Result`."""
    boxless: bool = False
    """Read list items without a box as criteria, under a heading of acceptance criteria."""
    requirements: bool = False
    """Read the functional requirements of Spec Kit, such as `**FR-001**`, as criteria."""
    exclude: tuple[str, ...] = ()
    """Patterns of files and folders that are not read as specs, such as `["drafts", "specs/old-*.md"]`."""
    template: str = ""
    """Template of new specs, such as `docs/spec-template.md`. If it is empty, that of spec2bdd is used."""
    prd: tuple[str, ...] = ()
    """Files or patterns of the requirements whose sections specs name in `prd_section`, such as `docs/prd.md`."""
    plan: tuple[str, ...] = ()
    """Files or patterns of the plan whose sections specs name in `implementation_plan_section`."""
    plan_boxes: bool = False
    """Tick the boxes in the section of the plan that a spec names if its gate is proved, and untick them if not."""
    matcher: str = "parse"
    """Behave step matcher that stubs are written for."""
    language: str = "en"
    """Language of the Gherkin keywords in specs whose front matter names none."""
    line_length: int = DEFAULT_LINE_LENGTH
    """Where lines of stubs are broken. Where the key is missing, it is the `line-length` of ruff or black, if set."""
    behave_language: str = ""
    """Language that Behave takes for that of a feature file that names none; empty for English. It is no key."""
    flaky: Literal["fail", "pass"] = "fail"
    """Verdict of a criterion with contradictory results of one commit."""
    vacuous: Literal["pending", "pass"] = "pending"
    """Verdict of a criterion whose steps passed but cannot fail."""
    unlinked: Literal["fail", "report"] = "fail"
    """Whether a scenario without the tag of a criterion that failed, or has an undefined or pending step, makes the
    exit code 1, or is only reported."""
    unverified: Literal["keep", "untick"] = "keep"
    """What happens to boxes that were ticked before spec2bdd read their specs; `"untick"` is the same as `--strict`."""
    require_red: Literal["off", "history", "base"] = "off"
    """Count a pass only if an earlier run saw the criterion failing or pending (`"history"`, or `true`), or, if the
    branch newly claims it, only if it fails with the product of the merge base (`"base"`)."""
    base: str = ""
    """Branch, tag or commit that `require-red = "base"` compares with. If it is empty, `main` or else `master`, of
    `origin` or `upstream` where these are further on."""
    challenge: Literal["off", "warn", "require"] = "off"
    """Verdict of a criterion whose checks notice no fault in the product. `"off"`: passed; `"warn"`: passed, with a
    warning; `"require"`: pending."""
    step_helpers: tuple[str, ...] = ()
    """Files or folders, or patterns of them, with helpers of the steps outside of `steps` and `tests`, such as
    `support`: they check the product, and are no part of it."""
    record_lines: bool = False
    """Record with each run which lines of the project its scenarios run, so that `--since` can run less."""
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Additional headings, by what they announce."""
    lint: Mapping[str, Literal["error", "warning", "suggestion", "off"]] = field(default_factory=dict)
    """Levels of diagnostics, by code."""
    statuses: Mapping[Status, str] = field(default_factory=dict)
    """Names of the four statuses in this project, such as `complete = "Done"`."""
    without_done: Literal["review", "complete"] = "review"
    """Highest status of a spec without a definition of done."""
    upstream: Literal["show", "hold"] = "show"
    """`"hold"`: a spec is not *Complete* before its upstream dependencies are; `"show"`: they are only listed."""
    done: tuple[EvidenceRequirement, ...] = ()
    """Evidence for items of the definition of done, by their text."""
    sources: tuple[str, ...] = ()
    """Patterns of the source files that reports are about. If it is empty, these are all files that git tracks."""
    jobs: int | Literal["auto"] = 1
    """Number of processes that run scenarios; `"auto"`: one for each processor."""
    timeout: float = 0
    """Time limit of a scenario in seconds; 0: no limit."""
    retries: int = 0
    """How often a failed scenario is retried, up to 100 times."""

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
