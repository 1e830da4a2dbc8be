"""Which stubs go into which step files, and which files are left alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from behave.api.pending_step import StepNotImplementedError
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import World, call_step, find_functions, find_match, loaded, make_criterion, make_spec

from spec2bdd.domain.steps.step_modules import list_queries, plan_step_modules
from spec2bdd.model import StepAnswer, StepQuery

PATH = "steps/books_steps.py"
LENT = make_spec("A book is lent", "A book is back")


def test_every_step_gets_one_stub_in_the_order_of_the_feature() -> None:
    spec = make_spec(
        "A book is lent", make_criterion("x", bullets=("Given a book", "Then a book is lent", "And Ana is told"))
    )
    world = World().generate(spec, steps=True)
    assert list(find_functions(world.steps[PATH])) == ["a_book_is_lent", "a_book", "ana_is_told"]


def test_a_step_that_two_specs_share_is_defined_once() -> None:
    other = make_spec("A book is lent", path="specs/2.md", feature_id="2", name="Readers")
    world = World().generate(LENT, other, steps=True)
    assert list(world.steps) == [PATH]


def test_one_text_under_two_keywords_has_two_definitions() -> None:
    spec = make_spec(make_criterion("x", bullets=("Given a book", "When a book", "Then a book")))
    assert len(find_functions(World().generate(spec, steps=True).steps[PATH])) == 3


def test_steps_that_differ_in_a_parameter_share_a_definition() -> None:
    world = World().generate(make_spec("The reader has 2 books", "The reader has 3 books"), steps=True)
    assert list(find_functions(world.steps[PATH])) == ["the_reader_has_books"]


def test_specs_of_one_name_have_step_files_of_their_own() -> None:
    other = make_spec("b", path="specs/2.md", feature_id="2")
    world = World().generate(make_spec("a"), other, steps=True)
    assert sorted(world.steps) == ["steps/1_1_books_steps.py", "steps/2_books_steps.py"]


def test_specs_that_come_to_one_step_file_share_it_and_lose_nothing() -> None:
    specs = [
        make_spec("a", feature_id="x", name="Y"),
        make_spec("b", path="specs/2.md", feature_id="z", name="Y"),
        make_spec("c", path="specs/3.md", feature_id="w", name="X Y"),
    ]
    world = World().generate(*specs, steps=True)
    assert list(find_functions(world.steps["steps/x_y_steps.py"])) == ["a", "c"]
    assert world.generate(*specs, steps=True).steps == world.steps


@pytest.mark.parametrize(
    "before", [b"x = 1\n", b"x = 1\r\n", b"\xef\xbb\xbfx = 1\n", "# é\n".encode(), b"# -*- coding: utf8 -*-\n"]
)
def test_the_content_of_a_file_stays_byte_for_byte(before: bytes) -> None:
    generated = before + b"from behave.api.pending_step import StepNotImplementedError\n"
    world = World(steps={PATH: generated}).generate(LENT, steps=True)
    assert world.steps[PATH].startswith(generated)
    assert len(find_functions(world.steps[PATH])) == 2
    assert world.generate(LENT, steps=True).steps == world.steps


def plan(content: bytes) -> list[tuple[str, int, int]]:
    """List code and line of the diagnostics about a file that no stubs can be added to."""
    answers = [StepAnswer(query, query.patterns[-1]) for query in list_queries(World().draft(LENT)[0])]
    changes, diagnostics = plan_step_modules(World().draft(LENT)[0], answers, folder="steps", files={PATH: content})
    assert changes == ()
    return [(diagnostic.code, diagnostic.line, diagnostic.column) for diagnostic in diagnostics]


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        (b"x = '\xe9'\n", "step-encoding", 1, 1),
        (b"# coding: nonsense\n", "step-encoding", 1, 1),
        ("x = 1\n".encode("utf-16"), "step-encoding", 1, 1),
        (b"x = 1\ndef (:\n", "step-syntax", 2, 5),
        (b"x = 1 \\", "step-syntax", 1, 8),
        (b'"""never closed\n', "step-syntax", 1, 1),
        (b"<<<<<<< HEAD\nx = 1\n", "step-syntax", 1, 1),
        (b"x = 1\0\n", "step-syntax", 1, 1),
    ],
)
def test_a_file_that_cannot_be_added_to_is_reported_and_left_alone(
    content: bytes, code: str, line: int, column: int
) -> None:
    assert plan(content) == [(code, line, column)]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("header", ["", '"""Steps for specs/3.2.md"""\n'])
