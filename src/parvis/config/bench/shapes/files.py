"""Files of the same things in the shapes in which they come: positions written in four ways, text on several lines, two hundred
columns, the commas and dates of French spreadsheets, workbooks and files of maps; rows in no order, but for one."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import xlsxwriter

from parvis.core.connections import load_spatial

_WORDS = [
    "rue",
    "avenue",
    "place",
    "Mars",
    "Foch",
    "école",
    "mairie",
    "jardin",
    "port",
    "gare",
    "lycée",
    "bourg",
    "moulin",
]
_COMMUNES = [f"Commune-{rank}" for rank in range(1200)]
_KINDS = [f"type {rank}" for rank in range(9)]
_HILBERT = "ORDER BY ST_Hilbert(lieu, (SELECT ST_Extent(ST_Extent_Agg(lieu))::BOX_2D FROM typed))"


@dataclass(frozen=True, slots=True)
class Shape:
    """One of them: its name for people, the name of its file, how it is written, and the typed rows that DuckDB alone reads of it.

    ``read`` is SQL with ``{file}``; its point or shape is called ``lieu``. Empty where DuckDB has no reader without more software.
    """

    label: str
    file: str
    write: Callable[[Path, int], None]
    read: str = ""
    order: str = ""
    share: int = 1
    """The rows of the other shapes are divided by it."""

    @property
    def dataset(self) -> str:
        """The identifier of its dataset."""
        return self.file.split(".")[0]


def _reference(rank: int) -> str:
    return f"OBJ-{rank:07d}-{rank * 7919 % 997:03d}"


@dataclass(frozen=True, slots=True)
class _Row:
    """One thing, as each shape writes it."""

    chance: random.Random
    reference: str

    @property
    def place(self) -> tuple[float, float]:
        """Longitude and latitude in France."""
        return -1 + self.chance.random() * 7, 43.5 + self.chance.random() * 5.5

    @property
    def day(self) -> tuple[int, int, int]:
        return self.chance.randrange(2010, 2026), self.chance.randrange(1, 13), self.chance.randrange(1, 29)

    def words(self, count: int) -> str:
        return " ".join(self.chance.choices(_WORDS, k=count))

    @property
    def common(self) -> str:
        """Reference, name, commune, kind, day and amount, between commas."""
        year, month, day = self.day
        name = f"{self.words(2)} {self.chance.randrange(100_000)}"
        return (
            f"{self.reference},{name},{self.chance.choice(_COMMUNES)},{self.chance.choice(_KINDS)},"
            f"{year}-{month:02d}-{day:02d},{self.chance.random() * 10_000:.2f}"
        )


COMMON = "reference,nom,commune,genre,jour,montant"


def _rows(count: int, *, is_sorted: bool = False) -> Iterator[_Row]:
    chance = random.Random(13)  # noqa: S311 (the same file each time)
    ranks = list(range(count))
    if not is_sorted:
        chance.shuffle(ranks)
    for rank in ranks:
        yield _Row(chance, _reference(rank))


def _csv(
    header: str, line: Callable[[_Row], str], encoding: str = "utf-8", *, is_sorted: bool = False
) -> Callable[[Path, int], None]:
    def write(path: Path, count: int) -> None:
        with path.open("w", encoding=encoding, newline="\n") as file:
            file.write(header + "\n")
            file.writelines(f"{line(row)}\n" for row in _rows(count, is_sorted=is_sorted))

    return write


def _plain(row: _Row) -> str:
    return row.common


def _one_cell(row: _Row) -> str:
    longitude, latitude = row.place
    return f'{row.common},"{latitude:.6f},{longitude:.6f}"'


def _two_columns(row: _Row) -> str:
    longitude, latitude = row.place
    return f"{row.common},{longitude:.6f},{latitude:.6f}"


def _lambert(row: _Row) -> str:
    return f"{row.common},{200_000 + row.chance.random() * 900_000:.2f},{6_250_000 + row.chance.random() * 700_000:.2f}"


def _polygon(row: _Row) -> str:
    west, south = row.place
    east, north = west + 0.01, south + 0.01
    ring = ", ".join(
        f"{x:.5f} {y:.5f}" for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south))
    )
    return f'{row.common},"POLYGON (({ring}))"'


def _lines(row: _Row) -> str:
    return f'{row.common},"{row.words(12)}\n{row.words(9)}"'


def _wide(row: _Row) -> str:
    return f"{row.common},{','.join(str(row.chance.randrange(100_000)) for _rank in range(194))}"


def _long(row: _Row) -> str:
    words = 2_000 if row.chance.random() < 0.002 else 3
    return f'{row.common},"{row.words(words)}"'


def _french(row: _Row) -> str:
    year, month, day = row.day
    amount = f"{row.chance.randrange(1000)},{row.chance.randrange(100):02d}"
    return (
        f"{row.reference};{row.words(2)} {row.chance.randrange(100_000)};Évry {row.chance.randrange(1200)};"
        f"{row.chance.choice(_KINDS)};{day:02d}/{month:02d}/{year};{amount}"
    )


def _workbook(path: Path, count: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Données")
        sheet.write_row(0, 0, COMMON.split(","))
        for rank, row in enumerate(_rows(count), start=1):
            *texts, amount = row.common.split(",")
            sheet.write_row(rank, 0, [*texts, float(amount)])


def _of_maps(driver: str, columns: str) -> Callable[[Path, int], None]:
    def write(path: Path, count: int) -> None:
        table = path.with_suffix(".points.csv")
        _csv(f"{COMMON},longitude,latitude", _two_columns)(table, count)
        is_archive = path.suffix == ".zip"
        target = path.with_suffix("") / f"{path.stem}.shp" if is_archive else path
        target.parent.mkdir(exist_ok=True)
        with duckdb.connect() as connection:
            load_spatial(connection)
            connection.execute(
                f"COPY (SELECT {columns}, ST_Point(longitude, latitude) AS geom FROM read_csv('{table}')) "
                f"TO '{target}' (FORMAT GDAL, DRIVER '{driver}', SRS 'EPSG:4326')"
            )
        table.unlink()
        if is_archive:
            shutil.make_archive(str(path.with_suffix("")), "zip", target.parent)

    return write


SHAPES = (
    Shape("colonnes simples", "simple.csv", _csv(COMMON, _plain), "FROM read_csv('{file}')"),
    Shape("les mêmes, triées", "triee.csv", _csv(COMMON, _plain, is_sorted=True), "FROM read_csv('{file}')"),
    Shape(
        "position dans une cellule",
        "cellule.csv",
        _csv(f"{COMMON},position", _one_cell),
        "SELECT *, ST_Point(split_part(position, ',', 2)::DOUBLE, split_part(position, ',', 1)::DOUBLE) AS lieu FROM read_csv('{file}')",
        _HILBERT,
    ),
    Shape(
        "longitude et latitude",
        "deux.csv",
        _csv(f"{COMMON},longitude,latitude", _two_columns),
        "SELECT *, ST_Point(longitude, latitude) AS lieu FROM read_csv('{file}')",
        _HILBERT,
    ),
    Shape(
        "Lambert-93",
        "lambert.csv",
        _csv(f"{COMMON},x_l93,y_l93", _lambert),
        "SELECT *, ST_Transform(ST_Point(x_l93, y_l93), 'EPSG:2154', 'EPSG:4326', true) AS lieu FROM read_csv('{file}')",
        _HILBERT,
    ),
    Shape(
        "polygones en WKT",
        "polygones.csv",
        _csv(f"{COMMON},geometrie", _polygon),
        "SELECT * EXCLUDE (geometrie), ST_GeomFromText(geometrie) AS lieu FROM read_csv('{file}')",
        _HILBERT,
    ),
    Shape("texte sur plusieurs lignes", "lignes.csv", _csv(f"{COMMON},texte", _lines), "FROM read_csv('{file}')"),
    Shape(
        "deux cents colonnes",
        "large.csv",
        _csv(f"{COMMON},{','.join(f'n{rank}' for rank in range(194))}", _wide),
        "FROM read_csv('{file}')",
        share=3,
    ),
    Shape(
        "quelques textes longs",
        "long.csv",
        _csv(f"{COMMON},texte", _long),
        "FROM read_csv('{file}', max_line_size=10000000)",
    ),
    Shape(
        "cp1252, point-virgule, virgule et dates françaises",
        "francais.csv",
        _csv(COMMON.replace(",", ";"), _french, "cp1252"),
        "FROM read_csv('{file}', delim=';', decimal_separator=',', dateformat='%d/%m/%Y', encoding='latin-1')",
    ),
    Shape("classeur XLSX", "classeur.xlsx", _workbook, share=2),
    Shape(
        "GeoJSON",
        "carte.geojson",
        _of_maps("GeoJSON", COMMON),
        "SELECT * EXCLUDE (geom), geom AS lieu FROM ST_Read('{file}')",
        _HILBERT,
        2,
    ),
    Shape(
        "Shapefile",
        "formes.zip",
        _of_maps("ESRI Shapefile", COMMON),
        "SELECT * EXCLUDE (geom), geom AS lieu FROM ST_Read('/vsizip/{file}')",
        _HILBERT,
        2,
    ),
)
