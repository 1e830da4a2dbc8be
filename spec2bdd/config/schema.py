"""One value of our table in, the value that `Config` holds out; what cannot be meant is refused with a hint."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath

from spec2bdd.config.errors import check_choice, collect_errors, find_unknown_keys
from spec2bdd.config.evidence import check_evidence_table, check_paths
from spec2bdd.diagnostics.codes import CODES
from spec2bdd.domain.expressions.matchers import MATCHERS
from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, find_language
from spec2bdd.errors import ConfigError
from spec2bdd.model import Status, Tier

STATUS_KEYS: Mapping[str, Status] = {status.lower().replace(" ", "_"): status for status in Status}
# A name is written into front matter of any quoting, so it holds nothing that means something to YAML or Markdown.
_NAME = re.compile(r"(?![-?:\s])[^\x00-\x1f\x7f-\x9f:#'\"\\\[\]{}|>&*!%@`,]+(?<!\s)")

# What a heading can announce, and what a finding can be turned into.
HEADINGS = ("must", "should", "could", "wont", "criteria", "done", "leave-out")
LEVELS = ("error", "warning", "advice", "off")


def _check_folder(value: object, *, key: str) -> str:
    """Return a folder below the root, with `/`, or refuse it."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ConfigError(f"`{key}` is not the name of a folder", hint=f'write `{key} = "{key}"`')
    folder = PurePosixPath(value.replace("\\", "/"))
    outside = folder.is_absolute() or ".." in folder.parts or ":" in "".join(folder.parts[:1])
    if outside or not folder.parts:
        hint = "name a folder below the one that holds the configuration"
        where = "leads outside the project" if outside else "is the whole project"
        raise ConfigError(f"`{key} = {value!r}` {where}", hint=hint)
    return folder.as_posix()


def _check_gate(value: object) -> tuple[Tier, ...]:
    """Return the gating tiers."""
    known = (Tier.MUST, Tier.SHOULD, Tier.COULD)
    if not isinstance(value, list) or not value or any(tier not in known for tier in value):
        raise ConfigError("`gate` is not a list of tiers", hint='write `gate = ["must", "should"]`')
    return tuple(tier for tier in known if tier in value)


def _check_language(value: object) -> str:
    """Return the code of a language whose keywords are known."""
    found = find_language(value) if isinstance(value, str) else ""
    if not found:
        hint = f"one of {', '.join(f'`{code}`' for code in LANGUAGES)}"
        raise ConfigError(f"`language = {value!r}` is not a language that specs can be written in", hint=hint)
    return found


def _check_matcher(value: object) -> str:
    """Return the name of a step matcher that stubs can be written for."""
    if value not in MATCHERS:
        close = difflib.get_close_matches(str(value), MATCHERS, n=1, cutoff=0.4)
        hint = f"did you mean `{close[0]}`?" if close else f"one of {', '.join(f'`{name}`' for name in MATCHERS)}"
        raise ConfigError(f"`matcher = {value!r}` is not a step matcher of Behave's", hint=hint)
    return str(value)


def _check_choice(value: object, *, key: str) -> bool:
    """Return a yes or a no."""
    if not isinstance(value, bool):
        raise ConfigError(f"`{key}` is neither yes nor no", hint=f"write `{key} = true`")
    return value


def _check_headings(value: object) -> dict[str, tuple[str, ...]]:
    """Return the extra names of headings."""
    if not isinstance(value, dict):
        raise ConfigError("`headings` is not a table", hint='write `must = ["Critical"]` below it')
    known = {key: names for key, names in value.items() if key in HEADINGS}
    wrong = [
        ConfigError(f"`{key}` is not a list of headings", hint=f'write `{key} = ["Critical"]`')
        for key, names in known.items()
        if not isinstance(names, list) or not all(isinstance(text, str) and text.strip() for text in names)
    ]
    collect_errors([*find_unknown_keys(value, HEADINGS), *wrong])
    return {key: tuple(names) for key, names in value.items()}


def _check_levels(value: object) -> dict[str, str]:
    """Return the level that each code is given."""
    if not isinstance(value, dict):
        raise ConfigError("`lint` is not a table", hint='write `vague-word = "off"` below it')
    collect_errors(filter(None, (_find_wrong_level(code, level) for code, level in value.items())))
    return dict(value)


def _find_wrong_level(code: str, level: object) -> ConfigError | None:
    """Return an error for a code that does not exist, or whose level is not a matter of taste, or for no level."""
    if code not in CODES:
        close = difflib.get_close_matches(code, CODES, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "write a code as it stands in brackets behind a message"
        return ConfigError(f"unknown code `{code}`", hint=hint)
    if not CODES[code].configurable:
        message = f"`{code}` cannot be given a level: it is an error that keeps work from being done"
        return ConfigError(message, hint="delete the line")
    if level not in LEVELS:
        hint = f"one of {', '.join(f'`{known}`' for known in LEVELS)}"
        return ConfigError(f"`{code} = {level!r}` is not a level", hint=hint)
    return None


def check_jobs(value: object) -> int | str:
    """Return how many processes run scenarios.

    Raises:
        ConfigError: it is neither a number from 1 nor `auto`.
    """
    if value == "auto":
        return "auto"
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise ConfigError(f"`jobs = {value!r}` is no number of processes", hint='write `jobs = 4`, or `jobs = "auto"`')


def check_timeout(value: object) -> float:
    """Return how many seconds a scenario may take; 0 is no limit.

    Raises:
        ConfigError: it is no number from 0.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise ConfigError(f"`timeout = {value!r}` is no number of seconds", hint="write `timeout = 60`")


def check_retries(value: object) -> int:
    """Return how often a scenario that fails is tried again.

    Raises:
        ConfigError: it is no number from 0.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ConfigError(f"`retries = {value!r}` is no number of tries", hint="write `retries = 1`")


def check_statuses(value: object) -> dict[Status, str]:
    """Return the name of each status that the table gives one.

    Raises:
        ConfigError: a key is unknown, or a name cannot be written; all that is wrong is told at once.
    """
    if not isinstance(value, dict):
        raise ConfigError("`statuses` is not a table", hint='write `complete = "Done"` below it')
    names = {STATUS_KEYS[key]: name for key, name in value.items() if key in STATUS_KEYS}
    wrong = [_describe_name(status, name) for status, name in names.items() if not _is_name(name)]
    collect_errors([*find_unknown_keys(value, STATUS_KEYS), *wrong])
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


# Each key of the table, in the order of the documentation, with what its value has to be.
CHECKS: Mapping[str, Callable[[object], object]] = {
    "specs": partial(_check_folder, key="specs"),
    "features": partial(_check_folder, key="features"),
    "steps": partial(_check_folder, key="steps"),
    "gate": _check_gate,
    "matcher": _check_matcher,
    "language": _check_language,
    "flaky": partial(check_choice, key="flaky", choices=("fail", "pass")),
    "vacuous": partial(check_choice, key="vacuous", choices=("pending", "pass")),
    "require_red": partial(_check_choice, key="require_red"),
    "headings": _check_headings,
    "lint": _check_levels,
    "statuses": check_statuses,
    "without_done": partial(check_choice, key="without_done", choices=("review", "complete")),
    "upstream": partial(check_choice, key="upstream", choices=("show", "hold")),
    "done": check_evidence_table,
    "sources": partial(check_paths, key="sources"),
    "jobs": check_jobs,
    "timeout": check_timeout,
    "retries": check_retries,
}
