"""The command line: arguments in, one pipeline call, its report printed, an exit code out.

Exit codes: 0 it worked and the answer is yes; 1 it worked and the answer is no; 2 it could not be done, wholly or for
some files; 130 interrupted. The answer goes to stdout, everything else to stderr.
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

_CONTEXT = {"help_option_names": ["-h", "--help"], "terminal_width": measure_width()}
_EPILOG = "Exit codes: 0 yes, 1 no, 2 it could not (all) be done, 130 interrupted."


class OrderedGroup(click.Group):
    """A group whose help lists its commands as they were added: the main job first."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands in their order."""
        return list(self.commands)


@click.group(cls=OrderedGroup, context_settings=_CONTEXT, epilog=_EPILOG)
@click.version_option(__version__, "-V", "--version", prog_name="spec2bdd")
def main() -> None:
    """Turn the checklists of Markdown specs into Behave features, run them, and tick the boxes that were proved.

    A box is ticked because a scenario passed, and for no other reason. Start with `spec2bdd verify`.
    """


for _command in (verify, generate, run, mark, lint, explain, history, accept, eject, waive, unwaive, manual, tick):
    main.add_command(_command)
