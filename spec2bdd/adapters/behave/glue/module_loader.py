"""The hooks and step modules of a project in, each loaded on its own; out comes what is wrong with which of them.

Made after Behave's own loading, which stops at the first file that fails. The module is imported in the process that
needs the steps.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from behave.matchers import use_current_step_matcher_as_default, use_default_step_matcher, use_step_matcher
from behave.runner_util import exec_file
from behave.step_registry import setup_step_decorators

from spec2bdd.adapters.behave.glue.serialize import describe_error
from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry
from spec2bdd.adapters.results.wire import build_file_diagnostic
from spec2bdd.model import Diagnostic

Announce = Callable[[str], None]


def load_hooks(path: Path, hooks: dict[str, Any], *, definitions: LenientStepRegistry, announce: Announce) -> bool:
    """Run `environment.py`, and tell whether it came to its end."""
    error = _run_file(path, hooks, definitions=definitions, announce=announce)
    if error:
        definitions.problems.append(_derive_problem(path, error, code="environment-import"))
    return error is None


def load_steps(folders: Sequence[Path], *, definitions: LenientStepRegistry, announce: Announce) -> None:
    """Run all step modules of the folders; what one of them that fails has defined by then is taken back."""
    with _search_in([str(folder) for folder in folders]):
        use_current_step_matcher_as_default()
        for path in (path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.py"))):
            names = {"use_step_matcher": use_step_matcher, "step_matcher": use_step_matcher}
            setup_step_decorators(names)
            error = _run_file(path, names, definitions=definitions, announce=announce)
            use_default_step_matcher()
            if error:
                _drop_module(path, error, definitions)


def _run_file(
    path: Path, names: dict[str, Any], *, definitions: LenientStepRegistry, announce: Announce
) -> BaseException | None:
    """Run one file as Behave does, and return what it raised."""
    announce(_show(path))
    try:
        definitions.sources.add_file(_name_compiled(path), path.read_bytes())
        exec_file(str(path), names)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  Whatever the user's code raises, the other files are loaded too.
        return error
    return None


def _drop_module(path: Path, error: BaseException, definitions: LenientStepRegistry) -> None:
    """Note a module that failed, and take back its definitions and those of what it was just importing."""
    definitions.problems.append(_derive_problem(path, error, code="step-import"))
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    unfinished = {frame.f_code.co_filename for frame in frames if frame.f_code.co_name == "<module>"}
    content = b""
    with suppress(OSError):
        content = path.read_bytes()
    definitions.drop_module(_show(path), content, unfinished)


def _derive_problem(path: Path, error: BaseException, *, code: str) -> Diagnostic:
    """Return the problem of a file that raised an error while it was loaded."""
    line = _find_line(error, {_name_compiled(path), str(path)})
    return build_file_diagnostic(_show(path), line, code=code, message=f"cannot be loaded: {describe_error(error)}")


def _find_line(error: BaseException, names: set[str]) -> int:
    """Return the line of the file, known by these names, that the error came from or through."""
    if isinstance(error, SyntaxError) and error.filename in names:
        return error.lineno or 1
    frames = traceback.walk_tb(error.__traceback__)
    return ([line for frame, line in frames if frame.f_code.co_filename in names] or [1])[-1]


def _name_compiled(path: Path) -> str:
    """Return the name that Behave compiles a file under."""
    return os.path.relpath(path)


def _show(path: Path) -> str:
    """Return the path as it is told."""
    return Path(_name_compiled(path)).as_posix()


@contextmanager
def _search_in(folders: list[str]) -> Iterator[None]:
    """Let modules import from these folders meanwhile."""
    sys.path[:0] = folders
    try:
        yield
    finally:
        for folder in folders:
            with suppress(ValueError):
                sys.path.remove(folder)
