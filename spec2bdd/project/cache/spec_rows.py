"""Turn a spec, as it was read, into a row of JSON and back: thousands of criteria are read faster from rows."""

from __future__ import annotations

from typing import Any

from spec2bdd.model import (
    Box,
    BoxKind,
    Criterion,
    Dependency,
    Diagnostic,
    DoneItem,
    Field,
    NestedBlock,
    NestedBlockKind,
    Severity,
    Spec,
    Status,
    Tier,
)

# A lookup takes a fifth of the time of a call of the class.
_TIERS: dict[str, Tier] = {tier.value: tier for tier in Tier}
_BOXES: dict[str, BoxKind] = {kind.value: kind for kind in BoxKind}


def spec_to_row(spec: Spec) -> list[Any]:
    """Turn a spec into a row, without its content."""
    return [
        spec.path,
        [
            [item.key, item.value, item.line, item.column, item.start, item.end, item.quote, item.placeholder]
            for item in spec.fields
        ],
        *(spec.title, spec.purpose),
        [criterion_to_row(criterion) for criterion in spec.criteria],
        [[item.text, _box_to_row(item.box), item.line, item.column] for item in spec.done_items],
        [[item.id, item.line, item.column] for item in spec.upstream],
        [diagnostic_to_row(diagnostic) for diagnostic in spec.diagnostics],
        *(spec.unread, spec.derived_id, spec.is_template, spec.dialect, spec.statuses),
        *(spec.merged_from, spec.renamed_in),
    ]


def spec_from_row(row: list[Any]) -> Spec:
    """Turn a row back into the spec.

    Raises:
        ValueError, TypeError, KeyError: it is not that of a spec.
    """
    path, fields, title, purpose, criteria, done, upstream, diagnostics, unread, *others = row
    derived_id, is_template, dialect, statuses, merged_from, renamed_in = others
    return Spec(
        path,
        b"",
        tuple([Field(*item) for item in fields]),
        title,
        purpose,
        tuple([criterion_from_row(item) for item in criteria]),
        tuple([DoneItem(text, _box_from_row(box), line, column) for text, box, line, column in done]),
        tuple([Dependency(*item) for item in upstream]),
        tuple([diagnostic_from_row(item) for item in diagnostics]),
        tuple(unread),
        derived_id,
        is_template,
        dialect,
        tuple([(word, Status(name)) for word, name in statuses]),
        merged_from,
        tuple(renamed_in),
    )


def criterion_to_row(criterion: Criterion) -> list[Any]:
    """Turn a criterion into a row; what few criteria have is in the last cell, which is empty for the others."""
    rare = [
        criterion.bullets,
        *(criterion.parent, criterion.manual, criterion.waived),
        [[block.kind, block.text, block.info, block.rows, block.depth, block.line] for block in criterion.nested],
        *(criterion.tags, criterion.name, criterion.number, criterion.former),
    ]
    box = _box_to_row(criterion.box)
    head = [criterion.tier, criterion.text, box, criterion.line, criterion.column, criterion.given_id, criterion.group]
    # The first criterion, which is that with the number 0, may be a parent.
    return [*head, criterion.start, rare if any(rare) or criterion.parent is not None else None]


def criterion_from_row(row: list[Any]) -> Criterion:
    """Turn a row back into the criterion.

    Raises:
        ValueError, TypeError, KeyError: it is not that of a criterion.
    """
    tier, text, (mark, offset, length, kind, opposite), line, column, given_id, group, start, rare = row
    box = Box(mark, offset, length, _BOXES[kind], opposite)
    if rare is None:
        return Criterion(_TIERS[tier], text, box, line, column, given_id, group, start=start)
    bullets, parent, manual, waived, nested, tags, name, number, former = rare
    blocks = tuple(
        [
            NestedBlock(NestedBlockKind(block), text, info, tuple(map(tuple, rows)), depth, at)
            for block, text, info, rows, depth, at in nested
        ]
    )
    return Criterion(
        _TIERS[tier],
        text,
        box,
        line,
        column,
        given_id,
        group,
        tuple(bullets),
        parent,
        manual,
        waived,
        blocks,
        tuple(tags),
        name,
        number,
        start,
        tuple(former),
    )


def diagnostic_to_row(diagnostic: Diagnostic) -> list[Any]:
    """Turn a diagnostic into a row."""
    place = [diagnostic.path, diagnostic.line, diagnostic.column]
    texts = [diagnostic.code, diagnostic.message, diagnostic.hint, diagnostic.diff]
    return [*place, diagnostic.severity, *texts, diagnostic.fixable]


def diagnostic_from_row(row: list[Any]) -> Diagnostic:
    """Turn a row back into the diagnostic.

    Raises:
        ValueError, TypeError: it is not that of a diagnostic.
    """
    path, line, column, severity, *others = row
    return Diagnostic(path, line, column, Severity(severity), *others)


def _box_to_row(box: Box) -> list[Any]:
    return [box.mark, box.offset, box.length, box.kind, box.opposite]


def _box_from_row(row: list[Any]) -> Box:
    mark, offset, length, kind, opposite = row
    return Box(mark, offset, length, _BOXES[kind], opposite)
