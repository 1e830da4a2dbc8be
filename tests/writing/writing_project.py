"""Specs in, the project that spec2bdd makes of them out, without a disk: feature files, step files, problems."""

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

from spec2bdd.model import Box, Criterion, Feature, Field, Problem, Spec, StepAnswer, Tier
from spec2bdd.running.choosing import choose_patterns
from spec2bdd.writing.drafts import Draft, derive_drafts, parse_library
from spec2bdd.writing.features import render_feature
from spec2bdd.writing.step_files import derive_queries, plan_step_files

HOSTILE: dict[str, str] = json.loads((Path(__file__).parent / "data" / "hostile.json").read_text(encoding="utf-8"))
Parsed = tuple[list[str], str, list[tuple[list[str], str, list[tuple[str, str]]]]]


def make_criterion(text: str, given_id: str = "", *, tier: Tier = Tier.MUST, mark: str = " ", **more: Any) -> Criterion:
    """Return a criterion as the reading room would give it."""
    return Criterion(tier, text, Box(mark, 0), 1, 1, given_id=given_id, **more)


def make_spec(*criteria: Criterion | str, path: str = "specs/1.md", purpose: str = "", **fields: str) -> Spec:
    """Return a spec with these criteria; `fields` are front matter."""
    values = {"feature_id": "1.1", "name": "Books"} | fields
    front = tuple(Field(key, value, 2, 1) for key, value in values.items() if value)
    items = tuple(make_criterion(item) if isinstance(item, str) else item for item in criteria)
    numbered = tuple(replace(item, line=number) for number, item in enumerate(items, 10))
    return Spec(path, "", front, purpose=purpose, criteria=numbered)


@dataclass(frozen=True)
class World:
    """The generated and hand-written files of a project, and what went wrong at the last `generate`."""

    features: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    drafts: tuple[Draft, ...] = ()

    @property
    def feature(self) -> str:
        """Return the text of the only feature file."""
        (text,) = self.features.values()
        return text

    @property
    def features_drafted(self) -> list[Feature]:
        """Return the features as values."""
        return [draft.feature for draft in self.drafts if draft.feature]

    @property
    def ids(self) -> list[str]:
        """Return the ids of all criteria in the order of the specs."""
        return [item.id for draft in self.drafts for item in draft.identified]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the problems."""
        return [problem.code for problem in self.problems]

    def draft(self, *specs: Spec) -> tuple[tuple[Draft, ...], tuple[Problem, ...]]:
        """Return the drafts of the specs and all problems."""
        paths = frozenset(spec.path for spec in specs)
        drafts, found = derive_drafts(specs, parse_library(self.features), folder="features", paths=paths)
        return drafts, (*found, *(problem for draft in drafts for problem in draft.problems))

    def generate(self, *specs: Spec, steps: bool = False) -> World:
        """Return what stands after `spec2bdd generate`; files that were edited by hand are left alone."""
        drafts, problems = self.draft(*specs)
        written = dict(self.features)
        for draft in drafts:
            if draft.feature and not any(problem.code == "edited-by-hand" for problem in draft.problems):
                written[draft.feature.path] = render_feature(draft.feature)
        files = dict(self.steps)
        if steps:
            with loaded(files) as registry:
                queries = derive_queries(drafts)
                patterns = list(choose_patterns(registry.steps, queries))
            answers = [StepAnswer(query, pattern) for query, pattern in zip(queries, patterns, strict=True)]
            changes, refused = plan_step_files(drafts, answers, folder="steps", files=files)
            files |= {change.path: change.after for change in changes}
            problems += refused
        return World(written, files, problems, drafts)


def find_match(registry: Any, kind: str, text: str) -> Any:
    """Return what Behave's registry finds for a step, or nothing."""
    return registry.find_match(SimpleNamespace(step_type=kind, name=text))


def call_step(match: Any) -> None:
    """Call the function that Behave found, with the arguments that Behave gives it."""
    match.func(None, **{argument.name: argument.value for argument in match.arguments})


@contextmanager
def loaded(files: Mapping[str, bytes], *, backwards: bool = False) -> Iterator[Any]:
    """Load step files as Behave does, in the order of their names, and lend its registry with nothing else in it."""
    registry = step_registry.registry
    before, errors = registry.steps, io.StringIO()
    registry.steps = {"given": [], "when": [], "then": [], "step": []}
    try:
        with redirect_stderr(errors):
            for path in sorted(files, reverse=backwards):
                exec(compile(files[path], path, "exec"), {"__name__": path, "use_step_matcher": use_step_matcher})
                use_default_step_matcher()
        assert "" == errors.getvalue()
        yield registry
    finally:
        registry.steps = before


def parse_with_behave(text: str) -> Parsed:
    """Return what Behave reads: the feature's tags and name, and the tags, name and steps of each scenario."""
    feature = parse_feature(text, filename="x.feature")
    return (
        [str(tag) for tag in feature.tags],
        feature.name,
        [
            ([str(tag) for tag in item.tags], item.name, [(step.keyword, step.name) for step in item.steps])
            for item in feature.scenarios
        ],
    )


def parse_with_gherkin(text: str) -> Parsed:
    """Return the same as the official parser reads it."""
    feature: Any = Parser().parse(text)["feature"]
    scenarios = [child["scenario"] for child in feature["children"]]
    return (
        _list_tags(feature),
        feature["name"],
        [
            (_list_tags(item), item["name"], [(step["keyword"].strip(), step["text"]) for step in item["steps"]])
            for item in scenarios
        ],
    )


def describe_drafted(draft: Draft) -> Parsed:
    """Return the same as the `Feature` value says it."""
    assert draft.feature
    scenarios = [
        ([item.id, item.tier.value], item.name, [(step.keyword, step.text) for step in item.steps])
        for item in draft.feature.scenarios
    ]
    return list(draft.feature.tags), draft.feature.name, scenarios


def run_ruff(*args: str, text: str) -> str:
    """Return what ruff prints of a text; it stands beside Python."""
    command = [str(Path(sys.executable).with_name("ruff")), *args, "-"]
    ended = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return ended.stdout


def _list_tags(element: Mapping[str, Any]) -> list[str]:
    """Return the tags of a parsed element without `@`."""
    return [tag["name"].removeprefix("@") for tag in element["tags"]]


def find_functions(content: bytes | str) -> Sequence[str]:
    """Return the names of the functions in a step file, in order."""
    return [node.name for node in ast.parse(content).body if isinstance(node, ast.FunctionDef)]
