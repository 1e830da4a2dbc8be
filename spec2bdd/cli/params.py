"""Types of option values, with errors that say what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from spec2bdd.errors import UsageError

AUTO = "auto"


class ChoiceType(click.ParamType):  # type: ignore[type-arg]  # Only newer versions of click are generic.
    """One of several words."""

    def __init__(self, *choices: str, hints: Mapping[str, str] | None = None) -> None:
        self._choices = choices
        # For words that are likely to be typed and are not among the choices.
        self._hints = hints or {}
        self.name = f"[{'|'.join(choices)}]"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002
        """Show the words; click 8.1 calls this without a context."""
        return self.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Check the word."""
        if value not in self._choices:
            choices = ", ".join(f"`{choice}`" for choice in self._choices)
            raise UsageError(_describe(value, param), hint=self._hints.get(value, f"use one of {choices}"))
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        """List the words that a shell may complete to."""
        return complete_words(self._choices, incomplete)


class JobsType(click.ParamType):  # type: ignore[type-arg]
    """A number of processes, or as many as there are processors."""

    name = "N|auto"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Parse the number, or keep `auto`."""
        jobs = value if value == AUTO else _parse_int(value)
        if not jobs:
            raise UsageError(_describe(value, param), hint="use a positive integer or `auto`")
        return jobs


class ShardType(click.ParamType):  # type: ignore[type-arg]
    """One part of how many."""

    name = "I/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Parse both numbers."""
        part, parts = (_parse_int(text) or 0 for text in str(value).partition("/")[::2])
        # Counted from 1, as in the configuration of CI services.
        if not 1 <= part <= parts:
            raise UsageError(_describe(value, param), hint="use I/N with 1 <= I <= N, such as `1/3`")
        return part, parts


class RetriesType(click.ParamType):  # type: ignore[type-arg]
    """How many times a scenario is retried."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Parse the number."""
        # `--help` loads no model.
        from spec2bdd.model import MOST_RETRIES

        count = _parse_int(value)
        if count is None or count > MOST_RETRIES:
            raise UsageError(_describe(value, param), hint=f"use an integer from 0 to {MOST_RETRIES}")
        return count


class CountType(click.ParamType):  # type: ignore[type-arg]
    """How many of something, at least one."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Parse the number."""
        count = _parse_int(value)
        if not count:
            raise UsageError(_describe(value, param), hint="use a positive integer")
        return count


class SecondsType(click.ParamType):  # type: ignore[type-arg]
    """A length of time, which may be 0 where that means no limit."""

    name = "SECONDS"

    def __init__(self, *, or_none: bool = False) -> None:
        self._or_none = or_none

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Parse the number."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = -1.0
        # Not a number is not greater than 0 either.
        if not 0 < seconds < float("inf") and not (self._or_none and seconds == 0):
            more = ", or 0 for no limit" if self._or_none else ""
            raise UsageError(_describe(value, param), hint=f"use a number of seconds greater than 0{more}")
        return seconds


class FileType(click.ParamType):  # type: ignore[type-arg]
    """A file that is read, or one that is written."""

    name = "FILE"

    def __init__(self, *, exists: bool) -> None:
        self._exists = exists

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Check that the file is there, or that the path is no folder."""
        path = Path(value)
        if path.is_dir():
            raise UsageError(f"{_describe(value, param)}: it is a folder", hint="name a file")
        if self._exists and not path.exists():
            hint = f"check the path after `{param.opts[-1]}`" if param else "check the path"
            raise UsageError(f"file not found: `{value}`", hint=hint)
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        """Let the shell complete the path of a file."""
        # Needed where a shell asks, and nowhere else.
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


def complete_words(words: Iterable[str], incomplete: str) -> list[Any]:
    """List the words that begin with what was typed, for a shell."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _parse_int(value: object) -> int | None:
    """Parse a number without a sign; nothing for any other text, and for more digits than make sense."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _describe(value: object, param: click.Parameter | None) -> str:
    """Describe a value that an option cannot have."""
    return f"invalid value `{value}` for `{param.opts[-1]}`" if param else f"invalid value `{value}`"
