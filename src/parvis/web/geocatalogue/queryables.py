"""What may be asked of a record, by the names that the standards give to it, and where the catalogue's table has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from parvis.web.geocatalogue.errors import BadValue


class Kind(StrEnum):
    """How its values are compared."""

    TEXT = "text"
    MOMENT = "moment"
    BOX = "box"


@dataclass(frozen=True, slots=True)
class Queryable:
    """One of them: the columns that hold it (a text is sought in all of them), its names without prefix, in small letters.

    ``shown`` is how the capabilities name it; ``is_iso`` for one that the application profile of ISO 19115 adds.
    """

    shown: str
    columns: tuple[str, ...]
    names: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT
    is_iso: bool = field(default=False)


TYPE = "#type"
"""A column of services alone (``service``); of the rest, which the table has not, ``dataset``, or ``nonGeographicDataset`` for what has
no place."""
_WORDS = ("title", "description", "keyword", "theme", "publisher", "territory")

QUERYABLES = (
    Queryable("dc:identifier", ("dataset_id",), ("identifier", "fileidentifier", "resourceidentifier", "id")),
    Queryable("dc:title", ("title",), ("title",)),
    Queryable("dct:abstract", ("description",), ("abstract", "description")),
    Queryable("dc:subject", ("keyword", "theme"), ("subject", "keyword", "keywords")),
    Queryable("csw:AnyText", _WORDS, ("anytext", "any")),
    Queryable("dc:type", (TYPE,), ("type",)),
    Queryable("dct:modified", ("modified",), ("modified", "date", "revisiondate"), Kind.MOMENT),
    Queryable("ows:BoundingBox", ("bbox",), ("boundingbox", "geometry", "bbox"), Kind.BOX),
    Queryable("dc:publisher", ("publisher",), ("publisher", "organisationname")),
    Queryable("dc:creator", ("dcat.creator",), ("creator",)),
    Queryable("dc:contributor", ("dcat.contributor",), ("contributor",)),
    Queryable("dc:language", ("language",), ("language", "resourcelanguage")),
    Queryable("dc:rights", ("license", "license_url"), ("rights", "license", "licence", "otherconstraints")),
    Queryable("dc:source", ("references",), ("source", "references", "lineage")),
    Queryable("dc:relation", ("dcat.relation",), ("relation", "association")),
    Queryable("dct:spatial", ("dcat.spatial", "territory"), ("spatial", "coverage", "geographicdescriptioncode")),
    Queryable("apiso:PublicationDate", ("dcat.issued",), ("publicationdate", "issued"), Kind.MOMENT, is_iso=True),
    Queryable("apiso:CreationDate", ("dcat.created",), ("creationdate", "created"), Kind.MOMENT, is_iso=True),
    Queryable(
        "apiso:TempExtent_begin", ("dcat.temporal_coverage_start",), ("tempextent_begin",), Kind.MOMENT, is_iso=True
    ),
    Queryable("apiso:TempExtent_end", ("dcat.temporal_coverage_end",), ("tempextent_end",), Kind.MOMENT, is_iso=True),
)
_SILENT = (
    "format",
    "alternatetitle",
    "crs",
    "denominator",
    "distancevalue",
    "distanceuom",
    "topiccategory",
    "parentidentifier",
    "hassecurityconstraints",
    "servicetype",
    "servicetypeversion",
    "operation",
    "operateson",
    "couplingtype",
    "degree",
    "specificationtitle",
    "specificationdate",
)
"""Names that the standards have and this catalogue keeps no values for: a condition on one holds for no record."""
NOTHING = Queryable("", ())


@cache
def _by_name() -> dict[str, Queryable]:
    return {
        **dict.fromkeys(_SILENT, NOTHING),
        **{name: queryable for queryable in QUERYABLES for name in queryable.names},
    }


def queryable(name: str) -> Queryable:
    """What a name means, prefix, path and case aside; BadValue for one that no standard has."""
    bare = name.strip().rpartition(":")[2].rpartition("/")[2].lower()
    row = _by_name().get(bare)
    if row is None:
        raise BadValue(name="PropertyName", value=name, expected=", ".join(names_shown()))
    return row


def names_shown(*, iso: bool | None = None) -> Iterable[str]:
    """Their names in the capabilities; of the profile of ISO or of the core alone, if told so."""
    return [row.shown for row in QUERYABLES if iso is None or row.is_iso is iso]
