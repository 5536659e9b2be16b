"""Objects of OpenStreetMap read from a file, and the CSV that is made of them, one line an object."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from parvis.core.osm.model import Box, address_of, key_of
from parvis.core.text import seen_text

MOST_TAGS = 200
COLUMNS = ("osm_id", "nom", "position", "etiquettes", "version", "modifie_le", "emprise")
"""What is written of each object; ``position`` is « latitude, longitude », ``etiquettes`` a JSON object, ``emprise`` the box of what
is no point: west, south, east, north. The last was not always written."""


@dataclass(frozen=True, slots=True)
class Feature:
    """An object of the theme. ``version`` is 0 when its tags are not all it has: it is not to be written again from them."""

    key: str
    longitude: float
    latitude: float
    tags: Mapping[str, str]
    version: int
    modified: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a file says of an object: ``feature`` is None when it is gone, or no longer of the theme.

    ``is_placed`` says that the file tells where it is, ``is_whole`` that it tells all of that.
    """

    key: str
    version: int
    feature: Feature | None
    is_placed: bool = True
    is_whole: bool = True


def placed(
    key: str, places: Sequence[tuple[float, float]], tags: Mapping[str, str], version: int, modified: str
) -> Feature:
    """An object in the middle of the box around its corners; one without any is at 0, 0. No box is kept of what crosses the line
    where dates change.
    """
    west, south, east, north = box_around(places) or (0.0, 0.0, 0.0, 0.0)
    longitude = (west + east) / 2
    box = (west, south, east, north) if (west, south) != (east, north) and east <= 180 else None
    return Feature(
        key, longitude - 360 if longitude > 180 else longitude, (south + north) / 2, tags, version, modified, box
    )


def box_around(places: Sequence[tuple[float, float]]) -> Box | None:
    """The box around some places; its east is beyond 180 when it crosses the line where dates change.

    >>> box_around([(4, 45), (5, 46)]), box_around([(179.75, 1), (-179.75, 2)]), box_around([])
    ((4, 45, 5, 46), (179.75, 1, 180.25, 2), None)
    """
    if not places:
        return None
    longitudes, latitudes = zip(*places, strict=True)
    if max(longitudes) - min(longitudes) > 180:
        longitudes = tuple(degrees + 360 if degrees < 0 else degrees for degrees in longitudes)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def fits(tags: Any, expected: Mapping[str, str]) -> bool:
    """Whether tags are those of a theme: several values are separated by ``|``, ``*`` is any."""
    for key, values in expected.items():
        value = tags.get(key)
        if value is None or (values != "*" and value not in values.split("|")):
            return False
    return True


def clean(tags: Iterable[tuple[Any, Any]], version: int) -> tuple[dict[str, str], int]:
    """The tags as they may be shown, and the version of the object: 0 when they are not all it has, to the letter.

    Nobody may then write the object again from them: what was left out would be lost.
    """
    rows = sorted((str(key), str(value)) for key, value in tags)
    shown = {seen_text(key)[:255]: seen_text(value)[:255] for key, value in rows[:MOST_TAGS]}
    return shown, version if shown == dict(rows) else 0


def write_csv(target: Path, features: Iterable[Feature]) -> None:
    """The file that is imported."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for feature in features:
            facts = asdict(feature)
            writer.writerow(
                [
                    address_of(feature.key),
                    feature.tags.get("name", ""),
                    f"{feature.latitude:.7f}, {feature.longitude:.7f}",
                    json.dumps(facts["tags"], ensure_ascii=False, sort_keys=True),
                    feature.version,
                    feature.modified,
                    " ".join(f"{degrees:.7f}" for degrees in feature.box or ()),
                ]
            )


def read_csv(path: Path) -> Iterator[Feature]:
    """What ``write_csv`` wrote."""
    csv.field_size_limit(1_000_000)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            latitude, longitude = row["position"].split(",")
            yield Feature(
                key_of(row["osm_id"]),
                float(longitude),
                float(latitude),
                json.loads(row["etiquettes"]),
                int(row["version"] or 0),
                row["modifie_le"],
                box_of(row.get("emprise") or ""),
            )


def box_of(text: str) -> Box | None:
    """The box that a cell says; None when it says none.

    >>> box_of("4.1 45 4.2 45.1"), box_of(""), box_of("4 5 3 6")
    ((4.1, 45.0, 4.2, 45.1), None, None)
    """
    try:
        west, south, east, north = (float(part) for part in text.split())
    except ValueError:
        return None
    is_box = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return (west, south, east, north) if is_box else None
