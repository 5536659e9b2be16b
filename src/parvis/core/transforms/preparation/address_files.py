"""A file of addresses (BAN, Base Adresse Locale, BANO) made the tables that geocoding reads; called in a confined child."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from parvis.core.connections import path_literal
from parvis.core.errors import DataError
from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.progress import Progress, no_progress
from parvis.core.staging import ROWS, StagedTable, Workspace, open_workspace, quote_identifier
from parvis.core.transforms.preparation.address_names import CITIES, NUMBERS, STREETS
from parvis.core.transforms.preparation.addresses import repeat_key, street_key
from parvis.core.transforms.preparation.place_names import name_key
from parvis.core.translation import Sentence, gettext_noop

MOST = 40_000_000
"""Addresses of one file: France has 26 million."""
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("numero", "house_number"),
    "repeat": ("rep", "suffixe", "repetition"),
    "street": ("nom_voie", "voie_nom", "nom_afnor", "libelle_voie", "street"),
    "postcode": ("code_postal", "postcode"),
    "city_code": ("code_insee", "commune_insee", "citycode", "insee"),
    "city": ("nom_commune", "commune_nom", "city"),
    "lon": ("lon", "long", "longitude"),
    "lat": ("lat", "latitude"),
}
"""How files of addresses call what is read of them."""
_BANO = ("id", "number", "street", "postcode", "city", "source", "lat", "lon")
"""The columns of a file of BANO, which has no header."""


class BadAddresses(DataError):
    """The file holds no addresses that can be read."""

    code: ClassVar[str] = "addresses-file"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’est pas un fichier d’adresses : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Donnez un fichier CSV de la Base Adresse Nationale (adresses-91.csv.gz), d’une Base Adresse Locale ou de BANO. Rien n’a été changé."
    )


def read_addresses(
    path: Path, work: Path, *, name: str, memory: str = "512MB", progress: Progress = no_progress
) -> int:
    """Write the three tables of a file of addresses in ``work``; how many addresses it holds. BadAddresses, or the readers' refusals."""
    with open_workspace(work / "reading", memory=memory, spatial=False) as workspace:
        with path.open("rb") as stream:
            bare = name.lower().split(".")[-1] in ("csv", "txt") and _has_no_header(stream.read(2_000))
        options = ReadOptions(header_line=0) if bare else ReadOptions()
        staged, _detected = read(path, workspace, options, progress=progress, name=name)
        cells = _cells_of(staged, name, bare)
        return _write(workspace, cells, work, name)


def _has_no_header(start: bytes) -> bool:
    """Whether the first line is an address already, as those of BANO are."""
    fields = start.split(b"\n", 1)[0].strip().split(b",")
    try:
        return len(fields) == len(_BANO) and -90 <= float(fields[6]) <= 90
    except ValueError:
        return False


def _cells_of(staged: StagedTable, name: str, bare: bool) -> dict[str, str]:
    if bare:
        cells = {word: quote_identifier(c.name) for word, c in zip(_BANO, staged.columns, strict=True)}
        return {
            **cells,
            "city_code": f"left({cells['id']}, 5)",
            "repeat": f"regexp_extract({cells['number']}, '^[0-9]+ *([A-Za-z]+)', 1)",
        }
    by_header = {column.header.strip().lower(): quote_identifier(column.name) for column in staged.columns}
    cells = {
        word: next((by_header[h] for h in headers if h in by_header), "NULL") for word, headers in _COLUMNS.items()
    }
    if missing := [word for word in ("number", "street", "city_code", "city", "lon", "lat") if cells[word] == "NULL"]:
        headers = ", ".join(_COLUMNS[word][0] for word in missing)
        raise BadAddresses(file=name, reason=Sentence("il n’a pas de colonne {headers}", {"headers": headers}))
    return cells


def _write(workspace: Workspace, cells: Mapping[str, str], work: Path, name: str) -> int:
    connection = workspace.connection
    connection.execute(
        f"CREATE TABLE raw AS SELECT regexp_extract({cells['number']}, '^[0-9]+') AS number, lower(coalesce({cells['repeat']}, '')) AS repeat, "
        f"{cells['street']} AS street, coalesce({cells['postcode']}, '') AS postcode, {cells['city_code']} AS city_code, {cells['city']} AS city, "
        f"TRY_CAST(replace({cells['lon']}, ',', '.') AS DOUBLE) AS lon, TRY_CAST(replace({cells['lat']}, ',', '.') AS DOUBLE) AS lat FROM {ROWS}"
    )
    connection.execute(
        "DELETE FROM raw WHERE lon IS NULL OR lat IS NULL OR street IS NULL OR city_code IS NULL OR NOT (lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90)"
    )
    counted = connection.execute("SELECT count(*) FROM raw").fetchone()
    total = int(counted[0]) if counted else 0
    if not total or total > MOST:
        raise BadAddresses(
            file=name,
            reason=Sentence("aucune adresse n’y a de voie, de commune et de coordonnées")
            if not total
            else Sentence("il en tient trop"),
        )
    for column, key in (("street", street_key), ("city", name_key), ("repeat", repeat_key)):
        values = [row[0] for row in connection.execute(f"SELECT DISTINCT {column} FROM raw").fetchall()]
        table = pa.table(
            {
                "value": pa.array(values, pa.string()),
                "key": pa.array([key(value or "") for value in values], pa.string()),
            }
        )
        _register(connection, f"{column}_keys", table)
    connection.execute(
        "CREATE TABLE addresses AS SELECT r.city_code, s.key AS street_key, coalesce(r.number, '') AS number, p.key AS repeat, any_value(r.street) AS street, "
        "any_value(r.postcode) AS postcode, any_value(r.city) AS city, any_value(c.key) AS city_key, avg(r.lon) AS lon, avg(r.lat) AS lat FROM raw r "
        "JOIN street_keys s ON s.value = r.street JOIN city_keys c ON c.value = r.city JOIN repeat_keys p ON p.value = r.repeat GROUP BY ALL"
    )
    _copy(
        connection,
        "SELECT city_code, street_key, number, repeat, street, postcode, city, lon, lat FROM addresses ORDER BY city_code, street_key, number",
        work / NUMBERS,
    )
    _copy(
        connection,
        "SELECT city_code, street_key, any_value(street) AS street, any_value(postcode) AS postcode, any_value(city) AS city, median(lon) AS lon, "
        "median(lat) AS lat, count(*) AS numbers FROM addresses GROUP BY city_code, street_key ORDER BY city_code, street_key",
        work / STREETS,
    )
    _copy(
        connection,
        "SELECT city_code, any_value(city) AS city, any_value(city_key) AS city_key, list(DISTINCT postcode) AS postcodes, median(lon) AS lon, "
        "median(lat) AS lat, count(*) AS numbers FROM addresses GROUP BY city_code ORDER BY city_code",
        work / CITIES,
    )
    return total


def _register(connection: Any, name: str, table: pa.Table) -> None:
    connection.register("brought", table)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM brought")
    connection.unregister("brought")


def _copy(connection: Any, select: str, target: Path) -> None:
    connection.execute(
        f"COPY ({select}) TO {path_literal(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
    )
