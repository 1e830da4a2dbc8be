"""Read the reports of other tools: which scenarios passed, by name."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path


def read_json_report(path: Path) -> dict[str, bool]:
    """Return the scenarios of a JSON report of Behave, behavex or behave-pool; none if it cannot be read."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    features = report.get("features", []) if isinstance(report, dict) else report
    scenarios = [each for feature in features for each in feature.get("elements", feature.get("scenarios", []))]
    return join(
        (str(each["name"]), each.get("status") == "passed")
        for each in scenarios
        if each.get("type", "scenario") != "background"
    )


def read_junit_report(path: Path) -> dict[str, bool]:
    """Return the tests of a JUnit report by the names of their functions, without `test_`."""
    try:
        tests = ET.parse(path).getroot().iter("testcase")  # noqa: S314
    except (OSError, ET.ParseError):
        return {}
    return join((test.get("name", "").removeprefix("test_").partition("[")[0], len(test) == 0) for test in tests)


def join(scenarios: Iterable[tuple[str, bool]]) -> dict[str, bool]:
    """Return the results by name. Several of one name, such as the rows of an outline, must all pass."""
    results: dict[str, bool] = {}
    for name, passed in scenarios:
        key = name.partition(" -- @")[0]
        results[key] = passed and results.get(key, True)
    return results
