"""The `new` command: write a spec from a template."""

from __future__ import annotations

from datetime import datetime

from spec2bdd.adapters.system import files
from spec2bdd.adapters.system.git import find_branch, find_user_name
from spec2bdd.commands._report import apply_changes, compute_exit_code
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.domain.drafts.issue import Issue
from spec2bdd.domain.drafts.paths import build_slug
from spec2bdd.errors import UsageError
from spec2bdd.model import FileChange, Report, Status, Tier
from spec2bdd.project.setup.drafts import choose_draft_path, read_issue, render_draft
from spec2bdd.text.clean import escape_surrogates

# The branches that work is merged into: a spec is not about one of these.
_SHARED_BRANCHES = frozenset({"", "main", "master", "trunk", "develop", "development"})


def new(
    project: ProjectLocation,
    feature_id: str,
    name: str = "",
    *,
    owner: str = "",
    issue: bytes | None = None,
    issue_path: str = "",
    mode: WriteMode = WriteMode.WRITE,
    now: datetime | None = None,
) -> Report:
    """Write the spec of a new feature; nothing is overwritten.

    `owner` defaults to the name that git knows. `issue` is the Markdown of an issue, whose title is the default of
    `name` and whose criteria become those of the spec; `issue_path` names it in errors.

    Raises:
        ConfigError: the configuration is invalid.
        UsageError: the id or the name cannot be used, another spec has the id, or the file exists.
        SpecError: the issue is not UTF-8, or has a conflict marker.
        TemplateError: the template cannot be rendered, or what it renders is another spec.
    """
    config = resolve_config(project)
    read = Issue() if issue is None else read_issue(issue, path=issue_path)
    name = name or read.title
    if issue is not None and not name:
        hint = 'give the name as well, such as `spec2bdd new 3.2 "Book returns" --from-issue FILE`'
        raise UsageError("the issue has no title", hint=hint, path=issue_path)
    for label, value in (("ID", feature_id), ("NAME", name), ("owner", owner)):
        if not value.isprintable() or (label != "owner" and not any(map(str.isalnum, value))):
            hint = "use letters and digits on one line, such as `3.2` and `Book returns`"
            message = f"invalid {label} `{escape_surrogates(value)}`" if value else f"{label} is empty"
            raise UsageError(message, hint=hint)
    with files.folder_lock(config.root):
        path = choose_draft_path(config, feature_id, name)
        owner, branch = owner or find_user_name(config.root), find_branch(config.root)
        values = {
            "id": feature_id,
            "name": name,
            "path": path,
            "owner": owner if owner.isprintable() else "",
            "branch": f"feature/{build_slug(feature_id, name)}" if branch in _SHARED_BRANCHES else branch,
            "status": config.statuses.get(Status.DRAFT, str(Status.DRAFT)),
            "created": (now or datetime.now().astimezone()).isoformat(timespec="seconds"),
            "purpose": read.purpose,
            "notes": read.notes,
            "criteria": {str(tier): list(read.criteria.get(tier, ())) for tier in Tier},
        }
        content = render_draft(config, path, values, texts=read.texts)
        written = apply_changes(config, (FileChange(path, None, content),), mode)
    exit_code = compute_exit_code(failed=mode is WriteMode.CHECK, incomplete=bool(written.diagnostics))
    return Report(
        "new",
        written.changes,
        wrote=mode.writes,
        diagnostics=written.diagnostics,
        exit_code=exit_code,
        follow_up=f"fill in `{path}`, then `spec2bdd generate`",
    )
