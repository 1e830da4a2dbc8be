"""Steps for specs/1.2-writing-features-and-steps.md: feature and step files, read as Behave and others read them."""

import re
from typing import Any

from behave import given, then, when
from behave.runner import Context
from lamp_project import (
    FEATURE,
    SPEC,
    STEPS,
    add_item,
    edit_file,
    parse_scenarios,
    read_scenario,
    read_scenarios,
    read_text,
    run_spec2bdd,
    write_file,
    write_spec,
)

HOSTILE = (
    'A text with """ and \\n and \\',
    "A text with ''' and \"quotes\" and 'more'",
    "`Scenario: another`",
    "`@tag #comment`",
    "`| a | table |`",
    "`{braces} and {no:q} {0}`",
    "Given",
    "`* star`",
    "def class(): raise 1",
    "Ünï©ode\u2028line\u0085end",
    "%s $HOME <angle> &amp; `{{ jinja }} {% if %}`",
    "\u202eright to left\u202c",
)


@given('"{first}", "{second}" and "{third}" under it')
def bullets_below_it(context: Context, first: str, second: str, third: str) -> None:
    """Add bullets under the last must criterion."""
    add_item(context.folder, "Must Have", f"  - {first}", f"  - {second}", f"  - {third}")


@given("must criteria that hold Gherkin, Python, templates and odd characters")
def hostile_criteria(context: Context) -> None:
    """Add texts that would break out of a file that is written carelessly."""
    add_item(context.folder, "Must Have", *(f"- [ ] {text}" for text in HOSTILE))


@given('the spec "{path}" with the must criterion "{text}"')
def another_spec(context: Context, path: str, text: str) -> None:
    """Write a second spec."""
    write_spec(context.folder, path, f"- [ ] {text}", feature_id="2.1", name="Switch")


@given("a hand-written scenario that carries the tag of the must criterion")
def a_hand_written_scenario(context: Context) -> None:
    """Give the only criterion an id of its own, and write a scenario with that tag."""
    edit_file(context.folder, SPEC, "It passes", "**AC-01**: It passes")
    write_file(
        context.folder, "features/own.feature", "Feature: Own\n\n  @ac_1_1_ac_01\n  Scenario: Mine\n    Given a lamp\n"
    )


@given("a project without step files")
def without_step_files(context: Context) -> None:
    """Remove the steps of the lamp."""
    (context.folder / STEPS).unlink()


@when('"{old}" becomes "{new}" in the spec')
def becomes_in_the_spec(context: Context, old: str, new: str) -> None:
    """Reword something in the spec."""
    edit_file(context.folder, SPEC, re.escape(old), new)


@when('"{text}" moves to "{heading}"')
def moves_to(context: Context, text: str, heading: str) -> None:
    """Move a criterion to the end of another list."""
    edit_file(context.folder, SPEC, rf"- \[ \] {text}\n", "")
    add_item(context.folder, heading, f"- [ ] {text}")


@when('a person edits "{old}" to "{new}" in the feature file')
def somebody_edits_the_feature(context: Context, old: str, new: str) -> None:
    """Edit a generated file by hand."""
    edit_file(context.folder, FEATURE, re.escape(old), new)


@when('the spec is moved to "{path}"')
def the_spec_is_moved(context: Context, path: str) -> None:
    """Move the spec out of its folder."""
    (context.folder / SPEC).rename(context.folder / path)


@then('"{name}" has the three steps "{first}", "{second}" and "{third}"')
def the_three_steps_are(context: Context, name: str, first: str, second: str, third: str) -> None:
    """Compare the steps of a scenario."""
    _, steps = read_scenario(context.folder, name)
    assert steps == [first, second, third], steps


@then('"{name}" has the two steps "{first}" and "{second}"')
def the_two_steps_are(context: Context, name: str, first: str, second: str) -> None:
    """Compare the steps of a scenario."""
    _, steps = read_scenario(context.folder, name)
    assert steps == [first, second], steps


@then('there is no scenario "{name}"')
def there_is_no_scenario(context: Context, name: str) -> None:
    """Look for it in all feature files."""
    assert name not in read_scenarios(context.folder)


@then('"{name}" has the id that "{old}" had')
def has_the_id_that_it_had(context: Context, name: str, old: str) -> None:
    """Compare the id with the first one that the criterion ever had."""
    contents = [state[FEATURE][0].decode() for state in context.states if FEATURE in state]
    before = next(find_id(found[old][0]) for found in map(parse_scenarios, contents) if old in found)
    after = find_id(read_scenario(context.folder, name)[0])
    assert after == before, f"{before} became {after}"


