"""Run a command, print its answer and its diagnostics, and exit: the only place that catches errors."""

from __future__ import annotations

import errno
import gc
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from spec2bdd.cli.formats import PENDING_FAILS, find_stdout_format, format_option, read_sources
from spec2bdd.cli.terminal import ARGUMENTS, measure_width

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.cli.formats import Output
    from spec2bdd.config import Config
    from spec2bdd.errors import Spec2bddError
    from spec2bdd.model import ChallengeReport, Diagnostic, Report
    from spec2bdd.reporters.registry import Answer, AnswerKind, RenderOptions, Reporter

# What a command that starts Behave answers with.
Live = TypeVar("Live", "Report", "ChallengeReport")

# Windows has no such flag.
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)


def answer(kind: AnswerKind) -> Callable[[Callable[..., Report]], Callable[..., None]]:
    """Add `--format` to a command that returns a report; print the report, or the error, and exit with its code."""

    def decorate(command: Callable[..., Report]) -> Callable[..., None]:
        @format_option(kind)
        @wraps(command)
        def wrapped(*, outputs: Sequence[Output], quiet: bool, verbose: bool = False, **options: Any) -> None:
            with exit_on_error():
                # Other formats than text are for programs: no progress on stderr, only errors.
                silent = quiet or find_stdout_format(outputs) != "text"
                report = command(quiet=silent, **options)
            # A command that starts Behave has imported it while that was at work.
            from spec2bdd.reporters.registry import Answer

            typed: tuple[str, ...] = click.get_current_context().meta[ARGUMENTS]
            report = replace(report, typed=shlex.join(["spec2bdd", *typed]))
            diff = options.get("diff", False)
            if diff or options.get("dry_run") or options.get("check"):
                report = replace(report, rerun=_build_rerun(typed))
            result = Answer(kind, report, report.diagnostics)
            complete = print_answer(
                result, outputs, quiet=quiet, verbose=verbose, diff=diff, config=options.get("config")
            )
            # The process ends: collecting what it leaves would only take time.
            gc.freeze()
            sys.exit(report.exit_code if complete else 2)

        return wrapped

    return decorate


def _add_step_summary(answer: Answer) -> bool:
    """Add an answer to the summary that GitHub Actions shows for a step, if there is one; whether that worked."""
    from spec2bdd.errors import WriteError
    from spec2bdd.reporters.registry import REPORTERS, RenderOptions

    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path or answer.kind not in REPORTERS["markdown"].kinds:
        return True
    text = REPORTERS["markdown"].render(answer, RenderOptions())
    try:
        # Other steps of the job may have written to the file.
        with open(path, "a", encoding="utf-8") as stream:  # noqa: PTH123  `pathlib` costs start-up time.
            stream.write(text + "\n")
    except OSError as error:
        print_error(WriteError(f"cannot write the step summary: {error.strerror}", path=path))
        return False
    return True


def _build_rerun(typed: Sequence[str]) -> str:
    """Build the command line that was typed, without the options by which it wrote nothing."""
    # What follows `--` is Behave's.
    own = typed.index("--") if "--" in typed else len(typed)
    kept = [argument for argument in typed[:own] if argument not in ("--check", "--diff", "--dry-run")]
    return shlex.join(["spec2bdd", *kept, *typed[own:]])


@contextmanager
def collect_nothing() -> Iterator[None]:
    """Collect no garbage in a command that holds all of a project until the process ends, nor at its end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Print the error that ends a command, and exit with its code.

    Only `WriteInterrupted` comes after the first write: its message must not claim that nothing was marked.
    """
    from spec2bdd.errors import Spec2bddError, WriteInterrupted

    try:
        yield
    except Spec2bddError as error:
        print_error(error)
        sys.exit(2)
    except WriteInterrupted:
        click.echo("interrupted; no file is half written; rerun the command to finish", err=True)
        sys.exit(130)
    except KeyboardInterrupt:
        click.echo("interrupted; no spec was changed", err=True)
        sys.exit(130)


def read_config(explicit: str | None) -> Config:
    """Read the configuration: the given file, or the nearest one upward.

    Raises:
        ConfigError: it is invalid, or the current folder has been deleted.
    """
    from pathlib import Path

    from spec2bdd import config

    try:
        Path.cwd()
    except FileNotFoundError as error:
        from spec2bdd.errors import ConfigError

        raise ConfigError("the current folder no longer exists", hint="`cd` to a folder that exists") from error
    read = config.read_config(Path.cwd(), explicit=Path(explicit) if explicit else None)
    context = click.get_current_context(silent=True)
    # All paths are shown relative to the root, which may be far above.
    if not read.root.samefile(Path.cwd()) and not (context and context.params.get("quiet")):
        click.echo(f"root: {Path(os.path.relpath(read.root)).as_posix()}", err=True)
    return read


