"""Texts of criteria under a key of the front matter are reported; references, single words and placeholders are not."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.parser import parse_spec

IGNORE = "or put `<!-- spec2bdd: ignore unread-criterion -->` above the first heading"


def find_unread(keys: str) -> list[tuple[int, int, str, str]]:
    """Find what is reported of the front matter of a spec with some more keys, the first of them in line 5."""
    text = f"---\nfeature_id: 1.1\nname: A\nstatus: Draft\n{keys}\n---\n\n## Must Have\n\n- [ ] A book is lent\n"
    found = parse_spec("specs/a.md", text.encode()).diagnostics
    return [(item.line, item.column, item.message, item.hint) for item in found if item.code == "unread-criterion"]


TEXTS = {
    "a-text": "acceptance_criteria: A book is lent",
    "a-text-in-quotes": "acceptance_criteria: 'A book'",
    "a-text-that-goes-on": "acceptance_criteria: Lent\n  and returned",
    "a-block": "acceptance_criteria: |\n  A book is lent",
    "a-folded-block": "acceptance_criteria: >\n  Lent\n  and returned",
    "nothing-and-deeper-lines": "acceptance_criteria:\n  Lent\n\n  and returned",
    "a-list": "acceptance_criteria:\n  - A book is lent\n  - Lost",
    "a-list-without-indentation": "acceptance_criteria:\n- A book is lent",
    "a-list-after-a-remark": "acceptance_criteria: # all\n  - A book is lent",
    "a-list-whose-last-item-is-a-text": "acceptance_criteria:\n  - Lost\n  - A book is lent # today",
    "a-list-in-brackets": "acceptance_criteria: [Lent, A book is lost]",
    "a-list-in-brackets-and-quotes": 'acceptance_criteria: ["A book is lent"]',
    "a-list-in-brackets-and-single-quotes": "acceptance_criteria: ['A book is lent']",
    "a-list-of-two-words-in-brackets": "acceptance_criteria: [A book is lent, A book is lost]",
    "one-word-without-spaces": "acceptance_criteria: 書架上不再顯示這本書",
    "five-signs-without-spaces": "acceptance_criteria: 書架上顯示",
    "a-key-with-dashes": "acceptance-criteria: A book is lent",
    "a-key-in-camel-case": "acceptanceCriteria: A book is lent",
    "a-key-in-quotes": '"acceptance_criteria": A book is lent',
    "a-tier": "must_have:\n  - A book is lent\n  - A book is lost",
    "one-text-of-a-tier": "must_have:\n  - A book is lent",
    "successes": "success_criteria: [A book is lent, A book is lost]",
}


@pytest.mark.parametrize("keys", TEXTS.values(), ids=TEXTS)
def test_texts_of_criteria_are_reported_with_their_key(keys: str) -> None:
    ((line, column, message, hint),) = find_unread(keys)
    key = keys.split(":", maxsplit=1)[0].strip('"')
    assert (line, column, message.split(":")[0]) == (5, keys.index(key) + 1, f"`{key}` in the front matter is not read")
    assert hint == f"write each of its texts as an item there: `- [ ] What must work`, {IGNORE}"


def test_a_key_that_is_nested_is_reported_where_it_is() -> None:
    keys = (
        "lending:\n  acceptance_criteria:\n    - A book is lent\n  other: A text\nacceptance_criteria: A book is lost"
    )
    assert [(line, column) for line, column, *_ in find_unread(keys)] == [(6, 3), (9, 1)]


def test_a_definition_of_done_is_reported_as_one() -> None:
    assert find_unread("definition_of_done:\n  - All tests pass") == [
        (
            5,
            1,
            "`definition_of_done` in the front matter is not read: only the body has a definition of done",
            f"write its items as a list under `## Definition of Done`, {IGNORE}",
        )
    ]


QUIET = {
    "nothing": "acceptance_criteria:",
    "one-word": "acceptance_criteria: Lent",
    "one-word-in-quotes": "acceptance_criteria: ' Lent '",
    "four-signs": "acceptance_criteria: 書架顯示",
    "one-word-in-latin-letters": "acceptance_criteria: acceptance.md",
    "single-words": "acceptance_criteria: [Lent, Lost]",
    "single-words-in-quotes": 'acceptance_criteria: ["Lent", "Lost"]',
    "one-word-in-a-block": "acceptance_criteria: |\n  Lent",
    "one-word-in-a-folded-block": "acceptance_criteria: >\n  Lent",
    "a-list-of-ids": "acceptance_criteria:\n  - AC-1\n  - AC-2 # of the desk",
    "a-placeholder": "acceptance_criteria: [What must work]",
    "a-placeholder-in-a-list": "acceptance_criteria:\n  - [What must work]",
    "none": "acceptance_criteria: N/A",
    "a-remark": "acceptance_criteria: # see the body",
    "a-reference": "acceptance_criteria: see the body",
    "a-count": "acceptance_criteria: 3 of 5",
    "a-path": "acceptance_criteria: docs/what is accepted.md",
    "one-text-of-a-tier": "must_have: A book is lent",
    "one-success": "success_criteria: Readers like it",
    "another-key": "summary: A book is lent",
    "what-is-under-the-next-key": "acceptance_criteria:\nsummary: A book is lent",
    "what-is-under-the-next-key-as-deep": "all:\n  acceptance_criteria:\n  summary: A book is lent",
}


@pytest.mark.parametrize("keys", QUIET.values(), ids=QUIET)
def test_what_is_no_text_of_a_criterion_is_left_alone(keys: str) -> None:
    assert find_unread(keys) == []
