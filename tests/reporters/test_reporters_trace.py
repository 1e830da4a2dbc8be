"""A trace in each format that other tools read: valid, complete, and with no text that could be anything but text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from grouped import in_one_test
from jsonschema import Draft7Validator
from planned_project import HOSTILE
from verdict_values import make_diagnostic

from spec2bdd.model import Challenge, ChallengeOutcome, Fault, Tier, Verdict
from spec2bdd.model.trace import (
    Gap,
    GapKind,
    LastResult,
    LineUse,
    SectionKind,
    Trace,
    TracedCriterion,
    TracedDefinition,
    TracedLine,
    TracedScenario,
    TracedSection,
    TracedSpec,
    TracedStep,
    Untested,
    UntestedFile,
    UntestedRange,
)
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions
from spec2bdd.reporters.trace.exchange import build_ids

FORMULAS = {name: f"{sign}cmd|' /C calc'!A0" for name, sign in {"=": "=", "+": "+", "@": "@", "tab": "\t="}.items()}
TEXTS = {**HOSTILE, **FORMULAS, "markup": "<b>\"x\" & 'y'</b> ]]> --> {{ z }} `c` |", "none": ""}


def build_trace(text: str = "text") -> Trace:
    """Build a trace in which this text is wherever an author may write one."""
    result = LastResult(Verdict.FAILED, text)
    mutant, altered = Fault("mutant", "a.py", 3, (text, text)), Fault("altered", text, 3, (text,))
    challenges = (
        Challenge(mutant, ChallengeOutcome.NOTICED, step=text),
        Challenge(altered, ChallengeOutcome.UNNOTICED),
    )
    return Trace(
        sections=(
            TracedSection("prd:4.2", SectionKind.PRD, "4.2", text, "docs/prd.md", 7, ("specs/a.md",)),
            TracedSection("plan:x", SectionKind.PLAN, "", text, specs=("specs/a.md",), unknown=True),
        ),
        specs=(
            TracedSpec(
                "specs/a.md",
                "1.1",
                text,
                "Draft",
                ("prd:4.2", "plan:x"),
                ("ac_1_1_aaaaaa", "ac_1_1_bbbbbb", "ac_1_1_cccccc"),
                ("specs/b.md",),
                ("specs/b.md",),
            ),
            TracedSpec("specs/b.md", "", text, text, depends_on=("specs/a.md",), cyclic=("specs/a.md",)),
        ),
        criteria=(
            TracedCriterion("ac_1_1_aaaaaa", "specs/a.md", 1, text, Tier.MUST, 9, (text,), reason=text),
            TracedCriterion(
                "ac_1_1_bbbbbb",
                "specs/a.md",
                2,
                text,
                Tier.SHOULD,
                10,
                parent="ac_1_1_aaaaaa",
                verdict=Verdict.FAILED,
                scenarios=("features/a.feature:3",),
            ),
            TracedCriterion("ac_1_1_cccccc", "specs/a.md", 3, text, Tier.WONT, 11),
        ),
        scenarios=(
            TracedScenario(
                "features/a.feature:3",
                "features/a.feature",
                3,
                text,
                ("ac_1_1_bbbbbb", "smoke"),
                steps=(TracedStep("Then", "then", text, 4, "steps/a.py:1"), TracedStep("And", "then", text, 5)),
                criteria=("ac_1_1_bbbbbb",),
                result=result,
            ),
            TracedScenario("features/a.feature:9", "features/a.feature", 9, text),
        ),
        definitions=(
            TracedDefinition("steps/a.py:1", "steps/a.py", 1, 3, "then", text, scenarios=("features/a.feature:3",)),
            TracedDefinition("steps/a.py:1#2", "steps/a.py", 1, 3, "then", text),
        ),
        gaps=(
            Gap(GapKind.SCENARIO_WITHOUT_CRITERION, "features/a.feature:9", "features/a.feature", 9, text),
            Gap(GapKind.UNKNOWN_SECTION, "plan:x", "specs/a.md", 0, text),
        ),
        project=text,
        lines=(TracedLine("a.py", 3, (text,), uses=(LineUse("ac_1_1_bbbbbb", challenges, challenged=True),)),),
    )


def render(name: str, text: str = "text", **changes: Any) -> str:
    """Render the trace with this text."""
    trace = replace(build_trace(text), **changes)
    return REPORTERS[name].render(Answer("trace", trace), RenderOptions())


@in_one_test("name", [name for name, reporter in REPORTERS.items() if "trace" in reporter.kinds])
@in_one_test("text", TEXTS.values(), ids=TEXTS)
def test_no_text_of_a_project_is_obeyed_by_a_terminal_in_any_format(name: str, text: str) -> None:
    rendered = render(name, text)
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", rendered) == []
    assert rendered.endswith("\n")
    assert rendered.encode("utf-8").decode("utf-8") == rendered


def test_the_won_t_haves_are_counted_apart() -> None:
    criteria = build_trace("text").criteria
    assert ", 3 criteria (1 won't-have), 2 scenarios, " in render("text")
    specs = tuple(replace(spec, criteria=spec.criteria[:2]) for spec in build_trace("text").specs)
    assert ", 2 criteria, 2 scenarios, " in render("text", criteria=criteria[:2], specs=specs)


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_specs_with_errors_may_have_gaps_that_are_not_listed(name: str) -> None:
    whole, partial, broken = (
        # A narrow line is broken.
        " ".join(render(name, **changes).lower().split())
        for changes in ({"gaps": ()}, {"gaps": (), "unusable": 1}, {"diagnostics": (make_diagnostic("steps/a.py"),)})
    )
    assert ("no gaps" in whole, "in what could be read" in whole) == (True, False)
    assert "no gaps in what could be read" in partial
    assert "2 gaps in what could be read" in broken


# --- csv --------------------------------------------------------------------------------------------------------------


@in_one_test("text", TEXTS.values(), ids=TEXTS)
def test_no_cell_of_the_csv_is_a_formula_and_every_row_is_whole(text: str) -> None:
    rows = list(csv.reader(io.StringIO(render("csv", text))))
    assert {len(row) for row in rows} == {18}
    # The title; two steps of the nested criterion, three specs and criteria without any, the loose scenario; the gaps.
    assert len(rows) == 1 + 2 + 3 + 1 + 2
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20")] == []


def test_a_chain_of_the_csv_has_all_its_links_in_one_row() -> None:
    rows = list(csv.DictReader(io.StringIO(render("csv"))))
    (row,) = [row for row in rows if row["step_definition"]]
    assert row == {
        "prd_sections": "4.2 text",
        "plan_sections": "text",
        "feature_id": "1.1",
        "spec": "specs/a.md",
        "spec_status": "Draft",
        "criterion": "ac_1_1_bbbbbb",
        "criterion_text": "text",
        "tier": "should",
        "verdict": "failed",
        "scenario": "features/a.feature:3",
        "scenario_name": "text",
        "result": "failed",
        "step": "Then text",
        "step_definition": "steps/a.py:1",
        "gap": "",
        "code_lines": "a.py:3",
        "noticed_lines": "a.py:3",
        "untested": "",
    }


def test_with_only_gaps_the_csv_has_only_them() -> None:
    rows = list(csv.DictReader(io.StringIO(render("csv", only_gaps=True))))
    assert [row["gap"] for row in rows] == [
        "scenario-without-criterion: text (features/a.feature:9)",
        "unknown-section: text (specs/a.md)",
    ]


# --- markdown ---------------------------------------------------------------------------------------------------------


@in_one_test("text", TEXTS.values(), ids=TEXTS)
def test_every_row_of_the_markdown_has_as_many_cells_as_its_head(text: str) -> None:
    tables: list[list[int]] = [[]]
    for line in render("markdown", text).splitlines():
        if line.startswith("|"):
            # A pipe after a backslash, as escaped here, is no end of a cell.
            tables[-1].append(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)))
        elif tables[-1]:
            tables.append([])
    assert [set(table) for table in tables if table] == [{5}, {7}, {5}, {4}]


@in_one_test("text", TEXTS.values(), ids=TEXTS)
def test_every_row_of_untested_lines_has_as_many_cells_as_its_head(text: str) -> None:
    untested = Untested((UntestedFile(text, (UntestedRange(3, 8, text, 5),), loaded=False),), 2, text, 1)
    rows = [line for line in render("markdown", untested=untested).splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows} == {4}
    # The path of the file, the name of the function, and their table with a head of two rows.
    assert len(rows) == 3


# --- needs ------------------------------------------------------------------------------------------------------------

# What the schema of Sphinx-Needs asks for (`needsfile.json`), closed, and what its importers need besides.
NEED = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^[A-Z0-9_]{5,}$"},
        "type": {"enum": ["req", "spec", "impl", "test"]},
        "type_name": {"type": "string"},
        "title": {"type": "string"},
        "content": {"type": "string"},
        "status": {"type": ["string", "null"]},
        "tags": {"type": "array", "items": {"type": "string", "pattern": "^[^,;]*$"}},
        "links": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["id", "type", "title", "content", "status", "tags", "links"],
    "additionalProperties": False,
}
NEEDS_VERSION = {
    "type": "object",
    "properties": {
        "creator": {"type": "object"},
        "needs": {"type": "object", "additionalProperties": NEED},
        "needs_amount": {"type": "number"},
    },
    "required": ["creator", "needs", "needs_amount"],
    "additionalProperties": False,
}
NEEDS_FILE = {
    "type": "object",
    "properties": {
        "current_version": {"type": "string"},
        "project": {"type": "string"},
        "versions": {"type": "object", "additionalProperties": NEEDS_VERSION},
    },
    "required": ["current_version", "project", "versions"],
    "additionalProperties": False,
}


@in_one_test("text", TEXTS.values(), ids=TEXTS)
def test_needs_json_is_as_sphinx_needs_reads_it(text: str) -> None:
    document = json.loads(render("needs", text))
    assert list(Draft7Validator(NEEDS_FILE).iter_errors(document)) == []
    version = document["versions"][document["current_version"]]
    needs = version["needs"]
    assert version["needs_amount"] == len(needs) == 11
    assert [key for key, need in needs.items() if need["id"] != key] == []
    assert {link for need in needs.values() for link in need["links"]} <= needs.keys()


def test_needs_link_up_the_chain_and_along_the_dependencies() -> None:
    needs = json.loads(render("needs"))["versions"]["1"]["needs"]
    assert needs["SPEC_1_1"]["links"] == ["PRD_4_2", "PLAN_TEXT", "SPEC_SPECS_B_MD"]
    assert needs["AC_1_1_AAAAAA"]["links"] == ["SPEC_1_1"]
    assert needs["AC_1_1_BBBBBB"]["links"] == ["AC_1_1_AAAAAA"]
    (test,) = [need for need in needs.values() if need["type"] == "test" and need["links"]]
    assert (test["links"], test["status"]) == (["AC_1_1_BBBBBB"], "failed")
    (step,) = [need for need in needs.values() if need["type"] == "impl" and need["links"]]
    assert step["links"] == [test["id"]]


@pytest.mark.parametrize("text", ["[[copy('id')]]", "[[[[a]]]]", "<< [True]: a, b >>", "<<<x>>>"])
def test_no_text_in_needs_is_called_as_a_function_or_chosen_as_a_variant(text: str) -> None:
    rendered = render("needs", text)
    assert ("[[" in rendered, "<<" in rendered) == (False, False)


def test_the_content_of_a_need_is_no_markup() -> None:
    contents = [need["content"] for need in json.loads(render("needs"))["versions"]["1"]["needs"].values()]
    assert "docs\\/prd\\.md\\:7" in contents
    assert [content for content in contents if re.search(r"(?<!\\)[`*_|:<>\[\]]", content.replace("_", ""))] == []


# --- OpenFastTrace ----------------------------------------------------------------------------------------------------

# The elements that its importer knows, in the order of its exporter.
ELEMENTS = [
    *("id", "shortdesc", "status", "version", "sourcefile", "sourceline", "description", "rationale", "comment"),
    *("tags", "needscoverage", "providescoverage", "dependencies"),
]
NAME = re.compile(r"[a-z][a-z0-9_]*")


def list_objects(text: str = "text") -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield the specobjects of the rendered trace with their doctypes."""
    document = ElementTree.fromstring(render("openfasttrace", text))
    assert document.tag == "specdocument"
    for group in document:
        assert (group.tag, list(group.keys())) == ("specobjects", ["doctype"])
        for item in group:
            assert item.tag == "specobject"
            yield group.get("doctype", ""), item


