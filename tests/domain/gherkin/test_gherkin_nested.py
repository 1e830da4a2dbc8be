"""The content under a criterion: steps, their arguments, examples, scenarios, and what remains a note."""

from __future__ import annotations

import pytest
from domain.gherkin.test_gherkin_hostile import check_feature
from grouped import in_one_test
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import HOSTILE, make_criterion, make_spec

from spec2bdd.domain.gherkin.phrasing.nested import PhrasingResult, parse_nested
from spec2bdd.domain.gherkin.phrasing.phrasing import list_criterion_steps, phrase_criterion
from spec2bdd.domain.gherkin.phrasing.script import ScriptError
from spec2bdd.model import Criterion, Examples, NestedBlock, NestedBlockKind, Step

ROWS = (("name", "age"), ("Ana", "30"))
X_ROWS = (("x",), ("1",), ("2",))


def bullet(text: str, depth: int = 0) -> NestedBlock:
    """Build a bullet."""
    return NestedBlock(NestedBlockKind.BULLET, text, depth=depth)


def code(text: str, info: str = "", depth: int = 1) -> NestedBlock:
    """Build a code block."""
    return NestedBlock(NestedBlockKind.CODE, text, info, depth=depth)


def table(rows: tuple[tuple[str, ...], ...] = ROWS, depth: int = 1) -> NestedBlock:
    """Build a table."""
    return NestedBlock(NestedBlockKind.TABLE, rows=rows, depth=depth)


def below(*nested: NestedBlock) -> Criterion:
    """Build a criterion with these blocks, each in a line of its own."""
    numbered = [
        NestedBlock(item.kind, item.text, item.info, item.rows, item.depth, line)
        for line, item in enumerate(nested, 20)
    ]
    return make_criterion("It works", nested=tuple(numbered))


def parse(*nested: NestedBlock) -> PhrasingResult:
    """Parse blocks under a criterion."""
    return parse_nested(below(*nested), "en")


def list_steps(phrasing: PhrasingResult) -> list[list[str]]:
    """List the steps of each scenario as lines."""
    return [[f"{step.keyword} {step.text}" for step in script.steps] for script in phrasing.scripts]


def only_step(*nested: NestedBlock) -> Step:
    """Parse blocks that make one step."""
    ((step,),) = (script.steps for script in parse(*nested).scripts)
    return step


def test_steps_are_found_at_every_depth() -> None:
    result = parse(bullet("Given a"), bullet("And b", 1), bullet("a note"), bullet("Then c", 1))
    assert list_steps(result) == [["Given a", "And b", "Then c"]]


def test_a_table_below_a_step_is_its_data_table() -> None:
    assert only_step(bullet("Given the readers"), table()).table == ROWS


def test_code_below_a_step_is_its_doc_string_whatever_its_language() -> None:
    assert only_step(bullet("Given the file"), code("Given x", "gherkin")).doc == "Given x"
    assert only_step(bullet("Given the file"), code("")).doc == ""


def test_a_block_next_to_a_step_is_its_argument_if_the_step_ends_with_a_colon() -> None:
    assert only_step(bullet("Given the readers:"), table(depth=0)).table == ROWS
    assert only_step(bullet("Given the readers"), table(depth=0)).table == ()
    assert only_step(bullet("Given the readers"), code("x = 1", "python", depth=0)).doc is None


@pytest.mark.parametrize(
    "nested",
    [
        (bullet("Given a"), bullet("a note", 1), table(depth=2)),
        (table(), bullet("Given a")),
        (bullet("Given a"), bullet("a note"), code("x")),
        (bullet("a note"), table(), bullet("Given a")),
    ],
)
def test_a_block_below_a_note_belongs_to_the_note(nested: tuple[NestedBlock, ...]) -> None:
    step = only_step(*nested)
    assert (step.table, step.doc) == ((), None)


def test_only_the_first_argument_counts() -> None:
    step = only_step(bullet("Given a"), table(), code("x"))
    assert (step.table, step.doc) == (ROWS, None)


@pytest.mark.parametrize(
    ("label", "depth", "name"),
    [("Examples", 1, ""), ("examples:", 0, ""), ("Examples: readers", 1, "readers"), ("Scenarios:", 0, "")],
)
def test_a_table_below_a_bullet_named_examples_holds_examples(label: str, depth: int, name: str) -> None:
    (script,) = parse(bullet("Given <x>"), bullet(label), table(X_ROWS, depth)).scripts
    assert script.examples == (Examples(X_ROWS, name),)


def test_a_table_whose_columns_are_the_placeholders_holds_examples() -> None:
    (script,) = parse(bullet("Given <x>"), bullet("Then <x> is shown"), table(X_ROWS, 0)).scripts
    assert script.examples == (Examples(X_ROWS),)


@pytest.mark.parametrize("rows", [ROWS, (("y",), ("1",))])
def test_a_table_with_other_columns_holds_none(rows: tuple[tuple[str, ...], ...]) -> None:
    (script,) = parse(bullet("Given <x>"), table(rows, 0)).scripts
    assert script.examples == ()


