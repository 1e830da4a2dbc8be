"""What goes wrong in a step without being raised by it, and is green for plain Behave."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from behave_project import Project
from grouped import in_one_test

from spec2bdd.adapters.behave.glue import step_watch
from spec2bdd.domain.verdicts.scenarios.scenario import judge_record
from spec2bdd.model import RunOptions, ScenarioResult, Verdict

STEPS = """
import asyncio, functools, sys, threading
from behave import given, step, then, when
from behave.api.async_step import async_run_until_complete
from behave.api.pending_step import StepNotImplementedError

def check():
    raise RuntimeError("boom")

async def check_later():
    check()

def timed(function):
    @functools.wraps(function)
    def timed_function(*args, **kwargs):
        return function(*args, **kwargs)
    return timed_function

def counted():
    yield 1
    check()

class Dirty:
    def __del__(self):
        check()

class Page:
    async def to_be_visible(self):
        check()

    def wait_for(self, context):
        yield check()

@step("it works")
def it_works(context):
    assert context.config

@step("it fails")
def it_fails(context):
    assert not context, "it really fails"

@step("it is pending")
def it_is_pending(context):
    raise StepNotImplementedError("later")

@step("a thread fails")
def f(context):
    thread = threading.Thread(target=check, name="checker")
    thread.start()
    thread.join()

@step("a thread goes on")
def f(context):
    context.go = threading.Event()
    context.thread = threading.Thread(target=lambda: context.go.wait() and check(), name="checker")
    context.thread.start()
    go, thread = context.go, context.thread
    context.add_cleanup(lambda: (go.set(), thread.join()))

@step("a coroutine is dropped")
def f(context):
    check_later()

@step("a method of a page is dropped")
@async_run_until_complete
async def f(context):
    Page().to_be_visible()

@step("a coroutine is kept")
def f(context):
    context.page = check_later()

@step("a destructor fails")
def f(context):
    Dirty()

@step("a task fails")
@async_run_until_complete
async def f(context):
    task = asyncio.ensure_future(check_later())
    await asyncio.sleep(0)

@step("it is a decorated coroutine")
@timed
async def f(context):
    check()

@step("it is a decorated generator")
@timed
def f(context):
    yield check()

@step("it returns a generator")
def f(context):
    return counted()

@step("it returns a generator that has begun")
def f(context):
    generator = counted()
    next(generator)
    return generator

@step("it returns an asynchronous generator")
def f(context):
    async def count():
        yield check()
    return count()

class Later:
    def __await__(self):
        yield check()

@step("it returns what can be awaited")
def f(context):
    return Later()

@step("it returns a task")
@async_run_until_complete
async def f(context):
    return asyncio.ensure_future(check_later())

step("it is a generator method")(Page().wait_for)

@step("it swallows a failure")
def f(context):
    try:
        context.execute_steps("Then it fails")
    except AssertionError:
        pass

@step("it swallows what is undefined")
def f(context):
    try:
        context.execute_steps("Then the sea is blue")
    except AssertionError:
        pass

@step("it swallows what is pending")
def f(context):
    try:
        context.execute_steps("Then it is pending")
    except AssertionError:
        pass

@step("it runs what swallows a failure")
def f(context):
    try:
        context.execute_steps("Then it swallows a failure")
    except AssertionError:
        pass

@step("it tries again")
def f(context):
    context.tries = 0
    while context.tries < 3:
        try:
            context.execute_steps("Then it works the third time")
        except AssertionError:
            continue

@step("it works the third time")
def f(context):
    context.tries += 1
    assert context.tries == 3

@step("a thread works")
def f(context):
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()

@step("a coroutine is awaited")
@async_run_until_complete
async def f(context):
    await asyncio.sleep(0)
    assert context.config

@step("it returns a value")
def f(context):
    return len("text") == 4 or context.missing

@step("it returns a generator that has ended")
def f(context):
    generator = (number for number in range(3))
    assert list(generator) == [0, 1, 2]
    return generator

@step("it runs other steps")
def f(context):
    context.execute_steps("Then it works")

import os, signal
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed, wait
from multiprocessing import get_context
from multiprocessing.pool import ThreadPool

fork = get_context("fork")

def fail_in(pool):
    return pool.submit(check)

@step("a future fails")
def f(context):
    with ThreadPoolExecutor() as pool:
        wait([fail_in(pool)])

