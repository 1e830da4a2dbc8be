"""The `badge-svg` format: a small picture for a README or a wiki, which loads nothing."""

from __future__ import annotations

from spec2bdd.reporters.exchange.badge import COLORS, LABEL, build_badge
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report

# Text has no letters but our own, so nothing has to be escaped. The font of the reader may be wider than ours:
# `textLength` keeps the text in its half.
_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{label}: {message}">
  <title>{label}: {message}</title>
  <clipPath id="edge"><rect width="{width}" height="20" rx="4"/></clipPath>
  <g clip-path="url(#edge)">
    <rect width="{left}" height="20" fill="#3c4043"/>
    <rect x="{left}" width="{right}" height="20" fill="{color}"/>
  </g>
  <g fill="#fff" font-family="Verdana, sans-serif" font-size="11" text-anchor="middle" aria-hidden="true">
    <text x="{label_middle}" y="14" textLength="{label_length}" lengthAdjust="spacingAndGlyphs">{label}</text>
    <text x="{message_middle}" y="14" textLength="{message_length}" lengthAdjust="spacingAndGlyphs">{message}</text>
  </g>
</svg>
"""
# The mean width of a letter of that font and size, and the space at both ends of a text.
_LETTER, _SPACE = 6.2, 7


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the badge of an answer."""
    badge = build_badge(find_report(answer))
    label_length, message_length = (round(len(text) * _LETTER) for text in (LABEL, badge.message))
    left, right = label_length + 2 * _SPACE, message_length + 2 * _SPACE
    return _SVG.format(
        label=LABEL,
        message=badge.message,
        color=COLORS[badge.color],
        width=left + right,
        left=left,
        right=right,
        label_length=label_length,
        message_length=message_length,
        label_middle=left / 2,
        message_middle=left + right / 2,
    )
