"""Gherkin's keywords in the languages that specs are written in, and the patterns of lines that contain them.

Only keywords that Behave and the official parser share are listed; a test compares them with both. Those that are
joined to the next word (`Lorsqu'`) are left out. Of several keywords, generated files use the first one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from spec2bdd.model.values import dataclass

KINDS = ("given", "when", "then", "and", "but")


@dataclass(frozen=True, slots=True)
class GherkinDialect:
    """The keywords of one language; `spaced` is false where no space separates a keyword from its sentence.

    `rule` is empty where the two parsers do not agree on a keyword.
    """

    feature: str
    rule: str
    scenario: tuple[str, ...]
    outline: tuple[str, ...]
    examples: tuple[str, ...]
    steps: Mapping[str, tuple[str, ...]]
    spaced: bool


# code: feature | rule | scenario | outline | examples | given | when | then | and | but
_WORDS = {
    "en": "Feature|Rule|Scenario,Example|Scenario Outline,Scenario Template|Examples,Scenarios|Given|When|Then|And|But",
    "de": "Funktionalität|Regel|Szenario,Beispiel|Szenariogrundriss|Beispiele|Angenommen,Gegeben sei,Gegeben seien|"
    "Wenn|Dann|Und|Aber",
    "fr": "Fonctionnalité|Règle|Scénario,Exemple|Plan du scénario,Plan du Scénario|Exemples|"
    "Étant donné,Étant donné que,Étant donnée,Étant donnés,Étant données,Etant donné,Etant donné que,Etant donnée,"
    "Etant donnés,Etant données,Soit,Sachant,Sachant que|Quand,Lorsque|Alors,Donc|Et,Et que|Mais,Mais que",
    "es": "Característica|Regla|Escenario,Ejemplo|Esquema del escenario|Ejemplos|Dado,Dada,Dados,Dadas|Cuando|Entonces|"
    "Y,E|Pero",
    "pt": "Funcionalidade|Regra|Cenário,Cenario,Exemplo|Esquema do Cenário,Esquema do Cenario|Exemplos|"
    "Dado,Dada,Dados,Dadas|Quando|Então,Entao|E|Mas",
    "it": "Funzionalità|Regola|Scenario,Esempio|Schema dello scenario|Esempi|Dato,Data,Dati,Date|Quando|Allora|E,Ed|Ma",
    "nl": "Functionaliteit|Regel|Scenario,Voorbeeld|Abstract Scenario|Voorbeelden|Gegeven,Stel|Als,Wanneer|Dan|En|Maar",
    "pl": "Właściwość|Zasada|Scenariusz,Przykład|Szablon scenariusza|Przykłady|Zakładając,Mając|"
    "Jeżeli,Jeśli,Gdy,Kiedy|Wtedy|Oraz,I|Ale",
    "ru": "Функция|Правило|Сценарий,Пример|Структура сценария,Шаблон сценария|Примеры|Допустим,Дано,Пусть|Когда,Если|"
    "То,Затем,Тогда|И,К тому же,Также|Но,А,Иначе",  # noqa: RUF001 - Russian it is
    "zh-CN": "功能|规则|场景,剧本|场景大纲,剧本大纲|例子|假如,假设,假定|当|那么|而且,并且,同时|但是",
    "ja": "機能|ルール|シナリオ|シナリオアウトライン,シナリオテンプレート|例,サンプル|前提|もし|ならば|かつ,且つ|"
    "しかし,但し,ただし,然し",
    "ko": "기능||시나리오|시나리오 개요|예|먼저,조건|만일,만약|그러면|그리고|하지만,단",
}
# Keywords that are never written, but that a parser finds at the beginning of a line of free text.
_MORE_STEPS = {"fr": ("Lorsqu'",)}
# Words that sentences in specs have instead of a keyword; no parser knows them, so they are never written.
_SYNONYMS = {"zh-CN": {"given": ("给定", "給定", "假設", "假使"), "when": ("當",), "then": ("则", "則", "那麼")}}
# The English headings of both parsers, synonyms included: such a line would end the description of a feature.
_HEADINGS = "(?:feature|business need|ability|background|rule|examples?|scenarios?|scenario outline|scenario template)"
_WORD_END = r"(?!\w)|(?<=')"
_UNSPACED = ("zh-CN", "ja")
_ARROW = r"(?:→|->|=>)"


def _parse_language(code: str, words: str) -> GherkinDialect:
    """Parse one line of the table of keywords."""
    feature, rule, *rest = words.split("|")
    scenario, outline, examples, *steps = (tuple(part.split(",")) for part in rest)
    kinds = dict(zip(KINDS, steps, strict=True))
    return GherkinDialect(feature, rule, scenario, outline, examples, kinds, spaced=code not in _UNSPACED)


LANGUAGES = {code: _parse_language(code, words) for code, words in _WORDS.items()}


def find_language(code: str) -> str:
    """Find the code of a known language; case and an unknown region are ignored. The result may be empty."""
    # Both `zh_CN` and `zh-cn` are in use.
    wanted = code.strip().replace("_", "-").casefold()
    known = {name.casefold(): name for name in LANGUAGES} | {"zh": "zh-CN"}
    return known.get(wanted) or known.get(wanted.partition("-")[0], "")


@cache
def compile_keywords(code: str) -> re.Pattern[str]:
    """Compile the pattern of a line that starts with a step keyword of that language or of English.

    A colon or comma may follow, also a full-width one. `*` is a keyword only in Gherkin itself, so it is not included.
    """
    # The language itself and English may differ in this, so each keyword is matched by the rule of its language.
    spaced = {word for name in {code, "en"} if LANGUAGES[name].spaced for word in _list_steps(name)}
    parts = [rf"(?:{_join(spaced)})(?=[:,\uff1a\uff0c\s])"]
    if not LANGUAGES[code].spaced:
        parts.append(_join(set(_list_steps(code))))
    return re.compile(rf"({'|'.join(parts)})[:,\uff1a\uff0c]?\s*(\S.*)", re.IGNORECASE)


@cache
def find_keyword(word: str, code: str) -> tuple[str, str]:
    """Find how a keyword is written in a file of that language, and the kind of its step.

    An English keyword is replaced by the first keyword of that kind in the language.

    Raises:
        KeyError: the word is a keyword neither of that language nor of English.
    """
    # The language first: its words win over English ones that are spelled alike.
    for name in (code, "en"):
        for kind, words in LANGUAGES[name].steps.items():
            for known in words:
                if known.casefold() == word.casefold():
                    return (known if name == code else LANGUAGES[code].steps[kind][0]), kind
    raise KeyError(word)


@cache
def compile_label(code: str, label: str) -> re.Pattern[str]:
    """Compile the pattern of a label such as `Example 2: a late book`; `label` names a field of `GherkinDialect`."""
    words = {word for name in {code, "en"} for word in getattr(LANGUAGES[name], label)}
    # A number after the keyword counts the examples, and is not part of the name.
    return re.compile(rf"(?:{_join(words)})(?:\s*#?\d+)?\s*(?:[:\uff1a]\s*(.*)|$)", re.IGNORECASE)


@cache
def compile_starts(code: str) -> re.Pattern[str]:
    """Compile the pattern of what a parser for that language may take for the start of a step or a heading.

    Other languages than English have many keywords for headings, so any short text before a colon counts as one.
    """
    words = _join({*_list_steps(code), *_MORE_STEPS.get(code, ())})
    return re.compile(
        rf"(?:{words}){_WORD_END if LANGUAGES[code].spaced else ''}|{_HEADINGS if code == 'en' else '[^:]{1,40}'}\s*:",
        re.IGNORECASE,
    )


@cache
def compile_sentence(code: str) -> tuple[re.Pattern[str], ...]:
    """Compile the patterns of `Given `, `, when ` and `, then ` in a one-line sentence, with the gaps around them."""
    language = LANGUAGES[code]
    # Full-width commas and semicolons, and the ideographic comma, separate the parts where no space does.
    gap, end = (rf"(?:[,;]| ?{_ARROW})? ", " ") if language.spaced else (r"[,;\uff0c\uff1b\u3001] ?", " ?")
    starts = {"given": "", "when": gap, "then": gap}
    return tuple(
        re.compile(
            rf"{start}(?:{_join(set(list_sentence_words(code, kind)))})[:,\uff1a\uff0c]?{end}(?=\S)", re.IGNORECASE
        )
        for kind, start in starts.items()
    )


@cache
def find_sentence_languages(word: str) -> tuple[str, ...]:
    """Find the languages other than English in which a sentence may begin with that word, in the form of `Given`."""
    folded = word.casefold()

    def may_begin(known: str, *, spaced: bool) -> bool:
        first = known.split()[0].casefold()
        return first == folded if spaced else folded.startswith(first)

    return tuple(
        code
        for code, language in LANGUAGES.items()
        if code != "en"
        and any(may_begin(known, spaced=language.spaced) for known in list_sentence_words(code, "given"))
    )


def list_sentence_words(code: str, kind: str) -> tuple[str, ...]:
    """List the words for a kind of step that sentences of a language have: its keywords, and others."""
    return (*LANGUAGES[code].steps[kind], *_SYNONYMS.get(code, {}).get(kind, ()))


@cache
def compile_condition(code: str) -> re.Pattern[str]:
    """Compile the pattern of a `When ` at the start of a sentence, with the gap after it."""
    end = " " if LANGUAGES[code].spaced else " ?"
    words = _join(set(list_sentence_words(code, "when")))
    return re.compile(rf"(?:{words})[:,\uff1a\uff0c]?{end}(?=\S)", re.IGNORECASE)


@cache
def compile_names() -> re.Pattern[str]:
    """Compile the pattern of the line that names a block, in any language.

    A rule is named by a comment where its language has no keyword for it.
    """
    words = {word for known in LANGUAGES.values() for word in (known.rule, known.scenario[0], known.outline[0])}
    return re.compile(rf"  (?:# )?(?:{_join(words - {''})}): (.*)")


@cache
def compile_titles() -> re.Pattern[str]:
    """Compile the pattern of how the line that names a generated feature begins, in any language."""
    return re.compile(rf"(?:{_join({known.feature for known in LANGUAGES.values()})}):")


def _list_steps(code: str) -> list[str]:
    """List all step keywords of a language."""
    return [word for words in LANGUAGES[code].steps.values() for word in words]


def _join(words: set[str]) -> str:
    """Join words to the alternatives of a pattern, the longest first, so that none hides a longer one."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
