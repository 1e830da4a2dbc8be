"""The words that findings about wording go by, as plain data."""

from __future__ import annotations


def _cut(table: str) -> tuple[str, ...]:
    """Return the words of a table."""
    return tuple(table.split())


# What to ask of a vague word, and the words that it is asked of.
VAGUE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "say how long it may take, and for how much of what",
        (
            "fast",
            "faster",
            "quick",
            "quickly",
            "rapidly",
            "slow",
            "slowly",
            "performant",
            "good performance",
            "high performance",
            "acceptable performance",
            "in a timely manner",
            "minimal latency",
            "low latency",
        ),
    ),
    (
        "say what somebody does, and what they see then",
        (
            "user friendly",
            "easy",
            "easily",
            "intuitive",
            "intuitively",
            "seamless",
            "seamlessly",
            "smooth",
            "smoothly",
            "nice",
            "nicely",
            "elegant",
            "elegantly",
            "convenient",
            "conveniently",
            "effortless",
            "effortlessly",
            "gracefully",
        ),
    ),
    (
        "name all that is meant",
        (
            "etc",
            "and so on",
            "and so forth",
            "and the like",
            "among others",
            "and more",
            "and/or",
            "various",
            "tbd",
            "tba",
        ),
    ),
    (
        "say when exactly",
        (
            "as needed",
            "as required",
            "as necessary",
            "as appropriate",
            "as applicable",
            "if needed",
            "if necessary",
            "if possible",
            "if appropriate",
            "if applicable",
            "when needed",
            "when necessary",
            "when possible",
            "when appropriate",
            "where needed",
            "where necessary",
            "where possible",
            "where appropriate",
            "where applicable",
            "whenever possible",
            "wherever possible",
        ),
    ),
    (
        "say what can be measured or seen",
        (
            "appropriate",
            "appropriately",
            "adequate",
            "adequately",
            "sufficient",
            "sufficiently",
            "suitable",
            "suitably",
            "reasonable",
            "reasonably",
            "properly",
            "as expected",
            "works correctly",
            "work correctly",
            "works well",
            "work well",
            "works fine",
            "work fine",
            "optimal",
            "optimally",
            "efficient",
            "efficiently",
            "robust",
            "robustly",
            "flexible",
            "scalable",
            "modern",
            "state of the art",
            "best practices",
            "best effort",
            "high quality",
            "meaningful",
        ),
    ),
)

# Terms in which such a word has a meaning of its own.
TERMS = (
    "fail fast",
    "fails fast",
    "failing fast",
    "fast forward",
    "fast path",
    "fast track",
    "quick start",
    "slow motion",
)

# How long something may take is said by a number, wherever in the criterion it stands.
MEASURED = frozenset(VAGUE[0][1])

# Words that begin what a subject does or is; behind "and" they begin a second demand.
AUXILIARIES = _cut(
    """
    am are can cannot can't could do does doesn't don't has have is isn't may must shall should was were will
    won't
    """
)

# Verbs in the third person that are hardly ever nouns, and such as may be: those need a verb before the "and".
VERBS = _cut(
    """
    accepts adds allows applies asks becomes closes contains converts creates deletes detects disables emits
    enables encrypts ensures exits explains finds generates gets gives goes ignores includes inserts keeps knows
    lets makes merges notifies opens persists prevents produces provides publishes receives redirects refuses
    rejects remains removes renders resolves restores retries saves sees selects sends shows skips stores takes
    tells throws turns validates verifies warns writes
    """
)
DOUBTFUL_VERBS = _cut(
    """
    calls changes checks copies counts covers ends exports fails filters holds imports lists loads logs maps
    matches moves needs outputs parses passes prints raises reads returns runs sets starts stays stops supports
    tests tracks triggers updates uses works
    """
)

# Verbs without a subject of their own, as in "must send a letter and delete the fine"; hardly ever nouns.
BARE_VERBS = _cut(
    """
    accept add allow apply approve archive ask assign attach cancel choose configure contain convert create
    customise customize delete detect disable display download duplicate edit emit enable encrypt ensure export find
    fix generate give ignore import include insert invite join keep log manage merge modify move navigate notify
    persist prevent preview produce provide publish receive redirect refuse register reject remove rename render
    replace reset resolve restore resume retry save schedule see select send show sign skip start stop submit
    subscribe switch throw undo unsubscribe update upload validate verify view write
    """
)
MODALS = ("can", "cannot", "could", "may", "must", "shall", "should", "will")
