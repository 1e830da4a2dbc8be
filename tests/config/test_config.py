"""Finding, reading and validating the configuration."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from spec2bdd.adapters.behave.settings import find_settings
from spec2bdd.config import Config, read_config
from spec2bdd.errors import ConfigError
from spec2bdd.model import EvidenceRequirement, Status, Tier

MUST, SHOULD, COULD = Tier.MUST, Tier.SHOULD, Tier.COULD

# The table, and the values that differ from the defaults.
VALID: list[tuple[str, dict[str, object]]] = [
    ("", {}),
    ('specs = "docs/specs"', {"specs": ("docs/specs",)}),
    ('specs = "docs/specs/"', {"specs": ("docs/specs",)}),
    ('specs = "./docs//specs"', {"specs": ("docs/specs",)}),
    (r"specs = 'docs\specs'", {"specs": ("docs/specs",)}),
    ('specs = "..specs"', {"specs": ("..specs",)}),
    ('specs = "my specs"', {"specs": ("my specs",)}),
    ('specs = "Größe"', {"specs": ("Größe",)}),
    ('specs = ["specs", "docs/*/spec.md"]', {"specs": ("specs", "docs/*/spec.md")}),
    ('exclude = "drafts"', {"exclude": ("drafts",)}),
    ('exclude = ["drafts", "specs/old-*.md"]', {"exclude": ("drafts", "specs/old-*.md")}),
    ("exclude = []", {"exclude": ()}),
    ('features = "bdd"', {"features": "bdd"}),
    ('steps = "bdd/steps"', {"steps": "bdd/steps"}),
    ('gate = ["must", "should"]', {"gate": (MUST, SHOULD)}),
    ('gate = ["could", "must", "must"]', {"gate": (MUST, COULD)}),
    ('exclude = "specs/archive"', {"exclude": ("specs/archive",)}),
    ('exclude = ["specs/README.md", "specs/old/**"]', {"exclude": ("specs/README.md", "specs/old/**")}),
    ('language = "de"', {"language": "de"}),
    ('language = "zh_cn"', {"language": "zh-CN"}),
    ('statuses.complete = "Done"', {"statuses": {Status.COMPLETE: "Done"}}),
    ('statuses.in_progress = "⏳ In Arbeit"', {"statuses": {Status.IN_PROGRESS: "⏳ In Arbeit"}}),
    ('without-done = "complete"', {"without_done": "complete"}),
    ('upstream = "hold"', {"upstream": "hold"}),
    ("jobs = 4", {"jobs": 4}),
    ('jobs = "auto"', {"jobs": "auto"}),
    ("timeout = 2", {"timeout": 2.0}),
    ("timeout = 0.5", {"timeout": 0.5}),
    ("retries = 2", {"retries": 2}),
    ("retries = 0", {}),
    ("timeout = 0", {}),
    ('sources = "src/**/*.py"', {"sources": ("src/**/*.py",)}),
    ('done."A > 5%" = { coverage = "c.xml" }', {"done": (EvidenceRequirement("A > 5%", coverage="c.xml"),)}),
    (
        'done."/a/" = { junit = ["r/*.xml", "s.xml"] }',
        {"done": (EvidenceRequirement("/a/", junit=("r/*.xml", "s.xml")),)},
    ),
    ('done.a = { tags = ["@fast", "safe"] }', {"done": (EvidenceRequirement("a", tags=("fast", "safe")),)}),
    ('done.a = { criteria = ["should", "must"] }', {"done": (EvidenceRequirement("a", criteria=(MUST, SHOULD)),)}),
    (
        'done.a = { benchmark = "b.json", maximum = "200 ms", statistic = "p95", name = "x" }',
        {"done": (EvidenceRequirement("a", benchmark="b.json", maximum=0.2, statistic="p95", name="x"),)},
    ),
    ('done.a = { file = "a.md", since = "v1" }', {"done": (EvidenceRequirement("a", file=("a.md",), since="v1"),)}),
    (
        'done.a = { command = ["a", "-b"], timeout = 2 }',
        {"done": (EvidenceRequirement("a", command=("a", "-b"), timeout=2.0),)},
    ),
]

# The table, a part of the message, and a part of the hint.
INVALID = [
    ("jobs = 0", "invalid `jobs = 0`", '`jobs = "auto"`'),
    ("jobs = true", "invalid `jobs = true`", "write `jobs = 4`"),
    ('jobs = "all"', 'invalid `jobs = "all"`', "write `jobs = 4`"),
    ("timeout = -1", "invalid `timeout = -1`: expected a number of seconds, not negative", "write `timeout = 60`"),
    (
        'timeout = "1 s"',
        'invalid `timeout = "1 s"`: expected a number of seconds, not negative',
        "write `timeout = 60`",
    ),
    ('timeout = "5"', 'invalid `timeout = "5"`: expected a number of seconds, not negative', "write `timeout = 5`"),
    ('gate = ["all"]', "unknown tier `all` in `gate`", "use `spec2bdd verify --gate all`"),
    ("jobs = 1\njobs = 2", "invalid TOML: `jobs` is defined twice", "keep one of the two definitions"),
    ("[lint]\n[headings]\n[lint]", "invalid TOML: `[lint]` is defined twice", "keep one of the two definitions"),
    ('headings = { must = ["a"], must = ["b"] }', "invalid TOML: a key is defined twice", "keep one"),
    (f"jobs = {'9' * 5000}", "invalid TOML: a number is too large", "write a smaller number"),
    ("retries = -1", "invalid `retries = -1`: expected an integer from 0 to 100", "write `retries = 1`"),
    ("retries = 101", "invalid `retries = 101`: expected an integer from 0 to 100", "write `retries = 1`"),
    ("retries = true", "invalid `retries = true`: expected an integer from 0 to 100", "write `retries = 1`"),
    ('spec = "docs"', "unknown key `spec`", "did you mean `specs`?"),
    ('feature = "docs"', "unknown key `feature`", "did you mean `features`?"),
    ('colour = "red"', "unknown key `colour`", "known keys: `specs`, `features`, `steps`, `gate`"),
    ('"" = 1', "unknown key ``", "known keys"),
    ("exclude = 3", "expected a list of paths for `exclude`", 'write `exclude = ["drafts"]`'),
    ('exclude = ["../a"]', "is outside the project", "use a folder inside"),
    ("specs = 3", "expected a list of paths for `specs`", 'write `specs = ["specs", "docs/*/spec.md"]`'),
    ("specs = []", "`specs` is empty", 'write `specs = ["specs", "docs/*/spec.md"]`'),
    ('specs = " "', "expected a list of paths for `specs`", 'write `specs = ["specs", "docs/*/spec.md"]`'),
    (r'specs = "a\u0000b"', "expected a list of paths for `specs`", 'write `specs = ["specs", "docs/*/spec.md"]`'),
    (r'specs = "a\nb"', "expected a list of paths for `specs`", 'write `specs = ["specs", "docs/*/spec.md"]`'),
    ('specs = "/etc"', "is outside the project", "use a folder inside"),
    ('specs = "../other"', "is outside the project", "use a folder inside"),
    ('specs = "docs/../../other"', "is outside the project", "use a folder inside"),
    (r"specs = '..\other'", "is outside the project", "use a folder inside"),
    ('features = "C:/features"', "is outside the project", "use a folder inside"),
    (r"features = 'c:\features'", "is outside the project", "use a folder inside"),
    ('features = "c:features"', "is outside the project", "use a folder inside"),
    (r"steps = '\\server\share'", "is outside the project", "use a folder inside"),
    ('steps = "."', "is the project root", "use a folder inside"),
    ("gate = 3", "expected a list of tiers for `gate`", 'write `gate = ["must", "should"]`'),
    ("gate = 3", "expected a list of tiers for `gate`", "write `gate"),
    ("gate = []", "`gate` is empty", 'write `gate = ["must", "should"]`'),
    ('gate = ["wont"]', "unknown tier `wont` in `gate`", "use one of `must`, `should`, `could`"),
    ('gate = ["must", "musst"]', "unknown tier `musst` in `gate`", "did you mean `must`?"),
    ('gate = ["mst"]', "unknown tier `mst` in `gate`", "did you mean `must`?"),
    ('gate = [["must"]]', "expected a list of tiers for `gate`", "write `gate"),
    ('language = "tlh"', "invalid `language = ", "use one of `en`, `de`"),
    ("language = 3", "invalid `language = ", "use one of `en`, `de`"),
    ("gate = [1]", "expected a list of tiers for `gate`", "write `gate"),
    ('without-done = "done"', 'invalid `without-done = "done"`', "use one of `review`, `complete`"),
    ("upstream = true", "invalid `upstream = true`", "use one of `show`, `hold`"),
    ("statuses = 1", "expected a table for `statuses`", 'complete = "Done"'),
    (
        'statuses.done = "Done"',
        "unknown key `done` in `statuses`",
        "known keys: `draft`, `in-progress`, `review`, `complete`",
    ),
    ('statuses.reviewed = "Done"', "unknown key `reviewed` in `statuses`", "did you mean `review`?"),
    ('statuses.complete = "a: b"', 'invalid `complete = "a: b"` in `statuses`', "without quotes"),
    ('statuses.complete = "[x]"', 'invalid `complete = "[x]"` in `statuses`', "without quotes"),
    ('statuses.complete = ""', 'invalid `complete = ""` in `statuses`', "use words on one line"),
    ('statuses.complete = "in-progress"', "duplicate name in `statuses`", "a different name"),
    ('sources = "../src"', "is outside the project", "use a path inside"),
    ("sources = []", "`sources` is empty", "write `sources"),
    ("done = 1", "expected a table for `done`", "coverage.xml"),
    ("done.a = 1", 'expected a table for `done."a"`', 'criteria = "must"'),
    ("done.a = {}", "no kind of evidence given", "add one of `coverage`, `junit`, `tags`"),
    ('done."" = { tags = "a" }', "empty key", "before the `=`"),
    ('done."/(/" = { tags = "a" }', "invalid regular expression", "remove the slashes"),
    ('done.a = { coverge = "c.xml" }', "unknown key `coverge`", "did you mean `coverage`?"),
    ('done.a = { coverage = "/c.xml" }', "is outside the project", "use a path inside"),
    ('done.a = { coverage = ["c.xml"] }', "expected a path for `coverage`", 'coverage = "coverage.xml"'),
    ('done.a = { coverage = "c.xml", rate = "lines" }', 'invalid `rate = "lines"`', "one of `line`"),
    ('done.a = { coverage = "c.xml", minimum = 0 }', "invalid `minimum = 0`: expected a number", "minimum = 100"),
    ('done.a = { coverage = "c.xml", minimum = "85%" }', "expected a number above 0, at most 100", "minimum = 100"),
    ('done.a = { junit = "r.xml", minimum = 85 }', "`minimum` requires `coverage`", "add `coverage`"),
    ("done.a = { junit = [] }", "`junit` is empty", "write `junit"),
    ('done.a = { tags = "a b" }', "expected a tag or a list of tags for `tags`", "performance"),
    ('done.a = { criteria = "wont" }', "unknown tier `wont` in `criteria`", "use one of `must`"),
    ('done.a = { criteria = "mst" }', "unknown tier `mst` in `criteria`", "did you mean `must`?"),
    ("done.a = { criteria = [] }", "`criteria` is empty", 'write `criteria = "must"`'),
    ('dialect = { "a/*.md" = "bmda" }', "unknown dialect `bmda` of `a/*.md` in `dialect`", "did you mean `bmad`?"),
    ('dialect = { "a/*.md" = "qqq" }', "unknown dialect `qqq` of `a/*.md` in `dialect`", "use one of `"),
    ('headings = { musst = ["A"] }', "unknown key `musst` in `headings`", "did you mean `must`?"),
    ('lint = { vague-word = "of" }', 'invalid level `vague-word = "of"` in `lint`', "use one of `error`"),
    ('done.a = { benchmark = "b.json", maximum = 2 }', "invalid `maximum = 2`: expected a duration", '"200 ms"'),
    ('done.a = { benchmark = "b.json", statistic = "p100" }', 'invalid `statistic = "p100"`', "`p95`"),
    ('done.a = { file = "a.md" }', "`file` requires `since`", 'since = "main"'),
    ('done.a = { file = "a.md", since = "--output=x" }', "expected a name for `since`", 'since = "main"'),
    ('done.a = { command = "make audit" }', "expected a list of strings for `command`", "no shell"),
    ("done.a = { command = [] }", "expected a list of strings for `command`", "no shell"),
    ('done.a = { command = ["a"], timeout = 0 }', "invalid `timeout = 0`: expected a number", "timeout"),
]


def write(folder: Path, name: str, text: str) -> Path:
    """Write a file, its folder too, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("table", "changed"), VALID, ids=[case[0] or "nothing" for case in VALID])
