"""What tests of `watch` start in place of a run: it sends one message, and prints an answer."""

from __future__ import annotations

import sys

from spec2bdd.adapters.watching.message_process import open_request


def main(arguments: list[str]) -> None:
    """Answer a request."""
    with open_request(int(arguments[0])) as (request, send):
        send({"event": "written", "digests": {}})
        sys.stdout.write(" ".join([request["action"], *request["paths"]]) + "\n")
