"""The JSON Schemas: of every answer as JSON, of the configuration and front matter, and where they are named."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft7Validator, Draft202012Validator
from small_project import SPEC, SPEC_PATH, STEPS, STEPS_PATH, write_basket, write_files

from spec2bdd.cli.main import main
from spec2bdd.cli.schemas import list_schemas, render_schema
from spec2bdd.config import KEYS, read_config
from spec2bdd.config.json_schemas import build_config_schema, build_front_matter_schema
from spec2bdd.domain.templates import render_template
from spec2bdd.errors import ConfigError
from spec2bdd.reporters.json.schemas import DOCUMENTS
from spec2bdd.reporters.registry import REPORTERS

ROOT = Path(__file__).resolve().parents[1]
NAMES = [info.name for info in list_schemas()]
GOLDEN = sorted((ROOT / "tests/reporters/golden").glob("*.json"))


def close(schema: Any) -> Any:
    """Allow no key that a schema does not name: a new key of a document has to be added to its schema."""
    if isinstance(schema, dict):
        closed = {key: close(value) for key, value in schema.items()}
        return {"additionalProperties": False, **closed} if "required" in schema else closed
    return [close(item) for item in schema] if isinstance(schema, list) else schema


def find_errors(name: str, document: str) -> list[str]:
    """Return what the schema of that name says against a document, also against keys that it does not name."""
    validator = Draft202012Validator(close(DOCUMENTS[name].build()))
    return [error.message for error in validator.iter_errors(json.loads(document))]


def invoke(*arguments: str, stdin: str = "") -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, arguments, prog_name="spec2bdd", input=stdin)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a project whose spec has been run twice."""
    root = tmp_path_factory.mktemp("basket")
    write_basket(root, spec=SPEC.replace("be shared", "be shared (manual)"))
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(root)
        invoke("verify")
        write_files(root, {STEPS_PATH: STEPS.replace('== ["apple"]', '== ["pear"]')})
        invoke("run")
    return root


