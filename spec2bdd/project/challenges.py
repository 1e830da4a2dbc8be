"""Challenge criteria of a project, and remember the results in its cache until something changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from spec2bdd.adapters.behave.challenger import ChallengeOptions, OnEvent, challenge_scenarios
from spec2bdd.adapters.system.git import is_tracked
from spec2bdd.config import CACHE, Config
from spec2bdd.domain.challenges.strength import judge_strength
from spec2bdd.errors import RunError
from spec2bdd.model import ChallengeOutcome, CriterionStrength, Strength, TestRun
from spec2bdd.project.cache.folder import make_cache, write_cache

_NAME = "challenges.json"
# Raised when what is remembered has another shape.
_VERSION = 3
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

    `runs` are those that they passed in. With `keep`, the results are remembered.

    Raises:
        RunError: Behave cannot be started, or ended before all were challenged.
    """
    if not criteria:
        return {}
    remembered = _read_remembered(config)
    before = {id_: () if options.forget else tuple(map(tuple, remembered["noticed"].get(id_, ()))) for id_ in criteria}
    results = challenge_scenarios(
        config.root,
        features=config.features,
        criteria=before,
        options=options,
        on_event=on_event,
        remembered=remembered["scenarios"],
        sources=config.sources,
    )
    strengths = {id_: judge_strength(id_, results.scenarios, before[id_]) for id_ in criteria}
    if keep:
        known = {id_: facts for id_, facts in remembered["strengths"].items() if facts["tree"] in _list_trees(runs)}
        tree = _list_trees(runs)[-1]
        for id_, strength in strengths.items():
            known[id_] = {"strength": str(strength.strength), "reason": strength.reason, "tree": tree}
        # Of what was challenged before, as on another branch, the newest.
        earlier = [key for key in remembered["scenarios"] if key not in results.remembered][-_MOST_EARLIER:]
        scenarios = {**{key: remembered["scenarios"][key] for key in earlier}, **results.remembered}
        content = {"scenarios": scenarios, "strengths": known, "noticed": _merge_noticed(remembered, before, strengths)}
        # The file is a cache, so it may be lost.
        with suppress(OSError, RunError):
            make_cache(config.root / CACHE)
            facts = {"version": _VERSION, "digest": _digest(content), **content}
            write_cache(config.root / CACHE / _NAME, json.dumps(facts).encode("ascii"))
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


def recall_strengths(config: Config, runs: Sequence[TestRun]) -> dict[str, CriterionStrength]:
    """Recall the strengths of the criteria that were challenged in the very project that one of these runs ran from."""
    trees = _list_trees(runs)
    return {
        id_: CriterionStrength(id_, Strength(facts["strength"]), str(facts["reason"]))
        for id_, facts in _read_remembered(config)["strengths"].items()
        if facts["tree"] in trees
    }


def _list_trees(runs: Sequence[TestRun]) -> list[str]:
    """List digests of all files that each of the runs ran from, the newest last."""
    facts = [[run.fingerprint.digest, sorted(run.digests.items())] for run in runs]
    return [hashlib.sha256(json.dumps(fact).encode()).hexdigest() for fact in facts]


def _read_remembered(config: Config) -> dict[str, _Remembered]:
    """Read what is remembered; a file that is missing, damaged, of another version or committed counts as empty."""
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        content = json.loads((config.root / CACHE / _NAME).read_bytes())
        # It may come from any machine, and anyone can compute its digest.
        if is_tracked(config.root, f"{CACHE}/{_NAME}"):
            raise ValueError("it was committed")
        known = {name: content[name] for name in _PARTS}
        if content["version"] == _VERSION and content["digest"] == _digest(known):
            return known
    return {name: {} for name in _PARTS}


def _digest(content: Mapping[str, _Remembered]) -> str:
    """Compute the digest of what is remembered: nothing in a file of which a part was changed is relied on."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
