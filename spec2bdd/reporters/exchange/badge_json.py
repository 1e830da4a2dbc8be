"""The `badge-json` format: what the endpoint badge of shields.io reads."""

from __future__ import annotations

import json

from spec2bdd.reporters.exchange.badge import LABEL, build_badge
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the badge of an answer; shields.io shows it in the style that its address asks for."""
    badge = build_badge(find_report(answer))
    document = {"schemaVersion": 1, "label": LABEL, "message": badge.message, "color": badge.color}
    return json.dumps(document, indent=2) + "\n"
