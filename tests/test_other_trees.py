"""A result depends on what it ran from: the whole loop in real git repositories."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import program
import pytest
from click.testing import CliRunner
from small_project import SPEC, generate, list_verdicts, mark, run, verify, write_files
from tree_repository import clone, commit_all, run_git

from spec2bdd.adapters.behave.preloaded import preload_behave
from spec2bdd.adapters.system.digests import read_digests
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.adapters.system.trees.differences import find_difference
from spec2bdd.cli.main import main
from spec2bdd.commands.explain import explain
from spec2bdd.commands.status import status_of_spec
from spec2bdd.config import read_config
from spec2bdd.domain.verdicts.scenarios.context import build_context
from spec2bdd.errors import RecordError
from spec2bdd.model import DEFAULT_RUN, JudgeOptions, Report, RunOptions, Severity, TestRun, Verdict
from spec2bdd.project.run_diagnostics import find_changed_trees
from spec2bdd.project.runs import read_run

Change = Callable[[Path], object]

TEXT = "An item can be added"
SPEC_FILE = "specs/1.md"
STEPS_FILE = "steps/basket_steps.py"
ONE = f"---\nfeature_id: 1\nstatus: Draft\n---\n## Acceptance Criteria\n### Must Have\n- [ ] {TEXT}\n"
TWO = f"{ONE}- [ ] The basket survives a restart\n"
STEPS = """\
import json
from pathlib import Path

from behave import then

from shop.basket import ITEMS

RATES = json.loads(Path("data/rates.json").read_text())


@then("an item can be added")
def f(context):
    assert ITEMS == ["apple"] and RATES
    DURING


@then("the basket survives a restart")
def f(context):
    assert ITEMS
