"""The record file of a run, which is of that run alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tracemalloc
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from behave_project import Project

from spec2bdd.adapters.behave.launcher import LogFollower, diagnose_crash
from spec2bdd.adapters.behave.plugin import event_log
from spec2bdd.adapters.behave.plugin.event_log import EventLog
from spec2bdd.adapters.results.event_log import VERSION, parse_run_lines
from spec2bdd.model import RunOptions

TAKING = """
import os

def before_all(context):
    # This is what another run does at its beginning.
    os.unlink(".spec2bdd/records.ndjson")
    with open(".spec2bdd/records.ndjson", "w") as stream:
        stream.write("the records of another run")
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_whose_place_another_one_took_writes_nothing_into_its_records(project: Project, jobs: int) -> None:
    project.write(features__a_feature="Feature: A\n  Scenario: one\n    Then it works\n", environment_py=TAKING)
    project.behave(plan=RunOptions(jobs=jobs))
    assert project.record_path.read_text(encoding="utf-8") == "the records of another run"


@pytest.mark.skipif(sys.platform != "linux", reason="on other systems it is not noticed")
def test_a_run_that_was_killed_before_behave_had_begun_takes_no_place(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = subprocess.Popen([sys.executable, "-S", "-c", ""])
    ended.wait()
    project.write(features__a_feature="Feature: A\n  Scenario: one\n    Then it works\n")
    monkeypatch.setattr(os, "getpid", lambda: ended.pid)
    assert (project.behave().code, project.record_path.exists()) == (-signal.SIGTERM, False)


def test_two_runs_at_one_path_have_a_file_each(tmp_path: Path) -> None:
    path = tmp_path / "records"
    first, second = EventLog(str(path)), EventLog(str(path))
    first.create()
    second.create()
    first.write_event("scenario_end", scenario=1, status="passed")
    second.write_event("step")
    assert json.loads(path.read_text(encoding="utf-8")) == {"event": "step"}
    assert first.read_statuses() == (1, {1: "passed"})
    assert second.read_statuses() == (1, {})


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_that_is_begun_is_kept(tmp_path: Path, times: int) -> None:
    file = EventLog(str(tmp_path / "deep" / "records"))
    for _ in range(times):
        file.create()
        file.write_event("step")
    assert file.read_statuses()[0] == times


def test_a_link_and_what_is_no_plain_file_are_written_to_as_they_are(tmp_path: Path) -> None:
    target, link, device = tmp_path / "target", tmp_path / "link", tmp_path / "null"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    device.symlink_to(os.devnull)
    for path in (link, device):
        file = EventLog(str(path))
        file.create()
        file.write_event("step")
    assert link.is_symlink()
    assert device.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8")) == {"event": "step"}


def test_lines_of_another_log_are_appended_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = EventLog(str(tmp_path / "records"))
    file.create()
    content = b"".join(b'{"event": "step", "scenario": %d}\n' % number for number in range(20))
    written: list[bytes] = []
    monkeypatch.setattr(event_log, "_CHUNK", 50)
    write = event_log._write

    def note(place: int, part: bytes) -> int:
        written.append(part)
        return write(place, part)

    monkeypatch.setattr(event_log, "_write", note)
    file.append_lines(BytesIO(content))
    assert (tmp_path / "records").read_bytes() == b"".join(written) == content
    assert (len(written) > 5, {part[-1:] for part in written}) == (True, {b"\n"})


def test_statuses_are_read_wherever_a_read_of_the_file_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = EventLog(str(tmp_path / "records"))
    file.create()
    for number in range(3):
        file.write_event("scenario_start", scenario=number)
        file.write_event("scenario_end", scenario=number, status="passed")
    with (tmp_path / "records").open("a") as stream:
        stream.write("noise")
    for size in range(1, 90):
        monkeypatch.setattr(event_log, "_CHUNK", size)
        assert file.read_statuses() == (6, dict.fromkeys(range(3), "passed"))


def test_a_large_log_is_followed_counted_and_parsed_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "records"
    file = EventLog(str(path))
    file.create()
    header = {"id": "r", "version": VERSION, "optimize": 0, "git": None, "expected": {}, "features": [], "digests": {}}
    tree = {"digest": "", "root": "", "commit": "", "changed": {}, "folders": {}}
    file.write_event("run", **header, fingerprint=tree, started="2026-01-01T00:00:00+00:00")
    line = b"x" * 100_000 + b"\n"
    with path.open("ab") as stream:
        # What a step has written to the descriptor of the log, or any other line that leaves no result.
        stream.writelines(line for _ in range(400))
    file.write_event("end", failed=False, aborted=False, scenarios={}, changed=[], events=2)
    events: list[object] = []
    tracemalloc.start()
    try:
        LogFollower(path, events.append).read_on()
        assert file.read_statuses() == (2, {})
        with path.open(encoding="utf-8") as stream:
            assert parse_run_lines(stream, path="records").complete
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(events), path.stat().st_size > 40_000_000, peak < 8_000_000) == (2, True, True)


