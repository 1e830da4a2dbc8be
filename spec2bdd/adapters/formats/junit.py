"""The form of JUnit XML reports, which are read both as evidence and as results of scenarios."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from spec2bdd.adapters.formats.xml import find_number, parse_xml
from spec2bdd.errors import EvidenceError

SUITES = ("testsuites", "testsuite")
_FAILURES = ("failure", "error")


def parse_junit_tree(content: bytes) -> Element:
    """Parse a JUnit XML report and check that no test of it is missing.

    Raises:
        EvidenceError: it is no such report, is not whole, or holds fewer tests than a suite of it declares.
    """
    root = parse_xml(content)
    if root.tag not in SUITES:
        message = f"not a JUnit report: the root element is `{root.tag}`"
        raise EvidenceError(message, hint="use a JUnit XML file")
    for suite in [element for element in root.iter() if element.tag in SUITES]:
        declared, held = find_number(suite, "tests"), sum(1 for _ in suite.iter("testcase"))
        # More than declared is fine: some tools count one test that fails twice as one.
        if declared is not None and held < declared:
            message = f"the suite `{suite.get('name', '')}` declares {declared} tests but contains {held}"
            raise EvidenceError(message, hint="the report is incomplete; regenerate it")
    return root


def find_failures(element: Element) -> list[Element]:
    """Find the failures and errors directly under a test, or under a suite: those happened around its tests."""
    return [child for child in element if child.tag in _FAILURES]
