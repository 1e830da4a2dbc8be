"""Read how long scenarios took from the record files of earlier runs, one line at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from spec2bdd.adapters.results.record_files import expand_name
from spec2bdd.adapters.system.files import open_file
from spec2bdd.errors import RecordError

# The beginnings of the events that say what took how long.
_TIMED = tuple(f'{{"event": "{name}"' for name in ("run", "scenario_start", "scenario_end"))
_HINT = "use a record file that `spec2bdd run` wrote"

Durations = Mapping[str, Mapping[str, float]]


def load_durations(names: Sequence[str]) -> Durations:
    """Load the durations of scenarios from the record files that were named; what does not exist has none.

    Before the first run there are none, and nothing else is different then.

    Raises:
        RecordError: a file cannot be read.
    """
    return read_durations(sorted({path for name in names for path in _find_files(name)}))


def find_missing(names: Sequence[str]) -> tuple[str, ...]:
    """Find the names that match no file."""
    return tuple(name for name in names if not _find_files(name))


def _find_files(name: str) -> list[Path]:
    """Find the record files that a name matches."""
    return [path for path in expand_name(name, required=False) if path.exists()]


def read_durations(paths: Sequence[Path]) -> dict[str, dict[str, float]]:
    """Read the seconds of scenarios by the path of their feature file and their name.

    The newest run in which a scenario ended counts, whatever the order of the files. Of several scenarios with one name
    in a file, the longest counts; of a scenario that was retried, all tries together.

    Raises:
        RecordError: a file cannot be read, or is no record file.
    """
    runs = sorted((_read_run(path) for path in paths), key=lambda run: run[0])
    durations: dict[str, dict[str, float]] = {}
    for _, seconds in runs:
        newest: dict[tuple[str, str], float] = {}
        for place, took in seconds:
            newest[place] = max(newest.get(place, 0.0), took)
        for (feature, name), took in newest.items():
            durations.setdefault(feature, {})[name] = took
    return {feature: dict(sorted(durations[feature].items())) for feature in sorted(durations)}


def _read_run(path: Path) -> tuple[tuple[str, str], list[tuple[tuple[str, str], float]]]:
    """Read when a run started, with its id, and its scenarios that ended, with their seconds."""
    places: dict[int, tuple[str, str]] = {}
    seconds: dict[int, float] = {}
    header: dict[str, Any] = {}
    try:
        with TextIOWrapper(open_file(path), encoding="utf-8") as stream:
            for event in _parse_timed_events(stream):
                if event["event"] == "run":
                    header = header or event
                elif event["event"] == "scenario_start":
                    places[event["scenario"]] = (event["feature"], event["name"])
                else:
                    number = event["scenario"]
                    seconds[number] = seconds.get(number, 0.0) + float(event["seconds"])
        order = (str(header["started"]), str(header["id"]))
    except OSError as error:
        message = f"cannot read the durations: {error.strerror or error}"
        raise RecordError(message, path=str(path), hint=_HINT) from error
    except UnicodeDecodeError as error:
        raise RecordError(f"cannot read the durations: {error}", path=str(path), hint=_HINT) from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RecordError("cannot read durations from this file", path=str(path), hint=_HINT) from error
    return order, [(places[number], took) for number, took in seconds.items() if number in places]


def _parse_timed_events(lines: Iterable[str]) -> Iterator[Any]:
    """Parse the events that say what took how long.

    A run that was killed may have left an empty file, which is one of no scenarios, or half of its last line.
    """
    is_empty = True
    for line in lines:
        is_whole = line.endswith("\n")
        # Most lines are steps, whose text may be long.
        if not line.startswith(_TIMED):
            is_empty = is_empty and not is_whole and _TIMED[0].startswith(line)
            continue
        try:
            event = json.loads(line)
        except ValueError:
            if is_whole:
                raise
            break
        is_empty = False
        yield event
    if is_empty:
        yield {"event": "run", "started": "", "id": ""}
