"""Many cases of one promise in one test: pytest spends more time on each test than most cases take."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

import pytest

_LONGEST_NAME = 60


def in_one_test(
    names: str | Sequence[str], values: Iterable[Any], *, ids: Iterable[str] | Callable[[Any], str] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Call a test with each of the values, as `parametrize` does, and let it fail once, with all cases that do.

    The cases share the fixtures of the test, so it writes no file in `tmp_path`.
    """
    fields = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    cases = list(values)
    labels = [(ids or repr)(case) for case in cases] if ids is None or callable(ids) else list(ids)
    assert len(labels) == len(cases)

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(function)
        assert set(fields) <= set(signature.parameters)

        @wraps(function)
        def check_all(**fixtures: Any) -> None:
            if not cases:
                pytest.skip(f"no case for {names}")
            failed: dict[str, Exception] = {}
            for label, case in zip(labels, cases, strict=True):
                given = dict(zip(fields, [case] if len(fields) == 1 else case, strict=True))
                try:
                    function(**given, **fixtures)
                except Exception as error:  # noqa: BLE001  Whatever fails, the other cases are checked as well.
                    error.add_note(f"in the case {label!r}")
                    failed[label] = error
            if failed:
                shown = ", ".join(label[:_LONGEST_NAME] for label in failed)
                raise ExceptionGroup(f"{len(failed)} of {len(cases)} cases fail: {shown}", list(failed.values()))

        others = [parameter for name, parameter in signature.parameters.items() if name not in fields]
        check_all.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return check_all

    return decorate
