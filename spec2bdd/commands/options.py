"""Options that several commands share."""

from __future__ import annotations

from dataclasses import dataclass

from spec2bdd.model import DEFAULT_RUN, RunOptions
from spec2bdd.project.selection import EVERYTHING, Selection, may_be_partial


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for: `check` writes nothing, `strict` trusts no tick, `gate_all` wants every gate fulfilled.

    `patch` writes nothing either, since somebody else is to write it. `prune` removes what nobody needs any more.
    `commands` allows those of the configuration to be run for evidence, `trust_foreign` takes the word of other tools.
    `plan` says what is run, and how; `choice` what of it.
    """

    check: bool = False
    patch: bool = False
    strict: bool = False
    gate_all: bool = False
    prune: bool = False
    commands: bool = False
    trust_foreign: bool = False
    plan: RunOptions = DEFAULT_RUN
    choice: Selection = EVERYTHING

    @property
    def writes(self) -> bool:
        """Tell whether anything is to be written."""
        return not (self.check or self.patch)

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is to be run."""
        return self.choice == EVERYTHING and not may_be_partial(self.plan)
