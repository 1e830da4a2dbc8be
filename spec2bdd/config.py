"""Read `[tool.spec2bdd]` from pyproject.toml, or spec2bdd.toml: a folder to start from in, a checked `Config` out."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from spec2bdd.codes import CODES
from spec2bdd.errors import ConfigError
from spec2bdd.model import Tier
from spec2bdd.writing.languages import LANGUAGES, find_language

_PLACE = re.compile(r"(?P<message>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL)

CONFIG_NAMES = ("spec2bdd.toml", "pyproject.toml")
CACHE = ".spec2bdd"
KEYS = ("specs", "features", "steps", "gate", "language", "headings", "lint")
# What a heading can announce, and what a finding can be turned into.
HEADINGS = ("must", "should", "could", "wont", "criteria", "done", "leave-out")
LEVELS = ("error", "warning", "advice", "off")


@dataclass(frozen=True, slots=True)
class Config:
    """Where a project keeps its things: `root` is absolute, the folders relative to it; `gate` names tiers.

    `language` is that of the keywords in specs that name none.
    `headings` holds extra names of headings by what they announce, `lint` the level of a finding by its code.
    """

    root: Path
    specs: str = "specs"
    features: str = "features"
    steps: str = "steps"
    gate: tuple[Tier, ...] = (Tier.MUST,)
    language: str = "en"
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lint: Mapping[str, str] = field(default_factory=dict)

    @property
    def records(self) -> Path:
        """Return where the records of the last run are kept."""
        return self.root / CACHE / "records.ndjson"


def read_config(start: Path, *, explicit: Path | None = None) -> Config:
    """Return the configuration that holds for `start`: the nearest one upward, or the defaults with `start` as root.

    Raises:
        ConfigError: a file is not TOML, a key is unknown, a value has the wrong type or leads outside the project.
    """
    path = explicit or _find_config(start.resolve())
    if path is None:
        return _derive_config(start.resolve(), {}, "")
    return _derive_config(path.resolve().parent, _read_table(path) or {}, path.name)


def _find_config(start: Path) -> Path | None:
    """Return the nearest file upward that holds our configuration."""
    for folder in (start, *start.parents):
        for name in CONFIG_NAMES:
            path = folder / name
            if path.is_file() and _read_table(path) is not None:
                return path
    return None


def _read_table(path: Path) -> Mapping[str, object] | None:
    """Return our table of a TOML file, or nothing if it has none."""
    data = _read_toml(path)
    if path.name != "pyproject.toml":
        return data
    tool = data.get("tool")
    table = tool.get("spec2bdd") if isinstance(tool, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise ConfigError("`tool.spec2bdd` is not a table", path=path.name, hint="write it as `[tool.spec2bdd]`")


def _read_toml(path: Path) -> dict[str, object]:
    """Return what a TOML file holds."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"cannot read the configuration: {error.strerror}", path=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.fullmatch(str(error))
        message, line, column = (found[1], int(found[2]), int(found[3])) if found else (str(error), 0, 0)
        raise ConfigError(f"not valid TOML: {message}", path=path.name, line=line, column=column) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(
            "not valid TOML: not UTF-8 text", hint="save it as UTF-8", path=path.name, line=line
        ) from error
    except RecursionError as error:
        raise ConfigError("not valid TOML: nested too deeply", path=path.name) from error


def _derive_config(root: Path, table: Mapping[str, object], name: str) -> Config:
    """Check every key of the table and fill in the defaults."""
    _refuse_unknown(table, KEYS, name=name)
    features = _derive_folder(table, "features", default="features", name=name)
    return Config(
        root=root,
        specs=_derive_folder(table, "specs", default="specs", name=name),
        features=features,
        steps=_derive_folder(table, "steps", default=_find_steps(root, features), name=name),
        gate=_derive_gate(table.get("gate", ["must"]), name),
        language=_derive_language(table.get("language", "en"), name),
        headings=_derive_headings(table.get("headings", {}), name),
        lint=_derive_levels(table.get("lint", {}), name),
    )


