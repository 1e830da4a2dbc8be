"""Tags of criteria in feature files of the user that are on more or less than a scenario of their own."""

from __future__ import annotations

from planned_project import World, make_spec

from spec2bdd.domain.gherkin.manifest.index import index_features
from spec2bdd.domain.planning.tag_places import diagnose_tags

WORLD = World().generate(make_spec("A book is lent", "A book comes back", "A book is lost"))
LENT, BACK, LOST = WORLD.ids
OWN = f"""\
@{LENT}
Feature: Mine

  @{BACK} @other
  Scenario Outline: one
    Then <x>

    @{LOST}
    Examples:
      | x |

  @{LENT} @{BACK} @{LOST}
  Scenario: three
    Then y

  @{LENT} @{BACK}
  Scenario: two
    Then y
"""


def list_warnings(features: dict[str, str]) -> list[tuple[str, int, int, str, str]]:
    """List the warnings about the tags in feature files."""
    found = diagnose_tags(WORLD.drafts, index_features(features), {path: features[path].encode() for path in features})
    return [(item.path, item.line, item.column, item.code, item.message) for item in found]


def test_a_tag_on_several_scenarios_and_a_scenario_with_many_tags_are_reported() -> None:
    # Neither what was generated nor a file without a criterion's tag ends the search.
    features = {**WORLD.features, "features/a.feature": "@other\nFeature: a\n", "features/own.feature": OWN}
    message = "the tag `@{}` is on a {}, so the criterion needs {} to pass"
    tags = ", ".join(f"`{tag}`" for tag in sorted(WORLD.ids))
    feature = message.format(LENT, "feature", "all scenarios under it")
    rows = message.format(LOST, "table of examples", "all rows of its outline")
    assert list_warnings(features) == [
        ("features/own.feature", 1, 1, "shared-tag", feature),
        ("features/own.feature", 8, 1, "shared-tag", rows),
        ("features/own.feature", 13, 1, "shared-scenario", f"one scenario proves 3 criteria: {tags}"),
    ]


def test_nothing_is_reported_of_what_was_generated() -> None:
    assert list_warnings(dict(WORLD.features)) == []
