"""Steps for specs/1.4-judging.md: what Behave reports in many ways, and what it is worth."""

from behave import given, then, when
from behave.runner import Context
from lamp_project import SPEC, STEPS, add_item, edit_file, read_box, read_text, run_command, write_file, write_project

TAG = "@ac_1_1_ac_01"
PROOFS = {
    "one scenario that passes and one that fails": f"""\
Feature: Own
  {TAG}
  Scenario: One
    Then it passes

  {TAG}
  Scenario: Two
    Then it fails
""",
    "a scenario without steps": f"""\
Feature: Own
  {TAG}
  Scenario: Empty
""",
    "a pending step under @wip": f"""\
Feature: Own
  {TAG} @wip
  Scenario: In work
    Then it is not written
""",
    "an outline without rows": f"""\
Feature: Own
  {TAG}
  Scenario Outline: Rows
    Then it <does>

    Examples:
      | does |
""",
    "an outline of which one row fails": f"""\
Feature: Own
  {TAG}
  Scenario Outline: Rows
    Then it <does>

    Examples:
      | does   |
      | passes |
      | fails  |
""",
    "a feature file that Behave cannot read": f"""\
Featur: Own
  {TAG}
  Scenario: Unread
    Then it passes
""",
    "a scenario with a misspelt keyword": f"""\
{TAG}
Feature: Own
  Scenarioo: Misspelt
    Then it passes
""",
}
PENDING_STEP = """
from behave import then
from behave.api.pending_step import StepNotImplementedError


@then("it is not written")
def nobody_has_written_it(context):
    raise StepNotImplementedError
"""
FAILING_CLEANUP = """
def before_scenario(context, scenario):
    context.add_cleanup(fail)


def fail():
    raise RuntimeError("the lamp cannot be switched off")
"""


@given('a criterion "{text}" that is proved by hand with {proof}')
def proved_by_hand(context: Context, text: str, proof: str) -> None:
    """Write a must criterion with an id, and the scenarios that carry its tag."""
    write_project(context.folder)
    edit_file(context.folder, SPEC, "### Must Have\n", f"### Must Have\n- [ ] **AC-01**: {text}\n")
    write_file(context.folder, "steps/pending_steps.py", PENDING_STEP)
    write_file(context.folder, "features/own.feature", PROOFS[proof])


@given('"{text}" nested under it')
def nested_below_it(context: Context, text: str) -> None:
    """Add a box under the last must criterion."""
    add_item(context.folder, "Must Have", f"  - [ ] {text}")


@given("a clean-up that fails")
def a_cleanup_that_fails(context: Context) -> None:
    """Write a hook that registers it."""
    write_project(context.folder)
    write_file(context.folder, "environment.py", FAILING_CLEANUP)


@given("a must criterion for each of these step definitions")
def a_criterion_for_each_definition(context: Context) -> None:
    """Write the definitions below those of the lamp, and the criteria."""
    write_project(context.folder)
    rows = [(row["step"], row["body"].strip("`")) for row in context.table]
    written = "".join(
        f'\n\n@then("{step}")\ndef {step.replace(" ", "_")}(context):\n    {body}\n' for step, body in rows
    )
    write_file(context.folder, STEPS, read_text(context.folder, STEPS) + written)
    context.texts = [step.capitalize() for step, _ in rows]
    add_item(context.folder, "Must Have", *(f"- [ ] {text}" for text in context.texts))


@when("a step file changes")
def a_step_file_changes(context: Context) -> None:
    """Make the lamp dark, so that everything that passed would fail."""
    edit_file(context.folder, STEPS, 'return "light"', 'return "darkness"')


@when('the step of "{text}" is made to fail')
def the_step_is_made_to_fail(context: Context, text: str) -> None:
    """Give a stub a body that fails."""
    words = text.lower()
    edit_file(context.folder, STEPS, rf'raise StepNotImplementedError\("{words}"\)', "assert light() == 'darkness'")


@then('"{text}" is unverified, and the summary counts it')
def it_is_unverified(context: Context, text: str) -> None:
    """Compare the verdict, the box and the count."""
    assert context.answer.find_criterion(text)["verdict"] == "unverified"
    assert context.answer.report["summary"]["verdicts"]["unverified"] == 1
    assert f"- [x] {text}\n" in read_text(context.folder, SPEC)


@then('the verdict on each of them is "{verdict}"')
def the_verdict_on_each_is(context: Context, verdict: str) -> None:
    """Compare verdicts and boxes, and see that Behave itself called every step passed."""
    for text in context.texts:
        found = context.answer.find_criterion(text)
        assert found["verdict"] == verdict, found
        assert [step["status"] for step in found["scenario"]["steps"]] == ["passed"], found
        assert read_box(context.folder, text) == ("x" if verdict == "passed" else " "), found


@then("a command waives a criterion and writes down the reason that it was given")
def a_command_waives_a_criterion_and_writes_down_the_reason_that(context: Context) -> None:
    """Waive a criterion for a reason with quotes, and look at its line."""
    add_item(context.folder, "Must Have", "- [ ] It fails")
    run_command(context, "waive", "It fails", "--reason", 'they said "never"')
    assert context.answer.code == 0, context.answer
    assert '- [~] It fails (waived: they said "never")\n' in read_text(context.folder, SPEC)
