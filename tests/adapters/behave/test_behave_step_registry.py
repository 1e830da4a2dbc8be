"""The indexed registry against Behave's own: random definitions and texts get the same results, word for word."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from behave.matchers import make_step_matcher, use_step_matcher
from behave.model import Step
from behave.step_registry import AmbiguousStep, StepRegistry

from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry, is_plain_argument

# After a change in matching, try more: SPEC2BDD_MATCHINGS=20000 pytest -k step_registry
ROUNDS = int(os.environ.get("SPEC2BDD_MATCHINGS", "400")) // 20

WORDS = [
    "a",
    "user",
    "the",
    "7",
    "-3",
    "3.5",
    "0x1F",
    "A",
    "User",
    '"x"',
    "it's",
    "",
    ".",
    "$",
    "a+b",
    "é",
    "x\ty",
    "^a",
    "|",
]
FIELDS = [
    "{}",
    "{n}",
    "{n:d}",
    "{n:w}",
    '"{n}"',
    "{m:f}",
    "x{n}y",
    "{{a}}",
    "{{",
    "}}",
    "{",
    "{n:l}",
    "{m:>}",
    "{n:Odd}",
]
CF_FIELDS = [*FIELDS, "{n:Odd+}", "{m:Odd?}", "{n:Odd*}"]
REGEXES = ["a (.*)", "(?P<n>\\d+)", "the", "user$", "a|b", ".", "^the", "[", "(?i)user"]
KINDS = ["given", "when", "then", "step"]
LANGUAGES = {"parse": FIELDS, "cfparse": CF_FIELDS, "re": REGEXES, "re0": REGEXES}


def make_functions() -> list[Callable[..., None]]:
    """Return step functions at different places."""
    namespace: dict[str, Any] = {}
    for number in range(5):
        exec(compile(f"\ndef f{number}(context, *args, **kwargs):\n    pass\n", f"/s/{number}.py", "exec"), namespace)
    return [namespace[f"f{number}"] for number in range(5)]


FUNCTIONS = make_functions()


def convert_odd(text: str) -> int:
    """Convert a number, and refuse an even one."""
    if int(text) % 2 == 0:
        raise ValueError("even")
    return int(text)


convert_odd.pattern = r"\d+"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _types() -> Any:
    """Give the matchers a type of their own, and leave them as they were."""
    from behave import register_type
    from behave.matchers import use_default_step_matcher

    register_type(Odd=convert_odd)
    yield
    use_default_step_matcher("parse")


def draw_pattern(draw: random.Random, fields: list[str]) -> str:
    """Return a pattern of a few words and fields."""
    return " ".join(draw.choice([*WORDS, *fields]) for _ in range(draw.randint(1, 4)))


def draw_text(draw: random.Random, patterns: list[str]) -> str:
    """Return a text: some words, or a pattern with values for its fields."""
    if draw.random() < 0.4 or not patterns:
        return draw_pattern(draw, [])
    return re.sub(r"\{[^{}]*\}", lambda _: draw.choice(WORDS), draw.choice(patterns))


def add(registry: StepRegistry, definition: tuple[str, str, str, Any]) -> str:
    """Add a definition; return the error in one line, if there is one."""
    matcher, kind, pattern, function = definition
    use_step_matcher(matcher)
    try:
        registry.add_step_definition(kind, pattern, function)
    except AmbiguousStep as error:
        new, _, known = " ".join(str(error).split()).partition(" has already been defined in existing step ")
        return f"{new} as {known}"
    except Exception as error:  # noqa: BLE001  Whatever is raised, both shall raise it.
        return f"{type(error).__name__}: {error}"
    return ""


def add_ours(registry: LenientStepRegistry, definition: tuple[str, str, str, Any]) -> str:
    """Add a definition to our registry, which only records a clash."""
    count = len(registry.diagnostics)
    error = add(registry, definition)
    noted = [diagnostic.message for diagnostic in registry.diagnostics[count:] if diagnostic.code == "ambiguous-step"]
    return error or "".join(map(find_clash, noted))


def find_clash(message: str) -> str:
    """Find in the message about a clash what Behave says: both definitions, and the place of the first."""
    if again := re.fullmatch("`(.*)` is already defined in (.*)", message):
        return f"{again[1]} as {again[1]} at {again[2]}"
    clash = re.fullmatch(r"`(.*)` and `(.*)` \((.*)\) match the same step", message)
    assert clash
    return f"{clash[1]} as {clash[2]} at {clash[3]}"


def describe_match(find: Callable[[Any], Any], step: Step) -> Any:
    """Return everything that a match says, or what was raised."""
    try:
        match = find(step)
    except Exception as error:  # noqa: BLE001  Whatever is raised, both shall raise it.
        return type(error), str(error)
    if match is None:
        return None
    stored = getattr(match, "stored_error", None)
    facts = [(arg.start, arg.end, arg.original, arg.value, arg.name) for arg in match.arguments or []]
    return type(match).__name__, match.func, str(match.location), facts, repr(stored)


def find_enabled(registry: LenientStepRegistry) -> Callable[[Any], Any]:
    """Return the search of ours without the disabled definitions, which Behave does not have."""
    return lambda step: registry.find_enabled_match(step.name, step.step_type)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_random_definitions_and_texts_are_matched_as_behave_matches_them(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    draw = random.Random(seed)
    stock, ours = StepRegistry(), LenientStepRegistry.adopt(StepRegistry())
    patterns: list[str] = []
    for _ in range(20):
        matcher = draw.choice(["parse", "parse", "parse", "cfparse", "re", "re0"])
        pattern = draw.choice(patterns) if patterns and draw.random() < 0.1 else draw_pattern(draw, LANGUAGES[matcher])
        definition = (matcher, draw.choice(KINDS), pattern, draw.choice(FUNCTIONS))
        assert add(stock, definition) == add_ours(ours, definition), definition
        patterns.append(pattern)
    assert list_patterns(stock) == list_patterns(ours)
    for _ in range(60):
        kind, text = draw.choice(KINDS), draw_text(draw, patterns)
        step = Step("f", 1, kind, kind, text)
        assert describe_match(stock.find_match, step) == describe_match(find_enabled(ours), step), (kind, text)
        first, second = stock.find_step_definition(step), ours.find_step_definition(step)
        assert getattr(first, "pattern", None) == getattr(second, "pattern", None)


def list_patterns(registry: StepRegistry) -> dict[str, list[tuple[type, str, Any]]]:
    """Return all definitions in their order."""
    return {
        kind: [(type(matcher), matcher.pattern, matcher.func) for matcher in matchers]
        for kind, matchers in registry.steps.items()
    }


def test_the_list_of_definitions_may_be_changed_by_others() -> None:
    registry = LenientStepRegistry.adopt(StepRegistry())
    for pattern in ("one", "a {n}"):
        registry.add_step_definition("given", pattern, FUNCTIONS[0])
    step = Step("f", 1, "Given", "given", "a b")
    assert registry.find_match(step)
    registry.steps["given"].pop()
    assert registry.find_match(step) is None
    registry.clear()
    registry.add_step_definition("given", "a b", FUNCTIONS[1])
    assert registry.find_match(step).func is FUNCTIONS[1]


def find_twice(registry: LenientStepRegistry, **given: object) -> Any:
    """Find the match of a step twice, since what is found once may be known from then on, and return its function."""
    step = Step("f", 1, "Given", "given", "one", **given)
    matches = [registry.find_match(step) for _ in range(2)]
    found = [(type(match), match and match.func) for match in matches]
    assert found[0] == found[1]
    assert matches[0] is None or matches[0] is not matches[1]
    return matches[1] and matches[1].func


def test_a_definition_that_is_known_is_forgotten_where_others_come_and_go() -> None:
    registry = LenientStepRegistry.adopt(StepRegistry())
    found = [find_twice(registry)]
    registry.add_step_definition("given", "one", FUNCTIONS[0])
    found += [find_twice(registry), find_twice(registry, text="doc"), find_twice(registry)]
    registry.steps["given"].pop()
    found.append(find_twice(registry))
    registry.clear()
    registry.add_step_definition("given", "one", FUNCTIONS[1])
    found.append(find_twice(registry))
    assert found == [None, FUNCTIONS[0], FUNCTIONS[0], FUNCTIONS[0], None, FUNCTIONS[1]]


@pytest.mark.parametrize("kind", ["given", "step"])
def test_a_step_that_must_not_be_run_is_not_run_at_any_time(kind: str) -> None:
    step = Step("f", 1, "Given", "given", "one")
    rivals = LenientStepRegistry.adopt(StepRegistry())
    rivals.add_step_definition("given", "one", FUNCTIONS[0])
    rivals.add_step_definition("step", "{any}", FUNCTIONS[1])
    clashing = LenientStepRegistry.adopt(StepRegistry())
    clashing.add_step_definition("given", "two", FUNCTIONS[0])
    for function in FUNCTIONS[1:3]:
        clashing.add_step_definition(kind, "one", function)
    for registry in (rivals, clashing):
        found = [type(registry.find_match(step)).__name__ for _ in range(3)]
        assert found == ["FailingMatch"] * 3


def test_what_a_definition_that_was_removed_matches_may_be_defined_again() -> None:
    registry = LenientStepRegistry.adopt(StepRegistry())
    for pattern in ("one", "two {n}"):
        registry.add_step_definition("given", pattern, FUNCTIONS[0])
    registry.steps["given"].clear()
    for pattern in ("one", "two {n}"):
        registry.add_step_definition("given", pattern, FUNCTIONS[1])
    assert registry.diagnostics == []
    assert [index.count for index in registry.list_indexes().values()] == [2, 0, 0, 0]


def test_only_the_definitions_of_a_module_that_failed_go() -> None:
    registry = LenientStepRegistry.adopt(StepRegistry())
    for number, name in enumerate(("steps/a.py", "steps/b.py")):
        names = {"registry": registry, "function": FUNCTIONS[number]}
        exec(compile(f"registry.add_step_definition('given', 'it is {number}', function)", name, "exec"), names)
    registry.drop_module("steps/a.py", b"", {"steps/a.py"})
    assert [matcher.pattern for matcher in registry.steps["given"]] == ["it is 1"]
    assert [registry.find_enabled_match(f"it is {number}", "given") is None for number in range(2)] == [True, False]
    found = [registry.find_match(Step("f", 1, "Given", "given", f"it is {number}")) for number in range(3)]
    assert [type(match).__name__ for match in found] == ["FailingMatch", "Match", "NoneType"]
    reason = registry.take_unusable_reason()
    assert reason
    assert reason.reason == "a step may be defined in `steps/a.py`, which cannot be loaded"


def test_a_definition_that_is_known_is_disabled_with_its_module() -> None:
    registry = LenientStepRegistry.adopt(StepRegistry())
    registry.add_step_definition("given", "one", FUNCTIONS[0])
    assert find_twice(registry) is FUNCTIONS[0]
    registry.drop_module("steps/a.py", b"from behave import given\n@given('one')\ndef f(context): pass\n", set())
    assert type(registry.find_match(Step("f", 1, "Given", "given", "one"))).__name__ == "FailingMatch"


def replace_function(matchers: list[Any]) -> None:
    """Give the only definition another function, as a hook does that wraps all steps."""
    matchers[0].func = FUNCTIONS[1]


def replace_definition(matchers: list[Any]) -> None:
    """Put another definition in the place of the only one."""
    matchers[:] = [make_step_matcher(FUNCTIONS[1], matchers[0].pattern, "given")]


@pytest.mark.parametrize("kind", ["given", "step"])
@pytest.mark.parametrize("pattern", ["one", "{any}"])
@pytest.mark.parametrize("replace", [replace_function, replace_definition])
def test_a_definition_that_is_known_is_forgotten_where_it_is_replaced(
    replace: Callable[[list[Any]], None], pattern: str, kind: str
) -> None:
    registry = LenientStepRegistry.adopt(StepRegistry())
    registry.add_step_definition(kind, pattern, FUNCTIONS[0])
    found = [find_twice(registry)]
    replace(registry.steps[kind])
    assert [*found, find_twice(registry)] == [FUNCTIONS[0], FUNCTIONS[1]]


def test_what_is_wrong_with_definitions_that_come_during_a_run_is_taken_once() -> None:
    registry = LenientStepRegistry.adopt(StepRegistry())
    registry.add_step_definition("given", "one", FUNCTIONS[0])
    registry.add_step_definition("given", "one", FUNCTIONS[1])
    registry.begin_run()
    taken = [registry.take_diagnostics()]
    registry.add_step_definition("given", "one", FUNCTIONS[2])
    taken += [registry.take_diagnostics(), registry.take_diagnostics()]
    assert [[diagnostic.code for diagnostic in new] for new in taken] == [[], ["ambiguous-step"], []]


@pytest.mark.parametrize(
    ("value", "original", "expected"),
    [
        ("ana", "ana", True),
        ("Ana", "ana", False),
        (5, "5", True),
        (5.5, "5.50", True),
        (5, "6", False),
        (5, "five", False),
        (5, None, False),
        (None, None, True),
        (None, "ana", False),
        ("", None, False),
        (True, "True", False),
        (["ana"], "ana", False),
    ],
)
def test_an_argument_is_plain_if_it_is_the_text_of_its_step_or_the_number_there(
    value: object, original: str | None, expected: bool
) -> None:
    assert is_plain_argument(SimpleNamespace(value=value, original=original)) is expected


PLAIN, CONVERTED = SimpleNamespace(value=5, original="5"), SimpleNamespace(value=6, original="5")


def check_nothing(context: object) -> None:
    """Check nothing, as a sub-step."""


def check_total(context: Any) -> None:
    """Check something, as a sub-step."""
    assert context.total == 5


@pytest.mark.parametrize(
    ("body", "arguments", "substeps", "is_vacuous"),
    [
        ("assert total > 0", [PLAIN], [], True),
        ("assert total > 0", [PLAIN, CONVERTED], [], False),
        ("assert total > context.least", [PLAIN], [], False),
        ("context.execute_steps('Then it idles')", [PLAIN], [check_nothing], True),
        ("context.execute_steps('Then it idles')", [CONVERTED], [check_nothing], True),
        ("context.execute_steps('Then it idles')", [PLAIN], [check_nothing, check_total], False),
    ],
)
def test_whether_a_step_can_fail_depends_on_what_it_runs_with(
    body: str, arguments: list[Any], substeps: list[Any], *, is_vacuous: bool
) -> None:
    source = f"def judged(context, total):\n    {body}\n"
    names: dict[str, Any] = {}
    exec(compile(source, "steps/a_steps.py", "exec"), names)
    registry = LenientStepRegistry.adopt(StepRegistry())
    registry.sources.add_file("steps/a_steps.py", source.encode())
    function = names["judged"]
    found = registry.find_vacuity(function, SimpleNamespace(), arguments=arguments, substeps=substeps)
    assert bool(found) is is_vacuous
    assert registry.find_vacuity(function, arguments=arguments, substeps=substeps) == ""
    assert registry.may_be_vacuous(function) is (body != "assert total > context.least")


@pytest.mark.parametrize("pattern", ["one", "{n:d} of {all}"])
def test_a_plain_definition_is_added_without_a_look_at_whether_it_compiles(
    pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = LenientStepRegistry.adopt(StepRegistry())
    tried: list[Any] = []
    monkeypatch.setattr(LenientStepRegistry, "is_good_step_definition", lambda _, matcher: tried.append(matcher))
    registry.add_step_definition("given", pattern, FUNCTIONS[0])
    assert (tried, len(registry.steps["given"])) == ([], 1)
    registry.add_step_definition("given", "{n:f}", FUNCTIONS[0])
    assert (len(tried), len(registry.steps["given"])) == (1, 1)
