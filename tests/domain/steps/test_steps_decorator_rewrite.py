"""Decorators follow a reworded criterion, and nothing else in a step file changes."""

from __future__ import annotations

import ast

import pytest
from planned_project import World, make_criterion, make_spec
from rewording_project import regenerate

from spec2bdd.domain.steps.definitions import is_only_changed_there, parse_definitions
from spec2bdd.domain.steps.stubs import DEFAULT_WIDTH
from spec2bdd.model import Spec

PATH = "steps/books_steps.py"
OLD, NEW = "A book is lent", "A book is lent at once"
BODY = '"a book is lent")\ndef lend(context):\n\tassert context.book  # mine\n'


def rewrite(content: str | bytes, old: Spec, new: Spec, **features: str) -> World:
    """Generate for the old spec, then for the new one, each twice."""
    before = content.encode() if isinstance(content, str) else content
    own = {f"features/{name}.feature": text for name, text in features.items()}
    first = regenerate(World(own, {PATH: before}), old)
    assert first.steps == {PATH: before}
    second = regenerate(first, new)
    assert second.steps == regenerate(second, new).steps
    assert second.features == regenerate(second, new).features
    return second


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('@then("a book is lent")', '@then("a book is lent at once")'),
        ("@then('a book is lent')", "@then('a book is lent at once')"),
        ('@then(\n    "a book is lent"\n)', '@then(\n    "a book is lent at once"\n)'),
        ('@then(\n    "a book"\n    " is lent"\n)', '@then(\n    "a book is lent at once"\n)'),
        ("@then(\"a book\" ' is lent')", '@then("a book is lent at once")'),
        ('@then(r"a book is lent")', '@then(r"a book is lent at once")'),
        ('@then(u"a book is lent")', '@then(u"a book is lent at once")'),
        ('@then("""a book is lent""")', '@then("""a book is lent at once""")'),
        ('@then("a\\x20book is lent")', '@then("a book is lent at once")'),
        ('@then("a book is lent",)', '@then("a book is lent at once",)'),
        ('@then( "a book is lent" ) # é', '@then( "a book is lent at once" ) # é'),
        ('@then("a book is lent") ; x = 1'.replace(" ; x = 1", ""), '@then("a book is lent at once")'),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_string_of_the_decorator_changes_and_not_one_other_byte(
    old: str, new: str, newline: str, mark: str
) -> None:
    template = (
        f"{mark}from behave import then, when\n\n\n@when('é ü')\n@DECORATOR\ndef lend(context):\n\tassert context\n"
    )
    before, after = (
        template.replace("@DECORATOR", decorator).replace("\n", newline).encode() for decorator in (old, new)
    )
    world = rewrite(before, make_spec(OLD), make_spec(NEW))
    assert after == world.code
    assert f', reworded from "{OLD}"' in world.feature


def test_the_first_line_of_a_file_may_be_a_decorator() -> None:
    world = rewrite("\ufeff@then(" + BODY, make_spec(OLD), make_spec(NEW))
    assert ("\ufeff@then(" + BODY.replace("lent", "lent at once")).encode() == world.code


def test_parameters_keep_the_names_that_the_function_has() -> None:
    code = '@then("the reader has {books:d} books")\ndef f(context, books):\n    assert books\n'
    world = rewrite(code, make_spec("The reader has 5 books"), make_spec("The reader has 5 whole books"))
    assert code.replace("d} books", "d} whole books").encode() == world.code


def test_braces_in_the_words_stay_braces() -> None:
    code = '@then("the book {{a}} is lent")\ndef f(context):\n    assert context\n'
    world = rewrite(code, make_spec("The book {a} is lent"), make_spec("The book {a} is lent out"))
    assert code.replace("is lent", "is lent out").encode() == world.code


def test_typed_parameters_follow_with_the_names_that_they_have() -> None:
    code = '@then("the reader owes {cents:d} cents")\ndef f(context, cents):\n    assert cents\n'
    world = rewrite(code, make_spec("The reader owes 20 cents"), make_spec("The late reader owes 20 cents"))
    assert code.replace("the reader", "the late reader").encode() == world.code


SWAPPED = "At the old shelf by the door 3 books cost 5 euros"


