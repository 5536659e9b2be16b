"""Values of columns as values of tags, and whether two values of a tag say the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from parvis.core.text import fold

LONGEST_VALUE = 255
"""Characters of a value that OpenStreetMap takes."""
_YES = frozenset({"1", "oui", "o", "vrai", "true", "t", "yes", "y"})
_NO = frozenset({"0", "non", "n", "faux", "false", "f", "no"})
_NOTHING = frozenset(
    {"", "na", "nc", "nr", "nd", "null", "none", "neant", "inconnu", "inconnue", "non concerne"}
    | {"non renseigne", "non renseignee", "non communique", "sans objet", "aucun", "aucune", "n a", "0", "x", "test"}
)


class ValueKind(StrEnum):
    """How a column is read and compared."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    LIST = "list"


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: « Non concerné » as an identifier, for one.

    >>> is_nothing("Non concerné"), is_nothing("FR*A01")
    (True, False)
    """
    return re.sub(r"[\W_]+", " ", fold(text)).strip() in _NOTHING


def tag_value(text: str, kind: ValueKind, values: Mapping[str, str], factor: float = 1.0) -> str:
    """The value of the tag that says what the cell says; empty when it says nothing that a tag would.

    ``values``: what cells say, folded, and the tag's word for it; for numbers, ``factor`` is that of the unit.

    >>> tag_value("Oui", ValueKind.BOOLEAN, {}), tag_value("120", ValueKind.NUMBER, {}, 0.01)
    ('yes', '1.2')
    """
    clean = " ".join(text.split())
    if kind is ValueKind.NUMBER:
        return _number_text(clean, factor)
    folded = fold(clean)
    if folded in values:
        return values[folded]
    if kind is ValueKind.BOOLEAN:
        return "yes" if folded in _YES else "no" if folded in _NO else ""
    if kind is ValueKind.CHOICE or is_nothing(clean):
        return ""
    if kind is ValueKind.LIST:
        words = [values.get(fold(part), "") if values else part for part in _parts(clean)]
        return ";".join(dict.fromkeys(word for word in words if word))[:LONGEST_VALUE]
    return clean[:LONGEST_VALUE]


def says_same(town: str, osm: str, kind: ValueKind) -> bool:
    """Whether two values of a tag say the same, however they are written: a list that holds ours says it.

    >>> says_same("12", "12 m", ValueKind.NUMBER), says_same("Jules-Ferry", "jules ferry", ValueKind.TEXT)
    (True, True)
    """
    if kind is ValueKind.NUMBER:
        first, second = _number(town), _number(osm)
        return first is not None and second is not None and abs(first - second) <= 1e-6 * max(1.0, abs(first))
    if kind is ValueKind.LIST:
        return {fold(part) for part in _parts(town)} <= {fold(part) for part in _parts(osm)}
    return words_of(town) == words_of(osm)


def words_of(text: str) -> str:
    """The folded words of a text with single spaces."""
    return " ".join(re.findall(r"\w+", fold(text)))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,|]", text) if part.strip()]


def _number(text: str) -> float | None:
    match = re.fullmatch(r"(-?\d{1,15}(?:[.,]\d{1,15})?)\s*(?:m|cm|kw)?", text.strip().lower())
    return float(match[1].replace(",", ".")) if match else None


def _number_text(text: str, factor: float) -> str:
    number = _number(text.replace("\u202f", "").replace("\xa0", "").replace(" ", ""))
    return "" if number is None else f"{round(number * factor, 3):.3f}".rstrip("0").rstrip(".")