"""
FILES = {
    SPEC_FILE: ONE,
    STEPS_FILE: STEPS.replace("DURING", ""),
    "shop/__init__.py": "",
    "shop/basket.py": 'ITEMS = ["apple"]\n',
    "pages/basket_page.py": "PATH = 1\n",
    "data/rates.json": '{"rate": 3}\n',
    "behave.ini": "[behave]\n",
    "README.md": "# Shop\n",
    ".gitignore": "*.log\n__pycache__/\n",
}


def make_project(root: Path, **files: str) -> Path:
    """Make a repository with a generated project, all of it committed."""
    root.mkdir(parents=True, exist_ok=True)
    write_files(root, FILES | {path.replace("__", "/", 1): text for path, text in files.items()})
    generate(root)
    run_git(root, "init", "--quiet", "--initial-branch=main")
    commit_all(root)
    return root


def edit(path: str, text: str = "# changed\n") -> Change:
    """Append to a file, or make it."""

    def change(root: Path) -> None:
        write_files(root, {path: ((root / path).read_bytes() if (root / path).exists() else b"") + text.encode()})

    return change


def ask(*arguments: str) -> Change:
    """Run git."""
    return lambda root: run_git(root, *arguments)


def both(*changes: Change) -> Change:
    """Make several changes."""
    return lambda root: [change(root) for change in changes]


def get_verdict(report: Report, text: str = TEXT) -> tuple[str, str]:
    """Return verdict and reason of a criterion."""
    (verdict,) = [verdict for spec in report.specs for verdict in spec.verdicts if verdict.criterion.text == text]
    return str(verdict.verdict), verdict.reason


def is_ticked(root: Path, text: str = TEXT) -> bool:
    """Whether the box of a criterion is ticked on disk."""
    return f"- [x] {text}\n" in (root / SPEC_FILE).read_text(encoding="utf-8")


# --- between `run` and `mark` -----------------------------------------------------------------------------------------

LATER: dict[str, tuple[Change, str]] = {
    "the application": (edit("shop/basket.py"), "shop/basket.py"),
    "a page object": (edit("pages/basket_page.py"), "pages/basket_page.py"),
    "a data file": (edit("data/rates.json", " \n"), "data/rates.json"),
    "a setting": (edit("behave.ini", "# x\n"), "behave.ini"),
    "a step file": (edit(STEPS_FILE), STEPS_FILE),
    "a new step file that git does not know": (edit("steps/more.py"), "steps/more.py"),
    "a new module that git does not know": (edit("shop/tax.py"), "shop/tax.py"),
    "another commit": (both(edit("shop/basket.py"), commit_all), "shop/basket.py"),
    "another branch": (
        both(ask("checkout", "--quiet", "-b", "other"), edit("data/rates.json", " \n"), commit_all),
        "data/rates.json",
    ),
}


@pytest.mark.parametrize("name", LATER)
def test_after_a_change_of_this_nothing_is_marked(tmp_path: Path, name: str) -> None:
    root = make_project(tmp_path / "shop")
    run(root)
    change, path = LATER[name]
    change(root)
    report = mark(root)
    phrase = "is new" if name.startswith("a new ") else "has changed"
    assert get_verdict(report) == ("stale", f"`{path}` {phrase} since these results were recorded; run again")
    assert (is_ticked(root), report.changes) == (False, ())


@pytest.mark.parametrize("path", ["pages/basket_page.py", STEPS_FILE])
def test_a_file_that_was_deleted_since_the_run_is_called_deleted(tmp_path: Path, path: str) -> None:
    root = make_project(tmp_path / "shop")
    run(root)
    (root / path).unlink()
    reason = f"`{path}` has been deleted since these results were recorded; run again"
    assert get_verdict(mark(root)) == ("stale", reason)


@pytest.mark.parametrize("path", ["pages/new_page.py", "steps/a_steps.py", "environment.py"])
@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("has_git", [True, False])
def test_a_file_that_was_added_since_the_run_is_called_new(
    tmp_path: Path, path: str, is_committed: bool, has_git: bool
) -> None:
    root = make_project(tmp_path / "shop")
    if not has_git:
        shutil.rmtree(root / ".git")
    run(root)
    write_files(root, {path: "A = 1\n"})
    if is_committed and has_git:
        commit_all(root)
    reason = f"`{path}` is new since these results were recorded; run again"
    assert get_verdict(mark(root)) == ("stale", reason)


def test_a_file_that_git_did_not_track_at_the_run_and_that_was_changed_is_not_called_new(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    write_files(root, {"rates.toml": "rate = 2\n"})
    run(root)
    write_files(root, {"rates.toml": "rate = 3\n"})
    commit_all(root)
    reason = "`rates.toml` has changed since these results were recorded; run again"
    assert get_verdict(mark(root)) == ("stale", reason)


def test_after_a_change_of_a_module_that_git_ignores_and_the_steps_import_nothing_is_marked(tmp_path: Path) -> None:
    files = {STEPS_FILE: FILES[STEPS_FILE].replace("import json\n", "import json, local\n"), "local.py": "A = 1\n"}
    root = make_project(tmp_path / "shop", **files, **{".gitignore": "*.log\n__pycache__/\nlocal.py\n"})
    run(root)
    edit("local.py")(root)
    assert get_verdict(mark(root))[1].startswith("`local.py` has changed since these results were recorded")
    edit("local.py", "")(write_files(root, {"local.py": "A = 1\n"}))
    assert get_verdict(mark(root)) == ("passed", "")


BY_PATH = {
    "importlib": (
        "import importlib.util, json\n"
        "spec = importlib.util.spec_from_file_location('product', '.cache/product.py')\n"
        "spec.loader.exec_module(importlib.util.module_from_spec(spec))\n"
    ),
    "exec": "import json\nexec(open('.cache/product.py').read(), {})\n",
    "pathlib": "import json\nfrom pathlib import Path\nexec((Path('.cache') / 'product.py').read_text(), {})\n",
    "runpy": "import json, runpy\nrunpy.run_path('.cache/product.py')\n",
    "a-folder-in-the-path": "import json, sys\nsys.path.insert(0, '.cache')\nimport product\n",
    "in-a-function": "import json, runpy\ndef load():\n    return runpy.run_path('.cache/product.py')\n",
    "in-a-function-by-parts": (
        "import json, runpy\nfrom pathlib import Path\nCACHE = Path('.cache')\n"
        "def load():\n    return runpy.run_path(CACHE / 'product.py')\n"
    ),
}


@pytest.mark.parametrize("has_git", [True, False])
@pytest.mark.parametrize("load", BY_PATH.values(), ids=BY_PATH)
def test_after_a_change_of_a_file_that_the_steps_load_by_its_path_nothing_is_marked(
    tmp_path: Path, load: str, has_git: bool
) -> None:
    files = {STEPS_FILE: FILES[STEPS_FILE].replace("import json\n", load), ".cache/product.py": "A = 1\n"}
    root = make_project(tmp_path / "shop", **files, **{".gitignore": "*.log\n__pycache__/\n.cache/\n"})
    if not has_git:
        shutil.rmtree(root / ".git")
    run(root)
    edit(".cache/product.py")(root)
    assert get_verdict(mark(root))[1].startswith("`.cache/product.py` has changed since these results were recorded")
    edit(".cache/product.py", "")(write_files(root, {".cache/product.py": "A = 1\n"}))
    assert get_verdict(mark(root)) == ("passed", "")


def test_a_file_that_a_step_writes_and_loads_by_its_path_may_be_written_again(tmp_path: Path) -> None:
    load = (
        "import json, runpy\nfrom pathlib import Path\n"
        "def load():\n    Path('.cache/made.py').write_text('A = 2')\n    runpy.run_path('.cache/made.py')\n"
    )
    files = {STEPS_FILE: FILES[STEPS_FILE].replace("import json\n", load), ".cache/made.py": "A = 1\n"}
    root = make_project(tmp_path / "shop", **files, **{".gitignore": "*.log\n__pycache__/\n.cache/\n"})
    run(root)
    edit(".cache/made.py")(root)
    assert get_verdict(mark(root)) == ("passed", "")


SAME: dict[str, Change] = {
    "nothing": lambda root: None,
    "another commit of the same content": commit_all,
    "the status of the spec": lambda root: write_files(root, {SPEC_FILE: ONE.replace("Draft", "Review")}),
    "a document": edit("README.md"),
    "an ignored file": edit("debug.log"),
    "an untracked file": edit("notes.txt"),
    "what an installation leaves behind": both(
        edit("shop.egg-info/PKG-INFO"), edit("build/lib/shop/basket.py"), edit(".venv/lib/six.py")
    ),
    "a change and its stash": both(edit("shop/basket.py"), ask("stash", "--quiet")),
    "the executable bit": lambda root: (root / "shop/basket.py").chmod(0o755),
    "line ends that git converts": both(
        ask("config", "core.autocrlf", "true"),
        lambda root: write_files(root, {"shop/basket.py": b'ITEMS = ["apple"]\r\n'}),
    ),
    "line ends of step and feature files": lambda root: (
        [
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
            for path in (root / STEPS_FILE, *(root / "features").glob("*.feature"))
        ]
        and run_git(root, "config", "core.autocrlf", "true")
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_after_a_change_of_this_the_box_is_ticked(tmp_path: Path, name: str) -> None:
    root = make_project(tmp_path / "shop")
    run(root)
    SAME[name](root)
    assert get_verdict(mark(root)) == ("passed", "")


def test_a_commit_of_files_that_were_there_at_the_run_leaves_its_results_valid(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    write_files(root, {"settings.toml": "rate = 3\n"})
    run(root)
    commit_all(root)
    assert get_verdict(mark(root)) == ("passed", "")
    edit("settings.toml")(root)
    assert "`settings.toml` has changed" in get_verdict(mark(root))[1]


def test_runs_that_differ_in_untracked_files_alone_are_compared_apart(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    before = read_tree(ask_tree(root), features="features").fingerprint
    write_files(root, {"settings.toml": "rate = 3\n"})
    commit_all(root)
    blob = run_git(root, "rev-parse", "HEAD:settings.toml").strip()
    runs = [TestRun(id_, True, fingerprint=before, untracked={"settings.toml": id_}) for id_ in (blob, "another")]
    changed = find_changed_trees(read_config(root), runs, today=None)
    assert {checked.run.id: checked.changed for checked in build_context(runs, {}, changed=changed).runs} == {
        blob: "",
        "another": "settings.toml",
    }


def test_a_stash_takes_away_what_the_run_ran_from(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    edit("shop/basket.py")(root)
    run(root)
    run_git(root, "stash", "--quiet")
    assert get_verdict(mark(root))[0] == "stale"
    run_git(root, "stash", "pop", "--quiet")
    assert get_verdict(mark(root))[0] == "passed"


def test_a_mark_that_removes_a_note_leaves_the_results_valid(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop", **{"specs__1.md": ONE.replace("[ ]", "[x]")})
    run(root)
    before = (root / "features/1_1.feature").read_text(encoding="utf-8")
    mark(root)
    assert ", unverified" in before
    assert ", unverified" not in (root / "features/1_1.feature").read_text(encoding="utf-8")
    assert get_verdict(mark(root)) == ("passed", "")


def test_without_git_the_python_files_count(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    shutil.rmtree(root / ".git")
    run(root)
    edit("notes.txt")(root)
    assert get_verdict(mark(root))[0] == "passed"
    edit("pages/basket_page.py")(root)
    assert "`pages/basket_page.py` has changed" in get_verdict(mark(root))[1]


def test_without_git_the_configured_sources_count(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop", **{"spec2bdd.toml": 'sources = ["data/*.json"]\n'})
    shutil.rmtree(root / ".git")
    run(root)
    edit("data/rates.json", " \n")(root)
    assert "`data/rates.json` has changed" in get_verdict(mark(root))[1]


def test_explain_shows_the_last_verdict_and_what_has_changed(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    verify(root)
    edit("shop/basket.py")(root)
    verdict = explain(root, "1").entries[0].judgement
    assert verdict is not None
    assert (
        verdict.verdict,
        verdict.reason,
        verdict.last,
    ) == (
        Verdict.STALE,
        "`shop/basket.py` has changed since these results were recorded; run again",
        Verdict.PASSED,
    )
    assert is_ticked(root)


def test_a_claim_of_another_tree_is_not_kept(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop", **{"specs__1.md": ONE.replace("Draft", "Review")})
    run(root)
    assert mark(root).exit_code == 0
    edit("shop/basket.py")(root)
    assert mark(root).exit_code == 1


# --- while a run is in progress ---------------------------------------------------------------------------------------

DURING: dict[str, tuple[str, str]] = {
    "the application": ('Path("shop/basket.py").write_text("ITEMS = 1")', "shop/basket.py"),
    "a step file": ('open("steps/basket_steps.py", "a").write("#")', STEPS_FILE),
    "a new step file": ('open("steps/more.py", "a").write("#")', "steps/more.py"),
    "a feature file": ('open("features/1_1.feature", "a").write("#")', "features/1_1.feature"),
    "the branch": ('import os; os.system("git checkout -q other")', "data/rates.json"),
    "a commit": (
        'import os; open("a.txt", "w"); os.system("git add a.txt; git -c user.name=a -c user.email=a@b commit -qm a")',
        "a.txt",
    ),
}


@pytest.mark.parametrize("name", DURING)
def test_a_change_of_this_during_the_run_is_an_error_and_nothing_is_marked(tmp_path: Path, name: str) -> None:
    code, path = DURING[name]
    root = make_project(tmp_path / "shop", **{"steps__basket_steps.py": STEPS.replace("DURING", code)})
    run_git(root, "checkout", "--quiet", "-b", "other")
    edit("data/rates.json", " \n")(root)
    commit_all(root)
    run_git(root, "checkout", "--quiet", "main")
    report = verify(root)
    assert (path, "run-changed") in [(found.path, found.code) for found in report.diagnostics]
    assert get_verdict(report) == ("stale", f"`{path}` changed during this run; run again")
    assert (report.exit_code, is_ticked(root)) == (2, False)
    # What a run reported is of that time: to show its verdicts is no error.
    shown = status_of_spec(root, "1")
    severities = [found.severity for found in shown.diagnostics if found.code == "run-changed"]
    # A generated file that was edited is an error by itself.
    assert ({*severities}, shown.exit_code) == ({Severity.WARNING}, 2 if name == "a feature file" else 0)
    # Also if the files are again what they were.
    run_git(root, "checkout", "--quiet", "--force", "main")
    run_git(root, "clean", "--quiet", "--force", "--", "steps")
    assert get_verdict(mark(root))[0] == "stale"


def test_a_file_that_git_ignores_may_be_written_by_a_run(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop", **{"steps__basket_steps.py": STEPS.replace("DURING", 'open("x.log", "w")')})
    report = verify(root)
    assert (report.exit_code, is_ticked(root)) == (0, True)


def test_a_data_file_that_changes_after_it_was_loaded_is_noticed(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    records = root / ".spec2bdd" / "records.ndjson"
    with preload_behave(root, features="features", steps="steps", records=records.parent, options=DEFAULT_RUN) as early:
        assert early is not None
        assert early.has_loaded(read_digests(root, features="features", steps="steps"))
        edit("data/rates.json", " \n")(root)
        assert early.start_run(DEFAULT_RUN, features="features", record_path=records, run_id="r1")
        early.process.wait()
    recorded = read_run(records).run
    assert recorded is not None
    tree = read_tree(ask_tree(root), features="features")
    assert find_difference(root, recorded.fingerprint, tree) == "data/rates.json"
    assert get_verdict(mark(root))[0] == "stale"


# --- records of other clones ------------------------------------------------------------------------------------------


def run_shard(root: Path, part: int, target: Path) -> str:
    """Run one half of a project, and return the path of the records."""
    run(root, plan=RunOptions(shard=(part, 2)))
    (records,) = (root / ".spec2bdd").glob("part-*.ndjson")
    return str(shutil.copy(records, target / f"shard-{part}.ndjson"))


@pytest.mark.parametrize("first", [1, 2])
def test_shards_of_clones_with_the_same_content_are_marked_in_another(tmp_path: Path, first: int) -> None:
    root = make_project(tmp_path / "shop", **{"specs__1.md": TWO})
    shards = [clone(root, tmp_path / f"job-{part}", "--depth=1") for part in (1, 2)]
    records = [run_shard(shard, part, tmp_path) for part, shard in enumerate(shards, 1)]
    # Another commit of the same content.
    commit_all(root, "the same again")
    report = mark(clone(root, tmp_path / "mark", "--depth=1"), records=sorted(records, reverse=first == 2))
    assert list(list_verdicts(report).values()) == ["passed", "passed"]


@pytest.mark.parametrize("part", [1, 2])
def test_a_shard_of_another_tree_is_stale_and_the_others_count(tmp_path: Path, part: int) -> None:
    root = make_project(tmp_path / "shop", **{"specs__1.md": TWO})
    shards = [clone(root, tmp_path / f"job-{number}") for number in (1, 2)]
    edit("shop/basket.py")(shards[part - 1])
    commit_all(shards[part - 1])
    records = [run_shard(shard, number, tmp_path) for number, shard in enumerate(shards, 1)]
    with pytest.raises(RecordError, match="shard 1/2 is missing"):
        mark(root, records=records)
    report = mark(root, records=records, judge_options=JudgeOptions(partial=True))
    assert sorted(list_verdicts(report).values()) == ["passed", "stale"]
    (reason,) = [verdict.reason for verdict in report.specs[0].verdicts if verdict.verdict is Verdict.STALE]
    # This clone does not have the commit of that shard.
    assert reason == "`shop/` has changed since these results were recorded; run again"


def test_records_of_another_project_are_stale(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    other = make_project(tmp_path / "other", **{"shop__basket.py": 'ITEMS = ["apple"]\nMORE = 1\n'})
    run(other)
    report = mark(root, records=[str(other / ".spec2bdd/records.ndjson")])
    assert "`shop/` has changed" in get_verdict(report)[1] or "`shop/basket.py` has changed" in get_verdict(report)[1]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_records_of_an_older_version_are_stale(tmp_path: Path, version: int) -> None:
    root = make_project(tmp_path / "shop")
    run(root)
    records = root / ".spec2bdd/records.ndjson"
    lines = records.read_text(encoding="utf-8").splitlines()
    header = json.loads(lines[0]) | {"version": version}
    del header["fingerprint"]
    records.write_text("\n".join([json.dumps(header), *lines[1:], ""]), encoding="utf-8")
    report = mark(root)
    assert get_verdict(report) == ("stale", "recorded by an older version of spec2bdd; run again")
    assert not is_ticked(root)


def test_the_command_line_names_the_file(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop", **{"spec2bdd.toml": ""})
    run(root)
    edit("shop/basket.py")(root)
    shown = CliRunner().invoke(main, ["mark", "-v", "--config", str(root / "spec2bdd.toml")]).output
    assert "`shop/basket.py` has changed since these results were recorded; run again" in " ".join(shown.split())


def call(root: Path, *arguments: str) -> tuple[int, str]:
    """Call the command line in a project; returns its exit code and what it prints, in one line."""
    done = program.call(root, *arguments)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("command", ["mark", "verify", "verify --check", "explain 1"])
def test_nothing_is_marked_where_git_cannot_read_the_repository(tmp_path: Path, command: str) -> None:
    root = make_project(tmp_path / "shop", **{"spec2bdd.toml": ""})
    run(root)
    (root / ".git/index").write_bytes(b"x" * 100)
    edit("data/rates.json")(root)
    code, shown = call(root, *command.split())
    assert (code, is_ticked(root)) == (2, False)
    assert ".git: error: git cannot read the repository: index file corrupt" in shown
    assert "make `git status` work in this folder" in shown


def test_a_run_leaves_the_index_of_git_alone(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop", **{"specs__2.md": SPEC})
    edit("shop/basket.py")(root)
    before = (root / ".git/index").read_bytes()
    run(root)
    assert (root / ".git/index").read_bytes() == before
    assert not (root / ".git/index.lock").exists()
    assert subprocess.run(["git", "fsck"], cwd=root, check=False, capture_output=True).returncode == 0
