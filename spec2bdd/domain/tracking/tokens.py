"""The text of a criterion in, the words that it is compared by out, each with its weight."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache

from spec2bdd.text.normalize import to_comparison_key, to_single_line

# Numbers with their marks; words, in which an apostrophe may stand; and the scripts that put no spaces between words.
_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*%?|[^\W\d_]+(?:['\u2019][^\W\d_]+)?|[^\W_]+")
_QUOTED = re.compile(r"[\"\u201c\u201e\u00ab]([^\"\u201c-\u201e\u00ab\u00bb]+)[\"\u201c\u201d\u00bb]")
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_ENDING = re.compile(r"(?:ings?|e[ds]?|s|ly)$")
_DOUBLED = re.compile(r"([bgmnprt])\1$")

_WORD, _SMALL, _HEAVY, _PAIR = 4, 1, 8, 2

# Words that say little by themselves, in the languages that specs are written in most.
_FUNCTION_WORDS = """
    a an the and or but of to in on at by for from with as is are was were be been being has have had do does did it its
    this that these those there their they them which who whose can could may might will would shall should must also
    then so such any all each every some when where while if into onto than your our his her my we you i
    der die das den dem des ein eine einen einem einer und oder zu im in am an auf mit von für ist sind wird werden kann
    können muss müssen soll sollen sich es er sie dass bei aus
    le la les un une des du de et ou à au aux en est sont peut peuvent doit doivent que qui dans pour par sur avec
    el los las una unos unas y o del al es son puede pueden debe deben con por para se lo su
"""
_NEGATIONS = """
    not no never without none nobody nothing neither nor cannot
    nicht kein keine keinen keinem keiner nie niemals ohne niemand nichts
    pas jamais sans aucun aucune rien nunca sin ningún ninguna jamás não sem nenhum nenhuma ninguém non senza mai nessun
    nessuno nessuna не нет без никогда никто ни niet geen nooit zonder niemand nie bez nigdy nikt żaden żadne
    inte ingen aldrig utan ikke aldri uten 못 안
"""
_SHORT_NOT = re.compile(r"n['\u2019]t\b|(?<=\bcan)not\b")
_NEGATION_SIGNS = re.compile(r"[不没沒無无未非]|ない|ません|ず(?=に)|않|없|아니|말아야")
_NEGATING_STARTS = frozenset({"un", "in", "im", "il", "ir", "dis", "non", "de", "mis"})
# Words that exclude each other: where one text has the one and the other text the other, they are two demands.
_OPPOSITES = """
    create/edit/delete/view/search/share/copy/print/export/import add/edit/remove add/delete read/write
    add/remove create/destroy insert/delete enable/disable show/hide shown/hidden shown/hide show/hidden
    open/close allow/deny allow/forbid allow/block allow/refuse accept/refuse accept/reject grant/revoke
    grant/deny approve/reject approve/deny start/stop begin/end first/last before/after min/max minimum/maximum
    most/least more/less more/fewer fewer/many above/below over/under up/down in/out on/off left/right
    top/bottom old/new oldest/newest ascend/descend earliest/latest increase/decrease raise/lower grow/shrink
    expand/collapse upload/download send/receive load/save save/discard lock/unlock include/exclude
    valid/invalid visible/hidden public/private online/offline always/never true/false yes/no pass/fail
    succeed/fail success/failure success/error lend/return lent/returned lent/back buy/sell push/pull
    attach/detach connect/disconnect subscribe/unsubscribe install/uninstall login/logout admin/user admin/guest
    user/guest sender/recipient buyer/seller owner/guest email/phone daily/weekly daily/monthly weekly/monthly
    monthly/yearly internal/external required/optional mandatory/optional present/missing present/absent
    empty/full early/late earlier/later fast/slow high/low higher/lower long/short longer/shorter
    single/multiple one/many all/none all/some any/no same/different equal/different desktop/mobile light/dark
    active/inactive undo/redo follow/unfollow like/dislike archive/restore mute/unmute pin/unpin zoom/pan
    credit/debit debit/pay horizontal/vertical row/column
    öffnen/schließen geöffnet/geschlossen hinzugefügt/entfernt hinzugefügt/gelöscht erstellt/gelöscht
    gespeichert/gelöscht gespeichert/verworfen aktiviert/deaktiviert angezeigt/ausgeblendet sichtbar/verborgen
    erlaubt/verboten angenommen/abgelehnt gesendet/empfangen vor/nach immer/nie erfolgreich/fehlgeschlagen
    ouvert/fermé ajouté/supprimé créé/supprimé activé/désactivé affiché/masqué visible/masqué accepté/refusé
    autorisé/interdit envoyé/reçu avant/après toujours/jamais abierto/cerrado añadido/eliminado creado/eliminado
    activado/desactivado visible/oculto mostrado/ocultado aceptado/rechazado permitido/prohibido enviado/recibido
    antes/después siempre/nunca
