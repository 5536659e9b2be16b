"""Objects of OpenStreetMap read from a file, and the CSV that is made of them, one line an object."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from parvis.core.osm.model import address_of, key_of
from parvis.core.text import seen_text

MOST_TAGS = 200
COLUMNS = ("osm_id", "nom", "position", "etiquettes", "version", "modifie_le")
"""What is written of each object; ``position`` is « latitude, longitude », ``etiquettes`` a JSON object."""


@dataclass(frozen=True, slots=True)
class Feature:
    """An object of the theme. ``version`` is 0 when its tags are not all it has: it is not to be written again from them."""

    key: str
    longitude: float
    latitude: float
    tags: Mapping[str, str]
    version: int
    modified: str


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
            )
