"""The page on performance: its aims are about commands that are measured, and its tables say what the samples say."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import page
import pytest
from cases import list_cases
from measuring import Command, Result, Sample, measure_command, read_result, write_result

CASES = list_cases(Path("bin"), quick=False)


def make_result(name: str, **seconds: list[float]) -> Result:
    """Make a result of a case whose commands took so long, in so many seconds of the processor, and in 100 MB."""
    samples = {key: [Sample(value, value, 100.0) for value in values] for key, values in seconds.items()}
    return Result(name, "Title", "abc", "2026-01-02", 0.5, samples, {})


def test_each_aim_is_about_commands_that_are_measured() -> None:
    results = {
        case.name: make_result(case.name, **{command.name: [1.0, 2.0, 9.0] for command in case.commands})
        for case in CASES
    }
    assert [aim.text for aim in page.AIMS if aim.figure(results) is None] == []


def test_each_case_has_a_place_on_the_page_and_a_smaller_size() -> None:
    small = list_cases(Path("bin"), quick=True)
    assert [case.name for case in small] == [case.name for case in CASES]
    assert {case.name.partition("-")[0] for case in CASES} == set(page.PARTS)


@pytest.mark.parametrize(
    ("seconds", "row"),
    [
        ([0.39, 0.1, 9.0], "| 0.40 | 0.39 | met |"),
        ([0.41, 0.1, 9.0], "| 0.40 | 0.41 | **missed** |"),
        ([], "| 0.40 | not measured | |"),
    ],
)
def test_an_aim_is_met_by_the_ratio_of_the_medians(seconds: list[float], row: str) -> None:
    result = make_result("run-tiny", **{"behave": [1.0, 0.5, 3.0], "spec2bdd run -j 2": seconds})
    shown = page.render_page(CASES, {"run-tiny": result}, {"Python": "3.11"})
    line = next(line for line in shown.splitlines() if line.startswith("| 4,000 tiny scenarios"))
    assert line.endswith(row)


def test_a_table_shows_medians_the_spread_and_tools_that_failed() -> None:
    result = make_result("run-few", behave=[2.0, 1.0, 4.0], ours=[1.0, 0.5, 3.0], other=[])
    result = Result(
        **{**{name: getattr(result, name) for name in result.__slots__}, "failures": {"other": "exited with 2"}}
    )
    assert list(page.render_table(result))[2:] == [
        "| behave | 2.00 | 1.00 to 4.00 | 1.00 | 100 MB |",
        "| ours | 1.00 | 0.50 to 3.00 | 0.50 | 100 MB |",
        "| other | exited with 2 | | | |",
    ]


def test_growth_compares_the_time_for_each_spec() -> None:
    small, large = (
        make_result(f"mark-{size}", **{"spec2bdd mark": [time]}) for size, time in ((1000, 2.0), (10_000, 30.0))
    )
    assert page.make_growth("mark", "spec2bdd mark")({"mark-1000": small, "mark-10000": large}) == 1.5
    assert page.make_growth("mark", "spec2bdd mark")({"mark-1000": small}) is None


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    result = make_result("run-few", behave=[2.0, 1.0])
    write_result(tmp_path / "a.json", result)
    assert read_result(tmp_path / "a.json") == result
    assert read_result(tmp_path / "b.json") is None


def test_the_page_names_no_path_and_no_host() -> None:
    assert re.search(r"/(?:home|root|work|tmp|Users)/|\w+@\w+", page.describe_machine()) is None


def test_the_memory_of_a_command_is_that_of_its_largest_process(tmp_path: Path) -> None:
    failures: dict[str, str] = {}
    child = "x = bytearray(80 * 2**20)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {child!r}], check=True)"
    sample = measure_command(tmp_path, Command("a", (sys.executable, "-S", "-c", code)), failures)
    assert sample is not None
    assert 80 <= sample.memory < 120
    failed = measure_command(
        tmp_path, Command("b", (sys.executable, "-S", "-c", "raise SystemExit(3)"), "tool"), failures
    )
    assert (failed, failures) == (None, {"b": "exited with 3"})