@pytest.mark.parametrize("name", ["spec2bdd.toml", "pyproject.toml"])
def test_a_table_changes_the_defaults_it_names(
    tmp_path: Path, name: str, table: str, changed: dict[str, object]
) -> None:
    head = "[tool.spec2bdd]\n" if name == "pyproject.toml" else ""
    write(tmp_path, name, head + table)
    expected = {"specs": ("specs",), "features": "features", "steps": "steps", "gate": (MUST,), **changed}
    config = read_config(tmp_path)
    assert {key: getattr(config, key) for key in expected} == expected


@pytest.mark.parametrize(("table", "message", "hint"), INVALID, ids=[case[0] for case in INVALID])
@pytest.mark.parametrize("name", ["spec2bdd.toml", "pyproject.toml"])
def test_an_invalid_value_is_refused_with_a_hint(
    tmp_path: Path, name: str, table: str, message: str, hint: str
) -> None:
    head = "[tool.spec2bdd]\n" if name == "pyproject.toml" else ""
    write(tmp_path, name, head + table)
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert name == caught.value.path


def test_the_former_name_of_a_code_sets_the_level_of_the_code(tmp_path: Path) -> None:
    write(tmp_path, "spec2bdd.toml", '[lint]\ntwo-demands = "off"\nvague-word = "error"')
    assert read_config(tmp_path).lint == {"several-requirements": "off", "vague-word": "error"}


