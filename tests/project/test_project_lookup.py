"""A name on the command line finds one spec or criterion, or is refused with the possible ones."""

from __future__ import annotations

import pytest

from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.planning.spec_plan import SpecPlan, plan_specs
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.errors import AmbiguousNameError, ConfigError
from spec2bdd.project.lookup import find_criterion, find_spec

FRONT = "---\nfeature_id: {}\nname: {}\nstatus: Draft\n---\n### Must Have\n"
BASKET = FRONT.format("3.2", "Shop basket") + "- [ ] **AC-01**: An item can be added\n- [ ] An item can be removed\n"
BILL = FRONT.format("3.20", "Bill for the shop") + "- [ ] A bill is sent\n- [ ] A bill is paid\n- [ ] It is kept\n"


@pytest.fixture(scope="module")
def drafts() -> tuple[SpecPlan, ...]:
    texts = {"specs/basket.md": BASKET, "specs/sub/bill.md": BILL}
    specs = [parse_spec(path, text.encode()) for path, text in texts.items()]
    return plan_specs(specs, FeatureIndex(), folder="features", paths=frozenset(texts))[0]


@pytest.mark.parametrize(
    "typed",
    [
        "specs/basket.md",
        "./specs/basket.md",
        "../specs/basket.md",
        "/home/ana/shop/specs/basket.md",
        "basket.md",
        "basket",
        "specs\\basket.md",
        "3.2",
        "3_2",
        "Shop basket",
        "shop BASKET",
        "sket",
    ],
)
def test_a_spec_is_found_by_its_path_its_id_and_a_part_of_its_name(drafts: tuple[SpecPlan, ...], typed: str) -> None:
    assert find_spec(drafts, typed).spec.path == "specs/basket.md"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("shop", "could be 2 specs: `specs/basket.md` (Shop basket); `specs/sub/bill.md` (Bill for the shop)"),
        ("3.9.9", "no spec matches `3.9.9`"),
        ("", "no spec matches ``"),
        ("shelf.md", "no spec matches `shelf.md`"),
    ],
)
def test_a_spec_that_is_not_clear_is_refused_with_what_it_could_be(
    drafts: tuple[SpecPlan, ...], typed: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        find_spec(drafts, typed)
    assert message in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "typed", ["AC-01", "ac_3_2_ac_01", "@ac_3_2_ac_01", "3_2_ac_01", "3.2#1", "can be ADDED", "An item can be added."]
)
def test_a_criterion_is_found_by_its_id_its_number_and_a_part_of_its_text(
    drafts: tuple[SpecPlan, ...], typed: str
) -> None:
    assert find_criterion(drafts, typed)[1].id == "ac_3_2_ac_01"


def test_a_number_alone_is_enough_in_one_spec_and_in_no_other_case(drafts: tuple[SpecPlan, ...]) -> None:
    assert find_criterion(drafts[:1], "#2")[1].criterion.text == "An item can be removed"
    assert find_criterion(drafts, "#3")[1].criterion.text == "It is kept"
    with pytest.raises(AmbiguousNameError, match="could be 2 criteria") as caught:
        find_criterion(drafts, "#2")
    assert diagnose_error(caught.value).code == "config"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("ac_3_2_ac_10", "did you mean `ac_3_2_ac_01`?"),
        ("A bill is send", "did you mean `A bill is sent`?"),
        ("nothing of the kind", "type its id, such as"),
        ("3.2#3", "`3.2` has 2 criteria"),
        ("#4", "no spec has so many criteria"),
    ],
)
def test_a_name_that_matches_no_criterion_gets_the_most_similar_one(
    drafts: tuple[SpecPlan, ...], typed: str, hint: str
) -> None:
    with pytest.raises(ConfigError, match="no criterion matches") as caught:
        find_criterion(drafts, typed)
    assert hint in caught.value.hint


def test_a_long_list_is_cut() -> None:
    items = "".join(f"- [ ] Lamp number {n} is on\n" for n in range(1, 12))
    spec = parse_spec("specs/a.md", (FRONT.format("1", "Lamps") + items).encode())
    found = plan_specs([spec], FeatureIndex(), folder="features", paths=frozenset({"specs/a.md"}))[0]
    with pytest.raises(ConfigError, match=r"could be 11 criteria: .*Lamp number 8 is on\); and 3 more$"):
        find_criterion(found, "lamp")
