"""Run the command line with `python -m spec2bdd`."""

from spec2bdd.cli.main import main

main(prog_name="spec2bdd")
