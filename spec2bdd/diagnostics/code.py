"""What is known of one code: what it reports, how much that matters, how it is mended."""

from __future__ import annotations

from dataclasses import dataclass

from spec2bdd.model import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """One code that a problem can carry; `example` is what it is found in, `fix` what to do about it.

    `fixable` is true where `lint --fix` mends what is beyond doubt.
    """

    name: str
    severity: Severity
    meaning: str
    example: str
    fix: str
    fixable: bool = False

    @property
    def configurable(self) -> bool:
        """Tell whether it may be given another level or be ignored: what stops work may not."""
        return self.severity is not Severity.ERROR
