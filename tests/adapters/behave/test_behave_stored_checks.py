"""A step that stores the outcome of a check in the context proves something only if a later step or hook reads it."""

from __future__ import annotations

from behave_project import Project, find_record
from grouped import in_one_test

STEPS = """
import copy, operator, re
from types import SimpleNamespace
from behave import given, then
from behave.runner import Context

class Cart:
    def total(self):
        return 5

def check_is_five(total):
    '''Answer.'''
    return total == 5

def decide(total):
    wrong = total != 5
    if wrong:
        return False
    return True

def store(context):
    context.ok = context.total == 5

@given("a cart")
def a_cart(context):
    context.total, context.cart, context.name, context.empty = 5, Cart(), 'a5', False

@then("it is stored")
def it_is_stored(context):
    {body}

@then("another one is stored")
def another_one_is_stored(context):
    context.also = context.total == 6

@then("it is asserted")
def it_is_asserted(context):
    assert context.ok

@then("it is read by its name")
def it_is_read_by_its_name(context):
    assert getattr(context, "o" + "k")

@then("it is looked for")
def it_is_looked_for(context):
    assert "ok" in context

@then("something else is asserted")
def something_else_is_asserted(context):
    assert context.total == 5

@then("a sub-step asserts it")
def a_sub_step_asserts_it(context):
    context.execute_steps("Then it is asserted")
"""
STORED = {
    "a-comparison": "context.ok = context.total == 5",
    "of-what-a-call-returns": "context.ok = context.cart.total() == 5",
    "several": "context.ok = context.total == 5 and context.total < 6",
    "a-negation": "context.ok = not context.empty",
    "an-answer": "context.ok = isinstance(context.total, int)",
    "under-another-name": "found = context.total == 5; context.ok = found",
    "with-an-annotation": "context.ok: bool = context.total == 5",
    "by-setattr": "setattr(context, 'ok', context.total == 5)",
    "together-with-what-was-there": "context.ok = context.empty or context.total == 5",
    "by-an-operator": "context.ok = True; context.ok &= context.total == 5",
    "in-place-of-what-was-compared": "context.ok = context.total; context.ok = context.ok == 5",
    "by-another-name-of-the-context": "same = context; same.ok = same.total == 5",
    "two-at-once": "context.ok, context.fine = context.total == 5, context.total > 4",
    "in-a-helper": "store(context)",
    "a-list-of-what-failed": "context.ok = ['right'] if context.total == 5 else ['wrong', 'total']",
    "a-list-in-a-branch": "if context.total == 5:\n        context.ok = ['right', {{'total': 5}}]",
    "a-text-in-a-branch": "if context.total == 5:\n        context.ok = f'right: {{context.total}}'",
    "what-a-helper-returns": "context.ok = check_is_five(context.total)",
    "what-a-helper-decides": "context.ok = decide(context.total)",
    "as-a-branch": "if context.total == 5:\n        context.ok = True\n    else:\n        context.ok = False",
}


def run_scenario(
    project: Project, body: str, *later: str, environment: str = "", collected: str = "", steps: str = STEPS
) -> list[str]:
    """Run a scenario whose first outcome has a body, with more steps, and return the reasons of the vacuous ones.

    `collected` is code that is added to that of the steps.
    """
    lines = "".join(f"    Then {step}\n" for step in ("it is stored", *later))
    given = "    Given collections\n" if "def collections" in collected else ""
    project.write(features__cart_feature=f"Feature: Cart\n  Scenario: total\n    Given a cart\n{given}{lines}")
    project.write(
        steps__cart_steps_py=(steps + collected).replace("{body}", body).replace("{{", "{").replace("}}", "}")
    )
    project.write(environment_py=environment)
    record = find_record(project.run(), "total")
    assert {step.status for step in record.steps} == {"passed"}
    return [step.vacuity for step in record.steps if step.vacuous and step.kind != "given"]


