"""Steps for specs/1.1-reading-specs.md: specs that are written in many ways, and some that are broken."""

from behave import given, then
from behave.runner import Context
from lamp_project import (
    FEATURE,
    SPEC,
    add_item,
    edit_file,
    read_scenario,
    read_text,
    write_file,
    write_project,
    write_spec,
)

OTHER_BOXES = """
## Tasks
- [ ] Buy a bulb

### Must Have
- [ ] Buy two bulbs

## Open Questions
- [x] Which colour?

| done | what |
|---|---|
| [ ] | A table |

### Must Have

```
- [ ] Code
```

<!--
- [ ] A comment
-->

> - [ ] A quotation
"""
SPELLED = """
### MUST HAVES (P0)
- [ ] It passes

### ✅ Should have
- [ ] It lights the room

### Nice to have
- [ ] It fails
"""


@given("checkboxes in tasks, questions, tables, code, comments and quotations")
def checkboxes_elsewhere(context: Context) -> None:
    """Add them after the criteria, some of them under a heading that names a tier."""
    write_file(context.folder, SPEC, read_text(context.folder, SPEC) + OTHER_BOXES)


@given("the headings of the tiers are spelled in other ways")
def headings_in_other_spellings(context: Context) -> None:
    """Put other headings in the place of the usual ones."""
    write_project(context.folder)
    text = read_text(context.folder, SPEC)
    write_file(context.folder, SPEC, text[: text.index("\n### Must Have")] + SPELLED)


@given("criteria that are written like this")
def criteria_that_are_written_like_this(context: Context) -> None:
    """Put a text in the place of the headings that the criteria are usually under."""
    write_project(context.folder)
    text = read_text(context.folder, SPEC)
    write_file(context.folder, SPEC, text[: text.index("## Acceptance Criteria")] + context.text + "\n")


@given('"{line}" is in the text, and there is no front matter')
def there_is_no_front_matter(context: Context, line: str) -> None:
    """Put the line under the title, and remove the front matter."""
    _, _, body = read_text(context.folder, SPEC).removeprefix("---\n").partition("---\n")
    title = "# Feature Specification: Lamp\n"
    assert title in body, body
    write_file(context.folder, SPEC, body.lstrip().replace(title, f"{title}\n{line}\n"))


@given('the spec "{path}" with broken YAML and the must criterion "{text}"')
def spec_with_broken_yaml(context: Context, path: str, text: str) -> None:
    """Write a spec in which a value starts with a character that YAML reserves."""
    write_spec(context.folder, path, f"- [ ] {text}", feature_id="2.1", name="Switch")
    edit_file(context.folder, path, "owner: ana", "owner: @ana")


@given('the spec "{path}" in another encoding than UTF-8')
def spec_in_another_encoding(context: Context, path: str) -> None:
    """Write a spec with a letter in Latin-1."""
    write_spec(context.folder, path, "- [ ] It fails", feature_id="3.1", name="Plug")
    text = read_text(context.folder, path).replace("Plug", "Stecker für Ana")
    (context.folder / path).write_bytes(text.encode("latin-1"))


@given('the spec "{path}" with the same feature_id')
def spec_with_the_same_id(context: Context, path: str) -> None:
    """Write a second spec with the id of the first."""
    write_spec(context.folder, path, "- [ ] It fails", feature_id="1.1", name="Twin")


@given("the line ends of Windows and a byte order mark")
def line_ends_of_windows(context: Context) -> None:
    """Rewrite the spec, as some editors do."""
    write_file(context.folder, SPEC, "\ufeff" + read_text(context.folder, SPEC).replace("\n", "\r\n"))


@given("a project without specs")
def a_project_without_specs(context: Context) -> None:
    """Write all but the spec."""
    write_project(context.folder)
    (context.folder / SPEC).unlink()


@given('the list item "{line}" without a box')
def the_item_without_a_box(context: Context, line: str) -> None:
    """Add an item without a box."""
    add_item(context.folder, "Must Have", f"- {line}")


@then('the report calls the spec "{feature_id}" and "{name}"')
def the_report_calls_the_spec(context: Context, feature_id: str, name: str) -> None:
    """Compare two values that YAML would read as a number and as false."""
    (spec,) = context.answer.report["specs"]
    assert (spec["feature_id"], spec["name"]) == (feature_id, name), spec


@then("there is no feature file")
def there_is_no_feature_file(context: Context) -> None:
    """Look for any."""
    assert not list(context.folder.rglob("*.feature")), FEATURE


@then('"{name}" has the tag "{tag}"')
def it_has_the_tag(context: Context, name: str, tag: str) -> None:
    """Compare the tags of a scenario."""
    tags, _ = read_scenario(context.folder, name)
    assert tag in tags, tags
