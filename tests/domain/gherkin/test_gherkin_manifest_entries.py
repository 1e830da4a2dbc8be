"""The position of manifest entries, and that they do not affect their neighbours."""

from __future__ import annotations

import re

import pytest
from planned_project import World, make_criterion, make_spec

from spec2bdd.domain.gherkin.manifest.manifest import is_group_name, parse_manifest
from spec2bdd.model import Criterion

PATH = "features/1_1_books.feature"
FRUIT = ("apples", "bread", "cheese", "dates")
WHOLE = make_spec(*FRUIT)


def find_margins(text: str) -> dict[str, list[str]]:
    """Find the texts of all entries, by the scenario under them; the key is empty for those above the head."""
    margins: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        kept = re.search(r'# kept: \S+ \S+ "(.*)"', line)
        lines += [kept[1]] if kept else []
        name = re.fullmatch(r"Feature: .*()|  Scenario: (.*)", line)
        if name:
            margins[name[2] or ""] = lines
            lines = []
    assert not lines
    return {name: words for name, words in margins.items() if words}


def waive(*gone: str) -> list[Criterion]:
    """Build the criteria, with these waived."""
    return [make_criterion(text, waived=text in gone) for text in FRUIT]


@pytest.mark.parametrize(
    ("gone", "margins"),
    [
        (("apples",), {"bread": ["apples"]}),
        (("bread",), {"cheese": ["bread"]}),
        (("apples", "bread"), {"cheese": ["apples", "bread"]}),
        (("bread", "dates"), {"cheese": ["bread"], "": ["dates"]}),
        (FRUIT, {"": list(FRUIT)}),
    ],
)
def test_an_entry_is_above_the_next_scenario(gone: tuple[str, ...], margins: dict[str, list[str]]) -> None:
    waived = World().generate(make_spec(*waive(*gone)))
    deleted = World().generate(WHOLE).generate(make_spec(*(text for text in FRUIT if text not in gone)))
    assert [find_margins(waived.feature), find_margins(deleted.feature)] == [margins, margins]


def test_an_entry_changes_no_digest_of_its_neighbours() -> None:
    before, after = (World().generate(make_spec(*waive(*gone))).feature for gone in ((), ("bread",)))
    digests = [{block.id: block.digest for block in parse_manifest(text).blocks} for text in (before, after)]  # type: ignore[union-attr]
    assert len(digests[0].items() - digests[1].items()) == 1
    assert not digests[1].items() - digests[0].items()


def test_a_retired_criterion_stays_after_the_one_that_it_came_after() -> None:
    world = World().generate(WHOLE).generate(make_spec("apples", "cheese", "dates"))
    assert find_margins(world.generate(make_spec("cheese", "apples", "dates")).feature) == {"dates": ["bread"]}


def test_a_restored_criterion_loses_its_entry_and_keeps_its_id() -> None:
    world = World().generate(WHOLE)
    back = world.generate(make_spec(*waive("bread"))).generate(make_spec("apples", "cheese", "dates")).generate(WHOLE)
    assert (world.ids, world.features) == (back.ids, back.features)


def test_a_file_with_all_entries_at_its_top_is_read_and_reordered() -> None:
    spec = make_spec(*waive("bread", "dates"))
    world = World().generate(WHOLE).generate(make_spec("bread", "cheese", "dates")).generate(spec)
    kept = [line for line in world.feature.splitlines(keepends=True) if "# kept:" in line]
    rest = [line for line in world.feature.splitlines(keepends=True) if "# kept:" not in line]
    old = "".join([rest[0], *(line.lstrip() for line in kept), *rest[1:]])
    assert old != world.feature
    assert list(parse_manifest(old).odd_lines) == []  # type: ignore[union-attr]
    again = World({PATH: old}).generate(spec)
    assert (world.ids, [], world.features) == (again.ids, again.codes, again.features)


@pytest.mark.parametrize("edit", ["{}x", "{} ", "x{}", "  # mine\n{}", "{}\n  # mine", "  # kept: mine\n{}", "# x{}"])
def test_an_edit_in_a_margin_is_reported_unless_it_is_white_space(edit: str) -> None:
    text = World().generate(make_spec(*waive("bread"))).feature
    line = next(line for line in text.splitlines() if "# kept:" in line)
    world = World({PATH: text.replace(line, edit.format(line))}).generate(make_spec(*waive("bread")))
    assert (edit != "{} ") == ("edited-by-hand" in world.codes)


@pytest.mark.parametrize("name", ["cheese", "dates"])
def test_the_entry_above_a_scenario_that_is_deleted_by_hand_stays(name: str) -> None:
    spec = make_spec(*waive("bread", "cheese") if name == "dates" else waive("bread"))
    world = World().generate(spec)
    cut = re.sub(rf"  # digest \w+\n  @\S+ @must\n  Scenario: {name}\n    Then {name}\n", "", world.feature)
    assert cut != world.feature
    again = World({PATH: cut}).generate(spec)
    assert (world.ids, [], world.features) == (again.ids, again.codes, again.features)


def test_a_comment_at_the_end_is_reported() -> None:
    world = World().generate(WHOLE)
    assert World({PATH: world.feature + "\n# mine\n"}).generate(WHOLE).codes == ["edited-by-hand"]


def test_entries_do_not_end_a_group() -> None:
    texts = [("apples", "One"), ("bread", "One"), ("cheese", "Two"), ("dates", "Two")]
    spec = make_spec(*(make_criterion(text, group=group, manual=text in "bread cheese") for text, group in texts))
    world = World().generate(spec)
    assert re.search(r'\n\n  # kept: .*"bread".*\n  # kept: .*"cheese".*\n  # Two\n  # digest', world.feature)
    assert (world.features, []) == (world.generate(spec).features, world.generate(spec).codes)


@pytest.mark.parametrize(
    "name", ["digest abc", "digest abc, unverified", 'kept: ac_1 must "x"', 'kept: ac_1 must "x", digest a']
)
def test_a_group_that_reads_like_an_entry_is_not_named(name: str) -> None:
    assert not is_group_name(name)


def test_a_retired_criterion_is_still_reworded_when_it_comes_back() -> None:
    reworded = World().generate(make_spec("A book is lent", "b")).generate(make_spec("A book is lent twice", "b"))
    back = reworded.generate(make_spec("b")).generate(make_spec("A book is lent twice", "b"))
    assert ', reworded from "A book is lent"' in reworded.feature
    assert back.feature == reworded.feature
