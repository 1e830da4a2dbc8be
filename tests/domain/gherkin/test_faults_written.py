"""Criteria that were once written badly: each became a wrong name, a wrong step, or lost a part."""

from __future__ import annotations

import textwrap

import pytest
from planned_project import World
from rewording_project import regenerate

from spec2bdd.domain.gherkin.manifest.digests import compute_block_digest
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Scenario, Spec

HEAD = "---\nfeature_id: 1.1\nname: Books\nstatus: Draft\n---\n\n## Acceptance Criteria\n\n### Must Have\n\n"


def read(body: str) -> Spec:
    """Read a spec with these criteria."""
    return parse_spec("specs/1.md", f"{HEAD}{textwrap.dedent(body).strip()}\n".encode())


def write(body: str) -> list[Scenario]:
    """Return the scenarios of a spec, whose feature does not change when it is generated again."""
    world = World().generate(read(body))
    assert world.generate(read(body)).features == world.features
    return list(world.features_drafted[0].scenarios)


def describe(scenario: Scenario) -> list[str]:
    """Return the name and the steps of a scenario as lines."""
    return [scenario.name, *(f"{step.keyword} {step.text}" for step in scenario.steps)]


@pytest.mark.parametrize(
    ("text", "condition", "outcome"),
    [
        ("Given the user is logged in, then the menu is shown", "Given the user is logged in", "the menu is shown"),
        (
            "Given a, b and c wait, then each of a, b and c is told",
            "Given a, b and c wait",
            "each of a, b and c is told",
        ),
        ("Given that it rains, then it is wet", "Given it rains", "it is wet"),
        ("When it rains, then it is wet", "When it rains", "it is wet"),
        ("When it rains, it is wet", "When it rains", "it is wet"),
        ("When a user logs in -> then the menu is shown", "When a user logs in", "the menu is shown"),
        ("**When** a user logs in **then** the menu is shown", "When a user logs in", "the menu is shown"),
        ("**When** a user logs in, **Then** the menu is shown", "When a user logs in", "the menu is shown"),
        ("when a user logs in then the menu is shown", "When a user logs in", "the menu is shown"),
        ("If the disk is full, the upload stops.", "When the disk is full", "the upload stops"),
        ("If the disk is full, then the upload stops", "When the disk is full", "the upload stops"),
        ("After the payment fails, the order is held", "When the payment fails", "the order is held"),
        ("Once the order is paid, it is shipped", "When the order is paid", "it is shipped"),
        ("Whenever a file changes, the index is rebuilt", "When a file changes", "the index is rebuilt"),
        ("As soon as the last copy is lent, the title is out", "When the last copy is lent", "the title is out"),
        ("While the shop is closed, no order is taken", "Given the shop is closed", "no order is taken"),
        ("Login: when a user signs in, the menu is shown", "When a user signs in", "the menu is shown"),
    ],
)
def test_w3_a_condition_and_its_outcome_are_two_steps(text: str, condition: str, outcome: str) -> None:
    (scenario,) = write(f"- [ ] {text}")
    assert describe(scenario)[1:] == [condition, f"Then {outcome}"]


@pytest.mark.parametrize(
    "text",
    [
        "Given names are kept when a reader marries and then moves",
        "When possible, the export is cached",
        "If in doubt, the clerk is asked",
        "The menu is shown after the user logs in, then it is hidden",
        "Once a day, the list is sorted",
        "Given Ana and then Ben wait",
    ],
)
def test_w3_what_is_no_clause_of_its_own_stays_whole(text: str) -> None:
    (scenario,) = write(f"- [ ] {text}")
    assert len(scenario.steps) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("**AC3: Return** - **Given** a book **When** it is back **Then** it is free", "Return"),
        ("AC3: Return - **Given** a book **When** it is back **Then** it is free", "Return"),
        ("Scenario: late return - Given a book, when it is back, then it is free", "late return"),
        ("Scenario 2: late return - Given a book, when it is back, then it is free", "late return"),
        ("Late return: Given a book, when it is back, then it is free", "Late return"),
        ("**Late return** — Given a book, When it is back, Then it is free", "Late return"),
        ("Late return (Given a book, when it is back, then it is free)", "Late return"),
        ("Late return. Given a book, when it is back, then it is free.", "Late return"),
    ],
)
def test_w4_the_title_before_a_given_is_the_name_of_the_scenario(text: str, name: str) -> None:
    (scenario,) = write(f"- [ ] {text}")
    assert describe(scenario) == [name, "Given a book", "When it is back", "Then it is free"]