@step("a mapped call fails")
def f(context):
    with ThreadPoolExecutor() as pool:
        pool.map(lambda number: check(), [1])

@step("a coroutine of another thread fails")
def f(context):
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    wait([asyncio.run_coroutine_threadsafe(check_later(), loop)])
    loop.call_soon_threadsafe(loop.stop)
    thread.join()

@step("a future goes on")
def f(context):
    pool, go = ThreadPoolExecutor(), threading.Event()
    pool.submit(lambda: go.wait() and check())
    context.add_cleanup(lambda: (go.set(), pool.shutdown()))

@step("a process fails")
def f(context):
    process = fork.Process(target=check, name="checker")
    process.start()
    process.join()

@step("a process is closed")
def f(context):
    with_code = fork.Process(target=sys.exit, args=[3], name="checker")
    with_code.start()
    with_code.join()
    with_code.close()

@step("a process is stopped too late")
def f(context):
    process = fork.Process(target=check, name="checker")
    process.start()
    process.join()
    process.terminate()

@step("a future is read")
def f(context):
    with ThreadPoolExecutor() as pool:
        futures = [fail_in(pool), fail_in(pool)]
    assert futures[0].exception()
    try:
        futures[1].result()
    except RuntimeError:
        pass

@step("a future is read at the end")
def f(context):
    with ThreadPoolExecutor() as pool:
        context.add_cleanup(fail_in(pool).exception)

@step("a future is given up")
def f(context):
    pool, go = ThreadPoolExecutor(), threading.Event()
    future = pool.submit(lambda: go.wait() and check())
    try:
        future.result(timeout=0.01)
    except TimeoutError:
        go.set()
    pool.shutdown()

@step("one future of a pool is read")
def f(context):
    with ThreadPoolExecutor() as pool:
        futures = [fail_in(pool), fail_in(pool)]
    assert futures[0].exception()

@step("a callback of a future fails")
def f(context):
    with ThreadPoolExecutor() as pool:
        pool.submit(int).add_done_callback(lambda future: check())

@step("a call in a pool fails")
def f(context):
    with ThreadPool(1) as pool:
        pool.apply_async(check).wait()

@step("calls in a pool fail")
def f(context):
    with ThreadPool(1) as pool:
        pool.starmap_async(check, [(), ()]).wait()

@step("nothing reads what a pool maps")
def f(context):
    with ThreadPool(1) as pool:
        pool.imap_unordered(lambda number: check(), [1])
        pool.close()
        pool.join()

@step("calls in a pool are read")
def f(context):
    errors = []
    with ThreadPool(1) as pool:
        pool.apply_async(check, error_callback=errors.append).wait()
        for result in [pool.apply_async(check), pool.map_async(lambda number: check(), [1])]:
            try:
                result.get()
            except RuntimeError as error:
                errors.append(error)
        results = pool.imap(lambda number: number or check(), [1, 2, 0])
        assert next(results) == 1
        pool.close()
        pool.join()
    assert len(errors) == 3

@step("the first of several futures is enough")
def f(context):
    go = threading.Event()
    with ThreadPoolExecutor() as pool:
        futures = [pool.submit(int), pool.submit(lambda: go.wait() and check())]
        assert wait(futures, return_when="FIRST_COMPLETED").done
        go.set()
    go.clear()
    with ThreadPoolExecutor() as pool:
        for future in as_completed([pool.submit(int), pool.submit(lambda: go.wait() and check())]):
            break
        go.set()

@step("a callback of asyncio comes too late")
def f(context):
    loop = asyncio.new_event_loop()
    future = asyncio.run_coroutine_threadsafe(asyncio.sleep(9), loop)
    loop.call_later(0.02, loop.stop)
    loop.run_forever()
    loop.close()
    future.cancel()

@step("a process of a pool is lost")
def f(context):
    with ProcessPoolExecutor(1, mp_context=fork) as pool:
        try:
            pool.submit(os._exit, 3).result()
        except BrokenExecutor:
            pass

@step("a process gets a signal")
def f(context):
    ready = fork.Event()
    process = fork.Process(target=lambda: (ready.set(), threading.Event().wait()))
    process.start()
    ready.wait()
    os.kill(process.pid, signal.SIGINT)
    process.join()

@step("a future is read by asyncio")
@async_run_until_complete
async def f(context):
    with ThreadPoolExecutor() as pool:
        try:
            await asyncio.get_running_loop().run_in_executor(pool, check)
        except RuntimeError:
            pass