@in_one_test("body", STORED.values(), ids=STORED)
def test_an_outcome_that_nothing_reads_is_vacuous(project: Project, body: str) -> None:
    reasons = run_scenario(project, body, "something else is asserted")
    assert [reason.partition(": ")[2].partition(",")[0] for reason in reasons] == ["nothing reads `context.ok`"]


@in_one_test("body", STORED.values(), ids=STORED)
def test_an_outcome_that_a_later_step_asserts_is_not_vacuous(project: Project, body: str) -> None:
    assert run_scenario(project, body, "it is asserted") == []


def test_an_outcome_that_is_only_stored_in_another_one_is_vacuous(project: Project) -> None:
    body = "context.ok = not context.empty and context.total == 5"
    more = "\n@then('one more is stored')\ndef f(context):\n    context.ok = context.ok and context.total < 6\n"
    project.write(steps__more_steps_py=f"from behave import then{more}")
    assert len(run_scenario(project, body, "one more is stored", "one more is stored")) == 3
    assert run_scenario(project, body, "one more is stored", "one more is stored", "it is asserted") == []


READERS = {
    "by-its-name": "it is read by its name",
    "only-looked-for": "it is looked for",
    "in-a-sub-step": "a sub-step asserts it",
}


@in_one_test("step", READERS.values(), ids=READERS)
def test_an_outcome_that_a_later_step_reads_in_another_way_is_not_vacuous(project: Project, step: str) -> None:
    assert run_scenario(project, STORED["a-comparison"], step) == []


HOOKS = {
    "after-the-step": "def after_step(context, step):\n    getattr(context, 'ok', None)\n",
    "after-the-scenario": "def after_scenario(context, scenario):\n    assert context.ok\n",
    "a-clean-up": (
        "def before_scenario(context, scenario):\n    context.add_cleanup(lambda: getattr(context, 'ok', None))\n"
    ),
}


@in_one_test("environment", HOOKS.values(), ids=HOOKS)
def test_an_outcome_that_a_hook_reads_is_not_vacuous(project: Project, environment: str) -> None:
    assert run_scenario(project, STORED["a-comparison"], environment=environment) == []


SHOWING = {
    "printed": "def after_step(context, step):\n    if 'ok' in context:\n        print(context.ok)\n",
    "logged": "import logging\ndef after_scenario(context, scenario):\n    logging.info('ok: %s', context.ok)\n",
    "decides-what-is-printed": "def after_scenario(context, _):\n    if not context.ok:\n        print('wrong')\n",
}
PASSED_ON = {
    "to-a-list": "found = []\ndef after_scenario(context, scenario):\n    found.append(context.ok)\n",
    "by-a-helper": (
        "def read(context):\n    return context.ok\ndef after_scenario(context, scenario):\n    assert read(context)\n"
    ),
    "to-the-scenario": (
        "def after_scenario(context, scenario):\n    if not context.ok:\n        scenario.set_status('failed')\n"
    ),
    "to-an-object": "class Found:\n    pass\ndef after_scenario(context, scenario):\n    Found.ok = context.ok\n",
    "and-raised": "def after_scenario(context, scenario):\n    if not context.ok:\n        raise AssertionError\n",
    "as-its-hook-says": (
        "def after_scenario(context, scenario):\n    # spec2bdd: proves, a report is read\n    print(context.ok)\n"
    ),
}


@in_one_test("environment", SHOWING.values(), ids=SHOWING)
def test_an_outcome_that_a_hook_only_shows_is_vacuous(project: Project, environment: str) -> None:
    assert len(run_scenario(project, STORED["a-comparison"], environment=environment)) == 1


@in_one_test("environment", PASSED_ON.values(), ids=PASSED_ON)
def test_an_outcome_that_a_hook_passes_on_is_not_vacuous(project: Project, environment: str) -> None:
    assert run_scenario(project, STORED["a-comparison"], environment=environment) == []


