"""What a whole command prints: each fact once, few lines, and the same counts while it runs and after."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import program
import pytest
from small_project import SPEC, write_basket

import spec2bdd
from spec2bdd.model import Verdict
from spec2bdd.reporters.summary import summarize
from spec2bdd.reporters.terminal.progress_state import RunProgress

EXAMPLE = Path(__file__).parents[1] / "examples" / "chat"
# The two bugs of the example, as its README says how to fix them.
BUGS = (
    ("chatstore/store.py", "len(text.encode())", "len(text)"),
    ("chatstore/search.py", "words in message.text", "words.casefold() in message.text.casefold()"),
)


def copy_example(folder: Path) -> Path:
    """Copy the chat example without what an earlier run may have left there."""
    root = folder / "chat"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("features", "__pycache__", ".spec2bdd"))
    return root


def call(root: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the program, and return its exit code, stdout and stderr."""
    done = program.call(root, *arguments, FORCE_COLOR=None, COLUMNS=None)
    return done.returncode, done.stdout, done.stderr


def test_a_green_verify_of_the_chat_example_prints_at_most_12_lines(tmp_path: Path) -> None:
    root = copy_example(tmp_path)
    for path, faulty, repaired in BUGS:
        text = (root / path).read_text(encoding="utf-8")
        (root / path).write_text(text.replace(faulty, repaired), encoding="utf-8")
    code, out, err = call(root, "verify")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) <= 12
    summary = "Passed: 13 of 14 musts proved, 1 not required until Review · 21 criteria: 16 passed, 4 pending, 1 manual"
    assert summary in " ".join(out.split())
    # Nothing has changed since.
    code, out, err = call(root, "verify")
    assert (code, err) == (0, "")
    assert [" ".join(lines.split()) for lines in re.split(r"\n\n|\n(?=next)", out)] == [
        "3 specs: no box or status changes",
        summary,
        "next: write the steps in `steps/keeping_and_exporting_steps.py`, then `spec2bdd verify`",
    ]


FAILING = ("A message of 500 characters is accepted in every language", 'Searching for "lunch" finds the message')


def test_a_failure_is_named_as_it_happens_and_in_the_list_and_nowhere_else(tmp_path: Path) -> None:
    root = copy_example(tmp_path)
    _, out, err = call(root, "verify")
    # The step that failed is another fact, even if it repeats the words of the criterion.
    named = "".join(line for line in out.splitlines(keepends=True) if not re.match(r" +\d+ ✗ Then ", line))
    for text in FAILING:
        assert (named.casefold().count(text.casefold()), err.casefold().count(text.casefold())) == (1, 1)
    # The traceback quotes the line that made the message, and ends with the message.
    assert out.count("message too long: 1000 bytes") == 1
    assert "specs/1.1-rooms-and-messages.md:126  must, ac_1_1_8c9081, unticked" in out
    _, out, err = call(root, "verify", "-q")
    assert err == ""
    assert [out.count(text) for text in FAILING] == [1, 1]
    assert [line.partition(":")[0] for line in out.splitlines()[-2:]] == ["Failed", "next"]
    assert "unchanged" not in out
    assert "should" not in out


SPEC_OF_ALL = SPEC.replace("- [ ] Baskets can be shared", "- [ ] Baskets can be shared\n- [ ] It is quick")
STEPS_OF_ALL = """\
from behave import then


@then("an item can be added")
def an_item_can_be_added(context):
    basket = [context.scenario.name and "apple"]
    assert basket == ["apple"]


@then('removing an item that is not there is refused with "{text}"')
def removing_is_refused(context, text):
    basket = [context.scenario.name and "apple"]
    assert "pear" in basket, f"no {text}"


@then("the basket survives a restart")
def survives(context):
    pass
"""
BROKEN = """\
from behave import then


@then("it is quick")
def quick(context):
    raise ValueError("slow")

def broken(:
"""


