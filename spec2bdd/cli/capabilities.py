"""Collect what this version can do, from the definitions that the commands themselves are made of."""

from __future__ import annotations

import platform
from importlib.metadata import version

import click

from spec2bdd import __version__
from spec2bdd.cli.formats import OutputType
from spec2bdd.cli.schemas import list_schemas
from spec2bdd.diagnostics.codes import load_codes
from spec2bdd.domain.specs.dialects.registry import DIALECTS
from spec2bdd.reporters.capabilities import Capabilities, CodeInfo, CommandInfo, DialectInfo, OptionInfo
from spec2bdd.reporters.registry import list_formats


def collect_capabilities(group: click.Group, context: click.Context) -> Capabilities:
    """Collect the capabilities of a group of commands, whose epilog lists the exit codes."""
    commands = ((name, group.get_command(context, name)) for name in group.list_commands(context))
    _, _, codes = (group.epilog or "").partition(": ")
    pairs = (part.partition(" ") for part in codes.rstrip(".").split(", "))
    return Capabilities(
        versions=(
            ("spec2bdd", __version__),
            ("python", platform.python_version()),
            ("behave", version("behave")),
        ),
        commands=tuple(_describe_command(command, context) for _, command in commands if command),
        exit_codes=tuple((int(code), meaning) for code, _, meaning in pairs),
        dialects=tuple(DialectInfo(dialect.name, dialect.patterns) for dialect in DIALECTS),
        codes=tuple(
            CodeInfo(code.name, str(code.severity), code.meaning, code.fix, code.fixable)
            for code in load_codes().values()
        ),
        schemas=tuple(list_schemas()),
    )


def _describe_command(command: click.Command, parent: click.Context) -> CommandInfo:
    """Describe one command."""
    context = click.Context(command, parent, command.name)
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    formats = next((option.type for option in options if isinstance(option.type, OutputType)), None)
    return CommandInfo(
        name=command.name or "",
        summary=command.get_short_help_str(limit=200),
        usage=" ".join([context.command_path, *command.collect_usage_pieces(context)]),
        options=tuple(
            OptionInfo(
                names=tuple(option.opts),
                value="" if option.is_flag else option.make_metavar(context),
                help=" ".join((option.help or "").split()),
                repeatable=option.multiple,
            )
            for option in options
        ),
        formats=tuple(list_formats(*formats.kinds)) if formats else (),
    )