def test_an_outcome_that_a_later_step_only_shows_is_vacuous(project: Project) -> None:
    shows = "from behave import then\n@then('it is shown')\ndef f(context):\n    print(context.ok)\n"
    lines = "    Given a cart\n    Then it is stored\n    And it is shown\n"
    project.write(steps__more_steps_py=shows, features__cart_feature=f"Feature: Cart\n  Scenario: total\n{lines}")
    project.write(steps__cart_steps_py=STEPS.format(body=STORED["a-comparison"]))
    record = find_record(project.run(), "total")
    assert [step.text for step in record.steps if step.vacuous] == ["it is stored", "it is shown"]


def test_each_scenario_has_to_read_the_outcome_itself(project: Project) -> None:
    project.write(
        features__cart_feature="""
Feature: Cart
  Scenario: first
    Given a cart
    Then it is stored
  Scenario: second
    Given a cart
    Then it is stored
    And it is asserted
  Scenario: third
    Given a cart
    Then it is stored
    And another one is stored
"""
    )
    project.write(steps__cart_steps_py=STEPS.format(body=STORED["a-comparison"]))
    run = project.run()
    vacuous = [[step.vacuous for step in find_record(run, name).steps] for name in ("first", "second", "third")]
    assert vacuous == [[False, True], [False, False, False], [False, True, True]]


def test_a_step_that_also_checks_is_not_vacuous_whatever_it_stores(project: Project) -> None:
    assert run_scenario(project, "context.ok = context.total == 5; assert context.total") == []


def test_of_two_stored_outcomes_one_that_is_read_is_enough(project: Project) -> None:
    assert run_scenario(project, STORED["two-at-once"], "it is asserted") == []


def test_a_comparison_of_what_a_check_returns_may_fail_by_itself(project: Project) -> None:
    body = "check = lambda total: None; context.ok = check(context.total) is None"
    assert run_scenario(project, body) == []


FORMS = {
    "joined-by-bits": "(context.total == 5) & (context.total < 6)",
    "one-or-the-other": "(context.total == 5) | (context.total < 6)",
    "a-branch": "True if context.total == 5 else False",
    "a-word-for-a-branch": "'right' if context.total == 5 else 'wrong'",
    "no-call": "not context.cart.total()",
    "a-truth": "bool(context.total)",
    "all-of-them": "all([context.total == 5, context.total < 6])",
    "any-of-them": "any(number == 5 for number in [context.total])",
    "an-operator": "operator.eq(context.total, 5)",
    "a-method": "context.total.__eq__(5)",
    "a-pattern": "re.search('5', context.name)",
    "a-question": "context.name.startswith('a')",
    "a-call-and-more": "context.cart.total() == 5 and context.total < 6",
    "a-walrus": "(is_right := context.total == 5)",
    "a-number": "int(context.total == 5)",
    "with-its-name": "('total', context.total == 5)",
    "by-its-name": "{{'total': context.total == 5}}",
    "in-a-text": "f'total: {{context.total == 5}}'",
    "what-a-helper-returns": "check_is_five(context.total)",
    "texts-of-branches": "'' if context.total == 5 else f'wrong: {{context.total}}'",
    "of-a-lambda": "(lambda total: total == 5)(context.total)",
}


@in_one_test("form", FORMS.values(), ids=FORMS)
def test_an_outcome_in_any_form_is_vacuous_unless_something_reads_it(project: Project, form: str) -> None:
    assert len(run_scenario(project, f"context.ok = {form}")) == 1
    assert run_scenario(project, f"context.ok = {form}", "it is looked for") == []


@in_one_test("form", FORMS.values(), ids=FORMS)
def test_an_outcome_in_any_form_that_only_a_name_of_the_step_holds_is_vacuous(project: Project, form: str) -> None:
    assert len(run_scenario(project, f"found = {form}")) == 1


