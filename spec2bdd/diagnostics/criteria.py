"""The codes of criteria, and of the comments that speak to spec2bdd, as plain data."""

from spec2bdd.diagnostics.code import Code
from spec2bdd.model import Severity

ERROR, WARNING, ADVICE = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CRITERIA_CODES = (
    Code(
        "no-criteria",
        WARNING,
        "the spec has no criteria",
        "## Requirements\n\nBooks come back.",
        "add a heading `### Must Have` with a list below it, such as `- [ ] What must work`",
    ),
    Code(
        "criteria-without-boxes",
        WARNING,
        "items in a list of criteria have no box, so they are not read",
        "### Must Have\n- A returned book can be lent again",
        "write `- [ ] ` in front of each one that acceptance depends on",
        fixable=True,
    ),
    Code(
        "empty-criterion",
        WARNING,
        "a box has no words behind it",
        "### Must Have\n- [ ]",
        "write what must hold, or delete the item",
    ),
    Code(
        "placeholder-criterion",
        WARNING,
        "the template's words stand behind the box still",
        "- [ ] [Critical functionality that must work]",
        "replace them, brackets included, or delete the item",
    ),
    Code(
        "same-text",
        WARNING,
        "an earlier criterion of the spec has the same text, so reports cannot tell the two apart",
        "- [ ] Fines are shown\n- [ ] Fines are shown.",
        "say what sets the two apart, or delete one",
    ),
    Code(
        "repeated-in-done",
        ADVICE,
        "the definition of done repeats a criterion, so one thing is ticked in two places",
        "### Definition of Done\n- [ ] Fines are shown\n\n### Must Have\n- [ ] Fines are shown",
        "delete the item from the definition of done: a spec is complete only when its criteria are",
    ),
    Code(
        "two-demands",
        ADVICE,
        "a criterion seems to hold two demands, so nobody sees which of them fails",
        "- [ ] The fine is shown and the reader gets a letter",
        "make two criteria of it",
    ),
    Code(
        "vague-word",
        ADVICE,
        "a word that no test can decide",
        "- [ ] The search is fast",
        "say what can be measured or seen: `The search answers within 200 ms`",
    ),
    Code(
        "mixed-markers",
        ADVICE,
        "one list of criteria has several markers; Markdown makes several lists of it",
        "- [ ] Fines are shown\n* [ ] Fines are mailed",
        "write the same marker in front of each",
        fixable=True,
    ),
    Code(
        "misplaced-box",
        ERROR,
        "the box was not found at its place, so the item is left out",
        "- [ ]\f Fines are shown",
        "write the item on one line",
    ),
)

COMMENT_CODES = (
    Code(
        "unknown-code",
        WARNING,
        "a comment ignores a code that does not exist",
        "<!-- spec2bdd: ignore vague-words -->",
        "write the code as it stands in brackets behind the message",
    ),
    Code(
        "unused-ignore",
        ADVICE,
        "a comment ignores what is not found there",
        "- [ ] The search answers within 200 ms <!-- spec2bdd: ignore vague-word -->",
        "delete the comment",
    ),
)