def test_a_file_in_another_encoding_is_left_alone_and_the_stubs_get_one_of_their_own(
    encoding: str, header: str
) -> None:
    content = f"# -*- coding: {encoding} -*-\n{header}x = 'é'\n".encode(encoding)
    plans = World().draft(LENT)[0]
    answers = [StepAnswer(query, query.patterns[-1]) for query in list_queries(plans)]
    changes, diagnostics = plan_step_modules(plans, answers, folder="steps", files={PATH: content})
    own = PATH.replace("_steps.py", "_spec_steps.py")
    assert ([(change.path, change.before) for change in changes], diagnostics) == ([(own, None)], ())
    # The next stubs go there as well, under names that the other file does not have.
    again, _ = plan_step_modules(plans, answers, folder="steps", files={PATH: content, own: changes[0].after or b""})
    assert again == ()


def test_nothing_is_planned_where_everything_is_defined() -> None:
    queries = list_queries(World().draft(LENT)[0])
    answers = [StepAnswer(query) for query in queries]
    assert plan_step_modules(World().draft(LENT)[0], answers, folder="steps", files={}) == ((), ())


def test_queries_with_most_parameters_come_first_and_their_order_is_that_of_nothing_else() -> None:
    texts = ["It has 5 books", 'It has 5 books and says "no"', "It is"]
    queries = list_queries(World().draft(make_spec(*texts))[0])
    assert [query.text[0].upper() + query.text[1:] for query in queries] == [
        'It has 5 books and says "no"',
        "It has 5 books",
        "It is",
    ]
    assert list_queries(World().draft(make_spec(*reversed(texts)))[0]) == queries
    assert isinstance(queries[0], StepQuery)


def test_stubs_behind_regular_expressions_are_found_by_behave() -> None:
    before = b'from behave import then\n\nuse_step_matcher("re")\n\n\n@then("a b.*k is back")\ndef x(c): pass\n'
    spec = make_spec("A book is back", 'It costs $5 (net) and says "no"')
    world = World(steps={PATH: before}).generate(spec, steps=True)
    assert list(find_functions(world.code)) == ["x", "it_costs_5_net_and_says"]
    assert world.generate(spec, steps=True).steps == world.steps
    with loaded(world.steps) as registry, pytest.raises(StepNotImplementedError):
        call_step(find_match(registry, "then", 'it costs $5 (net) and says "no"'))


def test_a_stub_that_behave_does_not_find_is_not_written_a_second_time() -> None:
    spec = make_spec('It says "no"', "It is")
    world = World().generate(spec, steps=True)
    drafts, _ = world.draft(spec)
    answers = [StepAnswer(query, query.patterns[0]) for query in list_queries(drafts)]
    changes, diagnostics = plan_step_modules(drafts, answers, folder="steps", files=world.steps)
    assert changes == ()
    places = [(diagnostic.code, diagnostic.path, diagnostic.line, diagnostic.column) for diagnostic in diagnostics]
    assert places == [("unmatched-step", PATH, 1, 1)] * 2
    half = world.steps[PATH].partition(b'@then("it is")')[0]
    (change,), _ = plan_step_modules(drafts, answers, folder="steps", files={PATH: half})
    assert list(find_functions(change.after or b"")) == ["it_says", "it_is"]


def test_steps_that_differ_in_case_alone_do_not_clash() -> None:
    spec = make_spec("Ana Is Told", "ana is told", "ANA IS TOLD")
    world = World().generate(spec, steps=True)
    assert world.codes == []
    assert world.generate(spec, steps=True).steps == world.steps