def find_id(tags: list[str]) -> str:
    """Return the tag that names the criterion."""
    found = [tag for tag in tags if tag.startswith("@ac_")]
    assert len(found) == 1, f"{len(found)} ids are among {tags}"
    return found[0]


@then('the id of "{name}" is "{tag}"')
def the_id_is(context: Context, name: str, tag: str) -> None:
    """Compare the tag that names the criterion."""
    assert find_id(read_scenario(context.folder, name)[0]) == tag


@then("another clone generates the same bytes, and none of them shows the machine or the time")
def another_clone_generates_the_same(context: Context) -> None:
    """Generate once more in a folder with another path."""
    clone = context.folder / "another" / "clone"
    for path in ("pyproject.toml", SPEC):
        write_file(clone, path, read_text(context.folder, path))
    answer = run_spec2bdd(clone, "generate")
    assert answer.code == 0, answer
    for path in (FEATURE, STEPS):
        text = read_text(clone, path)
        assert read_text(context.folder, path) == text, path
        assert str(context.folder) not in text, path
        assert not re.search(r"\d\d:\d\d|20\d\d-", text), path


@then('the step file still begins as it did, and ends with a stub for "{text}"')
def the_step_file_only_grew(context: Context, text: str) -> None:
    """Compare the bytes that were there, and look at what was added."""
    before, _ = context.states[-1][STEPS]
    after = (context.folder / STEPS).read_bytes()
    assert after.startswith(before), "what its author wrote was changed"
    added = after.removeprefix(before).decode()
    assert f'@then("{text}")\n' in added, added
    assert f'raise StepNotImplementedError("{text}")' in added, added


@then("the official Gherkin parser reads the same scenarios as we do")
def the_official_parser_agrees(context: Context) -> None:
    """Compare names, tags and steps."""
    from gherkin.parser import Parser

    document: Any = Parser().parse(read_text(context.folder, FEATURE))
    scenarios = [child["scenario"] for child in document["feature"]["children"]]
    theirs = {
        found["name"]: (
            [tag["name"] for tag in found["tags"]],
            [step["keyword"] + step["text"] for step in found["steps"]],
        )
        for found in scenarios
    }
    assert len(scenarios) == len(HOSTILE), f"{len(scenarios)} scenarios of {len(HOSTILE)} criteria"
    assert read_scenarios(context.folder) == theirs, theirs


@then("Behave finds a stub for every one of them")
def behave_finds_every_stub(context: Context) -> None:
    """Verify: each criterion is pending because its stub ran, and for no other reason."""
    answer = run_spec2bdd(context.folder, "verify", "--format", "json")
    (spec,) = answer.report["specs"]
    steps = [criterion["step"]["status"] for criterion in spec["criteria"]]
    assert steps == ["pending"] * len(HOSTILE), answer.out


@then("one step definition with typed parameters serves them all")
def one_definition_serves_all(context: Context) -> None:
    """Look for the one definition, and let Behave find it for every scenario."""
    added = read_text(context.folder, STEPS).removeprefix(context.states[-1][STEPS][0].decode())
    assert added.count("@then(") == 1, added
    assert re.search(r"context: Context, text: str, \w+: int\)", added), added
    answer = run_spec2bdd(context.folder, "run", "--format", "json")
    (spec,) = answer.report["specs"]
    assert [criterion["step"]["status"] for criterion in spec["criteria"]] == ["pending", "pending"], answer.out


@then('"{text}" is defined once')
def it_is_defined_once(context: Context, text: str) -> None:
    """Count the definitions in all step files."""
    texts = [path.read_text(encoding="utf-8") for path in (context.folder / "steps").glob("*.py")]
    assert sum(source.count(f'@then("{text}")') for source in texts) == 1, texts


@then('one line of the step file is new, and it defines "{text}"')
def one_line_is_new(context: Context, text: str) -> None:
    """Compare the step file with that before the last command, line by line."""
    before = context.states[-1][STEPS][0].decode().splitlines()
    after = read_text(context.folder, STEPS).splitlines()
    assert len(before) == len(after), f"{len(before)} lines became {len(after)}"
    assert [line for line, old in zip(after, before, strict=True) if line != old] == [f'@then("{text}")']
