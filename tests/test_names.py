"""Names as plain arguments: of `verify`, `run`, `generate`, `lint` and `explain`, next to the arguments of Behave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    generate,
    read_all,
    write_basket,
    write_files,
)

from spec2bdd.cli.main import main
from spec2bdd.config import read_config
from spec2bdd.errors import ConfigError
from spec2bdd.project.spec_files import find_specs

TILL_PATH, TILL_FEATURE, TILL_STEPS = "specs/4.2-till.md", "features/4_2_till.feature", "steps/till_steps.py"
TILL = SPEC.replace("3.10 # the tenth, not 3.1", "4.2").replace("Shop basket", "Till").replace("item", "coin")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a project of two specs, and go there."""
    root = write_files(write_basket(tmp_path), {TILL_PATH: TILL})
    monkeypatch.chdir(root)
    return root


def invoke(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, arguments, prog_name="spec2bdd")


def find_reached(result: Result) -> dict[str, int]:
    """Return how many criteria of each spec were reached by a run, by the `feature_id` of the spec."""
    reached = {}
    for spec in json.loads(result.stdout)["specs"]:
        verdicts = [criterion["verdict"] for criterion in spec["criteria"]]
        reached[spec["feature_id"]] = len(verdicts) - verdicts.count("skipped")
    return reached


CHOICES = {
    "a feature_id": (["4.2"], {"3.10": 0, "4.2": 4}),
    "a path": ([TILL_PATH], {"3.10": 0, "4.2": 4}),
    "a path without its folder": (["4.2-till.md"], {"3.10": 0, "4.2": 4}),
    "a name": (["till"], {"3.10": 0, "4.2": 4}),
    "a number": (["3.10#3"], {"3.10": 1, "4.2": 0}),
    "a part of a text": (["an item can be"], {"3.10": 1, "4.2": 0}),
    "a feature file": ([TILL_FEATURE], {"3.10": 0, "4.2": 4}),
    "several": (["3.10#1", "3.10#2", "4.2#1"], {"3.10": 2, "4.2": 1}),
    "the alias for scripts": (["--only", "3.10#1", "--only", "4.2#1"], {"3.10": 1, "4.2": 1}),
    "the alias and a name": (["--only", "3.10#1", "4.2#1"], {"3.10": 1, "4.2": 1}),
    "arguments of Behave": (["--", "--name", "An item"], {"3.10": 1, "4.2": 0}),
    "a name and arguments of Behave": (["3.10", "--", "--tags", "@must"], {"3.10": 2, "4.2": 0}),
    "an option after a name": (["4.2", "-j", "1"], {"3.10": 0, "4.2": 4}),
}


@pytest.mark.parametrize(("arguments", "reached"), CHOICES.values(), ids=CHOICES)
def test_names_choose_what_is_run(shop: Path, arguments: list[str], reached: dict[str, int]) -> None:
    generate(shop)
    assert find_reached(invoke("run", "--format", "json", *arguments)) == reached


@pytest.mark.parametrize(("arguments", "reached"), list(CHOICES.values())[::4])
def test_verify_takes_the_same_names(shop: Path, arguments: list[str], reached: dict[str, int]) -> None:
    assert find_reached(invoke("verify", "--format", "json", *arguments)) == reached


def test_an_id_is_a_name(shop: Path) -> None:
    generate(shop)
    assert find_reached(invoke("run", "--format", "json", "ac_3_10_d2c391")) == {"3.10": 1, "4.2": 0}


def test_what_follows_a_second_dash_is_of_behave_too(shop: Path) -> None:
    generate(shop)
    result = invoke("run", "--", "--", "x")
    assert (result.exit_code, "`x` cannot be passed to Behave" in result.output) == (2, True)


def test_generate_writes_the_features_and_stubs_of_the_named_specs_alone(shop: Path) -> None:
    before = read_all(shop)
    result = invoke("generate", "4.2")
    after = read_all(shop)
    assert result.exit_code == 0
    assert sorted(path for path in after if after[path] != before.get(path)) == [TILL_FEATURE, TILL_STEPS]


@pytest.mark.parametrize("name", [SPEC_PATH, "Shop basket", "3.10#1", FEATURE_PATH])
def test_generate_updates_one_of_several_specs(shop: Path, name: str) -> None:
    generate(shop)
    reworded = {
        path: (shop / path).read_text().replace("can be added", "can be put in") for path in (SPEC_PATH, TILL_PATH)
    }
    write_files(shop, reworded)
    before = read_all(shop)
    assert invoke("generate", name).exit_code == 0
    after = read_all(shop)
    assert sorted(path for path in after if after[path] != before[path]) == [FEATURE_PATH, STEPS_PATH]
    assert invoke("generate", "--check", name).exit_code == 0
    assert invoke("generate", "--check").exit_code == 1


