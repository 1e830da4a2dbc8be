"""What the commands that read specs warn about: all of them about the same."""

from __future__ import annotations

from pathlib import Path

from small_project import SPEC, SPEC_PATH, generate, verify, write_basket

from spec2bdd.commands.status import status

TEXT = "An item can be added"
ODD = SPEC.replace(f"- [ ] {TEXT}", f"- [ ] {TEXT} <!-- id: Foo Bar! -->").replace("Draft", "Someday")
CODES = ["bad-id", "unknown-status"]


def test_generate_verify_and_status_warn_about_the_same(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=ODD)
    for report in (generate(tmp_path), generate(tmp_path), generate(tmp_path, check=True), verify(tmp_path)):
        assert sorted(item.code for item in report.diagnostics) == CODES
    assert status(tmp_path).warnings == len(CODES)


def test_status_counts_the_same_after_the_edit_of_one_spec(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    assert status(tmp_path).warnings == 0
    (tmp_path / SPEC_PATH).write_text(ODD, encoding="utf-8")
    assert status(tmp_path).warnings == len(CODES)