@pytest.mark.parametrize(
    ("after", "string"),
    [
        ("At the old shelf by the door 5 euros buy 3 books", "{euros:d} euros buy {books:d} books"),
        ("At the old shelf by the door 5 euros cost 3 books", "{euros:d} euros cost {books:d} books"),
        ("At the old shelf by the door 3 copies cost 5 euros", "{books:d} copies cost {euros:d} euros"),
        ("At the old shelf by the door 5 euros cost 3 copies", "{euros:d} euros cost {books:d} copies"),
    ],
)
def test_parameters_that_change_places_take_their_names_along(after: str, string: str) -> None:
    code = '@then("at the old shelf by the door STRING")\ndef f(context, books, euros):\n    assert books < euros\n'
    before = code.replace("STRING", "{books:d} books cost {euros:d} euros")
    world = rewrite(before, make_spec(SWAPPED), make_spec(after))
    assert code.replace("STRING", string).encode() == world.code


def test_parameters_of_another_number_make_a_new_stub() -> None:
    code = '@then("the reader owes {cents:d} cents")\ndef f(context, cents):\n    assert cents\n'
    world = rewrite(code, make_spec("The reader owes 20 cents"), make_spec("The reader owes 20 cents after 3 days"))
    assert world.code.startswith(code.encode())
    assert len(parse_definitions(world.code.decode())) == 2


def test_another_value_changes_no_step_file_and_is_no_new_wording() -> None:
    code = '@then("the reader owes {cents:d} cents")\ndef f(context, cents):\n    assert cents\n'
    world = rewrite(code, make_spec("The reader owes 20 cents"), make_spec("The reader owes 30 cents"))
    assert code.encode() == world.code
    assert "reworded" not in world.feature
    assert "Then the reader owes 30 cents" in world.feature


def test_a_value_that_is_part_of_the_decorator_does_not_follow() -> None:
    code = '@then("the reader owes 20 cents")\ndef f(context):\n    assert context.owed == 20\n'
    world = rewrite(code, make_spec("The reader owes 20 cents"), make_spec("The reader owes 30 cents"))
    assert world.code.startswith(code.encode())
    assert b"StepNotImplementedError" in world.code


def test_typography_follows_and_is_no_new_wording() -> None:
    world = rewrite("@then(" + BODY, make_spec(OLD), make_spec("A BOOK is lent!"))
    assert b'@then("a BOOK is lent!")' in world.code
    assert world.code.count(b"def ") == 1
    assert "reworded" not in world.feature


def test_a_step_that_changes_below_the_same_words_does_not_follow() -> None:
    old, new = (make_spec(make_criterion("Order", bullets=(f"Then it is kept for {who}",))) for who in ("Ana", "Ben"))
    code = '@then("it is kept for Ana")\ndef f(context):\n    assert context.kept == "Ana"\n'
    world = rewrite(code, old, new)
    assert world.code.startswith(code.encode())
    assert world.code.count(b"@then") == 2


@pytest.mark.parametrize(
    "features",
    [
        {"mine": "Feature: x\n  Scenario: y\n    Then a book is lent\n"},
        {"mine": "Feature: x\n  Scenario: y\n    * a book is lent\n"},
        {"mine": "# language: de\nFunktionalität: x\n  Szenario: y\n    Dann a book is lent\n"},
        {"mine": "Feature: x\n  Scenario Outline: y\n    Then a <x> is lent\n    Examples:\n      |x|\n      |book|\n"},
    ],
)
def test_a_step_that_a_scenario_of_your_own_uses_does_not_follow(features: dict[str, str]) -> None:
    world = rewrite("@then(" + BODY, make_spec(OLD), make_spec(NEW), **features)
    assert ("@then(" + BODY).encode() == world.code[: len("@then(" + BODY)]
    assert b"at once" in world.code


def test_the_name_of_a_scenario_of_your_own_is_no_use_of_a_step() -> None:
    mine = "Feature: a book is lent\n  Scenario: A book is lent\n    Then it is so\n"
    world = rewrite("@then(" + BODY, make_spec(OLD), make_spec(NEW), mine=mine)
    assert b'@then("a book is lent at once")' in world.code


