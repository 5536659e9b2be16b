"""Codes that French administrations give: how they are written, and their check digits, which python-stdnum computes.

Patterns are texts, for Python, DuckDB and Arrow alike: no group that captures, no ``\\d``, which is any digit of Unicode in
Python. They ask for upper case.
"""

from __future__ import annotations

import re

from stdnum.fr import nir, siren, siret

DEPARTMENT_OF_COMMUNE = "(?:0[1-9]|[1-8][0-9]|9[0-57-8]|2[AB])"
"""The first two characters of the code of a commune: 01 to 95, with 2A and 2B for Corsica (20 until 1976), 97 and 98 overseas, of
which the third digit is part of the department or territory (971…, 987…)."""

COMMUNE = f"{DEPARTMENT_OF_COMMUNE}[0-9]{{3}}"
"""The code of a commune in the Code officiel géographique (Insee, https://www.insee.fr/fr/information/2560452)."""

PLACE = "(?:[0-9]{2}|2[AB])[0-9]{3}"
"""What is of the length of a commune's code or of a postcode, before one asks whether such a department exists."""

IRIS = f"{PLACE}[0-9]{{4}}"
"""The code of an IRIS (Insee): that of its commune, then four digits."""

UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""Check letters of schools' codes, by the remainder of their seven digits by 23: the alphabet without I, O and Q."""

LA_POSTE = "356000000"
"""The SIREN whose SIRET have a rule of their own: but for the head office, their digits add up to a multiple of five."""
LA_POSTE_HEAD = "35600000000048"

_COMMUNE = re.compile(COMMUNE)
_NIR = re.compile("[12][0-9]{2}(?:0[1-9]|1[0-2]|[2-9][0-9])(?:[0-9]{2}|2[AB])[0-9]{8}")


def is_commune(text: str) -> bool:
    """True for what is written as the code of a commune."""
    return _COMMUNE.fullmatch(text) is not None


def is_siren(text: str) -> bool:
    """True for nine digits, nothing else, with a right check digit."""
    return _is_digits(text, 9) and bool(siren.is_valid(text))


def is_siret(text: str) -> bool:
    """True for fourteen digits, nothing else, with a right check digit, of a SIREN that has one too."""
    return _is_digits(text, 14) and bool(siret.is_valid(text))


def is_uai(text: str) -> bool:
    """True for seven digits and their check letter, in whatever case."""
    return _is_digits(text[:7], 7) and len(text) == 8 and UAI_LETTERS[int(text[:7]) % 23] == text[7].upper()


def is_nir(text: str) -> bool:
    """True for a social security number with its key, nothing else; the library does not look at sex and month."""
    return _NIR.fullmatch(text) is not None and bool(nir.is_valid(text))


def _is_digits(text: str, count: int) -> bool:
    # Asked before the library, which raises for each value that is no code: columns of names are full of these.
    return len(text) == count and text.isascii() and text.isdecimal()
