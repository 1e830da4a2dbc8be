"""The whole project at a glance, and one spec: by the last records, from a cache that cannot be wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import program
import pytest
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    copy_project,
    generate,
    read_all,
    run,
    verify,
    write_basket,
    write_files,
)

import spec2bdd
from spec2bdd.commands.options import WriteMode
from spec2bdd.commands.status import status, status_of_spec
from spec2bdd.config import read_config
from spec2bdd.model import Selection, Tier, Verdict
from spec2bdd.model.explanation import OverviewFilter, ProjectOverview, SpecOverview
from spec2bdd.reporters.next_step.of_overview import find_next_of_project, find_next_of_spec
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions
from spec2bdd.reporters.terminal.theme import GLYPHS

LAMP = """\
---
feature_id: 1.1
name: Lamp
owner: Ana
status: In Progress
---

# Lamp

## Acceptance Criteria

<!-- tags: light -->
### Must Have
- [ ] An item can be added

### Could Have
- [ ] It is pretty (manual)
- [ ] It is blue (waived: no paint)
- [~] It is half done
"""
LAMP_PATH = "specs/1.1-lamp.md"
KEPT = ".spec2bdd/status.json"
HELD = "the owners in use are `Ana`, `No`"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of two specs that was run."""
    root = write_files(write_basket(tmp_path_factory.mktemp("basket")), {LAMP_PATH: LAMP})
    generate(root)
    run(root)
    return root


@pytest.fixture
def project(ran: Path, tmp_path: Path) -> Path:
    """Return a copy of that project."""
    return copy_project(ran, tmp_path)


def ask(root: Path, wanted: OverviewFilter = OverviewFilter()) -> ProjectOverview:  # noqa: B008
    """Return the overview of a project."""
    return status(read_config(root), wanted=wanted)


