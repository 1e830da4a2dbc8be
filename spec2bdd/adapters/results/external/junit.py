"""Parse the results of scenarios from JUnit XML: names and statuses, no steps."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from spec2bdd.adapters.formats import starts_with
from spec2bdd.adapters.formats.junit import SUITES, find_failures, parse_junit_tree
from spec2bdd.errors import EvidenceError
from spec2bdd.model import ExternalReport, ExternalScenario

# The types of errors of steps that are pending or undefined. Behave 1.3.3 writes the same element for these and for
# real errors, and the type `NoneType` for an undefined step.
_PENDING_TYPES = ("StepNotImplementedError", "PendingException", "UndefinedStepException", "NoneType")
# Maven Surefire's elements for a test that passed or failed only when it was run again.
_RERUNS = ("flakyFailure", "flakyError", "rerunFailure", "rerunError")

# What the root of the reports that spec2bdd writes is named.
_OWN = "spec2bdd"


class JunitReader:
    """The reader of JUnit XML as results of scenarios."""

    def detects(self, content: bytes) -> bool:
        """Whether a file looks like XML."""
        return starts_with(content, (b"<",))

    def parse(self, content: bytes, path: str) -> ExternalReport:
        """Parse a report, with the tests of nested suites.

        Raises:
            EvidenceError: it is no such report, is not whole, holds fewer tests than a suite of it declares, or is one
                that spec2bdd wrote.
        """
        root = parse_junit_tree(content)
        if root.get("name") == _OWN:
            # Its tests are verdicts on criteria, which follow from results and are none.
            hint = "run `spec2bdd mark` for the results of the last run, or name the record files of the run"
            raise EvidenceError("spec2bdd wrote this report: it holds verdicts, and no results of scenarios", hint=hint)
        scenarios: list[ExternalScenario] = []
        # Suites may be nested. An error directly under one concerns all tests in it, and none of them can be trusted.
        pending = [(root, "", "")]
        while pending:
            element, suite, doubt = pending.pop()
            if element.tag in SUITES:
                suite = element.get("name", suite)
                if not doubt and find_failures(element):
                    doubt = f"setup or teardown of the suite `{element.get('name', '')}` failed"
            if element.tag == "testcase":
                scenarios.append(_parse_test(element, suite, doubt))
            else:
                # The last one on the stack comes first.
                pending += [(child, suite, doubt) for child in reversed(element)]
        # Behave writes such a suite for each feature of which it runs nothing.
        if not scenarios and root.get("tests") != "0":
            raise EvidenceError("no tests in the report", hint="check why nothing was run")
        return ExternalReport(path, "JUnit report", placed=False, scenarios=tuple(scenarios))


def _parse_test(case: Element, suite: str, doubt: str) -> ExternalScenario:
    """Parse one test."""
    errors = find_failures(case)
    status = _find_status(case, errors)
    messages = [error.get("message", "") or error.get("type", "") or "no message" for error in errors]
    if not doubt and any(child.tag in _RERUNS for child in case):
        doubt = "passed only on retry"
    return ExternalScenario(
        case.get("classname", "") or suite,
        0,
        case.get("name", ""),
        status,
        failures=tuple(messages) if status in ("failed", "error") else (),
        doubt=doubt,
    )


def _find_status(case: Element, errors: list[Element]) -> str:
    """Find the status of a test, in Behave's words."""
    if errors:
        # `steps.Undefined` and `Undefined` are the same type.
        types = {error.get("type", "").rpartition(".")[2] for error in errors if error.tag == "error"}
        is_pending = all(error.tag == "error" for error in errors) and types <= set(_PENDING_TYPES)
        return "pending" if is_pending else "failed"
    if case.find("skipped") is not None or case.get("result", "").lower() in ("skipped", "suppressed"):
        return "skipped"
    # Tools that write no status mean by an empty element that the test passed.
    return case.get("status", "").lower() or "passed"
