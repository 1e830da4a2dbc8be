"""The output formats: the `Reporter` protocol, and the one table of the reporters that implement it.

A new format is one module with a function `render(answer, options)`, and one entry of `REPORTERS`. Everything else (the
choices of `--format`, its help, its errors, where a format is written) follows from the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol

from spec2bdd.model import Diagnostic
from spec2bdd.model.values import dataclass
from spec2bdd.text.mapping import Mapper, map_serially

if TYPE_CHECKING:
    from spec2bdd.model.feature import GherkinSources

# A literal and no enum: the command line names kinds where it defines its options, before it may load this module.
AnswerKind = Literal[
    "report",
    "judgement",
    "run",
    "decision",
    "lint",
    "reading",
    "explanation",
    "history",
    "rebuilt-history",
    "challenge",
    "status",
    "spec-status",
    "trace",
    "capabilities",
    "documentation",
    "branch",
]
"""What a command answers with:

- `report`: the `Report` of a command that plans or makes changes, such as `generate`
- `judgement`: the `Report` of a command that judges criteria and plans or makes changes: `verify` and `mark`
- `run`: the `Report` of `run`, which never has changes
- `decision`: the `Report` of a command about single criteria, such as `accept` and `waive`, which judges nothing
- `lint`: the `Report` of `lint`, whose diagnostics are the answer itself
- `reading`: the `SpecReading` of `lint --explain-reading`
- `explanation`, `history`: the `Explanation` of `explain` and `history`
- `rebuilt-history`: the `Report` of `history --rebuild`
- `status`, `spec-status`: the `ProjectOverview` of `status`, and the `Explanation` of `status` with the name of a spec
- `trace`: the `Trace` of `trace`
- `challenge`: the `ChallengeReport` of `challenge`
- `capabilities`: the `Capabilities` of `capabilities`
- `documentation`: the `Documentation` of `report`
- `branch`: the `BranchReport` of `report --since`
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a command: a value of the type that belongs to its kind, and the diagnostics that came with it.

    `sources` are what the formats in `SOURCED_FORMATS` need besides. `spread` calls a function with each of many
    values, possibly on several cores.
    """

    kind: AnswerKind
    value: Any
    diagnostics: Sequence[Diagnostic] = ()
    sources: GherkinSources | None = None
    spread: Mapper = map_serially


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to render an answer for people; formats for programs ignore all of it but `pending_fails`.

    On a `terminal`, characters that it would obey are shown as escapes, also in formats that are verbatim elsewhere.
    With `pending_fails`, a pending criterion is a failure in the formats of test runners.
    """

    width: int = 100
    color: bool = False
    terminal: bool = False
    verbose: bool = False
    quiet: bool = False
    pending_fails: bool = False


