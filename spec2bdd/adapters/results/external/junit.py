"""The bytes of an XML report in the form of JUnit in, what it says of scenarios out: names and statuses, no steps."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from spec2bdd.adapters.formats.xml import find_number, parse_xml
from spec2bdd.errors import EvidenceError
from spec2bdd.model import ExternalReport, ExternalScenario

_SUITES = ("testsuites", "testsuite")
# Behave writes the same element for an error and for a step that is pending or not defined.
_PENDING_TYPES = ("StepNotImplementedError", "PendingException", "UndefinedStepException", "NoneType")
_BAD = ("failure", "error")
_AGAIN = ("flakyFailure", "flakyError", "rerunFailure", "rerunError")


def parse_junit_report(content: bytes, *, path: str) -> ExternalReport:
    """Return the report, with the tests of nested suites.

    Raises:
        EvidenceError: it is no such report, is not whole, or holds fewer tests than a suite of it declares.
    """
    root = parse_xml(content)
    if root.tag not in _SUITES:
        raise EvidenceError(f"it is no JUnit report: its first element is `{root.tag}`")
    found: list[ExternalScenario] = []
    # Suites may lie in each other: an error right below one concerns all that it holds.
    waiting = [(root, "", "")]
    while waiting:
        element, suite, doubt = waiting.pop()
        if element.tag in _SUITES:
            _refuse_lost_tests(element)
            suite, doubt = element.get("name", suite), doubt or _find_doubt(element)
        if element.tag == "testcase":
            found.append(_derive_scenario(element, suite, doubt))
        else:
            waiting += [(child, suite, doubt) for child in reversed(element)]
    if not found:
        raise EvidenceError("the report is empty: it speaks of no test", hint="see why the run came to nothing")
    return ExternalReport(path, "a report in the form of JUnit", placed=False, scenarios=tuple(found))


def _refuse_lost_tests(suite: Element) -> None:
    """Refuse a suite that holds fewer tests than it declares."""
    declared, held = find_number(suite, "tests"), sum(1 for _ in suite.iter("testcase"))
    if declared is not None and held < declared:
        message = f"the suite `{suite.get('name', '')}` declares {declared} tests and holds {held}"
        raise EvidenceError(message, hint="the report is not whole; write it again")


def _find_doubt(suite: Element) -> str:
    """Return why no test of a suite counts as passed: something went wrong around them, and nobody knows for whom."""
    if any(child.tag in _BAD for child in suite):
        return f"something failed around the tests of the suite `{suite.get('name', '')}`"
    return ""


def _derive_scenario(case: Element, suite: str, doubt: str) -> ExternalScenario:
    """Return one test."""
    status, errors = _find_status(case), [child for child in case if child.tag in _BAD]
    messages = [error.get("message", "") or error.get("type", "") for error in errors]
    failed = status in ("failed", "error")
    return ExternalScenario(
        case.get("classname", "") or suite,
        0,
        case.get("name", ""),
        status,
        failures=tuple(message or "no message" for message in messages) if failed else (),
        doubt=doubt or _find_retries(case),
    )


def _find_retries(case: Element) -> str:
    """Return why a test that was tried again proves nothing."""
    return "it passed there only when it was tried again" if any(child.tag in _AGAIN for child in case) else ""


def _find_status(case: Element) -> str:
    """Return Behave's word for what a test says."""
    errors = [child for child in case if child.tag in _BAD]
    said = case.get("status", "").lower()
    if errors:
        pending = all(child.tag == "error" and _is_pending(child) for child in errors)
        return "pending" if pending else "failed"
    if case.find("skipped") is not None or case.get("result", "").lower() in ("skipped", "suppressed"):
        return "skipped"
    # Tools that write no status at all mean by an empty element that it passed.
    return said or "passed"


def _is_pending(error: Element) -> bool:
    """Tell whether an error is one of a step that nobody has written; Behave writes no type for an undefined one."""
    return error.get("type", "").rpartition(".")[2] in _PENDING_TYPES
