"""The connection between the pool and a worker, which the steps of the worker may disturb."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from multiprocessing import Pipe

import pytest

from spec2bdd.adapters.behave.executors.channel import Channel

Ends = tuple[Channel, Channel]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """Return both ends of a connection."""
    first, second = map(Channel, Pipe())
    yield first, second
    for end in (first, second):
        end.connection.close()


def test_messages_that_arrive_together_are_received_one_by_one_in_their_order(ends: Ends) -> None:
    ours, theirs = ends
    for message in (["a"], None, {"b": 1}):
        theirs.send(message)
    theirs.connection.close()
    assert [ours.receive() for _ in range(3)] == [["a"], None, {"b": 1}]


def test_all_messages_that_have_arrived_are_read_at_once_and_what_is_between_them_is_dropped(ends: Ends) -> None:
    ours, theirs = ends
    theirs.send("first")
    os.write(theirs.connection.fileno(), b"printed by a step\n")
    theirs.send("second")
    assert ours.read_messages() == ["first", "second"]


def test_a_connection_that_a_step_has_made_one_that_does_not_block_is_waited_for(ends: Ends) -> None:
    ours, theirs = ends
    descriptor, is_over = ours.connection.fileno(), threading.Event()
    os.set_blocking(descriptor, False)

    def send() -> None:
        """Send a message once the other end waits for it."""
        while not os.get_blocking(descriptor) and not is_over.wait(0.001):
            pass
        theirs.send("at last")

    sender = threading.Thread(target=send)
    sender.start()
    try:
        assert ours.receive() == "at last"
    finally:
        is_over.set()
        sender.join()
