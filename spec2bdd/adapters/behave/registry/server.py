"""Load the step modules of a project, and answer which steps are defined; in a process of its own.

Started by `client.py` in the project's folder. A line on standard input means that the question is in its file. The
answer goes into another file, where nothing that a step module prints can mix with it.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import IO

from behave import step_registry
from behave.matchers import get_step_matcher_factory

from spec2bdd.adapters.behave.glue.module_loader import Announce, load_hooks, load_steps
from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry
from spec2bdd.adapters.behave.protocol import ANSWER, QUESTION
from spec2bdd.adapters.behave.registry.access_log import AccessLog
from spec2bdd.adapters.behave.registry.channel import detach_stdin, write_line
from spec2bdd.adapters.behave.registry.pattern_selection import choose_patterns
from spec2bdd.adapters.behave.registry.step_uses import describe_uses
from spec2bdd.adapters.behave.registry.unread_values import find_unread
from spec2bdd.adapters.behave.registry.unused_steps import find_unused
from spec2bdd.adapters.behave.settings import find_nested
from spec2bdd.adapters.results.wire import JsonObject, diagnostic_to_json
from spec2bdd.adapters.system.digests import name_environment
from spec2bdd.model import StepQuery


def main(args: list[str]) -> int:
    """Load the steps of the folder `args[0]`, then answer the question in the folder `args[1]` once it is asked."""
    start = detach_stdin()
    folder = Path(args[1])
    definitions = LenientStepRegistry.adopt(step_registry.registry, sources=False)
    access_log = AccessLog()
    access_log.watch()
    with (folder / ANSWER).open("w", encoding="utf-8") as answer:
        load_project(Path.cwd() / args[0], definitions, lambda path: write_line(answer, {"loading": path}))
        read = access_log.describe()
        # The end of the input instead: the client has exited, or needs no answer any more.
        if start.readline():
            answer_question(answer, folder, definitions, read)
    return 0


def answer_question(answer: IO[str], folder: Path, definitions: LenientStepRegistry, read: JsonObject) -> None:
    """Answer the question in a folder; `read` lists what was read while the project was loaded."""
    # The process ends after this: collecting garbage would only take time.
    gc.disable()
    with (folder / QUESTION).open(encoding="utf-8") as question:
        lines = map(json.loads, question)
        first = next(lines)
        # Most patterns are the text itself, of which thousands of queries need no second copy.
        queries = [
            StepQuery(
                sys.intern(kind),
                text,
                tuple(text if pattern == text else pattern for pattern in patterns),
                sys.intern(matcher),
            )
            for kind, text, patterns, matcher in lines
        ]
    steps, indexes = definitions.steps, definitions.list_indexes()
    chosen = list(choose_patterns(steps, queries, indexes=indexes))
    # Each step file starts with this one; the hooks may have chosen another than `parse`.
    matcher = get_step_matcher_factory().current_matcher.NAME
    definitions.note_broad_definitions((query.kind, query.text) for query in queries)
    # What the steps cause in a run is recorded there again.
    diagnostics = [*definitions.diagnostics, *definitions.list_found()]
    facts = {"read": read, "diagnostics": list(map(diagnostic_to_json, diagnostics))}
    unread = list(find_unread(first["changes"], definitions))
    write_line(answer, {"patterns": chosen, "matcher": matcher, "unread": unread, **facts})
    if first["traced"] is not None:
        write_line(answer, {"uses": describe_uses(definitions, first["traced"], language=first["language"])})
        return
    wanted = [(query.kind, query.text) for query in queries]
    write_line(answer, {"unused": list(find_unused(steps, wanted, features=first["features"], indexes=indexes))})


def load_project(steps: Path, definitions: LenientStepRegistry, announce: Announce) -> None:
    """Load hooks and step modules as Behave does, but each on its own.

    `announce` is called with the path of each file before it is run.
    """
    sys.path[:0] = list(dict.fromkeys([str(Path.cwd()), str(steps.parent)]))
    environment = steps.parent / name_environment(steps.name)
    if environment.is_file():
        load_hooks(environment, {}, definitions=definitions, announce=announce)
    load_steps([steps, *find_nested(Path.cwd(), steps)], definitions=definitions, announce=announce)