@pytest.mark.parametrize(
    "texts",
    [
        ['field "x"', 'field "x" and "y"', 'field "x" and "y" and 5'],
        ["5", "5 5", "{5}", '"5"', "5..", '"5" 5'],
        ['"a"', '"a" "b"', '"a b"', '"{text}"', "{text}", '"" "a"'],
        ["it has 5 books", "it has 05 books", "it has {n} books"],
        ["a {a b} c", "a {} c", "a { c", "a } c", "a x c", "a {x} c"],
    ],
)
def test_steps_that_could_swallow_each_other_load_in_any_order(texts: list[str]) -> None:
    for order in (texts, texts[::-1]):
        specs = [make_spec(text, path=f"specs/{n}.md", feature_id=f"{n}", name=f"S{n}") for n, text in enumerate(order)]
        world = World().generate(*specs, steps=True)
        with loaded(world.steps), loaded(world.steps, backwards=True) as registry:
            for text in texts:
                with pytest.raises(StepNotImplementedError):
                    call_step(find_match(registry, "then", text))
        # One more spec at a time, as in real projects.
        grown = World()
        for n in range(len(specs)):
            grown = grown.generate(*specs[: n + 1], steps=True)
        with loaded(grown.steps), loaded(grown.steps, backwards=True) as registry:
            assert all(find_match(registry, "then", text) for text in texts)


@pytest.mark.parametrize(
    ("text", "rival"),
    [
        ("{text}", "{{text}}"),
        ("it has {books:d} books", "it has {{books:d}} books"),
        ("it has 5 books", "it has {books:d} books"),
        ("Show {NAME} here", "show {{name}} here"),
        ('{x} says "no"', '{{x}} says "yes"'),
    ],
)
def test_a_step_whose_pattern_is_another_step_is_reported_and_breaks_nothing(text: str, rival: str) -> None:
    for order in ([text, rival], [rival, text]):
        pair = [make_spec(said, path=f"specs/{n}.md", feature_id=f"{n}", name=f"S{n}") for n, said in enumerate(order)]
        both = World().generate(*pair, steps=True)
        grown = World().generate(pair[0], steps=True).generate(*pair, steps=True)
        for world in (both, grown):
            with loaded(world.steps), loaded(world.steps, backwards=True) as registry:
                found = sum(bool(find_match(registry, "then", said)) for said in order)
            assert (found, world.codes) in [(1, ["ambiguous-step"]), (2, [])]
            assert world.generate(*pair, steps=True).steps == world.steps


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(['"a"', '"b"', "5", "6", "x", "{n}", "and"]), min_size=1, max_size=5), max_size=7)
)
def test_any_steps_made_of_the_same_parts_load_and_are_found(parts: list[list[str]]) -> None:
    spec = make_spec(*(" ".join(part) for part in parts))
    world = World().generate(spec, steps=True)
    assert world.generate(spec, steps=True).steps == world.steps
    with loaded(world.steps) as registry:
        for feature in world.features_drafted:
            for step in (step for scenario in feature.scenarios for step in scenario.steps):
                assert find_match(registry, step.kind, step.text)


def test_generated_files_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from planned_project import *\n"
        "w = World().generate(make_spec(*HOSTILE.values()), make_spec('a 5', path='s', feature_id='2'), steps=True)\n"
        "import hashlib; print(hashlib.sha256(repr((w.features, w.steps)).encode()).hexdigest())"
    )
    paths = [path for path in sys.path if path]
    seeds = [
        subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {paths!r}\n{code}"],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert seeds[0] == seeds[1]


@pytest.mark.parametrize(("width", "is_cut"), [(70, True), (88, True), (120, False)])
def test_stubs_have_the_width_that_is_wanted(width: int, is_cut: bool) -> None:
    spec = make_spec("A book that was lent to a reader in the next town can be returned here without a card")
    drafts, _ = World().draft(spec)
    answers = [StepAnswer(query, query.patterns[-1]) for query in list_queries(drafts)]
    (change,), _ = plan_step_modules(drafts, answers, folder="steps", files={}, width=width)
    lines = (change.after or b"").decode().split("\n\n\n")[1].splitlines()
    (docstring,) = (line for line in lines if '"""' in line)
    # Only a literal is never broken.
    longest = max(len(line) for line in lines if not line.lstrip().startswith('"a book'))
    assert ('..."""' in docstring, longest <= width) == (is_cut, True)
