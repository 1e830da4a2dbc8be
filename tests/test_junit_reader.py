"""A library that others read JUnit files with finds in ours what we wrote."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from junitparser import JUnitXml
from page_documentation import make_criterion, make_document, make_documentation, with_hostile_texts

from spec2bdd.model import Documentation, Verdict
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions

HOSTILE: dict[str, str] = json.loads((Path(__file__).parent / "hostile_texts.json").read_text(encoding="utf-8"))


def make_all() -> Documentation:
    """Build a spec with every verdict, and one for each hostile text."""
    verdicts = [make_criterion(number, verdict, str(verdict), error="boom") for number, verdict in enumerate(Verdict)]
    hostile = [with_hostile_texts(text).specs[0] for text in HOSTILE.values()]
    documents = (make_document("1_1", verdicts), *(replace(spec, key=f"2_{n}") for n, spec in enumerate(hostile)))
    return make_documentation(*documents)


@pytest.mark.parametrize("name", ["junit", "junit-strict"])
def test_junitparser_reads_the_counts_the_names_and_the_failures_that_were_written(name: str) -> None:
    text = REPORTERS[name].render(Answer("documentation", make_all()), RenderOptions())
    report, root = JUnitXml.fromstring(text.encode()), fromstring(text)
    written = [
        (suite.attrib["name"], case.attrib["name"], child.tag, child.attrib["message"], child.text)
        for suite in root
        for case in suite.iter("testcase")
        for child in case
        if child.tag in ("failure", "skipped")
    ]
    read = [
        (suite.name, case.name, type(result).__name__.lower(), result.message, result.text)
        for suite in report
        for case in suite
        for result in case.result
    ]
    assert read == written
    counts = Counter(kind for _, _, kind, *_ in written)
    assert (report.tests, report.failures, report.skipped, report.errors) == (
        len([*root.iter("testcase")]),
        counts["failure"],
        counts["skipped"],
        0,
    )
    assert counts["failure"] == 1 + 2 * len(HOSTILE)
