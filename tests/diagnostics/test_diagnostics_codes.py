"""The table of codes, and the diagnostics that are built from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spec2bdd.diagnostics.build import build_diagnostic, build_error, build_warning
from spec2bdd.diagnostics.codes import (
    find_code,
    find_current_name,
    is_configurable,
    is_fixable,
    load_code_groups,
    load_codes,
)
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.diagnostics.levels import add_default_hint
from spec2bdd.errors import ConfigError, Spec2bddError
from spec2bdd.model import Diagnostic, Severity


def test_no_code_is_in_the_table_twice() -> None:
    assert sum(map(len, load_code_groups().values())) == len(load_codes())


def test_each_code_is_found_alone_as_it_is_in_the_whole_table() -> None:
    assert load_codes() == {name: find_code(name) for name in load_codes()}
    assert find_code("no-such-code") is None


def test_a_former_name_of_a_code_is_none_of_another_code() -> None:
    former = [code.former for code in load_codes().values() if code.former]
    assert sorted(set(former) - load_codes().keys()) == sorted(former)
    assert [find_current_name(name) for name in ("cut-value", "vague-word", "x")] == [
        "truncated-value",
        "vague-word",
        "x",
    ]


def test_only_codes_that_exist_are_configurable_or_fixable() -> None:
    assert [is_configurable(code) for code in ("vague-word", "spec", "no-such-code")] == [True, False, False]
    assert [is_fixable(code) for code in ("truncated-value", "vague-word", "no-such-code")] == [True, False, False]


def test_a_diagnostic_takes_severity_and_hint_from_the_table() -> None:
    fix = load_codes()["vague-word"].fix
    assert Diagnostic("a.md", 2, 3, Severity.SUGGESTION, "vague-word", "m", fix) == build_diagnostic(
        "vague-word", "m", path="a.md", at=(2, 3)
    )


def test_errors_and_warnings_have_no_position_unless_given() -> None:
    assert Diagnostic("", 0, 0, Severity.ERROR, "config", "m", "h") == build_error("config", "m", hint="h")
    assert Diagnostic("a", 1, 2, Severity.WARNING, "orphan", "m") == build_warning("orphan", "m", path="a", at=(1, 2))


def test_every_exception_has_a_code_of_the_table() -> None:
    assert {error.code for error in Spec2bddError.__subclasses__()} <= load_codes().keys()


def test_an_exception_becomes_an_error_at_its_position() -> None:
    error = ConfigError("m", hint="h", path="a.toml", line=3, column=4)
    assert Diagnostic("a.toml", 3, 4, Severity.ERROR, "config", "m", "h") == diagnose_error(error, path="other")
    assert diagnose_error(ConfigError("m"), path="other").path == "other"


@pytest.mark.parametrize("code", ["ambiguous-step", "step-import", "feature-syntax"])
def test_a_diagnostic_without_a_hint_gets_the_fix_of_its_code(code: str) -> None:
    diagnostic = Diagnostic("a.py", 1, 1, Severity.ERROR, code, "m", "")
    assert add_default_hint(diagnostic) == replace(diagnostic, hint=load_codes()[code].fix)


def test_a_hint_is_kept() -> None:
    diagnostic = Diagnostic("a.py", 1, 1, Severity.ERROR, "step-import", "m", "run `x`")
    assert add_default_hint(diagnostic) == diagnostic
