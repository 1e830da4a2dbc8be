"""The steps that functions of the project run themselves, as their texts name them."""

from __future__ import annotations

from pathlib import Path

from spec2bdd.adapters.behave.registry.sub_steps import find_sub_steps

SOURCE = r"""from behave import given, then

TEXT = "Given a text that no function runs"


@given("a shop")
@given("a {size} shop")
def shop(context, size="small"):
    "Given a docstring"
    context.execute_steps("Given a till")
    context.execute_steps(f"When {size} items are added\nAnd it rings")
    context.execute_steps("Then the total is {total:d}, not %d" % 3)
    context.say("no step")


def plain(context):
    return "Given a text that is not run"


class Steps:
    def run(self, context):
        context.execute_steps("Given a desk")
"""


def test_the_texts_of_functions_that_run_steps_are_found_with_the_place_of_their_function(tmp_path: Path) -> None:
    path = tmp_path / "steps.py"
    path.write_text(SOURCE, encoding="utf-8")
    assert sorted(find_sub_steps([str(path)])) == [
        (f"{path}:21", "given", "a desk"),
        (f"{path}:6", "given", "a till"),
        (f"{path}:6", "then", "the total is 1, not 1"),
        (f"{path}:6", "when", "1 items are added"),
        (f"{path}:6", "when", "it rings"),
    ]


def test_files_without_such_steps_or_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    texts = {"a.py": "x = 1\n", "b.py": "def (: execute_steps\n", "c.py": "execute_steps = '\0'\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "d.py").write_bytes(b"# execute_steps \xff\n")
    assert list(find_sub_steps([str(tmp_path / name) for name in (*texts, "d.py", "none.py")])) == []