@pytest.mark.parametrize("vacuous", ["pending", "pass"])
@pytest.mark.parametrize("broken", [False, True])
def test_progress_and_summary_count_the_same(tmp_path: Path, vacuous: str, *, broken: bool) -> None:
    write_basket(tmp_path, spec=SPEC_OF_ALL, steps=STEPS_OF_ALL)
    (tmp_path / "pyproject.toml").write_text(f'[tool.spec2bdd]\nvacuous = "{vacuous}"\n', encoding="utf-8")
    if broken:
        (tmp_path / "steps" / "broken_steps.py").write_text(BROKEN, encoding="utf-8")
    progress = RunProgress()

    def listen(event: Mapping[str, object]) -> None:
        progress.read_event(event)

    report = spec2bdd.verify(tmp_path, on_event=listen)
    counts = {verdict: count for verdict, count in summarize(report).verdicts.items() if count}
    # Each criterion has one scenario, so that both count the same things.
    assert progress.counts == ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    expected = {Verdict.PASSED: 1, Verdict.FAILED: 1, Verdict.NOT_RUN if broken else Verdict.PENDING: 2}
    surplus = Verdict.PENDING if vacuous == "pending" else Verdict.PASSED
    assert counts == {**expected, surplus: expected.get(surplus, 0) + 1}


def test_an_error_in_a_step_file_is_shown_first_and_once_with_what_it_blocks(tmp_path: Path) -> None:
    root = copy_example(tmp_path)
    path = root / "steps" / "rooms_and_messages_steps.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n\ndef broken(:\n", encoding="utf-8")
    code, out, err = call(root, "verify")
    assert code == 2
    assert "A message posted to a room" not in err
    assert (err + out).count("SyntaxError") == 1
    assert "next: fix the error in steps/rooms_and_messages_steps.py:" in out
    assert "9 not run" in out
    assert [line.partition(":")[0] for line in out.splitlines() if "not run (" in line] == [
        "? not run (6)",
        "? not run (3)",
    ]
    assert "A message posted to a room" not in out


def test_a_mark_without_results_is_one_error(tmp_path: Path) -> None:
    root = copy_example(tmp_path)
    code, out, err = call(root, "mark")
    assert (code, len(err.splitlines())) == (2, 2)
    assert out == ""


def test_results_that_are_out_of_date_for_one_reason_say_it_once(tmp_path: Path) -> None:
    root = copy_example(tmp_path)
    call(root, "generate")
    call(root, "run", "-q")
    with (root / "steps" / "rooms_and_messages_steps.py").open("a", encoding="utf-8") as stream:
        stream.write("# changed\n")
    _, out, _ = call(root, "mark", "--check")
    # Whatever verdicts the criteria had in the run.
    counts = re.findall(r"^≠ (\d+) stale \(outdated\): `steps/rooms_and_messages_steps\.py` ", out, re.MULTILINE)
    assert [int(count) for count in counts] == [19]
    assert out.count("steps/rooms_and_messages_steps.py") == 1


def test_unused_definitions_are_noted_on_request_only(tmp_path: Path) -> None:
    write_basket(
        tmp_path, steps=STEPS_OF_ALL + '\n\n@then("unused words")\ndef unused(context):\n    assert context.config\n'
    )
    assert "unused" not in call(tmp_path, "verify")[1]
    assert "unused" not in call(tmp_path, "generate")[1]
    assert "unused step definition" in call(tmp_path, "verify", "-v")[1]
    assert "unused step definition" in call(tmp_path, "generate", "--prune")[1]


def test_a_vacuous_step_is_named_by_its_line(tmp_path: Path) -> None:
    steps = STEPS_OF_ALL.replace('assert "pear" in basket', "assert basket")
    write_basket(tmp_path, steps=steps)
    out = call(tmp_path, "verify")[1]
    assert out.endswith("next: make the step in steps/shop_basket_steps.py:10 able to fail, then `spec2bdd verify`\n")