def test_all_errors_of_a_table_are_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path, "spec2bdd.toml", 'spec = "a"\nsteps = "/"\n[headings]\nmust = 1\nmusst = []\n[lint]\nx = "off"')
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    names = [error.message.partition("`")[2].partition("`")[0] for error in (caught.value, *caught.value.others)]
    assert names == ["spec", 'steps = "/"', "musst", "must", "x"]
    assert {error.path for error in caught.value.others} == {"spec2bdd.toml"}


def test_without_a_file_the_defaults_apply_to_the_start_folder(tmp_path: Path) -> None:
    assert Config(tmp_path.resolve()) == read_config(tmp_path)


def test_the_records_are_kept_below_the_root(tmp_path: Path) -> None:
    assert read_config(tmp_path).records == tmp_path.resolve() / ".spec2bdd" / "records.ndjson"


def test_the_nearest_file_upward_wins_and_its_folder_is_the_root(tmp_path: Path) -> None:
    write(tmp_path, "spec2bdd.toml", 'specs = "far"')
    write(tmp_path / "near", "pyproject.toml", '[tool.spec2bdd]\nspecs = "near"')
    deep = tmp_path / "near" / "a" / "b"
    deep.mkdir(parents=True)
    assert Config((tmp_path / "near").resolve(), specs=("near",)) == read_config(deep)


