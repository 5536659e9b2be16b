"""What an act is about in its body: amounts, annexes, addresses and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from parvis.core.acts.flat_text import GAP, one_line
from parvis.core.acts.proposals.rules import GUESS, LIKELY, Reading, Source

_MOST: Final = 60
_AROUND: Final = 60

_AMOUNT: Final = re.compile(
    r"(?<![\w,])(?<!\d\.)(?P<sign>-[ ]?)?(?P<whole>\d{1,3}(?:[ .']\d{3}){1,4}|\d{1,10})(?:[ ]?[,.][ ]?(?P<cents>\d{1,4}))?[ ]{0,3}"
    r"(?P<scale>millions?[ ](?:d'[ ]?)?|milliers?[ ](?:d'[ ]?)?|k|m)?[ ]{0,2}\n?(?P<unit>€|euros?(?![a-z])|eur(?![a-z]))"
)
_SCALES: Final = {"mi": Decimal(1_000_000), "m": Decimal(1_000_000), "k": Decimal(1_000)}
_GREATEST: Final = Decimal(10) ** 12


def euros(whole: str, cents: str | None, scale: str | None) -> Decimal | None:
    """The amount that figures say: « 620.000 », « 1 234 », « 12 » and cents.

    >>> euros("1 234", "5", None)
    Decimal('1234.5')
    """
    try:
        value = Decimal(re.sub(r"[ .']", "", whole) + ("." + cents if cents else ""))
    except InvalidOperation:
        return None
    if scale:
        key = scale.strip()
        value *= Decimal(1_000) if key.startswith("millier") else _SCALES["mi" if key.startswith("mi") else key[0]]
    return value if value < _GREATEST else None


def amounts(source: Source) -> Iterator[Reading]:
    """All amounts in euros, with the words around; one proposal, whose passage is that of the first."""
    text = source.text
    rows: list[dict[str, Any]] = []
    first: tuple[int, int] | None = None
    for hit in text.find(_AMOUNT):
        cents = hit["cents"]
        whole = hit["whole"]
        if cents and len(cents) == 3 and not hit["scale"]:  # « 620.000 € » holds thousands
            whole, cents = whole + cents, None
        elif cents and len(cents) > 2 and not hit["scale"]:  # a price per unit
            pass
        value = euros(whole, cents, hit["scale"])
        if value is None:
            continue
        if hit["sign"] and text.flat[max(0, hit.start() - 2) : hit.start()].strip(" \n:") == "":
            value = -value
        rows.append({"value": float(value), "words": _words_around(text.raw, *hit.span())})
        first = first or hit.span()
        if len(rows) >= _MOST:
            break
    if rows and first:
        yield Reading("amounts", rows, 0.9, *first)


def _words_around(raw: str, start: int, end: int) -> str:
    """The whole words that stand around a passage, and the passage."""
    before = raw[max(0, start - _AROUND - 1) : start]
    after = raw[end : end + _AROUND // 2 + 1]
    if start > _AROUND:
        before = re.sub(r"^\S+", "", before)
    if end + _AROUND // 2 < len(raw):
        after = re.sub(r"\S+$", "", after)
    return one_line(before + raw[start:end] + after)


_ANNEX_LINE: Final = re.compile(
    r"(?:^|\n)[ ]{0,6}[-•*]?[ ]?(?P<what>(?:annexe|piece[s]? (?:jointe|annexee)s?|pj)[ ]{0,2}(?:n[°o][ ]?)?(?:\d{1,2}|[ivx]{1,4})?[ ]{0,2}[:-][ ]{0,2}(?P<words>[^\n]{3,200}))"
)
_ANNEXED: Final = re.compile(
    rf"(?<![a-z])(?:figurant{GAP}en{GAP}annexe|jointe?s?{GAP}en{GAP}annexe|annexee?s?{GAP}a{GAP}la{GAP}presente|ci-annexee?s?|jointe?s?{GAP}a{GAP}la{GAP}presente)(?![a-z])"
)
_WHAT_IS_ANNEXED: Final = re.compile(
    r"(?<![a-z])(?:conventions?|contrats?|avenants?|plans?|reglements?|tableaux?|rapports?|projets?|documents?|listes?|etats?|cahiers?|chartes?"
    r"|statuts|baux|bail|actes?|notes?|fiches?|grilles?|tarifs?|protocoles?|bilans?|dossiers?|comptes?|budgets?|schemas?|cartes?|devis)"
    r"(?:[ \n][a-z' -]{1,60})?$"
)


def annexes(source: Source) -> Iterator[Reading]:
    """« Annexe 1 : … », « le plan annexé à la présente »."""
    text = source.text
    labelled = [(hit.span("words"), 0.8) for hit in text.find(_ANNEX_LINE)]
    annexed = []
    for hit in text.find(_ANNEXED):
        # What it is stands before, in the same sentence: the last word that names a paper.
        before = re.sub(r"[ \n,]+$", "", text.flat[max(0, hit.start() - 70) : hit.start()])
        what = _WHAT_IS_ANNEXED.search(before)
        if what:
            start = max(0, hit.start() - 70)
            annexed.append(((start + what.start(), start + what.end()), GUESS))
    places = sorted((labelled + annexed)[:20])
    words: list[str] = []
    for (start, end), _sure in places:
        letters = one_line(text.raw[start:end])
        if letters and letters not in words:
            words.append(letters)
    if words:
        sure = 0.8 if labelled else GUESS
        yield Reading("annexes", words, sure, *places[0][0])


_WAY: Final = r"(?:[Rr]ues?|RUE|[Aa]venue|AVENUE|[Bb]oulevard|BOULEVARD|[Bb]d|[Aa]v\.|[Pp]lace|PLACE|[Cc]hemin|CHEMIN|[Rr]oute|ROUTE|[Ii]mpasse|IMPASSE|[Aa]llée|ALLÉE|[Qq]uai|QUAI|[Ss]quare|[Vv]enelle|[Ss]entier|[Rr]uelle|[Ll]otissement|[Hh]ameau|[Ll]ieu-?[ ]?dit|[Rr]ond-point|[Pp]assage(?![ ](?:à|aux?|en)[ ])|[Ff]aubourg|[Ee]splanade|[Pp]romenade|[Cc]ité|[Vv]oie)"
_LINK: Final = r"(?:de[ ]la|de[ ]l[’']|des?|du|d[’']|la|le|les|l[’']|aux?|à|en|sur|et)"
_ADDRESS: Final = re.compile(
    rf"(?<![\w’'])(?<![A-Z][ ])(?<!n°[ ])(?P<what>(?:\d{{1,4}}(?:[ ]?(?:bis|ter|quater|[A-D](?![a-z])))?[ ]?,?[ ]{{1,2}})?{_WAY}[ ](?:{_LINK}[ ]?){{0,3}}(?:[«\"“][ ]?)?[A-ZÀ-Þ][\w’'.-]{{1,30}}(?:[ ](?:{_LINK}[ ]?){{0,2}}(?:[A-ZÀ-Þ][\w’'.-]{{1,30}}|\d{{1,4}}(?:er)?(?=[ ][A-ZÀ-Þa-z]))){{0,4}})"
)
_NEXT_SENTENCE: Final = re.compile(r"(?<=\w{3})[.](?:\s.*)?$", re.DOTALL)
_PARCEL: Final = re.compile(
    r"(?:parcelles?|cadastr[a-zée]{1,5}|section)[ \n]{1,2}(?:cadastr[ée]{1,3}s?[ \n]{1,2})?(?:section[ \n]{1,2})?(?:n[°o][ ]?)?(?P<what>[A-Z]{1,2}[ ]?(?:n[°o][ ]?)?\d{1,4})(?!\w)"
)


def places(source: Source) -> Iterator[Reading]:
    """Addresses, ways and parcels that are named."""
    text = source.text
    values: list[str] = []
    span: tuple[int, int] | None = None
    for pattern in (_ADDRESS, _PARCEL):
        for hit in pattern.finditer(text.raw):
            letters = one_line(hit["what"])
            letters = _NEXT_SENTENCE.sub("", letters) if pattern is _ADDRESS else f"parcelle {letters}"
            if letters not in values:
                values.append(letters)
                span = span or hit.span("what")
            if len(values) >= _MOST:
                break
    if values and span:
        numbered = any(value[0].isdigit() for value in values)
        yield Reading("places", values, LIKELY if numbered else 0.75, *span)