def test_w4_the_keyword_of_a_scenario_is_not_part_of_its_name() -> None:
    body = """
    - [ ] Scenario: late return
      - Given a book
      - When it is back
      - Then it is free
    """
    assert describe(write(body)[0]) == ["late return", "Given a book", "When it is back", "Then it is free"]


@pytest.mark.parametrize(
    ("body", "steps"),
    [
        (
            "- [ ] Given a reader\n  - When she pays\n  - Then she is free",
            ["Given a reader", "When she pays", "Then she is free"],
        ),
        (
            "- [ ] **Given** a reader\n  - And a card\n  - When she pays\n  - Then she is free",
            ["Given a reader", "And a card", "When she pays", "Then she is free"],
        ),
        (
            "- [ ] Given a reader, when she pays\n  - Then she is free\n  - And told",
            ["Given a reader", "When she pays", "Then she is free", "And told"],
        ),
        ("- [ ] When she pays\n  - Then she is free", ["When she pays", "Then she is free"]),
        (
            "- [ ] Given a reader with:\n  - a card\n  - a book\n  - When she pays\n  - Then she is free",
            ["Given a reader with:", "When she pays", "Then she is free"],
        ),
    ],
)
def test_w5_a_criterion_that_is_a_step_is_the_first_one(body: str, steps: list[str]) -> None:
    (scenario,) = write(body)
    assert steps == describe(scenario)[1:]


def test_w5_a_title_about_given_is_no_step() -> None:
    (scenario,) = write("- [ ] Given, when and then are known\n  - Given a reader\n  - Then she is free")
    assert describe(scenario)[1:] == ["Given a reader", "Then she is free"]


def test_w5_boxes_that_are_steps_are_one_scenario_of_the_last_one_and_the_others_pass_with_it() -> None:
    body = "- [ ] Given: a reader\n- [ ] When: she pays\n- [ ] Then: she is free\n- [ ] And: she is told\n- [ ] Else"
    spec = read(body)
    (first, _) = write(body)
    assert describe(first) == [
        "Given a reader, when she pays, then she is free, and she is told",
        *("Given a reader", "When she pays", "Then she is free", "And she is told"),
    ]
    world = World().generate(spec)
    assert [item.criterion.parent for item in world.drafts[0].tracked] == [None, 0, 1, 2, None]
    assert first.id == world.ids[3]


def test_w5_boxes_of_two_scenarios_are_two() -> None:
    body = "- [ ] Given a\n- [ ] When b\n- [ ] Then c\n- [ ] Given d\n- [ ] Then e"
    assert [describe(item)[1:] for item in write(body)] == [["Given a", "When b", "Then c"], ["Given d", "Then e"]]


@pytest.mark.parametrize(
    ("text", "name", "step"),
    [
        ("**Lifecycle**: state survives", "Lifecycle", "state survives"),
        ("**Lifecycle:** state survives", "Lifecycle", "state survives"),
        ("**Lifecycle** - state survives", "Lifecycle", "state survives"),
        ("**Lifecycle** – state survives", "Lifecycle", "state survives"),
        ("Orders: optional fields are marked", "Orders", "optional fields are marked"),
        ("Lifecycle: The state survives", "Lifecycle", "the state survives"),
        ("**AC-02**: **Lifecycle**: state survives", "Lifecycle", "state survives"),
        ("Step 7: Frontend: the list is shown", "Step 7: Frontend", "the list is shown"),
        ("#159 - The list is sorted", "The list is sorted", "the list is sorted"),
        ("#159 The list is sorted", "The list is sorted", "the list is sorted"),
        ("All tests pass ✅ 14 checked", "All tests pass", "all tests pass"),
        ("All tests pass (14 tests passed)", "All tests pass", "all tests pass"),
        ("The list is sorted - verified by hand", "The list is sorted", "the list is sorted"),
        ("The list is sorted ✅ see #12", "The list is sorted", "the list is sorted"),
    ],
)
def test_w6_a_label_is_the_name_and_evidence_a_note(text: str, name: str, step: str) -> None:
    (scenario,) = write(f"- [ ] {text}")
    assert describe(scenario) == [name, f"Then {step}"]


@pytest.mark.parametrize(
    "text",
    [
        "Formats: CSV, PDF and HTML",
        "Response time: under 200 ms",
        "The user can choose: yes, no or later",
        "It starts at 12:30 on each day",
        "A done task shows ✅ 14 times",
        "A sign such as ✅ (done) is shown",
        "Password reset by mail - implemented in PR #12",
        "Password reset by mail - not started yet",
        "Password reset by mail – see the minutes of May",
        "Password reset by mail - fully tested",
    ],
)
def test_w6_what_is_no_label_and_no_evidence_stays(text: str) -> None:
    (scenario,) = write(f"- [ ] {text}")
    assert scenario.name == text
    assert text.casefold() == scenario.steps[0].text.casefold()