@pytest.mark.parametrize("foreign", ["", "[project]\nname = 'x'", "[tool.other]\nspecs = 1", "tool = 3"])
def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path, foreign: str) -> None:
    write(tmp_path, "spec2bdd.toml", 'specs = "far"')
    write(tmp_path / "near", "pyproject.toml", foreign)
    assert Config(tmp_path.resolve(), specs=("far",)) == read_config(tmp_path / "near")


def test_an_empty_table_of_ours_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "spec2bdd.toml", 'specs = "far"')
    write(tmp_path / "near", "pyproject.toml", "[tool.spec2bdd]")
    assert Config((tmp_path / "near").resolve()) == read_config(tmp_path / "near")


def test_of_two_in_one_folder_our_own_file_wins(tmp_path: Path) -> None:
    write(tmp_path, "spec2bdd.toml", 'specs = "ours"')
    write(tmp_path, "pyproject.toml", '[tool.spec2bdd]\nspecs = "theirs"')
    assert read_config(tmp_path).specs == ("ours",)


def test_an_explicit_file_is_the_only_one_that_is_read(tmp_path: Path) -> None:
    write(tmp_path, "spec2bdd.toml", 'specs = "near"')
    named = write(tmp_path / "other", "settings.toml", 'specs = "named"')
    assert Config((tmp_path / "other").resolve(), specs=("named",)) == read_config(tmp_path, explicit=named)


