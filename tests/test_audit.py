"""What `make audit` says of a report of pip-audit: that advisories were not looked up is never a clean result."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import audit
import pytest

CLEAN = {"name": "click", "version": "8.1.8", "vulns": []}
VULNERABLE = {"name": "jinja2", "version": "3.1.5", "vulns": [{"id": "GHSA-cpwx", "fix_versions": ["3.1.6"]}]}
SKIPPED = {"name": "regex", "skip_reason": "it could not be looked up"}


def judge(*dependencies: object) -> tuple[int, str]:
    """Judge a report with these dependencies."""
    return audit.judge_report(json.dumps({"dependencies": dependencies, "fixes": []}))


def test_a_clean_report_says_how_many_dependencies_were_audited() -> None:
    assert judge(CLEAN, CLEAN) == (0, "2 dependencies audited, no known vulnerabilities\n")


def test_a_vulnerability_is_named_with_its_fix() -> None:
    expected = "jinja2 3.1.5: GHSA-cpwx, fixed in 3.1.6\n2 dependencies audited, 1 known vulnerability\n"
    assert judge(CLEAN, VULNERABLE) == (1, expected)


@pytest.mark.parametrize("dependencies", [(), (CLEAN, SKIPPED)], ids=["none", "one left out"])
def test_a_report_that_is_not_whole_is_no_audit(dependencies: tuple[object, ...]) -> None:
    assert judge(*dependencies) == (2, audit.NOTHING)


def test_a_lookup_that_fails_says_that_nothing_was_audited(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    offline = tmp_path / "pip-audit"
    offline.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('ERROR: no connection')\n", encoding="utf-8")
    offline.chmod(0o755)
    assert audit.main(str(offline)) == 2
    output = capfd.readouterr()
    assert (output.out, output.err) == ("", f"ERROR: no connection\n{audit.NOTHING}")
