"""Diagnostics, fingerprints and run options as JSON, for the processes that run Behave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from spec2bdd.adapters.formats.json import require_mapping, require_value
from spec2bdd.model import Diagnostic, Fingerprint, RunOptions, Severity
from spec2bdd.text.clean import clean_text

JsonObject = dict[str, Any]

# All fields but `diff`, which diagnostics of loaded files do not have.
_FIELDS = ("path", "line", "column", "severity", "code", "message", "hint")


_WARNINGS = frozenset({"bad-step-pattern", "broad-step", "several-definitions", "unread-argument", "worker-stopped"})


def build_file_diagnostic(path: str, line: int, *, code: str, message: str, column: int = 1) -> Diagnostic:
    """Build a diagnostic of a feature, step or hook file; where Behave goes on, it is a warning, else an error.

    Its hint is empty: the command that reports it adds the one of its code.
    """
    severity = Severity.WARNING if code in _WARNINGS else Severity.ERROR
    # Line 0 is the file as a whole.
    return Diagnostic(clean_text(path), line, column if line else 0, severity, code, clean_text(message), "")


def diagnostic_to_json(diagnostic: Diagnostic) -> JsonObject:
    """Convert a diagnostic to JSON."""
    return {name: value for name, value in asdict(diagnostic).items() if name in _FIELDS}


def diagnostic_from_json(facts: Any) -> Diagnostic:
    """Convert a diagnostic back from JSON.

    Raises:
        KeyError: a field is missing.
        TypeError: a field is of another type.
        ValueError: the severity is unknown.
    """
    diagnostic = Diagnostic(**{name: facts[name] for name in _FIELDS})
    numbers = (diagnostic.line, diagnostic.column)
    texts = (diagnostic.path, diagnostic.code, diagnostic.message, diagnostic.hint)
    # Dataclasses do not check the types of their fields.
    if not all(isinstance(number, int) for number in numbers) or not all(isinstance(text, str) for text in texts):
        raise TypeError("not a diagnostic")
    return replace(diagnostic, severity=Severity(diagnostic.severity))


def fingerprint_to_json(fingerprint: Fingerprint) -> JsonObject:
    """Convert a fingerprint to JSON."""
    return asdict(fingerprint)


def fingerprint_from_json(facts: Mapping[str, Any]) -> Fingerprint:
    """Convert a fingerprint back from JSON.

    Raises:
        KeyError: a field is missing.
        TypeError: a field is of another type.
    """
    return Fingerprint(
        digest=require_value(facts, "digest", str),
        root=require_value(facts, "root", str),
        commit=require_value(facts, "commit", str),
        changed=require_mapping(facts, "changed", str),
        folders=require_mapping(facts, "folders", str),
    )


def run_options_to_json(plan: RunOptions) -> dict[str, Any]:
    """Convert run options to JSON."""
    return {
        "jobs": plan.jobs,
        "timeout": plan.timeout,
        "retries": plan.retries,
        "shard": None if plan.shard is None else list(plan.shard),
        "only": None if plan.only is None else sorted(plan.only),
        "features": None if plan.features is None else sorted(plan.features),
        "also": sorted(plan.also),
        "kept": {run: list(names) for run, names in plan.kept.items()},
        "scenarios": [list(scenario) for scenario in sorted(plan.scenarios)],
        "arguments": list(plan.arguments),
        # Only `watch` orders a run.
        **({"urgent": sorted(plan.urgent)} if plan.urgent else {}),
        **(_cluster_to_json(plan) if plan.executor != "local" else {}),
        **({} if plan.durations is None else {"durations": {path: {**row} for path, row in plan.durations.items()}}),
    }


def _cluster_to_json(plan: RunOptions) -> JsonObject:
    return {"executor": plan.executor, "cluster_workers": plan.cluster_workers, "scheduler": plan.scheduler}


def run_options_from_json(facts: Mapping[str, Any]) -> RunOptions:
    """Convert run options back from JSON.

    Raises:
        KeyError: a field is missing.
        TypeError: a field is of another type.
        ValueError: the shard is not a pair.
    """
    # JSON has neither tuples nor sets.
    shard, only, features = facts["shard"], facts["only"], facts["features"]
    if shard is not None:
        part, parts = shard
        shard = int(part), int(parts)
    return RunOptions(
        jobs=int(facts["jobs"]),
        timeout=None if facts["timeout"] is None else float(facts["timeout"]),
        retries=int(facts["retries"]),
        shard=shard,
        only=None if only is None else frozenset(map(str, only)),
        features=None if features is None else frozenset(map(str, features)),
        also=frozenset(map(str, facts["also"])),
        kept={str(run): tuple(map(str, names)) for run, names in facts["kept"].items()},
        scenarios=frozenset((str(path), str(name)) for path, name in facts["scenarios"]),
        arguments=tuple(map(str, facts["arguments"])),
        urgent=frozenset(map(str, facts.get("urgent", ()))),
        durations=facts.get("durations"),
        executor=facts.get("executor", "local"),
        cluster_workers=int(facts.get("cluster_workers", 0)),
        scheduler=str(facts.get("scheduler", "")),
    )