@in_one_test("text", TEXTS.values(), ids=TEXTS)
def test_specobjects_are_as_open_fast_trace_reads_them(text: str) -> None:
    objects = list(list_objects(text))
    names = {(kind, item.findtext("id")) for kind, item in objects}
    assert len(names) == len(objects) == 11
    for kind, item in objects:
        tags = [element.tag for element in item]
        assert tags == sorted(tags, key=ELEMENTS.index)
        assert {"id", "status", "version"} <= {*tags}
        assert kind.isalpha()
        assert NAME.fullmatch(item.findtext("id", ""))
        assert item.findtext("status") in ("approved", "proposed", "draft", "rejected")
        assert item.findtext("version", "").isdigit()
        assert item.findtext("sourceline", "1").isdigit()
        for link in item.iterfind("providescoverage/provcov"):
            assert [element.tag for element in link] == ["linksto", "dstversion"]
            goal, _, name = link.findtext("linksto", "").partition(":")
            assert (goal, name) in names
        for element in item.iterfind("dependencies/dependson"):
            goal, name, revision = (element.text or "").split("~")
            assert ((goal, name) in names, revision) == (True, "1")


def test_coverage_of_specobjects_is_asked_for_and_provided_along_the_chain() -> None:
    items = {item.findtext("id", ""): (kind, item) for kind, item in list_objects()}
    needed = {id_: item.findtext("needscoverage/needsobj") for id_, (_, item) in items.items()}
    for kind, item in items.values():
        for link in item.iterfind("providescoverage/provcov/linksto"):
            # What covers is what was asked for: anything else is unwanted coverage.
            assert needed[(link.text or "").partition(":")[2]] == kind
    assert needed["ac_1_1_cccccc"] is None
    assert items["ac_1_1_cccccc"][1].findtext("status") == "rejected"
    assert items["spec_1_1"][1].findtext("status") == "draft"


