"""Drafts and the answers of Behave's registry in, planned changes of step files out: stubs appended, nothing else."""

from __future__ import annotations

import codecs
import io
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spec2bdd.domain.expressions.ambiguity import find_ambiguous_steps
from spec2bdd.domain.expressions.matchers import PARSE
from spec2bdd.domain.expressions.patterns import derive_parameters
from spec2bdd.domain.gherkin.grammar.outlines import derive_step_queries, walk_steps
from spec2bdd.domain.gherkin.naming import derive_feature_stem, derive_name
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.module_names import parse_module_names
from spec2bdd.domain.steps.stubs import Stub, describe_unreadable, render_literal, render_step_file
from spec2bdd.model import Diagnostic, FileChange, Scenario, Severity, StepAnswer, StepQuery
from spec2bdd.text.mapping import Mapper, map_serially
from spec2bdd.text.slugs import slugify

_Planned = tuple[FileChange | None, list[Diagnostic]]
# What a step is looked up by, its pattern, and the scenario that asks for it.
_Step = tuple[str, str, Scenario]


@dataclass(frozen=True, slots=True)
class _MissingSteps:
    """The steps that a step file lacks, in their order; `before` is what stands in it, `default` its matcher."""

    path: str
    before: bytes | None
    spec_path: str
    steps: Sequence[_Step]
    matcher: str
    default: str

    def derive_stubs(self) -> list[Stub]:
        """Return a stub for each of the steps."""
        return [
            Stub(kind, pattern, f"{scenario.tier.capitalize()}: {scenario.rule or scenario.name}", self.matcher)
            for kind, pattern, scenario in self.steps
        ]


def derive_queries(drafts: Sequence[SpecPlan]) -> tuple[StepQuery, ...]:
    """Return one query for each distinct step, those with most parameters first.

    A pattern with fewer parameters may swallow the text of one with more, so the specific ones choose first.
    """
    queries: dict[tuple[str, str], StepQuery] = {}
    for found in (query for _, scenario in _walk_scenarios(drafts) for query in derive_step_queries(scenario)):
        known = queries.setdefault((found.kind, found.text), found)
        if len(found.patterns) > len(known.patterns):
            queries[found.kind, found.text] = found
    return tuple(sorted(queries.values(), key=lambda q: (-len(derive_parameters(q.patterns[0])), q.kind, q.text)))


def plan_step_modules(
    drafts: Sequence[SpecPlan],
    answers: Sequence[StepAnswer],
    *,
    folder: str,
    files: Mapping[str, bytes],
    matcher: str = PARSE,
    spread: Mapper = map_serially,
) -> tuple[tuple[FileChange, ...], tuple[Diagnostic, ...]]:
    """Return the changes that add a stub for every answer with a pattern, and what keeps a file from being added to.

    `files` holds the content of the step files on disk by path; one that is not there yet is made. The patterns are
    written for the `matcher`. `spread` calls a function with each of many values, be it on several cores.
    """
    rivals = find_ambiguous_steps(answers, matcher)
    steps = (((answer.query.kind, answer.query.text), answer.pattern) for answer in answers if answer.pattern)
    patterns = {step: pattern for step, pattern in steps if step not in rivals}
    default = next((answer.default for answer in answers), PARSE)
    paths = _derive_paths(drafts, folder)
    wanted = [
        _MissingSteps(path, files.get(path), spec_path, steps, matcher, default)
        for path, (spec_path, steps) in _gather_steps(drafts, patterns, paths).items()
    ]
    # Of many thousands, they are a good part of all that is held, and each has found its place.
    patterns.clear()
    planned = spread(_plan_file, wanted)
    clashes = _describe_rivals(drafts, rivals) if rivals else []
    problems = (*clashes, *(problem for _, found in planned for problem in found))
    return tuple(change for change, _ in planned if change), problems


