"""`report --serve`: the page on this machine alone, always as the project is now, and nothing can be written."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_project import SPEC, SPEC_PATH, generate, read_all, run, write_basket, write_files

from spec2bdd.adapters.system.page_server import PageServer
from spec2bdd.cli.main import main
from spec2bdd.commands.reporting.serve import create_report_server
from spec2bdd.config import read_config
from spec2bdd.reporters.html.page import render_page


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PageServer]:
    """Serve the page of a project that has run once."""
    write_basket(tmp_path)
    generate(tmp_path)
    run(tmp_path)
    config = read_config(tmp_path)
    served = create_report_server(config, lambda documentation: render_page(documentation, live=True), port=0)
    thread = threading.Thread(target=served.run)
    thread.start()
    yield served
    served.stop()
    thread.join()


@contextmanager
def ask(
    server: PageServer, path: str = "/", *, method: str = "GET", host: str = ""
) -> Iterator[http.client.HTTPResponse]:
    """Send one request."""
    place = server.url.split("/")[2]
    connection = http.client.HTTPConnection(place, timeout=20)
    connection.request(method, path, headers={"Host": host or place})
    with closing(connection), connection.getresponse() as answer:
        yield answer


def test_the_page_is_served_and_nothing_is_written(server: PageServer, tmp_path: Path) -> None:
    before = read_all(tmp_path)
    with ask(server) as answer:
        page = answer.read().decode()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "connect-src 'self'" in page
    assert "The spec is not complete yet" in page
    assert read_all(tmp_path) == before


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_but_reading_is_allowed(server: PageServer, method: str) -> None:
    with ask(server, method=method) as answer:
        assert answer.status == 501


@pytest.mark.parametrize("path", ["/specs/3.10-basket.md", "/../pyproject.toml", "/index.html", "/?x"])
def test_there_is_one_page_and_no_file(server: PageServer, path: str) -> None:
    with ask(server, path) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("host", ["example.org", "example.org:80", "127.0.0.1", "localhost.example.org"])
def test_a_site_that_names_this_machine_its_own_reads_nothing(server: PageServer, host: str) -> None:
    with ask(server, host=host) as answer:
        assert answer.status == 403


def test_the_server_listens_on_this_machine_alone(server: PageServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")


def test_a_change_is_announced_once_and_the_page_shows_it(server: PageServer, tmp_path: Path) -> None:
    server.read_page()
    with ask(server, "/changes") as events:
        assert events.headers["Content-Type"] == "text/event-stream"
        write_files(tmp_path, {SPEC_PATH: SPEC.replace("People collect", "Customers collect")})
        assert events.readline() == b"data: changed\n"
        changed = server.read_page()[1]
        run(tmp_path)
        assert [events.readline(), events.readline()] == [b"\n", b"data: changed\n"]
    assert server.read_page()[1] != changed


def test_an_error_of_the_project_is_shown_until_it_is_fixed(server: PageServer, tmp_path: Path) -> None:
    (tmp_path / SPEC_PATH).unlink()
    with ask(server) as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (500, "text/plain; charset=utf-8")
        assert answer.read().startswith(b"error: no specs found")
    write_files(tmp_path, {SPEC_PATH: SPEC})
    assert server.read_page()[0] == 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--serve", "--format", "json"], "error: `--serve` cannot be combined with `--format` [usage]\n"),
        (["--port", "8080"], "error: `--port` is only used with `--serve` [usage]\n"),
        (["--serve", "--port", "70000"], "error: cannot use port 70000: it is larger than 65535 [usage]\n"),
        (["--serve", "--port", "{taken}"], "error: cannot use port {taken}: Address already in use [usage]\n"),
    ],
)
def test_what_cannot_be_served_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(write_basket(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        shown = [argument.format(taken=port) for argument in arguments]
        result = CliRunner().invoke(main, ["report", *shown], prog_name="spec2bdd")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message.format(taken=port))


def test_the_command_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    write_basket(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "spec2bdd", "report", "--serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"serving http://127.0.0.1:{port}/ (Ctrl-C stops it)\n"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        with closing(connection):
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
        process.send_signal(signal.SIGINT)
        assert (process.wait(timeout=30), process.stdout.read()) == (0, "")
