"""Split requirements in the forms of EARS whose keywords are translated: `CUANDO ..., ENTONCES el sistema DEBERÁ ...`.

In languages with capitals, only keywords in capitals count, for `si` and `quando` are in many sentences. Chinese,
Japanese and Korean have none: there, a clause that begins or ends as a condition, and that a comma closes, is one.
"""

from __future__ import annotations

import re

from spec2bdd.domain.gherkin.phrasing.clauses import Clause, build_steps, search_unquoted
from spec2bdd.model import Step

# code: conditions that become `When` | those that become `Given` | "then" | "shall"
_WORDS = {
    "de": "WENN,FALLS,SOBALD|SOLANGE,WÄHREND,WO|DANN|MUSS,MÜSSEN,SOLL,SOLLEN,SOLLTE",
    "es": "CUANDO,SI|MIENTRAS,DONDE,DADO QUE|ENTONCES|DEBE,DEBEN,DEBERÁ,DEBERÁN,DEBERÍA",
    "fr": "QUAND,LORSQUE,SI|TANT QUE,PENDANT QUE,OÙ,LÀ OÙ|ALORS|DOIT,DOIVENT,DEVRA,DEVRAIT",
    "id": "KETIKA,JIKA,SAAT|SELAMA,DI MANA|MAKA|HARUS,AKAN",
    "it": "QUANDO,SE|MENTRE,DOVE|ALLORA|DEVE,DEVONO,DOVRÀ,DOVREBBE",
    "nl": "WANNEER,ALS,INDIEN|TERWIJL,WAAR|DAN|MOET,MOETEN,ZAL",
    "pl": "GDY,KIEDY,JEŚLI,JEŻELI|PODCZAS GDY,DOPÓKI,GDZIE|WTEDY,TO|MUSI,MUSZĄ,POWINIEN,POWINNA,POWINNO",
    "pt": "QUANDO,SE,CASO|ENQUANTO,ONDE,DADO QUE|ENTÃO|DEVE,DEVEM,DEVERÁ,DEVERIA",
    "ru": "КОГДА,ЕСЛИ|ПОКА,ГДЕ|ТОГДА,ТО|ДОЛЖЕН,ДОЛЖНА,ДОЛЖНО,ДОЛЖНЫ",  # noqa: RUF001 - Russian it is
    "uk": "КОЛИ,ЯКЩО|ПОКИ,ДЕ|ТОДІ,ТО|ПОВИНЕН,ПОВИННА,ПОВИННО,ПОВИННІ,МАЄ",  # noqa: RUF001 - Ukrainian it is
    "vi": "KHI,NẾU|TRONG KHI|THÌ|PHẢI,SẼ",
}
_TABLE = [[part.split(",") for part in words.split("|")] for words in _WORDS.values()]
_WHEN, _GIVEN, _THEN, _SHALL = ({word for words in column for word in words} for column in zip(*_TABLE, strict=True))


def separate_keywords(line: str) -> str:
    """Separate English keywords in capitals from the Chinese, Japanese or Korean words that they are joined to."""
    return line if line.isascii() else _JOINED.sub(" ", line)


def _join(*groups: set[str]) -> str:
    """Join words to the alternatives of a pattern, the longest first."""
    return "|".join(sorted({word for group in groups for word in group}, key=lambda word: (-len(word), word)))


_CONDITION = re.compile(rf"(?:^|[,;]? )({_join(_WHEN, _GIVEN)})[,:]? (?=\S)")
_CLOSING = re.compile(rf"[,;]? (?:{_join(_THEN)})[,:]? (?=\S)")
_COMMA = re.compile(rf", (?=(?:[^\s,]+ ){{1,8}}(?:{_join(_SHALL)}) )")
# The demand up to its "shall"; in capitals are keywords and articles, names of one system are not.
_SUBJECT = re.compile(rf"(?:[^\s,]+ ){{0,8}}?(?:{_join(_SHALL)})(?= )")
_CHINESE = re.compile(
    r"(?P<word>[当當如若]果?|一旦|每[当當])(?P<condition>[^\uff0c,\u3002]{2,}?)[\uff0c,]\s?(?:[则則]|那么|那麼)?"
    r"(?P<demand>(?=[^\u3002]*(?:[应應将將須须会會]|必[须須]|[显顯]示|可以))\S.*)"
)
_JAPANESE = re.compile(
    r"(?P<condition>[^\u3002]{2,}?(?P<word>場合|時|とき|際|[間中]))(?:は|に|には)?[\u3001,]\s?(?P<demand>\S.*)"
)
_KOREAN = re.compile(
    r"(?P<condition>[^.,]{2,}?(?:[\uac00-\ud7a3]면|때|경우(?:에는|에)?|(?P<word>동안)(?:에는|에)?)), "
    r"(?P<demand>\S.*다\.?)"
)
# English keywords around words of these languages, without a `SHALL`.
_MIXED = re.compile(r"(?P<keyword>WHEN|IF|WHILE|WHERE) (?P<condition>\S.*?)[\u3001\uff0c]? THE (?P<demand>\S.*)")
# The clauses of these say by their last characters whether they are states; the others begin with a word.
_STATES = ("間", "中", "동안")
_JOINED = re.compile(
    r"(?<=[\u3001-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff09\uff0c])(?=(?:THEN|THE|SHALL)(?![A-Za-z]))"
    r"|(?<=\bTHEN)(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])"
)
_SCRIPT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def parse_translated_ears(line: str, language: str) -> tuple[Step, ...]:
    """Split a requirement with translated keywords; the result is empty if the line is none."""
    if _SCRIPT.search(line):
        if match := _MIXED.fullmatch(line):
            return build_steps([(match["keyword"].lower(), match["condition"]), ("then", match["demand"])], language)
        for pattern in (_CHINESE, _JAPANESE, _KOREAN):
            if match := pattern.fullmatch(line):
                kind = "given" if match["word"] in _STATES else "when"
                return build_steps([(kind, match["condition"]), ("then", match["demand"])], language)
        return ()
    start = _CONDITION.match(line)
    closing = search_unquoted(_CLOSING, line, start.end()) if start else None
    closing = closing or (search_unquoted(_COMMA, line, start.end()) if start else None)
    if start is None or closing is None:
        return ()
    return build_steps([*_split_conditions(line[: closing.start()]), ("then", _lower(line[closing.end() :]))], language)


def _split_conditions(text: str) -> list[Clause]:
    """Split the conditions before a demand."""
    keywords = list(_CONDITION.finditer(text))
    ends = [*(keyword.start() for keyword in keywords[1:]), len(text)]
    return [
        ("when" if keyword[1] in _WHEN else "given", text[keyword.end() : end])
        for keyword, end in zip(keywords, ends, strict=True)
    ]


def _lower(demand: str) -> str:
    """Lowercase the "shall" of a demand, and the words before it if all of them are in capitals."""
    match = _SUBJECT.match(demand)
    if not match:
        return demand
    subject, _, shall = match[0].rpartition(" ")
    words = subject.lower() if subject.isupper() else subject
    return f"{words} {shall.lower()}".strip() + demand[match.end() :]
