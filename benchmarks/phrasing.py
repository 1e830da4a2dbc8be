"""Count the generated scenarios that a reader would correct, over a folder of specs.

    python benchmarks/phrasing.py FOLDER [--show]

A scenario counts where its name or a step has a label before a colon or a dash, evidence of progress, punctuation that
belongs to nothing, or a Given, When or Then that was not split off. `--show` prints each of them with the reason.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.planning.spec_plan import plan_specs
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.errors import SpecError
from spec2bdd.model import Scenario

# What is wrong with a text, and the pattern that finds it. These are not the patterns of the product: they are looser.
_STEP_FAULTS = {
    "label": re.compile(r"^[A-Z#*][^:.,;\"()\[\]]{0,40}?(?::| [-\u2013\u2014]) +\S"),
    "evidence": re.compile(r"[✅❌☑✔✓⚠🚧⏳🔄]|\b(?:PASS(?:ED)?|DONE)\b|\(\s*(?:done|verified|tested)\b"),
    "punctuation": re.compile(r"^(?:[-\u2013\u2014.] |[:;,|*])|[-\u2013\u2014;,|*(]$"),
    "swallowed": re.compile(
        r"^(?:given|when|if|after|once|whenever|while)\b[^,]+,|\b(?:Given|WHEN|THEN|When|Then)\b|^(?:given|when|then):",
    ),
}
_NAME_FAULTS = {
    "label": re.compile(r"^(?:Scenario|Example)\b[^:]{0,12}:|^#\d+|^[A-Z]{2,}-?\d+\b ?[:|]"),
    "evidence": _STEP_FAULTS["evidence"],
    "punctuation": _STEP_FAULTS["punctuation"],
}


def main(arguments: list[str]) -> int:
    """Print the counts for a folder."""
    folder, total, faulty = Path(arguments[0]), 0, 0
    counts: Counter[str] = Counter()
    for path, scenario in _walk_scenarios(folder):
        total += 1
        faults = sorted(set(_find_faults(scenario)))
        faulty += bool(faults)
        counts.update(faults)
        if faults and "--show" in arguments:
            print(f"{path}: {', '.join(faults)}\n  {scenario.name}")
            print("".join(f"    {step.keyword} {step.text}\n" for step in scenario.steps), end="")
    share = 100 * faulty / max(total, 1)
    print(f"{faulty} of {total} scenarios ({share:.1f}%): " + ", ".join(f"{n} {fault}" for fault, n in counts.items()))
    return 0


def _walk_scenarios(folder: Path) -> Iterator[tuple[str, Scenario]]:
    """Yield every scenario that would be generated, spec by spec, since the ids of different authors may collide."""
    for path in sorted(folder.rglob("*.md")):
        name = f"specs/{path.relative_to(folder).as_posix()}"
        try:
            spec = parse_spec(name, path.read_bytes())
        except SpecError:
            continue
        plans, _ = plan_specs([spec], FeatureIndex(), folder="features", paths=frozenset({name}))
        for plan in plans:
            for scenario in plan.feature.scenarios if plan.feature else ():
                yield name, scenario


def _find_faults(scenario: Scenario) -> Iterator[str]:
    """Yield the kinds of fault in a scenario."""
    yield from (fault for fault, pattern in _NAME_FAULTS.items() if pattern.search(scenario.name))
    for step in scenario.steps:
        has_argument = step.doc is not None or bool(step.table)
        if step.text.endswith(":") and not has_argument:
            yield "punctuation"
        yield from (fault for fault, pattern in _STEP_FAULTS.items() if pattern.search(step.text))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
