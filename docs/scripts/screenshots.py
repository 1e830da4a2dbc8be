"""Take the screenshots of the page of `report` in docs/, with headless Chromium: the overview, and a failing criterion.

Usage: python docs/scripts/screenshots.py [--browser PROGRAM]; it needs `make node-tools`.

The page is that of the chat example after five runs, in the last of which one criterion got worse and one was fixed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples"))

from demo import BUGS, CRITERION, FEATURE, HERE  # type: ignore[import-not-found]  # noqa: E402

NODE_MODULES = ROOT / "build" / "node" / "node_modules"
# Arguments: the program of the browser, then pairs of an address and the file for its picture.
TAKE = """\
const [program, ...pairs] = process.argv.slice(1);
const { chromium } = require("playwright-core");
(async () => {
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-quic"] });
  const page = await browser.newPage({ viewport: { width: 1180, height: 860 } });
  for (let place = 0; place < pairs.length; place += 2) {
    await page.goto("about:blank");
    await page.goto(pairs[place]);
    await page.waitForTimeout(1000);
    await page.screenshot({ path: pairs[place + 1] });
  }
  await browser.close();
})();
"""


def main(arguments: list[str]) -> int:
    """Play the runs, write the page, and take both screenshots."""
    parser = argparse.ArgumentParser(description="Take the screenshots of the page of `report`.")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="the program of Chromium")
    browser = parser.parse_args(arguments).browser
    docs = ROOT / "docs"
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "chat"
        address = play_runs(project).as_uri()
        tag = find_tag((project / FEATURE).read_text(encoding="utf-8"))
        places = (address, str(docs / "report-overview.png"), f"{address}#{tag}", str(docs / "report-spec.png"))
        run("node", "-e", TAKE, browser, *places, folder=project)
    return 0


def play_runs(project: Path) -> Path:
    """Play five runs of the example and its challenges, and return the page that is written after them."""
    shutil.copytree(HERE / "chat", project, ignore=shutil.ignore_patterns("__pycache__", ".spec2bdd", "features"))
    size, search = BUGS
    run("git", "init", "--quiet", "--initial-branch=main", folder=project)
    run_ours(project, "generate")
    replace(project, *size)
    for _ in range(4):
        commit(project)
        run_ours(project, "verify")
    path, faulty, repaired = size
    replace(project, path, repaired, faulty)
    replace(project, *search)
    commit(project)
    run_ours(project, "verify")
    run_ours(project, "challenge")
    run_ours(project, "report", "--format", "html:report.html")
    return project / "report.html"


def commit(project: Path) -> None:
    """Commit all files of the project."""
    run("git", "add", "--all", folder=project)
    author = ("-c", "user.name=chat", "-c", "user.email=chat@example.org")
    run("git", *author, "commit", "--quiet", "--allow-empty", "--message", "Change the chat", folder=project)


def replace(project: Path, path: str, before: str, after: str) -> None:
    """Replace a text in a file of the project."""
    file = project / path
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def find_tag(feature: str) -> str:
    """Find the tag of the criterion of the demo, which is the place of the criterion in the page."""
    lines = feature.splitlines()
    scenario = next(number for number, line in enumerate(lines) if line.endswith(f"Scenario: {CRITERION}"))
    tags = re.search(r"@(ac_\w+)", lines[scenario - 1])
    if tags is None:
        raise SystemExit("error: the scenario of the demo has no tag of a criterion")
    return tags[1]


def run_ours(project: Path, *arguments: str) -> None:
    """Run a command of spec2bdd, which may find failures."""
    run(sys.executable, "-m", "spec2bdd", *arguments, folder=project, codes=(0, 1))


def run(*command: str, folder: Path, codes: tuple[int, ...] = (0,)) -> None:
    """Run a program, and end with its errors if it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NODE_PATH": str(NODE_MODULES)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        raise SystemExit(f"error: `{' '.join(command)}` exited with {done.returncode}:\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
