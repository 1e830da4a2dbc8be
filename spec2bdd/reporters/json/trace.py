"""The document of `trace`; `docs/trace.md` describes its keys."""

from __future__ import annotations

from spec2bdd.model.trace import Trace, TracedCriterion, TracedLine, TracedScenario, TracedSpec, Untested
from spec2bdd.reporters.json.challenges import challenge_to_json
from spec2bdd.reporters.json.document import Json, diagnostic_to_json, render_document, verdict_key

# Raised when a key is removed or changes its meaning, not when one is added.
VERSION = 1


def render_trace_json(trace: Trace) -> str:
    """Render a trace as one document; with only the gaps asked for, the other lists are empty."""
    run = trace.run
    nodes = Trace() if trace.only_gaps else trace
    return render_document(
        {
            "version": VERSION,
            "command": "trace",
            "exit_code": trace.exit_code,
            "names": list(trace.names),
            "summary": {
                "sections": len(trace.sections),
                "specs": len(trace.specs),
                "criteria": len(trace.criteria),
                "scenarios": len(trace.scenarios),
                "step_definitions": len(trace.definitions),
                "gaps": len(trace.gaps),
            },
            "run": run and {"id": run.id, "complete": run.complete, "started": run.started, "commit": run.commit},
            "sections": [
                {
                    "id": section.id,
                    "document": str(section.kind),
                    "number": section.number,
                    "title": section.title,
                    "path": section.path,
                    "line": section.line,
                    "unknown": section.unknown,
                    "specs": list(section.specs),
                }
                for section in nodes.sections
            ],
            "specs": list(map(_spec_to_json, nodes.specs)),
            "criteria": list(map(_criterion_to_json, nodes.criteria)),
            "scenarios": list(map(_scenario_to_json, nodes.scenarios)),
            "step_definitions": [
                {
                    "id": definition.id,
                    "path": definition.path,
                    "line": definition.line,
                    "kind": definition.kind,
                    "pattern": definition.pattern,
                    "callers": list(definition.callers),
                    "scenarios": list(definition.scenarios),
                }
                for definition in nodes.definitions
            ],
            "gaps": [
                {"kind": str(gap.kind), "id": gap.node, "path": gap.path, "line": gap.line, "text": gap.text}
                for gap in trace.gaps
            ],
            "lines": list(map(_line_to_json, trace.lines)),
            # Null where it was not asked for.
            "untested": trace.untested and _untested_to_json(trace.untested),
            "diagnostics": [diagnostic_to_json(diagnostic) for diagnostic in trace.diagnostics],
        }
    )


def _line_to_json(line: TracedLine) -> Json:
    """Build one named line of code, with the criteria that run it and the faults that were put there."""
    criteria = [
        {
            "id": use.criterion,
            "challenged": use.challenged,
            "notices": use.notices,
            # Null where they are not known.
            "steps": None if use.steps is None else list(use.steps),
            "challenges": list(map(challenge_to_json, use.challenges)),
        }
        for use in line.uses
    ]
    facts = {"path": line.path, "line": line.line, "functions": list(line.functions), "loaded": line.loaded}
    return {**facts, "criteria": criteria}


def _untested_to_json(untested: Untested) -> Json:
    """Build the lines that no criterion runs."""
    files = [
        {
            "path": file.path,
            "loaded": file.loaded,
            "ranges": [
                {"first": part.first, "last": part.last, "function": part.function, "lines": part.count}
                for part in file.ranges
            ],
        }
        for file in untested.files
    ]
    facts = {"since": untested.since, "checked": untested.checked, "elsewhere": untested.elsewhere}
    return {**facts, "lines": untested.count, "files": files}


def _spec_to_json(spec: TracedSpec) -> Json:
    """Build one spec."""
    return {
        "path": spec.path,
        "feature_id": spec.feature_id,
        "name": spec.name,
        "status": spec.status,
        "sections": list(spec.sections),
        "criteria": list(spec.criteria),
        "depends_on": list(spec.depends_on),
        "cyclic": list(spec.cyclic),
    }


def _criterion_to_json(criterion: TracedCriterion) -> Json:
    """Build one criterion."""
    return {
        "id": criterion.id,
        "spec": criterion.spec,
        "number": criterion.number,
        "text": criterion.text,
        "tier": str(criterion.tier),
        "line": criterion.line,
        "tags": list(criterion.tags),
        "parent": criterion.parent,
        "verdict": criterion.verdict and verdict_key(criterion.verdict),
        "reason": criterion.reason,
        "scenarios": list(criterion.scenarios),
    }


def _scenario_to_json(scenario: TracedScenario) -> Json:
    """Build one scenario with its steps and its last result."""
    result = scenario.result
    return {
        "id": scenario.id,
        "path": scenario.path,
        "line": scenario.line,
        "name": scenario.name,
        "tags": list(scenario.tags),
        "criteria": list(scenario.criteria),
        "result": result
        and {"verdict": verdict_key(result.verdict), "reason": result.reason, "outdated": result.outdated},
        "steps": [
            {
                "keyword": step.keyword,
                "kind": step.kind,
                "text": step.text,
                "line": step.line,
                "step_definition": step.definition,
            }
            for step in scenario.steps
        ],
    }
