"""The runner's side of a preloaded Behave: answer the registry's questions, then wait for the order to run.

The other side is `spec2bdd.adapters.behave.preloaded`. The module is imported in the process that runs the features.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from behave.formatter._registry import select_formatter_class
from behave.formatter.base import StreamOpener

from spec2bdd.adapters.behave.plugin.formatter import RecordFormatter
from spec2bdd.adapters.behave.protocol import ANSWER, RUN_RECORDS
from spec2bdd.adapters.behave.registry.channel import detach_stdin, write_line
from spec2bdd.adapters.behave.registry.server import answer_question
from spec2bdd.adapters.results.wire import run_options_from_json
from spec2bdd.adapters.system.file_stamps import Since


class PreloadServer:
    """Serves one question and one order before a run begins."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._input: IO[bytes] = detach_stdin()
        self._answer: IO[str] = (folder / ANSWER).open("a", encoding="utf-8")
        self._started = Since.start(Path.cwd())

    def announce(self, path: str) -> None:
        """Write which file is loaded next, so that it can be named if it ends the process."""
        write_line(self._answer, {"loading": path})

    def serve(self, runner: Any) -> None:
        """Answer the question if one comes, and wait for the order to run.

        Raises:
            SystemExit: nothing is to be run, or what was loaded is out of date.
        """
        modules = {path: digest for path, digest in runner.files.digests.items() if path.endswith(".py")}
        write_line(self._answer, {"loaded": modules})
        # What is loaded lives as long as this process; the collector need not look at it during the run.
        gc.collect()
        gc.freeze()
        # Git has answered by now. Files that change from here on differ from the record, and what was loaded from their
        # old content does not count.
        _ = runner.files.tree
        order = self._input.readline()
        if order == b"\n":
            # What was read while loading is not recorded: only `generate` caches its answer, and asks its own server.
            read = {"files": [], "folders": [], "closed": False}
            answer_question(self._answer, self._folder, runner.definitions, read)
            gc.enable()
            order = self._input.readline()
        starts = bool(order) and self._is_up_to_date(modules, runner)
        if starts:
            self._take_order(runner, json.loads(order))
        write_line(self._answer, {"started": starts})
        self._answer.close()
        self._input.close()
        if not starts:
            sys.exit(0)

    def _is_up_to_date(self, modules: dict[str, str], runner: Any) -> bool:
        """Whether no step file, hook file or imported module of the project has changed since it was loaded."""
        steps = os.path.relpath(Path(runner.base_dir) / runner.config.steps_dir, runner.root)
        runner.files.read_digests(steps=Path(steps).as_posix())
        if modules != {path: digest for path, digest in runner.files.digests.items() if path.endswith(".py")}:
            return False
        folder = os.path.join(os.path.normcase(runner.root), "")  # noqa: PTH118
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            # For hundreds of modules, `Path` would take several milliseconds, for which the command waits.
            if isinstance(path, str) and os.path.normcase(os.path.abspath(path)).startswith(folder):  # noqa: PTH100
                try:
                    # Not the modification time, which an archive or a copy may set to any value.
                    changed = Path(path).stat().st_ctime_ns
                except OSError:
                    return False
                if self._started.covers(changed):
                    return False
        return True

    def _take_order(self, runner: Any, order: dict[str, Any]) -> None:
        """Make the runner what it would be if it had been started with this order."""
        runner.run_id, runner.plan = order["id"], run_options_from_json(order["options"])
        config, opener = runner.config, StreamOpener(order["records"])
        # Formatters of the project's own settings come before ours.
        ours = [select_formatter_class(name) is RecordFormatter for name in config.format].index(True)
        config.outputs = [*config.outputs[:ours], opener, *config.outputs[ours + 1 :]]
        if RUN_RECORDS not in os.environ:
            # A check keeps no records, and leaves no output of other formatters either.
            config.format, config.outputs = [config.format[ours]], [opener]
        # Workers that are spawned and not forked start with the arguments of this process.
        sys.argv[1:] = order["arguments"]
        os.environ[RUN_RECORDS] = os.path.realpath(Path(order["records"]).parent)
        runner.files.files_written = order["files_written"]
