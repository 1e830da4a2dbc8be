"""What this version of spec2bdd can do, for programs that call it."""

from __future__ import annotations

from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """One option of a command: its names, the value that it takes (empty for a flag), and its help."""

    names: tuple[str, ...]
    value: str
    help: str
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """One command: how it is called, what it does, and the formats that it answers in."""

    name: str
    summary: str
    usage: str
    options: tuple[OptionInfo, ...]
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DialectInfo:
    """One dialect, and the patterns of the files that its tool writes."""

    name: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """One diagnostic code."""

    name: str
    severity: str
    meaning: str
    fix: str
    fixable: bool


@dataclass(frozen=True, slots=True)
class SchemaInfo:
    """One JSON Schema that `spec2bdd schema` prints, and the commands whose answers it describes."""

    name: str
    title: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """All of it; `versions` are those of spec2bdd and of what it runs on, `exit_codes` what each code means."""

    versions: tuple[tuple[str, str], ...]
    commands: tuple[CommandInfo, ...]
    exit_codes: tuple[tuple[int, str], ...]
    dialects: tuple[DialectInfo, ...]
    codes: tuple[CodeInfo, ...]
    schemas: tuple[SchemaInfo, ...]
