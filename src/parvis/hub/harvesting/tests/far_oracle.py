"""What is here beside what is there, value by value, by nothing of what brought or compared it: plain JSON and digests."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any


def digests(table: Iterable[Mapping[str, Any]], fields: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How often each row is there, each value in a form that says what it means."""
    kinds = {field["name"]: field["type"] for field in fields}
    return Counter(
        hashlib.sha256(json.dumps([meant(row.get(name), kind) for name, kind in kinds.items()]).encode()).hexdigest()
        for row in table
    )


def meant(value: Any, kind: str) -> Any:
    """A value without what two portals may write differently: offsets of instants, envelopes of shapes, names of files."""
    if value in (None, "", []):
        return None
    if kind == "datetime":
        return datetime.fromisoformat(value).astimezone(UTC).isoformat()
    if kind == "geo_shape":
        return value["geometry"]
    if kind == "file":
        return "file"
    if kind == "double":
        return repr(float(value) + 0.0)
    return value
