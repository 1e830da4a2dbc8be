"""The `spec2bdd` command group.

Exit code: 0 success; 1 checks failed; 2 error, for all files or for some; 130 interrupted. The answer of a command
goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Any

# A command creates thousands of values that all live until it ends, imported modules among them: with the default
# thresholds, the garbage collector takes a tenth of its time.
gc.set_threshold(20_000, 20, 20)

import click  # noqa: E402  The collector is set before, because most of the start is this import.

from spec2bdd import __version__  # noqa: E402
from spec2bdd.cli.boundary import exit_on_interrupt, exit_on_unexpected_error  # noqa: E402
from spec2bdd.cli.parsing import exit_on_usage_error, suggest_command  # noqa: E402
from spec2bdd.cli.terminal import ARGUMENTS, measure_width  # noqa: E402
from spec2bdd.errors import SystemCallError  # noqa: E402

# Wider than the 80 columns of click where the terminal is.
_CONTEXT = {"help_option_names": ["-h", "--help"], "terminal_width": measure_width()}
_EPILOG = "Exit code: 0 success, 1 checks failed, 2 error, 130 interrupted."


# The commands and the modules in `cli/commands` that define them, in the order of the help: what a newcomer needs
# first, the commands about one criterion last.
_MODULES = {
    "init": "init",
    "new": "new",
    "verify": "verify",
    "generate": "generate",
    "run": "run",
    "mark": "mark",
    "watch": "watch",
    "lint": "lint",
    "status": "status",
    "trace": "trace",
    "report": "report",
    "challenge": "challenge",
    "explain": "explain",
    "history": "history",
    "accept": "criteria",
    "eject": "criteria",
    "waive": "criteria",
    "unwaive": "criteria",
    "manual": "criteria",
    "tick": "criteria",
    "schema": "capabilities",
    "capabilities": "capabilities",
}


class OrderedGroup(click.Group):
    """A group with its commands in a fixed order, each of which is imported when it is used."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line, and exit; no error gets past this with a traceback that a user could cause."""
        with exit_on_unexpected_error():
            return super().main(*args, **options)

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the command line; Ctrl-C ends it with 130, and not with `Aborted!` and 1 as click does."""
        with exit_on_interrupt():
            return super().make_context(*args, **options)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options before the command; print what is wrong with them, and exit."""
        ctx.meta[ARGUMENTS] = tuple(args)
        with exit_on_usage_error(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is named; Ctrl-C while its modules are imported ends it with 130.

        Raises:
            SystemCallError: a module cannot be loaded, for which click would only print `Aborted!`.
        """
        try:
            with exit_on_interrupt():
                return super().invoke(ctx)
        except EOFError as error:
            # Python 3.11 keeps a half written file if the disk is full.
            hint = "delete the folders `__pycache__` of spec2bdd and of what it needs, or install them again"
            raise SystemCallError(f"a compiled module of Python is incomplete: {error}", hint=hint) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is named, or print which one is most like it, and exit."""
        if args[0] == "help" and not ctx.resilient_parsing:
            # As with git and cargo: `help` and `help COMMAND`.
            args = [*args[1:2], "--help"]
            if len(args) == 1:
                click.echo(ctx.get_help())
                ctx.exit()
        if not ctx.resilient_parsing and args[0] not in _MODULES:
            with exit_on_usage_error(ctx):
                raise suggest_command(args[0], list(_MODULES))
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """List the names of the commands in the order of the help."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command, or return `None` if there is none of that name."""
        if cmd_name not in self.commands and cmd_name in _MODULES:
            module = import_module(f"spec2bdd.cli.commands.{_MODULES[cmd_name]}")
            self.add_command(getattr(module, cmd_name))
        return self.commands.get(cmd_name)


@click.group(cls=OrderedGroup, context_settings=_CONTEXT, epilog=_EPILOG)
@click.version_option(__version__, "-V", "--version", prog_name="spec2bdd", message="%(prog)s %(version)s")
def main() -> None:
    """Turn acceptance criteria in Markdown into Behave scenarios, run them, and tick the boxes of those that pass.

    The box of a criterion is ticked because its scenarios passed; only one that is marked `(manual)` is ticked by a
    person. Start with `spec2bdd init`.
    """
