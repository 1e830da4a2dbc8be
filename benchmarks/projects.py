"""Write projects to measure with: as many filled template specs as asked for, and step files with thousands of steps.

Each spec has twelve criteria in mixed phrasing: plain demands, numbers, quoted text, code, clauses, EARS, and steps of
its author's own. The same number of specs gives the same bytes every time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

CRITERIA = 12
_ORIGINS = [
    "wholesale",
    "online",
    "postal",
    "internal",
    "foreign",
    "seasonal",
    "private",
    "regional",
    "returned",
    "trial",
]
_SUBJECTS = ["invoice", "order", "customer", "parcel", "refund", "voucher", "report", "ticket", "booking", "contract"]
_PARTS = ["address", "amount", "history", "label", "owner", "reminder", "status", "summary", "template", "total"]
_VIEWS = ["list", "chart", "page", "form", "table", "printout", "feed", "index", "archive", "calendar"]
_DEEDS = [
    "archived",
    "cancelled",
    "copied",
    "corrected",
    "exported",
    "forwarded",
    "printed",
    "renamed",
    "split",
    "signed",
]
_PLACES = ["dashboard", "inbox", "ledger", "search page", "settings page", "shared folder", "side bar", "weekly mail"]
_WORDS = ["paid", "open", "late", "draft", "final", "on hold", "not found", "too long", "unknown", "read only"]
_REASONS = ["auditors ask for it", "it is closed", "nobody looked at it", "the month ends", "its owner is away"]
_TEMPLATE = """\
---
feature_id: {key}
name: {name}
owner: team {team}
branch: feature/{slug}
status: Draft
created: 2026-01-12T09:30:00-05:00
updated: 2026-02-03T16:05:00-05:00
prd_section: {section} (what the {subject} is for)
implementation_plan_section: {key} (the {part} of the {subject})
---

# Feature Specification: {name}

## Overview

### Purpose
People who work with a {subject} need its {part} at hand, and need to trust that it is right. This feature makes the
{part} of every {subject} something that can be seen, changed and explained.

### Business Value
Half of the questions to the help desk are about the {part} of a {subject}. Each one takes ten minutes and three people.

### Success Metrics
- Questions about the {part} fall by a half within three months.
- Nobody keeps a list of {subject} numbers beside the program any more.

## Requirements

### Functional Requirements
- The {part} of a {subject} is shown wherever the {subject} is.
- Whoever may change the {subject} may change its {part}.
- Each change is kept with its time and its author.

### Non-Functional Requirements
- A page with 200 entries is shown within a second.
- No change is lost when the network fails; `retry_limit` is 5.

### Dependencies
- **Upstream Dependencies**: accounts, permissions.
- **Downstream Dependencies**: monthly reports.
- **External Dependencies**: the mail service (`smtp.example.org`).

## Technical Specification

### Architecture Overview
A `{slug}` service holds the {part}; the window asks it for one page at a time. Changes go into a log that is only ever
appended to, and the page is derived from it.

### API Contracts
```python
def read_page(number: int, *, size: int = 50) -> Page: ...
def change(identifier: str, value: str) -> Change: ...
```

### Data Models
| Name | Type | Meaning |
|---|---|---|
| `identifier` | text | which {subject} is meant |
| `value` | text | the {part}, as it was typed |
| `changed` | time | when it became so, in UTC |

