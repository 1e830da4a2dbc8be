"""Build steps from the clauses of a sentence, whatever form the sentence has."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.model import Step
from spec2bdd.text.lazy_patterns import compile_lazily

# A keyword in lower case, and the clause after it.
Clause = tuple[str, str]

# Texts are single lines with single spaces, so no pattern here needs `\s+`, which takes quadratic time on long runs.
KEYWORD = compile_lazily(
    r"""
    (?:^|(?:[,;\uff0c\uff1b\u3001][ ]?|(?:[ ]?(?:→|->|=>))?[ ]))  # at the start, or after a comma, an arrow or a space
    (
        GIVEN|WHEN|THEN|WHILE|WHERE|IF|AND|BUT              # in capitals anywhere
        | (?<=[\s\uff0c\uff1b\u3001])(?:Given|When|Then|And|But)  # capitalized after a space or a full-width comma
        | ^(?:Given|When|While|Where|If)                    # capitalized at the start, also those that EARS adds
    )
    (?=[ :,\uff1a\uff0c])[:,\uff1a\uff0c]?[ ]?
    """,
    re.VERBOSE,
)
_EARS_KEYWORD = re.compile(r"\b(?:THE|The|THIS|This|IT|It|SYSTEM|SHALL)\b")
_EARS_SUBJECT = re.compile(r"(?:THE |The |the |THIS )?(?:[\w-]+ ){1,6}?SHALL(?: |:$)")
_NO_SUBJECT = re.compile(
    r"""
    \w+(?:ing|ed)\b                                             # "when returned": the subject is in the main clause
    | (?:possible|necessary|needed|present|available|empty)\b   # "when possible"
    | (?:in|on|at|not)\b                                        # "when in stock"
    """,
    re.IGNORECASE | re.VERBOSE,
)
# "When possible", "if in doubt": conditions of which no step could be implemented.
_VAGUE = re.compile(
    r"""
    (?:(?:it[ ]is|where|if|when)[ ])?
    (?:possible|necessary|needed|applicable|appropriate|feasible|required|in[ ]doubt)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PRONOUN = re.compile(r"(?:it|he|she|they|we|you|i|one|nothing|everything|everyone|anyone|no\s?one)\b", re.IGNORECASE)
# A leading word that has its capital only because a sentence starts there. Before another capital, an article or
# determiner is still one (`The API`), while other words may be part of a name (`In Progress`, `No Content`).
_CAPITALIZED = re.compile(
    r"""
    (?:An?|The|Each|Every|Its|Their|There|This|These|That|Those|It|They|Both)(?=[ ]["'(\[\w])
    | (?:
        All|Any|No|None|Only|Some|Most|Many|Other|Another|Such|What|Who|Here          # determiners, pronouns ...
        | He|She|We|You|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten               # pronouns, numbers
        | When|If|While|Once|After|Before|Whenever|Where|Unless|Until|As|Although      # conjunctions ...
        | At|In|On|For|With|Without|From|By|To|Of|During|Between|Within|Under|Upon     # prepositions ...
        | [A-Z][a-z]{2,}ing                                                            # Returning, Logging ...
      )
      (?=[ ](?:[a-z0-9"'(\[<`]|[A-Z]{2,}))
    """,
    re.VERBOSE,
)
_ENDS_WITH_CONJUNCTION = re.compile(r"\b(?:and|or|but)$", re.IGNORECASE)
_QUOTE = re.compile('"')
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"), ("«", "»"))
# The kind of step that a keyword of a condition becomes, and the order of the kinds in a scenario.
CONDITION_KINDS = {"given": "given", "while": "given", "where": "given", "when": "when", "if": "when"}
_KIND_ORDER = {"given": 0, "when": 1, "then": 2}


# Punctuation between two clauses that belongs to neither.
_DANGLING = re.compile(
    r"^(?:[\s,;:|\uff0c\uff1b\u3001]|[-\u2013\u2014](?=\s))+|(?:[\s,;|\uff0c\uff1b\u3001]|(?<=\s)[-\u2013\u2014])+$"
)


