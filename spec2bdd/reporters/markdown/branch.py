"""What a branch changes as Markdown: the comment on a pull request."""

from __future__ import annotations

from spec2bdd.model.history import BranchReport, Transition
from spec2bdd.reporters.branch_counts import describe_now, describe_status_change, find_next_of_branch, write_head
from spec2bdd.reporters.markdown.document import code, escape, escape_message, render_table

MARKER = "<!-- spec2bdd: branch -->"
"""The first line of each comment, by which a CI job finds the one to replace."""

# GitHub takes comments of up to 65,536 characters.
_MOST_ROWS = 100
_MOST_CHARACTERS = 60_000


def render_branch_markdown(report: BranchReport) -> str:
    """Render what a branch changes, with what fails the check first."""
    word, reason = write_head(report)
    head = f"**{word}**: {reason}, compared with {code(report.base)} ({code(report.commit[:7])})\n"
    shown = report.transitions[:_MOST_ROWS]
    while True:
        hidden = len(report.transitions) - len(shown)
        statuses = "".join(
            f"- {code(status.path)}: {escape(describe_status_change(status))}\n" for status in report.statuses
        )
        settings = "".join(
            f"- {code(setting.key)}{f' in {code(setting.path)}' if setting.path else ''}:"
            f" {code(setting.before)} → {code(setting.after)}\n"
            for setting in report.settings
        )
        step = find_next_of_branch(report)
        blocks = [
            f"{MARKER}\n## Acceptance criteria of this branch\n",
            head,
            render_table(["", "criterion", "tier", "now"], map(_build_row, shown)),
            f"… and {hidden} more\n" if hidden else "",
            f"Statuses:\n\n{statuses}" if statuses else "",
            f"Settings that ask for less:\n\n{settings}" if settings else "",
            "".join(f"> {escape_message(note)}\n" for note in report.notes),
            "".join(
                f"- {f'{code(item.path)}: ' if item.path else ''}{escape_message(item.message)}\n"
                for item in report.diagnostics
            ),
            f"**Next:** {escape_message(step)}\n" if step else "",
        ]
        text = "\n".join(filter(None, blocks))
        if len(text) <= _MOST_CHARACTERS or not shown:
            return text
        shown = shown[: len(shown) // 2]


def _build_row(transition: Transition) -> list[str]:
    """Build the row of one criterion."""
    place = code(f"{transition.path}:{transition.line}")
    kind = f"**{transition.kind}**" if transition.fails else str(transition.kind)
    return [
        kind,
        f"{escape(transition.text)}<br>{place}",
        str(transition.tier),
        escape_message(describe_now(transition)),
    ]