# --- ids --------------------------------------------------------------------------------------------------------------


def test_ids_for_other_tools_do_not_depend_on_lines() -> None:
    trace = build_trace()
    moved = replace(
        trace,
        scenarios=tuple(replace(item, id=f"{item.id}0", line=10 * item.line) for item in trace.scenarios),
        definitions=tuple(replace(item, id=f"{item.id}0", line=10 * item.line) for item in trace.definitions),
    )
    assert list(build_ids(moved).values()) == list(build_ids(trace).values())
    assert len({*build_ids(trace).values()}) == len(build_ids(trace)) == 11


# --- graphs -----------------------------------------------------------------------------------------------------------

MERMAID_LINE = re.compile(
    r"""
    flowchart[ ]LR
    | [ ]{2}[a-z]\w*\["(?:[\w .,/()-]|\#\d+;)*<br>(?:[\w .,/()-]|\#\d+;)*"\]    # a node, with signs as entities
    | [ ]{2}[a-z]\w*[ ](?:--[ ]circular[ ])?-->[ ][a-z]\w*
    | [ ]{2}linkStyle[ ]\d+(?:,\d+)*[ ]stroke:red
    """,
    re.VERBOSE,
)
DOT_LINE = re.compile(
    r"""
    digraph[ ]specs[ ]\{ | \} | [ ]{2}rankdir=LR | [ ]{2}node[ ]\[shape=box\]
    | [ ]{2}[a-z]\w*[ ]\[label="(?:[^"\\&]|\\["\\n]|&amp;)*"(?:[ ]color=red)?\]
    | [ ]{2}[a-z]\w*[ ]->[ ][a-z]\w*(?:[ ]\[color=red[ ]label="circular"\])?
    """,
    re.VERBOSE,
)