def test_an_explicit_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the configuration: No such file"):
        read_config(tmp_path, explicit=tmp_path / "missing.toml")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfspecs = 'a'\n", b"# remark\r\nspecs = 'a'\r\n"])
def test_a_bom_and_crlf_are_accepted(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "spec2bdd.toml").write_bytes(content)
    assert read_config(tmp_path).specs == ("a",)


# The content, and the position of the error as far as it is known.
UNREADABLE = [
    (b"specs = \n", (1, 9)),
    (b"[tool]\nspecs == 1\n", (2, 8)),
    (b"specs = 'a'\nspecs = 'b'\n", (2, 12)),
    (b"specs = [", (1, 10)),
    (b"jobs = 1\nspecs = [\n\n", (2, 10)),
    (b"# remark\nspecs = '\xff'\n", (2, 10)),
    (b"specs = " + b"[" * 100_000, (0, 0)),
    (b"specs" + b".a" * 100_000 + b" = 1", (0, 0)),
]


@pytest.mark.parametrize(("content", "place"), UNREADABLE, ids=[str(case[0][:20]) for case in UNREADABLE])
def test_invalid_toml_is_refused_at_its_position(tmp_path: Path, content: bytes, place: tuple[int, int]) -> None:
    (tmp_path / "spec2bdd.toml").write_bytes(content)
    with pytest.raises(ConfigError, match="invalid TOML") as caught:
        read_config(tmp_path)
    assert (caught.value.path, caught.value.line, caught.value.column) == ("spec2bdd.toml", *place)
    assert "(at line" not in caught.value.message


@pytest.mark.parametrize(
    ("line", "last"),
    [("k{} = 1\n", "99900 more unknown keys"), ("done.k{} = 3\n", "99899 more errors")],
    ids=["unknown", "wrong"],
)
def test_of_very_many_errors_the_first_are_reported(tmp_path: Path, line: str, last: str) -> None:
    write(tmp_path, "spec2bdd.toml", "".join(line.format(number) for number in range(100_000)))
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert (len(caught.value.others) in (100, 101), caught.value.others[-1].message) == (True, last)


@pytest.mark.parametrize("text", ["[tool]\nspec2bdd = 3", "[[tool.spec2bdd]]"])
def test_a_table_of_ours_must_be_a_table(tmp_path: Path, text: str) -> None:
    write(tmp_path, "pyproject.toml", text)
    with pytest.raises(ConfigError, match="expected a table"):
        read_config(tmp_path)


# The existing folders, the table, and the steps folder that is chosen.
STEPS = [
    ([], "", "steps"),
    (["steps"], "", "steps"),
    (["features/steps"], "", "features/steps"),
    (["features/steps", "steps"], "", "features/steps"),
    (["bdd/steps"], 'features = "bdd"', "bdd/steps"),
    (["features/steps"], 'features = "bdd"', "steps"),
    (["features/steps"], 'steps = "steps"', "steps"),
]


@pytest.mark.parametrize(("folders", "table", "steps"), STEPS)
def test_the_steps_folder_is_the_one_that_behave_looks_in_first(
    tmp_path: Path, folders: list[str], table: str, steps: str
) -> None:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    write(tmp_path, "spec2bdd.toml", table)
    assert read_config(tmp_path).steps == steps


def test_a_folder_of_steps_that_is_missing_where_another_one_has_some_is_refused(tmp_path: Path) -> None:
    create_all(tmp_path, ["steps/own_steps.py"])
    write(tmp_path, "spec2bdd.toml", 'steps = "stp"')
    with pytest.raises(ConfigError, match="`stp/`, which does not exist, while there are steps in `steps/`") as caught:
        read_config(tmp_path)
    assert caught.value.hint.endswith("`mv steps stp`")
    (tmp_path / "stp").mkdir()
    assert read_config(tmp_path).steps == "stp"