def test_a_table_in_a_step_with_placeholders_is_still_its_data_table() -> None:
    assert only_step(bullet("Given <x>"), table(X_ROWS, 1)).table == X_ROWS


def test_labels_start_scenarios_and_name_them() -> None:
    result = parse(
        bullet("Example: Ana"), bullet("Given a", 1), bullet("Scenario 2"), bullet("Given b", 1), bullet("Then c", 1)
    )
    assert list_steps(result) == [["Given a"], ["Given b", "Then c"]]
    assert [script.name for script in result.scripts] == ["Ana", ""]


def test_whole_sentences_are_scenarios() -> None:
    result = parse(bullet("Given a, when b, then c"), bullet("And d"), bullet("Given e, when f, then g"))
    assert list_steps(result) == [["Given a", "When b", "Then c", "And d"], ["Given e", "When f", "Then g"]]


def test_a_given_after_a_then_continues_the_same_scenario() -> None:
    result = parse(bullet("Given a"), bullet("Then b"), bullet("Given c"), bullet("Then d"))
    assert list_steps(result) == [["Given a", "Then b", "Given c", "Then d"]]


@pytest.mark.parametrize("label", ["Example: Ana", "Scenario 2", "Examples:"])
def test_a_label_without_steps_is_a_note(label: str) -> None:
    assert PhrasingResult() == parse(bullet(label), bullet("see the wiki"))
    assert list_steps(parse(bullet("Given a"), bullet(label))) == [["Given a"]]


def test_a_block_of_gherkin_is_a_source_of_its_own() -> None:
    result = parse(code("Given a\nThen b", "gherkin", 0), bullet("Given c"), code("Scenario: x\nGiven d", "Gherkin", 0))
    assert list_steps(result) == [["Given a", "Then b"], ["Given c"], ["Given d"]]


def test_a_block_of_another_language_is_a_note() -> None:
    assert PhrasingResult() == parse(code("Given a", "python", 0), code("Given a", "", 0))


def test_what_cannot_be_used_is_located_and_hides_nothing_else() -> None:
    result = parse(bullet("Given a"), code("Given b\nBackground:", "gherkin", 0), code("Given c", "gherkin", 0))
    assert list_steps(result) == [["Given a"], ["Given c"]]
    assert [(error.line, error.message) for error in result.faults] == [(23, "cannot parse `Background:`")]


@pytest.mark.parametrize(
    ("nested", "message"),
    [
        ((bullet("Given a"), table((("a", "b"), ("1",)))), "the rows of a table have different numbers of cells"),
        ((bullet("Given a"), code('x\n"""\ny')), '`"""` at the start of a line would end the doc string'),
        ((bullet("Given <x>"), bullet("Examples"), table((("x",),))), "examples without rows"),
        (
            (bullet("Given a"), bullet("Then <x>"), bullet("Examples"), table((("x",), ("",)))),
            "a row of the examples makes a step empty",
        ),
        (
            (bullet("Given <x>"), bullet("Examples"), table((("x", "x"), ("1", "2")))),
            "duplicate column name in the examples",
        ),
        ((bullet("Given <x>"), bullet("Examples"), table(X_ROWS), bullet("Then y")), "a step is not allowed here"),
    ],
)
def test_bullets_that_make_no_scenario_are_an_error(nested: tuple[NestedBlock, ...], message: str) -> None:
    result = parse(*nested)
    assert result.scripts == ()
    assert [error.message for error in result.faults] == [message]


TEXTS = st.sampled_from([*HOSTILE.values(), "<x>", "a <x> b"]) | st.text(max_size=20)
ROWS_OF_TEXTS = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[TEXTS] * width), min_size=1, max_size=3).map(tuple)
)
STARTS = st.sampled_from(["Given ", "When ", "Then ", "And ", "But ", "Examples: ", "Example: ", "", "* "])
ENTRIES = st.one_of(
    st.builds(lambda start, text, depth: bullet(start + text, depth), STARTS, TEXTS, st.integers(0, 2)),
    st.builds(table, ROWS_OF_TEXTS, st.integers(0, 2)),
    st.builds(code, TEXTS, st.sampled_from(["", "json", "gherkin"]), st.integers(0, 2)),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ENTRIES, max_size=8), st.sampled_from(["", "Story one", "digest abc", "kept: x"]))
def test_both_parsers_read_whatever_was_generated_for_a_criterion(entries: list[NestedBlock], group: str) -> None:
    criterion = below(*entries)
    check_feature(make_spec(criterion, make_criterion("Another", group=group), criterion))


