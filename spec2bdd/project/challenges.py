"""Challenge criteria of a project, and remember the results in its cache until something changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from spec2bdd.adapters.behave.challenger import ChallengeOptions, OnEvent, challenge_scenarios, read_scenario
from spec2bdd.config import Config
from spec2bdd.domain.challenges.strength import judge_strength
from spec2bdd.domain.verdicts.scenarios.context import CheckedRun
from spec2bdd.model import ChallengeOutcome, CriterionStrength, Strength, TestRun
from spec2bdd.project.cache.remembered import read_remembered, write_remembered
from spec2bdd.text.globs import build_expression

_NAME = "challenges.json"
# Raised when what is remembered has another shape, or was found by other rules.
_VERSION = 7
# How many results of earlier challenges are kept that this one did not need.
_MOST_EARLIER = 1000
# The faults of a criterion that its checks noticed, of which as many are kept.
_MOST_NOTICED = 100
_PARTS = ("scenarios", "strengths", "noticed")
_Remembered = Mapping[str, Mapping[str, Any]]


def challenge_criteria(
    config: Config,
    criteria: Collection[str],
    options: ChallengeOptions,
    on_event: OnEvent,
    *,
    runs: Sequence[TestRun],
    keep: bool = True,
) -> dict[str, CriterionStrength]:
    """Challenge the criteria with these ids, except where nothing has changed since they were challenged.

    `runs` are those that they passed in. With `keep`, the results are remembered, also those before an interruption.

    Raises:
        RunError: Behave cannot be started, or ended before all were challenged.
    """
    if not criteria:
        return {}
    remembered = _read_parts(config)
    before = {id_: () if options.forget else tuple(map(tuple, remembered["noticed"].get(id_, ()))) for id_ in criteria}
    found: dict[str, Any] = {}
    try:
        results = challenge_scenarios(
            config.root,
            features=config.features,
            criteria=before,
            options=options,
            on_event=on_event,
            remembered=remembered["scenarios"],
            sources=config.sources,
            helpers=build_expression(config.step_helpers),
            found=found,
        )
    except BaseException:
        # Such as Ctrl-C: the next challenges go on where these ended.
        if keep and found:
            content = {**remembered, "scenarios": {**remembered["scenarios"], **found}}
            write_remembered(config, _NAME, content, version=_VERSION)
        raise
    strengths = {id_: judge_strength(id_, results.scenarios, before[id_]) for id_ in criteria}
    if keep:
        trees = _list_trees(runs)
        known = {id_: facts for id_, facts in remembered["strengths"].items() if facts["tree"] in trees}
        keys: dict[str, list[str]] = {}
        for key, entry in results.remembered.items():
            for tag in entry["events"][-1]["tags"]:
                keys.setdefault(tag, []).append(key)
        for id_, strength in strengths.items():
            facts = {"strength": str(strength.strength), "reason": strength.reason, "tree": trees[-1]}
            known[id_] = {**facts, "scenarios": keys.get(id_, [])}
        # Of what was challenged before, as on another branch, the newest, and what the known strengths come from.
        earlier = [key for key in remembered["scenarios"] if key not in results.remembered]
        kept = {*earlier[-_MOST_EARLIER:], *(key for facts in known.values() for key in facts["scenarios"])}
        scenarios = {**{key: remembered["scenarios"][key] for key in earlier if key in kept}, **results.remembered}
        content = {"scenarios": scenarios, "strengths": known, "noticed": _merge_noticed(remembered, before, strengths)}
        write_remembered(config, _NAME, content, version=_VERSION)
    return strengths


def _merge_noticed(
    remembered: _Remembered, before: Mapping[str, Sequence[tuple[str, ...]]], strengths: Mapping[str, CriterionStrength]
) -> dict[str, Any]:
    """Add the faults that were noticed now to those of earlier challenges, by criterion."""
    noticed = dict(remembered["noticed"])
    for id_, strength in strengths.items():
        new = (fault.identity for fault in strength.list_faults(ChallengeOutcome.NOTICED))
        noticed[id_] = list(dict.fromkeys((*before[id_], *new)))[:_MOST_NOTICED]
    return noticed


def recall_strengths(
    config: Config, runs: Sequence[CheckedRun], *, with_faults: bool = False
) -> dict[str, CriterionStrength]:
    """Recall the strengths of the criteria that were challenged in the project as it is now.

    That is the one from which one of the runs ran whose results count today. With `with_faults`, each strength has the
    scenarios with the faults that were tried, apart from those with a problem, and from those of files that are not the
    same: there, lines may have moved.
    """
    remembered = _read_parts(config)
    current = set(_list_trees([checked.run for checked in runs if checked.is_of_today]))
    # What has changed since an earlier run affects neither these nor what was found about their checks.
    kept = {_list_trees([checked.run])[0]: checked.kept for checked in runs if checked.kept}
    return {
        id_: CriterionStrength(
            id_,
            Strength(facts["strength"]),
            str(facts["reason"]),
            tuple(
                read_scenario(remembered["scenarios"][key]["events"])
                for key in facts["scenarios"]
                if with_faults and facts["tree"] in current
            ),
        )
        for id_, facts in remembered["strengths"].items()
        if facts["tree"] in current or id_ in kept.get(facts["tree"], ())
    }


def _list_trees(runs: Sequence[TestRun]) -> list[str]:
    """List digests of all files that each of the runs ran from, the newest last."""
    facts = [[run.fingerprint.digest, sorted(run.digests.items())] for run in runs]
    return [hashlib.sha256(json.dumps(fact).encode()).hexdigest() for fact in facts]


def _read_parts(config: Config) -> dict[str, _Remembered]:
    """Read what is remembered."""
    content = read_remembered(config, _NAME, version=_VERSION)
    return {name: content.get(name, {}) for name in _PARTS}
