"""The context of a run stores, warns and switches its mode as Behave's own does."""

from __future__ import annotations

import re
import warnings
from types import SimpleNamespace
from typing import Any

import pytest
from behave.configuration import Configuration
from behave.runner import Context, ContextMode

from spec2bdd.adapters.behave.glue.exceptions import record_errors
from spec2bdd.adapters.behave.plugin.context import RecordingContext, end_watch, watch_reads


class Runner(SimpleNamespace):
    """What a context asks of a runner; a weak reference to it can be made."""


def use(context: Any) -> list[str]:
    """Store attributes in several layers and modes, and return the warnings and values."""
    found = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        context.own = 1
        with context.use_with_user_mode():
            context.user = 2
            context._push(layer="feature")
            context.user = 3
            context.text = "masks"
            context.own = 4
            with context._use_with_behave_mode():
                context.user = 5
                found.append(context._mode.name)
            found.append(context._mode.name)
            context._set_root_attribute("user", 6)
        context.text = "again"
        found.append(context._mode.name)
    found += [re.sub(r"\(.*[/\\]", "(", str(warning.message)) for warning in caught]
    return [*found, str([context.user, context.text, context.own, "nothing" in context])]


@pytest.mark.parametrize("verbose", [False, True])
def test_the_same_values_are_stored_with_the_same_warnings(*, verbose: bool) -> None:
    found = []
    for make in (Context, lambda runner: RecordingContext(runner, record_errors)):
        runner = Runner(config=Configuration(["--verbose"] if verbose else [], load_config=False))
        found.append(use(make(runner)))
    assert found[0] == found[1]
    assert len(found[0]) > 5


def test_the_mode_is_set_back_where_code_of_the_project_raises() -> None:
    runner = Runner(config=Configuration([], load_config=False))
    context = RecordingContext(runner, record_errors)
    with pytest.raises(ValueError, match="no"), context.use_with_user_mode():
        raise ValueError("no")
    assert context._mode is ContextMode.BEHAVE


def test_where_an_attribute_was_stored_is_read_as_behave_stores_it() -> None:
    runner = Runner(config=Configuration([], load_config=False))
    places = []
    for context in (Context(runner), RecordingContext(runner, record_errors)):
        with context.use_with_user_mode():
            context.user = 1
        place = context._record["user"]
        places.append((place[0], place[1], place[2], place[3]))
    assert places[0] == places[1]


def test_a_hook_may_give_the_context_another_class() -> None:
    own = type("Own", (Context,), {})
    found = []
    for make in (Context, lambda runner: RecordingContext(runner, record_errors)):
        context: Any = make(Runner(config=Configuration([], load_config=False)))
        context.user = 1
        object.__setattr__(context, "__class__", own)
        found.append(use(context))
    assert found[0] == found[1]


def test_the_process_is_looked_at_after_each_clean_up() -> None:
    # Code that has forked a child lets it go on with the run.
    done: list[str] = []
    watch = SimpleNamespace(end_forked_child=lambda: done.append("looked"))
    runner = Runner(config=Configuration([], load_config=False), watch=watch, record_failure=print)
    context = RecordingContext(runner, record_errors)
    context._push(layer="scenario")
    context.add_cleanup(lambda: done.append("cleaned"))
    context._pop()
    assert done == ["cleaned", "looked"]


def test_what_is_read_is_noticed_as_long_as_it_is_watched() -> None:
    context: Any = RecordingContext(Runner(config=Configuration([], load_config=False)), record_errors)
    context._push(layer="scenario")
    context.fine, context.other = True, 1
    first, second = {"fine"}, {"fine"}
    reads = watch_reads(context, first)
    assert (context.other, type(context) is RecordingContext) == (1, False)
    end_watch(context)
    assert (context.fine, type(context) is RecordingContext) == (True, True)
    watch_reads(context, second)
    context.__dict__.pop("_spec2bdd_reads")
    assert (context.fine, first, second, reads) == (True, {"fine"}, set(), {"other"})
    end_watch(context)


def test_a_context_of_another_class_is_not_changed() -> None:
    context: Any = Context(Runner(config=Configuration([], load_config=False)))
    names = {"fine"}
    assert (watch_reads(context, names), names) == (set(), set())
    end_watch(context)
    assert type(context) is Context
