"""The table `statuses` in, what the four statuses are called in a project out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from spec2bdd.config.errors import find_unknown, gather_errors
from spec2bdd.errors import ConfigError
from spec2bdd.model import Status

STATUS_KEYS: Mapping[str, Status] = {status.lower().replace(" ", "_"): status for status in Status}

# A name is written into front matter of any quoting, so it holds nothing that means something to YAML or Markdown.
_NAME = re.compile(r"(?![-?:\s])[^\x00-\x1f\x7f-\x9f:#'\"\\\[\]{}|>&*!%@`,]+(?<!\s)")


def check_statuses(value: object) -> dict[Status, str]:
    """Return the name of each status that the table gives one.

    Raises:
        ConfigError: a key is unknown, or a name cannot be written; all that is wrong is told at once.
    """
    if not isinstance(value, dict):
        raise ConfigError("`statuses` is not a table", hint='write `complete = "Done"` below it')
    names = {STATUS_KEYS[key]: name for key, name in value.items() if key in STATUS_KEYS}
    wrong = [_describe_name(status, name) for status, name in names.items() if not _is_name(name)]
    gather_errors([*find_unknown(value, STATUS_KEYS), *wrong])
    every = {status: names.get(status, str(status)) for status in Status}
    folded = [" ".join(name.replace("-", " ").replace("_", " ").split()).casefold() for name in every.values()]
    if len(set(folded)) < len(folded):
        raise ConfigError("`statuses` calls two statuses by one name", hint="give each of the four a name of its own")
    return names


def _is_name(name: object) -> bool:
    """Tell whether a name can be written into a spec as it stands."""
    return isinstance(name, str) and name.isprintable() and _NAME.fullmatch(name) is not None


def _describe_name(status: Status, name: object) -> ConfigError:
    """Return the error for a name that cannot be written."""
    hint = "write one line of words, without quotes, brackets, colons and the like"
    return ConfigError(f"`statuses`: {name!r} is no name for `{status}`", hint=hint)
