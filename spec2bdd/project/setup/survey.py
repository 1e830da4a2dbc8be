"""Look at a project that is about to be set up: its specs, features and steps, and the tools around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from spec2bdd.adapters.system import files
from spec2bdd.config import Config, read_config
from spec2bdd.config.discovery import CONFIG_NAMES, find_config
from spec2bdd.domain.specs.dialects import DIALECTS
from spec2bdd.errors import UsageError
from spec2bdd.model.values import dataclass
from spec2bdd.project.spec_files import SPEC_SUFFIX, list_specs, read_specs

# Front matter of a spec that is in no place where specs are looked for.
_FEATURE_ID = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:[^\n]*\n){0,30}?feature_id:", re.MULTILINE)
# Tools that `init` names, with their files, and the table of pyproject.toml that configures them.
_TOOLS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "Behave": (("behave.ini", ".behaverc"), "[tool.behave"),
    "pytest": (("pytest.ini", "conftest.py", "tests/conftest.py"), "[tool.pytest"),
    "ruff": (("ruff.toml", ".ruff.toml"), "[tool.ruff"),
    "black": ((), "[tool.black"),
    "pre-commit": ((".pre-commit-config.yaml",), ""),
    "GitHub Actions": ((".github/workflows",), ""),
    "GitLab CI": ((".gitlab-ci.yml",), ""),
}
# What runs tests in CI or by hand, and may call Behave itself.
_SCRIPTS = (".gitlab-ci.yml", "Makefile", "tox.ini", "noxfile.py", "azure-pipelines.yml", "Jenkinsfile", "justfile")
_BEHAVE_CALL = re.compile(r"^[^#\n]*(?<![\w./-])behave(?![\w./=-])(?![^\n]*@spec_)", re.MULTILINE)
# How CI installs a project, by the file that shows it; the first one that exists counts.
_INSTALLERS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("uv.lock", ("python -m pip install uv", "uv sync"), "uv run "),
    ("poetry.lock", ("python -m pip install poetry", "poetry install"), "poetry run "),
    ("requirements-dev.txt", ("python -m pip install -r requirements-dev.txt",), ""),
    ("requirements.txt", ("python -m pip install -r requirements.txt",), ""),
)
DEFAULT_INSTALL = ("python -m pip install spec2bdd",)
# Of a project that pip can install: steps import what is in its `src`.
PACKAGE_INSTALL = ("python -m pip install --editable . spec2bdd",)
_PACKAGE_TABLES = ("[project]", "[build-system]")


@dataclass(frozen=True, slots=True)
class Survey:
    """What is in a project: `config` is the one that it has or should get, in `config.file` if it has one.

    `dialects` counts its specs, `features` its feature files; `other_features` are the folders of these where there are
    several, and none is in the usual place. `tools` are those that were recognized, `behave_calls`
    the files that run plain Behave. CI installs the project by the commands in `install`, and runs its commands with
    `prefix`; `unlisted_in` is the file of dependencies that does not name spec2bdd, and with `in_ci` a job does.
    """

    config: Config
    dialects: Mapping[str, int]
    features: int
    other_features: tuple[str, ...]
    tools: tuple[str, ...]
    behave_calls: tuple[str, ...]
    install: tuple[str, ...]
    prefix: str
    unlisted_in: str
    in_ci: bool
    has_git: bool


def survey_project(root: Path) -> Survey:
    """Look at the project in a folder; nothing is written or run.

    Raises:
        ConfigError: its configuration is invalid.
        UsageError: the folder is in a project that is configured in a folder above.
    """
    root = root.resolve()
    found = find_config(root)
    if found and found.parent != root:
        hint = f"run `spec2bdd init` there, or create an empty `{CONFIG_NAMES[0]}` here first"
        raise UsageError("this folder is in a project that is configured already", path=str(found), hint=hint)
    config = read_config(root)
    if not found and not list_specs(config) and (places := _find_other_places(root)):
        config = replace(config, specs=places)
    features = files.find_files(root, config.features, suffix=".feature")
    others = () if found or features else _find_other_features(root)
    if len(others) == 1:
        nearest = (f"{others[0]}/steps", (PurePosixPath(others[0]).parent / "steps").as_posix())
        steps = next((name for name in nearest if (root / name).is_dir()), config.steps)
        config, others = replace(config, features=others[0], steps=steps), ()
    specs = read_specs(config, list_specs(config)).specs
    tools = read_text(root, "pyproject.toml")
    is_package = (root / "setup.py").is_file() or any(table in tools for table in _PACKAGE_TABLES)
    alone = ("", PACKAGE_INSTALL if is_package else DEFAULT_INSTALL, "")
    name, install, prefix = next((entry for entry in _INSTALLERS if (root / entry[0]).is_file()), alone)
    workflows = files.find_files(root, ".github/workflows", suffix=".yml")
    scripts = [*workflows, *(script for script in _SCRIPTS if (root / script).is_file())]
    return Survey(
        config=config,
        dialects=Counter(spec.dialect for spec in specs),
        features=len(files.find_files(root, config.features, suffix=".feature")),
        other_features=others,
        tools=tuple(
            tool
            for tool, (names, table) in _TOOLS.items()
            if any((root / name).exists() for name in names) or (table and table in tools)
        ),
        behave_calls=tuple(script for script in scripts if _BEHAVE_CALL.search(read_text(root, script))),
        install=install,
        prefix=prefix,
        unlisted_in=name if name and "spec2bdd" not in read_text(root, name) else "",
        in_ci=any("spec2bdd" in read_text(root, script) for script in scripts),
        has_git=any((folder / ".git").exists() for folder in (root, *root.parents)),
    )


def read_text(root: Path, name: str) -> str:
    """Read a file of another tool; empty if there is none, or if it cannot be read."""
    try:
        return (files.read_file(root, name) or b"").decode("utf-8", "replace")
    except OSError:
        return ""


def _find_other_places(root: Path) -> tuple[str, ...]:
    """Find the folders of specs that are in none of the usual places; a file at the top is named itself."""
    places: set[str] = set()
    for path in files.find_matching(root, ["."], suffix=SPEC_SUFFIX):
        text = read_text(root, path)
        if _FEATURE_ID.match(text) or any(dialect.signatures and dialect.detects(path, text) for dialect in DIALECTS):
            folder = PurePosixPath(path).parent.as_posix()
            places.add(path if folder == "." else folder)
    # A folder in another one is read with it.
    return tuple(sorted(place for place in places if not any(place.startswith(f"{other}/") for other in places)))


def _find_other_features(root: Path) -> tuple[str, ...]:
    """Find the folders called `features` that have feature files, where the usual one has none."""
    places: set[str] = set()
    for path in files.find_files(root, ".", suffix=".feature"):
        folders = PurePosixPath(path).parent.parts
        if "features" in folders:
            places.add("/".join(folders[: folders.index("features") + 1]))
    return tuple(sorted(places))