### Integration Points
The log is read by the [reports](https://example.org/reports) once an hour.

## Implementation Plan

### TDD Approach
1. **Test Strategy**: the log alone, then the page that is derived from it, then both behind the service.
2. **Test-First Development**: refusals first; then one change; then two at once.
3. **Acceptance Criteria**: the list below, and nothing that is not on it.

### Development Tasks
- [x] Log and replay (2 days)
- [ ] Page (1 day)
- [ ] Service (3 days)

### Risk Assessment
- **Technical Risks**: two changes at one time; the later one wins, and both are kept.
- **Business Risks**: people go on asking the help desk, out of habit.
- **Timeline Risks**: the mail service moves in spring.

## Quality Assurance

### Testing Strategy
- **Unit Tests**: each kind of change, each refusal.
- **Integration Tests**: service and log together.
- **Acceptance Tests**: the criteria below, run by Behave.
- **Performance Tests**: a page of 200 entries.

### Definition of Done
- [ ] All functional requirements implemented
- [ ] All tests passing (unit, integration, acceptance)
- [ ] Code coverage > 85%
- [ ] Performance requirements met
- [ ] Security requirements validated
- [ ] Documentation updated
- [ ] Implementation plan updated with results

## Documentation

### User Documentation
One page with pictures: where the {part} stands, and how it is changed.

### Technical Documentation
The docstrings of the `{slug}` package.

### API Documentation
Each function says what it returns and what it refuses.

## Deployment

### Environment Requirements
Python 3.11 or newer, and 2 GB of disk for the log.

### Rollout Strategy
One team for a week, then everybody.

### Monitoring and Observability
Refusals are counted by their reason; more than 10 in an hour ring a bell.

## Acceptance Criteria

### Must Have
{must}

### Should Have
{should}

### Could Have
{could}

## Notes and Decisions

### Design Decisions
The log is the truth, and the page can be thrown away.

### Trade-offs
A log grows. Ten years of it fit on the disk.

### Future Considerations
- [ ] Comments on a change?
"""
_STEPS = '"""Steps of team {team}."""\n\nfrom behave import given, then, when\n{steps}'
_STEP = """

@{kind}({pattern!r})
def step_{number}(context{parameters}):
    context.seen = [{number}{parameters}]
    assert context.seen
"""
_STEPS_IN_A_FILE = 60


def write_project(root: Path, specs: int, *, definitions: int) -> None:
    """Write a project with that many specs, at least that many step definitions, and no features yet."""
    for folder in ("specs", "steps"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_text("[tool.spec2bdd]\n", encoding="utf-8")
    for number in range(specs):
        (root / "specs" / f"{_derive_key(number)}.md").write_text(render_spec(number), encoding="utf-8")
    for number, text in enumerate(render_step_files(definitions)):
        (root / "steps" / f"team_{number:04}_steps.py").write_text(text, encoding="utf-8")


def render_spec(number: int) -> str:
    """Return the text of one spec."""
    what, view = _derive_what(number)
    lines = [f"- [ ] {line}" for line in _render_criteria(number)]
    must, should, could = ("\n".join(lines[start:end]) for start, end in ((0, 6), (6, 10), (10, CRITERIA)))
    return _TEMPLATE.format(
        key=_derive_key(number),
        name=f"{what.capitalize()} {view}",
        team=number % 17,
        slug=f"{what} {view}".replace(" ", "_"),
        section=number % 9 + 1,
        subject=" ".join(what.split()[:-1]),
        part=what.split()[-1],
        must=must,
        should=should,
        could=could,
    )


def render_step_files(definitions: int) -> Iterator[str]:
    """Yield the texts of step files with that many definitions in all, five for each of the first specs."""
    found = [step for number in range(definitions // 5) for step in _list_definitions(number)]
    for start in range(0, len(found), _STEPS_IN_A_FILE):
        some = enumerate(found[start : start + _STEPS_IN_A_FILE], start)
        steps = [_render_definition(number, kind, pattern) for number, (kind, pattern) in some]
        yield _STEPS.format(team=start // _STEPS_IN_A_FILE, steps="".join(steps))


def _render_criteria(number: int) -> Iterator[str]:
    """Yield the criteria of one spec."""
    what, view = _derive_what(number)
    say = _Dice(number)
    yield f"The {what} {view} is shown on the {say.place}"
    yield f'A {what} that is {say.deed} says "{say.word}" on its {view}'
    yield f"The {what} {view} lists {say.count} entries at most"
    yield f"**AC-04**: A {what} {view} is never {say.deed} and {say.other} at one time because {say.reason}"
    yield f"When the {what} on a {view} is {say.deed}, the {say.place} tells its owner"
    yield f"WHEN a {what} {view} is {say.other} THE SYSTEM SHALL keep `{say.deed}_at` in the log"
    yield (
        f"A {what} that was {say.deed} can be {say.other} again from the {view}\n"
        f'  - Given the {what} {view} says "{say.word}"\n'
        f"  - When it is {say.other} by 2 people within {say.count} seconds\n"
        f"  - Then the {say.place} shows {say.count} of {say.count + 40} entries\n"
        f"  - And nobody else sees the {what} {view}"
    )
    yield f"The {what} {view} opens within {say.count} seconds when {say.count * 10} people look at it ✨"
    yield f"Users can search the {view} of a {what} by *{say.word}* and by [{say.deed}](https://example.org/{number})"
    yield f'The export has "{say.word}" in column {say.count} of the {what} {view}, even if {say.reason}'
    yield f"The {view} has colours that show which {what} is {say.word}"
    yield f"The {say.place} remembers whether the {what} {view} was {say.deed} last"


class _Dice:
    """The words that differ from spec to spec."""

    def __init__(self, number: int) -> None:
        dice = random.Random(number)
        self.deed, self.other = dice.sample(_DEEDS, 2)
        self.place, self.word, self.reason = dice.choice(_PLACES), dice.choice(_WORDS), dice.choice(_REASONS)
        self.count = dice.randrange(2, 90)


def _derive_key(number: int) -> str:
    """Return the id of one spec."""
    return f"{number // 20 + 1}.{number % 20 + 1}"


def _derive_what(number: int) -> tuple[str, str]:
    """Return what one spec is about, and the view of it; ten thousand specs have ten thousand subjects."""
    what = f"{_ORIGINS[number // 10 % 10]} {_SUBJECTS[number % 10]} {_PARTS[number // 100 % 10]}"
    return what, _VIEWS[number // 1000 % 10]


def _list_definitions(number: int) -> Iterator[tuple[str, str]]:
    """Yield the kind and the pattern of the definitions that stand for one spec."""
    what, view = _derive_what(number)
    say = _Dice(number)
    yield "then", f"the {what} {view} is shown on the {say.place}"
    yield "then", f'a {what} that is {say.deed} says "{{text}}" on its {view}'
    yield "then", f"the {what} {view} lists {{entries:d}} entries at most"
    yield "given", f'the {what} {view} says "{{text}}"'
    yield "when", f"the {what} on a {view} is {say.deed}"


def _render_definition(number: int, kind: str, pattern: str) -> str:
    """Return one definition with a body that can fail."""
    parameters = ", entries" if "{entries" in pattern else ", text" if "{text" in pattern else ""
    return _STEP.format(kind=kind, pattern=pattern, parameters=parameters, number=number)