def test_generate_of_names_and_then_of_the_rest_is_generate_of_all(
    shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = write_files(write_basket(tmp_path_factory.mktemp("other")), {TILL_PATH: TILL})
    generate(other)
    invoke("generate", "3.10")
    invoke("generate", "4.2")
    assert invoke("generate", "--check").exit_code == 0
    assert {path: read_all(shop)[path] for path in (FEATURE_PATH, TILL_FEATURE)} == {
        path: read_all(other)[path] for path in (FEATURE_PATH, TILL_FEATURE)
    }


def test_generate_of_a_name_reports_nothing_about_other_specs(shop: Path) -> None:
    generate(shop)
    write_files(shop, {FEATURE_PATH: (shop / FEATURE_PATH).read_text().replace("Then an item", "Then no item")})
    assert invoke("generate").exit_code == 2
    result = invoke("generate", "4.2")
    assert (result.exit_code, FEATURE_PATH in result.output) == (0, False)


def test_a_feature_file_of_ones_own_is_not_generated(shop: Path) -> None:
    write_files(shop, {"features/own.feature": "Feature: own\n"})
    result = invoke("generate", "features/own.feature")
    assert result.stderr == (
        "error: `features/own.feature` is not generated from a spec [usage]\n"
        "    hint: name a spec, or a generated feature file\n"
    )


def test_lint_takes_paths_and_names(shop: Path) -> None:
    write_files(shop, {path: text + "* It has no box\n" for path, text in {SPEC_PATH: SPEC, TILL_PATH: TILL}.items()})
    for arguments, paths in (
        (["4.2"], {TILL_PATH}),
        (["till"], {TILL_PATH}),
        ([TILL_PATH], {TILL_PATH}),
        (["specs"], {SPEC_PATH, TILL_PATH}),
        (["4.2", SPEC_PATH], {SPEC_PATH, TILL_PATH}),
    ):
        result = json.loads(invoke("lint", "--format", "json", *arguments).stdout)
        assert {diagnostic["path"] for diagnostic in result["diagnostics"]} == paths, arguments


def test_explain_takes_a_spec_or_a_criterion(shop: Path) -> None:
    generate(shop)
    assert len(json.loads(invoke("explain", "4.2", "--format", "json").stdout)["criteria"]) == 4
    assert len(json.loads(invoke("explain", "4.2#1", "--format", "json").stdout)["criteria"]) == 1
    assert len(json.loads(invoke("explain", "4.2", "#1", "--format", "json").stdout)["criteria"]) == 1


def test_a_path_may_be_completed_in_a_folder_below(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(shop)
    write_files(shop, {"spec2bdd.toml": "", "src/here.txt": ""})
    monkeypatch.chdir(shop / "src")
    assert find_reached(invoke("run", "--format", "json", f"../{TILL_PATH}")) == {"3.10": 0, "4.2": 4}
    assert find_reached(invoke("run", "--format", "json", f"../{TILL_FEATURE}")) == {"3.10": 0, "4.2": 4}
    assert STEPS in (shop / STEPS_PATH).read_text()


def test_a_name_in_the_folder_of_the_specs_without_a_configuration_names_the_root(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/basket.md": SPEC})
    with pytest.raises(ConfigError) as caught:
        find_specs(read_config(tmp_path / "specs"))
    assert caught.value.hint == (
        "run the command in `..`, or create an empty `spec2bdd.toml` there, to make it the root"
    )


@pytest.mark.parametrize(
    "command", ["verify", "run", "generate", "lint", "status", "explain", "trace", "accept", "tick"]
)
@pytest.mark.parametrize("name", [SPEC_PATH, f"{SPEC_PATH}#1", f"{SPEC_PATH}:12"])
def test_a_spec_of_another_project_is_refused_where_this_one_has_such_a_path(
    shop: Path, command: str, name: str
) -> None:
    other = write_basket(shop.parent / "other")
    before = read_all(shop), read_all(other)
    if command == "lint":
        name = SPEC_PATH
    result = invoke(command, f"../other/{name}")
    assert result.stderr.startswith(
        f"error: `../other/{name.partition('#')[0].partition(':')[0]}` is outside the project"
    )
    assert "`--config` selects another project" in result.stderr
    assert (result.exit_code, read_all(shop), read_all(other)) == (2, *before)


def test_a_feature_file_of_another_project_is_refused(shop: Path) -> None:
    generate(shop)
    generate(write_basket(shop.parent / "other"))
    result = invoke("run", f"../other/{FEATURE_PATH}")
    assert result.stderr.startswith(f"error: `../other/{FEATURE_PATH}` is outside the project")
    assert result.exit_code == 2


def test_a_file_of_the_project_that_is_no_spec_is_not_taken_for_one(shop: Path) -> None:
    write_files(shop, {f"old/{SPEC_PATH}": SPEC})
    result = invoke("status", f"old/{SPEC_PATH}")
    assert result.stderr.startswith(f"error: `old/{SPEC_PATH}` is not among the specs of the project")
    assert result.exit_code == 2


def test_a_path_from_a_subfolder_or_from_above_names_the_spec(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(shop, {"spec2bdd.toml": ""})
    absolute = invoke("status", str(shop / SPEC_PATH))
    monkeypatch.chdir(shop / "specs")
    below = invoke("status", f"../{SPEC_PATH}")
    monkeypatch.chdir(shop.parent)
    above = invoke("status", f"{shop.name}/{SPEC_PATH}", "--config", f"{shop.name}/spec2bdd.toml")
    assert [result.exit_code for result in (absolute, below, above)] == [0, 0, 0]
    assert absolute.stdout == below.stdout == above.stdout
