"""The `init` command: set up a project, without changing what it has."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from spec2bdd.adapters.system import files
from spec2bdd.commands._report import apply_changes, compute_exit_code
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import CACHE
from spec2bdd.config.discovery import CONFIG_NAMES
from spec2bdd.domain.setup.additions import add_config_table, add_hooks, add_ignored, add_section
from spec2bdd.domain.templates import render_template
from spec2bdd.errors import ConfigError
from spec2bdd.model import FileChange, Report
from spec2bdd.project.setup.survey import DEFAULT_INSTALL, PACKAGE_INSTALL, Survey, survey_project

_CI_TOOLS = {"github": "GitHub Actions", "gitlab": "GitLab CI"}
# Ends the note on a file that the user has to edit.
_ADD_THIS = " stays as it is; add this to it:"
_CI_FILES = {"github": ".github/workflows/specs.yml", "gitlab": ".gitlab-ci.yml"}

Addition = Callable[[bytes], bytes | None]
"""Adds to the content of a file; `None` where that is not safe."""

PlannedFile = tuple[FileChange | None, tuple[str, ...]]
"""The change of a file, if there is one, and notes for the reader."""


def init(
    folder: Path | str = ".",
    *,
    ci: str = "",
    hooks: bool = False,
    agents: bool = False,
    mode: WriteMode = WriteMode.WRITE,
) -> Report:
    """Set up a project: write its configuration and its folders, and on request files of other tools.

    `ci` is `github` or `gitlab`, and adds a job; `hooks` adds to `.pre-commit-config.yaml`, `agents` to `AGENTS.md`. A
    file that exists is only added to, at its end and where that is safe; otherwise a note has what to add.

    Raises:
        ConfigError: the configuration that the project has is invalid.
        UsageError: the folder is in a project that is configured already.
    """
    root = Path(folder).resolve()
    survey = survey_project(root)
    config = survey.config
    needed = (*map(files.find_base, config.specs[:1]), config.features, config.steps)
    for name in needed:
        _check_folder(root, name)
    with files.folder_lock(root):
        planned = [_plan_config(survey), *_plan_files(survey, ci=ci, hooks=hooks, agents=agents)]
        changes = [change for change, _ in planned if change]
        folders = [name for name in needed if not os.path.lexists(root / name)]
        written = apply_changes(config, changes, mode)
        for name in folders if mode.writes and not written.diagnostics else ():
            (root / name).mkdir(parents=True, exist_ok=True)
    failed = mode is WriteMode.CHECK and bool(changes or folders)
    additions = _find_additions(planned)
    by_hand = f"add the lines above to {' and '.join(additions)}, then " if additions else ""
    next_command = "spec2bdd verify" if survey.dialects else 'spec2bdd new 1.1 "NAME OF A FEATURE"'
    return Report(
        "init",
        written.changes,
        wrote=mode.writes,
        diagnostics=written.diagnostics,
        exit_code=compute_exit_code(failed=failed, incomplete=bool(written.diagnostics)),
        notes=(*_describe(survey, folders, ci), *(note for _, notes in planned for note in notes)),
        follow_up=f"{by_hand}run `{next_command}`",
        folders=tuple(folders),
        additions=additions,
    )


def _find_additions(planned: Sequence[PlannedFile]) -> tuple[str, ...]:
    """Find the files, in backticks, that the user has to add something to."""
    notes = [note for _, notes in planned for note in notes]
    return tuple(note.removesuffix(_ADD_THIS) for note in notes if note.endswith(_ADD_THIS))


def _check_folder(root: Path, name: str) -> None:
    """Refuse a folder whose path, or a part of it, is a link that leads nowhere, or a file.

    Raises:
        ConfigError: it is.
    """
    for part in (*reversed(PurePosixPath(name).parents), PurePosixPath(name)):
        path = root / part
        if path.is_dir() or not os.path.lexists(path):
            continue
        if path.is_symlink():
            message = f"the link leads to `{path.readlink()}`, which is no folder; nothing was written"
            raise ConfigError(message, path=part.as_posix(), hint="create that folder, or delete the link")
        message = "this is a file, and the project needs a folder here; nothing was written"
        raise ConfigError(message, path=part.as_posix(), hint="move the file, or configure another folder")


def _plan_config(survey: Survey) -> PlannedFile:
    """Plan the configuration: a table in pyproject.toml, or spec2bdd.toml where that cannot be."""
    config = survey.config
    if config.file:
        return None, (f"the configuration in `{config.file}` stays as it is",)
    specs = config.specs[0] if len(config.specs) == 1 else list(config.specs)
    values = {"specs": specs, "features": config.features, "steps": config.steps}
    text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    before = files.read_file(config.root, CONFIG_NAMES[1])
    after = add_config_table(before, f"[tool.spec2bdd]\n{text}") if before is not None else None
    if after is not None:
        return FileChange(CONFIG_NAMES[1], before, after), ()
    return FileChange(CONFIG_NAMES[0], None, text.encode("utf-8")), ()


def _plan_files(survey: Survey, *, ci: str, hooks: bool, agents: bool) -> Iterator[PlannedFile]:
    """Plan the files of other tools."""
    config = survey.config
    plan = partial(_plan_file, config.root)
    if survey.has_git:
        # Results depend on all that is committed, and Python writes its cache during a run.
        folders = (CACHE, "__pycache__")
        text = "".join(f"{name}/\n" for name in folders)
        yield plan(".gitignore", text, partial(add_ignored, folders=folders))
    if ci:
        verify = f"{survey.prefix}spec2bdd verify --check"
        text = render_template(f"{ci}.yml.jinja", install=survey.install, verify=verify)
        # A job in a file of one's own would be safe for GitLab as well, but not run without an edit of this one.
        yield plan(_CI_FILES[ci], text, lambda _: None, known="spec2bdd")
    if hooks:
        entry = render_template("hooks.yaml.jinja")
        text = "repos:\n" + "".join(f"  {row}\n" for row in entry.splitlines())
        yield plan(".pre-commit-config.yaml", text, partial(add_hooks, entry=entry), known="spec2bdd")
    if agents:
        specs = " and ".join(f"`{place}`" for place in config.specs)
        text = render_template("agents.md.jinja", specs=specs, features=config.features, steps=config.steps)
        yield plan("AGENTS.md", f"# AGENTS.md\n\n{text}", partial(add_section, section=text), known="spec2bdd")


def _plan_file(root: Path, path: str, text: str, add: Addition, *, known: str = "") -> PlannedFile:
    """Plan a new file, or an addition to one that exists; one that has the word `known` is not changed."""
    before = files.read_file(root, path)
    if before is None:
        return FileChange(path, None, text.encode("utf-8")), ()
    if known and known.encode() in before:
        return None, (f"`{path}` already mentions `spec2bdd`, so it is not changed",)
    after = add(before)
    if after is None:
        return None, (f"`{path}`{_ADD_THIS}", *(f"    {row}" for row in text.splitlines()))
    return FileChange(path, before, after) if after != before else None, ()


def _describe(survey: Survey, folders: Sequence[str], ci: str) -> Iterator[str]:
    """Describe what was found, and what has to be done by hand."""
    config = survey.config
    listed = [f"{count} {dialect}" for dialect, count in survey.dialects.items()]
    counts = f"dialects: {', '.join(listed)}" if listed[1:] else "".join(f"dialect {name}" for name in survey.dialects)
    total = sum(survey.dialects.values())
    places = ", ".join(f"`{place}`" for place in config.specs)
    found = [f"{total} spec{'s' * (total != 1)} in {places} ({counts})"] if counts else []
    if survey.features:
        found.append(f"{survey.features} feature file{'s' * (survey.features != 1)} in `{config.features}`")
    if survey.other_features:
        names = ", ".join(f"`{name}`" for name in survey.other_features)
        yield f"there are feature files in {names}: set `features` to one of these, or configure a project for each"
    found += survey.tools
    if counts or not found:
        yield f"found {', '.join(found) or 'no specs'}"
    else:
        # "no specs, GitHub Actions" reads as if there were none of either.
        yield f"found {', '.join(found)}, but no specs"
    if folders:
        yield f"new folders: {', '.join(f'`{folder}/`' for folder in folders)}"
    for script in survey.behave_calls:
        yield f'`{script}` runs plain `behave`, which fails on stubs: use `behave --tags="not @spec_*"` there'
    if ci and survey.unlisted_in:
        yield f"add `spec2bdd` to `{survey.unlisted_in}`, from which CI installs it"
    elif ci and not survey.in_ci and survey.install in (DEFAULT_INSTALL, PACKAGE_INSTALL):
        yield (
            "the job installs spec2bdd from your package index: if it is not there, write `git+https://SERVER/spec2bdd@COMMIT`"
            " in place of its name"
        )
    services = [name for name, tool in _CI_TOOLS.items() if tool in survey.tools and not (ci or survey.in_ci)]
    for name in services:
        yield f"`spec2bdd init --ci {name}` adds a job"