@step("a process is read")
def f(context):
    process = fork.Process(target=check)
    process.start()
    process.join()
    assert process.exitcode == 1

@step("a process is looked after")
def f(context):
    process = fork.Process(target=check)
    process.start()
    while process.is_alive():
        process.join(0.1)

@step("a process is stopped")
def f(context):
    process = fork.Process(target=threading.Event().wait)
    process.start()
    process.terminate()
    process.join()

def run_with_hook(target):
    thread = threading.Thread(target=target, name="checker")
    hook, threading.excepthook = threading.excepthook, lambda args: None
    thread.start()
    thread.join()
    threading.excepthook = hook

def check_total():
    assert len("total") == 6, "wrong total"

@step("a handler takes a failed check of a thread")
def f(context):
    run_with_hook(check_total)

@step("a handler takes another error of a thread")
def f(context):
    run_with_hook(check)

def run_with_handler(target):
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, facts: None)
    loop.call_soon(target)
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()

@step("a handler takes a failed check of a loop")
def f(context):
    run_with_handler(check_total)

@step("a handler takes another error of a loop")
def f(context):
    run_with_handler(check)

def serve_with(target):
    from http.client import BadStatusLine, HTTPConnection
    from http.server import BaseHTTPRequestHandler, HTTPServer
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            target()
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        connection = HTTPConnection(*server.server_address)
        connection.request("GET", "/")
        try:
            connection.getresponse()
        except BadStatusLine:
            pass
        thread.join()
        connection.close()

@step("a check in a request of a server fails")
def f(context):
    serve_with(check_total)

@step("a request of a server fails")
def f(context):
    serve_with(check)

@step("pytest-check collects a failure")
def f(context):
    # As the package does, whose functions raise nothing.
    from types import ModuleType
    log = sys.modules["pytest_check.check_log"] = ModuleType("check_log")
    log.failures = ["FAILURE: : check 4 == 5\\nsteps/a_steps.py:7 in f() -> check.equal(4, 5)\\n"]
    log.get_failures, log.clear_failures = lambda: log.failures, lambda: log.failures.clear()

@step("a failed check of a future is asked for and dropped")
def f(context):
    with ThreadPoolExecutor() as pool:
        pool.submit(check_total).exception()

@step("a failed check of a future is dropped in a loop")
def f(context):
    with ThreadPoolExecutor() as pool:
        futures = [pool.submit(check_total) for _ in range(2)]
        for future in as_completed(futures):
            future.exception(timeout=9)

@step("a failed check in a pool is asked for and dropped")
def f(context):
    with ThreadPool(1) as pool:
        call = pool.apply_async(check_total)
        call.wait()
        call.successful()

@step("an error of a future is waited for")
def f(context):
    with ThreadPoolExecutor() as pool:
        pool.submit(check).exception()

async def check_total_later():
    check_total()

async def check_several():
    async with asyncio.TaskGroup() as group:
        group.create_task(check_total_later())

async def finish(check=check_total_later):
    task = asyncio.create_task(check())
    await asyncio.wait([task])
    return task

@step("a failed check of a task is asked for and dropped")
async def f(context):
    task = await finish()
    task.exception()
    assert task.done()

@step("a failed check of a group of tasks is dropped")
async def f(context):
    task = await finish(check_several)
    task.exception()
    assert task.done()

@step("a callback drops a failed check of a task")
async def f(context):
    task = asyncio.create_task(check_total_later())
    task.add_done_callback(lambda task: task.exception())
    await asyncio.wait([task])

@step("a callback drops a failed check of a future")
def f(context):
    with ThreadPoolExecutor() as pool:
        pool.submit(check_total).add_done_callback(lambda future: future.exception())

@step("a failed check of a task is expected")
async def f(context):
    assert (await finish()).exception()

@step("a failed check of a task is raised after all")
async def f(context):
    task = await finish()
    task.exception()
    try:
        await task
    except AssertionError as error:
        assert "wrong" in str(error)

@step("a callback keeps a failed check of a task")
async def f(context):
    kept = []
    task = asyncio.create_task(check_total_later())
    task.add_done_callback(lambda task: kept.append(task.exception()))
    await asyncio.wait([task])
    assert kept

@step("another error of a task is asked for and dropped")
async def f(context):
    async def fail():
        raise RuntimeError("boom")
    task = await finish(fail)
    task.exception()
    assert task.done()

