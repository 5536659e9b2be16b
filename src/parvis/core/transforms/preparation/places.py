"""Territories: codes from names and names from codes, and in which commune, IRIS or parcel a point lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.connections import parquet_rows
from parvis.core.staging import ROWS, quote_identifier
from parvis.core.transforms.preparation.geometry import shape_of
from parvis.core.transforms.preparation.model import (
    CONTOURS,
    DATASET,
    TERRITORIES,
    Choice,
    Group,
    Kind,
    Parameter,
    Preparation,
)
from parvis.core.transforms.preparation.place_names import Gazetteer, Match, Place
from parvis.core.transforms.preparation.work import NUMBERED, Cell, Failure, Result, Work
from parvis.core.translation import Sentence, gettext_noop

_LEVELS: Mapping[str, str] = {"commune": "commune", "epci": "epci", "department": "departement", "region": "region"}
ATTRIBUTES = (
    "code", "name", "population", "epci", "epci_name", "department", "department_name", "region", "region_name", "score",
)  # fmt: skip
"""What may be taken of a territory."""
_DIGITS = frozenset({"population", "score"})
_MATCHED = "matched"
_DEGREE = 111_320
"""Metres of a degree of latitude, to bound a search near a border."""


def _rows(work: Work) -> list[dict[str, Any]]:
    table = work.table(TERRITORIES)
    rows: list[dict[str, Any]] = (
        work.connection.execute(f"SELECT * FROM {parquet_rows(table.files)}").to_arrow_table().to_pylist()
    )
    return rows


def _attributes(place: Place, score: float, names: Mapping[tuple[str, str], str]) -> dict[str, str | None]:
    department = place.code if place.kind == "departement" else place.department
    region = place.code if place.kind == "region" else place.region
    epci = place.code if place.kind == "epci" else place.epci
    return {
        "code": place.code,
        "name": place.name,
        "population": None if place.population is None else str(place.population),
        "epci": epci or None,
        "epci_name": names.get(("epci", epci)),
        "department": department or None,
        "department_name": names.get(("departement", department)),
        "region": region or None,
        "region_name": names.get(("region", region)),
        "score": f"{score:g}",
    }


def _taken(work: Work, take: Mapping[str, str]) -> dict[str, str]:
    """The new columns and what they take; refused when it is nothing that a territory has."""
    for attribute in take.values():
        if attribute not in ATTRIBUTES:
            raise work.refuse(
                Sentence(
                    "« {name} » n’est pas une de ces valeurs : {values}",
                    {"name": attribute[:40], "values": ", ".join(ATTRIBUTES)},
                )
            )
    return {work.free(header): attribute for header, attribute in take.items()}


def _territory(work: Work, values: Mapping[str, Any]) -> Result:
    header, take = values["column"], _taken(work, values["take"])
    rows = _rows(work)
    names = {(str(row["kind"]), str(row["code"])): str(row["name"]) for row in rows}
    gazetteer = Gazetteer.of(_LEVELS[values["level"]], rows)
    cell = work.cell(header)
    within = f"coalesce({work.cell(values['within'])}, '')" if values["within"] else "''"
    pairs = work.execute(f"SELECT DISTINCT {cell}, {within} FROM {ROWS} WHERE trim({cell}) <> ''").fetchall()
    matches = [_match(gazetteer, str(text), str(area), values) for text, area in pairs]
    columns: dict[str, Sequence[str | None]] = {
        "before": [str(pair[0]) for pair in pairs],
        "area": [str(pair[1]) for pair in pairs],
        "reason": [match.reason or None for match in matches],
        "told": [_told(str(pair[0]), match) for pair, match in zip(pairs, matches, strict=True)],
    }
    attributes = [_attributes(match.place, match.score, names) if match.place else {} for match in matches]
    columns |= {f"a_{name}": [row.get(name) for row in attributes] for name in ATTRIBUTES}
    work.register(_MATCHED, {name: _texts(column) for name, column in columns.items()})
    source = f"{NUMBERED} LEFT JOIN {_MATCHED} m ON m.before = {cell} AND m.area = {within}"
    failures = tuple(
        Failure(f"reason = '{reason}'", "told", reason) for reason in ("unknown-code", "unknown-name", "homonym")
    )
    cells = {
        new: Cell(
            f"a_{attribute}", ColumnType.DOUBLE if attribute in _DIGITS else ColumnType.TEXT, () if rank else failures
        )
        for rank, (new, attribute) in enumerate(take.items())
    }
    return work.put(cells, after=header, source=source, select=f"{ROWS}.*, m.*", order="place")


def _texts(column: Sequence[str | None]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 of the step alone

    return pa.array(column, pa.string())


def _match(gazetteer: Gazetteer, text: str, area: str, values: Mapping[str, Any]) -> Match:
    return (
        gazetteer.of_code(text) if values["from"] == "code" else gazetteer.of_name(text, area, float(values["least"]))
    )


def _told(text: str, match: Match) -> str:
    return (
        f"{text} : " + ", ".join(f"{place.name} ({place.code})" for place in match.others[:6]) if match.others else text
    )


def _locate(work: Work, values: Mapping[str, Any]) -> Result:
    header, identifier = values["column"], values["dataset"]
    if identifier:
        select, take = _shapes_of_dataset(work, identifier, values["take"])
    else:
        select, take = _shapes_of_communes(work, _taken(work, values["take"]))
    located = _located(work, header, select, [str(name) for name in take.values()], float(values["tolerance"]))
    source = f"(SELECT *, row_number() OVER () AS place FROM {ROWS}) s LEFT JOIN {located} m USING (place)"
    nowhere = Failure("is_point AND shape_rank IS NULL", work.text(header), "outside")
    wrong = work.failing(header, "not-a-place")
    failures = (
        Failure(
            wrong.condition.replace("__new__ IS NULL", "NOT coalesce(is_point, false)"), wrong.value, "not-a-place"
        ),
        nowhere,
    )
    cells = {
        work.free(new): Cell(f"t_{rank}", None if identifier else ColumnType.TEXT, () if rank else failures)
        for rank, new in enumerate(take)
    }
    return work.put(cells, after=header, source=source, order="place")


def _shapes_of_communes(work: Work, take: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    contours, territories = work.table(CONTOURS), work.table(TERRITORIES)
    rows = parquet_rows(territories.files)
    names = "".join(
        f" LEFT JOIN {rows} {alias} ON {alias}.kind = '{kind}' AND {alias}.code = t.{column}"
        for alias, kind, column in (
            ("e", "epci", "epci"),
            ("d", "departement", "department"),
            ("r", "region", "region"),
        )
    )
    select = (
        "SELECT c.wkb AS wkb, t.code, t.name, t.population::VARCHAR AS population, t.epci, e.name AS epci_name, t.department, d.name AS department_name, "
        f"t.region, r.name AS region_name, '1' AS score FROM {parquet_rows(contours.files)} c JOIN {rows} t ON t.kind = 'commune' AND t.code = c.code{names}"
    )
    return select, take


def _shapes_of_dataset(work: Work, identifier: str, take: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    table = work.table(DATASET + identifier)
    geometry = table.shape.geometry
    if geometry is None:
        raise work.refuse(Sentence("« {name} » n’a pas de formes sur la carte", {"name": identifier}))
    by_word = {word: column.name for column in table.shape for word in (column.label, column.name)}
    chosen = {new: by_word.get(column) for new, column in take.items()}
    if missing := next((take[new] for new, name in chosen.items() if name is None), None):
        raise work.refuse(
            Sentence("« {name} » n’a pas de colonne « {column} »", {"name": identifier, "column": missing})
        )
    names = {new: str(name) for new, name in chosen.items()}
    cells = ", ".join(
        f"{quote_identifier(name)}::VARCHAR AS {quote_identifier(name)}" for name in dict.fromkeys(names.values())
    )
    shape = quote_identifier(geometry.name)
    return f"SELECT ST_AsWKB({shape}) AS wkb, {cells} FROM {parquet_rows(table.files)} WHERE {shape} IS NOT NULL", names


def _located(work: Work, header: str, select: str, columns: Sequence[str], tolerance: float) -> str:
    """A table of the place of each row and what is taken of the shape in which its point lies."""
    import numpy as np  # noqa: PLC0415 most imports locate nothing
    import shapely  # noqa: PLC0415

    point = f"ST_PointOnSurface({shape_of(work, header)})"
    points = work.execute(f"SELECT ST_X(p) AS x, ST_Y(p) AS y FROM (SELECT {point} AS p FROM {ROWS})").fetchnumpy()
    x, y = (np.ma.filled(points[axis].astype(float), np.nan) for axis in "xy")
    is_point = ~np.isnan(x)
    shapes = work.execute(select).to_arrow_table()
    tree = shapely.STRtree(shapely.from_wkb(shapes.column("wkb").to_pylist()))
    rows = np.flatnonzero(is_point)
    ranks = np.full(len(x), -1, dtype=np.int64)
    if len(rows) and len(shapes):
        places = shapely.points(x[rows], y[rows])
        inside = tree.query(places, predicate="intersects")
        ranks[rows[inside[0][::-1]]] = inside[1][::-1]
        lost = rows[ranks[rows] < 0]
        if tolerance and len(lost):
            near = tree.query_nearest(
                shapely.points(x[lost], y[lost]), max_distance=tolerance / _DEGREE, all_matches=False
            )
            ranks[lost[near[0]]] = near[1]
    chosen = shapes.select(list(dict.fromkeys(columns))).append_column("shape_rank", [np.arange(len(shapes))])
    work.register("shape_rows", {name: chosen.column(name) for name in chosen.column_names})
    work.register("row_shapes", {"place": np.arange(1, len(x) + 1), "is_point": is_point, "found_rank": ranks})
    cells = ", ".join(f"s.{quote_identifier(name)} AS t_{rank}" for rank, name in enumerate(columns))
    work.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE located AS SELECT r.place, r.is_point, s.shape_rank, {cells} FROM row_shapes r "
        "LEFT JOIN shape_rows s ON s.shape_rank = r.found_rank"
    )
    return "located"


def _territories(_values: Mapping[str, Any]) -> Iterable[str]:
    return (TERRITORIES,)


def _contours(values: Mapping[str, Any]) -> Iterable[str]:
    return () if values.get("dataset") else (TERRITORIES, CONTOURS)


_COLUMN = Parameter("column", Kind.COLUMN, gettext_noop("Colonne"))
_TAKE = Parameter(
    "take",
    Kind.VALUES,
    gettext_noop(
        "Nouvelle colonne, puis ce qu’elle prend (code, name, population, epci, epci_name, department, department_name, region, region_name, score)"
    ),
)
_TAKE_OF_SHAPES = Parameter(
    "take",
    Kind.VALUES,
    gettext_noop(
        "Nouvelle colonne, puis ce qu’elle prend d’une commune (code, name, population, epci, epci_name, department, department_name, region, region_name), ou la colonne du jeu de formes"
    ),
)

PLACES: tuple[Preparation, ...] = (
    Preparation(
        "territory", Group.PLACES, gettext_noop("Trouver le code ou le nom d’un territoire"),
        gettext_noop("Donne le code officiel d’une commune, d’une intercommunalité, d’un département ou d’une région d’après son nom, ou l’inverse."),
        gettext_noop("Territoire trouvé d’après {column} : {take}"),
        (
            _COLUMN,
            Parameter(
                "from", Kind.CHOICE, gettext_noop("La colonne contient"),
                choices=(Choice("name", gettext_noop("des noms")), Choice("code", gettext_noop("des codes"))),
            ),
            Parameter(
                "level", Kind.CHOICE, gettext_noop("Niveau"), required=False, default="commune",
                choices=(
                    Choice("commune", gettext_noop("communes")), Choice("epci", gettext_noop("intercommunalités")),
                    Choice("department", gettext_noop("départements")), Choice("region", gettext_noop("régions")),
                ),
            ), _TAKE,
            Parameter("within", Kind.COLUMN, gettext_noop("Colonne du code postal ou du département, contre les homonymes"), required=False),
            Parameter("least", Kind.NUMBER, gettext_noop("Ressemblance la plus faible admise (1 : noms exacts)"), required=False, default=0.9, low=0, high=1),
        ), _territory, fails=True, needs=_territories,
    ),
    Preparation(
        "locate", Group.PLACES, gettext_noop("Trouver dans quoi se trouve un point"),
        gettext_noop("Donne la commune où se trouve un point, ou la forme d’un autre jeu de données (IRIS, parcelle, quartier…)."),
        gettext_noop("Lieu trouvé d’après {column} : {take}"),
        (
            _COLUMN, _TAKE_OF_SHAPES,
            Parameter("dataset", Kind.DATASET, gettext_noop("Jeu de données de formes (sinon les communes)"), required=False),
            Parameter("tolerance", Kind.NUMBER, gettext_noop("Mètres admis hors de toute forme"), required=False, default=100, low=0, high=10_000),
        ), _locate, fails=True, needs=_contours,
    ),
)  # fmt: skip
"""One row a step."""