"""


@dataclass(frozen=True, slots=True)
class WeightedTokens:
    """The words of a text with their weights, the weight of all, and how often it negates."""

    words: Mapping[str, int]
    weight: int
    negations: int


def parse_tokens(text: str) -> WeightedTokens:
    """Return the words of a text; endings, letter case and typography make no difference."""
    # Sameness drops apostrophes, so that the short forms of `not` are written out first.
    line = _SHORT_NOT.sub(" not", to_single_line(text).casefold())
    words = _TOKEN.findall(to_comparison_key(line))
    weights: Counter[str] = Counter()
    for word in words:
        for part, weight in _weigh(word):
            weights[part] += weight
    for quoted in _QUOTED.findall(line):
        weights[f'"{to_comparison_key(quoted)}'] += _WORD
    negations = len(_NEGATION_SIGNS.findall(line)) + sum(word in _list_words(_NEGATIONS) for word in words)
    return WeightedTokens(weights, weights.total(), negations)


def are_opposed(one: WeightedTokens, other: WeightedTokens, *, lost: Set[str], gained: Set[str]) -> bool:
    """Tell whether two texts are two demands though they share most words: one negates, or says the opposite."""
    if one.negations != other.negations:
        return True
    stems = _derive_opposites()
    return any(stems.get(word, frozenset()) & gained for word in lost) or any(
        _is_negated(word, late) or _is_negated(late, word) for word in lost for late in gained
    )


def is_typo(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter too many or by two letters that are swapped."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1 or len(one) < 5 or not (one + other).isalpha():
        return False
    short, long = sorted((one, other), key=len)
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = long[start : start + 2][::-1]
    return short[start:] == swapped + long[start + 2 :]


def _weigh(word: str) -> Iterator[tuple[str, int]]:
    """Yield what a word counts as, and its weight."""
    if word[0].isdigit():
        yield word, _HEAVY
    elif word in _list_words(_FUNCTION_WORDS) or word in _list_words(_NEGATIONS):
        yield word, _SMALL
    elif _SPACELESS.fullmatch(word) and len(word) > 1:
        yield from ((word[n : n + 2], _PAIR) for n in range(len(word) - 1))
    else:
        yield _derive_stem(word), _WORD


def _derive_stem(word: str) -> str:
    """Return a word without its ending, as far as that goes by rules that hold for most."""
    if len(word) < 4:
        return word
    stem = _ENDING.sub("", word)
    stem = _DOUBLED.sub(r"\1", stem) if stem != word else stem
    return stem.removesuffix("e").replace("y", "i") if len(stem) > 2 else word


@cache
def _derive_opposites() -> Mapping[str, frozenset[str]]:
    """Return the opposites of each word, all of them without endings."""
    opposites: defaultdict[str, set[str]] = defaultdict(set)
    for group in _OPPOSITES.split():
        words = [next(iter(_weigh(word)))[0] for word in group.split("/")]
        for word in words:
            opposites[word].update(other for other in words if other != word)
    return {word: frozenset(others) for word, others in opposites.items()}


@cache
def _list_words(text: str) -> frozenset[str]:
    """Return the words of a table."""
    return frozenset(text.split())


def _is_negated(word: str, other: str) -> bool:
    """Tell whether a word is another with a negation before it, as `invalid` is `valid`."""
    return len(other) > 2 and word.endswith(other) and word.removesuffix(other) in _NEGATING_STARTS
