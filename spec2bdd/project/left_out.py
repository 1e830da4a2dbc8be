"""Report why a file that is named cannot be used: it is of another project, or an error has left it out of this one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from spec2bdd.config import Config
from spec2bdd.config.location import resolve_path
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.errors import LeftOutError, NotFoundError, UsageError
from spec2bdd.model import Severity
from spec2bdd.project.loader import Project
from spec2bdd.project.lookup import find_spec, refuse_other_file
from spec2bdd.project.spec_files import SPEC_SUFFIX

# A file that is named, with what may follow: a line, its column, or the number of a criterion.
_FILE = re.compile(r"(?P<path>.+\.(?:md|feature|py))(?:[:#][\d.:]*)?", re.DOTALL)


def check_in_project(config: Config, name: str) -> str:
    """Refuse a file of another project, whose path may end as one of this project; return the path of a file of this.

    The path is relative to the root, and empty where the name is that of no file that exists.

    Raises:
        UsageError: the file, or the folder, is outside the project.
    """
    match = _FILE.fullmatch(name)
    path = Path(match["path"] if match else name)
    # The paths that are printed are those from the root, wherever the current folder is.
    if not path.is_absolute() and ".." not in path.parts and (config.root / path).is_file():
        return path.as_posix()
    is_file = match is not None and path.is_file()
    if is_file or (len(path.parts) > 1 and path.is_dir()):
        # The folder may have been reached by a link.
        real = path.absolute().parent.resolve() / path.name
        is_inside = real.is_relative_to(config.root)
        resolved = resolve_path(config, real if is_inside else path)
        return resolved if is_file else ""
    return ""


@contextmanager
def report_left_out(project: Project, name: str) -> Iterator[None]:
    """Look a name up in a project; where only specs that were left out match it, raise their errors.

    Raises:
        LeftOutError: the name matches only specs that were left out, or their criteria by number.
        NotFoundError: the name is the path of a file that is no spec, and may end as that of one.
        UsageError: the name is the path of a file outside of the project.
    """
    path = check_in_project(project.config, name)
    try:
        if path.endswith(SPEC_SUFFIX) and path not in {plan.spec.path for plan in project.plans}:
            raise refuse_other_file(name)
        yield
    except NotFoundError:
        spec_name = name.partition("#")[0] or name
        paths: set[str] = set()
        for spec in project.left_out:
            with suppress(UsageError):
                paths.add(find_spec([SpecPlan(spec, (), None)], spec_name).spec.path)
        # Of a file that could not be read, only the path is known.
        known = {plan.spec.path for plan in project.plans} | {spec.path for spec in project.left_out}
        reported = {diagnostic.path for diagnostic in project.diagnostics}
        paths |= {path for path in reported - known if path.endswith(SPEC_SUFFIX) and spec_name in path}
        errors = [
            LeftOutError(
                diagnostic.message,
                code=diagnostic.code,
                hint=diagnostic.hint,
                path=diagnostic.path,
                line=diagnostic.line,
                column=diagnostic.column,
            )
            for diagnostic in project.diagnostics
            if diagnostic.path in paths and diagnostic.severity is Severity.ERROR
        ]
        if not errors:
            raise
        first, *others = errors
        first.others = tuple(others)
        raise first from None
