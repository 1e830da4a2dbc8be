"""Find out what the code that calls something does with the result."""

from __future__ import annotations

import dis
from types import FrameType

# With these, code decides by a value, keeps or returns it.
_USES = ("STORE_", "RETURN_", "POP_JUMP_", "JUMP_IF_", "TO_BOOL", "UNARY_NOT", "RAISE_", "YIELD_")


def drops_result(frame: FrameType) -> bool:
    """Whether code drops the result of the call that it is in."""
    instructions = dis.get_instructions(frame.f_code)
    following = (part for part in instructions if part.offset > frame.f_lasti)
    return next((part.opname for part in following), "") == "POP_TOP"


def drops_chain(frame: FrameType) -> bool:
    """Whether code drops what it goes on to call on the result of the call that it is in, or keeps that result."""
    names = [part.opname for part in dis.get_instructions(frame.f_code) if part.offset > frame.f_lasti]
    if names and names[0].startswith("STORE_"):
        return True
    ends = (name for name in names if name == "POP_TOP" or name.startswith(_USES))
    return next(ends, "") == "POP_TOP"