@in_one_test("text", TEXTS.values(), ids=TEXTS)
def test_every_line_of_a_graph_is_a_node_or_an_edge_whatever_names_say(text: str) -> None:
    for name, pattern in (("mermaid", MERMAID_LINE), ("dot", DOT_LINE)):
        lines = render(name, text).splitlines()
        assert [line for line in lines if not pattern.fullmatch(line)] == []
        assert sum("->" in line and "label=" not in line.split("->")[0] for line in lines) >= 2


def test_the_edges_of_a_cycle_are_marked() -> None:
    assert render("mermaid").splitlines() == [
        "flowchart LR",
        '  spec_1_1["1.1 text<br>Draft"]',
        '  spec_specs_b_md["text<br>text"]',
        "  spec_1_1 -- circular --> spec_specs_b_md",
        "  spec_specs_b_md -- circular --> spec_1_1",
        "  linkStyle 0,1 stroke:red",
    ]
    assert render("dot").splitlines()[3:-1] == [
        '  spec_1_1 [label="1.1 text\\nDraft" color=red]',
        '  spec_specs_b_md [label="text\\ntext" color=red]',
        '  spec_1_1 -> spec_specs_b_md [color=red label="circular"]',
        '  spec_specs_b_md -> spec_1_1 [color=red label="circular"]',
    ]


@pytest.mark.parametrize("text", ["1. a", "- a", "a`b`"])
def test_no_name_is_markdown_in_mermaid(text: str) -> None:
    assert re.findall(r'(?:"|<br>)(?:\d+\. |[-+*] |.*`)', render("mermaid", text)) == []


def test_a_part_of_a_trace_is_drawn_with_the_specs_that_it_waits_for() -> None:
    whole = build_trace()
    lines = render("mermaid", specs=whole.specs[:1], upstream=whole.specs[1:]).splitlines()
    assert lines == render("mermaid").splitlines()
    needs = json.loads(render("needs", specs=whole.specs[:1], upstream=whole.specs[1:]))["versions"]["1"]["needs"]
    assert needs["SPEC_1_1"]["links"] == ["PRD_4_2", "PLAN_TEXT"]


def test_a_graph_without_cycles_has_no_mark() -> None:
    specs = (TracedSpec("a.md", "1", "A", "Draft", depends_on=("b.md",)), TracedSpec("b.md", "2", "B", "Review"))
    assert render("mermaid", specs=specs, sections=(), criteria=(), scenarios=(), definitions=(), gaps=()) == (
        'flowchart LR\n  spec_1["1 A<br>Draft"]\n  spec_2["2 B<br>Review"]\n  spec_1 --> spec_2\n'
    )
    assert "red" not in render("dot", specs=specs, sections=(), criteria=(), scenarios=(), definitions=(), gaps=())
