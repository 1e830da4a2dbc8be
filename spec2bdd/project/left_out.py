"""Report why a spec that is named cannot be used, where an error has left it out of the project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.errors import LeftOutError, NotFoundError, UsageError
from spec2bdd.model import Severity
from spec2bdd.project.loader import Project
from spec2bdd.project.lookup import find_spec
from spec2bdd.project.spec_files import SPEC_SUFFIX


@contextmanager
def report_left_out(project: Project, name: str) -> Iterator[None]:
    """Look a name up in a project; where only specs that were left out match it, raise their errors.

    Raises:
        LeftOutError: the name matches only specs that were left out, or their criteria by number.
    """
    try:
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
