"""The `status` command: the whole project at a glance, by the last records and without a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.domain.verdicts.overview_filter import filter_overview
from spec2bdd.model.explanation import OverviewFilter, ProjectOverview
from spec2bdd.project.cache.overview_cache import compute_overview_key, load_overview, store_overview

if TYPE_CHECKING:
    from spec2bdd.model import Explanation


def status(project: ProjectLocation = ".", *, wanted: OverviewFilter = OverviewFilter()) -> ProjectOverview:  # noqa: B008
    """Summarize all specs of a project, or those that are wanted; nothing is run, and no file of it is written.

    The overview is kept in the cache of the project, and computed again when the content of any file that it depends on
    is another one: of the edited specs alone, where the others cannot depend on what was edited.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        RunError: a feature or step file cannot be read.
    """
    config = resolve_config(project)
    key = compute_overview_key(config)
    kept = load_overview(config, key) if key else None
    if key and kept and kept.specs == key.specs:
        return filter_overview(kept.overview, wanted)
    # Most calls find the overview in the cache, and need none of this.
    from spec2bdd.commands.reporting.overview import compute_overview, update_overview

    known, is_closed = None, True
    if key and kept and kept.specs.keys() == key.specs.keys():
        edited = {path for path, digest in key.specs.items() if kept.specs[path] != digest}
        known = update_overview(config, kept, edited)
    if known is None:
        known, is_closed = compute_overview(config)
    # Files may change while they are read.
    if is_closed and key and compute_overview_key(config) == key:
        store_overview(config, known, key)
    return filter_overview(known.overview, wanted)


def status_of_spec(project: ProjectLocation, spec: str) -> Explanation:
    """Explain the verdicts of a spec: its criteria, what they were judged by, and their history.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: no spec matches, or several do.
    """
    from spec2bdd.commands.explain import explain_match
    from spec2bdd.project.left_out import report_left_out
    from spec2bdd.project.loader import load_project
    from spec2bdd.project.lookup import Match, find_spec

    loaded = load_project(project, scenarios=False)
    with report_left_out(loaded, spec):
        plan = find_spec(loaded.plans, spec)
    return explain_match(loaded, Match(plan))
