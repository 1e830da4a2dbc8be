"""Behave projects of a given shape, written to measure runs with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shape:
    """How many features of how many scenarios of three steps, on how many definitions; `wait` is in seconds."""

    features: int
    scenarios: int
    definitions: int
    wait: float = 0.0


def write_suite(root: Path, shape: Shape) -> None:
    """Write the project; all definitions share their first words."""
    texts = [f"the user opens page number {number}" for number in range(shape.definitions)]
    body = f"    time.sleep({shape.wait})\n" if shape.wait else ""
    steps = ["import time\nfrom behave import step\n"]
    for number, text in enumerate(texts):
        waits = body if number == 0 else ""
        steps.append(
            f"@step({text!r})\ndef step_{number}(context):\n{waits}    context.page = {number}\n"
            "    assert not context.text\n"
        )
    (root / "steps").mkdir(parents=True)
    (root / "features").mkdir()
    (root / "steps" / "all_steps.py").write_text("\n\n".join(steps))
    place = 0
    for feature in range(shape.features):
        lines = [f"Feature: {feature}"]
        for scenario in range(shape.scenarios):
            first = texts[0] if shape.wait else texts[place % len(texts)]
            second, third = texts[(place + 1) % len(texts)], texts[(place + 2) % len(texts)]
            lines.append(f"  Scenario: {feature}.{scenario}\n    Given {first}\n    When {second}\n    Then {third}\n")
            place += 3
        (root / "features" / f"f{feature:03}.feature").write_text("\n".join(lines))
