"""The feature that the reports of these tests speak of, and small reports of it in each form."""

from __future__ import annotations

import json
from typing import Any

from spec2bdd.adapters.behave.glue.feature_loader import list_features
from spec2bdd.adapters.results.external.detect import parse_external_report
from spec2bdd.domain.verdicts.scenarios.external import ExternalResults
from spec2bdd.domain.verdicts.scenarios.matching import match_report
from spec2bdd.model import ExternalReport

PATH = "features/lamp.feature"
FEATURE = """\
@spec_1
Feature: Lamp
  Background:
    Given a lamp

  @must @ac_1
  Scenario: It shines
    Then it shines

  @ac_2
  Scenario Outline: It has colours
    Then it is <colour>
    Examples:
      | colour |
      | red    |
      | blue   |

  Rule: Safety
    @ac_3
    Scenario: It is safe
      Then it is safe
"""
ONE = ("a lamp", "it shines")


def hear(*reports: ExternalReport, trusted: bool = True, feature: str = FEATURE, **others: str) -> ExternalResults:
    """Return what reports say of the feature, and of others by the names of their files."""
    files = {PATH: feature, **{f"features/{name}.feature": text for name, text in others.items()}}
    listed = list_features({path: text.encode() for path, text in files.items()})
    return ExternalResults(listed, tuple((report, match_report(report, listed)) for report in reports), trusted)


def make_cucumber(*statuses: str, element: Any = None, uri: str = PATH, more: Any = ()) -> ExternalReport:
    """Return a report of Cucumber's of the first scenario; `element` changes it, `more` are further elements."""
    steps = [
        {"keyword": "Given ", "name": name, "line": 8, "result": {"status": status}}
        for name, status in zip(ONE, statuses, strict=True)
    ]
    first = {"type": "scenario", "name": "It shines", "line": 7, "tags": [{"name": "@ac_1"}], "steps": steps}
    features = [{"name": "Lamp", "uri": uri, "elements": [{**first, **(element or {})}, *more]}]
    return parse_external_report(json.dumps(features).encode(), path="r.json")


def make_behave(*statuses: str | None, status: str | None = "passed", feature: str = "passed") -> ExternalReport:
    """Return a report of Behave's of the first scenario; a step without a status has no result."""
    steps = [
        {"keyword": "Given", "step_type": "given", "name": name, **({"result": {"status": one}} if one else {})}
        for name, one in zip(ONE, statuses, strict=True)
    ]
    scenario = {"type": "scenario", "name": "It shines", "location": f"{PATH}:7", "tags": ["ac_1"], "steps": steps}
    features = [{"name": "Lamp", "status": feature, "elements": [{**scenario, "status": status}]}]
    return parse_external_report(json.dumps(features).encode(), path="r.json")


def make_junit(*cases: str) -> ExternalReport:
    """Return a report in the form of JUnit with these tests."""
    return parse_external_report(
        f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>".encode(), path="r.xml"
    )


def make_case(inside: str = "", *, name: str = "It shines", feature: str = "lamp.Lamp", status: str = "passed") -> str:
    """Return one test of a report in the form of JUnit."""
    return f'<testcase classname="{feature}" name="{name}" status="{status}">{inside}</testcase>'