class Reporter(Protocol):
    """One output format.

    `kinds` maps each kind of answer that it can render to whether the result includes the diagnostics of the answer;
    where it does not, they are printed on stderr. The text of a `verbatim` format holds bytes of the user's files
    (`surrogateescape`), and is printed without translating line ends.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def kinds(self) -> Mapping[AnswerKind, bool]: ...  # noqa: D102

    @property
    def verbatim(self) -> bool: ...  # noqa: D102

    def render(self, answer: Answer, options: RenderOptions) -> str:
        """Render an answer of one of its kinds."""
        ...


@dataclass(frozen=True, slots=True)
class LazyReporter:
    """A reporter whose module is imported when it renders: `render(answer, options)` of `spec2bdd.reporters.<name>`.

    `home` is the name of the module where it is another one than that of the format.
    """

    name: str
    kinds: Mapping[AnswerKind, bool]
    verbatim: bool = False
    home: str = ""

    def render(self, answer: Answer, options: RenderOptions) -> str:
        """Render an answer of one of its kinds."""
        # A format costs no start-up time until it is used.
        rendered: str = import_module(f"spec2bdd.reporters.{self.home or self.name}").render(answer, options)
        return rendered

    def render_files(self, answer: Answer, options: RenderOptions) -> Mapping[str, str]:
        """Render an answer as files by their names, in one of `FOLDER_FORMATS`."""
        rendered: Mapping[str, str] = import_module(f"spec2bdd.reporters.{self.home}").render_files(answer, options)
        return rendered


# The answers that have diagnostics of the project's files.
_DIAGNOSTIC_KINDS: Mapping[AnswerKind, bool] = dict.fromkeys(("report", "judgement", "run", "lint"), True)
# The answers whose failures can be shown as annotations.
_ANNOTATED_KINDS: Mapping[AnswerKind, bool] = {
    **_DIAGNOSTIC_KINDS,
    "challenge": True,
    "documentation": True,
    "branch": True,
}
# The answers that are a `Report`.
_REPORT_KINDS: Mapping[AnswerKind, bool] = {**_DIAGNOSTIC_KINDS, "decision": True, "rebuilt-history": True}
# The answers that have the verdicts of all criteria that were judged.
_JUDGED_KINDS: Mapping[AnswerKind, bool] = {"judgement": False, "run": False, "documentation": False}
# The answers of `status`.
_STATUS_KINDS: Mapping[AnswerKind, bool] = {"status": False, "spec-status": False}
# The JSON of an explanation does not have the diagnostics of the project.
_JSON_KINDS: Mapping[AnswerKind, bool] = {
    "reading": False,
    "explanation": False,
    "history": False,
    "challenge": False,
    "status": True,
    "spec-status": False,
    "trace": True,
    "capabilities": False,
    "documentation": False,
    "branch": True,
}

REPORTERS: dict[str, Reporter] = {
    reporter.name: reporter
    for reporter in (
        LazyReporter(
            "text",
            {
                "report": False,
                "judgement": False,
                "run": False,
                "decision": False,
                "lint": True,
                "reading": False,
                "explanation": False,
                "history": False,
                "rebuilt-history": False,
                "challenge": False,
                "trace": False,
                "capabilities": False,
                "documentation": False,
                "branch": False,
                **_STATUS_KINDS,
            },
        ),
        LazyReporter("json", {**_REPORT_KINDS, **_JSON_KINDS}),
        # `run` never has changes, and neither has an answer that is no report.
        LazyReporter("diff", {"report": False, "judgement": False, "decision": False, "lint": False}, verbatim=True),
        LazyReporter("github", _ANNOTATED_KINDS),
        LazyReporter("sarif", _ANNOTATED_KINDS),
        LazyReporter("gitlab", _ANNOTATED_KINDS),
        LazyReporter("markdown", {"report": False, **_JUDGED_KINDS, "trace": False, "branch": False, **_STATUS_KINDS}),
        LazyReporter("csv", {**_JUDGED_KINDS, "trace": False}, home="exchange.csv"),
        LazyReporter("needs", {"trace": False}, home="trace.needs"),
        LazyReporter("openfasttrace", {"trace": False}, home="trace.openfasttrace"),
        LazyReporter("mermaid", {"trace": False}, home="trace.mermaid"),
        LazyReporter("dot", {"trace": False}, home="trace.dot"),
        LazyReporter("html", {"documentation": False}),
        LazyReporter("junit", _JUDGED_KINDS, home="exchange.junit"),
        LazyReporter("junit-strict", _JUDGED_KINDS, home="exchange.junit_strict"),
        LazyReporter("badge-svg", _JUDGED_KINDS, home="exchange.badge_svg"),
        LazyReporter("badge-json", _JUDGED_KINDS, home="exchange.badge_json"),
        LazyReporter("cucumber-messages", _JUDGED_KINDS, home="cucumber.messages"),
        LazyReporter("cucumber-json", _JUDGED_KINDS, home="cucumber.json"),
        LazyReporter("allure", _JUDGED_KINDS, home="exchange.allure"),
    )
}
"""All reporters by the name of their format, in the order in which `--help` lists them."""

FOLDER_FORMATS = frozenset({"allure"})
"""The formats that are a folder of files, and have no text to print."""

SOURCED_FORMATS = frozenset({"cucumber-messages", "cucumber-json"})
"""The formats that need the feature files of the runs."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library that a format needs: its name on PyPI, and the module to import."""

    name: str
    module: str


LIBRARIES: Mapping[str, Library] = {
    **dict.fromkeys(SOURCED_FORMATS, Library("gherkin-official", "gherkin")),
    "allure": Library("allure-python-commons", "allure_commons"),
}
"""The libraries of formats that need one which is not always installed."""


def list_formats(*kinds: AnswerKind) -> list[str]:
    """List the names of the formats that can render an answer of one of these kinds."""
    return [name for name, reporter in REPORTERS.items() if not reporter.kinds.keys().isdisjoint(kinds)]