@pytest.mark.parametrize(
    "more",
    [
        '\n\n@when("all")\ndef g(context):\n    context.execute_steps("Then a book is lent")\n',
        '\n\n@when("all")\ndef g(context):\n    context.execute_steps("""\n        Then a book is lent\n    """)\n',
        '\n\n@when("all")\ndef g(context):\n    context.execute_steps("When x\\nThen a book is lent\\n")\n',
    ],
)
def test_a_step_that_step_code_calls_does_not_follow(more: str) -> None:
    code = "@then(" + BODY + more
    world = rewrite(code, make_spec(OLD), make_spec(NEW))
    assert world.code.startswith(code.encode())


def test_a_step_that_another_criterion_shares_does_not_follow() -> None:
    shared = make_criterion("Other", bullets=("Then a book is lent",))
    world = rewrite("@then(" + BODY, make_spec(OLD, shared), make_spec(NEW, shared))
    assert world.code.startswith(("@then(" + BODY).encode())
    assert b'@then("a book is lent at once")' in world.code


@pytest.mark.parametrize(
    "code",
    [
        '@then("a " + "book is lent")\ndef f(context):\n    assert context\n',
        '@then(f"a book is lent")\ndef f(context):\n    assert context\n',
        '@then("a book "  # so\n      "is lent")\ndef f(context):\n    assert context\n',
        'X = "a book is lent"\n\n\n@then(X)\ndef f(context):\n    assert context\n',
        'use_step_matcher("re")\n\n\n@then("a book is lent")\ndef f(context):\n    assert context\n',
        '@then("a {what} is lent")\ndef f(context, what):\n    assert context\n',
    ],
    ids=["sum", "f-string", "comment inside", "name", "re", "a pattern of your own"],
)
def test_what_is_not_written_as_we_write_it_stays_and_a_stub_is_added(code: str) -> None:
    world = rewrite(code, make_spec(OLD), make_spec(NEW))
    assert world.code.startswith(code.encode())
    assert b"StepNotImplementedError" in world.code


def test_a_definition_for_any_kind_of_step_follows() -> None:
    code = "@step(" + BODY
    world = rewrite(code, make_spec(OLD), make_spec(NEW))
    assert code.replace("is lent", "is lent at once").encode() == world.code


def test_a_definition_for_any_kind_follows_steps_of_two_kinds_at_once() -> None:
    def make(words: str) -> Spec:
        return make_spec(make_criterion(words, bullets=(f"Given {words.lower()}", f"Then {words.lower()}")))

    code = "@step(" + BODY
    world = rewrite(code, make(OLD), make(NEW))
    assert code.replace("is lent", "is lent at once").encode() == world.code


def test_a_definition_for_any_kind_stays_where_a_step_of_another_kind_needs_it() -> None:
    other = make_criterion("The desk is open", bullets=("Given a book is lent", "Then the desk is open"))
    code = "@step(" + BODY
    world = rewrite(
        code + '@then("the desk is open")\ndef f(context):\n    assert context\n',
        *(make_spec(text, other) for text in (OLD, NEW)),
    )
    assert world.code.startswith(code.encode())
    assert b"StepNotImplementedError" in world.code


def test_an_untouched_stub_follows_with_the_text_that_it_raises() -> None:
    first = regenerate(World(), make_spec(OLD))
    second = regenerate(first, make_spec(NEW))
    before, after = (world.code.decode() for world in (first, second))
    assert after.count("def ") == 1
    strings = [("a book is lent", "a book is lent at once")] * 2
    docs = [("Must: A book is lent.", "Must: A book is lent at once.")]
    assert is_only_changed_there(before, after, values=[*strings, *docs])


def test_a_docstring_that_was_edited_stays() -> None:
    first = regenerate(World(), make_spec(OLD))
    edited = first.code.replace(b"Must: A book is lent.", b"Lends it.")
    second = regenerate(World(first.features, {PATH: edited}), make_spec(NEW))
    strings = [("a book is lent", "a book is lent at once")] * 2
    assert is_only_changed_there(edited.decode(), second.code.decode(), values=strings)


