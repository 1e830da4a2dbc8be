"""A generated scenario becomes the user's own: it moves with its tag, its id stays, and nothing else moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    generate,
    list_verdicts,
    read_all,
    to_keywords,
    verify,
    write_basket,
    write_files,
)

from spec2bdd.commands.decisions.eject import eject as eject_command
from spec2bdd.config import read_config
from spec2bdd.errors import UsageError
from spec2bdd.model import Report

OWN_PATH = FEATURE_PATH.replace(".feature", "_own.feature")
TEXT = "An item can be added"


def eject(root: Path, *names: str, **wishes: Any) -> Report:
    """Run `eject` on a project."""
    return eject_command(read_config(root), *names, **to_keywords(wishes))


def test_the_scenario_moves_with_its_tag_and_proves_its_criterion_as_before(tmp_path: Path) -> None:
    write_basket(tmp_path)
    before = list_verdicts(verify(tmp_path))
    report = eject(tmp_path, TEXT)
    assert [change.path for change in report.changes] == [OWN_PATH, FEATURE_PATH]
    own, generated = ((tmp_path / path).read_text() for path in (OWN_PATH, FEATURE_PATH))
    assert f"  Scenario: {TEXT}\n    Then an item can be added\n" in own
    assert f"Scenario: {TEXT}\n" not in generated
    files = read_all(tmp_path)
    assert generate(tmp_path).exit_code == 0
    assert read_all(tmp_path) == files
    assert list_verdicts(verify(tmp_path)) == before


def test_several_go_to_one_file_and_each_only_once(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    eject(tmp_path, TEXT)
    eject(tmp_path, "Baskets can be shared")
    own = (tmp_path / OWN_PATH).read_text()
    assert (own.count("Feature:"), own.count("Scenario:")) == (1, 2)
    again = eject(tmp_path, TEXT)
    assert again.changes == ()
    assert "nothing to eject" in again.notes[0]
    assert generate(tmp_path).exit_code == 0
    assert (tmp_path / OWN_PATH).read_text() == own


def test_what_was_edited_by_hand_goes_as_it_stands(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    feature = tmp_path / FEATURE_PATH
    feature.write_text(
        feature.read_text().replace("    Then an item can be added\n", "    Then an item is in the basket\n")
    )
    report = generate(tmp_path)
    assert "spec2bdd eject" in report.diagnostics[0].hint
    eject(tmp_path, TEXT)
    assert "Then an item is in the basket" in (tmp_path / OWN_PATH).read_text()
    files = read_all(tmp_path)
    assert generate(tmp_path).exit_code == 0
    assert read_all(tmp_path)[FEATURE_PATH] == files[FEATURE_PATH]


def test_the_file_s_line_ends_stay(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {OWN_PATH: b"Feature: mine\r\n\r\n  Scenario: x\r\n    Then an item can be added\r\n"})
    generate(tmp_path)
    eject(tmp_path, TEXT)
    own = (tmp_path / OWN_PATH).read_bytes()
    assert own.count(b"\n") == own.count(b"\r\n")
    assert own.startswith(b"Feature: mine\r\n\r\n  Scenario: x\r\n")


def test_both_files_have_the_line_ends_of_the_checkout(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    feature = tmp_path / FEATURE_PATH
    feature.write_bytes(feature.read_bytes().replace(b"\n", b"\r\n"))
    eject(tmp_path, TEXT)
    texts = [(tmp_path / path).read_bytes() for path in (FEATURE_PATH, OWN_PATH)]
    assert [text.count(b"\n") - text.count(b"\r\n") for text in texts] == [0, 0]


def test_a_scenario_that_a_killed_process_left_in_both_files_is_moved_once(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    feature = tmp_path / FEATURE_PATH
    feature.write_text(
        feature.read_text().replace("    Then an item can be added\n", "    Then an item is in the basket\n")
    )
    before = feature.read_bytes()
    eject(tmp_path, TEXT)
    after = read_all(tmp_path)
    feature.write_bytes(before)
    assert [change.path for change in eject(tmp_path, TEXT).changes] == [FEATURE_PATH]
    assert read_all(tmp_path) == after


def test_a_scenario_stays_where_it_is_if_the_other_file_cannot_be_written(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {OWN_PATH: "Feature: mine\n"})
    generate(tmp_path)
    feature = tmp_path / FEATURE_PATH
    feature.write_text(
        feature.read_text().replace("    Then an item can be added\n", "    Then an item is in the basket\n")
    )
    before = read_all(tmp_path)
    (tmp_path / OWN_PATH).chmod(0o444)
    report = eject(tmp_path, TEXT)
    assert [diagnostic.path for diagnostic in report.diagnostics] == [OWN_PATH, FEATURE_PATH]
    assert read_all(tmp_path) == before


def test_check_writes_nothing(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    before = read_all(tmp_path)
    assert eject(tmp_path, TEXT, check=True).exit_code == 1
    assert read_all(tmp_path) == before


def test_what_was_not_generated_cannot_be_ejected(tmp_path: Path) -> None:
    write_basket(tmp_path)
    with pytest.raises(UsageError, match="no generated scenario"):
        eject(tmp_path, TEXT)
    assert [path for path in read_all(tmp_path) if path.startswith("specs")] == [SPEC_PATH]


@pytest.mark.parametrize(
    ("note", "hint"), [("(manual)", "spec2bdd manual {} --off"), ("(waived: later)", "spec2bdd unwaive {}")]
)
def test_the_hint_for_a_criterion_without_a_scenario_says_what_it_needs_first(
    tmp_path: Path, note: str, hint: str
) -> None:
    write_basket(tmp_path, spec=SPEC.replace(f"- [ ] {TEXT}", f"- [ ] {TEXT} {note}"))
    generate(tmp_path)
    with pytest.raises(UsageError, match="no generated scenario") as caught:
        eject(tmp_path, TEXT)
    assert str(caught.value).startswith(f"cannot eject `{TEXT}`: it is ")
    assert caught.value.hint == f"run `{hint.format('ac_3_10_d2c391')}` first"


OWN = "Feature: mine\n\n  @smoke @{} @must\n  Scenario: x\n    Then an item can be added\n"


@pytest.mark.parametrize("tag", ["ac_3_10_nobody", "ac_"])
def test_a_tag_that_no_spec_has_is_pointed_out_with_its_place(tmp_path: Path, tag: str) -> None:
    write_files(write_basket(tmp_path), {"features/mine.feature": OWN.format(tag)})
    assert [(found.path, found.line, found.column, found.code) for found in generate(tmp_path).diagnostics] == [
        ("features/mine.feature", 3, 10, "unlinked-tag")
    ]


@pytest.mark.parametrize("tag", ["accepted", "must", "x_ac_1"])
def test_a_tag_of_your_own_is_no_business_of_ours(tmp_path: Path, tag: str) -> None:
    write_files(write_basket(tmp_path), {"features/mine.feature": OWN.format(tag)})
    assert generate(tmp_path).diagnostics == ()


def test_the_tag_of_a_criterion_that_is_gone_is_pointed_out(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    eject(tmp_path, TEXT)
    spec = tmp_path / SPEC_PATH
    spec.write_text(spec.read_text().replace(f"- [ ] {TEXT}\n", ""))
    generate(tmp_path)
    assert [found.code for found in generate(tmp_path).diagnostics] == ["unlinked-tag"]


def test_a_scenario_that_was_renamed_by_hand_moves_with_the_id_of_its_criterion(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace(f"- [ ] {TEXT}", f"- [x] {TEXT}"))
    generate(tmp_path)
    feature = tmp_path / FEATURE_PATH
    feature.write_text(feature.read_text().replace(f"Scenario: {TEXT}\n", "Scenario: Nothing like it is said\n"))
    (diagnostic,) = generate(tmp_path).diagnostics
    assert diagnostic.code == "edited-by-hand"
    assert diagnostic.hint.startswith("run `spec2bdd eject ac_3_10_d2c391` to move the scenario")
    eject(tmp_path, "ac_3_10_d2c391")
    assert "Scenario: Nothing like it is said" in (tmp_path / OWN_PATH).read_text()
    assert generate(tmp_path).diagnostics == ()
