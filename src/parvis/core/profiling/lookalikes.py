"""Columns that could be read as numbers and name things: act « 2022.00030 », article 1.10, telephone +33…, sixteen digits.

A number is kept as a number when its text comes back unchanged, or when people measure it. Neither is true of a name: a zero at
the end, a plus sign, a sixteenth digit are part of it. Every rule is a shape of the whole column, with or without its header;
a header of quantities, a unit or a negative value end the question.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parvis.core.staging import Note

_MEASURE = re.compile(
    r"(?:^|_)(?:montants?|mt|mnt|prix|px|couts?|tarifs?|taux|tx|parts?|pct|pourcentages?|ratio|indices?|scores?|notes?|rang|moyennes?|moy|"
    r"medianes?|med|ecarts?|max|maxi|min|mini|sommes?|totale?s?|tot|valeurs?|val|values?|quantites?|qte|volumes?|vol|poids|masse|tonnages?|"
    r"longueurs?|long|largeurs?|larg|hauteurs?|haut|profondeurs?|prof|altitudes?|alt|elevation|distances?|dist|durees?|temps|vitesses?|debits?|"
    r"temperatures?|temp|surfaces?|surf|superficies?|sup|aires?|area|shape|length|len|perimetre|diametre|diam|populations?|pop|nb|nbre|nombres?|"
    r"effectifs?|eff|densites?|puissances?|energies?|conso|consommations?|productions?|prod|emissions?|concentrations?|lat|latitudes?|lon|lng|"
    r"longitudes?|coord|coords|coordonnees?|[xyz]|[xyz]l93|wgs84|geo|easting|northing|pk|pkd|pkf|prd|prf|abs|abscisses?|budgets?|depenses?|recettes?|"
    r"credits?|subventions?|salaires?|revenus?|loyers?|ages?|heures?|hrs?|jours?|solde|tva|ht|ttc|euros?|eur|kwh|mwh|gwh|kg|km|ha|m2|m3|pm10|pm25|no2?|"
    r"o3|so2|co2?)(?:_|$)|latitude|longitude|montant|surface|superficie"
)
"""Words of what people measure, pay or count."""

_NUMBERED = re.compile(
    r"(?:^|_)(?:acte|arretes?|deliberations?|delib|decision|articles?|art|alinea|chapitres?|chap|sous_section|paragraphes?|rubriques?|annexe|"
    r"versions?|release|edition|dossier|marche|contrat|convention|facture|mandat|bordereau|lot|parcelle|nomenclatures?|codes?|cod|references?|"
    r"refs?|numeros?|num|no_(?:d|de|du|des)|n_(?:d|de|du|des)|matricules?|identifiants?|ident|ids?|uid|fiche)(?:_|$)"
)
"""Words of what is numbered: its parts and its papers."""

_WRITTEN = re.compile(r"([+−-]?) ?([0-9]+)(?:([.,])([0-9]+))?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_PARTED = re.compile("[.,eE]")
_EXPONENT = re.compile(r"[0-9.,]+[eE][+-]?[0-9]+")
_MOST_DIGITS = 15
"""A double, and every number of JavaScript, keeps so many digits."""
_SHORT, _WIDE = 3, 4
_FEW, _MANY = 5, 20
_DENSE = 0.5
_SPOILT = 0.2
"""One number in ten ends with a zero."""


@dataclass(frozen=True, slots=True)
class _Written:
    text: str
    sign: str
    whole: str
    point: str
    decimals: str


def name_note(slug: str, values: Iterable[str]) -> Note | None:
    """Why the distinct ``values``, all of them readable as numbers, are names under that header (a slug); None for numbers.

    Long values and those with a plus sign may be of persons: no note shows any.

    Values in another form (percentages, exponents) are numbers, save exponents in a column of codes.
    """
    texts = [value.strip() for value in values]
    measured = _MEASURE.search(slug) is not None
    odd = any(len(text) > _MOST_DIGITS or text.startswith("+") for text in texts)
    if not odd and (measured or not any(_PARTED.search(text) for text in texts)):
        return None  # most columns: no need to take their values apart
    written = [
        _Written(text, *(part or "" for part in m.groups()))
        for text in texts
        if (m := _WRITTEN.fullmatch(_SPACES.sub("", text)))
    ]
    if len(written) < len(texts):
        return _exponent_note(slug, texts)
    if any(len(w.whole) > _MOST_DIGITS for w in written):
        return Note("digits-lost", {"digits": _MOST_DIGITS})
    if written and all(w.sign == "+" and not w.point and len(w.whole) >= 9 for w in written):
        return Note("plus-lost")
    if measured or any(w.sign in ("-", "−") for w in written):
        return None
    decimal = [w for w in written if w.point]
    if not decimal or len({w.point for w in decimal}) > 1 or any(_SPACES.search(w.text) for w in written):
        return None
    if _lists_numbers(written, decimal):
        return Note("listed", {"example": decimal[0].text})
    if (
        _is_numbered(slug, written, decimal)
        or _follows_years(slug, written)
        or _counts_on(decimal)
        or _is_dense(decimal)
    ):
        return _zeros_note(decimal)
    return None


def digits_note(values: Iterable[str]) -> Note | None:
    """Why a column of digits alone is text: a zero at their head, or more digits than a number keeps; None for other texts."""
    texts = [value.strip() for value in values]
    if not texts or not all(text.isascii() and text.isdecimal() for text in texts):
        return None
    if any(text.startswith("0") and len(text) > 1 for text in texts):
        return Note("leading-zeros")
    return Note("digits-lost", {"digits": _MOST_DIGITS}) if max(map(len, texts)) > _MOST_DIGITS else None


def _exponent_note(slug: str, texts: Sequence[str]) -> Note | None:
    example = next((text for text in texts if _EXPONENT.fullmatch(text)), None)
    return (
        Note("exponents", {"example": example})
        if example and _NUMBERED.search(slug) and not _MEASURE.search(slug)
        else None
    )


def _zeros_note(decimal: Sequence[_Written]) -> Note:
    example = next((w for w in decimal if w.decimals.endswith("0")), decimal[0])
    return Note("numbered", {"example": example.text})


def _is_numbered(slug: str, written: Sequence[_Written], decimal: Sequence[_Written]) -> bool:
    """The header says so, and decimals are few or all as many; ids that a program turned into 1.0, 2.0 were numbers."""
    if not _NUMBERED.search(slug) or not any(set(w.decimals) - {"0"} for w in decimal):
        return False
    lengths = {len(w.decimals) for w in decimal}
    return max(lengths) <= _SHORT or (len(lengths) == 1 and len(decimal) == len(written))


def _lists_numbers(written: Sequence[_Written], decimal: Sequence[_Written]) -> bool:
    """1310 beside « 1922,1931 »: two numbers of the width of all others, no decimals."""
    width = len(written[0].whole)
    if width < _WIDE or decimal[0].point != "," or len(decimal) == len(written):
        return False
    return all(len(w.whole) == width and len(w.decimals) in (0, width) for w in written)


def _follows_years(slug: str, written: Sequence[_Written]) -> bool:
    """2022.00028: a year, then a number of constant width, of two digits at least; where the header says so, a few may have lost the
    zeros at their end to a spreadsheet: 2022.0003."""
    if not all(len(w.whole) == 4 and "1900" <= w.whole <= "2100" for w in written):
        return False
    width = max(len(w.decimals) for w in written)
    spoilt = sum(len(w.decimals) < width for w in written)
    if spoilt and not (_NUMBERED.search(slug) and width > _SHORT and spoilt <= _SPOILT * len(written)):
        return False
    return width >= _SHORT or (width == 2 and len(written) >= _FEW)


def _counts_on(decimal: Sequence[_Written]) -> bool:
    """1.9 is followed by 1.10: what is after the point counts, and is no fraction."""
    parts = defaultdict(set)
    for w in decimal:
        parts[w.whole].add(w.decimals)
    ranks = [{int(d) for d in group} for group in parts.values() if "10" in group and "1" in group]
    plain = all(not d.startswith("0") or d == "0" for group in parts.values() for d in group)
    return bool(ranks) and plain and all(len(group) >= 0.8 * max(group) for group in ranks)


def _is_dense(decimal: Sequence[_Written]) -> bool:
    """75.001, 75.002… 75.120: nearly every rank is taken, and zeros fill the width."""
    if len(decimal) < _MANY or len({(len(w.whole), len(w.decimals)) for w in decimal}) > 1:
        return False
    if len(decimal[0].decimals) < _SHORT or any(w.whole.startswith("0") for w in decimal):
        return False
    parts = defaultdict(list)
    for w in decimal:
        parts[w.whole].append(int(w.decimals))
    room = sum(max(ranks) - min(ranks) + 1 for ranks in parts.values() if len(ranks) >= _FEW)
    taken = sum(len(ranks) for ranks in parts.values() if len(ranks) >= _FEW)
    return taken >= _DENSE * len(decimal) and taken >= _DENSE * room and any(w.decimals.endswith("0") for w in decimal)
