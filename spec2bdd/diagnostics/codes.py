"""The diagnostic codes of `codes.toml`: their severity, documentation and default hint."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

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


# Parsing all of the file takes some milliseconds: most commands need few codes or none.
@cache
def load_code_groups() -> Mapping[str, tuple[Code, ...]]:
    """Load the codes by the title of their group, in the order of the documentation."""
    return {group["title"]: tuple(map(_build_code, group["code"])) for group in tomllib.loads(_read_text())["group"]}


@cache
def load_codes() -> Mapping[str, Code]:
    """Load all codes by name."""
    return {code.name: code for codes in load_code_groups().values() for code in codes}


@cache
def find_code(name: str) -> Code | None:
    """Find the code of a name; only its own table of the file is parsed."""
    for table in _read_text().split("[[group.code]]"):
        if table.startswith(f'\nname = "{name}"\n'):
            return _build_code(tomllib.loads(table.partition("\n[[group]]")[0]))
    return None


@cache
def _load_former_names() -> Mapping[str, str]:
    """Load the codes that had another name, by that name."""
    return {code.former: code.name for code in load_codes().values() if code.former}


def find_current_name(name: str) -> str:
    """Find the name that a code has now; a name that no code had stays as it is."""
    return _load_former_names().get(name, name)


def is_configurable(name: str) -> bool:
    """Whether a code exists and can be given a level or be suppressed."""
    code = find_code(name)
    return code is not None and code.configurable


def is_fixable(name: str) -> bool:
    """Whether `lint --fix` can resolve the unambiguous cases of a code."""
    code = find_code(name)
    return code is not None and code.fixable


@cache
def _read_text() -> str:
    return Path(__file__).with_name("codes.toml").read_text(encoding="utf-8")


def _build_code(entry: Mapping[str, Any]) -> Code:
    return Code(**{**entry, "severity": Severity(entry["severity"])})
