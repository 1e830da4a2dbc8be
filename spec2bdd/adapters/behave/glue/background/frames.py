"""Find out what the code that calls something does with the result."""

from __future__ import annotations

import asyncio
import concurrent.futures
import dis
from pathlib import Path
from types import FrameType

from spec2bdd.adapters.behave.vacuity.sources import is_library_file

# They call the callbacks of tasks and futures, and ignore what these return.
_CALLERS = (asyncio.events.__file__, concurrent.futures._base.__file__, str(Path(__file__).with_name("futures.py")))
# With these, code decides by a value, keeps or returns it.
_USES = ("STORE_", "RETURN_", "POP_JUMP_", "JUMP_IF_", "TO_BOOL", "UNARY_NOT", "RAISE_", "YIELD_")


def drops_result(frame: FrameType) -> bool:
    """Whether code drops the result of the call that it is in."""
    return _find_next(frame) == "POP_TOP"


def _find_next(frame: FrameType) -> str:
    """Find the name of the instruction after the call that code is in."""
    following = (part for part in dis.get_instructions(frame.f_code) if part.offset > frame.f_lasti)
    return next((part.opname for part in following if part.opname != "CACHE"), "")


def drops_answer(frame: FrameType) -> bool:
    """Whether code of the project asks for a result and does nothing with it, or is a callback that only returns it."""
    if is_library_file(frame.f_code.co_filename):
        return False
    caller = frame.f_back
    is_callback = caller is not None and caller.f_code.co_filename in _CALLERS
    return _find_next(frame) == "POP_TOP" or (is_callback and _find_next(frame).startswith("RETURN_"))


def drops_chain(frame: FrameType) -> bool:
    """Whether code drops what it goes on to call on the result of the call that it is in, or keeps that result."""
    names = [part.opname for part in dis.get_instructions(frame.f_code) if part.offset > frame.f_lasti]
    if names and names[0].startswith("STORE_"):
        return True
    ends = (name for name in names if name == "POP_TOP" or name.startswith(_USES))
    return next(ends, "") == "POP_TOP"