@pytest.fixture
def basket(ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the project, and go there."""
    root = shutil.copytree(ran, tmp_path / "basket")
    monkeypatch.chdir(root)
    return root


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_of_an_answer_is_valid_itself(name: str) -> None:
    Draft202012Validator.check_schema(DOCUMENTS[name].build())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_approved_report_is_as_the_schema_says(path: Path) -> None:
    assert find_errors("report", path.read_text(encoding="utf-8")) == []


ANSWERS = {
    "verify": ("report", ["verify"]),
    "verify, as a check": ("report", ["verify", "--check"]),
    "verify, in a shard": ("report", ["verify", "--shard", "1/2"]),
    "generate": ("report", ["generate", "--prune"]),
    "run": ("report", ["run"]),
    "mark": ("report", ["mark", "--check"]),
    "accept": ("report", ["accept"]),
    "eject": ("report", ["eject", "3.10#1", "--check"]),
    "waive": ("report", ["waive", "3.10#1", "--reason", "later"]),
    "tick": ("report", ["tick", "3.10#4"]),
    "init": ("report", ["init", "--dry-run"]),
    "new": ("report", ["new", "4", "Till"]),
    "lint": ("lint", ["lint"]),
    "lint, with fixes": ("lint", ["lint", "--fix"]),
    "lint, reading": ("reading", ["lint", "--explain-reading", SPEC_PATH]),
    "status": ("status", ["status"]),
    "status, one spec": ("explanation", ["status", "3.10"]),
    "explain": ("explanation", ["explain", "3.10"]),
    "explain, one criterion": ("explanation", ["explain", "3.10#1"]),
    "history": ("history", ["history", "3.10"]),
    "challenge": ("challenge", ["challenge"]),
    "trace": ("trace", ["trace"]),
    "trace, one spec": ("trace", ["trace", "3.10"]),
    "report": ("documentation", ["report"]),
    "capabilities": ("capabilities", ["capabilities"]),
}


@pytest.mark.parametrize(("name", "arguments"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_is_as_its_schema_says(basket: Path, name: str, arguments: list[str]) -> None:
    result = invoke(*arguments, "--format", "json")
    assert find_errors(name, result.stdout) == []
    assert arguments[0] in DOCUMENTS[name].commands


def test_every_command_that_answers_in_json_has_a_schema() -> None:
    capabilities = json.loads(invoke("capabilities", "--format", "json").stdout)
    answering = {command["name"] for command in capabilities["commands"] if "json" in command["formats"]}
    assert {name for document in DOCUMENTS.values() for name in document.commands} == answering


def find_parts(schema: Any) -> Iterator[Any]:
    """Yield a schema and all parts of it."""
    yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from find_parts(part)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_with_a_missing_key_or_another_version_is_not_as_its_schema_says(name: str) -> None:
    schema = DOCUMENTS[name].build()
    assert "version" in schema["required"]
    assert Draft202012Validator(schema).is_valid({"version": 0}) is False
    objects = [part for part in find_parts(schema) if isinstance(part, dict) and "properties" in part]
    assert [part for part in objects if part["required"] != list(part["properties"])] == []


# --- schema and capabilities ------------------------------------------------------------------------------------------


def test_the_schemas_are_listed_and_each_is_printed() -> None:
    listed = [line.split()[0] for line in invoke("schema").stdout.splitlines()]
    assert listed == NAMES
    for name in NAMES:
        assert invoke("schema", name).stdout == render_schema(name)


def test_a_wrong_name_is_an_error_with_the_nearest_one() -> None:
    result = invoke("schema", "reprot")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: no schema is named `reprot` [not-found]\n    hint: did you mean `report`?\n"


def test_the_page_lists_every_schema_and_every_key_of_the_capabilities() -> None:
    page = (ROOT / "docs/assistants.md").read_text(encoding="utf-8")
    keys = list(json.loads(invoke("capabilities", "--format", "json").stdout))[2:]
    assert re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE) == [*keys, *NAMES]


def test_the_capabilities_are_those_of_the_program() -> None:
    capabilities = json.loads(invoke("capabilities", "--format", "json").stdout)
    assert [command["name"] for command in capabilities["commands"]] == main.list_commands(None)  # type: ignore[arg-type]
    assert {code["code"] for code in capabilities["exit_codes"]} == {0, 1, 2, 130}
    assert {name for command in capabilities["commands"] for name in command["formats"]} == set(REPORTERS)
    options = {
        name for command in capabilities["commands"] for option in command["options"] for name in option["names"]
    }
    assert "--only" not in options
    assert {"--format", "--from-issue", "--check"} <= options


@pytest.mark.parametrize("name", ["SKILL.md", "AGENTS.md"])
def test_the_instructions_for_assistants_name_commands_that_exist_and_never_ask_for_a_tick(name: str) -> None:
    text = (ROOT / "spec2bdd/skill/SKILL.md").read_text(encoding="utf-8")
    if name == "AGENTS.md":
        text = render_template("agents.md.jinja", specs="`specs`", features="features", steps="steps")
    commands = set(re.findall(r"`spec2bdd (\w+)", text))
    assert commands <= {*main.list_commands(None)}  # type: ignore[arg-type]
    assert {"generate", "verify", "explain", "schema", "capabilities"} <= commands
    assert re.search(r"[Nn]ever tick a box", text)


def test_the_skill_has_the_front_matter_that_assistants_read() -> None:
    head = (ROOT / "spec2bdd/skill/SKILL.md").read_text(encoding="utf-8").split("---\n")[1]
    fields = yaml.safe_load(head)
    assert (fields.keys(), fields["name"]) == ({"name", "description"}, "spec2bdd")
    assert len(fields["description"]) <= 1024


# --- configuration ----------------------------------------------------------------------------------------------------

CONFIG = build_config_schema()

# Values of each key: the schema and the program agree about all of them.
VALUES: Mapping[str, list[Any]] = {
    "specs": ["specs", ["a", "b"], [], "", 1, [1]],
    "features": ["features", "", 1, ["a"]],
    "steps": ["steps", "", False],
    "gate": [["must"], ["must", "should"], "must", [], ["wont"], "wont", 3],
    "dialect": [{"a/*.md": "kiro"}, {"a": "nope"}, "kiro"],
    "marks": ["auto", "comments", "x", 1],
    "boxless": [True, False, 1, "yes"],
    "requirements": [True, 0],
    "exclude": ["drafts", ["a"], [], [1]],
    "template": ["docs/a.md", "", 1],
    "prd": ["docs/prd.md", ["a.md", "b/*.md"], [], "", 1],
    "plan": ["docs/plan.md", [], 1],
    "plan-boxes": [True, "x"],
    "matcher": ["parse", "re", "nope"],
    "language": ["de", 1],
    "line-length": [40, 88, 320, 39, 321, "88", True],
    "flaky": ["fail", "pass", "x"],
    "vacuous": ["pending", "pass", "x"],
    "unlinked": ["fail", "report", "x"],
    "unverified": ["keep", "untick", "x"],
    "require-red": [True, False, "off", "history", "base", "x", 1],
    "base": ["main", "origin/main", "v1.0", "", "-x", "a b", 1],
    "record-lines": [True, "x"],
    "challenge": ["off", "warn", "require", True],
    "step-helpers": ["support", ["support", "shop/*_checks.py"], [], [""], 1],
    "headings": [{"must": ["Critical"]}, {"nope": []}, {"must": "Critical"}, []],
    "lint": [{"vague-word": "off"}, {"vague-word": "x"}, {"nope": "off"}, {"spec": "off"}, "off"],
    "statuses": [{"complete": "Done"}, {"nope": "Done"}, {"complete": 1}, "Done"],
    "without-done": ["review", "complete", "x"],
    "upstream": ["show", "hold", "x"],
    "done": [{"Tests": {"criteria": "must"}}, {"Tests": {"nope": 1}}, {"Tests": 1}, "x"],
    "sources": ["src", ["a", "b"], [], 1],
    "jobs": [1, "auto", 0, "x", True, 1.5],
    "timeout": [0, 1.5, -1, "x"],
    "retries": [0, 100, 101, -1, 1.5],
}


def is_accepted(root: Path, key: str, value: Any) -> bool:
    """Whether the program reads a configuration with that value."""
    # JSON is TOML but for the tables.
    text = json.dumps(value)
    if isinstance(value, dict):
        text = "{" + ", ".join(f"{json.dumps(name)} = {inner}" for name, inner in render_entries(value)) + "}"
    write_files(root, {"spec2bdd.toml": f"{key} = {text}\n"})
    try:
        read_config(root)
    except ConfigError:
        return False
    return True


def render_entries(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the entries of a table, with their values as TOML."""
    for name, value in table.items():
        inner = value.items() if isinstance(value, dict) else ()
        entries = ", ".join(f"{key} = {json.dumps(text)}" for key, text in inner)
        yield name, f"{{{entries}}}" if isinstance(value, dict) else json.dumps(value)


def test_the_schema_of_the_configuration_has_every_key_with_its_meaning() -> None:
    Draft7Validator.check_schema(CONFIG)
    assert list(CONFIG["properties"]) == list(KEYS) == list(VALUES)
    assert [key for key, part in CONFIG["properties"].items() if len(part) < 2 or not part["description"]] == []
    assert Draft7Validator(CONFIG).is_valid({"nope": 1}) is False


@pytest.mark.parametrize("key", VALUES)
def test_the_schema_and_the_program_accept_the_same_values(tmp_path: Path, key: str) -> None:
    validator = Draft7Validator(CONFIG)
    found = [(value, validator.is_valid({key: value})) for value in VALUES[key]]
    assert found == [(value, is_accepted(tmp_path, key, value)) for value in VALUES[key]]
    assert {valid for _, valid in found} == {True, False}


def test_our_own_configuration_is_as_the_schema_says() -> None:
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["spec2bdd"]
    assert list(Draft7Validator(CONFIG).iter_errors(own)) == []


# --- front matter -----------------------------------------------------------------------------------------------------


def test_the_front_matter_of_a_new_spec_is_as_the_schema_says(basket: Path) -> None:
    schema = build_front_matter_schema()
    Draft7Validator.check_schema(schema)
    invoke("new", "4.10", "Till")
    # As editors read it: YAML 1.2 has no timestamps.
    head = (basket / "specs/4.10-till.md").read_text(encoding="utf-8").split("---\n")[1]
    fields = yaml.load(head, yaml.BaseLoader)
    placeholders = {"prd_section", "implementation_plan_section"}
    assert [
        error.path[0] for error in Draft7Validator(schema).iter_errors(fields) if error.path[0] not in placeholders
    ] == []
    assert set(fields) == set(schema["properties"])
    assert Draft7Validator(schema).is_valid({"name": "A"}) is False


# --- lint of what an editor has open ----------------------------------------------------------------------------------

DRAFT = "---\nfeature_id: 9\nname: A\nstatus: Draft\n---\n## Must Have\n* It works\n"


def test_an_editor_gets_the_diagnostics_of_its_text(basket: Path) -> None:
    before = (basket / SPEC_PATH).read_bytes()
    result = invoke("lint", "--stdin-filename", SPEC_PATH, "--format", "json", stdin=DRAFT)
    found = [(entry["path"], entry["line"], entry["code"]) for entry in json.loads(result.stdout)["diagnostics"]]
    assert (SPEC_PATH, 7, "criteria-without-boxes") in found
    assert {path for path, _, _ in found} == {SPEC_PATH}
    assert ((basket / SPEC_PATH).read_bytes(), result.exit_code) == (before, 1)


def test_a_file_that_is_not_saved_yet_is_compared_with_the_others(basket: Path) -> None:
    text = DRAFT.replace("feature_id: 9", "feature_id: 3.10")
    result = invoke("lint", "--stdin-filename", "specs/z.md", stdin=text)
    assert f"specs/z.md:2:1: error: the id `3.10` is also used by `{SPEC_PATH}` [duplicate-id]" in result.stdout
    assert not (basket / "specs/z.md").exists()


def test_text_on_stdin_is_read_as_the_file_would_be(basket: Path) -> None:
    expected = invoke("lint", SPEC_PATH).stdout
    result = invoke("lint", "--stdin-filename", SPEC_PATH, stdin=(basket / SPEC_PATH).read_text())
    assert result.stdout == expected


def test_the_fixes_of_text_on_stdin_are_a_patch(basket: Path) -> None:
    result = invoke("lint", "--stdin-filename", "specs/z.md", "--diff", stdin=DRAFT)
    assert "+* [ ] It works\n" in result.stdout
    assert not (basket / "specs/z.md").exists()


REFUSED = {
    "--fix": (["lint", "--fix", "--stdin-filename", "specs/a.md"], "`--fix` cannot be used with `--stdin-filename`"),
    "a path": (["lint", "specs", "--stdin-filename", "specs/a.md"], "`specs` cannot be used with `--stdin-filename`"),
    "outside": (["lint", "--stdin-filename", "../a.md"], "`../a.md` is outside the project"),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_with_stdin_is_an_error(basket: Path, arguments: list[str], message: str) -> None:
    result = invoke(*arguments, stdin=DRAFT)
    assert (result.exit_code, result.stderr.splitlines()[0]) == (2, f"error: {message} [usage]")
