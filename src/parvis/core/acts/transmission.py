"""The identifier of @ctes that is printed on acts: what it is made of, and whether it makes sense."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import luhn

_IDENTIFIER: Final = re.compile(
    r"(?P<department>\d{2}[\dAB]|\d[AB]\d|9[78]\d)-(?P<siren>\d{9})-(?P<day>\d{8})-(?P<number>[A-Z0-9_.\- /]{1,40}?)-(?P<nature>DE|AR|AI|CC|BF|AU)"
)


@dataclass(frozen=True, slots=True)
class Transmission:
    """``094-219400413-20180704-DEL12-DE``: department, SIREN, date, number of the act, nature; ``valid`` when the SIREN's key is right."""

    department: str
    siren: str
    day: date
    number: str
    nature: str

    @property
    def valid(self) -> bool:
        """The key of the SIREN is right."""
        return bool(luhn.is_valid(self.siren))

    def __str__(self) -> str:
        return f"{self.department}-{self.siren}-{self.day:%Y%m%d}-{self.number}-{self.nature}"


def read_identifier(text: str) -> Transmission | None:
    """The identifier ``text``; None when it is none or holds no date.

    >>> read_identifier("013-211301106-20210201-1212-AI").number
    '1212'
    """
    hit = _IDENTIFIER.fullmatch(text.strip().upper())
    if hit is None:
        return None
    try:
        day = date.fromisoformat(hit["day"])
    except ValueError:
        return None
    return Transmission(hit["department"], hit["siren"], day, hit["number"].strip(), hit["nature"])