@step("a failed check of a future is expected")
def f(context):
    with ThreadPoolExecutor() as pool:
        assert isinstance(pool.submit(check_total).exception(), AssertionError)
        error = pool.submit(check_total).exception()
        if pool.submit(check_total).exception() is None:
            raise error

@step("a failed check of a future is kept")
def f(context):
    with ThreadPoolExecutor() as pool:
        context.errors = [future.exception() for future in [pool.submit(check_total)]]
"""
HOOKS = """
def before_scenario(context, scenario):
    if "hook" in scenario.tags:
        try:
            context.execute_steps("Then it fails")
        except AssertionError:
            pass
"""
FAILED = {
    "a thread fails": "an exception ended the thread `checker`: RuntimeError: boom",
    "a thread goes on": "not raised: an exception ended the thread `checker`: RuntimeError: boom",
    "a coroutine is dropped": "the coroutine `check_later` (steps/common_steps.py:9) was never awaited",
    "a method of a page is dropped": "the coroutine `Page.to_be_visible` (steps/common_steps.py:27) was never awaited",
    "a coroutine is kept": "not raised: the coroutine `check_later` (steps/common_steps.py:9) was never awaited",
    "a destructor fails": "an exception in `Dirty.__del__` could not be raised: RuntimeError: boom",
    "a task fails": "an exception in asyncio was never retrieved: RuntimeError: boom",
    "it is a decorated coroutine": "(steps/common_steps.py:82), which the step returned, was never awaited",
    "it is a decorated generator": "which the step returned, was never run to its end",
    "it returns a generator": "the generator `counted` (steps/common_steps.py:18), which the step returned",
    "it returns a generator that has begun": "which the step returned, was never run to its end",
    "it returns an asynchronous generator": "a `async_generator`, which the step returned, was never awaited",
    "it returns what can be awaited": "a `Later`, which the step returned, was never awaited",
    "it returns a task": "RuntimeError: boom",
    "it is a generator method": "the generator `Page.wait_for`",
    "a future fails": "not raised: nothing read the exception of a future: RuntimeError: boom",
    "a mapped call fails": "nothing read the exception of a future: RuntimeError: boom",
    "a coroutine of another thread fails": "nothing read the exception of a future: RuntimeError: boom",
    "a future goes on": "nothing read the exception of a future: RuntimeError: boom",
    "a callback of a future fails": "a callback of a future failed: RuntimeError: boom",
    "a call in a pool fails": "not raised: nothing read the exception of a call in a pool: RuntimeError: boom",
    "calls in a pool fail": "nothing read the exception of a call in a pool: RuntimeError: boom",
    "nothing reads what a pool maps": "nothing read the exception of a call in a pool: RuntimeError: boom",
    "a process fails": "the process `checker` ended with exit code 1, and nothing read its exit code",
    "a process is stopped too late": "the process `checker` ended with exit code 1, and nothing read its exit code",
    "a process is closed": "the process `checker` ended with exit code 3, and nothing read its exit code",
    "a handler takes a failed check of a thread": "an exception ended the thread `checker`: wrong total",
    "a handler takes a failed check of a loop": "an exception in asyncio was never retrieved: wrong total",
    "a check in a request of a server fails": "a request of a `HTTPServer` failed: wrong total",
    "pytest-check collects a failure": "pytest-check collected a failure, which only pytest reads: check 4 == 5",
    "a failed check of a future is asked for and dropped": "nothing read the exception of a future: wrong total",
    "a failed check of a future is dropped in a loop": "nothing read the exception of a future: wrong total",
    "a failed check in a pool is asked for and dropped": "nothing read the exception of a call in a pool: wrong total",
    "a failed check of a task is asked for and dropped": "nothing read the exception of a task: wrong total",
    "a failed check of a group of tasks is dropped": "nothing read the exception of a task: ExceptionGroup: ",
    "a callback drops a failed check of a task": "nothing read the exception of a task: wrong total",
    "a callback drops a failed check of a future": "nothing read the exception of a future: wrong total",
    "it swallows a failure": "it really fails, and the step that ran it with `execute_steps` went on",
    "it runs what swallows a failure": "`Then it swallows a failure` failed: `Then it fails` failed",
    "the hook swallows a failure": "not raised: `Then it fails` failed: it really fails",
}
PENDING = {
    "it swallows what is undefined": "StepNotImplementedError: `Then the sea is blue` has no definition",
    "it swallows what is pending": "StepNotImplementedError: `Then it is pending` is not implemented yet",
}
PASSED = (
    "a handler takes another error of a thread",
    "a handler takes another error of a loop",
    "a request of a server fails",
    "an error of a future is waited for",
    "a failed check of a task is expected",
    "a failed check of a task is raised after all",
    "a callback keeps a failed check of a task",
    "another error of a task is asked for and dropped",
    "a failed check of a future is expected",
    "a failed check of a future is kept",
    "it tries again",
    "a thread works",
    "a future is read",
    "a future is read at the end",
    "a future is given up",
    "one future of a pool is read",
    "calls in a pool are read",
    "the first of several futures is enough",
    "a callback of asyncio comes too late",
    "a process of a pool is lost",
    "a process gets a signal",
    "a future is read by asyncio",
    "a process is read",
    "a process is looked after",
    "a process is stopped",
    "a coroutine is awaited",
    "it returns a value",
    "it returns a generator that has ended",
    "it runs other steps",
)


NAMES = (*FAILED, *PENDING, *PASSED)


def build_feature() -> str:
    """Build a feature with a scenario for each case, each between two that work."""
    scenarios = []
    for name in NAMES:
        tag, step = ("  @hook\n", "it works") if "hook" in name else ("", name)
        scenarios.append(f"{tag}  Scenario: {name}\n    Then {step}\n    And it works\n")
        scenarios.append(f"  Scenario: after {name}\n    Then it works\n")
    return "Feature: Watched\n" + "".join(scenarios)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Write the project of all cases."""
    project = Project(tmp_path_factory.mktemp("watched")).write(steps__common_steps_py=STEPS, environment_py=HOOKS)
    return project.write_file("features/watched.feature", build_feature())


