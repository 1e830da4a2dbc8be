"""The `junit` format: a test report for CI, with one test case for each criterion and each done item."""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from spec2bdd.model import Report
from spec2bdd.reporters.exchange.results import Case, CaseStatus, Suite, build_suites, describe_record
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report

_ELEMENTS = {CaseStatus.FAILED: "failure", CaseStatus.SKIPPED: "skipped", CaseStatus.ERROR: "error"}


def render(answer: Answer, options: RenderOptions) -> str:
    """Render the verdicts with all that readers of JUnit files know: `file`, `line` and properties of a test case."""
    return render_junit(find_report(answer), pending_fails=options.pending_fails, strict=False)


def render_junit(report: Report, *, pending_fails: bool, strict: bool) -> str:
    """Render the verdicts of a report.

    `strict` leaves out what the schema of Jenkins' xUnit plugin does not allow: `file` and `line` of a test case are
    lines of its output then, as its properties are.
    """
    suites = build_suites(report, pending_fails=pending_fails)
    root = Element("testsuites", {"name": "spec2bdd", **_count(suites)})
    for suite in suites:
        values = {"name": suite.name, **_count([suite]), "skipped": str(suite.count(CaseStatus.SKIPPED))}
        element = SubElement(root, "testsuite", values | ({"file": suite.path} if suite.path else {}))
        if report.run and report.run.started:
            # The schema of Ant, which most readers follow, has no zone.
            element.set("timestamp", report.run.started[:19])
        names = Counter(case.name for case in suite.cases)
        for case in suite.cases:
            # GitLab takes tests with equal names and class names for one, and needs a name.
            place = case.id or f"{case.path}:{case.line}"
            name = case.name if case.name and names[case.name] == 1 else f"{case.name} ({place})".strip()
            _add_case(element, {"classname": suite.name, "name": name}, case, strict=strict)
    indent(root)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + tostring(root, encoding="unicode") + "\n"


def _count(suites: list[Suite]) -> dict[str, str]:
    """Count the tests of suites, in the attributes that suites have."""
    cases = [case for suite in suites for case in suite.cases]
    return {
        "tests": str(len(cases)),
        "failures": str(sum(suite.count(CaseStatus.FAILED) for suite in suites)),
        "errors": str(sum(suite.count(CaseStatus.ERROR) for suite in suites)),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }


def _add_case(element: Element, names: dict[str, str], case: Case, *, strict: bool) -> None:
    """Add the element of a test case to that of its suite."""
    values = {**names, "time": f"{case.seconds:.3f}"}
    known = case.facts
    if not strict:
        values |= {key: known[key] for key in ("file", "line") if key in known}
    test = SubElement(element, "testcase", values)
    if not strict:
        group = SubElement(test, "properties")
        for key, value in known.items():
            SubElement(group, "property", {"name": key, "value": value})
    if case.status is not CaseStatus.PASSED:
        result = SubElement(
            test, _ELEMENTS[case.status], {"message": case.message, "type": known.get("verdict", str(case.status))}
        )
        result.text = case.details or case.message
    for record in case.records:
        # As Maven's Surefire has it: a test that failed, and passed or failed when it was tried again.
        name = "flakyFailure" if record.status == "passed" else "rerunFailure"
        for attempt in record.tries:
            SubElement(test, name, {"message": attempt.status, "type": attempt.status}).text = describe_record(attempt)
    if strict and known:
        # Readers of attachments and properties in the output know this form.
        SubElement(test, "system-out").text = "\n".join(f"[[PROPERTY|{key}={value}]]" for key, value in known.items())
