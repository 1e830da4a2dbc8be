"""A name on the command line finds one spec or criterion, or is refused with the possible ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small_project import write_files

from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.planning.spec_plan import SpecPlan, plan_specs
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.errors import AmbiguousNameError, NotFoundError, UsageError
from spec2bdd.project.lookup import check_line, find_criterion, find_match, find_path, find_spec, suggest_names

FRONT = "---\nfeature_id: {}\nname: {}\nstatus: Draft\n---\n### Must Have\n"
BASKET = FRONT.format("3.2", "Shop basket") + "- [ ] **AC-01**: An item can be added\n- [ ] An item can be removed\n"
BILL = FRONT.format("3.20", "Bill for the shop") + "- [ ] A bill is sent\n- [ ] A bill is paid\n- [ ] It is kept\n"


@pytest.fixture(scope="module")
def plans() -> tuple[SpecPlan, ...]:
    texts = {"specs/basket.md": BASKET, "specs/sub/bill.md": BILL}
    specs = [parse_spec(path, text.encode()) for path, text in texts.items()]
    return plan_specs(specs, FeatureIndex(), folder="features", paths=frozenset(texts))[0]


@pytest.mark.parametrize(
    "name",
    [
        "specs/basket.md",
        "./specs/basket.md",
        "../specs/basket.md",
        "/home/ana/shop/specs/basket.md",
        "basket.md",
        "basket",
        "specs\\basket.md",
        ".\\specs\\basket.md",
        "C:\\shop\\specs\\basket.md",
        "features\\3_2_shop_basket.feature",
        "3.2",
        "3_2",
        "features/3_2_shop_basket.feature",
        "Shop basket",
        "shop BASKET",
        "sket",
    ],
)
def test_a_spec_is_found_by_its_path_its_id_and_a_part_of_its_name(plans: tuple[SpecPlan, ...], name: str) -> None:
    assert find_spec(plans, name).spec.path == "specs/basket.md"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shop", "matches 2 specs\n`specs/basket.md`: Shop basket\n`specs/sub/bill.md`: Bill for the shop"),
        ("3.9.9", "no spec matches `3.9.9`"),
        ("", "the name is empty"),
        ("shelf.md", "no spec matches `shelf.md`"),
    ],
)
def test_a_spec_that_is_not_clear_is_refused_with_what_it_could_be(
    plans: tuple[SpecPlan, ...], name: str, message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        find_spec(plans, name)
    assert message in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "name", ["AC-01", "ac_3_2_ac_01", "@ac_3_2_ac_01", "3_2_ac_01", "3.2#1", "can be ADDED", "An item can be added."]
)
def test_a_criterion_is_found_by_its_id_its_number_and_a_part_of_its_text(
    plans: tuple[SpecPlan, ...], name: str
) -> None:
    assert find_criterion(plans, name)[1].id == "ac_3_2_ac_01"


@pytest.mark.parametrize("place", ["specs/basket.md:{}", "../specs/basket.md:{}", "specs/basket.md:{}:3"])
def test_a_criterion_is_found_by_its_place_as_it_is_printed(plans: tuple[SpecPlan, ...], place: str) -> None:
    plan, tracked = find_criterion(plans, "AC-01")
    assert find_criterion(plans, place.format(tracked.criterion.line)) == (plan, tracked)


def test_a_place_without_a_criterion_matches_nothing(plans: tuple[SpecPlan, ...]) -> None:
    with pytest.raises(UsageError, match=r"no criterion matches `specs/basket\.md:1`"):
        find_criterion(plans, "specs/basket.md:1")


def test_a_number_alone_is_enough_in_one_spec_and_in_no_other_case(plans: tuple[SpecPlan, ...]) -> None:
    assert find_criterion(plans[:1], "#2")[1].criterion.text == "An item can be removed"
    assert find_criterion(plans, "#3")[1].criterion.text == "It is kept"
    with pytest.raises(AmbiguousNameError, match="matches 2 criteria") as caught:
        find_criterion(plans, "#2")
    assert diagnose_error(caught.value).code == "usage"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ac_3_2_ac_10", "did you mean `ac_3_2_ac_01` (An item can be added)"),
        ("A bill is send", "did you mean `A bill is sent` or `A bill is paid`?"),
        ("nothing of the kind", "run `spec2bdd explain "),
        ("3.2#3", "`3.2` has 2 criteria: `#1` to `#2`"),
        ("#4", "no spec has so many criteria"),
    ],
)
def test_a_name_that_matches_no_criterion_gets_the_most_similar_one(
    plans: tuple[SpecPlan, ...], name: str, hint: str
) -> None:
    with pytest.raises(UsageError, match="no criterion matches") as caught:
        find_criterion(plans, name)
    assert hint in caught.value.hint


def test_a_long_list_is_cut() -> None:
    items = "".join(f"- [ ] Lamp number {n} is on\n" for n in range(1, 12))
    spec = parse_spec("specs/a.md", (FRONT.format("1", "Lamps") + items).encode())
    found = plan_specs([spec], FeatureIndex(), folder="features", paths=frozenset({"specs/a.md"}))[0]
    with pytest.raises(
        UsageError, match=r"(?s)matches 11 criteria\n.*\n`1#8`: Lamp number 8 is on \(specs/a\.md:\d+\)\nand 3 more$"
    ):
        find_criterion(found, "lamp")


@pytest.fixture(scope="module")
def logins() -> tuple[SpecPlan, ...]:
    login = FRONT.format("1.1", "Login") + "- [ ] The login form has two fields\n- [ ] A wrong password is refused\n"
    front = FRONT.format("1.2", "Front page") + "- [ ] The login link is shown\n- [ ] The page has a title\n"
    texts = {"specs/01-login.md": login, "specs/02-front.md": front}
    specs = [parse_spec(path, text.encode()) for path, text in texts.items()]
    return plan_specs(specs, FeatureIndex(), folder="features", paths=frozenset(texts))[0]


@pytest.mark.parametrize("name", ["login", "LOGIN", "1.1", "01-login", "01-login.md", "specs/01-login.md"])
def test_the_whole_name_of_a_spec_wins_over_a_part_of_a_text(logins: tuple[SpecPlan, ...], name: str) -> None:
    match = find_match(logins, name)
    assert (match.plan.spec.path, match.tracked) == ("specs/01-login.md", None)


def test_a_part_of_names_of_both_kinds_names_both(logins: tuple[SpecPlan, ...]) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        find_match(logins, "logi")
    assert caught.value.message.split("\n") == [
        "`logi` matches 1 spec and 2 criteria",
        "`specs/01-login.md`: Login",
        "`1.1#1`: The login form has two fields (specs/01-login.md:7)",
        "`1.2#1`: The login link is shown (specs/02-front.md:7)",
    ]
    assert caught.value.hint == "use one of the names before the colons"


def test_a_part_of_one_text_alone_is_that_criterion(logins: tuple[SpecPlan, ...]) -> None:
    match = find_match(logins, "wrong password")
    assert match.tracked is logins[0].tracked[1]


@pytest.mark.parametrize("name", ["specs/01-login.md#2", "login#2", "1.1#2"])
def test_the_spec_of_a_number_can_be_named_in_every_way(logins: tuple[SpecPlan, ...], name: str) -> None:
    assert find_criterion(logins, name)[1] is logins[0].tracked[1]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("1.l", "did you mean `1.1` (Login) or `1.2` (Front page)?"),
        ("specs/01-logn.md", "did you mean `specs/01-login.md`?"),
        ("Logn", "did you mean `1.1` (Login)?"),
        ("The page has a titel", "did you mean `The page has a title`?"),
        ("zzz", "the specs are `1.1` (Login), `1.2` (Front page)"),
        ("1.1#3", "`1.1` has 2 criteria: `#1` to `#2`"),
    ],
)
def test_the_nearest_names_of_both_kinds_are_suggested(logins: tuple[SpecPlan, ...], name: str, hint: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_match(logins, name)
    assert (caught.value.message, caught.value.hint) == (f"no spec or criterion matches `{name}`", hint)
    assert diagnose_error(caught.value).code == "not-found"


def test_a_spec_in_place_of_a_criterion_gets_a_way_to_name_one(logins: tuple[SpecPlan, ...]) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_criterion(logins, "Front page")
    assert caught.value.hint == "`Front page` is a spec; name one of its criteria, such as `1.2#1`"


@pytest.mark.parametrize("name", ["specs/01-logn.md", "spec/01-login.md", "01-logn.md"])
def test_u3_a_misspelt_path_of_a_spec_in_place_of_a_criterion_gets_the_right_path(
    logins: tuple[SpecPlan, ...], name: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_criterion(logins, name)
    assert caught.value.message == f"no criterion matches `{name}`"
    assert "`specs/01-login.md`" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_matches_nothing(logins: tuple[SpecPlan, ...], name: str) -> None:
    with pytest.raises(NotFoundError):
        find_match(logins, name)


def test_a_project_without_criteria_is_searched_for_one(logins: tuple[SpecPlan, ...]) -> None:
    with pytest.raises(NotFoundError, match="no criterion matches `x`"):
        find_criterion((), "x")


def test_a_bare_number_after_the_name_of_a_spec_suggests_the_form_of_a_number(logins: tuple[SpecPlan, ...]) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_criterion(logins[:1], "2")
    assert caught.value.hint == 'did you mean `"#2"`?'


def test_a_number_that_is_part_of_the_name_of_the_only_spec_suggests_the_form_of_a_number(
    logins: tuple[SpecPlan, ...],
) -> None:
    for name, hint in (("1", 'did you mean `"#1"`?'), ("9", "`1.1` has 2 criteria: `#1` to `#2`")):
        with pytest.raises(NotFoundError) as caught:
            find_criterion(logins[:1], name)
        assert caught.value.hint == hint


def test_a_part_of_the_name_of_a_spec_is_not_called_a_spec(logins: tuple[SpecPlan, ...]) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_criterion(logins, "1.2-")
    assert caught.value.hint == "`1.2-` matches the spec `1.2`; name one of its criteria, such as `1.2#1`"


def test_a_criterion_in_place_of_a_spec_is_recognized(logins: tuple[SpecPlan, ...]) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_spec(logins, "1.1#2")
    other = "`spec2bdd explain '1.1#2'` for the criterion alone"
    assert caught.value.hint == f"it is a criterion of `1.1`: use `1.1`, or {other}"


NOTHING_LIKE_IT = [
    (1, "qqqqqqqqqq", "run `spec2bdd explain 1.1` to list its criteria"),
    (2, "qqqqqqqqqq", "run `spec2bdd explain 1.1` to list the criteria of a spec"),
    (2, "9", "run `spec2bdd explain 1.1` to list the criteria of a spec"),
]


@pytest.mark.parametrize(("count", "name", "hint"), NOTHING_LIKE_IT)
def test_the_hint_for_no_criterion_names_a_spec_of_the_project(
    logins: tuple[SpecPlan, ...], count: int, name: str, hint: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_criterion(logins[:count], name)
    assert caught.value.hint == hint


def test_each_name_that_an_ambiguous_one_offers_matches_alone(logins: tuple[SpecPlan, ...]) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        find_criterion(logins, "login")
    names = [line.split("`")[1] for line in caught.value.message.splitlines()[1:]]
    assert [find_criterion(logins, name)[1].criterion.line for name in names] == [7, 7]
    assert names == ["1.1#1", "1.2#1"]


@pytest.mark.parametrize("name", ["Documentation updated", "documentation"])
def test_the_hint_for_a_done_item_says_where_it_is_ticked(name: str) -> None:
    text = FRONT.format("2.1", "Lamp") + "- [ ] It is lit\n\n### Definition of Done\n- [ ] Documentation updated\n"
    spec = parse_spec("specs/2.1-lamp.md", text.encode())
    plans, _ = plan_specs([spec], FeatureIndex(), folder="features", paths=frozenset({spec.path}))
    with pytest.raises(NotFoundError) as caught:
        find_criterion(plans, name)
    (item,) = spec.done_items
    hint = f"it is an item of the definition of done, not a criterion; tick it by hand in specs/2.1-lamp.md:{item.line}"
    assert caught.value.hint == hint


PATHS = ("docs/plan.md", "docs/old/plan.md", "README.md")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("docs/plan.md", "docs/plan.md"),
        ("../docs/plan.md", "docs/plan.md"),
        ("docs\\plan.md", "docs/plan.md"),
        ("old/plan", "docs/old/plan.md"),
        ("README", "README.md"),
        ("/home/ana/shop/README.md", "README.md"),
    ],
)
def test_a_path_is_found_by_what_names_it_alone(name: str, path: str) -> None:
    assert find_path(PATHS, name, missing="none", hint="other") == path


def test_a_part_of_several_paths_names_them_all() -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        find_path(PATHS, "plan.md", missing="none", hint="other")
    assert caught.value.message == "`plan.md` matches 2 files: `docs/old/plan.md`; `docs/plan.md`"
    assert caught.value.hint == "use the full path"


@pytest.mark.parametrize(("name", "hint"), [("READMY.md", "did you mean `README.md`?"), ("x", "other")])
def test_a_path_that_is_not_there_gets_the_nearest_one_or_the_hint(name: str, hint: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_path(PATHS, name, missing="no such file", hint=hint)
    assert (caught.value.message, caught.value.hint) == ("no such file", hint)


@pytest.mark.parametrize(("line", "hint"), [(1, None), (3, None), (4, "its last line is 3"), (0, "its last line is 3")])
def test_a_line_that_a_file_does_not_have_is_refused(tmp_path: Path, line: int, hint: str | None) -> None:
    (tmp_path / "a.py").write_text("1\n2\n3\n")
    if hint is None:
        check_line(tmp_path, "a.py", line)
        return
    with pytest.raises(NotFoundError) as caught:
        check_line(tmp_path, "a.py", line)
    assert (caught.value.message, caught.value.hint) == (f"`a.py` has no line {line}", hint)


def test_no_line_is_refused_of_a_file_that_cannot_be_read_and_each_of_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.py").touch()
    check_line(tmp_path, "folder", 5)
    check_line(tmp_path, "none.py", 5)
    with pytest.raises(NotFoundError) as caught:
        check_line(tmp_path, "empty.py", 1)
    assert caught.value.hint == "the file is empty"


def test_similar_names_are_suggested_once_each_and_with_what_they_are() -> None:
    long = "a label that is so long that nobody would read it to its very end"
    labels = {
        "report": ("3.2", "Reports"),
        "reports": ("3.2", "Reports"),
        "reporter": ("3.3", ""),
        "reported": ("4", long),
    }
    assert suggest_names("reportx", {"report": ("3.2", "Reports")}) == "did you mean `3.2` (Reports)?"
    assert suggest_names("reportx", labels) == (
        "did you mean `3.2` (Reports), `3.3` or `4` (a label that is so long that nobody would read it to its...)?"
    )
    assert suggest_names("xyz", labels) == ""


def test_a_file_that_is_neither_a_spec_nor_a_feature_is_refused_as_such(
    plans: tuple[SpecPlan, ...], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(NotFoundError) as caught:
        find_match(plans, str(tmp_path / "a.txt"))
    assert caught.value.message == f"`{tmp_path / 'a.txt'}` is neither a spec nor a feature file"
    assert caught.value.hint == "name a spec or criterion"


@pytest.mark.parametrize("name", ["README.md", "docs/notes.md"])
def test_a_markdown_file_that_is_no_spec_is_refused_as_one(
    plans: tuple[SpecPlan, ...], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_files(tmp_path, {name: "# Shop\n"}))
    with pytest.raises(NotFoundError) as caught:
        find_match(plans, name)
    assert caught.value.message == f"`{name}` is not among the specs of the project"


def test_the_specs_of_a_small_project_are_listed_for_a_name_like_none_of_them(plans: tuple[SpecPlan, ...]) -> None:
    for count, hint in (
        (1, "the only spec is `3.2` (Shop basket)"),
        (2, "the specs are `3.2` (Shop basket), `3.20` (Bill for the shop)"),
    ):
        with pytest.raises(NotFoundError) as caught:
            find_spec(plans[:count], "qqqqqqqqqq")
        assert caught.value.hint == hint


def plan_one(path: str, text: str) -> tuple[SpecPlan, ...]:
    return plan_specs([parse_spec(path, text.encode())], FeatureIndex(), folder="features", paths=frozenset({path}))[0]


@pytest.mark.parametrize(
    ("numbers", "form"),
    [(("1", "2"), "3.2#1"), (("1", "1"), "ac_3_2_"), (("1.a", "2"), "ac_3_2_"), (("", ""), "3.2#1")],
)
def test_a_criterion_is_offered_by_its_number_only_where_that_is_its_own(numbers: tuple[str, str], form: str) -> None:
    (plan,) = plan_one("specs/1.md", FRONT.format("3.2", "Shop") + "- [ ] It is red\n- [ ] It is blue\n")
    tracked = tuple(
        replace(item, criterion=replace(item.criterion, number=number))
        for item, number in zip(plan.tracked, numbers, strict=True)
    )
    with pytest.raises(AmbiguousNameError) as caught:
        find_criterion([replace(plan, tracked=tracked)], "It is")
    assert caught.value.message.splitlines()[1].startswith(f"`{form}")


def test_a_criterion_is_found_by_the_number_that_its_spec_gives_it() -> None:
    text = FRONT.format("3.2", "Shop") + "- [ ] **2.1** An item can be added\n- [ ] **2.2** An item can be removed\n"
    spec = parse_spec("specs/1.md", text.encode())
    plans = plan_specs([spec], FeatureIndex(), folder="features", paths=frozenset({"specs/1.md"}))[0]
    numbers = [tracked.criterion.number for tracked in plans[0].tracked]
    found = [find_criterion(plans, f"3.2#{number}")[1].criterion.text for number in numbers if number]
    assert found == [tracked.criterion.text for tracked in plans[0].tracked if tracked.criterion.number]
