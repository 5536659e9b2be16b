"""The functions of the language: one row each, from which the reference page is made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from parvis.core.odsql.valuetypes import ValueType


class Takes(StrEnum):
    """What an argument must be."""

    ANY = "value"
    TEXT = "text"
    NUMBER = "number"
    CONSTANT = "constant number"
    MOMENT = "moment"
    """A date or an instant; the instant is seen in the time zone of the request."""
    ORDERED = "number or date"
    POINT = "point"
    GEO = "geo"
    GEOMETRY = "geometry"
    DISTANCE = "distance"
    TEXT_FIELDS = "text fields"
    """Nothing, ``*``, or any number of text fields; always first."""
    PATTERN = "pattern"
    RELATION = "INTERSECTS|DISJOINT|WITHIN"
    SETTINGS = "name=integer, …"
    STEP = "step or bounds"
    STAR = "*"


_MOMENTS = (ValueType.DATE, ValueType.DATETIME)
ACCEPTED = {
    Takes.ANY: tuple(ValueType),
    Takes.TEXT: (ValueType.TEXT,),
    Takes.NUMBER: (ValueType.NUMBER,),
    Takes.CONSTANT: (ValueType.NUMBER,),
    Takes.MOMENT: _MOMENTS,
    Takes.ORDERED: (ValueType.NUMBER, *_MOMENTS),
    Takes.POINT: (ValueType.POINT,),
    Takes.GEO: (ValueType.POINT, ValueType.SHAPE),
    Takes.GEOMETRY: (ValueType.GEOMETRY,),
    Takes.DISTANCE: (ValueType.DISTANCE, ValueType.NUMBER),
    Takes.TEXT_FIELDS: (ValueType.TEXT, ValueType.TEXTS),
    Takes.PATTERN: (ValueType.TEXT,),
}


class Use(StrEnum):
    """What a function is for, hence where it may stand."""

    SCALAR = "value of a row"
    GROUPED = "value of a row, also a group"
    SELECTED = "value of a row, in select alone"
    FILTER = "condition"
    AGGREGATION = "aggregation"
    GROUP = "group"
    ORDER = "order"


CLAUSES: dict[Use, tuple[str, ...]] = {
    Use.SCALAR: ("select", "where", "order_by"),
    Use.GROUPED: ("select", "where", "group_by", "order_by"),
    Use.SELECTED: ("select",),
    Use.FILTER: ("where",),
    Use.AGGREGATION: ("select", "order_by"),
    Use.GROUP: ("group_by", "select", "order_by"),
    Use.ORDER: ("order_by",),
}
"""Where each use may stand; a group is in ``select`` and ``order_by`` only to name one of the ``group_by``."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function (or one of its forms, by number of arguments).

    ``gives`` is None for the type of its first argument; how it is computed is each engine's own. ``sentence`` is its line in the
    reference, in French; ``example`` is a clause and its text, which a test runs.
    """

    name: str
    takes: tuple[Takes, ...]
    gives: ValueType | None
    sentence: str
    use: Use = Use.SCALAR
    example: str = ""
    is_extension: bool = False

    @property
    def clauses(self) -> tuple[str, ...]:
        """Where it may stand."""
        return CLAUSES[self.use]


_N, _S, _B = ValueType.NUMBER, ValueType.TEXT, ValueType.BOOLEAN
_F = Takes

_SCALARS = (
    Function("length", (_F.TEXT,), _N, "Nombre de caractères d’un texte.", Use.SCALAR, "where length(nom) > 6"),
    Function("lower", (_F.TEXT,), _S, "Le texte en minuscules.", Use.GROUPED, "group_by lower(commune)"),
    Function("upper", (_F.TEXT,), _S, "Le texte en majuscules.", Use.GROUPED, "select upper(nom) as nom"),
    Function("year", (_F.MOMENT,), _N, "Année d’une date.", Use.GROUPED, "group_by year(jour) as annee"),
    Function("month", (_F.MOMENT,), _N, "Mois d’une date, de 1 à 12.", Use.GROUPED, "where month(jour) = 6"),
    Function("day", (_F.MOMENT,), _N, "Jour du mois, de 1 à 31.", Use.GROUPED, "select day(jour)"),
    Function("hour", (_F.MOMENT,), _N, "Heure, de 0 à 23.", Use.GROUPED, "group_by hour(instant)"),
    Function("minute", (_F.MOMENT,), _N, "Minute, de 0 à 59.", Use.GROUPED, "select minute(instant)"),
    Function("second", (_F.MOMENT,), _N, "Seconde, de 0 à 59.", Use.GROUPED, "select second(instant)"),
    Function(
        "date_format",
        (_F.MOMENT, _F.PATTERN),
        _S,
        "La date écrite selon un modèle (yyyy, MM, MMMM, dd, EEEE, HH, mm…), dans la langue et le fuseau demandés.",
        Use.GROUPED,
        'group_by date_format(jour, "MMMM yyyy") as mois',
    ),
    Function(
        "ifnull",
        (_F.ANY, _F.ANY),
        None,
        "La première valeur, ou la seconde quand la première manque.",
        Use.GROUPED,
        'group_by ifnull(commune, "Inconnue") as commune',
    ),
    Function(
        "now",
        (_F.SETTINGS,),
        ValueType.DATETIME,
        "L’instant présent, décalé (years=-1, days=+3, mondays=-1…) ou fixé (hour=0, weekday=0…).",
        Use.SCALAR,
        "where instant >= now(days=-7, hour=0, minute=0)",
    ),
    Function(
        "distance",
        (_F.GEO, _F.GEOMETRY),
        _N,
        "Distance à un point, en mètres sur la sphère.",
        Use.SCALAR,
        "order_by distance(point, geom'POINT(2.44 48.63)')",
    ),
    Function(
        "json_format",
        (_F.TEXT,),
        ValueType.JSON,
        "Le texte lu comme du JSON, tel quel s’il n’en est pas.",
        Use.SELECTED,
        "select json_format(nom) as nom",
    ),
    Function(
        "json_format",
        (_F.TEXT, _F.ANY),
        ValueType.JSON,
        "Le texte lu comme du JSON, ou le second argument s’il n’en est pas.",
        Use.SELECTED,
        "select json_format(nom, null) as nom",
    ),
    Function(
        "random",
        (_F.CONSTANT,),
        _N,
        "Un ordre au hasard, le même pour la même graine.",
        Use.ORDER,
        "order_by random(42)",
    ),
)

_FILTERS = (
    Function(
        "search",
        (_F.TEXT_FIELDS, _F.TEXT),
        _B,
        "Chaque mot s’y trouve à une ou deux lettres près, le dernier pouvant n’être qu’un début ; ni accents ni casse.",
        Use.FILTER,
        'where search(nom, "bok of secret")',
    ),
    Function(
        "suggest",
        (_F.TEXT_FIELDS, _F.TEXT),
        _B,
        "Un mot commence par le texte ; ni accents ni casse ne comptent.",
        Use.FILTER,
        'where suggest(commune, "evr")',
    ),
    Function(
        "startswith",
        (_F.TEXT_FIELDS, _F.TEXT),
        _B,
        "La valeur entière commence par le texte, casse comprise.",
        Use.FILTER,
        'where startswith(nom, "Rue")',
    ),
    Function(
        "in_bbox",
        (_F.GEO, _F.NUMBER, _F.NUMBER, _F.NUMBER, _F.NUMBER),
        _B,
        "Dans le rectangle donné par deux coins : latitude, longitude, latitude, longitude.",
        Use.FILTER,
        "where in_bbox(point, 48.5, 2.3, 48.7, 2.5)",
    ),
    Function(
        "within_distance",
        (_F.GEO, _F.GEOMETRY, _F.DISTANCE),
        _B,
        "À moins d’une distance d’un point (mi yd ft m cm km mm ; des mètres sans unité).",
        Use.FILTER,
        "where within_distance(point, geom'POINT(2.44 48.63)', 1km)",
    ),
    Function(
        "distance",
        (_F.GEO, _F.GEOMETRY, _F.DISTANCE),
        _B,
        "Ancienne écriture de within_distance.",
        Use.FILTER,
        "where distance(point, geom'POINT(2.44 48.63)', 1000m)",
    ),
    Function(
        "intersects",
        (_F.GEO, _F.GEOMETRY),
        _B,
        "Touche ou recouvre une géométrie.",
        Use.FILTER,
        "where intersects(contour, geom'POINT(2.44 48.63)')",
    ),
    Function(
        "within",
        (_F.GEO, _F.GEOMETRY),
        _B,
        "Est dans une géométrie.",
        Use.FILTER,
        "where within(point, geom'POLYGON((2 48, 3 48, 3 49, 2 48))')",
    ),
    Function(
        "polygon",
        (_F.GEO, _F.GEOMETRY),
        _B,
        "Ancienne écriture de within.",
        Use.FILTER,
        "where polygon(point, geom'POLYGON((2 48, 3 48, 3 49, 2 48))')",
    ),
    Function(
        "disjoint",
        (_F.GEO, _F.GEOMETRY),
        _B,
        "Ne touche pas une géométrie.",
        Use.FILTER,
        "where disjoint(point, geom'POLYGON((2 48, 3 48, 3 49, 2 48))')",
    ),
    Function(
        "geometry",
        (_F.GEO, _F.GEOMETRY),
        _B,
        "Ancienne écriture de intersects.",
        Use.FILTER,
        "where geometry(point, geom'POLYGON((2 48, 3 48, 3 49, 2 48))')",
    ),
    Function(
        "geometry",
        (_F.GEO, _F.GEOMETRY, _F.RELATION),
        _B,
        "Ancienne écriture de intersects, disjoint ou within.",
        Use.FILTER,
        "where geometry(point, geom'POLYGON((2 48, 3 48, 3 49, 2 48))', WITHIN)",
    ),
)

_SUM_EXAMPLE = "select sum(montant) as total"
_AGGREGATIONS = (
    Function("count", (_F.STAR,), _N, "Nombre d’enregistrements.", Use.AGGREGATION, "select count(*) as nombre"),
    Function(
        "count",
        (_F.ANY,),
        _N,
        "Nombre de valeurs, ou de valeurs différentes : count(distinct champ).",
        Use.AGGREGATION,
        "select count(distinct commune) as communes",
    ),
    Function("sum", (_F.NUMBER,), _N, "Somme.", Use.AGGREGATION, _SUM_EXAMPLE),
    Function("avg", (_F.NUMBER,), _N, "Moyenne.", Use.AGGREGATION, "select avg(population)"),
    Function("min", (_F.ORDERED,), None, "La plus petite valeur.", Use.AGGREGATION, "select min(jour)"),
    Function("max", (_F.ORDERED,), None, "La plus grande valeur.", Use.AGGREGATION, "select max(jour)"),
    Function(
        "median",
        (_F.NUMBER,),
        _N,
        "Médiane, exacte.",
        Use.AGGREGATION,
        "select median(montant)",
    ),
    Function(
        "percentile",
        (_F.NUMBER, _F.CONSTANT),
        _N,
        "Centile de 0 à 100, exact, interpolé entre deux valeurs.",
        Use.AGGREGATION,
        "select percentile(montant, 90) as p90",
    ),
    Function(
        "stddev",
        (_F.NUMBER,),
        _N,
        "Écart type de la population.",
        Use.AGGREGATION,
        "select stddev(montant)",
        is_extension=True,
    ),
    Function(
        "envelope",
        (_F.GEO,),
        ValueType.SHAPE,
        "Enveloppe convexe.",
        Use.AGGREGATION,
        "select envelope(point) as enveloppe",
    ),
    Function(
        "bbox",
        (_F.GEO,),
        ValueType.SHAPE,
        "Rectangle englobant.",
        Use.AGGREGATION,
        "select bbox(point) as cadre",
    ),
)

_GROUPS = (
    Function(
        "range",
        (_F.ORDERED, _F.STEP),
        _S,
        "Des tranches égales (10, 1 day) ou entre des bornes (*, 10, 50, *) ; la borne basse est comprise.",
        Use.GROUP,
        "group_by range(population, *, 10, 50, *) as tranche",
    ),
    Function(
        "geo_cluster",
        (_F.POINT, _F.CONSTANT),
        ValueType.JSON,
        "Les points proches à un niveau de zoom, de 0 à 25 (radius=40 pixels).",
        Use.GROUP,
        "group_by geo_cluster(point, 12) as groupe",
    ),
)

_ROWS = _SCALARS + _FILTERS + _AGGREGATIONS + _GROUPS

FUNCTIONS: dict[str, tuple[Function, ...]] = {
    name: tuple(row for row in _ROWS if row.name == name) for name in dict.fromkeys(row.name for row in _ROWS)
}
"""The forms of each function, by name."""

TEXT_FUNCTIONS = frozenset({"search", "suggest", "startswith"})
"""Functions over fields that the binder turns into conditions on words."""

TEXT_MAKING = frozenset({"lower", "upper", "date_format"})
"""Functions that make a text of their own for each row."""

RELATIONS = {"INTERSECTS": "intersects", "DISJOINT": "disjoint", "WITHIN": "within"}
"""Third argument of ``geometry``: the function it stands for."""