GENERATED = "# Generated by spec2bdd from specs/1.md. Edit the spec, not this file.\n"
MOVE, INTO = "move them: `mv {1} {0}`", "move the generated files into it"

# The configured folder, the file that is there, its text, and the folder with features and the remedy.
MISSED_FEATURES = [
    ("feature", "features/a.feature", GENERATED, "features", MOVE),
    ("feature", "features/a.feature", "Feature: a\n", "features", MOVE),
    ("qa/bbd", "qa/bdd/x/a.feature", "Feature: a\n", "qa/bdd", MOVE),
    ("bdd", "features/a.feature", f"# language: de\n{GENERATED}", "features", MOVE),
    ("features/own", "features/a.feature", GENERATED, "features", INTO),
]
# They may be of another tool.
OTHER_FEATURES = [
    ("bdd", "features/a.feature", "Feature: a\n"),
    ("features/own", "features/a.feature", "Feature: a\n"),
    ("bdd", "bdd/a.feature", GENERATED),
    ("feature", "features/a.txt", GENERATED),
    ("no/such", "steps/a.py", ""),
]


def configure_features(root: Path, configured: str, path: str, text: str) -> None:
    """Write a file, and a configuration with a folder of features."""
    create_all(root, [path])
    (root / path).write_text(text, encoding="utf-8")
    write(root, "spec2bdd.toml", f'features = "{configured}"')


@pytest.mark.parametrize(("configured", "path", "text", "found", "remedy"), MISSED_FEATURES)
def test_a_folder_of_features_that_is_missing_where_another_one_has_some_is_refused(
    tmp_path: Path, configured: str, path: str, text: str, found: str, remedy: str
) -> None:
    configure_features(tmp_path, configured, path, text)
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    message = f"`features` names `{configured}/`, which does not exist, while there are features in `{found}/`"
    hint = f"correct `features`, or {remedy.format(configured, found)}"
    assert (caught.value.message, caught.value.hint) == (message, hint)
    (tmp_path / configured).mkdir(parents=True)
    assert read_config(tmp_path).features == configured


@pytest.mark.parametrize(("configured", "path", "text"), OTHER_FEATURES)
def test_a_folder_of_features_may_be_missing_where_no_other_one_has_those_of_the_project(
    tmp_path: Path, configured: str, path: str, text: str
) -> None:
    configure_features(tmp_path, configured, path, text)
    assert read_config(tmp_path).features == configured


def test_a_feature_file_that_cannot_be_read_is_not_taken_for_a_generated_one(tmp_path: Path) -> None:
    (tmp_path / "features").mkdir()
    # To read it is an error for every user, also for root.
    (tmp_path / "features" / "a.feature").symlink_to("/proc/self/mem")
    write(tmp_path, "spec2bdd.toml", 'features = "bdd"')
    assert read_config(tmp_path).features == "bdd"


# What exists, folders with a final `/`, the table, and the steps folder that is chosen.
WITH_HOOKS = [
    (["environment.py"], "", "steps"),
    (["environment.py", "steps/"], "", "steps"),
    (["environment.py"], 'features = "bdd"\nsteps = "bdd/steps"', "bdd/steps"),
    (["features/environment.py"], "", "features/steps"),
    (["features/environment.py", "features/steps/"], "", "features/steps"),
    (["environment.py", "features/steps/"], "", "features/steps"),
    (["tests/environment.py", "tests/steps/"], 'features = "tests/features"\nsteps = "tests/steps"', "tests/steps"),
    (["features/prod_environment.py", "steps/"], "", "steps"),
]


def create_all(root: Path, names: list[str]) -> None:
    """Create folders, whose names end with `/`, and empty files."""
    for name in names:
        path = root / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.touch()


@pytest.mark.parametrize(("names", "table", "steps"), WITH_HOOKS)
def test_the_steps_folder_is_the_one_next_to_the_hooks(
    tmp_path: Path, names: list[str], table: str, steps: str
) -> None:
    create_all(tmp_path, names)
    write(tmp_path, "spec2bdd.toml", table)
    assert read_config(tmp_path).steps == steps


