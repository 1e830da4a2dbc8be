"""A process with messages: its request, its messages, what it prints, and its end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spec2bdd.adapters.watching.message_process import Message, MessageProcess

HEAD = "import sys, time\nfrom spec2bdd.adapters.watching.message_process import open_request\n\n\n"


@contextmanager
def start(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> Iterator[MessageProcess]:
    """Start a process that does what is given with a request."""
    (folder / "child.py").write_text(f"{HEAD}def main(arguments):\n{body}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
    process = MessageProcess("child", {"text": "ä\n", "paths": ["a"] * 100_000}, variables={"NAME": "Ana"})
    try:
        yield process
    finally:
        process.stop()


def read_all(process: MessageProcess) -> list[Message]:
    """Read all messages, up to the end."""
    messages: list[Message] = []
    while (more := process.read_messages()) is not None:
        messages += more
    return messages


def test_a_request_and_messages_of_any_size_arrive_and_what_is_printed_is_no_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = """\
    import os
    with open_request(int(arguments[0])) as (request, send):
        print("out", os.environ["NAME"])
        send({"back": request["text"], "count": len(request["paths"])})
        send({"long": "x" * 300_000})
        print("err", file=sys.stderr)
"""
    with start(tmp_path, monkeypatch, body) as process:
        messages = read_all(process)
        printed = process.finish()
    assert messages == [{"back": "ä\n", "count": 100_000}, {"long": "x" * 300_000}]
    assert sorted(printed.splitlines()) == ["err", "out Ana"]


def test_a_traceback_is_part_of_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with start(tmp_path, monkeypatch, "    raise ValueError('a bug')\n") as process:
        assert read_all(process) == []
        assert "ValueError: a bug" in process.finish()


def test_a_process_that_is_stopped_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """\
    with open_request(int(arguments[0])) as (request, send):
        send({"begun": True})
        time.sleep(600)
"""
    with start(tmp_path, monkeypatch, body) as process:
        assert process.read_messages() == [{"begun": True}]
        number = process._process.pid
    assert not Path(f"/proc/{number}").exists()


def test_the_process_goes_on_without_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"""\
    with open_request(int(arguments[0])) as (request, send):
        time.sleep(1)
        for _ in range(3):
            send({{"begun": True}})
    open({str(tmp_path / "ended")!r}, "w").close()
"""
    with start(tmp_path, monkeypatch, body) as process:
        os.close(process._read)
        process.finish()
        assert (tmp_path / "ended").exists()
        process._read = os.open(os.devnull, os.O_RDONLY)
