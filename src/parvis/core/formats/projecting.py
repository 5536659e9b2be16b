"""Geometries of any reference system in WGS 84, one answer of a service after the other."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from parvis.core.connections import opened
from parvis.core.formats.refusals import UnknownProjection

_MEMORY = "500MB"


def geometries_in_degrees(geometries: Sequence[str], code: int, *, is_east_first: bool) -> list[str]:
    """GeoJSON texts of the system ``EPSG:code`` in WGS 84, longitude first; UnknownProjection.

    ``is_east_first`` says that their axes are so ordered; else they come as the system itself orders them, north first for many.
    """
    query = (
        f"SELECT ST_AsGeoJSON(ST_Transform(ST_GeomFromGeoJSON(g), $2, 'OGC:CRS84', always_xy := {str(is_east_first).lower()})) "
        "FROM (SELECT unnest($1) AS g, generate_subscripts($1, 1) AS rank) ORDER BY rank"
    )
    with opened(_MEMORY) as connection:
        try:
            return [str(text) for (text,) in connection.execute(query, [list(geometries), f"EPSG:{code}"]).fetchall()]
        except duckdb.Error as error:
            raise UnknownProjection(file="", crs=f"EPSG:{code}") from error