@in_one_test("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_remains_text_in_tables_doc_strings_and_examples(text: str) -> None:
    check_feature(make_spec(below(bullet("Given a"), table((("a", text), (text, "b"))))))
    check_feature(make_spec(below(bullet("Given a"), code(f"{text}\n  {text}"), bullet("Then b"), code(text))))
    examples = (("x", "y"), (text, "b"))
    check_feature(make_spec(below(bullet("Given <x> <y>"), bullet(f"Examples: {text}"), table(examples))))


# A criterion with bullets under it that its text alone begins or ends: its text, the bullets, and all of its steps.
WHOLE = [
    ("Given a, when b, then c", ["And d"], ["Given a", "When b", "Then c", "And d"]),
    ("Given a, when b, then c", ["And d", "a note", "But e"], ["Given a", "When b", "Then c", "And d", "But e"]),
    ("Given a, when b, then c", ["Then d"], ["Given a", "When b", "Then c", "Then d"]),
    ("AC-1 Given a, when b, then c", ["And d"], ["Given a", "When b", "Then c", "And d"]),
    ("If a book is late, a fine is due", ["And d"], ["When a book is late", "Then a fine is due", "And d"]),
    ("Given a, when b, then c", ["Given x", "When y", "Then z"], ["Given x", "When y", "Then z"]),
    ("The banner is shown", ["Given a", "When b"], ["Given a", "When b", "Then the banner is shown"]),
    ("If a book is late, it is due", ["Given a"], ["Given a", "When a book is late", "Then it is due"]),
    ("Given a", ["When b"], ["Given a", "When b"]),
]


@pytest.mark.parametrize(("text", "bullets", "steps"), WHOLE)
def test_no_step_of_a_criterion_is_lost_between_its_text_and_its_bullets(
    text: str, bullets: list[str], steps: list[str]
) -> None:
    criterion = make_criterion(text, nested=tuple(map(bullet, bullets)))
    assert [f"{step.keyword} {step.text}" for step in list_criterion_steps(criterion)] == steps


# Bullets with their depths, some of which are only a keyword, and the steps of the scenario.
BARE = [
    ([("Given", 0), ("a", 1), ("b", 1), ("Then:", 0), ("c", 1)], ["Given a", "And b", "Then c"]),
    ([("Given:", 0), ("Given a", 1), ("And b", 1), ("Then", 0), ("c", 1)], ["Given a", "And b", "Then c"]),
    ([("Given a", 0), ("Then", 0), ("c", 1), ("a note", 2)], ["Given a", "Then c"]),
    ([("Given", 0), ("Then", 0)], ["Then it works"]),
]


@pytest.mark.parametrize(("bullets", "steps"), BARE)
def test_what_is_listed_under_a_keyword_alone_is_its_steps(bullets: list[tuple[str, int]], steps: list[str]) -> None:
    criterion = below(*(bullet(text, depth) for text, depth in bullets))
    assert [f"{step.keyword} {step.text}" for step in list_criterion_steps(criterion)] == steps


def test_a_whole_sentence_has_the_examples_under_it() -> None:
    nested = (bullet("Examples:"), table((("n", "r"), ("1", "on"))))
    phrased = phrase_criterion(make_criterion("Given <n> lamps, when pressed, then <r>", nested=nested))
    ((script,), faults) = phrased.scripts, phrased.faults
    assert (len(script.steps), [part.rows for part in script.examples], faults) == (3, [(("n", "r"), ("1", "on"))], ())


@pytest.mark.parametrize(("text", "bullet_text"), [("When a", "But b"), ("Given a", "But b"), ("Then a", "But b")])
def test_but_under_a_step_continues_it(text: str, bullet_text: str) -> None:
    criterion = make_criterion(text, nested=(bullet(bullet_text), bullet("Then c")))
    assert list_steps(parse_nested(criterion, "en"))[0][:2] == [text, bullet_text]


def test_an_asterisk_is_no_keyword_outside_of_gherkin() -> None:
    assert parse(bullet("* a"), bullet("* b")) == PhrasingResult()


def test_a_scenario_begins_after_the_argument_of_a_step() -> None:
    result = parse(bullet("Given a"), table(), bullet("Scenario: two"), bullet("Given b"))
    assert (list_steps(result), result.faults) == ([["Given a"], ["Given b"]], ())


def test_a_step_with_gherkin_under_it_is_no_step_of_the_bullets_next_to_it() -> None:
    nested = (code("Given x\nThen y", "gherkin", 0), bullet("Then c"))
    assert not parse_nested(make_criterion("When a", nested=nested), "en").is_opened
    assert parse_nested(make_criterion("When a", nested=nested[1:]), "en").is_opened


def test_a_list_that_no_doc_string_can_hold_is_reported_at_its_first_line() -> None:
    result = parse(bullet("Given a text:"), bullet('"""', 1), bullet("more", 1))
    assert result.faults == (ScriptError(21, '`"""` at the start of a line would end the doc string'),)


def test_a_keyword_with_marks_is_one_up_to_twenty_four_characters() -> None:
    whole = parse(bullet(f"Given{':' * 19}"), bullet("a", 1), bullet("Then b"))
    assert list_steps(whole) == [["Given a", "Then b"]]
    assert list_steps(parse(bullet(f"Given{':' * 20}"), bullet("a", 1), bullet("Then b"))) != list_steps(whole)
