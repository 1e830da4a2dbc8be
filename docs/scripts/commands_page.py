"""Render `commands.md` from the definitions of the commands: the same texts as `--help` prints."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Mapping

import click

from spec2bdd.cli.main import main

_HEAD = """\
# Commands

<!-- Generated from the definitions of the commands by `make generated`; edit the help texts in `spec2bdd/cli/`. -->

Every command with its options, as its `--help` prints them.

"""
_EXIT_STATUS_NOTES = """
Under `--check` and `--diff`, the exit code is also 1 if something would change. With 2, everything that could be
judged was judged, and files that could not be read were left unchanged. [Verdicts](verdicts.md#exit-code) lists the
checks.
"""
# Pages that explain what a command does; every command has one.
_RELATED_PAGES: Mapping[str, str] = {
    "init": "[setting up](setting-up.md), [adopting](adopting.md)",
    "new": "[creating specs](creating.md)",
    "verify": "[verdicts](verdicts.md), [running](running.md), [choosing what is run](choosing.md), [CI](ci.md)",
    "generate": "[generating](generating.md), [phrasing](phrasing.md)",
    "run": "[running](running.md), [choosing what is run](choosing.md), [records](records.md)",
    "mark": "[verdicts](verdicts.md), [evidence](evidence.md)",
    "watch": "[watching](watching.md), [choosing what is run](choosing.md)",
    "lint": "[linting](linting.md), [codes](codes.md), [editors](editors.md)",
    "trace": "[tracing](trace.md)",
    "challenge": "[challenges](challenges.md)",
    "status": "[status](status.md)",
    "report": "[report](report.md)",
    "explain": "[explaining](explaining.md)",
    "history": "[explaining](explaining.md)",
    "accept": "[generating](generating.md)",
    "eject": "[generating](generating.md)",
    "waive": "[verdicts](verdicts.md)",
    "unwaive": "[verdicts](verdicts.md)",
    "manual": "[verdicts](verdicts.md)",
    "tick": "[verdicts](verdicts.md)",
    "schema": "[coding assistants](assistants.md), [editors](editors.md)",
    "capabilities": "[coding assistants](assistants.md)",
}


def render_page(_: str = "") -> str:
    """Render the whole page."""
    context = click.Context(main, info_name="spec2bdd", help_option_names=main.context_settings["help_option_names"])
    found = ((name, main.get_command(context, name)) for name in main.list_commands(context))
    commands = {name: command for name, command in found if command is not None}
    overview = "| command | what it does |\n|---|---|\n" + "".join(
        f"| [`spec2bdd {name}`](#{name}) | {command.get_short_help_str(limit=200)} |\n"
        for name, command in commands.items()
    )
    sections = [_render_command(command, click.Context(command, context, name)) for name, command in commands.items()]
    return "\n".join([_HEAD + overview, _render_exit_status(main), *sections])


def _render_exit_status(group: click.Group) -> str:
    """Render the table of exit codes from the last line of the group's help."""
    _, _, text = (group.epilog or "").partition(": ")
    parts = [part.partition(" ") for part in text.rstrip(".").split(", ")]
    rows = "".join(f"| {status} | {meaning} |\n" for status, _, meaning in parts)
    return f"## Exit code\n\n| exit code | meaning |\n|---|---|\n{rows}{_EXIT_STATUS_NOTES}"


def _render_command(command: click.Command, context: click.Context) -> str:
    """Render the section of one command."""
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    texts = map(_render_paragraph, inspect.cleandoc(command.help or "").split("\n\n"))
    examples = re.findall(r"^  (spec2bdd .*)$", command.epilog or "", re.MULTILINE)
    params = [param for param in command.get_params(context) if isinstance(param, click.Option)]
    options = [record for param in params if (record := param.get_help_record(context))]
    return "\n".join(
        [
            f"## {context.info_name}\n",
            *(f"{text}\n" for text in texts),
            f"```text\n{usage}\n```\n",
            "| option | value | what it does |\n|---|---|---|",
            *(_render_option(*record) for record in options),
            "",
            "\n".join(["```sh", *examples, "```\n"]),
            f"See also: {_RELATED_PAGES[context.info_name or '']}.\n",
        ]
    )


def _render_paragraph(text: str) -> str:
    """Render a paragraph of a help text; one that click does not wrap is printed as it is."""
    lines = text.splitlines()
    if lines[0] == "\b":
        return f"```text\n{textwrap.dedent(chr(10).join(lines[1:]))}\n```"
    return " ".join(text.split())


def _render_option(head: str, text: str) -> str:
    """Render the row of one option from the two columns that `--help` prints."""
    match = re.fullmatch(r"((?:-{1,2}[\w-]+(?:, | / )?)+)\s*(.*)", head)
    if match is None:
        raise SystemExit(f"cannot read the option `{head}`")
    names = ", ".join(f"`{name}`" for name in re.findall(r"-{1,2}[\w-]+", match[1]))
    # What click adds at the end, such as `[required]` or `[x>0]`, is separated by two spaces.
    text, _, extra = " ".join(text.split("\n\n")).partition("  ")
    # Not in what is code already, such as `verify --check`.
    text = re.sub(r"(`[^`]*`)|(?<![\w-])--[a-z][a-z-]*", lambda found: found[1] or f"`{found[0]}`", text)
    return f"| {names} | {_render_value(match[2])} | {' '.join([text, *_render_extra(extra)])} |"


def _render_extra(extra: str) -> list[str]:
    """Render what click adds to the text of an option as a sentence, if it adds anything."""
    if not extra:
        return []
    return ["Required."] if extra == "[required]" else [f"`{extra.strip('[]')}`"]


def _render_value(metavar: str) -> str:
    """Render the values that an option takes: each choice by itself."""
    match = re.fullmatch(r"\[([\w|-]+)\](.*)", metavar)
    choices, suffix = (match[1], match[2]) if match else (metavar, "")
    values = ", ".join(f"`{choice}`" for choice in choices.split("|") if choice)
    return f"{values}; with `{suffix.strip('[]')}`, in a file" if suffix else values