def build_steps(clauses: list[Clause], language: str) -> tuple[Step, ...]:
    """Build one step for each clause.

    The result is empty if the clauses make no scenario: a clause is incomplete or vague, or the kinds are not in order.
    """
    kinds: list[str] = []
    for word, _ in clauses:
        # `and` and `but` continue the kind before them.
        kinds.append((kinds or ["then"])[-1] if word in ("and", "but") else CONDITION_KINDS.get(word, word))
    if kinds[-1] != "then" or any(_KIND_ORDER[before] > _KIND_ORDER[after] for before, after in pairwise(kinds)):
        return ()
    texts = [lowercase_function_word(_DANGLING.sub("", drop_full_stop(text.strip()))) for _, text in clauses]
    if not all(texts) or any(_is_incomplete(text) or _VAGUE.fullmatch(text) for text in texts):
        return ()
    words = LANGUAGES[language].steps
    keywords: list[str] = []
    for (word, _), kind, before in zip(clauses, kinds, ["", *kinds[:-1]], strict=True):
        keyword = "but" if word == "but" else "and" if word == "and" or kind == before else kind
        keywords.append(words[keyword][0])
    texts[-1] = drop_full_stop(texts[-1])
    return tuple(map(Step, keywords, kinds, texts))


def has_subject(clause: str, *, closed: bool = False) -> bool:
    """Whether a clause has a subject of its own, so that it can be understood without the rest of the sentence.

    Two words are enough if the first is a pronoun, or if a `then` closes the clause.
    """
    words = clause.split()
    least = 2 if closed or _PRONOUN.match(clause) else 3
    return len(words) >= least and not _NO_SUBJECT.match(clause)


def lowercase_function_word(text: str) -> str:
    """Lowercase the first word of a step if it has its capital only because a sentence starts there."""
    return text[0].lower() + text[1:] if _CAPITALIZED.match(text) else text


def drop_full_stop(text: str) -> str:
    """Drop the full stop at the end of a sentence; an ellipsis or an abbreviation such as `etc.` keeps it."""
    if text.endswith(("..", "etc.", "e.g.", "i.e.")) or len(text) < 2:
        return text
    return text.removesuffix(".").removesuffix("\u3002").rstrip()


def lowercase_subject(text: str) -> str:
    """Lowercase the keywords at the start of a requirement, such as `THE SYSTEM SHALL`."""
    match = _EARS_SUBJECT.match(text)
    return lowercase_keywords(match[0]) + text[match.end() :] if match else text


def lowercase_keywords(words: str) -> str:
    """Lowercase `THE`, `SYSTEM`, `SHALL` and the like; names stay as they are."""
    return _EARS_KEYWORD.sub(lambda match: match[0].lower(), words)


def search_unquoted(pattern: re.Pattern[str], line: str, start: int) -> re.Match[str] | None:
    """Find the first match from `start` that is not inside double quotes."""
    return next((match for match in pattern.finditer(line, start) if not is_quoted(line, match.start())), None)


def is_quoted(line: str, position: int) -> bool:
    """Whether a position in a line is inside double quotes: an odd number of quotes precedes it."""
    return bisect_left(_find_quotes(line), position) % 2 == 1


def _is_incomplete(text: str) -> bool:
    """Whether a clause was cut off in the middle: inside quotes or brackets, or before what a conjunction joins."""
    if text.count('"') % 2 == 1 or _ENDS_WITH_CONJUNCTION.search(text):
        return True
    return any(text.count(opening) != text.count(closing) for opening, closing in _BRACKETS)


# Cached, for a long line is searched again at each of its keywords.
@lru_cache(maxsize=4)
def _find_quotes(line: str) -> tuple[int, ...]:
    """Find the positions of all double quotes."""
    return tuple(match.start() for match in _QUOTE.finditer(line))
