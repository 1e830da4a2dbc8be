"""Find out what the code that calls something does with the result."""

from __future__ import annotations

import dis
from types import FrameType


def drops_result(frame: FrameType) -> bool:
    """Whether code drops the result of the call that it is in."""
    instructions = dis.get_instructions(frame.f_code)
    following = (part for part in instructions if part.offset > frame.f_lasti and part.opname != "CACHE")
    return next((part.opname for part in following), "") == "POP_TOP"