def _describe_rivals(drafts: Sequence[SpecPlan], rivals: Mapping[tuple[str, str], str]) -> list[Diagnostic]:
    """Return an error for each criterion with a step that cannot be defined beside another."""
    problems: list[Diagnostic] = []
    for draft, scenario in _walk_scenarios(drafts):
        places = {item.id: (item.criterion.line, item.criterion.column) for item in draft.identified}
        for step in walk_steps(scenario):
            if rival := rivals.get(step):
                message = f"Behave cannot tell the step `{step[1]}` from `{rival}`, so it got no stub"
                place = (draft.spec.path, *places[scenario.id])
                hint = "reword one of the two"
                problems.append(Diagnostic(*place, Severity.ERROR, "ambiguous-step", message, hint))
    return problems


def _walk_scenarios(drafts: Sequence[SpecPlan]) -> Iterator[tuple[SpecPlan, Scenario]]:
    """Yield every scenario that is to be generated, with its draft."""
    for draft in drafts:
        for scenario in draft.feature.scenarios if draft.feature else ():
            yield draft, scenario


def _derive_paths(drafts: Sequence[SpecPlan], folder: str) -> dict[str, str]:
    """Return the step file of each spec: named by the spec, or by its feature where two specs have one name."""
    slugs = {draft.spec.path: slugify(derive_name(draft.spec)) for draft in drafts}
    shared = Counter(slugs.values())
    stems = {draft.spec.path: derive_feature_stem(draft.spec) for draft in drafts}
    return {path: f"{folder}/{slug if shared[slug] == 1 else stems[path]}_steps.py" for path, slug in slugs.items()}


def _gather_steps(
    drafts: Sequence[SpecPlan], patterns: dict[tuple[str, str], str], paths: Mapping[str, str]
) -> dict[str, tuple[str, list[_Step]]]:
    """Return each step file that lacks something, with its spec and the steps in the order of the feature.

    Two specs may share a step file: a name of one can be the id and the name of another.
    """
    gathered: dict[str, tuple[str, list[_Step]]] = {}
    for draft in drafts:
        steps = [(scenario, step) for _, scenario in _walk_scenarios([draft]) for step in walk_steps(scenario)]
        lacking = [(step[0], pattern, scenario) for scenario, step in steps if (pattern := patterns.pop(step, ""))]
        if lacking:
            gathered.setdefault(paths[draft.spec.path], (draft.spec.path, []))[1].extend(lacking)
    return gathered


def _plan_file(wanted: _MissingSteps) -> _Planned:
    """Return the change of one step file, and what is in its way."""
    path, before, stubs = wanted.path, wanted.before, wanted.derive_stubs()
    text = decode_step_file(before)
    if before is not None and text is None:
        message = "not written in UTF-8, so no stubs were added"
        return None, [Diagnostic(path, 1, 1, Severity.ERROR, "step-encoding", message, "save the file as UTF-8")]
    try:
        defined = parse_module_names(text or "").defined
        missing = [stub for stub in stubs if (stub.kind, stub.written) not in defined]
        filled = render_step_file(text, missing, spec_path=wanted.spec_path, default=wanted.default) if missing else ""
    except (SyntaxError, ValueError) as error:
        return None, [describe_unreadable(path, error)]
    problems = [_describe_unseen(path, stub) for stub in stubs if stub not in missing]
    return (FileChange(path, before, filled.encode()) if filled else None), problems


def _describe_unseen(path: str, stub: Stub) -> Diagnostic:
    """Return the error for a step that its file defines and Behave does not find; a second stub would be no better."""
    message = f"`@{stub.kind}({render_literal(stub.written)})` stands here, but Behave does not match its step with it"
    hint = f'is another step matcher in force? Type `use_step_matcher("{stub.matcher}")` above the definition'
    return Diagnostic(path, 1, 1, Severity.ERROR, "step-unseen", message, hint)


def decode_step_file(content: bytes | None) -> str | None:
    """Return the text of a step file, or nothing if there is none or it declares another encoding than UTF-8."""
    if content is None:
        return None
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode("utf-8") if codecs.lookup(encoding).name.startswith("utf-8") else None
    except (SyntaxError, UnicodeDecodeError):
        return None