def test_w6_the_text_of_a_labelled_criterion_is_kept_so_that_it_keeps_its_id() -> None:
    item = '- [ ] **Lifecycle**: it keeps "a" and C:\\x'
    world = World().generate(read(item))
    assert 'criterion "Lifecycle: it keeps \\"a\\" and C:\\\\x"' in world.feature
    again = world.generate(read(item))
    assert (world.ids, world.features, ()) == (again.ids, again.features, again.diagnostics)
    moved = again.generate(read(f"- [ ] Something else\n{item}"))
    assert world.ids == moved.ids[1:]


def test_w6_evidence_that_is_added_later_is_no_rewording() -> None:
    first = regenerate(World(), read("- [ ] All tests pass"))
    second = regenerate(first, read("- [x] All tests pass ✅ 14 checked"))
    assert (first.ids, first.features) == (second.ids, second.features)


def test_w6_a_label_that_earlier_versions_took_for_a_part_of_the_step_does_not_cost_its_definition() -> None:
    spec = read("- [ ] Lifecycle: state survives")
    block = """\
  @ac_1_1_ce37c1 @must
  Scenario: Lifecycle: state survives
    Then Lifecycle: state survives
"""
    head = World().generate(spec).feature.partition("\n\n")[0]
    before = f"{head}\n\n  # digest {compute_block_digest(block)}\n{block}"
    code = '@then("Lifecycle: state survives")\ndef f(context):\n    assert context.alive\n'
    world = World({"features/1_1_books.feature": before}, {"steps/books_steps.py": code.encode()})
    after = regenerate(world, spec)
    assert code.replace("Lifecycle: ", "").encode() == after.code
    assert "reworded" not in after.feature
    assert after.ids == ["ac_1_1_ce37c1"]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("The API returns a list", "the API returns a list"),
        ("the API returns a list", "the API returns a list"),
        ("A CSV file is written", "a CSV file is written"),
        ("All PDFs are listed", "all PDFs are listed"),
        ("When a reader asks, The API answers", "the API answers"),
        ('The "Save" button is shown', 'the "Save" button is shown'),
        ("In Progress is a status", "In Progress is a status"),
        ("Ana is told", "Ana is told"),
        ("API keys are hidden", "API keys are hidden"),
    ],
)
def test_w7_a_function_word_at_the_start_has_one_case(text: str, step: str) -> None:
    (scenario,) = write(f"- [ ] {text}")
    assert step == scenario.steps[-1].text


def test_w10_the_bullets_below_a_step_with_a_colon_are_its_data() -> None:
    body = """
    - [ ] Accounts are shown
      - Given an account with:
        - name: Ana
        - roles:
          - clerk
      - And a card:
      - number 7
      - Then it is shown
    """
    (scenario,) = write(body)
    assert [step.doc for step in scenario.steps] == ["name: Ana\nroles:\n  clerk", "number 7", None]
    assert [step.keyword for step in scenario.steps] == ["Given", "And", "Then"]


def test_w10_the_table_and_the_bullets_of_a_criterion_without_steps_are_its_data() -> None:
    body = """
    - [ ] These formats are offered without an account:
      - a list of all books that were ever lent, with their readers and the dates in the order of the lending desk
      - PDF
    - [ ] Fines are due

      | days | cents |
      |------|-------|
      | 1    | 20    |
    """
    lists, fines = write(body)
    assert lists.name == "These formats are offered without an account"
    assert (lists.steps[0].doc or "").splitlines()[1:] == ["PDF"]
    assert fines.steps[0].table == (("days", "cents"), ("1", "20"))


# By their form: steps under the text of a criterion, which were once a part of its name, or no part of it at all.
STEPS_BELOW = {
    "lines": "- [ ] A return\n  Given a lent book\n  When it is returned\n  Then it is free\n",
    "lines with a hard break": "- [ ] A return\n  Given a lent book  \n  When it is returned  \n  Then it is free\n",
    "bold lines": "- [ ] A return\n  **Given** a lent book\n  **When** it is returned\n  **Then** it is free\n",
    "lines that are wrapped": "- [ ] A return\n  Given a lent\n  book\n  When it is returned\n  Then it is free\n",
    "a paragraph": "- [ ] A return\n\n  Given a lent book\n  When it is returned\n  Then it is free\n",
    "paragraphs": "- [ ] A return\n\n  Given a lent book\n\n  When it is returned\n\n  Then it is free\n",
    "code without a name": (
        "- [ ] A return\n\n  ```\n  Given a lent book\n  When it is returned\n  Then it is free\n  ```\n"
    ),
}


