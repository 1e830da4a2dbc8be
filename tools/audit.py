"""Look up known vulnerabilities of what spec2bdd depends on, with pip-audit, which asks pypi.org.

Usage: python tools/audit.py PIP_AUDIT

The exit status is 0 if each dependency was looked up and has none, 1 if one has some, and 2 if they were not looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTHING = """\
error: nothing was audited: pip-audit could not look up the advisories; its own errors are above

hint: it reads https://pypi.org/pypi/NAME/VERSION/json; run `make audit` where that can be reached
"""


def main(pip_audit: str) -> int:
    """Run pip-audit on the project, and print what it found."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ("--strict", "--progress-spinner", "off", "--format", "json", "--output", str(report))
        subprocess.run([pip_audit, *options, str(ROOT)], check=False)
        status, message = judge_report(report.read_text(encoding="utf-8") if report.exists() else "")
    (sys.stderr if status == 2 else sys.stdout).write(message)
    return status


def judge_report(text: str) -> tuple[int, str]:
    """Judge a report of pip-audit, which writes none if it cannot look up each dependency: exit status and message."""
    dependencies = json.loads(text)["dependencies"] if text else []
    if not dependencies or any("vulns" not in dependency for dependency in dependencies):
        return 2, NOTHING
    lines = [
        f"{dependency['name']} {dependency['version']}: {vulnerability['id']}, "
        f"fixed in {', '.join(vulnerability['fix_versions']) or 'no version'}\n"
        for dependency in dependencies
        for vulnerability in dependency["vulns"]
    ]
    found = f"{len(lines) or 'no'} known vulnerabilit{'y' if len(lines) == 1 else 'ies'}"
    return int(bool(lines)), "".join([*lines, f"{len(dependencies)} dependencies audited, {found}\n"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