def test_events_are_written_to_a_stream_where_there_is_no_file() -> None:
    stream = StringIO()
    log = EventLog("", stream)
    log.create()
    log.write_event("step", status="passed")
    log.write_line('{"event": "end"}\n')
    assert stream.getvalue() == '{"event": "step", "status": "passed"}\n{"event": "end"}\n'


def test_events_are_followed_in_whole_lines_and_each_once(tmp_path: Path) -> None:
    path, seen = tmp_path / "records", list[object]()
    follower = LogFollower(path, seen.append)
    follower.read_on()
    passed = '{"event": "step", "text": "a", "status": "passed"}\n'
    path.write_text(f'{{"event": "run"}}\n{passed}no event\n[1]\n{{"event": "st', encoding="utf-8")
    follower.read_on()
    with path.open("a", encoding="utf-8") as stream:
        stream.write('ep", "status": "failed"}\n')
    follower.read_on()
    follower.read_on()
    assert seen == [{"event": "run"}, {"event": "step", "status": "failed"}]


def test_ctrl_c_while_the_log_is_open_closes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def open_and_press(path: Path, mode: str) -> BytesIO:
        opened.append(BytesIO(b'{"event": "run"}\n'))
        signal.raise_signal(signal.SIGINT)
        return opened[-1]

    monkeypatch.setattr(Path, "open", open_and_press)
    with pytest.raises(KeyboardInterrupt):
        LogFollower(tmp_path / "records", lambda event: None).read_on()
    assert [stream.closed for stream in opened] == [True]


def test_lines_longer_than_what_is_read_at_once_are_followed(tmp_path: Path) -> None:
    path, seen = tmp_path / "records", list[object]()
    events = [{"event": "run", "text": "x" * size} for size in (65_536, 3, 200_000)]
    path.write_text("".join(json.dumps(event) + "\n" for event in events) + "y" * 100_000, encoding="utf-8")
    LogFollower(path, seen.append).read_on()
    assert seen == events


@pytest.mark.parametrize(
    ("output", "hint"),
    [("", ""), ("a\n\n  File x\nb  \n", "last output: a\nb"), ("1\n2\n3\n4\n", "last output: 2\n3\n4")],
)
def test_the_last_lines_of_a_behave_that_crashed_are_shown(output: str, hint: str) -> None:
    found = diagnose_crash(code=3, output=output)
    assert (found.path, found.line, found.column, found.code, found.hint) == ("", 0, 0, "run-crashed", hint)
    assert found.message == "Behave exited with code 3 before finishing; unfinished criteria were left unchanged"


def test_lines_that_several_processes_write_at_once_are_whole_and_nothing_is_between_them(tmp_path: Path) -> None:
    log = EventLog(str(tmp_path / "records"))
    log.create()
    children = []
    for worker in range(3):
        child = os.fork()
        if not child:
            log.enter_process()
            for number in range(1000):
                # The system writes a long line page by page, and a reader may see a part of it.
                log.write_event("step", worker=worker, number=number, text="x" * (number * 37 % 9000))
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    lines = (tmp_path / "records").read_text(encoding="utf-8").split("\n")
    written = [(event["worker"], event["number"]) for event in map(json.loads, lines[:-1])]
    assert sorted(written) == [(worker, number) for worker in range(3) for number in range(1000)]
    assert lines[-1] == ""


@pytest.mark.parametrize(
    ("before", "between"),
    [
        # Of a step, which may write to any descriptor; a process that died left the second one.
        (b"written by a step", b"\n"),
        (b'{"event": "st', b"\n"),
        (b'{"event": "step"}\n', b""),
        (b"", b""),
    ],
)
def test_an_event_begins_a_line_after_any_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes, between: bytes
) -> None:
    monkeypatch.setattr(event_log, "_MOST_LOOKS", 3)
    log = EventLog(str(tmp_path / "records"))
    log.create()
    os.write(log._descriptor, before)
    log.write_event("end")
    assert (tmp_path / "records").read_bytes() == before + between + b'{"event": "end"}\n'


STEP = b'{"event": "step", "text": "'


@pytest.mark.parametrize(
    ("begun", "more"),
    [(STEP[:4], STEP[4:]), (STEP, b"y"), (STEP + b"x" * 1_100_000, b"y")],
    ids=["name", "text", "long"],
)
def test_the_rest_of_a_line_that_another_process_is_writing_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: bytes, more: bytes
) -> None:
    log = EventLog(str(tmp_path / "records"))
    log.create()
    os.write(log._descriptor, begun)
    looks: list[float] = []

    def write_rest(seconds: float) -> None:
        looks.append(seconds)
        os.write(log._descriptor, more if len(looks) == 1 else b'"}\n')

    monkeypatch.setattr(event_log, "_sleep", write_rest)
    log.write_event("end")
    assert (tmp_path / "records").read_bytes() == begun + more + b'"}\n{"event": "end"}\n'
    assert len(looks) == 2
