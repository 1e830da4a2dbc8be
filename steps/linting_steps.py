"""Steps for specs/1.7-linting.md: what is found in specs, how it is shown, and what is fixed."""

import json
import re
from typing import Any

from behave import given, then, when
from behave.runner import Context
from lamp_project import SPEC, Answer, edit_file, write_file


@given('the comment "{comment}" above all headings')
def the_comment_above_all_headings(context: Context, comment: str) -> None:
    """Add a comment right under the front matter."""
    edit_file(context.folder, SPEC, r"^# Feature", f"{comment}\n\n# Feature")


@when('the project switches "{code}" off')
def the_project_switches_off(context: Context, code: str) -> None:
    """Give a code another level in the configuration."""
    write_file(context.folder, "pyproject.toml", f"[tool.spec2bdd.lint]\n{code} = 'off'\n")


@then('it does not say "{words}"')
def it_does_not_say(context: Context, words: str) -> None:
    """Look for words that must not be in the answer, which must not be empty either."""
    said = (context.answer.out + context.answer.err).replace("`", "")
    assert said.strip(), context.answer
    assert words not in said, context.answer


@then("the spec is the same, but for")
def the_spec_is_the_same_but_for(context: Context) -> None:
    """Make the wanted text of the old one by hand, and compare the bytes."""
    before, _ = context.states[-1][SPEC]
    wanted = before.decode()
    for row in context.table:
        old, new = (row[column].strip("`") for column in ("before", "after"))
        assert wanted.count(f"\n{old}\r\n") == 1, old
        wanted = wanted.replace(f"\n{old}\r\n", f"\n{new}\r\n")
    after = (context.folder / SPEC).read_bytes()
    assert after == wanted.encode(), f"{after.decode()!r}\n{context.answer}"


@then("stdout is one JSON document with these findings")
def stdout_is_one_document_of_findings(context: Context) -> None:
    """Parse stdout as a whole, and compare each finding in the order of the file."""
    report = json.loads(context.answer.out)
    keys = context.table.headings
    found = [tuple(str(finding[key]) for key in keys) for finding in report["diagnostics"]]
    assert found == [tuple(row.cells) for row in context.table], found
    assert (report["version"], report["exit_code"]) == (2, context.answer.code), context.answer
    assert not context.answer.err, context.answer


@then('the explanation of "{text}" is "{words}"')
def the_explanation_is(context: Context, text: str, words: str) -> None:
    """Look for the line of a checkbox, which shows its tier, or why it has none in the line below."""
    found = re.findall(
        rf"^ *\d+  \[.\]  (\S+) +{re.escape(text)}$(?:\n +(not a .*))?", context.answer.out, re.MULTILINE
    )
    assert [(tier if tier != "-" else reason) for tier, reason in found] == [words], context.answer


@then('the SARIF result "{code}" is at another line than before, with the same fingerprint')
def the_finding_is_known_again(context: Context, code: str) -> None:
    """Compare the last two answers."""
    line, prints = find_sarif(context.answer, code)
    before, old_prints = find_sarif(context.earlier, code)
    assert line == before + 2, f"line {before} became {line}"
    assert prints, "there is no fingerprint"
    assert prints == old_prints, f"{old_prints} became {prints}"


def find_sarif(answer: Answer, code: str) -> tuple[int, dict[str, Any]]:
    """Return the line and the fingerprints of the one finding with this code."""
    document = json.loads(answer.out)
    assert document["version"] == "2.1.0", document["version"]
    results = [result for result in document["runs"][0]["results"] if result["ruleId"] == code]
    assert len(results) == 1, f"{len(results)} results have the code {code}"
    found = results[0]
    return found["locations"][0]["physicalLocation"]["region"]["startLine"], found["partialFingerprints"]
