"""Generate a project in memory: feature files, step files and diagnostics."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from behave import step_registry
from behave.matchers import use_default_step_matcher, use_step_matcher
from behave.parser import parse_feature
from gherkin.parser import Parser

from spec2bdd.adapters.behave.registry.pattern_selection import choose_patterns
from spec2bdd.domain.expressions.matchers import translate_answers, translate_queries
from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.manifest.index import index_features
from spec2bdd.domain.gherkin.manifest.manifest import build_group_tag
from spec2bdd.domain.planning.spec_plan import SpecPlan, plan_specs
from spec2bdd.domain.steps.step_modules import list_queries, plan_step_modules
from spec2bdd.model import (
    Box,
    Criterion,
    Diagnostic,
    Feature,
    Field,
    Spec,
    StepAnswer,
    Tier,
)

HOSTILE: dict[str, str] = json.loads((Path(__file__).parent / "hostile_texts.json").read_text(encoding="utf-8"))
# A step: keyword, text, the rows of its table, its doc string.
ParsedStep = tuple[str, str, list[list[str]], str | None]
# A scenario: the name of its rule, its tags, its name, its steps, the name and the rows of each table of examples.
ParsedScenario = tuple[str, list[str], str, list[ParsedStep], list[tuple[str, list[list[str]]]]]
Parsed = tuple[str, list[str], str, list[ParsedScenario]]


def make_criterion(text: str, given_id: str = "", *, tier: Tier = Tier.MUST, mark: str = " ", **more: Any) -> Criterion:
    """Build a criterion as the parser would."""
    return Criterion(tier, text, Box(mark, 0), 1, 1, given_id=given_id, **more)


def make_spec(*criteria: Criterion | str, path: str = "specs/1.md", purpose: str = "", **fields: str) -> Spec:
    """Build a spec with these criteria; `fields` are front matter."""
    values = {"feature_id": "1.1", "name": "Books"} | fields
    front = tuple(Field(key, value, 2, 1) for key, value in values.items() if value)
    items = tuple(make_criterion(item) if isinstance(item, str) else item for item in criteria)
    numbered = tuple(replace(item, line=number) for number, item in enumerate(items, 10))
    return Spec(path, b"", front, purpose=purpose, criteria=numbered)


@dataclass(frozen=True)
class World:
    """The generated and hand-written files of a project, and the diagnostics of the last `generate`."""

    features: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, bytes] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    drafts: tuple[SpecPlan, ...] = ()

    @property
    def feature(self) -> str:
        """The text of the only feature file."""
        (text,) = self.features.values()
        return text

    @property
    def code(self) -> bytes:
        """The text of all step files, one after the other; stubs do not go into a file that was written by hand."""
        return b"".join(self.steps.values())

    @property
    def features_drafted(self) -> list[Feature]:
        """The planned features."""
        return [draft.feature for draft in self.drafts if draft.feature]

    @property
    def ids(self) -> list[str]:
        """The ids of all criteria in the order of the specs."""
        return [item.id for draft in self.drafts for item in draft.tracked]

    @property
    def codes(self) -> list[str]:
        """The codes of the diagnostics."""
        return [diagnostic.code for diagnostic in self.diagnostics]

    def draft(self, *specs: Spec) -> tuple[tuple[SpecPlan, ...], tuple[Diagnostic, ...]]:
        """Plan the specs, and collect all diagnostics."""
        paths = frozenset(spec.path for spec in specs)
        plans, conflicts = plan_specs(specs, index_features(self.features), folder="features", paths=paths)
        return plans, (*conflicts, *(diagnostic for plan in plans for diagnostic in plan.diagnostics))

    def generate(self, *specs: Spec, steps: bool = False, matcher: str = "parse") -> World:
        """Generate feature files, with `steps` step files too; files that were edited by hand are left alone."""
        drafts, diagnostics = self.draft(*specs)
        written = dict(self.features)
        for draft in drafts:
            if draft.feature and not draft.hand_edited:
                written[draft.feature.path] = render_feature(draft.feature)
        files = dict(self.steps)
        if steps:
            with loaded(files) as registry:
                answers = ask(registry, drafts, matcher)
            changes, refused = plan_step_modules(drafts, answers, folder="steps", files=files, matcher=matcher)
            files |= {change.path: change.after or b"" for change in changes}
            diagnostics += refused
        return World(written, files, diagnostics, drafts)


def ask(registry: Any, drafts: Sequence[SpecPlan], matcher: str = "parse") -> list[StepAnswer]:
    """Query Behave's registry for the steps of these plans."""
    queries = list_queries(drafts)
    written = translate_queries(queries, matcher)
    patterns = list(choose_patterns(registry.steps, written))
    answers = [StepAnswer(query, pattern) for query, pattern in zip(written, patterns, strict=True)]
    return translate_answers(answers, queries)


