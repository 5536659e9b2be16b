"""The parameters of a question, parsed and checked."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from parvis.core.explore.errors import InvalidParameter
from parvis.core.odsql.bound import ALWAYS, Test
from parvis.core.translation import gettext_noop

LANGUAGES = ("fr", "en", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")
PAGE_ROWS = 10
LARGEST_PAGE = 100
LAST_ROW = 10_000
LARGEST_GROUPS = 20_000
"""Most groups in a page, and the last one a page may reach."""

DELIMITERS = (";", ",", "\t", "|")
PARQUET_COMPRESSIONS = ("snappy", "zstd")


@dataclass(frozen=True, slots=True)
class ExploreRequest:
    """What was asked, with the defaults of the API (specification, section 5); ``limit`` is None when it was not given."""

    select: str = "*"
    where: tuple[str, ...] = ()
    group_by: str = ""
    order_by: str = ""
    limit: int | None = None
    offset: int = 0
    refine: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    facet: tuple[str, ...] = ()
    lang: str = "fr"
    timezone: str = "UTC"
    include_links: bool = False
    include_app_metas: bool = False
    use_labels: bool = False
    compressed: bool = False
    delimiter: str = ";"
    list_separator: str = ","
    quote_all: bool = False
    with_bom: bool = True
    parquet_compression: str = "snappy"
    extra: Test = ALWAYS
    """A condition that comes with the request without being written in ODSQL: a ``q`` of version 1."""
    epsg: int = 4326
    name_field: str = ""
    description_field_list: tuple[str, ...] = ()
    use_extension: bool = True
    after: str | None = None
    """Token of the page to give, ``""`` or ``*`` for the first one; None when no walk was asked."""
    version: str = ""
    """Identifier of the version asked, the current one by default; anyone who opens the source reads it."""

    @classmethod
    def from_query(cls, pairs: Iterable[tuple[str, str]]) -> ExploreRequest:
        """The request that name and value pairs make; unknown names are ignored, InvalidParameter for a bad value."""
        values: dict[str, Any] = {}
        for name, text in pairs:
            parameter = _ALIASES.get(name, name)
            row = PARAMETERS.get(parameter)
            if row is None:
                continue
            if row.is_repeated:
                if text.strip():
                    values[parameter] = (*values.get(parameter, ()), text)
            elif text.strip() or row.takes_empty:
                values[parameter] = row.read(name, text)
            else:
                values.pop(parameter, None)
        return cls(**values)

    @property
    def is_grouped(self) -> bool:
        """True when the rows of the answer are groups."""
        return bool(self.group_by.strip())

    def page(self) -> tuple[int, int]:
        """Limit and offset of a page of records; InvalidParameter beyond what pages may reach."""
        largest, last = (LARGEST_GROUPS, LARGEST_GROUPS) if self.is_grouped else (LARGEST_PAGE, LAST_ROW)
        limit = PAGE_ROWS if self.limit is None else self.limit
        if not -1 <= limit <= largest:
            raise InvalidParameter(name="limit", value=limit, expected=f"-1 <= limit <= {largest}")
        limit = largest if limit == -1 else limit
        if limit + self.offset > last:
            raise InvalidParameter(
                name="offset", value=self.offset, expected=f"0 <= offset + limit <= {last} (limit={limit})"
            )
        return limit, self.offset

    def as_export(self) -> tuple[int | None, int]:
        """Limit (None: everything) and offset of an export."""
        return (None if self.limit in (None, -1) else self.limit), self.offset


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """Reads a whole number, ``least`` or more."""

    least: int

    def __call__(self, name: str, text: str) -> int:
        """The number; InvalidParameter when it is none or too small or too large."""
        try:
            value = int(text.strip()[:20])
        except ValueError as error:
            raise InvalidParameter(name=name, value=text, expected=f"{name} >= {self.least}") from error
        if value < self.least:
            expected = f"-1 <= limit <= {LARGEST_PAGE}" if name in ("limit", "rows") else f"{name} >= {self.least}"
            raise InvalidParameter(name=name, value=text, expected=expected)
        if value >= 2**62:
            raise InvalidParameter(name=name, value=text, expected=f"{name} < 2^62")
        return value


@dataclass(frozen=True, slots=True)
class Among:
    """Reads one of a few words."""

    allowed: tuple[str, ...]

    def __call__(self, name: str, text: str) -> str:
        """The word; InvalidParameter for any other."""
        if text not in self.allowed:
            raise InvalidParameter(name=name, value=text, expected=" | ".join(repr(choice) for choice in self.allowed))
        return text


def read_boolean(name: str, text: str) -> bool:
    """True or false, in any case; InvalidParameter for anything else."""
    lowered = text.strip().lower()
    if lowered not in ("true", "false", "1", "0"):
        raise InvalidParameter(name=name, value=text, expected="true | false")
    return lowered in ("true", "1")


def read_text(name: str, text: str) -> str:
    """The text as it is."""
    return text


def read_names(name: str, text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def read_epsg(name: str, text: str) -> int:
    """The code of a coordinate system, ``2154`` or ``EPSG:2154``; InvalidParameter for what is no code."""
    written = text.strip().upper().removeprefix("EPSG:")
    if not (written.isascii() and written.isdecimal() and len(written) < 7 and int(written)):
        expected = "the EPSG code of a coordinate system, such as 4326, 3857 or 2154"
        raise InvalidParameter(name=name, value=text, expected=expected)
    return int(written)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def read_timezone(name: str, text: str) -> str:
    """The name of a time zone; InvalidParameter for an unknown one."""
    if text not in _zones():
        raise InvalidParameter(name=name, value=text, expected="a time zone name such as Europe/Paris")
    return text


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: how its text is read, and what it is for, in a sentence that ``values`` fill.

    ``is_repeated``: it may be given several times, and each counts. ``takes_empty``: its empty text means something too.
    ``is_extension``: it is not of the API of version 2.1, but Parvis's own.
    """

    read: Callable[[str, str], Any]
    words: str
    values: Mapping[str, object] = field(default_factory=dict)
    is_repeated: bool = False
    takes_empty: bool = False
    is_extension: bool = False