def print_answer(
    answer: Answer,
    outputs: Sequence[Output],
    *,
    quiet: bool = False,
    verbose: bool = False,
    diff: bool = False,
    config: str | None = None,
) -> bool:
    """Render an answer in every requested format, and print its diagnostics unless the printed format includes them.

    With `diff`, stdout gets the changes as a patch, to be piped, and stderr the text. A format that cannot be rendered
    or written is reported and does not keep the others back; the result is whether all could be. `config` is the file
    that the command line names, for formats that need files of the project.
    """
    from spec2bdd.errors import Spec2bddError
    from spec2bdd.reporters.registry import REPORTERS, RenderOptions

    printed = find_stdout_format(outputs)
    stream = sys.stderr if diff and printed == "text" else sys.stdout
    targets: list[tuple[str, TextIO | str]] = [("diff", sys.stdout)] if stream is sys.stderr else []
    targets += [(printed, stream), *((output.format, output.file) for output in outputs if output.file)]
    context = click.get_current_context(silent=True)
    pending_fails = bool(context and context.meta.get(PENDING_FAILS))
    sources, unread = read_sources(outputs, answer.value, config=config)
    answer, complete = replace(answer, sources=sources), not unread
    print_diagnostics(unread)
    for name, target in targets:
        reporter = REPORTERS[name]
        options = RenderOptions(verbose=verbose, quiet=quiet, pending_fails=pending_fails)
        # A file is the same whichever terminal the command runs in.
        if not isinstance(target, str):
            is_terminal = target.isatty()
            options = replace(options, width=measure_width(), color=has_color(target), terminal=is_terminal)
        # After the patch of `--diff`, so that a terminal shows them next to the text.
        if target is stream and not reporter.kinds[answer.kind]:
            print_diagnostics(answer.diagnostics, folded=quiet)
        try:
            _write_answer(answer, reporter, options, target)
        except Spec2bddError as error:
            complete = False
            print_error(error)
    if any(output.format == "github" for output in outputs):
        complete &= _add_step_summary(answer)
    return complete


def _write_answer(answer: Answer, reporter: Reporter, options: RenderOptions, target: TextIO | str) -> None:
    """Render an answer, and write it to a stream or a file.

    Raises:
        WriteError: the reporter failed, or the file cannot be written.
    """
    from spec2bdd.adapters.system.memory import pause_collector
    from spec2bdd.errors import Spec2bddError, WriteError
    from spec2bdd.reporters.registry import FOLDER_FORMATS, LazyReporter

    files: Mapping[str, str] | None = None
    text = ""
    try:
        with pause_collector():
            if isinstance(reporter, LazyReporter) and reporter.name in FOLDER_FORMATS:
                files = reporter.render_files(answer, options)
            else:
                text = reporter.render(answer, options)
    except Spec2bddError:
        raise
    except Exception as error:
        # The other formats still have to be written, and the files that the command changed have to be reported.
        message = f"cannot render the format `{reporter.name}`: {type(error).__name__}: {error}"
        raise WriteError(message, path=target if isinstance(target, str) else "") from error
    if files is not None and isinstance(target, str):
        write_output_folder(target, files)
    elif isinstance(target, str):
        write_output_file(target, text)
    elif reporter.verbatim:
        # Line ends and undecodable bytes are those of the user's files: a text stream would change them.
        target.flush()
        target.buffer.write(text.encode("utf-8", "surrogateescape"))
        target.flush()
    else:
        if reporter.name == "text" and os.environ.get("GITHUB_ACTIONS"):
            # A runner of GitHub obeys lines such as `::error::`, and the words of a spec may begin a line.
            text = re.sub(r"^([ \t]*)::", "\\1\u200d::", text, flags=re.MULTILINE)
        click.echo(text, file=target, color=True, nl=False)


