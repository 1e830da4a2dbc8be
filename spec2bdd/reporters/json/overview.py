"""The document of `status`; `docs/status.md` describes its keys."""

from __future__ import annotations

from spec2bdd.model.explanation import ProjectOverview, SpecOverview
from spec2bdd.reporters.json.document import Json, diagnostic_to_json, render_document, verdict_key
from spec2bdd.reporters.next_step.of_overview import find_next_of_project, find_next_of_spec
from spec2bdd.reporters.overview_counts import (
    TIERS,
    count_all_verdicts,
    count_changed,
    count_statuses,
    count_tier,
)

# Raised when a key is removed or changes its meaning, not when one is added.
VERSION = 1


def render_overview_json(overview: ProjectOverview) -> str:
    """Render an overview as one document."""
    run, counts = overview.run, count_all_verdicts(overview)
    return render_document(
        {
            "version": VERSION,
            "command": "status",
            "exit_code": overview.exit_code,
            "summary": {
                "specs": len(overview.specs),
                "left_out": overview.left_out,
                "unusable": overview.unusable,
                "statuses": count_statuses(overview),
                "criteria": sum(counts.values()),
                "tiers": _tiers_to_json(overview.specs),
                "verdicts": {verdict_key(verdict): count for verdict, count in counts.items()},
                "changed": count_changed(overview),
                "unlinked_failing": overview.unlinked,
                "warnings": overview.warnings,
            },
            "run": run and {"id": run.id, "complete": run.complete, "started": run.started, "commit": run.commit},
            "next": find_next_of_project(overview),
            "specs": [_spec_to_json(spec, overview) for spec in overview.specs],
            "diagnostics": [diagnostic_to_json(diagnostic) for diagnostic in overview.diagnostics],
            "notes": list(overview.notes),
        }
    )


def _spec_to_json(spec: SpecOverview, overview: ProjectOverview) -> Json:
    """Build one spec."""
    verdicts = {verdict: spec.count(verdict) for group in spec.groups for verdict in group.verdicts}
    before = {verdict: spec.count_before(verdict) for group in spec.groups for verdict in group.before}
    ticked, items = spec.done
    return {
        "path": spec.path,
        "feature_id": spec.feature_id,
        "name": spec.name,
        "owner": spec.owner,
        "dialect": spec.dialect,
        "status": {"before": spec.status, "after": spec.status_after},
        "tags": sorted({tag for group in spec.groups for tag in group.tags}),
        "tiers": _tiers_to_json([spec]),
        "verdicts": {verdict_key(verdict): count for verdict, count in verdicts.items()},
        "stale_before": {verdict_key(verdict): count for verdict, count in before.items()},
        "changed": dict(spec.changed),
        "done": {"ticked": ticked, "items": items},
        "waiting": spec.blocker,
        "next": find_next_of_spec(spec, overview),
    }


def _tiers_to_json(specs: tuple[SpecOverview, ...] | list[SpecOverview]) -> Json:
    """Build the counts of each tier."""
    counts = {tier: count_tier(specs, tier) for tier in TIERS}
    return {
        str(tier): {
            "criteria": count.criteria,
            "fulfilled": count.fulfilled,
            "passed_before": count.passed_before,
            "failing": count.failing,
        }
        for tier, count in counts.items()
    }
