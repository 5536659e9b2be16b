"""The area of a contour: close enough for a density, not for measuring land (contours are simplified)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_AXIS = 6_378.137
"""Half of the equator's axis of WGS 84, in kilometres."""
_ECCENTRICITY = sqrt(0.00669437999014)

type Ring = Sequence[Sequence[float]]
type Floats = NDArray[
    np.float64
]  # read by those who check types alone: models measure contours, and load no library for it


def square_kilometres(contour: Mapping[str, Any]) -> float:
    """The area of a GeoJSON Polygon or MultiPolygon in WGS 84, holes taken off.

    Rings are laid on the cylindrical projection of equal areas of the ellipsoid (Snyder, « Map Projections: A Working Manual »,
    USGS 1395, equations 3-12 and 10-13), where the area of a polygon is the shoelace formula.
    """
    return sum(_shoelace(ring) if is_outer else -_shoelace(ring) for ring, is_outer in _rings(contour))


def _rings(contour: Mapping[str, Any]) -> Iterator[tuple[Ring, bool]]:
    polygons = contour["coordinates"] if contour["type"] == "MultiPolygon" else [contour["coordinates"]]
    for polygon in polygons:
        for rank, ring in enumerate(polygon):
            yield ring, rank == 0


def _shoelace(ring: Ring) -> float:
    import numpy as np  # noqa: PLC0415 models measure contours, and most commands none

    x, y = equal_area(np.array([place[:2] for place in ring])).T
    return float(abs(x @ np.roll(y, -1) - np.roll(x, -1) @ y)) / 2


def equal_area(places: Floats) -> Floats:
    """Longitudes and latitudes (a row a place) laid on the plane, in kilometres east and north."""
    import numpy as np  # noqa: PLC0415 models measure contours, and most commands none

    e, s = _ECCENTRICITY, np.sin(np.radians(places[:, 1]))
    north = _AXIS / 2 * (1 - e * e) * (s / (1 - e * e * s * s) + np.arctanh(e * s) / e)
    return np.column_stack((_AXIS * np.radians(places[:, 0]), north))