def test_without_an_implemented_step_there_is_nothing_to_accept() -> None:
    first = regenerate(World(), make_spec(OLD, "Other"))
    second = regenerate(first, make_spec(NEW, "Other"))
    assert "reworded" not in second.features["features/1_1_books.feature"]
    assert second.codes == ["reworded"]


def test_a_stub_that_was_followed_before_a_crash_still_needs_acceptance_if_it_was_implemented() -> None:
    first = regenerate(World({}, {PATH: ("@then(" + BODY).encode()}), make_spec(OLD))
    killed = World(first.features, regenerate(first, make_spec(NEW)).steps)
    assert f', reworded from "{OLD}"' in regenerate(killed, make_spec(NEW)).feature


def test_two_wordings_that_become_one_step_move_one_definition() -> None:
    old = make_spec("A red book is lent to Ana", "A blue book is lent to Ben")
    new = make_spec("A red book is lent to Ana now", "A blue book is lent to Ben now")
    code = "".join(
        f'@then("a {what} book is lent to {who}")\ndef f{n}(context):\n    assert {n}\n\n\n'
        for n, (what, who) in enumerate([("red", "Ana"), ("blue", "Ben")])
    )
    world = rewrite(code, old, new)
    assert code.replace('Ana"', 'Ana now"').replace('Ben"', 'Ben now"').encode() == world.code


def test_going_back_to_the_accepted_words_takes_the_decorator_back() -> None:
    first = regenerate(World({}, {PATH: ("@then(" + BODY).encode()}), make_spec(OLD))
    back = regenerate(regenerate(first, make_spec(NEW)), make_spec(OLD))
    assert (first.features, first.steps) == (back.features, back.steps)


@pytest.mark.parametrize(
    ("after", "same"),
    [
        ('x = "b"\n', True),
        ('x = ("b")\n', True),
        ('x = u"b"\n', True),
        ('x = "c"\n', False),
        ('x = "b" + ""\n', False),
        ('y = "b"\n', False),
        ('x = "b"\ny = 1\n', False),
    ],
)
def test_only_what_was_meant_to_change_may_change(after: str, same: bool) -> None:
    assert is_only_changed_there('x = "a"\n', after, values=[("a", "b")]) == same


def test_definitions_are_found_with_their_place_in_the_text() -> None:
    text = "\ufeff# é\r\n@then(\"é a\")\r\n@when('b')\r\ndef f(context): pass\r\n"
    definitions = parse_definitions(text)
    assert [(item.kind, text[item.literal.start : item.literal.end], item.line) for item in definitions] == [
        ("then", '"é a"', 2),
        ("when", "'b'", 3),
    ]
    assert ast.parse(text[definitions[0].span.start : definitions[0].span.end])


LONG = "A book that a reader of the library has lent for a week or two and keeps for longer than that is asked for"


# Earlier versions wrote lines of another length.
@pytest.mark.parametrize("written", [60, 100, DEFAULT_WIDTH, 111])
@pytest.mark.parametrize("text", [LONG, f"{LONG[:93]} 3"])
def test_the_docstring_of_a_stub_follows_at_each_width_that_it_may_have(text: str, written: int) -> None:
    width = written if written == 60 else 100
    first = regenerate(World(), make_spec(text), width=written)
    new = make_spec(f"{text} again")
    worlds = (regenerate(first, new, width=width), regenerate(World(), new, width=width))
    after, fresh = ([item.doc_text for item in parse_definitions(world.code.decode())] for world in worlds)
    assert after == fresh


BOTH = (make_spec(OLD), make_spec(OLD, path="specs/2.md", feature_id="1.2", name="Records"))


@pytest.mark.parametrize(
    ("texts", "followed"), [((NEW, NEW), True), ((NEW, OLD), False), ((NEW, "A book is lent twice"), False)]
)
def test_a_definition_follows_where_all_that_used_it_have_one_new_wording(
    texts: tuple[str, str], followed: bool
) -> None:
    first = regenerate(World({}, {PATH: f"from behave import then\n\n\n@then({BODY}".encode()}), *BOTH)
    new = [make_spec(texts[0]), make_spec(texts[1], path="specs/2.md", feature_id="1.2", name="Records")]
    second = regenerate(first, *new)
    assert (b'@then("a book is lent at once")\ndef lend(' in second.steps[PATH]) == followed