def _refuse_unknown(table: Mapping[str, object], known: tuple[str, ...], *, name: str) -> None:
    """Refuse a key that means nothing, and guess what was meant."""
    for key in table:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(f'`{k}`' for k in known)}"
            raise ConfigError(f"unknown key `{key}`", hint=hint, path=name)


def _derive_headings(value: object, name: str) -> dict[str, tuple[str, ...]]:
    """Return the extra names of headings."""
    if not isinstance(value, dict):
        raise ConfigError("`headings` is not a table", hint='write `must = ["Critical"]` below it', path=name)
    _refuse_unknown(value, HEADINGS, name=name)
    for key, names in value.items():
        if not isinstance(names, list) or not all(isinstance(text, str) and text.strip() for text in names):
            raise ConfigError(f"`{key}` is not a list of headings", hint=f'write `{key} = ["Critical"]`', path=name)
    return {key: tuple(names) for key, names in value.items()}


def _derive_levels(value: object, name: str) -> dict[str, str]:
    """Return the level that each code is given."""
    if not isinstance(value, dict):
        raise ConfigError("`lint` is not a table", hint='write `vague-word = "off"` below it', path=name)
    for code, level in value.items():
        _refuse_code(code, name)
        if level not in LEVELS:
            hint = f"one of {', '.join(f'`{known}`' for known in LEVELS)}"
            raise ConfigError(f"`{code} = {level!r}` is not a level", hint=hint, path=name)
    return dict(value)


def _refuse_code(code: str, name: str) -> None:
    """Refuse the name of a code that does not exist, or whose level is not a matter of taste."""
    if code not in CODES:
        close = difflib.get_close_matches(code, CODES, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "write a code as it stands in brackets behind a message"
        raise ConfigError(f"unknown code `{code}`", hint=hint, path=name)
    if not CODES[code].configurable:
        message = f"`{code}` cannot be given a level: it is an error that keeps work from being done"
        raise ConfigError(message, hint="delete the line", path=name)


def _find_steps(root: Path, features: str) -> str:
    """Return the steps folder that a project has already inside its features folder, else `steps`.

    Behave looks there first, and then sees no other.
    """
    nested = f"{features}/steps"
    return nested if (root / nested).is_dir() else "steps"


def _derive_folder(table: Mapping[str, object], key: str, *, default: str, name: str) -> str:
    """Return a folder below the root, with `/`, or refuse it."""
    value = table.get(key, default)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ConfigError(f"`{key}` is not the name of a folder", hint=f'write `{key} = "{default}"`', path=name)
    folder = PurePosixPath(value.replace("\\", "/"))
    outside = folder.is_absolute() or ".." in folder.parts or ":" in "".join(folder.parts[:1])
    if outside or not folder.parts:
        hint = "name a folder below the one that holds the configuration"
        where = "leads outside the project" if outside else "is the whole project"
        raise ConfigError(f"`{key} = {value!r}` {where}", hint=hint, path=name)
    return folder.as_posix()


def _derive_gate(value: object, name: str) -> tuple[Tier, ...]:
    """Return the gating tiers."""
    known = (Tier.MUST, Tier.SHOULD, Tier.COULD)
    if not isinstance(value, list) or not value or any(tier not in known for tier in value):
        raise ConfigError("`gate` is not a list of tiers", hint='write `gate = ["must", "should"]`', path=name)
    return tuple(tier for tier in known if tier in value)


def _derive_language(value: object, name: str) -> str:
    """Return the code of a language whose keywords are known."""
    found = find_language(value) if isinstance(value, str) else ""
    if not found:
        hint = f"one of {', '.join(f'`{code}`' for code in LANGUAGES)}"
        raise ConfigError(
            f"`language = {value!r}` is not a language that specs can be written in", hint=hint, path=name
        )
    return found