_ALIASES = {"rows": "limit"}
PARAMETERS: Mapping[str, Parameter] = {
    "select": Parameter(
        read_text, gettext_noop("Les colonnes et calculs voulus, séparés par des virgules ; tout par défaut.")
    ),
    "where": Parameter(
        read_text,
        gettext_noop("Une condition en ODSQL ; répété, toutes doivent être vraies."),
        is_repeated=True,
    ),
    "group_by": Parameter(read_text, gettext_noop("Ce qui fait un groupe ; une ligne par groupe.")),
    "order_by": Parameter(read_text, gettext_noop("L’ordre des lignes : un nom, puis asc ou desc.")),
    "limit": Parameter(
        WholeNumber(-1),
        gettext_noop(
            "Le nombre de lignes : {page} par défaut, {most} au plus par page, {groups} groupes ; -1 veut dire le plus possible. "
            "Un export donne tout par défaut."
        ),
        {"page": PAGE_ROWS, "most": LARGEST_PAGE, "groups": LARGEST_GROUPS},
    ),
    "offset": Parameter(
        WholeNumber(0),
        gettext_noop("Les lignes à sauter ; offset + limit ne dépasse pas {last} ({groups} groupes)."),
        {"last": LAST_ROW, "groups": LARGEST_GROUPS},
    ),
    "refine": Parameter(read_text, gettext_noop("Garder une valeur d’une facette : nom:valeur."), is_repeated=True),
    "exclude": Parameter(read_text, gettext_noop("Écarter une valeur d’une facette : nom:valeur."), is_repeated=True),
    "facet": Parameter(
        read_text,
        gettext_noop('Une facette à compter : son nom, ou facet(name="…", sort="-count", limit=20).'),
        is_repeated=True,
    ),
    "lang": Parameter(Among(LANGUAGES), gettext_noop("La langue des mots de la réponse.")),
    "timezone": Parameter(read_timezone, gettext_noop("Le fuseau des dates et heures : Europe/Paris, UTC…")),
    "include_links": Parameter(read_boolean, gettext_noop("Ajouter les liens (_links).")),
    "include_app_metas": Parameter(
        read_boolean,
        gettext_noop("Ajouter _id, _timestamp et _size aux lignes, les métadonnées d’usage aux jeux."),
    ),
    "use_labels": Parameter(read_boolean, gettext_noop("Nommer les colonnes par leurs titres.")),
    "compressed": Parameter(read_boolean, gettext_noop("Rendre le fichier compressé par gzip.")),
    "delimiter": Parameter(Among(DELIMITERS), gettext_noop("Le séparateur des colonnes du CSV."), takes_empty=True),
    "list_separator": Parameter(read_text, gettext_noop("Le séparateur des valeurs multiples."), takes_empty=True),
    "quote_all": Parameter(read_boolean, gettext_noop("Mettre chaque cellule entre guillemets.")),
    "with_bom": Parameter(read_boolean, gettext_noop("Commencer le CSV par la marque UTF-8.")),
    "parquet_compression": Parameter(Among(PARQUET_COMPRESSIONS), gettext_noop("La compression du Parquet.")),
    "epsg": Parameter(
        read_epsg, gettext_noop("Le système de coordonnées, par son code EPSG : 2154 pour le Lambert 93.")
    ),
    "name_field": Parameter(read_text, gettext_noop("La colonne qui nomme chaque point.")),
    "description_field_list": Parameter(read_names, gettext_noop("Les colonnes qui décrivent chaque point.")),
    "use_extension": Parameter(read_boolean, gettext_noop("Écrire les autres colonnes dans les extensions.")),
    "after": Parameter(
        read_text,
        gettext_noop(
            "Parcourir toutes les lignes page par page : * pour la première, puis le jeton « after » de chaque réponse."
        ),
        takes_empty=True,
        is_extension=True,
    ),
    "version": Parameter(read_text, gettext_noop("Interroger une version ancienne, par son nom."), is_extension=True),
}
"""One row a parameter; the description of the API and its console are made of them."""
REPEATED = frozenset(name for name, row in PARAMETERS.items() if row.is_repeated)
