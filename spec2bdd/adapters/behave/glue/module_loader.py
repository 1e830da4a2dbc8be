"""Load hooks and step modules one by one, and record which of them cannot be loaded.

A copy of what `behave.runner_util.load_step_modules` and `Runner.load_hooks` do in behave 1.3.3, which stop at the
first file that fails, and have no seam to go on. The module is imported in the process that needs the steps.
"""

from __future__ import annotations

import ast
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from behave.matchers import use_current_step_matcher_as_default, use_default_step_matcher, use_step_matcher
from behave.runner_util import exec_file
from behave.step_registry import setup_step_decorators

from spec2bdd.adapters.behave.glue.serialize import describe_error
from spec2bdd.adapters.behave.glue.special_files import build_special_file_diagnostic, is_special_file
from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry
from spec2bdd.adapters.results.wire import build_file_diagnostic
from spec2bdd.model import Diagnostic
from spec2bdd.text.conflicts import RESOLVE, ConflictMarker, find_conflict_marker

# Longer source lines are not quoted.
_LONGEST_SOURCE = 60
# Folders with copies of the modules of a project.
_BUILT = ("build", "dist")
# Called with the path of each file before it is run.
Announce = Callable[[str], None]


def load_hooks(path: Path, hooks: dict[str, Any], *, definitions: LenientStepRegistry, announce: Announce) -> bool:
    """Run `environment.py`; whether it could be loaded completely."""
    error = _run_file(path, hooks, definitions=definitions, announce=announce)
    if error:
        definitions.diagnostics.append(_diagnose_loading(path, error, code="environment-import"))
    return error is None


def load_steps(folders: Sequence[Path], *, definitions: LenientStepRegistry, announce: Announce) -> None:
    """Run all step modules of the folders; the definitions of one that fails are disabled."""
    search_path = [str(folder) for folder in folders]
    # Step modules import their neighbours.
    sys.path[:0] = search_path
    try:
        # The hooks may have chosen another matcher than `parse`; each module starts with that one.
        use_current_step_matcher_as_default()
        for path in (path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.py"))):
            if is_special_file(path):
                definitions.diagnostics.append(build_special_file_diagnostic(_show(path)))
                continue
            names = {"use_step_matcher": use_step_matcher, "step_matcher": use_step_matcher}
            setup_step_decorators(names)
            error = _run_file(path, names, definitions=definitions, announce=announce)
            use_default_step_matcher()
            if error:
                definitions.diagnostics.append(_diagnose_loading(path, error, code="step-import"))
                # The module itself, and the modules that it was just importing.
                frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
                unfinished = {frame.f_code.co_filename for frame in frames if frame.f_code.co_name == "<module>"}
                content = b""
                with suppress(OSError):
                    content = path.read_bytes()
                definitions.drop_module(_show(path), content, unfinished)
    finally:
        for folder_name in search_path:
            with suppress(ValueError):
                sys.path.remove(folder_name)


def _run_file(
    path: Path, names: dict[str, Any], *, definitions: LenientStepRegistry, announce: Announce
) -> BaseException | None:
    """Run one file as Behave does; the error that it raised, or None."""
    announce(_show(path))
    try:
        definitions.sources.add_file(_name_compiled(path), path.read_bytes())
        exec_file(str(path), names)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  Whatever the user's code raises, the other files are loaded too.
        return error
    return None


def _diagnose_loading(path: Path, error: BaseException, *, code: str) -> Diagnostic:
    """Build the diagnostic of a file that raised an error while it was loaded."""
    names = {_name_compiled(path), str(path)}
    column = 1
    conflict = _find_conflict(error)
    if isinstance(error, SyntaxError) and error.filename in names:
        text = f"{type(error).__name__}: {error.msg}"
        # Python does not know all of them, and says that the column of an unknown encoding is -1.
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        # The whole line, where it is short: the file may not be at hand, as in the log of a job.
        if (source := (error.text or "").strip()) and len(source) <= _LONGEST_SOURCE:
            text += f": `{source}`"
        if conflict:
            line, column, text = conflict.line, 1, conflict.message
    else:
        # The last line of this file that the error passed through, and where it comes from in another one.
        frames = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(error.__traceback__)]
        last = max((place for place, (filename, _) in enumerate(frames) if filename in names), default=len(frames))
        line = frames[last][1] if frames[last:] else 1
        if isinstance(error, SyntaxError) and error.filename:
            frames.append((error.filename, error.lineno or 1))
        inner = [(_show(Path(filename)), number) for filename, number in frames[last + 1 :] if filename[0] != "<"]
        own = [f"{file}:{number}" for file, number in inner if file[0] not in "./" and "site-packages" not in file]
        text = conflict.message if conflict else describe_error(error)
        if isinstance(error, ModuleNotFoundError):
            text += f" (is it installed for {sys.executable}?)"
        elif own:
            text += f" at {own[-1]}"
    reason = _explain_relative_import(path, line) or text
    message = f"cannot be loaded: {reason}"
    diagnostic = build_file_diagnostic(_show(path), line, code=code, message=message, column=column)
    if isinstance(error, ModuleNotFoundError):
        return replace(diagnostic, hint=_describe_installation(error.name or ""))
    return replace(diagnostic, hint=RESOLVE) if conflict else diagnostic


def _describe_installation(module: str) -> str:
    """Describe how Python finds a module: it may be in a folder of the project that Python does not search."""
    name = module.partition(".")[0]
    places = [*Path().glob(f"*/{name}/"), *Path().glob(f"*/{name}.py")] if name.isidentifier() else []
    # The usual one comes first.
    folders = sorted({place.parent.name for place in places}, key=lambda folder: (folder != "src", folder))
    found = [folder for folder in folders if folder[0] != "." and folder not in _BUILT]
    if not found or not {found[0], str(Path(found[0]).absolute())}.isdisjoint(sys.path):
        return "install what is missing, or correct the name"
    install = f"install the project with `{sys.executable} -m pip install --editable .`, or " if _is_package() else ""
    return f"`{name}` is in `{found[0]}/`: {install}set `PYTHONPATH={found[0]}` in the environment"


def _is_package() -> bool:
    """Whether pip can install the project of the working folder."""
    settings = b""
    with suppress(OSError):
        settings = Path("pyproject.toml").read_bytes()
    return Path("setup.py").is_file() or any(table in settings for table in (b"[project]", b"[build-system]"))


def _find_conflict(error: BaseException) -> ConflictMarker | None:
    """Find the merge conflict that makes a file no Python."""
    text = ""
    if isinstance(error, SyntaxError) and error.filename:
        with suppress(OSError):
            text = Path(error.filename).read_text(encoding="utf-8", errors="replace")
    return find_conflict_marker(text)


def _explain_relative_import(path: Path, line: int) -> str:
    """Explain what to write instead of a relative import; empty if the line holds none.

    Behave runs step files with `exec` and without a package; Python then raises a KeyError that names `__name__`.
    """
    try:
        statements = ast.walk(ast.parse(path.read_bytes()))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return ""
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and statement.level and statement.lineno == line:
            names = ", ".join(alias.name for alias in statement.names)
            instead = f"from {statement.module} import {names}" if statement.module else f"import {names}"
            return f"step files are not a package, so relative imports fail: write `{instead}`"
    return ""


def _name_compiled(path: Path) -> str:
    """Name a file as `exec_file` of Behave does for the compiler: by its relative path."""
    return os.path.relpath(path)


def _show(path: Path) -> str:
    """Show the path of a file as diagnostics do."""
    return Path(_name_compiled(path)).as_posix()
