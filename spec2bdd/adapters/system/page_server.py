"""Serve one page to the browsers of this machine, and say when it has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

from spec2bdd.errors import Spec2bddError, UsageError

# Seconds between two looks at the files.
_INTERVAL = 0.5
_TURNS_TO_PING = 20
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


class PageServer:
    """Serves the page that `render` makes, on the loopback address alone; nothing can be written through it.

    `stamp` is a value that is another one once the page has changed.

    Raises:
        UsageError: the port cannot be used.
    """

    def __init__(self, render: Callable[[], str], stamp: Callable[[], object], *, port: int) -> None:
        self._render, self.stamp = render, stamp
        self._lock, self._stopped = threading.Lock(), threading.Event()
        self._page: tuple[object, HTTPStatus, bytes] | None = None
        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), self.build_handler())
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", "") or "it is larger than 65535"
            raise UsageError(f"cannot use port {port}: {reason}", hint="choose another one with `--port`") from error
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/"

    def run(self) -> None:
        """Serve until the process is interrupted or `stop` is called."""
        try:
            self._server.serve_forever(poll_interval=0.1)
        finally:
            self._stopped.set()
            self._server.server_close()

    def stop(self) -> None:
        """Stop to serve; for another thread."""
        self._stopped.set()
        self._server.shutdown()

    def read_page(self) -> tuple[HTTPStatus, bytes]:
        """Return the page, made again if it has changed; an error of the project is shown in its place."""
        with self._lock:
            stamp = self.stamp()
            if self._page is None or self._page[0] != stamp:
                try:
                    status, text = HTTPStatus.OK, self._render()
                except Spec2bddError as error:
                    status, text = HTTPStatus.INTERNAL_SERVER_ERROR, f"error: {error}"
                self._page = (stamp, status, text.encode("utf-8", "backslashreplace"))
            return self._page[1:]

    def watch(self) -> Iterator[bytes]:
        """Yield an event for each change, once no file changes any more: a run writes its records bit by bit."""
        last = self.stamp()
        # It may have changed since the browser got it.
        shown = self._page[0] if self._page else last
        for turn in count(1):
            if self._stopped.wait(_INTERVAL):
                return
            stamp = self.stamp()
            if stamp == last != shown:
                shown = stamp
                yield b"data: changed\n\n"
            # To send something is the only way to notice that a browser has gone away.
            elif turn % _TURNS_TO_PING == 0:
                yield b":\n\n"
            last = stamp

    def build_handler(self) -> type[BaseHTTPRequestHandler]:
        """Build the class that answers requests, as the standard library wants it."""
        server = self

        class Handler(BaseHTTPRequestHandler):
            """Answers `/` with the page and `/changes` with an event for each change; all else is refused."""

            def do_GET(self) -> None:
                """Answer one request."""
                # A site that gives this address a name of its own must not read the page.
                if self.headers.get("Host") not in (f"127.0.0.1:{server.port}", f"localhost:{server.port}"):
                    self.send_error(HTTPStatus.FORBIDDEN)
                elif self.path == "/":
                    status, page = server.read_page()
                    kind = "text/html" if status is HTTPStatus.OK else "text/plain"
                    self.begin(status, f"{kind}; charset=utf-8", {"Content-Length": str(len(page))})
                    self.wfile.write(page)
                elif self.path == "/changes":
                    self.begin(HTTPStatus.OK, "text/event-stream", {})
                    with suppress(OSError):
                        for event in server.watch():
                            self.wfile.write(event)
                else:
                    self.send_error(HTTPStatus.NOT_FOUND)

            def begin(self, status: HTTPStatus, kind: str, headers: dict[str, str]) -> None:
                """Send the head of an answer."""
                self.send_response(status)
                for name, value in {"Content-Type": kind, **headers, **_HEADERS}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Log nothing: the answer of the command is its address."""

        return Handler
