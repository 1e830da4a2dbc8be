"""The bytes of a JUnit XML report in, its tests out."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from spec2bdd.adapters.formats.xml import find_number, parse_xml
from spec2bdd.errors import EvidenceError
from spec2bdd.model import TestCounts

_SUITES = ("testsuites", "testsuite")
_BAD = ("failure", "error")
# How tools that write no `<skipped>` say that a test did not run.
_LEFT_OUT = {("status", "notrun"), ("status", "skipped"), ("status", "untested"), ("result", "skipped")}
_LEFT_OUT |= {("result", "suppressed"), ("status", "disabled")}


def parse_junit(content: bytes) -> TestCounts:
    """Return the tests of a report, those of nested suites too.

    A suite that declares failures or errors has failed, also where no test in it says so.

    Raises:
        EvidenceError: it is no such report, is not whole, or holds fewer tests than a suite of it declares.
    """
    root = parse_xml(content)
    if root.tag not in _SUITES:
        raise EvidenceError(f"it is no JUnit report: its first element is `{root.tag}`")
    suites = [suite for suite in root.iter() if suite.tag in _SUITES]
    for suite in suites:
        _refuse_lost_tests(suite)
    cases = list(root.iter("testcase"))
    failed = [_name(case) for case in cases if _has_failed(case)]
    failed += [_name(suite) for suite in suites if not failed and _declares_failures(suite)][:1]
    # What stands right below a suite went wrong around its tests, as in a clean-up.
    failed += [_name(suite) for suite in suites if any(child.tag in _BAD for child in suite)]
    skipped = sum(_is_left_out(case) and not _has_failed(case) for case in cases)
    return TestCounts(len(cases), tuple(failed), skipped)


def join_tests(reports: Iterable[TestCounts]) -> TestCounts:
    """Return the tests of several reports as one."""
    every = tuple(reports)
    failed = tuple(name for tests in every for name in tests.failed)
    return TestCounts(sum(tests.count for tests in every), failed, sum(tests.skipped for tests in every))


def _refuse_lost_tests(suite: Element) -> None:
    """Refuse a suite that holds fewer tests than it declares; some tools count one test that fails twice as one."""
    declared, held = find_number(suite, "tests"), sum(1 for _ in suite.iter("testcase"))
    if declared is not None and held < declared:
        message = f"the suite `{_name(suite)}` declares {declared} tests and holds {held}"
        raise EvidenceError(message, hint="the report is not whole; write it again")


def _declares_failures(suite: Element) -> bool:
    """Tell whether a suite counts failures or errors."""
    return any(find_number(suite, name) for name in ("failures", "errors"))


def _has_failed(case: Element) -> bool:
    """Tell whether a test failed; one that passed when it was tried again says so in other elements."""
    return any(child.tag in _BAD for child in case) or case.get("status", "").lower() in ("failed", "failure", "error")


def _is_left_out(case: Element) -> bool:
    """Tell whether a test did not run."""
    attributes = {(name, value.lower()) for name, value in case.attrib.items()}
    return case.find("skipped") is not None or bool(attributes & _LEFT_OUT)


def _name(element: Element) -> str:
    """Return what a test or a suite is called."""
    return ".".join(part for part in (element.get("classname", ""), element.get("name", "")) if part)
