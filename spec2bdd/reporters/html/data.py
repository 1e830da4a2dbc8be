"""The facts of the page as JSON: what is shown of a spec, and the index of all criteria."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from spec2bdd.model import (
    BoxKind,
    ChallengeOutcome,
    CriterionExplanation,
    CriterionStrength,
    DoneItemVerdict,
    Explanation,
    ScenarioResult,
    SpecReport,
)
from spec2bdd.model.explanation import Documentation, SpecDocument
from spec2bdd.model.history import Timeline
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.html.facts import describe_time, find_runs
from spec2bdd.reporters.html.states import State, find_state, find_strength_key
from spec2bdd.reporters.next_step.of_explanation import find_next_of, find_next_of_all
from spec2bdd.reporters.terminal.escape import render_visible, split_visible_lines
from spec2bdd.reporters.terminal.theme import TIER_NAMES, find_status_verdict
from spec2bdd.reporters.text.challenges import describe_fault_place
from spec2bdd.reporters.text.history import describe_history
from spec2bdd.reporters.trace.code_lines import list_ranges

Json = dict[str, Any]
Runs = Mapping[tuple[str, int, str], str]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[-+]\d\d:\d\d)?")
# The colours that a program sets in a terminal say nothing here.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# More than are tried of a scenario without `--all`.
_MOST_FAULTS = 100
# A scenario of a large application runs lines of hundreds of files, and a page has thousands of criteria.
_MOST_FILES = 30
# Controls, and what reorders text; the lines of a document or of code stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """What the facts of each spec take from others: the history, when each scenario ran, and the specs next to it.

    `keys` are those of the specs by their paths.
    """

    timeline: Timeline
    runs: Runs
    keys: Mapping[str, str]
    upstream: Mapping[str, Sequence[SpecDocument]]
    downstream: Mapping[str, Sequence[SpecDocument]]


def build_index(documentation: Documentation) -> list[Json]:
    """Build what a search, a filter and a link need of each spec: its criteria, their results and their strengths."""
    timeline = documentation.timeline
    return [
        {
            "key": document.key,
            "criteria": [
                [
                    entry.item.id,
                    render_visible(entry.item.criterion.text),
                    str(find_state(entry.judgement)),
                    timeline.results.get(entry.item.id, ""),
                    timeline.before.get(entry.item.id, ""),
                    find_strength_key(entry),
                    "" if is_gating(document.explanation, entry) else TIER_NAMES[entry.item.criterion.tier],
                ]
                for entry in document.explanation.entries
            ],
        }
        for document in documentation.specs
    ]


def find_upstream(documentation: Documentation) -> dict[str, list[SpecDocument]]:
    """Find the specs that each spec depends on, by its key."""
    by_id = {document.explanation.spec.spec.find_value("feature_id"): document for document in documentation.specs}
    by_id.pop("", None)
    upstream: dict[str, list[SpecDocument]] = {}
    for document in documentation.specs:
        named = dict.fromkeys(dependency.id for dependency in document.explanation.spec.spec.upstream)
        others = (by_id[identifier] for identifier in named if identifier in by_id)
        upstream[document.key] = [other for other in others if other is not document]
    return upstream


def gather_facts(documentation: Documentation) -> SharedFacts:
    """Gather what the facts of each spec take from those of the others."""
    upstream = find_upstream(documentation)
    downstream: dict[str, list[SpecDocument]] = defaultdict(list)
    for document in documentation.specs:
        for other in upstream[document.key]:
            downstream[other.key].append(document)
    keys = {document.explanation.spec.spec.path: document.key for document in documentation.specs}
    return SharedFacts(documentation.timeline, find_runs(documentation), keys, upstream, downstream)


def build_spec(shared: SharedFacts, document: SpecDocument) -> Json:
    """Build all that the page shows of a spec."""
    report = document.explanation.spec
    return {
        "path": report.spec.path,
        "fields": [[field.key, render_visible(field.value)] for field in report.spec.fields if not field.placeholder],
        "html": _show_controls(document.html),
        "criteria": [
            build_criterion(document.explanation, entry, shared.timeline, shared.runs)
            for entry in document.explanation.entries
        ],
        "done": [build_done_item(item) for item in report.done],
        "holds": list_holds(report, shared.keys),
        "causes": [render_visible(cause.text) for cause in report.why],
        "next": render_visible(find_next_of_all(document.explanation)),
        "source": {place: _show_controls(code) for place, code in document.source.items()},
        "upstream": [_refer(other) for other in shared.upstream[document.key]],
        "downstream": [_refer(other) for other in shared.downstream.get(document.key, ())],
    }


def build_criterion(explanation: Explanation, entry: CriterionExplanation, timeline: Timeline, runs: Runs) -> Json:
    """Build one criterion: its verdict, why, what proved it and when, and its history."""
    item, judgement = entry.item, entry.judgement
    criterion, record = item.criterion, judgement.record if judgement else None
    state = find_state(judgement)
    label = judgement.label if judgement else "not required"
    if state is State.PROVED and criterion.manual:
        label = "manual, ticked"
    return {
        "id": item.id,
        "number": entry.number,
        "tier": TIER_NAMES[criterion.tier],
        "text": render_visible(criterion.text),
        "line": criterion.line,
        "gating": is_gating(explanation, entry),
        "state": str(state),
        "label": label,
        "box": "" if criterion.box.kind is BoxKind.NONE else criterion.box.mark,
        "reason": list(split_visible_lines(_COLOUR.sub("", judgement.reason if judgement else criterion.waived))),
        "rule": entry.rule.sentence,
        "next": "" if state is State.PROVED else render_visible(find_next_of(explanation, entry)),
        "proof": str(item.proof),
        "files": list(item.files),
        "reworded": render_visible(item.reworded),
        "flaky": bool(judgement and judgement.flaky),
        "strength": entry.strength and build_strength(entry.strength),
        "lines": [[render_visible(path), *words] for path, *words in list_ranges(entry.lines)[:_MOST_FILES]],
        "more_files": max(len(entry.lines.ranges) - _MOST_FILES, 0),
        "idle": entry.lines.runs_product is False,
        "scenario": record and build_scenario(record),
        "run": runs.get((record.feature, record.line, record.name), "") if record else "",
        "results": timeline.results.get(item.id, ""),
        "history": [_TIME.sub(lambda match: describe_time(match[0]), line) for line in describe_history(entry.past)],
    }


def is_gating(explanation: Explanation, entry: CriterionExplanation) -> bool:
    """Whether the acceptance of its spec depends on a criterion."""
    return entry.item.criterion.tier in explanation.spec.gate and find_state(entry.judgement) is not State.WAIVED


def build_strength(strength: CriterionStrength) -> Json:
    """Build what the challenges of a criterion say about its checks, and the faults: those that were noticed first.

    A fault has its outcome, its place, its change, and the step that noticed it.
    """
    order = list(ChallengeOutcome)
    challenges = [challenge for scenario in strength.scenarios for challenge in scenario.challenges]
    challenges.sort(key=lambda challenge: order.index(challenge.outcome))
    return {
        "strength": str(strength.strength),
        "reason": render_visible(strength.reason),
        "more": max(len(challenges) - _MOST_FAULTS, 0),
        "faults": [
            [
                str(challenge.outcome),
                render_visible(describe_fault_place(challenge.fault)),
                list(map(render_visible, challenge.fault.change)),
                render_visible(challenge.step) if challenge.outcome is ChallengeOutcome.NOTICED else "",
            ]
            for challenge in challenges[:_MOST_FAULTS]
        ],
    }


def build_scenario(record: ScenarioResult) -> Json:
    """Build the scenario that decided a verdict, with its steps and what went wrong."""
    return {
        "name": render_visible(record.name),
        "place": f"{record.feature}:{record.line}",
        "finished": record.finished,
        "tries": len(record.tries),
        "seconds": round(sum(step.seconds for step in record.steps), 3),
        "steps": [
            {
                "words": [step.keyword, render_visible(step.text)],
                "line": step.line,
                "state": str(find_status_verdict(step.status)).replace(" ", "-"),
                "status": step.status,
                "seconds": round(step.seconds, 3),
                "location": step.location,
                "vacuous": step.vacuous,
                "error": list(split_visible_lines(_COLOUR.sub("", step.error))),
            }
            for step in record.steps
        ],
        "failures": [line for text in record.failures for line in split_visible_lines(_COLOUR.sub("", text))],
        "failed_at": record.failed_at,
        "output": list(split_visible_lines(_COLOUR.sub("", record.output))),
    }


def build_done_item(item: DoneItemVerdict) -> Json:
    """Build one item of the definition of done, with its evidence."""
    ticked = item.box_ticked
    return {
        "line": item.item.line,
        "text": render_visible(item.item.text),
        "state": str(State.FAILED if item.unticked else State.PROVED if ticked else State.OPEN),
        "ticked": ticked,
        # Items without evidence belong to people: there is no verdict to show.
        "label": item.label if item.kinds else "ticked" if ticked else "not ticked",
        "reason": render_visible(item.reason) if item.kinds else "",
        "kinds": [str(kind) for kind in item.kinds],
    }


def list_holds(report: SpecReport, keys: Mapping[str, str]) -> list[Json]:
    """List what keeps a spec from being complete: criteria, done items and other specs, or words."""
    gating = {verdict.id for verdict in report.gating if not verdict.fulfilled}
    holds: list[Json] = [] if report.gating else [{"words": "it has no criterion that acceptance depends on"}]
    holds += [{"criterion": verdict.id} for verdict in report.verdicts if verdict.id in gating]
    holds += [
        {"words": f"line {line}: something that looks like a criterion is not read"} for line in report.spec.unread
    ]
    holds += [{"done": number} for number, item in enumerate(report.done) if not item.box_ticked]
    if not report.done:
        holds.append({"words": "it has no definition of done"})
    return [
        *holds,
        *({"spec": f"{blocking.label}", "key": keys.get(blocking.path, "")} for blocking in report.blocking),
    ]


def _refer(document: SpecDocument) -> Mapping[str, str]:
    """Build a reference to another spec."""
    spec = document.explanation.spec.spec
    name = spec.find_value("name") or spec.title or spec.path
    status = document.explanation.spec.status_after
    return {
        "key": document.key,
        "name": render_visible(f"{spec.find_value('feature_id')} {name}".strip()),
        "status": status,
    }


def _show_controls(text: str) -> str:
    """Show in a document, or in code, the characters that make it read as another one."""
    # A search takes ten times as long, and few texts of thousands of characters have such a character.
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return _CONTROLS.sub(lambda match: render_visible(match[0]), text)
