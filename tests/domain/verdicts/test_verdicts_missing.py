"""Which of a criterion's scenarios have no result in a run, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_values import FEATURE, ID, make_item, make_record, make_run

from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.scenarios.context import build_context
from spec2bdd.domain.verdicts.scenarios.missing_scenarios import describe_missing
from spec2bdd.model import RuleId, Verdict

TEXT = b"""# language: en
@spec_1_1
Feature: Lamps

  # digest
  @must @ac_1
  Scenario: The lamp is lit
    Then it is lit
    # @ac_1 in a comment

  @ac_2 # @ac_1
  # between
  Scenario: The lamp is dark
    Then it says "@ac_1"

  @ac_1
  @slow
  Scenario Outline: The lamp is <color>
    Then it is <color>
    Examples:
      | color |
      | red   |

  @ac_1
"""
LIT, ROWS = (FEATURE, 7, "The lamp is lit"), (FEATURE, 22, "The lamp is <color> -- @1.1 ")


@pytest.mark.parametrize(
    ("reported", "missing"),
    [
        ([], f"`The lamp is lit` ({FEATURE}:7), `The lamp is <color>` ({FEATURE}:18)"),
        ([LIT], f"`The lamp is <color>` ({FEATURE}:18)"),
        ([ROWS], f"`The lamp is lit` ({FEATURE}:7)"),
        ([LIT, ROWS], ""),
        ([("features/b.feature", 7, "The lamp is lit"), ROWS], f"`The lamp is lit` ({FEATURE}:7)"),
    ],
)
def test_what_has_the_tag_and_no_result_is_named(reported: list[tuple[str, int, str]], missing: str) -> None:
    assert describe_missing("ac_1", [FEATURE], {FEATURE: TEXT}, reported=reported) == missing


def test_of_many_the_first_three_are_named() -> None:
    text = "Feature: F\n" + "".join(f"  @ac_1\n  Scenario: s{n}\n    Then it works\n" for n in range(5))
    assert (
        describe_missing("ac_1", ["a"], {"a": text.encode()}, reported=[])
        == "`s0` (a:3), `s1` (a:6), `s2` (a:9), and 2 more"
    )
    assert describe_missing("ac_1", ["a"], {"a": text.encode()}, reported=[("a", 3, "s0"), ("a", 6, "s1")]).endswith(
        "`s4` (a:15)"
    )


def test_more_than_three_are_counted() -> None:
    text = "Feature: F\n" + "".join(f"  @ac_1\n  Scenario: s: {n}\n    Then it works\n" for n in range(4))
    assert (
        describe_missing("ac_1", ["a"], {"a": text.encode()}, reported=[])
        == "`s: 0` (a:3), `s: 1` (a:6), `s: 2` (a:9), and 1 more"
    )


def test_bytes_that_are_no_text_hide_no_scenario() -> None:
    assert describe_missing("ac_1", ["a"], {"a": b"@ac_1\nScenario: s \xff\n"}, reported=[]) == "`s \ufffd` (a:2)"


@pytest.mark.parametrize(
    ("files", "features"),
    [(["gone"], {"a": TEXT}), ([], {"a": TEXT}), (["a"], {"a": b""}), (["a"], {"a": b"@ac_1\nno scenario\n"})],
)
def test_nothing_is_named_where_nothing_is_sure(files: list[str], features: dict[str, bytes]) -> None:
    assert describe_missing("ac_1", files, features, reported=[]) == ""


def test_plain_green_but_not_passed_because_a_scenario_of_that_name_was_not_reached() -> None:
    text = f"Feature: F\n  @{ID}\n  Scenario: It works\n    Then it works\n  @{ID}\n  Scenario: It still works\n"
    run = make_run(replace(make_record("passed"), line=3), expected={ID: 2})
    facts = replace(build_context([run], run.digests), features={FEATURE: text.encode()})
    judgement = judge_spec([make_item()], facts)[0]
    assert (Verdict.NOT_RUN, f"a scenario was not reached: `It still works` ({FEATURE}:6)") == (
        judgement.verdict,
        judgement.reason,
    )


def test_a_table_of_examples_without_rows_is_pending() -> None:
    text = (
        f"Feature: F\n  @{ID}\n  Scenario Outline: It works\n    Examples:\n      | a |\n      | 1 |\n    Examples: b\n"
    )
    run = make_run(replace(make_record("passed"), name="It works", line=3), expected={ID: 2})
    facts = replace(build_context([run], run.digests), features={FEATURE: text.encode()})
    judgement = judge_spec([make_item()], facts)[0]
    assert (Verdict.PENDING, f"no examples in {FEATURE}:7") == (judgement.verdict, judgement.reason)
    place = judgement.record and (judgement.record.feature, judgement.record.line, judgement.record.name)
    assert place == (FEATURE, 7, "b")
    assert judgement.rule is RuleId.NO_EXAMPLES