def call(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `spec2bdd status` in a folder."""
    return program.call(root, "status", *arguments, **{"COLUMNS": "100", "NO_COLOR": "1", **variables})


def run_one(root: Path) -> Path:
    """Run another spec alone, with no other record left."""
    (root / ".spec2bdd" / "records.ndjson").unlink()
    run(root, selection=Selection(("1.1",)))
    return root


def git(root: Path, *arguments: str) -> None:
    """Run git in a folder."""
    names = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *names, *arguments], cwd=root, check=True, capture_output=True)


def test_each_spec_has_its_counts_and_what_to_do_next(project: Path) -> None:
    overview = ask(project)
    lamp, basket = overview.specs
    counted = [{str(verdict): basket.count(verdict) for verdict in Verdict if basket.count(verdict)}]
    assert counted == [{"passed": 1, "failed": 1, "pending": 2}]
    assert (basket.name, basket.status, basket.owner, basket.done) == ("Shop basket", "Draft", "No", (0, 1))
    assert find_next_of_spec(basket, overview).startswith("make the step in features/3_10_shop_basket.feature:")
    assert find_next_of_spec(lamp, overview) == "run `spec2bdd mark`"


def test_the_next_step_of_the_project_is_the_most_urgent_one(project: Path) -> None:
    overview = ask(project)
    assert find_next_of_project(overview) == find_next_of_spec(overview.specs[1], overview)


def test_without_a_record_nothing_has_run(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    overview = ask(tmp_path)
    assert (overview.run, overview.specs[0].count(Verdict.NOT_RUN), overview.exit_code) == (None, 4, 0)
    assert find_next_of_project(overview) == "run `spec2bdd verify`"


def test_a_changed_step_file_leaves_the_last_verdicts_and_names_itself(project: Path) -> None:
    write_files(project, {STEPS_PATH: (project / STEPS_PATH).read_text() + "# a remark\n"})
    basket = ask(project).specs[1]
    before = {str(verdict): basket.count_before(verdict) for verdict in Verdict if basket.count_before(verdict)}
    assert (basket.count(Verdict.STALE), before) == (4, {"passed": 1, "failed": 1, "pending": 2})
    assert basket.changed == {STEPS_PATH: 4}


def test_a_reworded_criterion_keeps_its_last_verdict_too(project: Path) -> None:
    write_files(project, {SPEC_PATH: SPEC.replace("An item can be added", "An item can always be added twice")})
    generate(project)
    run(project)
    judged = [entry.judgement for entry in status_of_spec(project, "3.10").entries if entry.judgement]
    stale = [(verdict.last, verdict.changed) for verdict in judged if verdict.verdict is Verdict.STALE]
    assert stale == [("pending", "")]


def test_no_file_of_the_project_is_written(project: Path) -> None:
    before = read_all(project)
    ask(project)
    status_of_spec(project, "3.10")
    assert read_all(project) == before


def test_a_project_without_a_cache_folder_gets_none(tmp_path: Path) -> None:
    write_basket(tmp_path)
    ask(tmp_path)
    assert not (tmp_path / ".spec2bdd").exists()


FILTERS = [
    (OverviewFilter(owners=("ana",)), ["1.1"]),
    (OverviewFilter(owners=("ana", "NO")), ["1.1", "3.10"]),
    (OverviewFilter(statuses=("draft",)), ["3.10"]),
    (OverviewFilter(statuses=("in progress",), owners=("No",)), []),
    (OverviewFilter(dialects=("template",)), ["1.1", "3.10"]),
    (OverviewFilter(dialects=("kiro",)), []),
    (OverviewFilter(tiers=(Tier.SHOULD,)), ["3.10"]),
    (OverviewFilter(tiers=(Tier.SHOULD, Tier.COULD)), ["1.1", "3.10"]),
    (OverviewFilter(tags=("@light",)), ["1.1"]),
    (OverviewFilter(tags=("dark",)), []),
]


@pytest.mark.parametrize(("wanted", "kept"), FILTERS, ids=[str(number) for number in range(len(FILTERS))])
def test_a_filter_keeps_the_specs_that_it_names(project: Path, wanted: OverviewFilter, kept: list[str]) -> None:
    overview = ask(project, wanted)
    assert [spec.feature_id for spec in overview.specs] == kept
    assert overview.left_out == 2 - len(kept)


def test_a_filter_by_tier_counts_no_other_criteria(project: Path) -> None:
    overview = ask(project, OverviewFilter(tiers=(Tier.MUST,)))
    assert sum(spec.count(*Verdict) for spec in overview.specs) == 3


def test_a_filter_that_no_spec_fits_names_the_values_that_there_are(project: Path) -> None:
    assert ask(project, OverviewFilter(owners=("Anna",))).notes == (f"no spec has the owner `Anna`; {HELD}",)
    (note,) = ask(project, OverviewFilter(statuses=("Review",))).notes
    assert note == "no spec has the status `Review`; the statuses in use are `Draft`, `In Progress`"
    (note,) = ask(project, OverviewFilter(dialects=("kirro",))).notes
    assert note == "no spec has the dialect `kirro`; the only dialect in use is `template`"


def test_a_spec_that_waits_for_several_items_names_the_command_that_lists_them(project: Path) -> None:
    # What blocks only the status after the next one is not counted.
    blocked = {each.status: len(each.holds) for each in spec2bdd.explain(read_config(project), "3.10").blocked}
    assert blocked == {"Review": 1, "Complete": 1}
    (line,) = (line for line in call(project, "3.10").stdout.splitlines() if line.startswith("blocking Review: "))
    assert line.endswith("must criterion failed (line 29)")
    (project / STEPS_PATH).unlink()
    (line,) = (line for line in call(project, "3.10").stdout.splitlines() if line.startswith("blocking Review: "))
    assert line.endswith("; 1 more: `spec2bdd explain 3.10`")


@pytest.mark.parametrize("status", ["status: Draft\n", ""])
def test_what_blocks_a_status_has_the_name_that_explain_gives_it(project: Path, status: str) -> None:
    path = project / SPEC_PATH
    path.write_text(path.read_text().replace("status: Draft\n", status))
    title, hold = ("blocking Review", "must criterion") if status else ("open", "must criterion")
    explained = program.call(project, "explain", "3.10").stdout
    assert f"\n{title}\n  · {hold}" in explained
    assert f"\n{title}: {hold}" in call(project, "3.10").stdout


WAITING = {
    ("Review", False): "blocking Review: no definition of done",
    ("Complete", True): "endangers Complete: no definition of done",
    ("", False): "open: no definition of done",
}


@pytest.mark.parametrize(("blocked", "expected"), WAITING.items())
def test_a_row_without_an_open_criterion_says_what_its_status_lacks_in_the_words_of_explain(
    blocked: tuple[str, bool], expected: str
) -> None:
    status, reached = blocked
    spec = SpecOverview("specs/1.md", blocker="no definition of done", blocked=status, reached=reached)
    answer = Answer("status", ProjectOverview((spec, spec)))
    shown = [REPORTERS[name].render(answer, RenderOptions()) for name in ("text", "markdown")]
    assert [expected in text for text in shown] == [True, True]


def test_between_shards_the_missing_one_is_the_next_step_also_from_the_cache(project: Path) -> None:
    working = STEPS.replace('assert "pear" in basket', 'assert "apple" in basket')
    write_files(project, {STEPS_PATH: working})
    (project / ".spec2bdd" / "records.ndjson").unlink()
    shards = [program.call(project, "run", "--shard", shard) for shard in ("1/3", "3/3")]
    assert [shard.returncode for shard in shards] == [0, 0]
    expected = "next: run the missing shard with `spec2bdd run --shard 2/3`"
    for names in ((), (), ("3.10",)):
        assert call(project, *names).stdout.splitlines()[-1] == expected
    assert (project / KEPT).exists()
    last = program.call(project, "run", "--shard", "2/3").stdout
    assert last.splitlines()[-1] == "next: judge all shards together with `spec2bdd mark`"
    assert [call(project).stdout.splitlines()[-1] for _ in range(2)] == ["next: run `spec2bdd mark`"] * 2


def test_placeholders_in_place_of_criteria_are_to_be_replaced(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/3.1-mail.md": "---\nfeature_id: 3.1\n---\n## Must Have\n- [ ] [What must work]\n"})
    (warning,) = (found for found in spec2bdd.lint(read_config(tmp_path)).diagnostics if found.code == "no-criteria")
    assert warning.hint.startswith("write criteria in place of the placeholders in its lists")


def test_a_project_without_criteria_has_a_next_step(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/3.1-mail.md": "---\nfeature_id: 3.1\n---\n## Must Have\n- [ ] [What must work]\n"})
    last = call(tmp_path).stdout.splitlines()[-1]
    assert last == "next: write the criteria in `specs/3.1-mail.md`, then `spec2bdd generate`"
    # Also where the answer is that of the time before.
    for names in ((), (), ("3.1",)):
        assert program.call(tmp_path, "generate", *names).stdout.splitlines()[-1] == last
    assert program.call(tmp_path, "verify").stdout.splitlines()[-1] == last


def test_a_failing_criterion_does_not_change_the_exit_status(project: Path) -> None:
    done = call(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert "failed" in done.stdout


@pytest.mark.parametrize(
    ("path", "content"), [("specs/2.1-bad.md", b"\xff\n"), (".spec2bdd/records.ndjson", b"no record\n")]
)
def test_what_cannot_be_read_makes_the_exit_status_2(project: Path, path: str, content: bytes) -> None:
    write_files(project, {path: content})
    done = call(project)
    assert done.returncode == 2
    assert "error" in done.stderr
    assert "Shop basket" in done.stdout


def test_an_answer_from_the_cache_is_the_same_and_loads_no_spec(project: Path) -> None:
    first = ask(project)
    code = "import sys; sys.argv = ['spec2bdd', 'status']\nfrom spec2bdd.cli.main import main\n"
    code += "try:\n    main()\nexcept SystemExit:\n    print('\\n' + ' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)
    loaded = {"spec2bdd.project.loader", "spec2bdd.domain.specs.parser", "jinja2", "marko", "behave"}
    assert set() == loaded & set(done.stdout.splitlines()[-1].split())
    assert ask(project) == first


def test_an_answer_from_the_cache_has_what_failed_outside_of_scenarios(project: Path) -> None:
    write_files(project, {"environment.py": "def after_all(context):\n    raise OSError('no socket')\n"})
    run(project)
    first, second = ask(project), ask(project)
    assert (first, find_next_of_project(first)) == (second, find_next_of_project(second))
    assert first.run
    assert first.run.failures


CHANGES = {
    "a spec": (SPEC_PATH, SPEC.replace("owner: No", "owner: Me")),
    "a new spec": ("specs/9.9-new.md", LAMP.replace("1.1", "9.9")),
    "a step file": (STEPS_PATH, STEPS + "# a remark\n"),
    "a new step file": ("steps/more.py", "x = 1\n"),
    "an environment": ("environment.py", "x = 1\n"),
    "a hand-written feature": ("features/own.feature", "Feature: a\n  Scenario: b\n    Given c\n"),
    "a feature in a folder that git ignores mostly": (
        "features/venv/own.feature",
        "Feature: a\n  Scenario: b\n    Given c\n",
    ),
    "a helper in a folder that git ignores mostly": ("steps/node_modules/more.py", "x = 1\n"),
    "the configuration": ("spec2bdd.toml", 'gate = ["must", "should"]\n'),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_counts_whatever_the_clock_says(project: Path, name: str) -> None:
    ask(project)
    kept = (project / KEPT).read_bytes()
    path, content = CHANGES[name]
    stamp = (project / path).stat() if (project / path).exists() else None
    write_files(project, {path: content})
    # The clock was set back, or a tool keeps the times of files.
    os.utime(project / path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns) if stamp else (0, 0))
    answer = ask(project)
    assert (project / KEPT).read_bytes() != kept
    (project / KEPT).unlink()
    assert ask(project) == answer


def test_a_switch_of_branches_and_back_gives_the_answer_of_each(project: Path) -> None:
    git(project, "init", "-q", "-b", "main")
    write_files(project, {".gitignore": ".spec2bdd/\n__pycache__/\n", "product.py": "x = 1\n"})
    git(project, "add", "-A")
    git(project, "commit", "-qm", "one")
    run(project)
    first = ask(project)
    git(project, "switch", "-qc", "other")
    write_files(project, {"product.py": "x = 2\n"})
    git(project, "commit", "-qam", "two")
    other = ask(project)
    git(project, "switch", "-q", "main")
    assert (first.specs[1].changed, other.specs[1].changed) == ({}, {"product.py": 4})
    assert ask(project) == first


REMEMBERED = [
    ("require-red = true\n", "history.db"),
    ('challenge = "require"\n', "challenges.json"),
]


@pytest.mark.parametrize(("setting", "name"), REMEMBERED, ids=[name for _, name in REMEMBERED])
def test_what_the_project_remembers_counts_where_verdicts_depend_on_it(project: Path, setting: str, name: str) -> None:
    write_files(project, {"spec2bdd.toml": setting})
    ask(project)
    kept = (project / KEPT).read_bytes()
    ask(project)
    assert (project / KEPT).read_bytes() == kept
    (project / ".spec2bdd" / name).unlink(missing_ok=True)
    write_files(project, {f".spec2bdd/{name}": b"{}"})
    ask(project)
    assert (project / KEPT).read_bytes() != kept


def test_a_criterion_that_was_left_out_shows_its_history(project: Path) -> None:
    lines = call(run_one(project), "3.10").stdout
    assert "skipped: not part of this run" in lines
    assert "first passed" in lines


@pytest.mark.parametrize("content", [b"", b"\n{}", b"0\n[]", b'0\n{"specs": 1}'])
def test_a_damaged_cache_counts_as_missing(project: Path, content: bytes) -> None:
    first = ask(project)
    write_files(project, {KEPT: content})
    assert ask(project) == first


def test_evidence_from_files_keeps_an_answer_out_of_the_cache(project: Path) -> None:
    done = '[done]\n"All functional requirements implemented" = { junit = "junit.xml" }\n'
    write_files(project, {"spec2bdd.toml": done})
    ask(project)
    assert not (project / KEPT).exists()


def test_one_spec_shows_its_criteria_with_what_has_changed_since(project: Path) -> None:
    write_files(project, {STEPS_PATH: (project / STEPS_PATH).read_text() + "# a remark\n"})
    lines = call(project, "3.10").stdout.splitlines()
    assert lines[0].split() == ["3.10", "Shop", "basket", "Draft"]
    assert "must  ▒▒▒░░░ 0/2" in lines
    assert f"           passed, but `{STEPS_PATH}` has changed since then".strip() in map(str.strip, lines)
    assert lines[-1] == "next: run `spec2bdd verify` again: the results are stale"


def test_a_file_that_was_deleted_since_the_run_is_called_deleted_also_by_the_cache(project: Path) -> None:
    (project / STEPS_PATH).unlink()
    assert ask(project) == ask(project)
    line = f"stale: `{STEPS_PATH}` has been deleted since the last run of 5 criteria"
    assert line in call(project).stdout.splitlines()
    assert f"passed, but `{STEPS_PATH}` has been deleted since then" in call(project, "3.10").stdout


def test_every_criterion_of_a_deleted_feature_file_is_shown_in_the_same_words(project: Path) -> None:
    shutil.rmtree(project / "features")
    write_files(project, {"spec2bdd.toml": 'features = "scenarios"\n'})
    generate(project)
    shown = [line.strip() for line in call(project, "3.10").stdout.splitlines()]
    ends = {line.partition(", but ")[2] for line in shown if "deleted" in line}
    assert ends == {f"`{FEATURE_PATH}` has been deleted since then"}
    assert [line for line in shown if line.startswith("stale:")] == []


def test_stale_criteria_are_counted_by_why_they_are_stale_also_by_the_cache(project: Path) -> None:
    write_files(project, {STEPS_PATH: (project / STEPS_PATH).read_text() + "# a remark\n"})
    spec = (project / SPEC_PATH).read_text()
    write_files(project, {SPEC_PATH: spec.replace("An item can be added", "An item can be added twice")})
    assert ask(project) == ask(project)
    (line,) = [line for line in call(project).stdout.splitlines() if " criteria: " in line]
    assert [part for part in line.partition(": ")[2].split(", ") if "stale" in part] == [
        "≠ 4 stale (outdated)",
        "≠ 1 stale (reworded)",
    ]


def test_a_file_that_was_added_since_the_run_is_called_new_also_by_the_cache(project: Path) -> None:
    write_files(project, {"steps/a_steps.py": "A = 1\n"})
    assert ask(project) == ask(project)
    assert "stale: `steps/a_steps.py` is new since the last run of 5 criteria" in call(project).stdout.splitlines()
    assert "passed, but `steps/a_steps.py` is new since then" in call(project, "3.10").stdout


@pytest.mark.parametrize("case", ["a tag of no criterion", "reworded"])
def test_the_warnings_that_are_counted_are_listed_by_the_command_that_is_named(project: Path, case: str) -> None:
    if case == "reworded":
        spec = (project / SPEC_PATH).read_text()
        write_files(project, {SPEC_PATH: spec.replace("An item can be added", "An item can be added in one step")})
    else:
        write_files(project, {"features/own.feature": "Feature: a\n  @ac_9_9_abc\n  Scenario: b\n    Then c\n"})
    count = ask(project).warnings
    listed = [item for item in generate(project, mode=WriteMode.CHECK).diagnostics if item.severity == "warning"]
    assert (count, len(listed)) == (1, 1)
    assert "1 warning: listed by `spec2bdd generate --check`" in call(project).stdout


def test_a_skipped_criterion_has_the_same_sign_everywhere(project: Path) -> None:
    hook = 'def before_scenario(context, scenario):\n    scenario.skip("not today")\n'
    write_files(project, {"environment.py": hook})
    verify(project)
    row = next(line for line in call(project).stdout.splitlines() if line.startswith("3.10"))
    assert (GLYPHS[Verdict.SKIPPED] in row, GLYPHS[Verdict.NOT_RUN] in row) == (True, False)
    for command in (
        ("status", "3.10"),
        ("explain", "3.10"),
        ("explain", "3.10#1"),
        ("verify", "-v"),
        ("trace", "3.10"),
    ):
        shown = program.call(project, *command, COLUMNS="100", NO_COLOR="1").stdout
        assert (command, f"{GLYPHS[Verdict.SKIPPED]} " in shown) == (command, True)
        assert (command, f"{GLYPHS[Verdict.NOT_RUN]} " in shown) == (command, False)


def test_the_json_of_one_spec_has_the_last_verdict_and_the_changed_file(project: Path) -> None:
    write_files(project, {STEPS_PATH: (project / STEPS_PATH).read_text() + "# a remark\n"})
    document = json.loads(call(project, "3.10", "--format", "json").stdout)
    assert (document["command"], document["spec"]["path"]) == ("status", SPEC_PATH)
    facts = [(entry["verdict"], entry["last"], entry["changed"]) for entry in document["criteria"]]
    assert facts[:2] == [("stale", "passed", STEPS_PATH), ("stale", "failed", STEPS_PATH)]


def test_the_json_of_a_project_counts_what_the_text_shows(project: Path) -> None:
    document = json.loads(call(project, "--format", "json").stdout)
    assert document["summary"]["verdicts"]["failed"] == 1
    assert document["summary"]["tiers"]["must"] == {"criteria": 3, "fulfilled": 2, "passed_before": 0, "failing": 1}
    overview = ask(project)
    assert [spec["next"] for spec in document["specs"]] == [
        find_next_of_spec(spec, overview) for spec in overview.specs
    ]


def test_a_name_and_a_filter_do_not_go_together(project: Path) -> None:
    done = call(project, "3.10", "--owner", "No")
    assert (done.returncode, done.stdout) == (2, "")
    assert "NAME cannot be combined with filters" in done.stderr


def test_of_many_specs_the_most_urgent_are_listed(tmp_path: Path) -> None:
    specs = {f"specs/{number}.md": LAMP.replace("1.1", f"{number}.1") for number in range(10, 40)}
    write_files(tmp_path, {name: text.replace("item", f"item {name[6:8]}") for name, text in specs.items()})
    steps = STEPS.replace("an item can be added", "an item 31 can be added")
    write_files(tmp_path, {"steps/a_steps.py": steps.replace('[context.scenario.name and "apple"]', "[]", 1)})
    verify(tmp_path)
    short, whole = call(tmp_path).stdout, call(tmp_path, "-v").stdout
    assert "10 more specs: `-v` lists all" in short
    assert "31.1  Lamp" in short
    assert [line for line in whole.splitlines() if line[2:4] == ".1"] == [
        line for line in whole.splitlines() if "Lamp" in line
    ]
    assert whole.count("  Lamp ") == 30


def test_a_shard_after_a_run_of_the_same_files_leaves_no_shard_missing(tmp_path: Path) -> None:
    working = STEPS.replace('assert "pear" in basket', 'assert "apple" in basket')
    root = write_files(write_basket(tmp_path), {STEPS_PATH: working})
    call_main = program.call
    assert call_main(root, "verify", "--quiet").returncode == 0
    shard = call_main(root, "run", "--shard", "1/3").stdout
    assert shard.splitlines()[-1] == "next: judge all results together with `spec2bdd mark`"
    assert call_main(root, "mark").returncode == 0
    assert "shard" not in call_main(root, "status").stdout
    # Of another edit, the run proves nothing.
    write_files(root, {STEPS_PATH: working + "# changed\n"})
    shard = call_main(root, "run", "--shard", "1/3").stdout
    assert shard.splitlines()[-1] == "next: run the 2 missing shards, beginning with `spec2bdd run --shard 2/3`"
    assert "shards 2/3, 3/3 are missing" in call_main(root, "mark").stderr
    # A run of some of what the shards leave out does not complete them.
    call_main(root, "run", "--quiet", "3.10#2")
    assert "shards 2/3, 3/3 are missing" in call_main(root, "mark").stderr


def test_between_shards_every_row_names_the_missing_shard(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    other = SPEC.replace("3.10", "3.11").replace("Shop basket", "Shop list")
    write_files(root, {"specs/3.11-list.md": other})
    call_main = program.call
    call_main(root, "generate", "--quiet")
    call_main(root, "run", "--quiet")
    write_files(root, {STEPS_PATH: (root / STEPS_PATH).read_text() + "# a remark\n"})
    call_main(root, "run", "--quiet", "--shard", "2/2")
    overview = status(read_config(root))
    steps = {find_next_of_spec(spec, overview) for spec in overview.specs}
    missing = "run the missing shard with `spec2bdd run --shard 1/2`"
    assert missing in steps
    assert "run `spec2bdd mark`" not in steps
    # Of another edit, the shards that were run prove nothing either.
    write_files(root, {STEPS_PATH: (root / STEPS_PATH).read_text() + "# another\n"})
    overview = status(read_config(root))
    assert missing not in {find_next_of_spec(spec, overview) for spec in overview.specs}


def test_a_file_is_said_to_have_changed_since_the_run_of_what_is_stale_and_not_since_the_last_run(
    project: Path,
) -> None:
    write_files(project, {"shop.py": "OPEN = True\n"})
    run(project, selection=Selection(("3.10",)))
    for _ in ("computed", "from the cache"):
        assert "stale: `shop.py` is new since the last run of 1 criterion" in call(project).stdout.splitlines()
    markdown = call(project, "--format", "markdown").stdout.splitlines()
    assert "- stale: `shop.py` is new since the last run of 1 criterion" in markdown
    assert "passed, but `shop.py` is new since then" in call(project, "1.1").stdout


SWITCH = """\
---
feature_id: 1.2
name: Switch
status: Draft
---

## Acceptance Criteria
- [ ] An item can be added

## Definition of Done
- [ ] It is accepted
- [ ] Somebody has looked at it
"""
# How a proved spec comes to differ from what `mark` writes, and whether `mark` can write it.
UNMARKED = {
    "a status": ({"specs/1.2-switch.md": ("status: Review", "status: Draft")}, True),
    "a done item": ({"spec2bdd.toml": ("could", "must")}, True),
    "a status in a block": ({"specs/1.2-switch.md": ("status: Review", "status: >-\n  Draft")}, False),
    "nothing": ({}, False),
}


@pytest.mark.parametrize(("edits", "expected"), UNMARKED.values(), ids=UNMARKED)
def test_what_only_mark_would_change_is_the_next_step_of_every_reader(
    tmp_path: Path, edits: dict[str, tuple[str, str]], expected: bool
) -> None:
    done = '[done]\n"It is accepted" = { criteria = "could" }\n'
    write_files(tmp_path, {"specs/1.2-switch.md": SWITCH, "spec2bdd.toml": done})
    write_files(tmp_path, {STEPS_PATH: STEPS})
    program.call(tmp_path, "verify", "--quiet")
    for path, (old, new) in edits.items():
        write_files(tmp_path, {path: (tmp_path / path).read_text().replace(old, new)})
    for command in (("run",), ("status",), ("explain", "1.2"), ("status",)):
        answer = program.call(tmp_path, *command).stdout
        assert (answer.splitlines()[-1] == "next: run `spec2bdd mark`") is expected
    assert (program.call(tmp_path, "mark", "--check").returncode == 1) is expected


@pytest.mark.parametrize(("status", "mark", "after"), [("Review", "x", "Complete"), ("Complete", " ", "Review")])
def test_a_status_that_is_not_marked_yet_comes_before_what_is_pending(
    tmp_path: Path, status: str, mark: str, after: str
) -> None:
    spec = (
        f"---\nfeature_id: 1.1\nname: Sum\nstatus: {status}\n---\n\n### Definition of Done\n- [{mark}] It is tidy\n\n"
        "## Acceptance Criteria\n\n### Must Have\n- [x] It adds\n\n### Could Have\n- [ ] It waits\n"
    )
    steps = (
        "from behave import then\n\n\n@then('it adds')\n"
        "def it_adds(context):\n    assert 1 + 1 == 2 + len(context.tags) * 0\n"
    )
    write_files(tmp_path, {"spec2bdd.toml": "", "specs/1.1-sum.md": spec, "steps/sum_steps.py": steps})
    generate(tmp_path)
    run(tmp_path)
    overview = ask(tmp_path)
    assert [(found.status, found.status_after) for found in overview.specs] == [(status, after)]
    assert find_next_of_project(overview) == find_next_of_spec(overview.specs[0], overview) == "run `spec2bdd mark`"
    assert call(tmp_path, "1.1").stdout.splitlines()[-1] == "next: run `spec2bdd mark`"
    # Of a criterion, its own next step.
    step = "next: write the steps in `steps/sum_spec_steps.py`, then `spec2bdd verify`"
    assert program.call(tmp_path, "explain", "1.1#2").stdout.splitlines()[-1] == step
    assert program.call(tmp_path, "run").stdout.splitlines()[-1] == "next: run `spec2bdd mark`"


def test_mark_is_not_suggested_without_results(tmp_path: Path) -> None:
    spec = SWITCH.replace("An item can be added", "An item can be added (manual)").replace("[ ] An", "[x] An")
    write_files(tmp_path, {"specs/1.2-switch.md": spec, "spec2bdd.toml": ""})
    generate(tmp_path)
    for command in (("status",), ("explain", "1.2"), ("status",)):
        assert program.call(tmp_path, *command).stdout.splitlines()[-1] == "next: run `spec2bdd verify`"