COLLECTED = {
    "appended": "context.results.append(context.total == 5)",
    "appended-with-its-name": "context.results.append(('total', context.total == 5))",
    "inserted": "context.results.insert(0, context.total == 5)",
    "extended": "context.results.extend([context.total == 5])",
    "in-place": "context.results += [context.total == 5]",
    "by-a-key": "context.answers['total'] = context.total == 5",
    "updated": "context.answers.update(total=context.total == 5)",
    "a-default": "context.answers.setdefault('total', context.total == 5)",
    "an-attribute": "context.bag.ok = context.total == 5",
    "under-another-name": "results = context.results; results.append(context.total == 5)",
    "a-branch": "if context.total != 5:\n        context.results.append('wrong total')",
    "both-branches": (
        "if context.total == 5:\n        context.results.append('passed')\n"
        "    else:\n        context.results.append('failed')"
    ),
    "a-branch-in-an-expression": "context.results.append('wrong') if context.total != 5 else None",
    "after-or": "context.total == 5 or context.results.append('wrong')",
    "an-error": (
        "try:\n        assert context.total == 5\n"
        "    except AssertionError as error:\n        context.results.append(error)"
    ),
    "the-text-of-an-error": (
        "try:\n        assert context.total == 5\n"
        "    except AssertionError as error:\n        context.answers['total'] = str(error)"
    ),
    "in-a-helper": "note(context, 'total', context.total == 5)",
}
COLLECTIONS = """

def note(context, name, is_right):
    context.results.append((name, is_right))

@given("collections")
def collections(context):
    context.results, context.answers, context.bag = [], {{}}, SimpleNamespace()
"""
READ = """
@then("they are read")
def they_are_read(context):
    assert (context.results, context.answers, context.bag) != ()
"""


@in_one_test("body", COLLECTED.values(), ids=COLLECTED)
def test_an_outcome_in_a_collection_is_vacuous_unless_something_reads_that(project: Project, body: str) -> None:
    assert len(run_scenario(project, body, collected=COLLECTIONS)) == 1
    assert run_scenario(project, body, "they are read", collected=COLLECTIONS + READ) == []


ELSEWHERE = {
    "a-global": "ALL = []",
    "a-class-of-the-project": "ALL = type('Checking', (list,), {{}})()",
}


