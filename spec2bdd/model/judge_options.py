"""How strictly results are judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JudgeOptions:
    """How specs are judged.

    `strict` unticks boxes that were ticked by hand before the first run, `gate_all` requires all gating criteria
    whatever the status of the spec claims, `commands` allows to run the commands of the configuration for evidence,
    and `trust_foreign` accepts passes that only other tools report. `partial` means that a part was left out on
    purpose, which is then no reason to fail.
    """

    strict: bool = False
    gate_all: bool = False
    commands: bool = False
    partial: bool = False
    trust_foreign: bool = False
