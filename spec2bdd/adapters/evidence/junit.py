"""Count the tests of JUnit XML reports."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from spec2bdd.adapters.formats import starts_with
from spec2bdd.adapters.formats.junit import SUITES, find_failures, parse_junit_tree
from spec2bdd.adapters.formats.xml import XML_STARTS, find_number
from spec2bdd.model import EvidenceKind, TestCounts

# How tools that write no `<skipped>` mark a test that did not run.
_SKIPPED = {
    ("status", "notrun"),
    ("status", "skipped"),
    ("status", "untested"),
    ("status", "disabled"),
    ("result", "skipped"),
    ("result", "suppressed"),
}


class JunitReader:
    """The reader of JUnit XML as evidence."""

    kind = EvidenceKind.JUNIT

    def detects(self, content: bytes) -> bool:
        """Whether a file looks like XML."""
        return starts_with(content, XML_STARTS)

    def parse(self, content: bytes) -> TestCounts:
        """Count the tests of a report, those of nested suites included.

        A suite that declares failures or errors has failed, also where no test in it does.

        Raises:
            EvidenceError: it is no such report, is not whole, or holds fewer tests than a suite of it declares.
        """
        root = parse_junit_tree(content)
        suites = [suite for suite in root.iter() if suite.tag in SUITES]
        cases = list(root.iter("testcase"))
        failed = [_render_name(case) for case in cases if _has_failed(case)]
        if not failed:
            # Nested suites repeat the counts of their tests: one name is enough.
            counts = ("failures", "errors")
            declaring = [suite for suite in suites if any(find_number(suite, name) for name in counts)]
            failed += [_render_name(suite) for suite in declaring[:1]]
        # An error directly under a suite happened around its tests, as in a clean-up.
        failed += [_render_name(suite) for suite in suites if find_failures(suite)]
        skipped = 0
        for case in cases:
            attributes = {(name, value.lower()) for name, value in case.attrib.items()}
            left_out = case.find("skipped") is not None or bool(attributes & _SKIPPED)
            skipped += left_out and not _has_failed(case)
        return TestCounts(len(cases), tuple(failed), skipped)


def join_tests(reports: Iterable[TestCounts]) -> TestCounts:
    """Add up the tests of several reports."""
    parts = tuple(reports)
    failed = tuple(name for part in parts for name in part.failed)
    return TestCounts(sum(part.count for part in parts), failed, sum(part.skipped for part in parts))


def _has_failed(case: Element) -> bool:
    """Whether a test failed; one that passed when it was tried again has other elements (`flakyFailure`)."""
    return bool(find_failures(case)) or case.get("status", "").lower() in ("failed", "failure", "error")


def _render_name(element: Element) -> str:
    """Render the full name of a test or a suite."""
    return ".".join(part for part in (element.get("classname", ""), element.get("name", "")) if part)