def find_match(registry: Any, kind: str, text: str) -> Any:
    """Find the match of a step in Behave's registry, if there is one."""
    return registry.find_match(SimpleNamespace(step_type=kind, name=text))


def call_step(match: Any) -> None:
    """Call the function that Behave found, with the arguments that Behave gives it."""
    named = {argument.name: argument.value for argument in match.arguments if argument.name}
    match.func(None, *(argument.value for argument in match.arguments if not argument.name), **named)


@contextmanager
def loaded(files: Mapping[str, bytes], *, backwards: bool = False) -> Iterator[Any]:
    """Load step files as Behave does, in the order of their names, into a registry with nothing else in it."""
    registry = step_registry.registry
    before, errors = registry.steps, io.StringIO()
    registry.steps = {"given": [], "when": [], "then": [], "step": []}
    try:
        with redirect_stderr(errors):
            for path in sorted(files, reverse=backwards):
                names = {"__name__": path, "use_step_matcher": use_step_matcher}
                step_registry.setup_step_decorators(names)
                exec(compile(files[path], path, "exec"), names)
                use_default_step_matcher()
        assert errors.getvalue() == ""
        yield registry
    finally:
        registry.steps = before


def parse_with_behave(text: str) -> Parsed:
    """Parse with Behave: the feature's language, tags and name, and the content of its scenarios."""
    feature = parse_feature(text, filename="x.feature")
    scenarios = [("", item) for item in feature.scenarios]
    scenarios += [(rule.name, item) for rule in feature.rules for item in rule.scenarios]
    return (
        feature.language,
        [str(tag) for tag in feature.tags],
        feature.name,
        [
            (
                rule,
                [str(tag) for tag in item.tags],
                item.name,
                [_describe_behave_step(step) for step in item.steps],
                [(table.name, _list_behave_rows(table.table)) for table in getattr(item, "examples", [])],
            )
            for rule, item in scenarios
        ],
    )


def _describe_behave_step(step: Any) -> ParsedStep:
    """Describe a step as parsed by Behave."""
    return step.keyword, step.name, _list_behave_rows(step.table), None if step.text is None else str(step.text)


def _list_behave_rows(table: Any) -> list[list[str]]:
    """List the rows of a table as parsed by Behave."""
    return [list(table.headings), *(list(row.cells) for row in table.rows)] if table else []


def parse_with_gherkin(text: str) -> Parsed:
    """Parse the same with the official parser."""
    feature: Any = Parser().parse(text)["feature"]
    scenarios = [("", child["scenario"]) for child in feature["children"] if "scenario" in child]
    rules = [child["rule"] for child in feature["children"] if "rule" in child]
    scenarios += [(rule["name"], child["scenario"]) for rule in rules for child in rule["children"]]
    return (
        feature["language"],
        _list_tags(feature),
        feature["name"],
        [
            (
                rule,
                _list_tags(item),
                item["name"],
                [_describe_gherkin_step(step) for step in item["steps"]],
                [
                    (table["name"], _list_gherkin_rows([table["tableHeader"], *table["tableBody"]]))
                    for table in item["examples"]
                ],
            )
            for rule, item in scenarios
        ],
    )


def _describe_gherkin_step(step: Any) -> ParsedStep:
    """Describe a step as parsed by the official parser."""
    rows = _list_gherkin_rows(step["dataTable"]["rows"]) if "dataTable" in step else []
    return step["keyword"].strip(), step["text"], rows, step["docString"]["content"] if "docString" in step else None


def _list_gherkin_rows(rows: Sequence[Any]) -> list[list[str]]:
    """List the rows of a table as parsed by the official parser."""
    return [[cell["value"] for cell in row["cells"]] for row in rows]


def describe_drafted(draft: SpecPlan) -> Parsed:
    """Describe the same by the planned `Feature`."""
    assert draft.feature
    scenarios: list[ParsedScenario] = [
        (
            item.rule if LANGUAGES[draft.feature.language].rule else "",
            sorted({item.id, item.tier.value, build_group_tag(item.group)} - {""}),
            item.name,
            [(step.keyword, step.text, list(map(list, step.table)), step.doc) for step in item.steps],
            [(table.name, list(map(list, table.rows))) for table in item.examples],
        )
        for item in draft.feature.scenarios
    ]
    return draft.feature.language, list(draft.feature.tags), draft.feature.name, scenarios


def run_ruff(*args: str, text: str) -> str:
    """Run ruff, which is installed next to Python, on a text, and return its output."""
    command = [str(Path(sys.executable).with_name("ruff")), *args, "-"]
    process = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return process.stdout


def _list_tags(element: Mapping[str, Any]) -> list[str]:
    """List the tags of a parsed element without `@`."""
    return [tag["name"].removeprefix("@") for tag in element["tags"]]


def find_functions(content: bytes | str) -> Sequence[str]:
    """List the names of the functions in a step file, in order."""
    return [node.name for node in ast.parse(content).body if isinstance(node, ast.FunctionDef)]
