"""Many record files, one set of marks: shards, reruns, folders, patterns, files twice, and a damaged one among them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from small_project import NOW, SPEC_PATH, generate, list_verdicts, read_all, run, write_basket, write_files

from spec2bdd.commands.mark import mark as mark_command
from spec2bdd.commands.run import run as run_command
from spec2bdd.config import read_config
from spec2bdd.errors import RecordError
from spec2bdd.model import JudgeOptions, Report, RunOptions
from spec2bdd.project.runs import find_last_run_files

DAY = timedelta(days=1)
SHARDS = ("one", "two", "three")


def run_into(root: Path, name: str, plan: RunOptions) -> Path:
    """Run what the plan says, and put the records of it away under a name."""
    run_command(read_config(root), run_options=plan)
    (kept,) = (root / ".spec2bdd").glob("*.ndjson")
    kept.rename(root / name)
    return root / name


def mark(root: Path, *records: str, partial: bool = False) -> Report:
    """Mark by record files, named as from the root."""
    paths = [str(root / name) for name in records]
    return mark_command(read_config(root), now=NOW, records=paths, judge_options=JudgeOptions(partial=partial))


@pytest.fixture(scope="module")
def sharded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes], dict[str, str]]:
    """Return a project with the records of three shards, how a whole run marks its files, and its verdicts."""
    root = write_basket(tmp_path_factory.mktemp("sharded"))
    generate(root)
    for number, name in enumerate(SHARDS, 1):
        (root / name).mkdir()
        run_into(root, f"{name}/records.ndjson", RunOptions(shard=(number, 3)))
    run_into(root, "whole.ndjson", RunOptions())
    before = read_all(root)
    verdicts = list_verdicts(mark(root, "whole.ndjson"))
    after = read_all(root)
    write_files(root, before)
    return root, after, verdicts


@pytest.fixture
def project(sharded: tuple[Path, dict[str, bytes], dict[str, str]], tmp_path: Path) -> Path:
    """Return a copy of the project before it was marked."""
    for path in sharded[0].rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            write_files(tmp_path, {path.relative_to(sharded[0]).as_posix(): path.read_bytes()})
    return tmp_path


@pytest.mark.parametrize("order", list(permutations(SHARDS)), ids=" ".join)
def test_shards_mark_byte_by_byte_what_a_whole_run_marks(
    sharded: tuple[Path, dict[str, bytes], dict[str, str]], project: Path, order: Sequence[str]
) -> None:
    report = mark(project, *(f"{name}/records.ndjson" for name in order))
    assert read_all(project) == sharded[1]
    assert list_verdicts(report) == sharded[2]
    assert report.exit_code == 1


@pytest.mark.parametrize(("jobs", "way"), [(1, "fork"), (2, "fork"), (2, "spawn")])
def test_any_number_of_workers_marks_byte_by_byte_the_same(
    sharded: tuple[Path, dict[str, bytes], dict[str, str]],
    project: Path,
    jobs: int,
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SPEC2BDD_START", way)
    run_into(project, "workers.ndjson", RunOptions(jobs=jobs))
    mark(project, "workers.ndjson")
    assert read_all(project) == sharded[1]


# Ways to name the three of them.
NAMES: dict[str, Sequence[str]] = {
    "their folders": SHARDS,
    "a pattern": ("*/records.ndjson",),
    "a pattern of folders": ("[ot]*",),
    "some of them twice": (*SHARDS, "one/records.ndjson", "t*/*.ndjson"),
    "beside the whole run": ("whole.ndjson", *SHARDS),
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES.keys())
def test_records_can_be_named_in_many_ways(
    sharded: tuple[Path, dict[str, bytes], dict[str, str]], project: Path, names: Sequence[str]
) -> None:
    mark(project, *names)
    assert read_all(project) == sharded[1]


def test_a_copy_of_a_file_changes_nothing(
    sharded: tuple[Path, dict[str, bytes], dict[str, str]], project: Path
) -> None:
    write_files(project, {"copy.ndjson": (project / "one/records.ndjson").read_bytes()})
    mark(project, "copy.ndjson", *SHARDS)
    assert read_all(project) == sharded[1]


def test_a_missing_shard_is_named_and_nothing_is_marked(project: Path) -> None:
    before = read_all(project)
    with pytest.raises(RecordError) as caught:
        mark(project, "one", "three")
    assert (caught.value.message, caught.value.hint) == (
        "shard 2/3 is missing",
        "run it with `spec2bdd run --shard 2/3`, name the records of all shards, or mark what was run with `--partial`",
    )
    with pytest.raises(RecordError, match="shards 1/3, 2/3 are missing"):
        mark(project, "three")
    assert read_all(project) == before


def test_a_damaged_shard_is_reported_with_the_shard_that_is_missing(project: Path) -> None:
    write_files(project, {"two/records.ndjson": b"damaged\n"})
    with pytest.raises(RecordError, match="shard 2/3 is missing") as caught:
        mark(project, *SHARDS)
    assert [Path(error.path).parent.name for error in caught.value.others] == ["two"]


def test_shards_that_were_divided_in_different_ways_are_an_error(project: Path) -> None:
    lines = (project / "two/records.ndjson").read_text().splitlines()
    header = json.loads(lines[0])
    header["partition"]["digest"] = 64 * "0"
    write_files(project, {"other/records.ndjson": "\n".join([json.dumps(header), *lines[1:], ""])})
    with pytest.raises(RecordError, match="the 3 shards were divided in different ways"):
        mark(project, "one", "other", "three")
    # Next to all shards of one way, one of another way only adds results.
    assert mark(project, *SHARDS, "other").exit_code == 1


def test_one_shard_marks_what_it_proved_and_nothing_else_if_that_is_asked_for(project: Path) -> None:
    report = mark(project, "one/records.ndjson", partial=True)
    assert list(list_verdicts(report).values()) == ["passed", "skipped", "skipped", "skipped"]
    text = (project / SPEC_PATH).read_text()
    assert (text.count("- [x]"), text.count("- [ ]") - 1) == (1, 3)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Nothing of the kind\n", "not a spec2bdd record file"),
        (b'{\n  "command": "run"\n}\n', "not a spec2bdd record file"),
        (b"\xff\xfe", "cannot read the records: not UTF-8"),
        (b"", "the run was interrupted before its first result"),
        (b"[]", "no features in the report"),
        (b"<testsuite/>", "no tests in the report"),
        (None, "file not found"),
    ],
)
def test_a_file_that_is_none_is_told_and_hides_no_other(
    sharded: tuple[Path, dict[str, bytes], dict[str, str]], project: Path, content: bytes | None, message: str
) -> None:
    if content is not None:
        write_files(project, {"bad.ndjson": content})
    report = mark(project, *SHARDS, "bad.ndjson")
    (diagnostic,) = report.diagnostics
    assert str(project / "bad.ndjson") == diagnostic.path
    assert diagnostic.message.startswith(message)
    assert read_all(project) == sharded[1]
    assert report.exit_code == 2


@pytest.mark.parametrize(
    ("name", "word"), [("specs", "no record files in this folder"), ("no*thing", "no file matches")]
)
def test_a_name_that_stands_for_no_file_is_told(project: Path, name: str, word: str) -> None:
    report = mark(project, "one", name, partial=True)
    assert [word in diagnostic.message for diagnostic in report.diagnostics] == [True]
    assert report.exit_code == 2


def test_the_time_of_a_file_says_nothing(project: Path) -> None:
    lines = (project / "whole.ndjson").read_text().splitlines()
    header = json.loads(lines[0])
    failing = [line.replace('"status": "passed"', '"status": "failed"') for line in lines[1:]]
    for name, year, rest in (("old", "2020", failing), ("new", "2025", lines[1:])):
        first = json.dumps({**header, "id": name, "started": f"{year}-01-01T00:00:00+00:00", "git": None})
        write_files(project, {f"{name}.ndjson": "\n".join([first, *rest, ""])})
    os.utime(project / "new.ndjson", (0, 0))
    assert next(iter(list_verdicts(mark(project, "new.ndjson", "old.ndjson")).values())) == "passed"


def test_a_run_of_the_future_is_refused_and_hides_no_other(project: Path) -> None:
    lines = (project / "whole.ndjson").read_text().splitlines()
    header = json.loads(lines[0])
    failing = [line.replace('"status": "passed"', '"status": "failed"') for line in lines[1:]]
    now = datetime.now(UTC)
    runs = {"real": (now, failing), "fast": (now + timedelta(minutes=50), failing), "wrong": (now + DAY, lines[1:])}
    for name, (started, rest) in runs.items():
        first = json.dumps({**header, "id": name, "started": started.isoformat(), "git": None})
        write_files(project, {f"{name}.ndjson": "\n".join([first, *rest, ""])})
    report = mark(project, "wrong.ndjson", "real.ndjson", "fast.ndjson")
    assert next(iter(list_verdicts(report).values())) == "failed"
    (diagnostic,) = report.diagnostics
    assert (Path(diagnostic.path).name, report.exit_code) == ("wrong.ndjson", 2)
    assert diagnostic.message.startswith("the run claims to have started in the future, at ")


def test_a_cut_shard_counts_as_far_as_it_got_and_is_told(project: Path) -> None:
    content = (project / "one/records.ndjson").read_bytes()
    write_files(project, {"cut.ndjson": content[: content.rindex(b'{"event": "end"')]})
    report = mark(project, "cut.ndjson", "two", partial=True)
    assert next(iter(list_verdicts(report).values())) == "passed"
    assert (report.exit_code, [diagnostic.code for diagnostic in report.diagnostics]) == (2, ["run-unfinished"])
    assert report.diagnostics[0].path == "cut.ndjson"


def test_a_run_that_died_is_no_error_beside_those_that_say_all_it_should_have_said(project: Path) -> None:
    content = (project / "whole.ndjson").read_bytes()
    write_files(project, {"cut.ndjson": content[: content.index(b'{"event": "scenario_start", "scenario": 2')]})
    assert mark(project, "cut.ndjson", *SHARDS).exit_code == 1


def test_results_of_a_changed_step_file_are_stale_in_all_of_them(project: Path) -> None:
    write_files(project, {"steps/more_steps.py": "# a remark\n"})
    report = mark(project, *SHARDS)
    assert set(list_verdicts(report).values()) == {"stale"}


def test_flaky_results_are_counted_and_told(project: Path) -> None:
    lines = (project / "whole.ndjson").read_text().splitlines()
    header = {**json.loads(lines[0]), "git": {"commit": "c" * 40, "dirty": False}}
    for name, word in (("bad", "failed"), ("good", "passed")):
        rest = [line.replace('"status": "passed"', f'"status": "{word}"') for line in lines[1:]]
        write_files(project, {f"{name}.ndjson": "\n".join([json.dumps({**header, "id": name}), *rest, ""])})
    report = mark(project, "bad.ndjson", "good.ndjson")
    first = report.specs[0].verdicts[0]
    assert (first.verdict, first.flaky) == ("failed", True)
    write_files(project, {"spec2bdd.toml": 'flaky = "pass"\n'})
    assert mark(project, "bad.ndjson", "good.ndjson").specs[0].verdicts[0].verdict == "passed"


def test_without_a_name_the_last_run_is_marked(project: Path) -> None:
    run(project)
    report = mark_command(read_config(project), now=NOW)
    assert next(iter(list_verdicts(report).values())) == "passed"


def test_steps_that_cannot_fail_count_where_a_project_wants_it(tmp_path: Path) -> None:
    step = 'from behave import then\n\n\n@then("an item can be added")\ndef f(context):\n    pass\n'
    root = write_basket(tmp_path, steps=step)
    generate(root)
    verdicts = []
    for value in ("pending", "pass"):
        (root / "spec2bdd.toml").write_text(f'vacuous = "{value}"\n')
        verdicts.append(list_verdicts(run(root))["An item can be added"])
    assert verdicts == ["pending", "passed"]


def test_records_from_before_the_clock_was_set_back_speak_no_more(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    config = read_config(tmp_path)
    run(tmp_path)
    later = config.records.read_text(encoding="utf-8").replace('"started": "2', '"started": "9')
    config.records.write_text(later, encoding="utf-8")
    run_command(config, run_options=RunOptions(shard=(1, 1)))
    assert [path == config.records for path in find_last_run_files(config)] == [False]


def test_records_of_a_run_before_stay_beside_those_of_a_part(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    config = read_config(tmp_path)
    run(tmp_path)
    for _ in range(2):
        run_command(config, run_options=RunOptions(shard=(1, 1)))
    assert [path == config.records for path in find_last_run_files(config)] == [True, False, False]
