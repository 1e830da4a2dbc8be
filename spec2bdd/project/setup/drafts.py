"""What a new spec depends on: the specs that exist, the template of the project, an issue."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress

from spec2bdd.adapters.system import files
from spec2bdd.config import Config
from spec2bdd.domain.drafts.issue import Issue, parse_issue
from spec2bdd.domain.drafts.paths import build_slug, choose_spec_path
from spec2bdd.domain.templates.sandbox import BUILT_IN, load_spec_template, render_spec_template
from spec2bdd.errors import ConfigError, SpecError, TemplateError, UsageError
from spec2bdd.project.spec_files import list_specs, parse_project_spec, read_specs
from spec2bdd.text.encoding import SAVE_AS_UTF8, describe_bad_byte
from spec2bdd.text.slugs import slugify


def read_issue(content: bytes, *, path: str) -> Issue:
    """Read an issue; `path` names it in errors.

    Raises:
        SpecError: it is not UTF-8, or has a conflict marker.
        UsageError: it is JSON and no Markdown.
    """
    try:
        text = content.decode("utf-8")
        with suppress(ValueError, RecursionError):
            if text.lstrip("\ufeff \t\r\n").startswith(("{", "[{")) and json.loads(text.lstrip("\ufeff")):
                hint = "name the Markdown of the issue, as `gh issue view 12` prints it without `--json`"
                raise UsageError("the issue is JSON, not Markdown", hint=hint, path=path)
        return parse_issue(text, path=path)
    except UnicodeDecodeError as error:
        bad = describe_bad_byte(error)
        raise SpecError(bad.message, hint=SAVE_AS_UTF8, path=path, line=bad.line, column=bad.column) from error


def choose_draft_path(config: Config, feature_id: str, name: str) -> str:
    """Choose the path of a new spec, if neither the path nor the id is taken.

    Raises:
        UsageError: another spec has the id, there is a file of this path, or no place for new specs.
    """
    path = choose_spec_path(build_slug(feature_id, name), config.specs)
    if not path:
        places = ", ".join(f"`{place}`" for place in config.specs)
        wider = json.dumps([*config.specs, "specs"], ensure_ascii=False)
        hint = (
            f"create it with the tool that these specs are of, or add a folder to the configuration: `specs = {wider}`"
        )
        raise UsageError(f"no place for a new spec in {places}", hint=hint)
    for spec in read_specs(config, list_specs(config)).specs:
        # Tags are made of ids, and `3.2` and `3-2` make the same one.
        other = spec.find_value("feature_id") or spec.derived_id
        if slugify(other) == slugify(feature_id):
            field = spec.find_field("feature_id")
            line, column = (field.line, field.column) if field else (1, 1)
            message = f"this spec already has the id `{feature_id}`{'' if other == feature_id else f', as `{other}`'}"
            raise UsageError(message, path=spec.path, line=line, column=column, hint="choose another ID")
    if os.path.lexists(config.root / path):
        raise UsageError("the file exists, and is not overwritten", path=path, hint="choose another ID or NAME")
    return path


def render_draft(config: Config, path: str, values: Mapping[str, object], *, texts: Iterable[str]) -> bytes:
    """Render a new spec, and check that it reads back with its id, its name and criteria with these texts.

    Raises:
        ConfigError: the template of the project does not exist.
        TemplateError: the template cannot be rendered, or what it renders is another spec.
    """
    name = config.template or BUILT_IN
    source = _read_template(config) if config.template else load_spec_template()
    text = render_spec_template(source, values, path=name)
    line_end = "\r\n" if "\r\n" in source else "\n"
    content = (line_end.join(text.replace("\r\n", "\n").rstrip("\n").split("\n")) + line_end).encode("utf-8")
    spec = parse_project_spec(config, path, content)
    for key, value in (("feature_id", "id"), ("name", "name")):
        if spec.find_field(key) and spec.find_value(key) != values[value]:
            message = f"the new spec has the `{key}` `{spec.find_value(key)}` and not `{values[value]}`"
            raise TemplateError(message, path=name, hint=f"write `{key}: {{{{ {value} | yaml }}}}`")
    # In a part that is never closed, such as code, criteria would be lost without a word.
    if missing := Counter(texts) - Counter(criterion.text for criterion in spec.criteria):
        message = f"the new spec lacks the criterion `{next(iter(missing))}` of the issue"
        raise TemplateError(message, path=name, hint="write the spec without `--from-issue`, and copy it there")
    return content


def _read_template(config: Config) -> str:
    """Read the template of the project."""
    content = files.read_file(config.root, config.template)
    if content is None:
        raise ConfigError("the template does not exist", path=config.template, hint="correct `template`")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad = describe_bad_byte(error)
        raise TemplateError(
            bad.message, hint=SAVE_AS_UTF8, path=config.template, line=bad.line, column=bad.column
        ) from error
