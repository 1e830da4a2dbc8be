"""Run one scenario in a forked process, with at most one fault, and describe what came of it."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import Answer, AnswerControl, AnswerFault, AnswerFaultKind, AnswerPlace
from spec2bdd.adapters.behave.challenges.checks import describe_end
from spec2bdd.adapters.behave.challenges.children.processes import ChildProcesses
from spec2bdd.adapters.behave.challenges.clients.clocks import ScenarioClocks, reads_clock
from spec2bdd.adapters.behave.challenges.clients.files import FileReads
from spec2bdd.adapters.behave.challenges.clients.interception import intercept_clients
from spec2bdd.adapters.behave.challenges.constants import alter_constant, list_constants, list_names, names_extension
from spec2bdd.adapters.behave.challenges.functions import intercept_native, intercept_product
from spec2bdd.adapters.behave.challenges.lines import LineTracer
from spec2bdd.adapters.behave.challenges.mutants import Mutant, compile_mutant, exchange_code
from spec2bdd.adapters.behave.challenges.product import LoadedProduct
from spec2bdd.adapters.behave.challenges.reach import Reach
from spec2bdd.adapters.behave.challenges.values.alterations import Alteration
from spec2bdd.adapters.behave.executors.feature_feed import FeatureFeed
from spec2bdd.adapters.behave.executors.work_units import WorkUnit
from spec2bdd.adapters.behave.executors.worker import exit_now, set_up_worker_process
from spec2bdd.adapters.behave.executors.worker_state import WorkerState, read_clock
from spec2bdd.adapters.behave.glue.serialize import find_relative_path, show_location
from spec2bdd.adapters.system.process_tree import adopt_orphans
from spec2bdd.model.values import dataclass

RESULT = "result.json"


@dataclass(frozen=True, slots=True)
class Probe:
    """One run of a scenario: its feature and its position there, and at most one fault.

    Without a fault, `observes` lists the answers that can be altered, and `traces` the lines of the product: not in the
    same run, since intercepted functions have other lines. `seconds` is how long the scenario takes without a fault.
    """

    feature: int
    place: int
    observes: bool = False
    traces: bool = False
    answer: AnswerFault | None = None
    mutant: Mutant | None = None
    seconds: float = 0.0


def prepare_probes() -> None:
    """Load and compile in this process what each probe would load and compile."""
    import_module("resource")
    for kind in (Alteration, Answer, AnswerFault, AnswerPlace, FileReads, WorkUnit):
        # It is compiled when it is looked at.
        _ = kind.__init__


def run_probe(runner: Any, features: Sequence[Any], probe: Probe, product: LoadedProduct, folder: Path) -> None:
    """Run a probe, and write its result to a folder of its own; entry point of a forked process, which it ends."""
    code = 1
    try:
        set_up_worker_process({signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: signal.SIG_DFL})
        # What the steps start in the background is this probe's, and not that of another one.
        adopt_orphans()
        # What steps leave in temporary folders is removed with this one.
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silence, descriptor)
        began = read_clock()
        result = _run(runner, features, probe, product, folder)
        result["seconds"] = read_clock() - began
        code = 0
    except BaseException:  # noqa: BLE001  Whatever ends it, the session has to know.
        result = {"crash": traceback.format_exc()}
    # Not by `pathlib` or `open`, which are intercepted here.
    descriptor = os.open(folder / RESULT, os.O_WRONLY | os.O_CREAT)
    os.write(descriptor, json.dumps(result, default=_list_fields).encode("ascii"))
    exit_now(code)


def _list_fields(value: Any) -> dict[str, Any]:
    """List the fields of a dataclass; `asdict` copies all that is in them."""
    return {name: getattr(value, name) for name in value.__slots__}


def _run(runner: Any, features: Sequence[Any], probe: Probe, product: LoadedProduct, folder: Path) -> dict[str, Any]:
    """Run the scenario of a probe with Behave's own loop, hooks included."""
    recorder = runner.make_recorder(alone=False)
    # What it would look up about the code of steps is known.
    recorder.use_definitions(None)
    state = WorkerState()
    recorder.enter_worker(1, state)
    feature = features[probe.feature]
    scenario = feature.walk_scenarios()[probe.place]
    feed = FeatureFeed(feature, request_unit=lambda: None, retries=0)
    recorder.adopt_feature(feature, find_relative_path(feature.filename, runner.root), first=0)
    feed.take_unit(WorkUnit(probe.feature, 0, (probe.place,)))

    matches = [runner.step_registry.find_match(step) for step in scenario.all_steps]
    kinds = [step.step_type for step in scenario.all_steps]
    # The arguments of a Then step are what it compares with.
    words = [
        [argument.value for argument in match.arguments or ()] if match and kind == "then" else []
        for kind, match in zip(kinds, matches, strict=True)
    ]
    definitions = [match.func if match and isinstance(match.func, FunctionType) else None for match in matches]
    steps = list(filter(None, definitions))
    clocks = ScenarioClocks(probe.seconds)
    names = {name for step in steps for name in list_names(step, product.origins, set())}
    control = AnswerControl(
        product.origins,
        find_step=lambda: state.step,
        fault=probe.answer,
        words=words,
        clocks=clocks if reads_clock(names) else None,
        setup=[-1, *(place for place, kind in enumerate(kinds) if kind == "given")],
    )
    if probe.answer or probe.mutant:
        clocks.install([*product.namespaces, *(step.__globals__ for step in steps)])
    reach, tracer = Reach(product.origins), LineTracer(product.origins, folder)
    children = ChildProcesses(product.origins, folder / "children")
    has_mutant = False
    if probe.mutant:
        path = probe.mutant.path
        module = compile_mutant(probe.mutant, product.sources[path], path)
        has_mutant = exchange_code(module, product.functions.get(path, ()), probe.mutant.line)
        children.mutate(module, path)
    constants = list_constants(definitions, product.origins) if probe.observes else []
    if probe.answer and probe.answer.kind is AnswerFaultKind.CONSTANT:
        control.has_altered = alter_constant(probe.answer, product.origins, steps)
    _intercept(probe, product, control, reach=reach, steps=steps)
    if probe.traces:
        children.trace()
        tracer.start()
    # The run that the criterion has passed in has compared the modules with the files.
    runner.run_unchecked(iter([feature]))
    tracer.stop()
    if control.has_run:
        reach.kinds.add("product")
    if probe.observes and names_extension(steps, product.origins):
        reach.kinds.add("extension")
    for filename, lines in children.read_lines().items():
        tracer.lines.setdefault(filename, set()).update(lines)
    return {
        "status": scenario.status.name,
        **describe_end(scenario, product.origins, was_empty=bool(probe.answer and probe.answer.fills_nothing)),
        "is_put_in": has_mutant or control.has_altered or children.has_mutant,
        "answers": [*control.answers, *constants],
        "reached": sorted(reach.kinds),
        "data": [*reach.list_data(), *product.list_new_checks()] if probe.observes else [],
        "modules": product.list_new_modules() if probe.observes else [],
        "lines": {filename: sorted(lines) for filename, lines in tracer.lines.items()},
        "steps": kinds,
        "checks": [
            show_location(str(match.location))
            for kind, match in zip(kinds, matches, strict=True)
            if kind == "then" and match
        ],
    }


def _intercept(
    probe: Probe, product: LoadedProduct, control: AnswerControl, *, reach: Reach, steps: Sequence[FunctionType]
) -> None:
    """Intercept all that gives answers, or what has the fault: then the rest is left as it is, which is faster."""
    place = probe.answer.place if probe.answer else None
    if probe.observes or (place and place.path):
        functions = product.find_functions(place)
        intercept_product(functions, control, product.signatures)
        if probe.observes or not functions:
            intercept_native(steps, control, only=place.function if place else "")
    if probe.observes or (place and not place.path):
        intercept_clients(control, reach, [*product.namespaces, *(step.__globals__ for step in steps)])
        reach.start()