@pytest.fixture(scope="module")
def statuses(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Run all cases with plain Behave."""
    path = tmp_path_factory.mktemp("plain") / "behave.json"
    command = [sys.executable, "-m", "behave", "-f", "json", "-o", str(path), "features"]
    subprocess.run(command, cwd=project.root, capture_output=True, check=False)
    (feature,) = json.loads(path.read_text())
    return {element["name"]: element["status"] for element in feature["elements"]}


def describe_verdict(record: ScenarioResult) -> tuple[Verdict, str]:
    """Describe how a scenario is judged, and those of the expected texts that its failures or its steps have."""
    ruling = judge_record(record)
    texts = [ruling.reason, *(step.error for step in record.steps)]
    expected = FAILED.get(record.name) or PENDING.get(record.name, "")
    return ruling.verdict, expected if any(expected in text for text in texts) else "\n".join(texts)


# Each number of workers takes one run of all cases, so they are one test.
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_goes_wrong_without_being_raised_counts_in_its_own_scenario(project: Project, jobs: int) -> None:
    records = {record.name: record for record in project.run(plan=RunOptions(jobs=jobs)).results}
    found = {name: describe_verdict(record) for name, record in records.items()}
    expected = {name: (Verdict.FAILED, text) for name, text in FAILED.items()}
    expected |= {name: (Verdict.PENDING, text) for name, text in PENDING.items()}
    expected |= dict.fromkeys((*PASSED, *(f"after {name}" for name in NAMES)), (Verdict.PASSED, ""))
    assert found == expected


@in_one_test("name", [*FAILED, *PENDING])
def test_plain_behave_is_green_where(name: str, statuses: Mapping[str, str]) -> None:
    assert statuses[name] == "passed"


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"object": int.to_bytes}, " in `int.to_bytes`"),
        ({"object": 7}, " in `int`"),
        (
            {"err_msg": "Exception ignored while calling deallocator <function Dirty.__del__ at 0x7f>"},
            " in `Dirty.__del__`",
        ),
        (
            {"err_msg": "Exception ignored while closing generator <generator object f.<locals>.g at 0x7f>"},
            " in `f.<locals>.g`",
        ),
        ({"err_msg": "Exception ignored"}, ""),
        ({}, ""),
    ],
)
def test_what_raised_an_error_that_could_not_be_raised_is_named_in_each_version_of_python(
    facts: Mapping[str, object], place: str
) -> None:
    assert step_watch._name_place(SimpleNamespace(**{"object": None, "err_msg": None, **facts})) == place
