"""The `spec2bdd` command group.

Exit status: 0 success; 1 checks failed; 2 error, for all files or for some; 130 interrupted. The answer of a command
goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import click

from spec2bdd import __version__
from spec2bdd.cli.commands.criteria import accept, eject, manual, tick, unwaive, waive
from spec2bdd.cli.commands.explain import explain
from spec2bdd.cli.commands.generate import generate
from spec2bdd.cli.commands.history import history
from spec2bdd.cli.commands.lint import lint
from spec2bdd.cli.commands.mark import mark
from spec2bdd.cli.commands.run import run
from spec2bdd.cli.commands.verify import verify
from spec2bdd.cli.terminal import measure_width

# Wider than the 80 columns of click where the terminal is.
_CONTEXT = {"help_option_names": ["-h", "--help"], "terminal_width": measure_width()}
_EPILOG = "Exit status: 0 success, 1 checks failed, 2 error, 130 interrupted."


class OrderedGroup(click.Group):
    """A group whose help lists its commands as they were added: the most used first."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """List the names of the commands in the order in which they were added."""
        return list(self.commands)


@click.group(cls=OrderedGroup, context_settings=_CONTEXT, epilog=_EPILOG)
@click.version_option(__version__, "-V", "--version", prog_name="spec2bdd")
def main() -> None:
    """Turn the checklists of Markdown specs into Behave features, run them, and tick the boxes that were proved.

    A box is ticked because a scenario passed, and for no other reason. Start with `spec2bdd verify`.
    """


# The order of the help: what a newcomer needs first, the commands about one criterion last.
for _command in (verify, generate, run, mark, lint, explain, history, accept, eject, waive, unwaive, manual, tick):
    main.add_command(_command)