@in_one_test("made", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_collection_that_something_else_may_look_at_is_read(project: Project, made: str) -> None:
    collected = f"\n{made}\n" + COLLECTIONS.replace("context.results, ", "context.results = ALL; nothing, ")
    assert run_scenario(project, COLLECTED["appended"], collected=collected) == []


OUTER = {
    "of-the-run": "def before_all(context):\n    context.outer = []\ndef after_all(context):\n    all(context.outer)\n",
    "of-the-feature": (
        "def before_feature(context, feature):\n    context.outer = []\n"
        "def after_feature(context, feature):\n    all(context.outer)\n"
    ),
}


@in_one_test("environment", OUTER.values(), ids=OUTER)
def test_a_collection_that_outlives_the_scenario_is_read(project: Project, environment: str) -> None:
    assert run_scenario(project, "context.outer.append(context.total == 5)", environment=environment) == []


FAILURES = {
    "an-error": (
        "try:\n        assert context.total == 5\n    except AssertionError as error:\n        context.ok = error"
    ),
    "a-flag": (
        "try:\n        assert context.total == 5\n        context.ok = True\n"
        "    except AssertionError:\n        context.ok = False"
    ),
    "only-where-it-passed": (
        "try:\n        assert context.total == 5\n        context.ok = True\n    except AssertionError:\n        pass"
    ),
}


@in_one_test("body", FAILURES.values(), ids=FAILURES)
def test_a_caught_failure_is_vacuous_unless_something_reads_what_was_stored(project: Project, body: str) -> None:
    body = f"context.ok = None\n    {body}"
    assert len(run_scenario(project, body)) == 1
    assert run_scenario(project, body, "it is looked for") == []


def test_what_is_printed_next_to_an_outcome_that_a_later_step_asserts_does_not_matter(project: Project) -> None:
    body = "context.ok = context.total == 5; print(context.total == 5)"
    assert run_scenario(project, body, "it is asserted") == []
    assert len(run_scenario(project, body)) == 1


PAST = {
    "the-layers": "assert context._stack",
    "a-layer-by-getattr": "assert getattr(context, '_stack')[0]['ok']",
    "past-python": "import inspect; assert inspect.getattr_static(context, '_stack')",
    "all-that-it-has": "assert vars(context)",
    "its-dictionary": "assert context.__dict__",
    "a-copy": "assert copy.copy(context)",
    "a-dump": "context._dump(); assert context.total == 5",
    "without-its-class": "assert object.__getattribute__(context, '_stack')",
    "by-a-method-of-its-class": "assert Context.__getattr__(context, 'ok')",
    "by-a-helper": "assert operator.attrgetter('ok')(context)",
}


@in_one_test("body", PAST.values(), ids=PAST)
def test_an_outcome_that_may_be_read_past_the_context_is_not_vacuous(project: Project, body: str) -> None:
    reader = f"\n@then('it is read past it')\ndef read_past_it(context):\n    {body}\n"
    assert run_scenario(project, STORED["a-comparison"], "it is read past it", collected=COLLECTIONS + reader) == []


KEPT = {
    "the-layers": "def before_all(context):\n    KEPT.append(context._stack)\n",
    "a-layer": "def before_scenario(context, scenario):\n    KEPT.append(context._stack[0])\n",
}


@in_one_test("hook", KEPT.values(), ids=KEPT)
def test_an_outcome_in_layers_that_a_hook_has_kept_is_not_vacuous(project: Project, hook: str) -> None:
    reader = "def after_scenario(context, scenario):\n    assert str(KEPT)\n    KEPT.clear()\n"
    assert run_scenario(project, STORED["a-comparison"], environment=f"KEPT = []\n{hook}{reader}") == []


OTHER_STACKS = {
    "of-another-object": "\nclass Undo:\n    def __init__(self):\n        self._stack = []\n"
    "    def pop(self):\n        return self._stack.pop()\n",
    "that-is-no-more": "\n@then('it is looked into')\ndef look_into(context):\n    assert context._stack\n",
    "in-a-text": "\nNAME = 'the_stack _stack'\n",
}


@in_one_test("code", OTHER_STACKS.values(), ids=OTHER_STACKS)
def test_an_outcome_is_vacuous_where_another_stack_is_read_or_before_the_step(project: Project, code: str) -> None:
    assert len(run_scenario(project, STORED["a-comparison"], collected=code)) == 1


def test_an_outcome_that_a_hook_reads_past_the_context_is_not_vacuous(project: Project) -> None:
    environment = "def after_scenario(context, scenario):\n    assert vars(context)\n"
    assert run_scenario(project, STORED["a-comparison"], environment=environment) == []


OUTSIDE = {
    "a-global": ("OK = None\n", "global OK; OK = context.total == 5", "assert OK"),
    "a-list": ("OK = []\n", "OK.append(context.total == 5)", "assert all(OK)"),
    "a-table": ("OK = {{}}\n", "OK['total'] = context.total == 5", "assert all(OK.values())"),
    "a-bag": ("BAG = SimpleNamespace()\n", "BAG.fine = context.total == 5", "assert BAG.fine"),
    "a-list-of-a-class": (
        "class Kept:\n    found = []\n",
        "Kept.found.append(context.total == 5)",
        "assert all(Kept.found)",
    ),
    "an-attribute-of-a-class": ("class Kept:\n    pass\n", "Kept.fine = context.total == 5", "assert Kept.fine"),
    "an-attribute-of-a-function": ("", "store.fine = context.total == 5", "assert store.fine"),
    "a-failure": (
        "OK = []\n",
        "try:\n        assert context.total == 5\n    except AssertionError as error:\n        OK.append(error)",
        "assert not OK",
    ),
    "a-flag": (
        "OK = True\n",
        "global OK\n    try:\n        assert context.total == 5\n    except AssertionError:\n        OK = False",
        "assert OK",
    ),
}


@in_one_test("case", OUTSIDE.values(), ids=OUTSIDE)
def test_an_outcome_in_a_name_of_the_module_is_vacuous_unless_something_mentions_it(
    project: Project, case: tuple[str, str, str]
) -> None:
    made, body, reader = case
    # `getattr` may read anything.
    plain = STEPS.partition('@then("it is read by its name")')[0]
    assert len(run_scenario(project, body, collected=made, steps=plain)) == 1
    reading = f"{made}\n@then('it is read')\ndef it_is_read(context):\n    {reader}\n"
    assert run_scenario(project, body, "it is read", collected=reading, steps=plain) == []
    assert run_scenario(project, body, collected=made) == []


SETTING = {
    "a-class-of-a-class": (
        "class Meta(type):\n    def __setattr__(self, name, value):\n        assert value\n"
        "class Kept(metaclass=Meta):\n    pass\n"
    ),
    "an-object": "class Made:\n    def __setattr__(self, name, value):\n        assert value\nKept = Made()\n",
}


@in_one_test("made", SETTING.values(), ids=SETTING)
def test_an_outcome_that_code_of_the_project_is_given_may_be_checked(project: Project, made: str) -> None:
    plain = STEPS.partition('@then("it is read by its name")')[0]
    assert run_scenario(project, "Kept.fine = context.total == 5", collected=made, steps=plain) == []


METHODS = """
class Checks:
    def store(self, context):
        self.fine = context.total == 5
{reader}
CHECKS = Checks()
then("it is stored by a method")(CHECKS.store)
"""


def test_an_outcome_in_the_object_of_a_method_is_vacuous_unless_something_mentions_it(project: Project) -> None:
    plain = STEPS.partition('@then("it is read by its name")')[0]
    steps = METHODS.replace("{reader}", "")
    assert (
        len(run_scenario(project, "assert context.total", "it is stored by a method", collected=steps, steps=plain))
        == 1
    )
    reader = "    def read(self, context):\n        assert self.fine\n"
    steps = METHODS.replace("{reader}", reader) + "then('it is read by a method')(CHECKS.read)\n"
    both = ("it is stored by a method", "it is read by a method")
    assert run_scenario(project, "assert context.total", *both, collected=steps, steps=plain) == []


LOGGED = {
    "a-logger-of-the-context": "context.log.error('wrong total')",
    "logging": "logging.error('wrong total')",
    "a-warning": "warnings.warn('wrong total')",
    "a-print": "print('wrong total')",
}
LOGGING = """
import logging, warnings

@given("collections")
def collections(context):
    context.log = logging.getLogger("cart")
"""


@in_one_test("body", LOGGED.values(), ids=LOGGED)
def test_telling_of_a_failure_is_vacuous_unless_a_hook_asserts_what_was_told(project: Project, body: str) -> None:
    body = f"if context.total != 5:\n        {body}"
    assert len(run_scenario(project, body, collected=LOGGING)) == 1
    environment = "def after_scenario(context, scenario):\n    assert not scenario.captured.has_output()\n"
    environment += "import warnings; warnings.simplefilter('error')\n"
    assert run_scenario(project, body, collected=LOGGING, environment=environment) == []


def test_what_a_handler_of_the_project_gets_may_be_read(project: Project) -> None:
    body = "if context.total != 5:\n        logging.error('wrong total')"
    handler = "class Recorder(logging.Handler):\n    pass\n"
    assert run_scenario(project, body, collected=LOGGING + handler) == []


CHOSEN = {
    "if": "if mode == 'on':\n        context.lit = True\n    else:\n        context.lit = False",
    "match": (
        "match mode:\n        case 'on':\n            context.lit = True\n"
        "        case _:\n            context.lit = False"
    ),
}


@in_one_test("body", CHOSEN.values(), ids=CHOSEN)
def test_what_a_step_stores_for_one_of_its_arguments_is_no_outcome(project: Project, body: str) -> None:
    step = f"\n@then('the light is {{{{mode:w}}}}')\ndef the_light_is(context, mode):\n    {body}\n"
    assert run_scenario(project, "assert context.total", "the light is on", collected=step) == []
