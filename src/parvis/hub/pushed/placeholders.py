"""Words in braces that each site replaces by its own: rows, and how a page is filled with them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis.core.elision import at, of

NO_BREAK = "\u202f"


@dataclass(frozen=True, slots=True)
class Place:
    """What a site's page may say of its commune."""

    name: str
    code: str
    population: int | None
    year: int
    postcode: str = ""
    epci: str = ""
    epci_code: str = ""
    department: str = ""
    department_code: str = ""
    region: str = ""
    region_code: str = ""
    site: str = ""
    surface: float | None = None
    """In km²; None where Parvis ships no contour."""

    @property
    def density(self) -> float | None:
        """Inhabitants for each km²."""
        return self.population / self.surface if self.population is not None and self.surface else None


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A word, what stands for it, what it means."""

    word: str
    value: Callable[[Place], str]
    meaning: Any


def _people(place: Place) -> str:
    return _number(place.population)


def _number(value: float | None, decimals: int = 0) -> str:
    return "—" if value is None else f"{value:,.{decimals}f}".replace(",", NO_BREAK).replace(".", ",")


PLACEHOLDERS = (
    Placeholder("commune", lambda place: place.name, _("nom de la commune")),
    Placeholder(
        "de_commune",
        lambda place: of(place.name),
        _("« de Lieusaint », « d’Évry-Courcouronnes », « du Coudray-Montceaux »"),
    ),
    Placeholder("a_commune", lambda place: at(place.name), _("« à Lieusaint », « au Coudray-Montceaux »")),
    Placeholder("code", lambda place: place.code, _("code INSEE de la commune")),
    Placeholder("code_postal", lambda place: place.postcode, _("premier code postal")),
    Placeholder("population", _people, _("nombre d’habitants, à la française")),
    Placeholder("annee_population", lambda place: str(place.year), _("année de ce nombre")),
    Placeholder("surface", lambda place: _number(place.surface, 1), _("surface en km², d’après les contours livrés")),
    Placeholder("densite", lambda place: _number(place.density), _("habitants au km²")),
    Placeholder("epci", lambda place: place.epci, _("nom de l’intercommunalité")),
    Placeholder("code_epci", lambda place: place.epci_code, _("SIREN de l’intercommunalité")),
    Placeholder("departement", lambda place: place.department, _("nom du département")),
    Placeholder("code_departement", lambda place: place.department_code, _("code du département")),
    Placeholder("region", lambda place: place.region, _("nom de la région")),
    Placeholder("code_region", lambda place: place.region_code, _("code de la région")),
    Placeholder("site", lambda place: place.site, _("nom du site de la commune")),
)
"""Every word in braces that is replaced; a row adds one."""

WORDS = {row.word: row for row in PLACEHOLDERS}
_BRACED = re.compile(r"(?<!\{)\{([a-zà-ÿ_]{1,40})\}(?!\})", re.IGNORECASE)
QUESTIONS = frozenset({"where", "expression", "query"})
"""Keys of blocks that hold ODSQL: what is put between its quotes is written so that it cannot end them."""
SETTINGS = frozenset({"type", "id", "template", "popup"})
"""Keys whose text is not for readers, or has braces of its own."""


def values_of(place: Place) -> dict[str, str]:
    """What each word becomes at that place."""
    return {row.word: row.value(place) for row in PLACEHOLDERS}


def filled(raw: Any, values: Mapping[str, str], key: str = "") -> Any:
    """A copy of the raw form of a page or block, its words in braces replaced; unknown ones are left."""
    if isinstance(raw, str):
        return raw if key in SETTINGS else _BRACED.sub(lambda found: _value(found, values, raw, key), raw)
    if isinstance(raw, Mapping):
        return {name: filled(value, values, name if isinstance(name, str) else "") for name, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [filled(value, values, key) for value in raw]
    return raw


def _value(match: re.Match[str], values: Mapping[str, str], text: str, key: str) -> str:
    value = values.get(match[1])
    if value is None:
        return match[0]
    if key in QUESTIONS:
        return value.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')
    return html.escape(value, quote=False) if "<" in text else value


def uses_words(raw: Any) -> bool:
    """Whether a content has words that are replaced: read as it is, it would show them."""
    values = dict.fromkeys(WORDS, "")
    return filled(raw, values) != raw


def unknown_in(raw: Any, key: str = "") -> Iterator[str]:
    """The words in braces that nothing replaces."""
    if isinstance(raw, str) and key not in SETTINGS:
        yield from (found[1] for found in _BRACED.finditer(raw) if found[1] not in WORDS)
    elif isinstance(raw, Mapping):
        for name, value in raw.items():
            yield from unknown_in(value, name if isinstance(name, str) else "")
    elif isinstance(raw, list | tuple):
        for value in raw:
            yield from unknown_in(value, key)
