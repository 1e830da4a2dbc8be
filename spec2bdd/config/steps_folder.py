"""Find the folder that Behave loads the steps from, and refuse settings with which files of a project are missed."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path, PurePosixPath

from spec2bdd.config.tool_settings import BehaveDefaults, is_readable_file
from spec2bdd.errors import ConfigError
from spec2bdd.text.suggest import suggest

_FEATURES = "features"


def check_features_folder(root: Path, configured: str) -> None:
    """Check that the features are not in another folder than the configured one.

    If that is missing, the other one is a folder next to it with a similar name, or `features` with generated files.

    Raises:
        ConfigError: they are.
    """
    target = root / configured
    if target.exists():
        return
    parent = target.parent
    names = sorted(entry.name for entry in parent.iterdir() if entry.is_dir()) if parent.is_dir() else []
    # By name first, as there may be large folders next to it.
    similar = [name for name in names if suggest(target.name, [name])]
    near = suggest(target.name, [name for name in similar if any((parent / name).glob("**/*.feature"))])
    found = (parent / near).relative_to(root).as_posix() if near else _FEATURES
    if near or any(map(_is_generated, (root / _FEATURES).glob("**/*.feature"))):
        message = f"`features` names `{configured}/`, which does not exist, while there are features in `{found}/`"
        is_inside = PurePosixPath(configured).is_relative_to(found)
        remedy = "move the generated files into it" if is_inside else f"move them: `mv {found} {configured}`"
        raise ConfigError(message, hint=f"correct `features`, or {remedy}").inside("features")


def _is_generated(path: Path) -> bool:
    """Whether a feature file has the header of a generated one, which may follow the language; it may be unreadable."""
    # Needed only where the configured folder is missing.
    from spec2bdd.domain.gherkin.manifest.manifest import HEADER

    if not is_readable_file(path):
        return False
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            return any(HEADER.match(line) for line in islice(stream, 2))
    except OSError:
        return False


def find_steps_folder(root: Path, behave: BehaveDefaults, *, features: str, configured: str | None) -> str:
    """Find the folder of the steps, by its path from the root: the configured one, or the one that Behave finds.

    From the features upward, Behave stops at the first folder with steps or with hooks, and looks in no other.

    Raises:
        ConfigError: there are hooks that Behave would not load, or with which it would load other steps, or the
            configured folder is missing where another one has steps.
    """
    nested = f"{features}/{behave.steps}"
    hooks, next_to_hooks = _find_hooks(root, behave, features=features, configured=configured)
    # Hooks inside of the features folder keep Behave from looking further up.
    is_nested = (root / nested).is_dir() or (next_to_hooks == nested and not (root / behave.steps).is_dir())
    steps = configured or (nested if is_nested else behave.steps)
    if configured and configured != behave.steps and not (root / configured).exists():
        found = next((name for name in (behave.steps, nested) if any((root / name).glob("*.py"))), None)
        if found:
            message = f"`steps` names `{configured}/`, which does not exist, while there are steps in `{found}/`"
            raise ConfigError(message, hint=f"correct `steps`, or move them: `mv {found} {configured}`").inside("steps")
    if hooks and not is_readable_file(root / hooks):
        hint = "put a file in its place, or delete it"
        raise ConfigError("not a regular file, so Behave would run without its hooks", path=hooks, hint=hint)
    if hooks and (root / steps).resolve() != (root / next_to_hooks).resolve():
        target = (PurePosixPath(steps).parent / behave.environment).as_posix()
        message = f"because of this file, Behave loads the steps in `{next_to_hooks}/`, and not those in `{steps}/`"
        raise ConfigError(message, path=hooks, hint=f"move it next to the steps: `mv {hooks} {target}`")
    return steps


def _find_hooks(root: Path, behave: BehaveDefaults, *, features: str, configured: str | None) -> tuple[str, str]:
    """Find the hooks that Behave finds before any steps, and where it looks for steps then; empty if there are none.

    The configured folder counts as if it was there: `generate` creates it.
    """
    folder = PurePosixPath(features)
    for parent in (folder, *folder.parents):
        hooks, steps = parent / behave.environment, parent / behave.steps
        if os.path.lexists(root / hooks):
            return hooks.as_posix(), steps.as_posix()
        if (root / steps).is_dir() or steps.as_posix() == configured:
            break
    return "", ""
