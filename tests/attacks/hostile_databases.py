"""GeoPackages that compute what they show."""

from __future__ import annotations

import sqlite3
import warnings
from pathlib import Path

import numpy as np
import shapely

from parvis.core import gdal

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) AS n FROM c"
_REGISTER = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('x', 'attributes', 'x')"
_RENAME = "UPDATE sqlite_master SET {0} WHERE name = 'x'"
HOSTILE = {
    "a view that nothing speaks of": [f"CREATE VIEW x AS {ENDLESS}"],
    "a view that is a layer": [f"CREATE VIEW x AS {ENDLESS}", _REGISTER],
    "a view instead of the table of contents": ["DROP TABLE gpkg_ogr_contents", f"CREATE VIEW gpkg_ogr_contents AS {ENDLESS}"],
    "a view that says it is a table": [
        f"CREATE VIEW x AS {ENDLESS}",
        "PRAGMA writable_schema = ON",
        _RENAME.format("type = 'table'"),
    ],
    "a view with a comment before its name": [
        f"CREATE VIEW x AS {ENDLESS}",
        "PRAGMA writable_schema = ON",
        _RENAME.format("sql = replace(sql, 'CREATE VIEW', 'CREATE /* TABLE */ VIEW')"),
    ],
    "a virtual table": ["CREATE VIRTUAL TABLE x USING dbstat(main)"],
    "a virtual table that says it is an index": ["CREATE VIRTUAL TABLE x /* USING rtree(a, b, c) */ USING dbstat(main)"],
    "a computed column": [
        "CREATE TABLE x (fid INTEGER PRIMARY KEY, a TEXT, b TEXT GENERATED ALWAYS AS (hex(zeroblob(400000000))) VIRTUAL)",
        "INSERT INTO x (a) VALUES ('a')",
        _REGISTER,
    ],
    "a computed column in short": [
        "CREATE TABLE x (fid INTEGER PRIMARY KEY, a TEXT, b AS/**/(hex(zeroblob(400000000))))",
        "INSERT INTO x (a) VALUES ('a')",
        _REGISTER,
    ],
}  # fmt: skip
"""Statements after which a good GeoPackage never ends, or fills the memory, when it is read."""


def geopackage(path: Path, statements: list[str]) -> Path:
    """A GeoPackage of two places, changed by these statements."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gdal.pyogrio().raw.write(
            path,
            geometry=np.array(
                [shapely.to_wkb(shapely.Point(2, 48)), shapely.to_wkb(shapely.Point(2, 49))], dtype=object
            ),
            field_data=[np.array(["a", "b"], dtype=object)],
            fields=["nom"],
            geometry_type="Point",
            crs="EPSG:4326",
            driver=gdal.GEOPACKAGE,
            layer="lieux",
        )
    database = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        database.execute(statement)
    database.close()
    return path