@pytest.mark.parametrize("body", STEPS_BELOW.values(), ids=STEPS_BELOW)
def test_steps_in_lines_below_the_text_are_steps(body: str) -> None:
    (scenario,) = write(body)
    assert describe(scenario) == ["A return", "Given a lent book", "When it is returned", "Then it is free"]


def test_the_title_of_a_scenario_with_its_steps_in_the_lines_below_is_its_name() -> None:
    (scenario,) = write("- [ ] Scenario: a return\n  Given a lent book\n  Then it is free\n")
    assert describe(scenario) == ["a return", "Given a lent book", "Then it is free"]


NO_STEPS_BELOW = {
    "no Then": ("- [ ] A book is free\n  When it is returned\n", "a book is free When it is returned"),
    "no capital": ("- [ ] A book is free\n  when it is\n  then lent\n", "a book is free when it is then lent"),
    "a remark": ("- [ ] A book is free\n\n  When in doubt, ask Ana.\n", "a book is free"),
    "code of another kind": ("- [ ] A book is free\n\n  ```\n  Given up\n  ```\n", "a book is free"),
}


@pytest.mark.parametrize(("body", "outcome"), NO_STEPS_BELOW.values(), ids=NO_STEPS_BELOW)
def test_other_lines_below_the_text_are_no_steps(body: str, outcome: str) -> None:
    (scenario,) = write(body)
    assert describe(scenario)[1:] == [f"Then {outcome}"]


def test_a_box_that_is_a_given_is_the_first_step_of_the_boxes_in_it() -> None:
    scenarios = write("- [ ] Given a lent book\n  - [ ] When it is returned\n  - [ ] Then it is free\n")
    assert [describe(scenario)[1:] for scenario in scenarios] == [
        ["Given a lent book", "When it is returned", "Then it is free"]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Given a lent book. When it is returned. Then it is free.",
        "Given - a lent book - When - it is returned - Then - it is free",
        "Given a lent book | When it is returned | Then it is free",
        "AC-1 Given a lent book, when it is returned, then it is free",
    ],
)
def test_punctuation_between_the_steps_of_a_sentence_is_no_part_of_them(text: str) -> None:
    (scenario,) = write(f"- [ ] {text}\n")
    assert describe(scenario)[1:] == ["Given a lent book", "When it is returned", "Then it is free"]


@pytest.mark.parametrize("end", [";", ",", ":", " -", " \u2013", "."])
def test_punctuation_at_the_end_of_a_criterion_is_no_part_of_its_step(end: str) -> None:
    (scenario,) = write(f"- [ ] The list is kept{end}\n")
    assert describe(scenario)[1:] == ["Then the list is kept"]


@pytest.mark.parametrize("end", ["!", "?", "...", " (", " C--"])
def test_other_signs_at_the_end_of_a_criterion_are_part_of_its_step(end: str) -> None:
    (scenario,) = write(f"- [ ] The list is kept{end}\n")
    assert describe(scenario)[1:] == [f"Then the list is kept{end}"]


@pytest.mark.parametrize("row", [":::", "</Tabs.Item>", "{% endif %}", "{{/each}}", "%%"])
def test_a_line_that_ends_a_block_of_another_language_is_no_part_of_a_criterion(row: str) -> None:
    (scenario,) = write(f"- [ ] The list is kept\n{row}\n")
    assert describe(scenario) == ["The list is kept", "Then the list is kept"]


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\ufeff", "\u200e", "\u2060"])
def test_an_invisible_character_is_no_rewording(sign: str) -> None:
    before, after = read("- [ ] The list is kept"), read(f"- [ ] The li{sign}st is kept")
    world = regenerate(World().generate(before, steps=True), after)
    assert (world.codes, world.ids) == ([], World().generate(before).ids)


@pytest.mark.parametrize("end", [";", ":", ",", " -", "."])
def test_criteria_that_differ_in_their_last_sign_alone_keep_their_ids(end: str) -> None:
    spec = read(f"- [ ] The list is kept{end}\n- [ ] The list is kept\n")
    world = World().generate(spec)
    again = world.generate(spec)
    assert (again.ids, again.features) == (world.ids, world.features)


def test_a_removed_criterion_does_not_take_the_place_of_one_that_differs_in_its_last_sign_alone() -> None:
    first, second = read("- [ ] The list is kept;\n- [ ] The list is kept\n"), read("- [ ] The list is kept\n")
    third = read("- [ ] The list is kept;\n")
    world = World().generate(first).generate(second).generate(third)
    again = world.generate(third)
    assert (again.ids, again.features) == (world.ids, world.features)