def write_output_folder(folder: str, contents: Mapping[str, str]) -> None:
    """Write files into a folder that the command line names; others in it stay.

    Raises:
        WriteError: one cannot be written; all others are.
    """
    from pathlib import Path

    from spec2bdd.adapters.system import files
    from spec2bdd.errors import WriteError
    from spec2bdd.model import FileChange

    path = Path(folder).absolute()
    try:
        changes = [FileChange(name, files.read_file(path, name), text.encode()) for name, text in contents.items()]
    except OSError as error:
        raise WriteError(f"cannot write: {error.strerror or error}", path=folder) from error
    for refusal in files.write_changes(path, changes).errors:
        refusal.path = f"{folder}/{refusal.path}"
        raise refusal


def write_output_file(file: str, text: str) -> None:
    """Write a file that the command line names, atomically, anywhere on the disk; missing folders are created.

    Raises:
        WriteError: it cannot be written; an older file stays as it is.
    """
    from pathlib import Path

    from spec2bdd.adapters.system import files
    from spec2bdd.commands.reporting.outputs import refuse_source
    from spec2bdd.errors import WriteError
    from spec2bdd.model import FileChange

    path, content = Path(file).absolute(), text.encode("utf-8", "surrogateescape")
    context = click.get_current_context(silent=True)
    explicit = context.params.get("config") if context else None
    refuse_source(path, config=Path(explicit) if explicit else None, shown=file)
    try:
        # A pipe or a device such as `/dev/stderr` can neither be read first nor be replaced.
        # `/dev/stdout` is a link to the file that it is redirected to.
        if path.exists() and (not path.is_file() or path.parent == Path("/dev")):
            # A named pipe that nothing reads would be waited for.
            with open(path, "ab", opener=lambda name, flags: os.open(name, flags | _NONBLOCK)) as stream:
                if _NONBLOCK:
                    os.set_blocking(stream.fileno(), True)
                stream.write(content)
            return
        before = files.read_file(path.parent, path.name)
    except OSError as error:
        if error.errno == errno.ENXIO and path.is_fifo():
            hint = "start what reads from it first, or name a file"
            raise WriteError("cannot write: nothing reads from this pipe", path=file, hint=hint) from error
        raise files.describe_write_error(error, FileChange(file, None, None)) from error
    # There is one change, so there is one refusal at most; it names the file without its folder.
    for refusal in files.write_changes(path.parent, [FileChange(path.name, before, content)]).errors:
        refusal.path = file
        raise refusal


def print_diagnostics(diagnostics: Sequence[Diagnostic], *, counted: bool = False, folded: bool = False) -> None:
    """Print diagnostics on stderr, if there are any; `counted` adds how many, `folded` shows equal ones once.

    The placeholders of a file are one: all of them are what `new` has written.
    """
    if diagnostics:
        from spec2bdd.reporters.text.diagnostics import render_diagnostics

        shown = render_diagnostics(
            diagnostics, color=has_color(sys.stderr), counted=counted, folded=folded, gathered=True
        )
        click.echo(shown, err=True, color=True, nl=False)


def print_error(error: Spec2bddError) -> None:
    """Print an error on stderr, and the further ones that were found with it."""
    from spec2bdd.diagnostics.from_error import diagnose_error

    errors = [diagnose_error(cause) for cause in (error, *getattr(error, "others", ()))]
    # One error alone is the whole output, and needs no count.
    print_diagnostics(errors, counted=len(errors) > 1)


def has_color(stream: TextIO) -> bool:
    """Whether a stream takes colour: a terminal does, unless NO_COLOR is set; FORCE_COLOR overrules a pipe."""
    # https://no-color.org: any value but the empty one.
    if os.environ.get("NO_COLOR"):
        return False
    return stream.isatty() or bool(os.environ.get("FORCE_COLOR"))


def run_live(command: Callable[[Callable[..., None]], Live], *, quiet: bool, plain: bool = False) -> Live:
    """Run a command that starts Behave, with its progress on stderr; `plain` shows no bar."""
    if quiet:
        from spec2bdd.model import ignore_event

        return command(ignore_event)
    from spec2bdd.adapters.system.subprocess import defer_interrupt
    from spec2bdd.reporters.terminal.progress import Progress

    # What a debugger shows must not be drawn over.
    progress = Progress(sys.stderr, environ={**os.environ, "TERM": "dumb"} if plain else None)

    def listen(event: Mapping[str, object]) -> None:
        """Show the progress, and import what renders the answer while Behave is at work."""
        with defer_interrupt():
            import spec2bdd.reporters.registry
            import spec2bdd.reporters.text.diagnostics
            import spec2bdd.reporters.text.report  # noqa: F401
        progress.update(event)

    with progress:
        return command(listen)
