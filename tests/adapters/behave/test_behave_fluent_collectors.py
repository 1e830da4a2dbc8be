"""A failed check of `soft.expect(total).to_equal(5)` fails the scenario if nothing raises what `soft` has collected."""

from __future__ import annotations

from behave_project import Project, find_record
from grouped import in_one_test

HEAD = "from behave import given, then\n"
STEPS = """
@given("a cart")
def a_cart(context):
    context.soft, context.total = Soft(), 4

@then("it is checked")
def it_is_checked(context):
    {body}

@then("it is verified")
def it_is_verified(context):
    context.soft.verify_all()
"""
SOFT = """
class Soft:
    def __init__(self):
        self.failures = []
    def expect(self, value):
        return Expectation({given}, value)
    def fail(self, text):
        self.failures.append(text)
    def record(self, is_right, text):
        if not is_right:
            self.failures.append(text)
    def verify_all(self):
        if self.failures:
            raise AssertionError(str(self.failures))
"""
EXPECTATION = """
class Expectation:
    def __init__(self, soft, value):
        self.soft, self.value = soft, value
    def to_equal(self, other):
        {adds}
        return self
"""
DIFFERS = "if self.value != other:\n            "
ADDED = f"{DIFFERS}self.soft.failures.append(f'{{self.value}} is not {{other}}')"
# What the object of the chain does, and what it is given.
CHAINS = {
    "to-a-list-of-its-maker": (ADDED, "self"),
    "by-a-method-of-its-maker": (f"{DIFFERS}self.soft.fail('wrong')", "self"),
    "to-a-list-that-it-is-given": (f"{DIFFERS}self.soft.append('wrong')", "self.failures"),
    "by-an-argument": (f"{DIFFERS}self.soft.failures.append('wrong')", "soft=self, value=value) and Expectation(self"),
    "the-outcome": ("self.soft.record(self.value == other, 'wrong')", "self"),
    "the-error": (
        (
            "try:\n            assert self.value == other\n        except AssertionError as error:\n"
            "            self.soft.failures.append(error)"
        ),
        "self",
    ),
}
CALL = "context.soft.expect(context.total).to_equal({})"
ONE_CLASS = """
class Soft:
    def __init__(self):
        self.notes, self.value = [], None
    def that(self, value):
        self.value = value
        return self
    def is_equal(self, other):
        if self.value != other:
            self.notes.append(f"{self.value} is not {other}")
        return self
    def verify_all(self):
        assert not self.notes
""".replace("Soft", "Notes")


def run_scenario(project: Project, classes: str, body: str, *steps: str) -> tuple[str, ...]:
    """Run a scenario with a step of that body, and return why it failed apart from its steps."""
    lines = "".join(f"    Then {step}\n" for step in ("it is checked", *steps))
    project.write(features__cart_feature=f"Feature: Cart\n  Scenario: total\n    Given a cart\n{lines}")
    project.write(steps__cart_steps_py=HEAD + classes + STEPS.format(body=body))
    return find_record(project.run(), "total").failures


def build_classes(adds: str, given: str) -> str:
    """Build both classes."""
    return EXPECTATION.format(adds=adds) + SOFT.format(given=given)


@in_one_test("chain", CHAINS.values(), ids=CHAINS)
def test_a_chain_whose_failures_nothing_raises_fails_the_scenario(project: Project, chain: tuple[str, str]) -> None:
    (failure,) = run_scenario(project, build_classes(*chain), CALL.format(5))
    lost = "not raised: `Soft` collected a failed check, and `verify_all` was not called after it: "
    assert failure.startswith(lost)


@in_one_test("chain", CHAINS.values(), ids=CHAINS)
def test_a_chain_that_holds_has_no_failed_check(project: Project, chain: tuple[str, str]) -> None:
    assert run_scenario(project, build_classes(*chain), CALL.format(4)) == ()


@in_one_test("chain", CHAINS.values(), ids=CHAINS)
def test_a_chain_that_is_verified_later_fails_only_there(project: Project, chain: tuple[str, str]) -> None:
    assert run_scenario(project, build_classes(*chain), CALL.format(5), "it is verified") == ()


def test_a_chain_in_two_statements_counts_too(project: Project) -> None:
    body = "checked = context.soft.expect(context.total)\n    checked.to_equal(5)"
    assert len(run_scenario(project, build_classes(ADDED, "self"), body)) == 1


def test_a_chain_of_one_class_whose_names_say_nothing_counts_too(project: Project) -> None:
    classes = f"{ONE_CLASS}\nSoft = Notes\n"
    assert len(run_scenario(project, classes, "context.soft.that(context.total).is_equal(5)")) == 1
    assert run_scenario(project, classes, "context.soft.that(context.total).is_equal(4)") == ()


PROPERTY = "        return self\n    @property\n    def is_right(self):\n        return not self.soft.failures\n"
LOOKED_AT = {
    "raised-in-the-step": (ADDED, f"{CALL.format(5)}\n    try:\n        context.soft.verify_all()\n    except: pass"),
    "read-in-the-step": (ADDED, f"{CALL.format(5)}; assert context.soft.failures"),
    "an-answer-that-decides": (
        f"self.is_right = self.value == other\n        {ADDED}",
        f"if {CALL.format(5)}.is_right: raise ValueError",
    ),
    "an-answer-that-is-asserted": (
        f"self.is_right = self.value == other\n        {ADDED}",
        f"assert not {CALL.format(5)}.is_right",
    ),
    "a-property": (f"{ADDED}\n{PROPERTY}", f"{CALL.format(5)}; assert context"),
    "an-answer-that-is-returned": (f"{ADDED}\n        return self.value == other", CALL.format(5)),
    "raised-at-once": (f"{ADDED}\n            raise AssertionError", f"{CALL.format(4)}"),
}


@in_one_test("case", LOOKED_AT.values(), ids=LOOKED_AT)
def test_a_chain_that_something_looks_at_may_have_failed(project: Project, case: tuple[str, str]) -> None:
    adds, body = case
    assert run_scenario(project, build_classes(adds, "self"), body) == ()


BOX = """
class Item:
    def __init__(self, box, name):
        self.box, self.name = box, name
    def times(self, count):
        {adds}
        return self
class Box:
    def __init__(self):
        self.items = []
    def put(self, name):
        return Item(self, name)
    def verify_all(self):
        assert not self.items, "not empty"
Soft = Box
"""
FAKES = {
    "always": "self.box.items.append((self.name, count))",
    "where-it-is-one": "if self.name:\n            self.box.items.append(count)",
    "where-there-are-some": "if count > 1:\n            self.box.items.append((self.name, count))",
    "of-a-kind": "if self.name == 'hat':\n            self.box.items.append((self.name, count))",
    "unless-it-is-there": "if count not in self.box.items:\n            self.box.items.append((self.name, count))",
}


@in_one_test("adds", FAKES.values(), ids=FAKES)
def test_a_fake_that_is_filled_by_chains_collects_no_failures(project: Project, adds: str) -> None:
    assert run_scenario(project, BOX.format(adds=adds), "context.soft.put('hat').times(3)") == ()
