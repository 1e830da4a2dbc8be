"""The diagnostic codes of `codes.toml`: their severity, documentation and default hint."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from spec2bdd.model import Severity
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One diagnostic code; `example` is text that causes it, `fix` says what to do about it.

    `fixable` is true where `lint --fix` can resolve the unambiguous cases. `former` is a name that comments and the
    configuration may still use.
    """

    name: str
    severity: Severity
    meaning: str
    example: str
    fix: str
    fixable: bool = False
    former: str = ""

    @property
    def configurable(self) -> bool:
        """Whether the code can be given a level or be suppressed: an error, which stops work, cannot."""
        return self.severity is not Severity.ERROR


# Parsing the file takes some milliseconds, which a command without diagnostics need not spend: load on first use.
@cache
def load_code_groups() -> Mapping[str, tuple[Code, ...]]:
    """Load the codes by the title of their group, in the order of the documentation."""
    text = Path(__file__).with_name("codes.toml").read_text(encoding="utf-8")
    return {
        group["title"]: tuple(Code(**{**entry, "severity": Severity(entry["severity"])}) for entry in group["code"])
        for group in tomllib.loads(text)["group"]
    }


@cache
def load_codes() -> Mapping[str, Code]:
    """Load all codes by name."""
    return {code.name: code for codes in load_code_groups().values() for code in codes}


@cache
def _load_former_names() -> Mapping[str, str]:
    """Load the codes that had another name, by that name."""
    return {code.former: code.name for code in load_codes().values() if code.former}


def find_current_name(name: str) -> str:
    """Find the name that a code has now; a name that no code had stays as it is."""
    return _load_former_names().get(name, name)


def is_configurable(name: str) -> bool:
    """Whether a code exists and can be given a level or be suppressed."""
    code = load_codes().get(name)
    return code is not None and code.configurable


def is_fixable(name: str) -> bool:
    """Whether `lint --fix` can resolve the unambiguous cases of a code."""
    code = load_codes().get(name)
    return code is not None and code.fixable
