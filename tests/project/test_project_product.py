"""What is code of the product, and what only checks it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from small_project import write_files

from spec2bdd.config import read_config
from spec2bdd.project.since.product import list_product_files


def test_helpers_of_steps_that_the_configuration_names_are_no_part_of_the_product(tmp_path: Path) -> None:
    paths = ["shop/till.py", "shop/till_checks.py", "support/pages/till.py", "steps/till_steps.py", "tests/tills.py"]
    write_files(tmp_path, {"specs/1.1-till.md": "", **dict.fromkeys(paths, "")})
    config = read_config(tmp_path)
    assert list_product_files(config) == ("shop/till.py", "shop/till_checks.py", "support/pages/till.py")
    config = replace(config, step_helpers=("support", "shop/*_checks.py"))
    assert list_product_files(config) == ("shop/till.py",)