# What exists, the table, the path of the hooks, the message, and where the hint moves them.
MISPLACED_HOOKS = [
    (["features/environment.py", "steps/"], "", "features/environment.py", "features/steps", "environment.py"),
    (["features/environment.py"], 'steps = "steps"', "features/environment.py", "features/steps", "environment.py"),
    (["tests/environment.py", "steps/"], 'features = "tests/bdd"', "tests/environment.py", "tests/steps", ""),
]


@pytest.mark.parametrize(("names", "table", "hooks", "loaded", "target"), MISPLACED_HOOKS)
def test_hooks_with_which_behave_would_load_other_steps_are_an_error(
    tmp_path: Path, names: list[str], table: str, hooks: str, *, loaded: str, target: str
) -> None:
    create_all(tmp_path, names)
    write(tmp_path, "spec2bdd.toml", table)
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert caught.value.path == hooks
    assert f"Behave loads the steps in `{loaded}/`, and not those in `steps/`" in caught.value.message
    assert f"`mv {hooks} {target}" in caught.value.hint


def test_steps_that_are_a_link_to_the_folder_next_to_the_hooks_are_the_same_steps(tmp_path: Path) -> None:
    create_all(tmp_path, ["features/environment.py", "steps/"])
    (tmp_path / "features/steps").symlink_to("../steps")
    write(tmp_path, "spec2bdd.toml", 'steps = "steps"')
    assert read_config(tmp_path).steps == "steps"


@pytest.mark.parametrize("kind", ["folder", "broken link"])
def test_hooks_that_behave_would_pass_over_are_an_error(tmp_path: Path, kind: str) -> None:
    create_all(tmp_path, ["features/steps/"])
    create_special(tmp_path / "features/environment.py", kind)
    with pytest.raises(ConfigError, match="not a regular file, so Behave would run without its hooks"):
        read_config(tmp_path)


def create_special(path: Path, kind: str) -> None:
    """Create what has the name of a file and is none."""
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere")


@pytest.mark.parametrize("kind", ["folder", "broken link"])
def test_a_configuration_that_is_no_file_is_an_error(tmp_path: Path, kind: str) -> None:
    create_special(tmp_path / "spec2bdd.toml", kind)
    with pytest.raises(ConfigError, match="not a regular file"):
        read_config(tmp_path)


def test_a_folder_that_may_not_be_searched_has_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may search any folder, so the system is made to refuse it.
    home = tmp_path / "home"
    real = os.stat

    def refuse(path: Any, **options: Any) -> os.stat_result:
        if str(path).startswith(str(home)):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, **options)

    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(os, "stat", refuse)
    assert read_config(tmp_path) == Config(tmp_path)
    assert find_settings(tmp_path) == ()


def test_a_user_without_a_home_folder_needs_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A container may run with a user id that has no name.
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 4_242_424)
    assert read_config(tmp_path) == Config(tmp_path)
    assert find_settings(tmp_path) == ()


def test_all_errors_of_evidence_are_reported_at_once_with_their_entry(tmp_path: Path) -> None:
    write(
        tmp_path,
        "spec2bdd.toml",
        '[done]\na = { coverge = "c", minimum = 200 }\nb = 1\n[statuses]\ndone = "x"\nreview = 1',
    )
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    messages = [error.message for error in (caught.value, *caught.value.others)]
    assert len(messages) == 7
    assert messages[:2] == ["unknown key `done` in `statuses`", "invalid `review = 1` in `statuses`"]
    assert sum(message.startswith('`done."a"`: ') for message in messages) == 4


@pytest.mark.parametrize("text", ["[tool.spec2bdd]\nspecs = 'docs'\n", "tool.spec2bdd.lint.vague-word = 'off'\n"])
def test_the_table_of_a_pyproject_in_a_file_of_its_own_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path, "spec2bdd.toml", text)
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    error = caught.value
    assert (error.path, error.message, error.others) == (
        "spec2bdd.toml",
        "the keys are at the top level of `spec2bdd.toml`, not under `[tool.spec2bdd]`",
        (),
    )
    assert error.hint == "remove `[tool.spec2bdd]`, and `tool.spec2bdd.` before names"
