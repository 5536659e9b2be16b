"""Addresses as they are compared: « 10 bis, Bd du Gal de Gaulle » and « boulevard général de gaulle 10B » are of one street."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parvis.core.text import fold
from parvis.core.transforms.preparation.place_names import name_key

_SHORT = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "boul": "boulevard", "blvd": "boulevard", "r": "rue", "ch": "chemin",
    "che": "chemin", "chem": "chemin", "imp": "impasse", "pl": "place", "rte": "route", "all": "allee", "sq": "square", "crs": "cours",
    "fg": "faubourg", "fbg": "faubourg", "res": "residence", "lot": "lotissement", "qu": "quai", "pass": "passage", "prom": "promenade",
    "st": "saint", "ste": "sainte", "gal": "general", "gen": "general", "mal": "marechal", "dr": "docteur", "pdt": "president", "pres": "president",
    "cdt": "commandant", "col": "colonel", "cap": "capitaine", "cne": "capitaine", "lt": "lieutenant", "prof": "professeur", "za": "zone",
    "rpt": "rond", "rdpt": "rond", "ham": "hameau", "vc": "voie",
}  # fmt: skip
_LITTLE = frozenset(["de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux", "en", "sur"])
_REPEATS = {"bis": "bis", "b": "bis", "ter": "ter", "t": "ter", "quater": "quater", "q": "quater"}
_NUMBER = re.compile(
    r"^\s*(?:n[°o]\s*)?(\d{1,4})(?:\s*[-/à]\s*\d{1,4})?\s*(bis|ter|quater|quinquies|[a-z])?\s*(?=[,;\s]|$)",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"(?<!\d)(\d{5})(?!\d)")
_NOISE = re.compile(r"\b(?:bp|cs|tsa)\s*\d+\b|\bcedex(?:\s+\d+)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart: its number and what repeats it, its street as compared, its postcode, its commune as compared."""

    number: str = ""
    repeat: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""


def street_key(text: str) -> str:
    """The words of a street that tell it from others, abbreviations written out."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(text)).split()
    written = [_SHORT.get(word, word) for word in words]
    return " ".join(word for word in written if word not in _LITTLE) or " ".join(written)


def repeat_key(text: str) -> str:
    """« B » and « bis » are one."""
    word = fold(text.strip())
    return _REPEATS.get(word, word)


def parse_address(text: str, postcode: str = "", city: str = "") -> Address:
    """An address in one text, or with its postcode and commune apart; what comes after a postcode is the commune."""
    line = _NOISE.sub(" ", " ".join(text.replace("\n", ", ").split()))
    if match := _last(line):
        after = line[match.end() :].strip(" ,;-")
        postcode, line = postcode or match[1], line[: match.start()].strip(" ,;-")
        city = city or re.split(r"[,;]", after)[0].strip()
    number = repeat = ""
    if match := _NUMBER.match(line):
        number, repeat = str(int(match[1])), repeat_key(match[2] or "")
        line = line[match.end() :].strip(" ,;")
    elif match := re.search(r"[,\s](\d{1,4})\s*(bis|ter|quater)?\s*$", line, re.IGNORECASE):
        number, repeat = str(int(match[1])), repeat_key(match[2] or "")
        line = line[: match.start()].strip(" ,;")
    key = street_key(line)
    place = name_key(re.sub(r"\bcedex.*$", "", city, flags=re.IGNORECASE)) if city.strip() else ""
    return Address(number, repeat, key, postcode.strip().zfill(5) if postcode.strip() else "", place)


def _last(line: str) -> re.Match[str] | None:
    """The postcode of a line: its last number of five digits, unless the line begins with it."""
    matches = [match for match in _POSTCODE.finditer(line) if match.start()]
    return matches[-1] if matches else next(_POSTCODE.finditer(line), None)
