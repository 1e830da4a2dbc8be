"""The last boundary of the program: Ctrl-C, errors of the operating system, and bugs of spec2bdd itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from spec2bdd.cli.streams import open_standard_streams
from spec2bdd.errors import SystemCallError

_BUG = "this is a bug in spec2bdd; please report it with the lines above"


@contextmanager
def exit_on_unexpected_error() -> Iterator[None]:
    """Print an error that nothing else has caught, and exit with 2.

    An error of the operating system, such as a full disk, is one line. Any other is a bug: it has a traceback.
    """
    stdout_is_open = open_standard_streams()
    try:
        if not stdout_is_open:
            raise SystemCallError("stdout is closed", hint="to discard the output, use `> /dev/null`")
        yield
    except SystemCallError as error:
        _print_and_exit(error)
    except MemoryError:
        _print_and_exit(SystemCallError("out of memory"))
    except OSError as error:
        name = error.filename if isinstance(error.filename, str) else ""
        _print_and_exit(SystemCallError((error.strerror or str(error)).lower(), path=_shorten(name)))
    except Exception as error:  # noqa: BLE001  Else Python would print it, with paths of this machine.
        lines = [*_render_traceback(error), f"error: internal error: {type(error).__name__}: {error}", f"hint: {_BUG}"]
        with suppress(OSError):
            sys.stderr.write("".join(f"{line}\n" for line in lines))
        sys.exit(2)


@contextmanager
def exit_on_interrupt() -> Iterator[None]:
    """Exit with 130 after Ctrl-C before a command has begun or after it has ended; in between, it says more."""
    try:
        yield
    except KeyboardInterrupt:
        with suppress(OSError):
            sys.stderr.write("interrupted\n")
        sys.exit(130)


def _print_and_exit(error: SystemCallError) -> None:
    """Print an error on stderr, if it can be written to, and exit."""
    from spec2bdd.cli.output import print_error

    with suppress(OSError):
        print_error(error)
    sys.exit(2)


def _render_traceback(error: Exception) -> Iterator[str]:
    """Render the calls that led to an error, without the folders of this machine."""
    # Imported where there is a bug to show.
    from traceback import extract_tb

    yield "Traceback (most recent call last):"
    for frame in extract_tb(error.__traceback__):
        yield f'  File "{_shorten(frame.filename)}", line {frame.lineno}, in {frame.name}'
        yield f"    {frame.line}"


def _shorten(path: str) -> str:
    """Shorten a path under the current folder, or under one that modules are imported from."""
    with suppress(OSError):
        roots = [os.getcwd(), *filter(None, sys.path)]  # noqa: PTH109  `pathlib` costs start-up time.
        # A folder inside another one, such as `site-packages`, gives the shorter name.
        for root in sorted(roots, key=len, reverse=True):
            if path.startswith(f"{root}{os.sep}"):
                return path.removeprefix(f"{root}{os.sep}")
    return path
